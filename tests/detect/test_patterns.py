"""The engine finds what every pattern, run over the whole text by itself, would find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.detect import prefilter, scanner
from phisweep.detect.normal import normalise
from phisweep.detect.patterns import RuleEngine
from phisweep.model import Location, Text
from phisweep.ruleset.load import default_folder, load_ruleset

SEPARATORS = ["", " ", "\n", ". ", ", ", "\n\n", "\t", "\u00e9", "-", "1", "\x7f", "\x00", "\ud800"]
NOISE = "\u0130\u0131\u017f\u212a\u00e9\u2013\u2019\u200b\x7f\ud800\n\u2028\u0663\u00a0?0aKsi.-/ "


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(default_folder())


@pytest.fixture(scope="module", params=["literals", "hyperscan"])
def engine(request, ruleset):
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "literals":
            patch.setattr(scanner, "hyperscan", None)
            return RuleEngine(ruleset.rules, ruleset)
    pytest.importorskip("hyperscan")
    engine = RuleEngine(ruleset.rules, ruleset)
    assert engine.scan(), "Hyperscan refuses a pattern: see detect/scanner.py"
    return engine


@pytest.fixture(scope="module")
def examples(ruleset):
    rules = ruleset.rules
    return [e.text for r in rules for e in (*r.examples.found, *r.examples.not_found)]


def matches(engine, text):
    """Every match of every pattern, by the fast way."""
    block = Text(Location("source", "text"), text)
    return sorted((c.pattern.id, c.start, c.end) for c in engine.candidates(text, block))


def truth(engine, text):
    """The same by definition."""
    return sorted(
        (pattern.id, *span)
        for pattern in engine.patterns
        if not pattern.entry.kinds or "prose" in pattern.entry.kinds
        for match in pattern.regex.finditer(text)
        for span in {match.span(group) for group in pattern.groups}
        if span[0] < span[1]
    )


def mutated(chance, text):
    """The text with a few characters changed, put in or taken out."""
    chars = list(text)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(chars) + 1)
        chars[at : at + chance.randint(0, 1)] = chance.choice([*NOISE, ""])
        if at < len(chars):
            chars[at] = chars[at].swapcase()
    return "".join(chars)


@pytest.mark.parametrize("text", ["", " ", "\n", "no identifier here", "\ud800", "a" * 5000])
def test_nothing_is_found_in_nothing(engine, text):
    assert matches(engine, text) == truth(engine, text)


def test_the_examples_of_the_rules_lose_no_match(engine, examples):
    text = normalise("\n".join(examples)).text
    assert matches(engine, text) == truth(engine, text)
    assert len(matches(engine, text)) > len(engine.patterns)


@settings(max_examples=40, deadline=None)
@given(st.randoms(), st.sampled_from(SEPARATORS))
def test_no_spelling_and_no_neighbour_hides_a_match(engine, examples, chance, separator):
    parts = [mutated(chance, chance.choice(examples)) for _ in range(5)]
    text = normalise(separator.join(parts)).text
    assert matches(engine, text) == truth(engine, text)


@settings(max_examples=15, deadline=None)
@given(st.randoms(), st.integers(0, 3000))
def test_where_a_match_lies_in_a_long_text_does_not_matter(engine, examples, chance, padding):
    example = normalise(chance.choice(examples)).text
    text = f"{'word ' * (padding // 5)}\n{example}\n{'more ' * 300}"
    assert matches(engine, text) == truth(engine, text)


def test_the_slow_way_and_the_fast_way_find_the_same(ruleset, engine, examples, monkeypatch):
    text = normalise(" ".join(examples[::7])).text
    block = Text(Location("source", "text"), text)
    fast = sorted(engine.find(block, 0.0), key=repr)
    monkeypatch.setattr(prefilter, "ahocorasick_rs", None)
    assert sorted(engine.find(block, 0.0), key=repr) == fast


@settings(max_examples=20, deadline=None)
@given(st.randoms(), st.sampled_from(SEPARATORS))
def test_what_a_first_word_leaves_out_a_check_would_have_dropped(
    engine, examples, chance, separator
):
    parts = [mutated(chance, chance.choice(examples)) for _ in range(5)]
    block = Text(Location("source", "text"), normalise(separator.join(parts)).text)
    kept = [c for c in engine.candidates(block.text, block) if not c.rejected]
    found = engine.find(block, 0.0)
    assert [(f.rule, f.start, f.end) for f in found] == [(c.pattern.id, *c[1:3]) for c in kept]


def test_a_pattern_whose_check_knows_first_words_begins_with_its_groups(engine, examples):
    asked = [p for p in engine.patterns if p.checker and p.checker.begins]
    assert {p.id for p in asked} >= {"name/by-lists", "name/by-lists-in-capitals"}
    text = "\n".join(examples)
    for pattern in asked:
        for match in pattern.regex.finditer(text):
            begun = {match.start(group) for group in pattern.groups} - {-1}
            assert begun == {match.start()}


@settings(max_examples=20, deadline=None)
@given(st.randoms(), st.sampled_from(SEPARATORS))
def test_texts_searched_together_have_what_each_has_alone(engine, examples, chance, separator):
    blocks = []
    for n in range(6):
        words = separator.join(mutated(chance, chance.choice(examples)) for _ in range(2))
        blocks.append(Text(Location("source", f"text {n}"), words))
    assert engine.find_all(blocks, 0.0) == [engine.find(block, 0.0) for block in blocks]


def test_the_same_text_has_the_same_findings_in_the_same_order(ruleset, engine, examples):
    text = " ".join(examples[::11])
    block = Text(Location("source", "text"), text)
    again = RuleEngine(ruleset.rules, ruleset)
    assert engine.find(block, 0.0) == again.find(block, 0.0) == engine.find(block, 0.0)


def test_a_finding_lies_in_the_source_and_not_in_what_is_read(engine):
    text = "SSN 219\u200b-09\u2013\uff19999 on file"
    found = [
        text[f.start : f.end]
        for f in engine.find(Text(Location("source", "text"), text), 0.0)
        if f.identifier == "ssn"
    ]
    assert "219\u200b-09\u2013\uff19999" in found
