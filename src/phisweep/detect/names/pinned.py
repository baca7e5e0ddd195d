"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "827d0cf5737e9cd15010afae0c13c175a78ad9d6edbb4efdf2f1914f9572bce9"
