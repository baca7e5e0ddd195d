"""A text to its beginning or its end."""

from phisweep import marks
from phisweep.transform.operators import Context, Params, coarsening
from phisweep.transform.params import Reader

#: Says that something was taken away, so that what is left is not taken for the whole.
CUT = "..."


@coarsening
def truncate(text: str, context: Context, params: Params) -> str:
    """
    Keep the first or last characters of the text: Qui..., or ...0123.

    `first` or `last` is how many code points, and one of them is given. [NAME] stands for a text
    of which no letter or digit would go. Raises RuleError.
    """
    given = Reader("truncate", params, ("first", "last"))
    if ("first" in given) == ("last" in given):
        raise given.wrong("first or last says how many code points stay")
    if "first" in given:
        size = given.whole("first", 1, 1)
        done, cut, after = text.removesuffix(CUT), text[size:], text[:size] + CUT
    else:
        size = given.whole("last", 1, 1)
        done, cut, after = text.removeprefix(CUT), text[:-size], CUT + text[-size:]
    if len(done) == size and len(done) < len(text):
        return text
    return after if any(map(str.isalnum, cut)) else marks.tag(context.identifier)
