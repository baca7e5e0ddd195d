"""
Trains the gate, and exports it beside the network.

    python gate.py corpus.jsonl OUT_FOLDER --texts 40000 --steps 2400

It learns of every word whether an identifier stands there, and its threshold is set so that nearly
none is missed on texts held back: what it lets through only costs time.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from corpus import carriers
from export import digest, to_onnx
from phisweep.detect.names.gate import BUCKETS, ENDS, INPUTS, rows
from phisweep.detect.names.kinds import COUNT, Kinds
from phisweep.detect.names.words import GAPS, SHAPES, words
from phisweep.detect.normal import normalise
from phisweep.ruleset.load import load_ruleset

WIDTH = 96
LOST = 12.0  # how much worse a word not asked is than one asked in vain


class GateNet(nn.Module):
    """Six (batch, words) inputs -> logits (batch, words). Reads REACH words on each side."""

    def __init__(self) -> None:
        super().__init__()
        sizes = (BUCKETS, ENDS, ENDS, len(SHAPES), len(GAPS), COUNT)
        self.tables = nn.ModuleList(nn.Embedding(size, WIDTH) for size in sizes)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.05)
        self.mixes = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, padding=d, dilation=d) for d in (1, 2, 4)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(4))
        self.hidden, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return one logit a word."""
        x = self.norms[0](sum(table(i) for table, i in zip(self.tables, inputs, strict=True)))
        x = self.drop(x)
        for mix, norm in zip(self.mixes, self.norms[1:], strict=False):
            x = norm(x + nn.functional.gelu(mix(x.transpose(1, 2)).transpose(1, 2)))
        return self.out(nn.functional.gelu(self.hidden(x))).squeeze(-1)


def taught(
    corpus: Path, kinds: Kinds, count: int, real: Sequence[carriers.Carrier]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return for each text the gate's inputs (6, words), and 1.0 for each word of an identifier."""
    texts = [
        (row["text"], row["spans"])
        for row in map(json.loads, islice(corpus.open(encoding="utf-8"), count))
    ]
    texts += [(c.text, [s for s in c.spans if carriers.is_identifier(s[2])]) for c in real] * 5
    out: list[tuple[np.ndarray, np.ndarray]] = []
    for text, spans in texts:
        normal = normalise(text)
        seen = words(normal.text)
        if not seen.spans:
            continue
        marked = np.zeros(len(text) + 1, np.float32)
        for start, end, _ in spans:
            marked[start:end] = 1
        wanted = [marked[normal.source_span(start, end)[0]] for start, end in seen.spans]
        out.append((rows(normal.text, seen, kinds), np.array(wanted, np.float32)))
    return out


def batches(
    taught_texts: list[tuple[np.ndarray, np.ndarray]], r: random.Random, size: int
) -> tuple[list[Tensor], Tensor, Tensor]:
    """Return inputs, targets and a mask of texts cut and padded to one length; lists are unsaid for some words."""
    chosen = [r.choice(taught_texts) for _ in range(size)]
    length = min(256, max(x.shape[1] for x, _ in chosen))
    inputs = np.zeros((6, size, length), np.int64)
    target = np.zeros((size, length), np.float32)
    mask = np.zeros((size, length), np.float32)
    for i, (x, y) in enumerate(chosen):
        at = r.randint(0, max(0, x.shape[1] - length))
        n = min(length, x.shape[1] - at)
        inputs[:, i, :n] = x[:, at : at + n]
        target[i, :n] = y[at : at + n]
        mask[i, :n] = 1
    lost = np.random.default_rng(r.getrandbits(32)).random((size, length))
    inputs[0][lost < 0.15] = 0  # a word never seen
    inputs[5][(lost > 0.9) & (inputs[5] != 8)] = 2
    return [torch.from_numpy(t) for t in inputs], torch.from_numpy(target), torch.from_numpy(mask)


def train(found: list[tuple[np.ndarray, np.ndarray]], steps: int, seed: int) -> GateNet:
    """Return a trained gate."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)  # else the tails of a soft maximum slow everything down
    r = random.Random(seed)
    net = GateNet().train()
    optimizer = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    mean, began = 0.0, time.monotonic()
    for step in range(steps):
        inputs, target, mask = batches(found, r, 48)
        logits = net(*inputs)
        weight = mask * (1 + (LOST - 1) * target)
        loss = (
            nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
            * weight
        ).sum() / mask.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if step % 200 == 0:
            print(f"step {step} loss {mean:.4f} {time.monotonic() - began:.0f} s", flush=True)
    return net.eval()


def main() -> int:
    """Train, choose the threshold on texts held back, export."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--carriers", type=Path)
    options.add_argument("--texts", type=int, default=40_000)
    options.add_argument("--steps", type=int, default=2_400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--missed",
        type=float,
        default=0.002,
        help="share of the words of identifiers that may stay unasked",
    )
    chosen = options.parse_args()
    real = carriers.read(chosen.carriers) if chosen.carriers else []
    found = taught(chosen.corpus, Kinds.of_rules(load_ruleset()), chosen.texts, real)
    random.Random(chosen.seed).shuffle(found)
    held, found = found[:1000], found[1000:]
    net = train(found, chosen.steps, chosen.seed)
    with torch.no_grad():
        answers = [
            (net(*(torch.from_numpy(row)[None] for row in x))[0].numpy(), y) for x, y in held
        ]
    wanted = np.sort(np.concatenate([a[y >= 0.5] for a, y in answers]))
    least = float(wanted[int(len(wanted) * chosen.missed)])
    everything = np.concatenate([a for a, _ in answers])
    print(
        f"least {least:.3f}: asks {np.mean(everything >= least):.3f} of the words, {len(wanted) / len(everything):.3f} are wanted"
    )
    path = chosen.out / "gate.onnx"
    to_onnx(net, list(INPUTS), path)
    manifest = chosen.out / "model.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data["gate"] = least
    data["files"]["gate.onnx"] = digest(path)
    manifest.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(path.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
