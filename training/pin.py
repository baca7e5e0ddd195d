"""
Pins the manifest of a model in the package, so that a changed one is known.

    python pin.py OUT_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from export import digest

PINNED = Path(__file__).parents[1] / "src/phisweep/detect/names/pinned.py"


def main() -> int:
    """Write the digest of model.json into the package."""
    found = digest(Path(sys.argv[1]) / "model.json")
    text = '"""The SHA-256 of the bundled model\'s model.json; written by training/pin.py."""\n\n'
    PINNED.write_text(f'{text}MANIFEST = "{found}"\n', encoding="utf-8")
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
