"""
Writes the trained encoder as ONNX, quantised to 8 bits, with its vocabulary and manifest.

    python export.py model.pt OUT_FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from encoder import Encoder, pretrained

#: What a model starts with; thresholds are below those of the policies, which decide.
DEFAULTS = {
    "name": "phisweep-names-en",
    "version": "1.1",
    "temperature": 1.0,
    "thresholds": {
        "NAME": 0.2, "PLACE": 0.2, "ORG": 0.3, "DATE": 0.3, "ID": 0.3, "CONTACT": 0.3, "AGE": 0.3,
    },
}  # fmt: skip
INPUTS = ["pieces", "shapes", "gaps", "kinds", "mask"]
OPSET = 17


def load(path: Path) -> Encoder:
    """Return a trained encoder."""
    saved = torch.load(path, weights_only=True)
    model = Encoder(saved["layers"])
    model.load_state_dict(saved["weights"])
    return model.eval()


def to_onnx(model: torch.nn.Module, inputs: list[str], out: Path) -> None:
    """Write a model of (batch, length) integer inputs, quantised to 8 bits."""
    example = tuple(torch.ones(2, 9, dtype=torch.int64) for _ in inputs)
    axes = {name: {0: "batch", 1: "length"} for name in [*inputs, "logits"]}
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
            op_types_to_quantize=["MatMul", "Gather"],
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
    to_onnx(load(chosen.model), INPUTS, chosen.out / "names.onnx")
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
