"""What every format keeps, tried on every sample: nothing unseen, nothing lost, nothing called clean."""

import importlib.util
import random
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from phisweep.analysis import Job
from phisweep.config import Config
from phisweep.errors import DocumentError
from phisweep.formats.base import load
from phisweep.formats.choose import choose_format
from phisweep.keys import Key
from phisweep.model import Source, Text
from phisweep.pipeline import Worker
from phisweep.session import Session
from phisweep.transform.codes import random_codes

KEY = Key(b"k" * 32, "the tests")
NEUTRAL = "stable"
TOKEN = re.compile(rb"zq\d{3}x", re.IGNORECASE)
WHOLE = re.compile(rb"zq\d{3}x\.quill@northfield-clinic\.org", re.IGNORECASE)
TRIED = 50  # truncations, and corruptions, of every sample


def samples():
    for path in sorted((Path(__file__).parent / "samples").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"samples_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for sample in module.SAMPLES:
            yield pytest.param(sample, id=sample.name)


SAMPLES = list(samples())
every = pytest.mark.parametrize("sample", SAMPLES)


class Canaries:
    """Mail addresses that no two places share."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return f"zq{self.count:03d}x.quill@northfield-clinic.org"


def tokens(data, pattern=TOKEN):
    """Every canary that stands in the bytes, as UTF-8 or as UTF-16."""
    wide = data.replace(b"\0", b"")
    return {match.lower() for text in (data, wide) for match in pattern.findall(text)}


@pytest.fixture(scope="module")
def session():
    return Session(Config(engine="rules", jobs=1), KEY)


@pytest.fixture(scope="module")
def writer(session, tmp_path_factory):
    spool = tmp_path_factory.mktemp("spool")
    with random_codes(KEY) as codes:
        yield Worker(replace(session.spec, write=True, records=False, spool=spool, codes=codes))


@pytest.fixture(scope="module")
def reader(session, writer):
    return Worker(replace(session.spec, records=True, reveal=True), writer.detector)


def written(writer, folder, sample, data):
    """Return the outcome of a copy, and its bytes; None where there is none."""
    path = folder / "in" / sample.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    out = folder / "out" / sample.name
    outcome = writer(Job(Source(path, sample.name, len(data), sample.name), out, sample.name))
    copy = folder / "out" / outcome.output
    return outcome, copy.read_bytes() if outcome.output else None


def planted(sample):
    canaries = Canaries()
    data = sample.make(canaries)
    assert canaries.count >= sample.least
    return data, canaries.count


def seen_in(sample, data):
    return set().union(*(tokens(each) for each in (data, *sample.unpacked(data))))


@every
def test_a_document_without_findings_comes_out_byte_for_byte(sample, writer, tmp_path):
    data = sample.make(lambda: NEUTRAL)
    outcome, copy = written(writer, tmp_path, sample, data)
    assert (outcome.status, outcome.error) == ("clean" if copy == data else "changed", "")
    assert not outcome.tallies
    if copy != data:
        with closing(
            choose_format(outcome.source, writer.spec.options).open(
                outcome.source, writer.spec.options
            )
        ) as document:
            assert document.fidelity == "always"
        assert (sample.structure_of_copy or sample.structure)(copy) == sample.structure(data)


@every
def test_every_canary_is_gone_from_every_byte(sample, writer, tmp_path):
    data, count = planted(sample)
    assert len(seen_in(sample, data)) == count, "the sample's own bytes do not hold all canaries"
    outcome, copy = written(writer, tmp_path, sample, data)
    assert (outcome.status, outcome.error) == ("changed", "")
    left = set().union(
        *(
            tokens(each)
            for each in (copy, *(sample.unpacked(copy) if not sample.structure_of_copy else ()))
        )
    )
    assert left == set()
    again, _ = written(writer, tmp_path, replace(sample, name=outcome.output), copy)
    assert not any(tally.identifier == "email" for tally in again.tallies)


@every
def test_a_copy_opens_again_with_the_same_structure(sample, writer, tmp_path):
    data, _ = planted(sample)
    _, copy = written(writer, tmp_path, sample, data)
    assert (sample.structure_of_copy or sample.structure)(copy) == sample.structure(data)


@every
def test_a_finding_s_place_points_at_the_value(sample, reader, session, tmp_path):
    data, count = planted(sample)
    path = tmp_path / sample.name
    path.write_bytes(data)
    source = Source(path, sample.name, len(data), sample.name)
    outcome = reader(Job(source))
    found = [r for r in outcome.records if r.identifier == "email" and "zq" in r.reveal]
    assert len({match for r in found for match in tokens(r.reveal.encode())}) == count
    places = Counter((r.where, r.start, r.end) for r in found)
    assert [place for place, n in places.items() if n > 1] == []
    blocks = {}
    document = choose_format(source, session.spec.options).open(source, session.spec.options)
    with closing(document):
        for part in document.parts():
            for chunk in part.chunks():
                for block in chunk.blocks:
                    if isinstance(block, Text):
                        blocks.setdefault(block.location.address, []).append(block.text)
    for record in found:
        address = next((a for a in blocks if record.where.endswith(a)), None)
        texts = blocks.get(record.where.split("!")[-1]) or blocks.get(address) or ()
        assert not texts or any(text[record.start : record.end] == record.reveal for text in texts)
        assert not TOKEN.search(record.where.encode())


@every
@pytest.mark.parametrize("harm", ["truncated", "corrupted"])
def test_what_is_damaged_is_an_error_or_right_and_never_clean(sample, harm, writer, tmp_path):
    data, _ = planted(sample)
    chance = random.Random(f"{sample.name} {harm}")  # noqa: S311 - the same each time
    wrong = []
    for _ in range(TRIED):
        at = chance.randrange(1, len(data))
        bad = data[:at] if harm == "truncated" else _corrupted(data, at, chance)
        outcome, copy = written(writer, tmp_path, sample, bad)
        if "E7" in outcome.error:
            wrong.append(f"crash at {at}: {outcome.error}")
        elif copy is not None and (left := tokens(copy, WHOLE)):
            wrong.append(f"{len(left)} canaries left at {at}")
        elif outcome.status == "clean" and tokens(bad, WHOLE):
            wrong.append(f"clean at {at}")
    assert wrong == []


def _corrupted(data, at, chance):
    flipped = bytes([data[at] ^ (1 << chance.randrange(8))])
    return data[:at] + flipped + data[at + 1 :]


def test_every_format_has_a_sample(session, tmp_path):
    seen = set()
    for param in SAMPLES:
        sample = param.values[0]
        path = tmp_path / sample.name
        path.write_bytes(sample.make(lambda: NEUTRAL))
        source = Source(path, sample.name, path.stat().st_size, sample.name)
        seen.add(choose_format(source, session.spec.options).name)
    # What is never written back has tests of its own.
    held = {"picture", "recording", "video", "genome", "ole"}
    assert {name for name in load() if name not in held} - seen == set()


def test_no_sample_is_read_by_what_its_name_says_alone(session, tmp_path):
    """A format that is certain of itself is chosen under any name."""
    for param in SAMPLES:
        sample = param.values[0]
        data = sample.make(lambda: NEUTRAL)
        named = Source(Path(sample.name), sample.name, len(data), sample.name, data)
        chosen = choose_format(named, session.spec.options)
        if chosen.certain(data[: 1 << 16], named):
            other = replace(named, name="x.txt", shown="x.txt")
            try:
                assert choose_format(other, session.spec.options).name == chosen.name
            except DocumentError as error:  # pragma: no cover - says which sample
                raise AssertionError(f"{sample.name}: {error.code}") from None
