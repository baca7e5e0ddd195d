"""
Teaches a network of fewer layers what a trained one knows (Hinton et al. 2015; Sanh et al. 2019).

    python distil.py corpus.jsonl names.pt student.pt --layers 0 3 --minutes 45

The student begins with some of the teacher's layers and its embeddings. Of each piece it learns the
teacher's probabilities and last state, and the label that the corpus gives.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from encoder import LABELS, Encoder
from examples import IGNORED, batch, examples
from export import load

BATCH = 32
RATE = 4e-4
WARM = 100  # steps
UNSAID = 0.15
SOFT = 2.0  # temperature at which probabilities are compared
GOLD, STATE = 0.3, 1.0  # what labels and states weigh beside probabilities


def student(teacher: Encoder, kept: Sequence[int]) -> Encoder:
    """Return a network with the teacher's embeddings and these of its layers."""
    out = Encoder(len(kept))
    for name, part in teacher.named_children():
        if name != "layers":
            getattr(out, name).load_state_dict(part.state_dict())
    for ours, theirs in zip(out.layers, kept, strict=True):
        ours.load_state_dict(teacher.layers[theirs].state_dict())
    return out


def states(model: Encoder, inputs: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return a network's last states and logits."""
    seen: list[Tensor] = []
    hook = model.out.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    try:
        logits = model(*inputs)
    finally:
        hook.remove()
    return seen[0].float(), logits.float()


def loss_of(
    taught: tuple[Tensor, Tensor], told: tuple[Tensor, Tensor], mask: Tensor, labels: Tensor
) -> Tensor:
    """Return how far a student's states and logits are from the teacher's, and from the labels."""
    real = mask > 0
    state, logits = taught[0][real], taught[1][real]
    wanted, soft = told[0][real], told[1][real]
    apart = nn.functional.kl_div(
        nn.functional.log_softmax(logits / SOFT, -1),
        nn.functional.log_softmax(soft / SOFT, -1),
        reduction="batchmean",
        log_target=True,
    )
    gold = nn.functional.cross_entropy(logits, labels[real], ignore_index=IGNORED)
    return SOFT**2 * apart + GOLD * gold + STATE * nn.functional.mse_loss(state, wanted)


def groups(found: list, r: random.Random) -> Iterator[list]:
    """Yield batches of examples of like length, again and again."""
    while True:
        r.shuffle(found)
        for at in range(0, max(1, len(found) - BATCH * 16), BATCH * 16):
            pool = sorted(found[at : at + BATCH * 16], key=lambda x: x.shape[1])
            held = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            r.shuffle(held)
            yield from held


def distil(
    found: list,
    teacher: Encoder,
    model: Encoder,
    steps: int,
    minutes: float,
    seed: int,
    device: str,
) -> Encoder:
    """Return the student, taught for some steps or minutes; prints the loss as it goes."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)  # else the tails of a soft maximum slow everything down
    r = random.Random(seed)
    teacher.to(device).eval()
    model.to(device).train()
    model.piece.weight.requires_grad_(False)  # what it knows of words stays
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], RATE, weight_decay=0.01
    )
    mean, began = 0.0, time.monotonic()
    for step, group in enumerate(groups(found, r)):
        done = max(step / steps, (time.monotonic() - began) / (60 * minutes))
        if done >= 1:
            break
        for held in optimizer.param_groups:
            held["lr"] = RATE * min(1.0, (step + 1) / WARM) * max(0.02, 1 - done)
        *inputs, labels = (t.to(device) for t in batch(group, r, UNSAID))
        with torch.autocast(device, torch.bfloat16):
            with torch.no_grad():
                told = states(teacher, inputs)
            taught = states(model, inputs)
        loss = loss_of(taught, told, inputs[-1], labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if step % 50 == 0:
            print(f"step {step} loss {mean:.4f} {time.monotonic() - began:.0f} s", flush=True)
    return model.eval()


def main() -> int:
    """Distil and save."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("teacher", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--layers", type=int, nargs="+", default=[0, 3], help="of the teacher")
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--minutes", type=float, default=45)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    chosen = options.parse_args()
    found = list(examples(chosen.corpus))
    print(f"{len(found)} examples, {sum(x.shape[1] for x in found)} pieces", flush=True)
    teacher = load(chosen.teacher)
    model = distil(
        found,
        teacher,
        student(teacher, chosen.layers),
        chosen.steps,
        chosen.minutes,
        chosen.seed,
        chosen.device,
    )
    saved = {"layers": len(chosen.layers), "labels": LABELS, "weights": model.cpu().state_dict()}
    torch.save(saved, chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
