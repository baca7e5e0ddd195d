"""What the names of an XML vocabulary say of what stands under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from phisweep.formats.richtext.held import Said

#: Elements within words: what stands on both sides of them may be one name.
INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "content", "del", "dfn"),
        *("em", "emph", "emphasis", "font", "hi", "i", "ins", "italic", "kbd", "link", "linkHtml"),
        *("mark", "q", "ref", "s", "small", "span", "strike", "strong", "sub", "sup", "t", "tspan"),
        *("tt", "u", "underline", "bold", "wbr", "xref", "textPath", "r"),
    }
)
#: Elements of running text that begin a text of their own.
BLOCKS = frozenset(
    {
        *("paragraph", "item", "list", "table", "thead", "tbody", "tfoot", "tr", "td", "th"),
        *("caption", "footnote", "text", "title", "desc", "body", "div", "p", "ul", "ol", "li"),
        *("dl", "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
        *("section", "article", "header", "footer", "address", "figure", "col", "colgroup"),
    }
)
CELLS = frozenset({"td", "th", "dt", "dd"})
HEADS = frozenset({"th", "dt"})
TABLES = frozenset({"table", "dl"})
BREAKS = frozenset({"br", "tab", "hr"})


class Named(NamedTuple):
    """
    An element on the way from the root: its local name and its attributes by local name.

    `step` is how a standard's path calls it.
    """

    name: str
    attributes: Mapping[str, str]
    step: str


@dataclass(slots=True)
class Vocabulary:
    """
    Any XML: its own names are labels, and may be data, so that they are searched as well.

    `owner` is whose record the document is.
    """

    owner: str = field(default="", repr=False)
    narrative: frozenset[str] = frozenset()
    #: Whether names of elements and attributes are those of a standard, and never data.
    standard: bool = False
    #: Whether it is a picture of lines, whose attributes are figures.
    drawing: bool = False

    def step(self, name: str, attributes: Mapping[str, str]) -> str:  # noqa: ARG002 - for others
        """Return how a path calls an element."""
        return name

    def begins_narrative(self, way: list[Named]) -> bool:
        """Say whether the last element of the way holds running text, with its own tags."""
        return way[-1].name in self.narrative

    def text(self, way: list[Named]) -> Said:
        """Return what is known of the text of the last element of the way."""
        return Said(label=way[-1].name, owner=self.owner)

    def prose(self, way: list[Named], label: str) -> Said:  # noqa: ARG002 - for others
        """Return what is known of running text within the last element of the way."""
        return Said(label=label, owner=self.owner)

    def attribute(self, way: list[Named], name: str) -> Said:
        """Return what is known of an attribute of the last element of the way."""
        if name in _OF_SCHEMAS or name.startswith("xmlns"):
            return Said(path=f"xml:@{name}")
        if self.drawing:
            return Said(path=f"xml:svg.@{name}", owner=self.owner)
        label = way[-1].name if name in _VALUES else "" if name in _LINKS else name
        return Said(label=label, owner=self.owner)

    def skipped(self, way: list[Named], name: str, value: str) -> int:  # noqa: ARG002 - for others
        """Return how many code points at the beginning of an attribute are no part of its value."""
        return 0


_OF_SCHEMAS = frozenset({"schemaLocation", "noNamespaceSchemaLocation"})
_LINKS = frozenset({"href", "src", "class", "style", "type", "space", "lang"})
_VALUES = frozenset({"value", "val", "v", "text", "content", "data"})


def plain() -> Vocabulary:
    """Return the vocabulary of XML that nobody knows."""
    return Vocabulary()


def svg() -> Vocabulary:
    """Return the vocabulary of pictures of lines and text."""
    return Vocabulary(narrative=frozenset({"text", "title", "desc"}), drawing=True)
