"""
Makes of a shipped model a network that training can go on from.

    python restore.py ../models/names names.pt

The weights that were rounded to 8 bits come back as what they were rounded to; the embeddings of
word pieces, which training leaves alone, as MiniLM's own.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from encoder import HEADS, LABELS, WIDTH, Encoder

_JOINED = re.compile(r"joined\.(\d+)\.(weight|bias)")


def weights(path: Path) -> dict[str, Tensor]:
    """Return the weights of an exported network by name, products as (outputs, inputs)."""
    held = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
    found: dict[str, Tensor] = {}
    for name, value in held.items():
        base, _, part = name.rpartition("_")
        if part == "quantized":
            scale = held[f"{base}_scale"]
            plain = (value.astype(np.float32) - held[f"{base}_zero_point"]) * scale
            turned = base.removesuffix("_Transposed")
            found[turned] = torch.tensor(plain if turned == base else plain.T)
        elif part not in {"scale", "point"}:
            found[name] = torch.tensor(value)
    return found


def restored(path: Path) -> Encoder:
    """Return the network of a file that export.py wrote."""
    found = weights(path)
    model = Encoder(sum(_JOINED.fullmatch(name) is not None for name in found) // 2)
    model.load_pretrained()
    state = model.state_dict()
    for name, value in found.items():
        joined = _JOINED.fullmatch(name)
        if joined:
            scale = math.sqrt(HEADS / WIDTH)
            query, key, each = value.split(WIDTH)
            parts = {"query": query / scale, "key": key, "value": each}
            for which, part in parts.items():
                state[f"layers.{joined[1]}.{which}.{joined[2]}"] = part
        elif name == "places":
            state["position.weight"][: len(value)] = value
        elif name != "model.piece.weight":
            state[name.removeprefix("model.")] = value
    model.load_state_dict(state)
    return model


def main() -> int:
    """Restore and save."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", type=Path, help="the folder of a shipped model")
    options.add_argument("out", type=Path)
    chosen = options.parse_args()
    model = restored(chosen.model / "names.onnx")
    saved = {"layers": len(model.layers), "labels": LABELS, "weights": model.state_dict()}
    torch.save(saved, chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
