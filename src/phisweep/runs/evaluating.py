"""Evaluate: a corpus with gold beside what phisweep, or any tool, finds in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from phisweep.evaluate import columns, drawing, faults, figures, gold, measuring
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.matching import Matcher
from phisweep.evaluate.ours import Ours
from phisweep.evaluate.predictions import ByDocument, opened
from phisweep.evaluate.results import Evaluation, Tool
from phisweep.evaluate.searched import Search, is_search, read_search
from phisweep.evaluate.stays import Stays
from phisweep.evaluate.texts import Reading, texts
from phisweep.evaluate.values import CLASSES, scope_of
from phisweep.figures import stamp
from phisweep.integrity.digests import sha256_of
from phisweep.integrity.signatures import SigningKey
from phisweep.legible import legible
from phisweep.model import Engine, Finding, Outcome, Text
from phisweep.pipeline import Worker
from phisweep.report.companions.evaluation.record import Record
from phisweep.report.record import load_record
from phisweep.report.write import attach
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings, begun, session_of
from phisweep.session import Session
from phisweep.staging import run_json

Asking = Path | Engine | None
Finder = Ours | ByDocument | Search


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is to be evaluated.

    `tools` are the predictions of each tool by its name, the first one's first: a path, an engine of
    ours, or None for phisweep as the settings say. `scope` are the classes that the gold is complete
    for, none named all. `data` is where the files of tables lie, by default beside their gold.
    """

    gold: Path
    tools: Mapping[str, Asking]
    labels: Path | None = None
    encoding: str = ""
    scope: tuple[str, ...] = ()
    interval: figures.Kind = "exact"
    draws: int = drawing.DRAWS
    seed: int = drawing.SEED
    data: Path | None = None
    corpus: str = ""


def evaluate(
    asked: Asked,
    settings: Settings | None = None,
    *,
    tell: measuring.Sink | None = None,
    save: Callable[[str], None] | None = None,
) -> Record:
    """
    Measure each tool on a corpus.

    `tell` hears of the first tool's mistakes, with the text; `save` of phisweep's own predictions,
    a line a document. Raises UsageError E176 to E179, E195, and as `scan` does.
    """
    settings = settings or Settings(command="evaluate")
    return _Evaluating(asked, settings, tell, save).record()


@dataclass
class _Evaluating:
    """One evaluation on its way."""

    asked: Asked
    settings: Settings
    tell: measuring.Sink | None
    save: Callable[[str], None] | None

    @cached_property
    def labels(self) -> Labels:
        return Labels.load(self.asked.labels)

    @cached_property
    def root(self) -> Path:
        return self.asked.data or self.asked.gold.parent

    def record(self) -> Record:
        """Go through the corpus, and return what is to be told of it."""
        if not self.asked.gold.exists():
            raise faults.unreadable(
                legible(self.asked.gold.name), "there is no such file or folder"
            )
        scope = scope_of(self.asked.scope)
        matcher = Matcher(Stays.load(self._session.ruleset), scope)
        counts = measuring.measured(self.asked.tools, matcher)
        with self._tools() as tools:
            form = self._go_through(tools, counts)
            made = [self._tool(name, tools[name], counts) for name in tools]
            draws = [
                drawing.draw(counts.tallies[name].rows(), self.asked.draws, self.asked.seed)
                for name in tools
            ]
        told = [
            replace(tool, estimates=figures.estimates(drawn))
            for tool, drawn in zip(made, draws, strict=True)
        ]
        apart = [
            difference
            for tool, drawn in list(zip(told, draws, strict=True))[1:]
            for difference in figures.differences(tool.name, drawn, draws[0])
        ]
        evaluation = Evaluation(
            corpus=legible(self.asked.corpus or self.asked.gold.stem),
            format=form,
            unit="cell" if form == "columns" else "span",
            documents=counts.documents,
            words=counts.words,
            ignored=counts.ignored,
            scope=tuple(kind for kind in CLASSES if scope and kind in scope),
            interval=self.asked.interval,
            confidence=figures.CONFIDENCE,
            draws=self.asked.draws,
            seed=self.asked.seed,
            tools=tuple(told),
            differences=tuple(apart),
            notes=(),
        )
        return record_of(evaluation)

    def _go_through(
        self,
        tools: Mapping[str, Finder],
        counts: measuring.Measured,
    ) -> str:
        """Count, and return what format the gold has."""
        path, encoding = self.asked.gold, self.asked.encoding
        if path.is_file() and is_search(path, encoding):
            with tempfile.TemporaryFile(prefix="phisweep-") as spool:
                marked = read_search(path, self.labels, encoding, spool)
                by_file = _by_file(tools)
                measuring.go_through_places(marked, by_file, counts, self._read, self.tell)
            form = "findings by place"
        elif columns.looks_so(path, encoding):
            named = columns.read(path, encoding)
            cells = {name: partial(self._cells, name, named) for name in columns.files(named)}
            measuring.go_through_tables(cells, _by_file(tools), counts, self.tell)
            form = "columns"
        else:
            documents = gold.read(path, self.labels, encoding)
            measuring.go_through(documents, tools, counts, self.tell)
            kind = gold.format_of(path, encoding)
            form = kind.name if kind else ""
        if not counts.documents:
            raise faults.unreadable(legible(path.name), "it holds no document")
        for tool in tools.values():
            tool.check_used()
        return form

    @cached_property
    def _session(self) -> Session:
        return session_of(self.settings)

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self._session.spec.options, self._session.detector.find)

    def _cells(self, name: str, named: columns.ColumnGold) -> Iterator[columns.Cell]:
        path = columns.file_of(self.root, name)
        return columns.cells(path, name, named, self.labels, self._reading)

    def _read(self, name: str, wanted: frozenset[str]) -> tuple[Mapping[str, str], int]:
        """Return the texts of a file, none where it does not lie here."""
        path = self.root / name
        return texts(path, name, self._reading, wanted) if path.is_file() else ({}, 0)

    @contextmanager
    def _tools(self) -> Iterator[dict[str, Finder]]:
        """Open what every tool predicted."""
        with ExitStack() as stack:
            spool = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="phisweep-")))
            tools: dict[str, Finder] = {}
            for name, asking in self.asked.tools.items():
                if isinstance(asking, Path):
                    opening = opened(asking, self.labels, self.asked.encoding)
                    tools[name] = stack.enter_context(opening)
                    continue
                first = not any(isinstance(tool, Ours) for tool in tools.values())
                tools[name] = self._ours(asking, spool, self.save if first else None)
            yield tools

    def _ours(self, engine: Engine | None, spool: Path, save: Callable[[str], None] | None) -> Ours:
        """Return what asks phisweep itself, by that engine, or by that of the settings."""
        session, settings = self._session, self.settings
        if engine is not None:
            config = settings.config.model_copy(update={"engine": engine})
            session = session_of(replace(settings, config=config, session=None))
        settings = replace(
            settings, config=session.config, session=session, records=True, spool=spool
        )
        head = begun(session, settings, "evaluate")
        names = ("engine", "version", "ruleset_sha256", "policy", "model")
        about = {name: str(getattr(head, name)) for name in names}
        about["rules"] = head.ruleset_version
        held: list[Worker] = []  # built when the first text comes: tables need none

        def find(block: Text) -> Sequence[Finding]:
            if not held:
                held.append(Worker(session.spec))
            return held[0].wanted(held[0].find(block))

        def search(path: Path) -> Outcome:
            return scan([str(path)], settings).outcomes[0]

        return Ours(find, search, self.root, about, save)

    def _tool(
        self,
        name: str,
        tool: Finder,
        counts: measuring.Measured,
    ) -> Tool:
        tally = counts.tallies[name]
        shares = figures.Shares(self.asked.interval)
        total, leaked, telling = figures.total(tally, shares)
        totals = [int(n) for n in tally.rows().sum(axis=0)]
        of_columns = counts.of_columns[name]
        return Tool(
            name=name,
            about=tool.about if isinstance(tool, Ours) else {"predictions": tool.file},
            total=total,
            letters=figures.letters(tally, shares),
            classes=figures.classes(tally, shares),
            leaked=leaked,
            telling=telling,
            estimates={},
            calibration=figures.calibration(tally.scores, totals),
            rules=dict(tally.rules.most_common(20)),
            columns=tuple(counts.columns[name]),
            column_shares=shares.readings(of_columns, "found", "right")
            if counts.columns[name]
            else None,
            unanswered=tool.unanswered,
        )


def record_of(evaluation: Evaluation) -> Record:
    """Return the record of an evaluation that stands by itself."""
    head = {"schema": "phisweep-evaluation/1", "run_sha256": "", "made": stamp()}
    return Record.model_validate(head | asdict(evaluation))


def attach_to(record: Record, out: Path, signer: SigningKey | None = None) -> Path:
    """
    Put an evaluation into the report of a release, and return the path of report.html.

    Notes say where it was measured otherwise than the release was made. Raises UsageError.
    """
    path = run_json(out)
    manifest = load_record(path).manifest
    about = record.tools[0].about
    notes = []
    if "ruleset_sha256" not in about:
        notes.append("Another tool was measured than the one that made this run.")
    elif about["ruleset_sha256"] != manifest.ruleset_sha256:
        notes.append("It was measured with other rules than those of this run.")
    for key, of_run in (("engine", manifest.engine), ("policy", manifest.policy)):
        if about.get(key, of_run) != of_run:
            notes.append(f"It was measured with the {key} {about[key]}; this run had {of_run}.")
    changes = {"run_sha256": sha256_of(path), "notes": (*record.notes, *notes)}
    return attach(path.parent, "evaluation", record.model_copy(update=changes), signer=signer)


def _by_file(
    tools: Mapping[str, Finder],
) -> dict[str, measuring.ByFile]:
    """Return the tools that tell where in files they found something. Raises UsageError (E178)."""
    out: dict[str, measuring.ByFile] = {}
    for name, tool in tools.items():
        if isinstance(tool, ByDocument):
            raise faults.unrelated(
                tool.file,
                "this gold names places in files, and these predictions name documents",
                "Give what `phisweep scan --format jsonl` wrote, or leave PRED out.",
            )
        out[name] = tool
    return out
