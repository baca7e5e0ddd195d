"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "477e5b605588f4d65acab3442a0112996ce2b3d2aa8afaa472ce4bbc87407a56"
