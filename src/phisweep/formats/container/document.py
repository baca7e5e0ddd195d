"""
A document of members: their names first, as one part, then each member's own parts, in order.

What a member becomes in the copy is known when its parts are written; the copy itself is written at
the end, by `finish` of each format, from what is noted in `results`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, Fidelity, ReadOptions, Replaced, Structure, failed
from phisweep.formats.container.inside import InnerPart, Inside, nested
from phisweep.formats.container.store import Store, as_source
from phisweep.model import Column, Edit, Kind, Location, Source, Text

NAMES_AT_ONCE = 5_000
TOLD = 20  # numbers of members in one warning
OWN = ("E216", "E217", "E218", "E259")  # of the archive: told as they are


@dataclass(frozen=True, slots=True)
class Member:
    """
    One member: its number from 1, what it is called, and its bytes, read when asked for.

    `part` is what its parts are called where that is another name, `encoding` the code of a text
    that the container tells, None where it tells none.
    """

    number: int
    name: str = field(repr=False)
    blocks: Iterable[bytes] = field(repr=False)
    part: str = field(default="", repr=False)
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """
    What stands in a copy for a member: nothing where `left_out`, else `start:end` of the store.

    Both None: its own bytes. `suffix` is added to its name.
    """

    left_out: bool = False
    extent: tuple[int, int] | None = None
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class WordsChunk:
    """Names, comments and the like, which `finish` asks for in the copy."""

    container: Container = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return nothing; note the edits."""
        self.container.writing = True
        self.container.edits.update({at: made for at, made in edits.items() if made})
        return b""


@dataclass(frozen=True, slots=True)
class WordsPart:
    """What stands in a container beside its members."""

    container: Container = field(repr=False)
    words: Iterable[Text] = field(repr=False)
    name: str = ""
    structure: Structure = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[WordsChunk]:
        """Yield the words, some thousand at once; one chunk at least."""
        held: list[Block] = []
        for word in self.words:
            held.append(word)
            if len(held) == NAMES_AT_ONCE:
                yield WordsChunk(self.container, held)
                held = []
        yield WordsChunk(self.container, held)


class Container(ABC):
    """
    An opened container. `unpacked` counts the bytes that came out of it, nested ones included.

    Its errors, each after all that can be read was read: E258 (a member cannot be read whole), or
    what the container itself could not give. E218 ends the reading at once.
    """

    encoding = ""
    held = ""
    thing = "member"  # what a member is called in messages

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self.options = options
        self.rows: int | None = None
        self.columns: int | None = None
        self.warnings: list[str] = []
        self.also_unread: list[str] = []
        self.copy_path = ""  # the name of an archive is its own
        self.writing = False
        self.unpacked = 0
        self.members = 0
        self.edits: dict[str, Sequence[Edit]] = {}
        self.results: dict[int, Result] = {}
        self.store = Store()
        self._always = False
        self._errors: list[tuple[int, DocumentError]] = []
        self._parts_named: set[str] = set()
        self._told: dict[str, list[int]] = {}
        self._stack = ExitStack()

    @property
    def fidelity(self) -> Fidelity:
        """Say "copy", or "always" where bytes may stand in the source that nobody reads."""
        return "always" if self._always else "copy"

    @abstractmethod
    def words(self) -> Iterator[Text]:
        """Yield what stands beside the members: names, comments, owners."""

    @abstractmethod
    def read(self) -> Iterator[Member]:
        """Yield the members with bytes, in order. Raises DocumentError."""

    @abstractmethod
    def finish(self) -> Iterator[bytes]:
        """Yield the copy."""

    @abstractmethod
    def position(self) -> int:
        """Return how many bytes of the source were read so far."""

    def parts(self) -> Iterator[WordsPart | InnerPart]:
        """Yield the names, then the members' parts. Raises DocumentError E218, E258 and others."""
        yield WordsPart(self, self.words())
        for member in self.read():
            yield from self._parts(member)
        self._tell()

    def close(self) -> None:
        """Release the source."""
        self._stack.close()
        self.store.close()

    def word(
        self,
        address: str,
        text: str,
        place: str,
        label: str = "",
        *,
        kind: Kind = "metadata",
        path: str = "",
    ) -> Text:
        """Return the block of a name or a comment."""
        where = Location(self.source.shown, address)
        return Text(where, text, label, kind=kind, path=path, place=place)

    def tell(self, what: str, number: int) -> None:
        """Warn of something about a member, once for all of which it is true."""
        self._told.setdefault(what, []).append(number)

    def _parts(self, member: Member) -> Iterator[InnerPart]:
        self.members += 1
        with ExitStack() as stack:
            self._stack = stack
            try:
                blocks = self._counted(member.blocks)
                source = stack.enter_context(as_source(blocks, self.source, member.name))
            except DocumentError as error:
                self._fail(member.number, error)
                return
            options = nested(self.options, self.unpacked, self.members)
            if member.encoding is not None:
                options = replace(options, encoding=member.encoding)
            part = member.part or member.name
            if part in self._parts_named:
                part = f"{part} ({member.number})"
            self._parts_named.add(part)
            inside = Inside(source, options, part, self.store)
            stack.callback(inside.close)
            yield from inside.parts()
            self._take(member.number, inside)

    def _counted(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.unpacked += len(block)
            if self.unpacked > self.options.max_unpacked:
                what = "it unpacks to more than may be"
                todo = "Unpack it yourself if you trust it, and give the folder."
                raise failed("E218", self.source, what, todo)
            yield block

    def _take(self, number: int, inside: Inside) -> None:
        self.unpacked += inside.unpacked
        self.members += inside.members
        for warning in inside.warnings:
            self.tell(warning, number)
        if inside.error is not None:
            self._fail(number, inside.error)
            return
        if inside.left_out:
            self.tell("cannot be assessed and has no place in a copy", number)
        elif inside.format is not None:
            unread = [f"in a {inside.format.name}: {part}" for part in inside.format.unread]
            self.also_unread = [*dict.fromkeys([*self.also_unread, *unread, *inside.also_unread])]
        if self.writing:
            extent = inside.result()
            self._always = self._always or extent is not None
            self.results[number] = Result(bool(inside.left_out), extent, inside.suffix)

    def _fail(self, number: int, error: DocumentError) -> None:
        if error.code == "E218":
            raise failed("E218", self.source, f"{self.thing} {number}: {error.what}", error.todo)
        self._errors.append((number, error))

    def _tell(self) -> None:
        for what, numbers in self._told.items():
            self.warnings.append(f"{self.thing}{_numbers(numbers)}: {what}")
        if not self._errors:
            return
        number, error = self._errors[0]
        more = f", nor can {len(self._errors) - 1} more" if len(self._errors) > 1 else ""
        if error.code in OWN:
            what = f"{self.thing} {number} cannot be read{more}: {error.what}"
            raise failed(error.code, self.source, what, error.todo)
        what = f"{self.thing} {number} cannot be read whole{more}: {error.what} ({error.code})"
        raise failed("E258", self.source, what, error.todo or "Mend it, or leave it out.")


def _numbers(numbers: Sequence[int]) -> str:
    told = ", ".join(map(str, numbers[:TOLD]))
    more = f" and {len(numbers) - TOLD} more" if len(numbers) > TOLD else ""
    return f"{'s' if len(numbers) > 1 else ''} {told}{more}"
