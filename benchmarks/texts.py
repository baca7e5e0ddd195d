"""Notes and short texts: the rules and the full engine beside what others find in them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import elsewhere
import hook
from figures import Figure, children, command, cpu, faster

import corpus
from phisweep.detect.detector import Detector, build_detector
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

WARM = 20  # notes that are read before the clock runs
PEER_NOTES = 60
PEER_SHORT = 400
STOCK, NETWORK = "Presidio, blank pipeline", "Presidio, network of spaCy's small pipelines"


def _blocks(texts: list[str]) -> list[Text]:
    return [Text(Location("benchmark", f"text {i}"), text) for i, text in enumerate(texts)]


def _megabytes(texts: list[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def _search(detector: Detector, texts: list[str]) -> None:
    """Search texts as a document with all of them is searched."""
    blocks = _blocks(texts)
    detector.expect(blocks)
    for block in blocks:
        detector.find(block)


def notes(options) -> Iterator[Figure]:
    """
    Yield megabytes a second over notes and short texts, by rules, and of each peer.

    Hyperscan's databases are there, as in all runs but the first one that takes ten seconds.
    """
    import peers  # noqa: PLC0415 - seconds of imports, for the measurements that need them

    every = (
        corpus.read_notes(options.notes)
        if options.notes
        else corpus.generated_notes(options.megabytes)
    )
    ruleset = load_ruleset()
    detector = Detector(ruleset, load_policy("safe-harbor", ruleset))
    detector.engine.scan()
    engine = peers.analyzer()
    lines = corpus.short_texts(every)
    for what, texts, sample in (
        ("notes", every, PEER_NOTES),
        ("short texts", lines[: len(lines) // 4], PEER_SHORT),
    ):
        half = len(texts) // 2
        _search(detector, texts[:half])  # both have built what they build once
        peers.analyze_notes(engine, texts[: min(half, WARM)])
        rest = texts[half:]
        ours = _megabytes(rest) / cpu(lambda rest=rest: _search(detector, rest))
        some = rest[:sample]
        work = f"{what}, rules"
        stock = _megabytes(some) / cpu(lambda some=some: peers.analyze_notes(engine, some))
        least = 100 if what == "notes" else 0
        yield faster("texts", work, "MB/s", ours, STOCK, stock, least)
        for name in elsewhere.TEXTS:
            told = elsewhere.seconds(name, rest[: 8 * sample])
            if told is not None:
                peer = _megabytes(rest[: 8 * sample]) / told[0]
                yield faster("texts", work, "MB/s", ours, name, peer)
        if what == "notes":
            yield from _ripgrep(rest, ours)
            yield from _commands(every)


def _commands(texts: list[str]) -> Iterator[Figure]:
    """Yield megabytes a second of whole commands over notes, start, records and output included."""
    with tempfile.TemporaryDirectory() as kept:
        folder, lines = Path(kept) / "notes", Path(kept) / "notes.jsonl"
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_text(text)
        lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        rules = ("scan", "--engine", "rules", "--jobs", "1", "--fail-on", "none")
        for what, path in (("a file each", folder), ("JSON lines", lines)):
            used, _ = children(*command(*rules, str(path)))
            work = f"notes, rules, the whole command, {what}"
            yield Figure("texts", work, "MB/s", _megabytes(texts) / used)


def _ripgrep(texts: list[str], ours: float) -> Iterator[Figure]:
    if not shutil.which("rg"):
        return
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        files, took, of = hook.patterns(folder)
        path = folder / "notes.txt"
        path.write_text("\n".join(texts))
        used = sum(children("rg", "-j1", "-P", "-c", "-f", str(f), str(path))[0] for f in files)
    name = f"ripgrep -P, {took} of the {of} patterns"
    yield faster("texts", "notes, rules", "MB/s", ours, name, _megabytes(texts) / used, 1)


def names(options) -> Iterator[Figure]:
    """Yield words a second of the full engine over notes, of its network, and of Presidio's."""
    import peers  # noqa: PLC0415

    from phisweep.detect.bundled import names_model  # noqa: PLC0415
    from phisweep.detect.names.words import words  # noqa: PLC0415

    texts = (
        corpus.read_notes(options.notes)
        if options.notes
        else corpus.generated_notes(options.megabytes / 4)
    )
    ruleset = load_ruleset()
    full = build_detector(ruleset, load_policy("safe-harbor", ruleset), "full", nlp={})
    model = names_model(ruleset)
    engine = peers.analyzer(network=True)
    half = len(texts) // 2
    _search(full, texts[:half])
    peers.analyze_notes(engine, texts[:5])
    rest = texts[half:]
    count = sum(len(text.split()) for text in rest)
    ours = count / cpu(lambda: _search(full, rest))
    alone = count / cpu(lambda: [model.scores(text, words(text), gated=False) for text in rest])
    some = rest[:PEER_NOTES]
    stock = sum(len(text.split()) for text in some)
    stock /= cpu(lambda: peers.analyze_notes(engine, some))
    yield faster("texts", "notes, full", "words/s", ours, NETWORK, stock, 5)
    yield faster("texts", "notes, full", "words/s", ours, "its own network without the gate", alone)
