"""The SHA-256 of the bundled model's model.json; written by training/pin.py."""

MANIFEST = "fb9ae308ba40375ec3d683a21a9a363046dc7c3e9c4bbb668601f36e180734f2"
