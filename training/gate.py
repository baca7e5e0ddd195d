"""
Trains the gate, and exports it beside the network.

    python gate.py corpus.jsonl OUT_FOLDER names.pt --texts 30000 --steps 3000

The network teaches it: of every word it learns whether the network sees an identifier there. Its
threshold is set so that nearly no span of the network is missed on texts held back; what it lets
through beyond them only costs time.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from corpus import carriers
from corpus.marks import UNDECIDED
from export import digest, load, to_onnx
from phisweep.detect.names.gate import INPUTS
from phisweep.detect.names.kinds import COUNT, Kinds
from phisweep.detect.names.model import NamesModel
from phisweep.detect.names.pieces import Pieces
from phisweep.detect.names.reader import ENDS, Reader
from phisweep.detect.names.words import GAPS, SHAPES, words
from phisweep.detect.normal import normalise
from phisweep.ruleset.load import load_ruleset

WIDTH, KNOWN = 96, 64
STEPS = (1, 2, 4)  # to the neighbours that a layer reads; their sum is REACH
LOST = 6.0  # how much worse a word not asked is than one asked in vain
RATE = 4e-3
SEEN = 0.15  # from which probability on the network sees something
REAL = 5  # times that a carrier is read as it is
UNSURE = 0.5  # what a word weighs that is an identifier and that the network does not see


class GateNet(nn.Module):
    """The inputs, each (..., words) -> logits (..., words). Reads REACH words on each side."""

    def __init__(self, known: Tensor) -> None:
        super().__init__()
        self.piece = nn.Embedding.from_pretrained(known, freeze=False)
        self.first, self.more = nn.Linear(KNOWN, WIDTH), nn.Linear(KNOWN, WIDTH)
        sizes = (ENDS, ENDS, len(SHAPES), len(GAPS), COUNT)
        self.tables = nn.ModuleList(nn.Embedding(size, WIDTH) for size in sizes)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.05)
        self.mixes = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in STEPS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(4))
        self.hidden, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, first: Tensor, second: Tensor, third: Tensor, *rest: Tensor) -> Tensor:
        """Return one logit a word."""
        x = self.first(self.piece(first)) + self.more(self.piece(second) + self.piece(third))
        x = x + sum(table(i) for table, i in zip(self.tables, rest, strict=True))
        x = self.drop(self.norms[0](x))
        for step, mix, norm in zip(STEPS, self.mixes, self.norms[1:], strict=True):
            wide = nn.functional.pad(x, (0, 0, step, step))
            sides = wide[..., : -2 * step, :], wide[..., 2 * step :, :]
            x = norm(x + nn.functional.gelu(mix(torch.cat((sides[0], x, sides[1]), -1))))
        return self.out(nn.functional.gelu(self.hidden(x))).squeeze(-1)


def reduced(weights: Tensor) -> Tensor:
    """Return the network's word pieces (PIECES, WHOLE) in KNOWN dimensions, their main ones; 0 is no piece."""
    centred = weights - weights.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    out = centred @ vectors[:, -KNOWN:]
    out = out / out.std()
    out[0] = 0
    return out


@dataclass(frozen=True)
class Taught:
    """A text: the gate's inputs (inputs, words), the target and the weight of each word."""

    inputs: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    often: int = 1


def taught(
    corpus: Path, model: NamesModel, count: int, real: Sequence[carriers.Carrier]
) -> Iterator[Taught]:
    """Yield what the network sees in texts of the corpus and in carriers as they are."""
    ruleset = load_ruleset()
    reader = Reader(Kinds.of_rules(ruleset), Pieces.read(model.store.folder / "vocab.txt"))
    lines = islice(corpus.open(encoding="utf-8"), count)
    texts = [(row["text"], row["spans"], 1) for row in map(json.loads, lines)]
    texts += [(c.text, [s for s in c.spans if carriers.is_identifier(s[2])], REAL) for c in real]
    for text, spans, often in texts:
        normal = normalise(text)
        seen = words(normal.text)
        if not seen.spans:
            continue
        marked = np.zeros(len(text) + 1, bool)
        for start, end, label in spans:
            marked[start:end] = label != UNDECIDED
        gold = np.array([marked[normal.source_span(a, b)[0]] for a, b in seen.spans])
        sees = 1 - model.scores(normal.text, seen, gated=False)[:, 0] >= SEEN
        weight = np.where(sees, LOST, np.where(gold, UNSURE * LOST, 1.0))
        yield Taught(
            reader.page(normal.text, seen).inputs.astype(np.int32),
            (sees | gold).astype(np.float32),
            weight.astype(np.float32),
            often,
        )


def batches(
    found: Sequence[Taught], r: random.Random, size: int
) -> tuple[list[Tensor], Tensor, Tensor]:
    """Return inputs, targets and weights of texts cut and padded to one length; lists are unsaid for some words."""
    chosen = [r.choice(found) for _ in range(size)]
    length = min(256, max(x.inputs.shape[1] for x in chosen))
    inputs = np.zeros((len(INPUTS), size, length), np.int64)
    target, weight = np.zeros((2, size, length), np.float32)
    for i, x in enumerate(chosen):
        at = r.randint(0, max(0, x.inputs.shape[1] - length))
        n = min(length, x.inputs.shape[1] - at)
        inputs[:, i, :n] = x.inputs[:, at : at + n]
        target[i, :n] = x.target[at : at + n]
        weight[i, :n] = x.weight[at : at + n]
    lost = np.random.default_rng(r.getrandbits(32)).random((size, length))
    kinds = inputs[-1]
    kinds[(lost > 0.95) & (kinds != 8)] = 2
    return [torch.from_numpy(t) for t in inputs], torch.from_numpy(target), torch.from_numpy(weight)


def train(
    found: Sequence[Taught], net: GateNet, steps: int, seed: int, rate: float = RATE
) -> GateNet:
    """Return a trained gate."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)  # else the tails of a soft maximum slow everything down
    r = random.Random(seed)
    net.train()
    slow = [net.piece.weight]
    fast = [p for p in net.parameters() if p is not net.piece.weight]
    optimizer = torch.optim.AdamW([{"params": slow}, {"params": fast}], 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [rate / 4, rate], total_steps=steps)
    mean, began = 0.0, time.monotonic()
    for step in range(steps):
        inputs, target, weight = batches(found, r, 48)
        logits = net(*inputs)
        loss = (
            nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
            * weight
        ).sum() / (weight > 0).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if step % 200 == 0:
            print(f"step {step} loss {mean:.4f} {time.monotonic() - began:.0f} s", flush=True)
    return net.eval()


def tops(x: Taught, logits: np.ndarray) -> Iterator[float]:
    """Yield the highest logit of each run of words in which the network sees something."""
    sees = (x.target > 0) & (x.weight == LOST)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], sees.astype(np.int8), [0]))))
    for start, end in edges.reshape(-1, 2):
        yield float(logits[start:end].max())


def main() -> int:
    """Train, choose the threshold on texts held back, export."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("weights", type=Path, help="the network as train.py saved it")
    options.add_argument("--carriers", type=Path)
    options.add_argument("--saved", type=Path, help="where its weights are kept")
    options.add_argument("--first", type=Path, help="saved weights to go on from, at half the rate")
    options.add_argument("--texts", type=int, default=30_000)
    options.add_argument("--steps", type=int, default=3_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--missed",
        type=float,
        default=0.002,
        help="share of what the network sees that may stay unasked",
    )
    chosen = options.parse_args()
    real = carriers.read(chosen.carriers) if chosen.carriers else []
    model = NamesModel.load(load_ruleset(), chosen.out)
    found = list(taught(chosen.corpus, model, chosen.texts, real))
    print(f"{sum(x.inputs.shape[1] for x in found)} words", flush=True)
    random.Random(chosen.seed).shuffle(found)
    held, found = found[:1000], [x for x in found[1000:] for _ in range(x.often)]
    net = GateNet(reduced(load(chosen.weights).piece.weight.detach()))
    if chosen.first:
        net.load_state_dict(torch.load(chosen.first, weights_only=True))
    net = train(found, net, chosen.steps, chosen.seed, RATE / 2 if chosen.first else RATE)
    with torch.no_grad():
        answers = [
            net(*(torch.from_numpy(row.astype(np.int64))[None] for row in x.inputs))[0].numpy()
            for x in held
        ]
    wanted = sorted(top for x, logits in zip(held, answers, strict=True) for top in tops(x, logits))
    least = wanted[int(len(wanted) * chosen.missed)]
    everything = np.concatenate(answers)
    sought = np.concatenate([x.target for x in held]).mean()
    print(
        f"least {least:.3f}: asks {np.mean(everything >= least):.3f} of the words, {sought:.3f} are wanted"
    )
    if chosen.saved:
        torch.save(net.state_dict(), chosen.saved)
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
