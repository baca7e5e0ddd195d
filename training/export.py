"""
Writes the trained encoder as ONNX, quantised to 8 bits, with its vocabulary and manifest.

    python export.py model.pt OUT_FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from encoder import HEADS, WIDTH, Encoder, pretrained

#: What a model starts with; thresholds are below those of the policies, which decide.
DEFAULTS = {
    "name": "phisweep-names-en",
    "version": "1.5",
    "temperature": 1.0,
    "thresholds": {
        "NAME": 0.2, "PLACE": 0.2, "ORG": 0.3, "DATE": 0.3, "ID": 0.3, "CONTACT": 0.3, "AGE": 0.3,
    },
}  # fmt: skip
INPUTS = ["pieces", "shapes", "gaps", "kinds"]
OPSET = 17
LONGEST = 192  # pieces of a window, with room for a word of many
#: What marks a window's ends is three times as far out as all else, and would take most of 8 bits.
FAR = 12.0


class Window(nn.Module):
    """
    The encoder as it is asked: of one window, so that nothing is masked and nothing padded.

    Queries, keys and values are one product, in two dimensions: onnxruntime joins a norm of three
    dimensions with the sum before it, and is slower for it.
    """

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model
        self.places = nn.Parameter(model.position.weight[:LONGEST].clone())
        self.joined = nn.ModuleList(nn.Linear(WIDTH, 3 * WIDTH) for _ in model.layers)
        scale = math.sqrt(HEADS / WIDTH)
        with torch.no_grad():
            for joined, layer in zip(self.joined, model.layers, strict=True):
                for name in ("weight", "bias"):
                    parts = (getattr(part, name) for part in (layer.query, layer.key, layer.value))
                    query, key, value = parts
                    getattr(joined, name).copy_(torch.cat((scale * query, key, value)))

    def forward(self, pieces: Tensor, shapes: Tensor, gaps: Tensor, kinds: Tensor) -> Tensor:
        """Take inputs of (length), return logits (length, LABELS)."""
        n, m = pieces.shape[0], self.model
        x = m.piece(pieces) + self.places[:n]
        x = m.norm(x + m.shape(shapes) + m.gap(gaps) + m.kind(kinds))
        for joined, layer in zip(self.joined, m.layers, strict=True):
            q, k, v = (t.view(n, HEADS, -1) for t in joined(x).split(WIDTH, -1))
            weights = torch.softmax(q.transpose(0, 1) @ k.permute(1, 2, 0), -1)
            seen = (weights @ v.transpose(0, 1)).transpose(0, 1).reshape(n, WIDTH)
            x = layer.norm1(x + layer.mix(seen))
            inner = layer.inner(x.clamp(-FAR, FAR))
            x = layer.norm2(x + layer.outer(nn.functional.gelu(inner)))
        return m.out(x)


def load(path: Path) -> Encoder:
    """Return a trained encoder."""
    saved = torch.load(path, weights_only=True)
    model = Encoder(saved["layers"])
    model.load_state_dict(saved["weights"])
    return model.eval()


def to_onnx(model: torch.nn.Module, inputs: list[str], out: Path) -> None:
    """Write a model of (length) integer inputs, quantised to 8 bits."""
    example = tuple(torch.ones(9, dtype=torch.int64) for _ in inputs)
    axes = {name: {0: "length"} for name in [*inputs, "logits"]}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            model,
            example,
            str(whole),
            input_names=inputs,
            output_names=["logits"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Export."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", type=Path)
    options.add_argument("out", type=Path)
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    saved = torch.load(chosen.model, weights_only=True)
    window = Window(load(chosen.model)).eval()
    to_onnx(window, INPUTS, chosen.out / "names.onnx")
    shutil.copyfile(pretrained() / "vocab.txt", chosen.out / "vocab.txt")
    data = DEFAULTS | {
        "labels": list(saved["labels"]),
        "layers": saved["layers"],
        "files": {name: digest(chosen.out / name) for name in ("names.onnx", "vocab.txt")},
    }
    (chosen.out / "model.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print({f.name: f.stat().st_size for f in chosen.out.iterdir()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
