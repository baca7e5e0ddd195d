"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "5ae14c7812ec4e3cd6b984697d5282594d338547eb5065173a9a6904ca199b76"
