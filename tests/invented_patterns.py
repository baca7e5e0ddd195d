"""Regular expressions of every kind that rules are made of, and the signs that they meet."""

from hypothesis import strategies as st

ALPHABET = "ak sK1A-.:\n\u00e9\u0130\u0131\u017f\u212a?"
ATOMS = [
    *("a", "k", "s", "S", " ", "1", "-", r"\.", ":", r"\n", "\u00e9", "\u017f", "."),
    *(r"\d", r"\s", r"\w", r"\W", r"\S", "[a-z]", "[A-Z]", "[^a]", "[ks1]", r"[^\n]", r"[\d.-]"),
    *("sa", "ka", r"\b", "^", "$", "(?<![a-z])", "(?<=[ -])", "(?![a-z])", "(?=k)", r"(?<!\d)"),
    *(r"(?<![^\n])", r"(?![^\n])", r"(?=.{0,3}1)", "(?<=s)", r"(?<!\w)"),
]


def _grown(inner):
    quantifier = st.sampled_from(["?", "{0,3}", "{1,2}", "{2}", "{2,4}", "{1,3}?", "{0}"])
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, quantifier).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        inner.map(lambda body: f"({body})"),
        inner.map(lambda body: f"(?i:{body})"),
        inner.map(lambda body: f"(?={body})"),
    )


PATTERNS = st.recursive(st.sampled_from(ATOMS), _grown, max_leaves=12)
