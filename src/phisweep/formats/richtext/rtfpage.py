"""From the tokens of RTF to the texts of a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from phisweep.formats.base import failed
from phisweep.formats.richtext import rtfwords as words
from phisweep.formats.richtext.grid import Grid
from phisweep.formats.richtext.held import Builder, Said
from phisweep.formats.richtext.pieces import Joined
from phisweep.formats.richtext.rtfcharacters import Characters
from phisweep.formats.richtext.rtfstate import Group, Run
from phisweep.formats.richtext.rtftimes import HeldTime, Moment, Write, packed, shown, unpacked
from phisweep.formats.richtext.rtftimes import words as in_words
from phisweep.formats.richtext.rtftokens import Token, tokens
from phisweep.formats.richtext.rtfwords import DESTINATIONS, Destination
from phisweep.formats.richtext.rtfwriting import RtfWriting

_HEX = re.compile(r"[0-9A-Fa-f\s]*")
#: A picture of one clear pixel.
_PNG = (
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b4944415478da63"
    "6000020000050001e9fadcd80000000049454e44ae426082"
)
_BODY = Destination("text", "paragraph")
_GROUP = Destination("text", "group")
_TIMES = frozenset({"revdttm", "revdttmdel", "crdate"})
#: Where what a standard fixes may stand.
_PATHS = {
    "namespace": "xml:@xmlns",
    "font": "rtf:font",
    "generator": "rtf:generator",
    "style": "rtf:style",
    "value": "rtf:value",
}


class RtfPage(Characters):
    """Reads RTF into a builder of chunks."""

    def __init__(self, builder: Builder) -> None:
        self.body = Run(_BODY, "")
        super().__init__(self.body)
        self.builder, self.writing = builder, RtfWriting()
        self.counts: Counter[str] = Counter()
        self.label = ""  # the last name of a property
        self.header = False  # the row of a table is one of headings
        self.closed = False

    @property
    def unclosed(self) -> int:
        """How many groups are open at the end."""
        return len(self.groups) - 1

    def read(self) -> Iterator[None]:
        """Read the document, and yield whenever a chunk may be ready. Raises DocumentError E209."""
        done = {
            "open": self._open,
            "close": self._close,
            "word": self._word,
            "symbol": self._symbol,
            "hex": self._hex,
            "text": self._text,
            "binary": self._binary,
        }
        for token in tokens(self.builder.raw):
            if token.sort == "newline":  # the lines of the source say nothing
                continue
            done[token.sort](token)
            self.glued = token.sort == "word" and token.glued
            if self.builder.ready:
                yield
        for group in reversed(self.groups):
            self._leave(group)

    def _open(self, _: Token) -> None:
        self._settle()
        here, most = self.groups[-1], self.builder.options.max_depth
        if len(self.groups) > most:
            raise failed("E209", self.builder.source, f"nested deeper than {most}")
        inner = replace(here, fresh=True, star=False, data=None, time=None, png=False)
        if here.run.destination.holds == "list":
            inner.run = self._run(here.run.destination)
        self.groups.append(inner)

    def _close(self, _: Token) -> None:
        self._settle()
        if len(self.groups) > 1:
            group = self.groups.pop()
            if group.run is not self.groups[-1].run:
                self._leave(group)
        if len(self.groups) == 1 and not self.closed:
            self.closed = True
            self._end(self.body)
            self.body.called = "after the end, "

    def _word(self, token: Token) -> None:
        here, word, number = self.groups[-1], token.word, token.number
        fresh, here.fresh = here.fresh, False
        if word == "u" and number is not None:
            self._unicode(token, number)
            return
        self._settle()
        told = DESTINATIONS.get(word)
        if (fresh and (here.star or told)) or (told and told.holds == "data"):
            self._enter(here, told or _GROUP, token)
        elif word in words.CHARACTERS:
            self._add(words.CHARACTERS[word], token.start, token.end)
        elif word in words.GAPS:
            here.run.joined.gap(words.GAPS[word], token.start)
        elif word in words.ENDS:
            self._ends(word, token.end)
        elif word in _TIMES:
            self._stamp(token)
        elif here.time is not None and word in ("yr", "mo", "dy", "hr", "min"):
            here.time[word] = number or 0
            here.span = (here.span[0] or token.start, token.end)
        else:
            self._set(here, word, number)

    def _symbol(self, token: Token) -> None:
        here = self.groups[-1]
        if token.word == "*":
            here.star = True
            return
        here.fresh = False
        self._settle()
        if token.word in words.SYMBOLS:
            self._add(words.SYMBOLS[token.word], token.start, token.end)
        elif token.word in ("\r", "\n"):
            self._ends("par", token.end)

    def _hex(self, token: Token) -> None:
        self.groups[-1].fresh = False
        if not self._skipped(token):
            self._byte(token.number or 0, token.start, token.end)

    def _text(self, token: Token) -> None:
        here, start = self.groups[-1], token.start
        here.fresh = False
        if self.skip:
            start += min(self.skip, token.end - start)
            self.skip -= start - token.start
            self._extend(start)
            self.glued = False
            if start == token.end:
                return
        text = self.builder.raw[start : token.end]
        if here.data is not None and _HEX.fullmatch(text):
            here.data.append((start, token.end, ""))
        elif text.isascii() and not self.codes.half:
            self._plain(text, start)
        else:
            for at, character in enumerate(text, start):
                self._byte(ord(character), at, at + 1)
                self.glued = False

    def _binary(self, token: Token) -> None:
        if self._skipped(token):
            return
        self._settle()
        here, change = self.groups[-1], (token.start, token.end, "\\bin0 ")
        if here.data is not None:
            here.data.append(change)
        elif token.number:
            address = self._run(Destination("data", "binary data")).called[:-2]
            self.builder.media(address, "binary data", [change], letters="Q, R", size=token.number)

    def _run(self, destination: Destination) -> Run:
        """Begin the texts of a destination; several of one kind are numbered."""
        self.counts[destination.called] += 1
        return Run(destination, f"{destination.called} {self.counts[destination.called]}, ")

    def _enter(self, here: Group, destination: Destination, token: Token) -> None:
        if here.data is None or destination.holds == "data":
            here.data = [] if destination.holds == "data" else None
        here.run = self._run(destination)
        if destination.holds == "time":
            here.time, here.span = {}, (0, token.end)

    def _leave(self, group: Group) -> None:
        """End a group that has texts, data or a time of its own."""
        called = group.run.called[:-2]
        if group.data is not None:
            self._data(called, group)
        if (told := group.time) and told.get("yr"):
            moment = (
                told["yr"], told.get("mo", 0), told.get("dy", 0),
                told.get("hr", 0), told.get("min", 0),
            )  # fmt: skip
            self._time(called, group.run.destination.label, moment, group.span, in_words)
        self._end(group.run)

    def _data(self, address: str, group: Group) -> None:
        """Add a picture or another thing that is not assessed, unless it is empty."""
        raw = self.builder.raw
        spans = [(s, e, new) for s, e, new in group.data or () if new or raw[s:e].strip()]
        if not spans:
            return
        size = sum(e - s for s, e, _ in spans) // 2
        if group.png and not spans[0][2]:
            spans[0] = (*spans[0][:2], _PNG)
        what = group.run.destination.called
        self.builder.media(
            address, what, spans, letters="Q" if what == "picture" else "Q, R", size=size
        )

    def _time(
        self, address: str, label: str, moment: Moment, span: tuple[int, int], write: Write
    ) -> None:
        text = shown(moment)
        said = Said(label=label, kind="metadata", place=label)
        self.builder.place(HeldTime(address, text, *span, write), text, said)

    def _stamp(self, token: Token) -> None:
        """Add the time of a change that was tracked."""
        moment = unpacked(token.number or 0)
        if moment is not None:
            self.counts["time"] += 1
            before, behind = f"\\{token.word}", "" if token.glued else " "
            self._time(
                f"time {self.counts['time']}", "revised", moment, (token.start, token.end),
                lambda told: f"{before}{packed(told)}{behind}",
            )  # fmt: skip

    def _ends(self, word: str, at: int) -> None:
        here = self.groups[-1]
        run = here.run
        if not here.table and word == "par":
            run.grid = None
        self._end(run)
        if run.grid is not None and word in ("cell", "nestcell"):
            run.grid.cell()
        elif run.grid is not None and word in ("row", "nestrow"):
            run.grid.end_row(head=self.header)
            run.grid.cell()
            self.header = False
        if run is self.body and self.builder.large(at):
            self.builder.flush(at)

    def _end(self, run: Run) -> None:
        """Add the text that is gathered."""
        joined, run.joined = run.joined, Joined()
        text, told = joined.text, run.destination
        if not any(map(str.isalnum, text)):
            return
        run.texts += 1
        if told.called.endswith("property"):
            self.label = text.strip()
        address = f"{run.called}paragraph {run.texts}"
        if told.called == "annotation's time" and _is_number(text.strip()):
            moment = unpacked(int(text))
            if moment is not None:
                span = joined.pieces[0].start, joined.pieces[-1].end
                self._time(address, "date", moment, span, lambda told: str(packed(told)))
                return
        label = told.label or (run.grid.label if run.grid else "")
        label = self.label if told.called.endswith("value") else label
        path = _PATHS.get(told.called.rpartition(" ")[2], "")
        said = Said(label, "metadata" if told.metadata else None, path, "", told.called)
        self.builder.text(address, joined, self.writing, said)
        if run.grid is not None:
            run.grid.said(text)

    def _set(self, here: Group, word: str, number: int | None) -> None:
        """Take in what a control word says of what comes."""
        if word == "uc":
            here.uc = min(max(1 if number is None else number, 0), 100)
        elif word == "f" and number is not None:
            here.font = number
            if here.run.destination.called == "font":
                self.codes.define(number)
        elif word == "plain":
            here.font = None
        elif word == "pngblip":
            here.png = True
        elif word == "trowd" and here.run.grid is None:
            here.run.grid = Grid()
            here.run.grid.cell()
        elif word == "trhdr":
            self.header = True
        elif word in ("intbl", "pard"):
            here.table = word == "intbl"
        else:
            self.codes.take(word, number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 12  # noqa: PLR2004 - 32 bits
