"""
Elements outside running text: what holds only words is one text, what holds only elements is none.

An element with words and elements in it has them joined with what those hold, so that a name that
runs over a tag is one name. Which it is may show late: texts wait for it, but not long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.formats.richtext.held import Said
from phisweep.formats.richtext.pieces import Joined, Piece
from phisweep.formats.xmlish.vocabulary import INLINE

_WAITING = 200  # texts and gaps of one element that are held until it shows what it is


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text of one element; `inline` where words on both sides of it may be one."""

    address: str
    said: Said
    joined: Joined = field(repr=False)
    inline: bool = False


@dataclass(slots=True)
class _Node:
    items: list[Joined | Leaf] = field(default_factory=list, repr=False)
    worded: bool = False  # words stand in it, outside its elements
    children: bool = False
    settled: bool = False  # its elements are no words of it
    strays: int = 0


class Leaves:
    """Is told of elements and texts as they come; `add` gets each text that is whole."""

    def __init__(self, add: Callable[[Leaf], None]) -> None:
        self._add = add
        self._nodes = [_Node(settled=True)]
        self._depth = 0  # of the open element within words, 0 outside

    @property
    def busy(self) -> bool:
        """Say whether words are open that go on."""
        return self._depth > 0 or (self._nodes[-1].worded and not self._nodes[-1].settled)

    def begin(self, name: str, at: int) -> None:
        """Take in that an element begins at a code point."""
        node = self._nodes[-1]
        if self.busy:
            self._depth += 1
            node.children = True
            _space(node, name, at)
        else:
            node.children = True
            self._nodes.append(_Node())

    def text(self, joined: Joined, address: str, said: Callable[[], Said]) -> None:
        """Take in a text of the element that is open."""
        node = self._nodes[-1]
        blank = joined.text.isspace()
        if node.settled:
            if not blank:
                node.strays += 1
                self._add(Leaf(f"{address}/text()[{node.strays}]", said(), joined))
            return
        node.items.append(joined)
        node.worded = node.worded or not blank

    def end(self, name: str, at: int, address: str, said: Callable[[], Said]) -> Leaf | None:
        """Take in that the element ends; return its text where it has one, for `give`."""
        if self._depth:
            self._depth -= 1
            _space(self._nodes[-1], name, at)
            return None
        node = self._nodes.pop()
        if node.settled or not node.worded:
            self._settle(node)
            if node.children:
                self._settle(self._nodes[-1])
            return None
        return Leaf(address, said(), _joined(node), name in INLINE)

    def give(self, leaf: Leaf) -> None:
        """Take in the text of an element that ended, as one of the element around it."""
        node = self._nodes[-1]
        if node.settled:
            self._add(leaf)
            return
        node.items.append(leaf)
        if len(node.items) > _WAITING and not node.worded:
            self._settle(node)

    def settle(self) -> None:
        """Add every text that waits; nothing is open but what holds elements alone."""
        for node in self._nodes:
            self._settle(node)

    def break_off(self, address: str, said: Callable[[], Said]) -> None:
        """Add everything, where the document ends before its elements do."""
        node = self._nodes[-1]
        if node.worded and not node.settled:
            self._nodes[-1] = _Node(settled=True)
            self._add(Leaf(address, said(), _joined(node)))
        self.settle()

    def _settle(self, node: _Node) -> None:
        items, node.items, node.settled = node.items, [], True
        for item in items:
            if isinstance(item, Leaf):
                self._add(item)


def _space(node: _Node, name: str, at: int) -> None:
    """Keep words apart where an element between them is none of words."""
    if name not in INLINE and not node.settled:
        gap = Joined()
        gap.add(" ", at, at)
        node.items.append(gap)


def _joined(node: _Node) -> Joined:
    whole = Joined()
    for item in node.items:
        pieces = item.joined.pieces if isinstance(item, Leaf) else item.pieces
        apart = isinstance(item, Leaf) and not item.inline and bool(pieces)
        if apart:
            whole.gap(" ", pieces[0].start)
        whole.pieces += pieces
        if apart:
            whole.gap(" ", pieces[-1].end)
    return Joined([*_without_doubles(whole.pieces)])


def _without_doubles(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces without spaces that stand nowhere beside others that do."""
    for i, piece in enumerate(pieces):
        beside = (pieces[i - 1].text[-1:] if i else " ") + "".join(
            following.text[:1] for following in pieces[i + 1 : i + 2]
        )
        if piece.start < piece.end or not any(map(str.isspace, beside)):
            yield piece
