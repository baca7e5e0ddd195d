"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "67155351dcca6107906633f13e33d97967335cabf5bff56c520e972cf14a89a8"
