"""A DICOM file as a document: its elements are blocks, its copy is what the profile makes of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import Block, Fate, Fidelity, OnePart, ReadOptions, Replaced, failed
from phisweep.formats.imaging.beside import Span, comments, emptied, trimmed
from phisweep.formats.imaging.elements import (
    BURNED_IN,
    META_INSTANCE,
    PIXELS,
    SERIES,
    SOP_CLASS,
    SOP_INSTANCE,
    STUDY,
    DataSet,
)
from phisweep.formats.imaging.fates import Fates
from phisweep.formats.imaging.file import Dicom
from phisweep.formats.imaging.judging import judged_of
from phisweep.formats.imaging.marking import mark
from phisweep.formats.imaging.meta import head
from phisweep.formats.imaging.paths import of_uids
from phisweep.formats.imaging.pixels import look
from phisweep.formats.imaging.plan import Plan
from phisweep.formats.imaging.viewing import pixels, repainted
from phisweep.formats.imaging.writing import Piece, Stretch, Writer
from phisweep.model import Edit, Location, Source, Text

_BLOCK = 1 << 20
_PIXELS = "(7FE0,0010) PixelData"
_ROWS = 0x00280010


@dataclass(frozen=True, slots=True)
class WordsSeen:
    """The words that were read in the pixels, and are covered in the copy."""

    source: Source
    owner: str = field(repr=False)
    words: str = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""
        where, done = Location(self.source.shown, _PIXELS), {"*": "cover"}
        return [
            Text(where, self.words, kind="metadata", owner=self.owner, place=_PIXELS, done=done)
        ]

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: they are covered already."""
        return b""


class DicomDocument(OnePart):
    """An opened DICOM file. `held` is known at once, the path of its copy when that is written."""

    structure = "lines"
    fidelity: Fidelity = "always"  # type: ignore[misc]

    def __init__(self, source: Source, options: ReadOptions, dicom: Dicom) -> None:
        self.source = source
        self.options = options
        self.dicom = dicom
        self.encoding = ""
        self.rows: int | None = None
        self.columns: int | None = None
        self.warnings: list[str] = self.dicom.warnings
        self.copy_path = ""  # type: ignore[misc]
        self.also_unread: Sequence[str] = ()  # type: ignore[misc]
        self._rest: Iterable[bytes] = ()
        self._words = ""
        self._spans: Sequence[Span] = ()
        if trimmed(dicom):
            self.warnings.append("bytes behind the last of its pixels: left out of the copy")
        try:
            held, self._judged = judged_of(self.dicom, options.imaging)
            fates = Fates(options.imaging, self.dicom.data.told(SOP_CLASS))
            self.plan = Plan(self.dicom, source, options, fates, self._owners())
            self.plan.read()
        except BaseException:
            self.dicom.stream.close()
            raise
        self.held = held or self.plan.held  # type: ignore[misc]
        self._tell()

    def chunks(self) -> Iterator[DicomDocument | WordsSeen]:
        """Yield the file, all of it but for large values; then what was read in its pixels."""
        yield self
        if self._words:
            yield WordsSeen(self.source, self.plan.owner, self._words)

    @property
    def study(self) -> tuple[str, str]:
        """Return the UID of the study that it is of, and whose it says that is; "" for none."""
        return self.dicom.data.told(STUDY), self.plan.owner

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""
        return self.plan.blocks

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the copy up to its first large value. Raises DocumentError E244, and of pixels."""
        dicom, data = self.dicom, self.dicom.data
        writer = Writer(self.plan, edits)
        meta_uid = self._new(writer, dicom.meta, META_INSTANCE)
        uids = [self._new(writer, data, tag) for tag in (STUDY, SERIES, SOP_INSTANCE)]
        judged = self._judged
        no_pixels = not any(e.tag in PIXELS for e in data.elements)
        burned_in = "NO" if judged is not None or no_pixels else ""
        mark(
            data,
            self.options.imaging,
            pixels=judged is not None and judged.cleans,
            burned_in=burned_in if not no_pixels or data.get(BURNED_IN) else "",
        )
        start = head(dicom, instance=uids[2] or meta_uid) if dicom.meta is not None else b""
        self.copy_path = of_uids(uids, self.source.name) if uids[2] else ""  # type: ignore[misc]
        if judged is not None and judged.work:
            whole = pixels(dicom)
            cleaned = look(whole, judged)
            self.held = cleaned.held  # type: ignore[misc]
            self.also_unread = (*self.also_unread, *cleaned.notes)  # type: ignore[misc]
            if cleaned.held:
                return b""
            self._words = " ".join(dict.fromkeys(cleaned.words))
            if cleaned.boxes:
                for tag in PIXELS:
                    data.without(tag)
                stream = self._deflated if dicom.syntax.deflated else self._stream
                first = start + b"".join(stream(writer.pieces(data)))
                told, self._rest = repainted(dicom, whole, first, cleaned.boxes)
                return told
        self._spans = comments(dicom)
        if self._spans:
            self.warnings.append("comments within its compressed pixels: emptied in the copy")
        pieces = writer.pieces(data)
        if dicom.syntax.deflated:
            self._rest = self._deflated(pieces)
            return start
        at = next((i for i, p in enumerate(pieces) if isinstance(p, Stretch)), len(pieces))
        self._rest = self._stream(pieces[at:])
        return start + b"".join(p for p in pieces[:at] if isinstance(p, bytes))

    def fates(self) -> Iterator[Fate]:
        """Yield what becomes of each element, and why: for `explain`."""
        from phisweep.formats.imaging.explaining import fates  # noqa: PLC0415 - where one is asked

        return fates(self.plan, self._judged, self.held)

    def finish(self) -> Iterator[bytes]:
        """Yield the rest of the copy. Raises DocumentError E201."""
        yield from self._rest

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.source.size

    def close(self) -> None:
        """Release the source."""
        self.plan.close()
        self.dicom.stream.close()
        self.dicom.data.elements = []  # items lead back to it: it would wait to be collected

    def _owners(self) -> Mapping[int, DataSet]:
        """Return the items that are another patient's than the file, by their id."""
        return {}

    @staticmethod
    def _new(writer: Writer, data: DataSet | None, tag: int) -> str:
        """Return what a UID is in the copy, "" where there is none."""
        element = data.get(tag) if data is not None else None
        if data is None or element is None:
            return ""
        return (writer.value(data, element) or b"").decode("latin-1").strip(" \0")

    def _tell(self) -> None:
        """Say what a reader of the report has to know."""
        plan, told = self.plan, []
        if plan.kept:
            told.append(f"kept by the options of the policy: {', '.join(sorted(plan.kept))}")
        if self._judged is not None:
            told += self._judged.notes
        self.also_unread = tuple(told)  # type: ignore[misc]
        self.warnings += sorted(plan.warnings)
        if self._judged is None and self.dicom.data.get(_ROWS) is not None and not self.held:
            self.warnings.append("it says how large its pixels are and has none: is it cut off?")
        if not plan.owner and self.dicom.data.get(SOP_INSTANCE) is not None:
            self.warnings.append("it has no PatientID: it is nobody's record")

    def _stream(self, pieces: Iterable[Piece]) -> Iterator[bytes]:
        for piece in pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            at, end = piece.start, piece.start + piece.length
            while at < end:
                block = self.dicom.bytes(at, min(_BLOCK, end - at))
                if not block:
                    raise failed("E201", self.source, "it changed while it was read")
                yield emptied(block, at, self._spans) if self._spans else block
                at += len(block)

    def _deflated(self, pieces: Iterable[Piece]) -> Iterator[bytes]:
        packer, size = zlib.compressobj(wbits=-zlib.MAX_WBITS), 0
        for block in self._stream(pieces):
            data = packer.compress(block)
            size += len(data)
            yield data
        data = packer.flush()
        yield data + b"\0" * ((size + len(data)) % 2)
