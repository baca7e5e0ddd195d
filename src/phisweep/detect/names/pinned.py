"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "ca3b4e53833be54ff33f1d1daa3780676307d463dc6fe2013fcc89dde161b415"
