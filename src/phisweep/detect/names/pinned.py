"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "bbe95f9916c3b2d237f0f98473a472bf914bf79587fd0909848153e1ad4fe803"
