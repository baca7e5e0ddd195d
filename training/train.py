"""
Trains the encoder on a corpus.

    python train.py corpus.jsonl model.pt --layers 4 --steps 4600 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import torch

from encoder import LABELS, Encoder
from examples import IGNORED, batch, examples

BATCH = 32
RATE, HEAD_RATE = 2e-4, 1e-3
WARM = 100  # steps
UNSAID = 0.15


def train(
    corpus: Path,
    layers: int,
    steps: int,
    minutes: float,
    seed: int,
    device: str,
    first: Path | None = None,
) -> Encoder:
    """
    Return an encoder trained for some steps of BATCH examples; prints the loss as it goes.

    On a slow machine `minutes` ends it earlier, with the rates falling accordingly. Training goes
    on from the model `first`, at half the rates, where there is one.
    """
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)  # else the tails of a soft maximum slow everything down
    r = random.Random(seed)
    found = list(examples(corpus))
    print(f"{len(found)} examples, {sum(x.shape[1] for x in found)} pieces", flush=True)
    model = Encoder(layers)
    if first is None:
        model.load_pretrained()
    else:
        model.load_state_dict(torch.load(first, weights_only=True)["weights"])
    model.to(device).train()
    model.piece.weight.requires_grad_(False)  # what it knows of words stays
    new = [
        *model.shape.parameters(),
        *model.gap.parameters(),
        *model.kind.parameters(),
        *model.out.parameters(),
    ]
    ids = {id(p) for p in new}
    old = [p for p in model.parameters() if p.requires_grad and id(p) not in ids]
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": RATE}, {"params": new, "lr": HEAD_RATE}], weight_decay=0.01
    )
    rates = [group["lr"] * (1.0 if first is None else 0.5) for group in optimizer.param_groups]
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=IGNORED)
    mean, began, step = 0.0, time.monotonic(), 0
    done = 0.0
    while done < 1:
        r.shuffle(found)
        for at in range(0, len(found) - BATCH * 16, BATCH * 16):
            pool = sorted(found[at : at + BATCH * 16], key=lambda x: x.shape[1])
            groups = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            r.shuffle(groups)
            for group in groups:
                done = max(step / steps, (time.monotonic() - began) / (60 * minutes))
                if done >= 1:
                    break
                for group_, rate in zip(optimizer.param_groups, rates, strict=True):
                    group_["lr"] = rate * min(1.0, (step + 1) / WARM) * max(0.02, 1 - done)
                *inputs, labels = (t.to(device) for t in batch(group, r, UNSAID))
                with torch.autocast(device, torch.bfloat16):
                    logits = model(*inputs)
                loss = loss_of(logits.float().view(-1, len(LABELS)), labels.view(-1))
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                step += 1
                mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
                if step % 50 == 0:
                    print(
                        f"step {step} loss {mean:.4f} {time.monotonic() - began:.0f} s", flush=True
                    )
    return model.eval()


def main() -> int:
    """Train and save."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--layers", type=int, default=4)
    options.add_argument("--steps", type=int, default=4600)
    options.add_argument("--minutes", type=float, default=90)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options.add_argument("--first", type=Path, help="a model to go on from")
    options.add_argument(
        "--keep", type=float, default=0.0, help="share of that model in the average that is saved"
    )
    chosen = options.parse_args()
    model = train(
        chosen.corpus,
        chosen.layers,
        chosen.steps,
        chosen.minutes,
        chosen.seed,
        chosen.device,
        chosen.first,
    )
    weights = model.cpu().state_dict()
    if chosen.first:
        before = torch.load(chosen.first, weights_only=True)["weights"]
        weights = {k: torch.lerp(w, before[k], chosen.keep) for k, w in weights.items()}
    torch.save({"layers": chosen.layers, "labels": LABELS, "weights": weights}, chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
