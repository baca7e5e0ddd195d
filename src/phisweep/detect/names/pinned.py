"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "bcd8d65be404cb0626d68e60f3fe0f92aefc3c4ec1ceca3f7ce28bce69b45df5"
