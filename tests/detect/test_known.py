"""What the search for removed values promises: found however written, and never told."""

import os
import tracemalloc

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep import sortedfile
from phisweep.detect import digests as digests_of_files
from phisweep.detect.digests import Digester, Digests, lookup
from phisweep.detect.known import Collector, KnownValues, tells, tokens_of
from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.model import IDENTIFIERS, Location, Text

KEY = Key(b"k" * 32)
WORDS = frozenset({"hope", "young", "spring", "street"})


def finder(*values, identifier="name", key=KEY):
    collector = Collector(KEY, WORDS)
    for value in values:
        collector.add(value, identifier)
    return KnownValues(key, collector.finish())


def found(known, text):
    return [(text[f.start : f.end], f.rule) for f in known.find(Text(Location("s", "text"), text))]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Quillfeather", "nobody of that name"),
        ("Quillfeather", "quillfeather lies on the desk"),  # a lower-case word is a word
        ("Quillfeather", "Quillfeathers"),
        ("987-65-4320", "987-65-43201"),
        ("12 Larkspur Ave", "12 apples; Larkspur ... Ave"),
        ("hope", "Hope"),  # ordinary
        ("Bo", "Bo came"),  # too short to tell from chance
        ("1234", "1234"),
        ("", "anything"),
    ],
)
def test_what_is_not_the_value_or_may_be_chance_is_left(value, text):
    assert found(finder(value), text) == []


@pytest.mark.parametrize(
    ("value", "text", "hit"),
    [
        ("Quillfeather", "as Quillfeather said", "Quillfeather"),
        ("Quillfeather", "QUILLFEATHER", "QUILLFEATHER"),
        ("Ana Quill-Feather", "see Ana Quill Feather, MD", "Ana Quill Feather"),
        ("Ana Quillfeather", "ana quillfeather", "ana quillfeather"),
        ("987-65-4320", "is 987654320.", "987654320"),
        ("(617) 555-0123", "617.555.0123", "617.555.0123"),
        ("AB12345", "see ab12345", "ab12345"),
        ("AB-12345", "see ab12345", "ab12345"),
        ("Zoë Dvořák", "ZOË DVOŘÁK", "ZOË DVOŘÁK"),
        ("\uff19\uff18\uff17654320", "987654320", "987654320"),
    ],
)
def test_a_value_is_found_however_it_is_written(value, text, hit):
    assert found(finder(value), text) == [(hit, "name/known-value")]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_it_is_found_as_the_identifier_that_it_was_removed_as(identifier):
    (finding,) = finder("Quillfeather 0041776", identifier=identifier).find(
        Text(Location("s", "text"), "Quillfeather 0041776")
    )
    assert (finding.identifier, finding.score) == (identifier, 1.0)


def test_the_longest_value_is_taken():
    known = finder("Ana Quillfeather", "Ana Quillfeather Larkspur", "Larkspur")
    assert [hit for hit, _ in found(known, "Ana Quillfeather Larkspur, Larkspur")] == [
        "Ana Quillfeather Larkspur", "Larkspur",
    ]  # fmt: skip


def test_another_key_finds_nothing():
    assert found(finder("Quillfeather", key=Key(b"x" * 32)), "Quillfeather") == []


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ("12345", True),
        ("1234", False),
        ("a123", False),
        ("ab123", True),
        ("a1", False),
        ("Quill", True),
        ("Bo", False),
        ("hope", False),
        ("spring street", False),
        ("spring larkspur", True),
        ("Bo Li", False),
        ("", False),
    ],
)
def test_what_can_be_told_from_chance(value, expect):
    assert tells(tokens_of(value), WORDS) == expect


def test_values_that_cannot_be_looked_for_are_counted_once_each():
    collector = Collector(KEY, WORDS)
    for value in ("Bo", "Bo", "Li", "Quillfeather", "QUILL-FEATHER"):
        collector.add(value, "name")
    assert collector.unsearchable == 2
    assert len(collector.finish()) == 1


def test_digests_are_kept_in_a_file_and_joined(tmp_path):
    one, two = Digests.of([32, 64, 64], [96]), Digests.of([128], [96])
    one.save(tmp_path / "1.removed")
    two.save(tmp_path / "2.removed")
    assert Digests.join([tmp_path / "1.removed", tmp_path / "2.removed"], tmp_path / "d") == 3
    both = Digests.read(tmp_path / "d")
    assert (len(one), len(both)) == (2, 3)
    both.save(tmp_path / "d.npz")
    again = Digests.read(tmp_path / "d.npz")
    assert again.whole.tolist() == [32, 64, 128]
    assert again.first.tolist() == [96]
    assert len(Digests.empty()) == 0


def held(filed):
    return [int(digest) for block in filed.blocks() for digest in block]


@pytest.mark.parametrize("at_a_place", [True, False])
@given(st.sets(st.integers(0, 300)), st.integers(1, 9), st.integers(1, 3))
def test_what_is_looked_up_in_a_file_is_what_an_array_holds(
    tmp_path_factory, at_a_place, whole, block, blocks
):
    path = tmp_path_factory.mktemp("filed") / "whole"
    digests = np.array(sorted(n << 5 for n in whole), dtype=np.uint64)
    digests.tofile(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sortedfile, "_BLOCK", block)
        patch.setattr(sortedfile, "_AT_ONCE", blocks * block * digests.itemsize)
        patch.setattr(sortedfile, "_AT_A_PLACE", at_a_place and hasattr(os, "pread"))
        filed = sortedfile.SortedFile(path, np.uint64)
        assert len(filed) == len(digests)
        assert held(filed) == digests.tolist()
        for digest in range(0, 301 << 5, 16):
            assert lookup(filed, digest & ~31) == lookup(digests, digest & ~31)


@given(st.lists(st.lists(st.integers(0, 2**64 - 1)), min_size=1, max_size=4))
def test_joined_files_know_what_any_of_them_knows_once(tmp_path_factory, wholes):
    folder = tmp_path_factory.mktemp("digests")
    paths = []
    for number, whole in enumerate(wholes):
        paths.append(folder / f"{number}.removed")
        digests = Digests.of(whole, [digest >> 32 for digest in whole])
        (digests.save if len(paths) % 2 else digests.spool)(paths[-1])
    assert Digests.join(paths, folder / "all") == len({d for whole in wholes for d in whole})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests_of_files, "_AT_ONCE", 100)  # bytes: some part of the range at a time
        Digests.join(paths, folder / "parts")
    for name in ("whole", "first"):
        assert (folder / "all" / name).read_bytes() == (folder / "parts" / name).read_bytes()
    both = Digests.read(folder / "all")
    every = [digest for whole in wholes for digest in whole]
    assert held(both.whole) == sorted(set(every))
    assert held(both.first) == sorted({digest >> 32 for digest in every})


def test_a_file_in_which_something_is_looked_up_is_never_held_whole(tmp_path):
    path = tmp_path / "whole"
    np.arange(1 << 23, dtype=np.uint64).tofile(path)  # 64 MiB
    filed = sortedfile.SortedFile(path, np.uint64)
    tracemalloc.start()
    try:
        assert 4_000_001 in filed.block(np.uint64(4_000_001))
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [None, b"", b"nonsense", b"PK\x03\x04"])
def test_digests_that_cannot_be_read_are_a_missing_component(tmp_path, data):
    path = tmp_path / "d.npz"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ComponentError) as caught:
        Digests.read(path)
    assert caught.value.code == "E404"


@pytest.mark.parametrize("length", [1, 20, 30, 40])
def test_a_file_that_was_cut_is_not_read_as_whole(tmp_path, length):
    path = tmp_path / "a.removed"
    Digests.of([1 << 40, 2 << 40], [1, 2]).spool(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ComponentError, match="E404"):
        Digests.read(path)


def test_a_digest_is_looked_up_with_its_low_bits():
    digests = np.array([64 | 3, 128 | 7], dtype=np.uint64)
    assert [lookup(digests, n) for n in (0, 64, 96, 128, 192)] == [None, 3, None, 7, None]
    assert Digester(KEY)("quill") & 31 == 0


def test_the_buffers_may_fill(monkeypatch):
    monkeypatch.setattr("phisweep.detect.known._BUFFER", 3)
    values = [f"Quillfeather{c} Larkspur" for c in "abcdefghij"]
    known = finder(*values)
    assert len(known._digests) == 10
    assert all(found(known, value) for value in values)


#: Values of every kind: words, numbers, both, too short, too long, beyond ASCII.
VALUES = st.lists(
    st.text("aZ09 -.é\uff19", max_size=12)
    | st.sampled_from(["", "hope", "Young Street", "a b c d e f g h i j", "987-65-4320"])
)


@settings(deadline=None)  # Arrow is imported
@given(st.lists(VALUES, max_size=3), st.integers(0, 2))
def test_many_values_are_added_as_one_by_one(batches, start):
    one, many = Collector(KEY, WORDS), Collector(KEY, WORDS)
    for batch in batches:
        for value in batch[start:]:
            one.add(value, "mrn")
        many.add_all(pa.array(batch, pa.string())[start:], "mrn")
    assert many.unsearchable == one.unsearchable
    for told, expected in zip(*(vars(c.finish()).values() for c in (many, one)), strict=True):
        assert told.tolist() == expected.tolist()


def test_of_many_values_as_few_are_remembered_as_of_single_ones(monkeypatch):
    monkeypatch.setattr("phisweep.detect.known._BUFFER", 2)
    one, many = Collector(KEY, WORDS), Collector(KEY, WORDS)
    values = ["12", "a1", "12", "a1", "b1", "12"]
    for value in values:
        one.add(value, "mrn")
    many.add_all(pa.array(values), "mrn")
    assert many.unsearchable == one.unsearchable
