"""Options that commands share, and what follows from them."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from phisweep.config import Config, find_config, load_config
from phisweep.errors import UsageError
from phisweep.keys import Key, key_from_environment, key_from_file
from phisweep.model import BESIDE, IDENTIFIERS, LETTERS, SEVERITIES, Run
from phisweep.report.text import Style

if TYPE_CHECKING:
    from phisweep.transform.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
_COMMON = {
    "profile": click.option("--profile", help="A legal method or a policy file; see phisweep rules."),
    "engine": click.option("--engine", type=click.Choice(["auto", "rules", "full"]),
                           help="How to detect; auto: rules in git hooks, full elsewhere."),
    "config": click.option("--config", type=click.Path(), help="A configuration file."),
    "include": click.option("--include", multiple=True, metavar="GLOB", help="Only such files."),
    "exclude": click.option("--exclude", multiple=True, metavar="GLOB", help="No such files."),
    "jobs": click.option("--jobs", type=click.IntRange(1), metavar="N",
                         help="Processes; default: as many as cores."),
    "runner": click.option("--runner", type=click.Choice(["local", "pool", "spark"]),
                           help="Where it runs: in this process, in several, on Spark;"
                           " default: as many processes as are worth it."),
    "master": click.option("--master", metavar="URL",
                           help="Of the runner spark: local[4], yarn, k8s://..., spark://...;"
                           " default: as Spark is set up."),
    "min_score": click.option("--min-score", type=click.FloatRange(0, 1),
                              help="Findings from this score on."),
    "strict": click.option("--strict", is_flag=True, default=None,
                           help="Every word that no list vouches for is a name."),
    "on_skip": click.option("--on-skip", type=click.Choice(["fail", "warn", "ignore"]),
                            help="What a file that was not read means; default: fail."),
    "max_file_size": click.option("--max-file-size", type=click.IntRange(1), metavar="BYTES",
                                  help="Larger files are not read."),
    "encoding": click.option("--encoding", help="Of text files, where it is not to be sniffed."),
    "pixels": click.option("--pixels", type=click.Choice(["hold", "blank", "ocr"]),
                           help="What becomes of pictures in which words may stand: held back,"
                           " blanked by region, or that and what OCR sees."),
    "faces": click.option("--faces", type=click.Choice(["hold", "accept"]),
                          help="What becomes of pictures that may show a face."),
    "key_env": click.option("--key-env", metavar="NAME", help="The variable that holds the key."),
    "key_file": click.option("--key-file", type=click.Path(),
                             help="The file that holds the key, mode 0600."),
    "subject_key": click.option("--subject-key", multiple=True, metavar="[GLOB=]KEY",
                                help="Whose record it is: a column, /json/pointer, name:REGEX or"
                                " text:REGEX; may be repeated."),
    "vault": click.option("--vault", type=click.Path(path_type=Path),
                          help="The vault that keeps codes and surrogates; see phisweep vault."),
    "reference_date": click.option("--reference-date", metavar="YYYY[-MM-DD]",
                                   help="Ages are reckoned at this date; default: today."),
}  # fmt: skip
_MANY = ("include", "exclude", "subject_key")


#: Options of runs that write copies.
COPIES = ("subject_key", "vault", "pixels", "faces")
#: Options of runs over many files.
RUNNERS = ("runner", "master")


def common(*names: str) -> Callable[[F], F]:
    """Add the options of these names, or all that runs share; what is left out is not given."""

    def add(function: F) -> F:
        for name in reversed(names or tuple(n for n in _COMMON if n not in (*COPIES, *RUNNERS))):
            function = _COMMON[name](function)
        return function

    return add


def nothing_given(**given: Any) -> dict[str, Any]:
    """Return the common options as they are where none is given, with these over them."""
    return {name: () if name in _MANY else None for name in _COMMON} | given


def configured(
    paths: Sequence[str], given: dict[str, Any], otherwise: Sequence[str] = ()
) -> tuple[Config, tuple[str, ...]]:
    """
    Return the effective configuration and the paths: given, else those of the configuration.

    `otherwise` are those where neither says any. Takes the common options out of `given`. Raises UsageError.
    """
    given |= {name: value for name, value in nothing_given().items() if name not in given}
    path = find_config(paths[0] if paths else None, given.pop("config"))
    files = {
        key: value
        for key, value in (
            ("max-file-size", given.pop("max_file_size")),
            ("encoding", given.pop("encoding")),
        )
        if value is not None
    }
    names = ("profile", "engine", "include", "exclude", "jobs", "min_score", "strict", "on_skip",
             "pixels", "faces", "runner", "master")  # fmt: skip
    overrides: dict[str, Any] = {name.replace("_", "-"): given.pop(name) for name in names}
    keys = given.pop("subject_key", ())
    if keys:
        overrides["subject-key"] = _subject_keys(keys)
    if "fail_on" in given:
        overrides["fail-on"] = given.pop("fail_on")
    config = load_config(path, overrides)
    if files:
        merged = {**config.files.model_dump(by_alias=True), **files}
        config = config.model_copy(update={"files": type(config.files).model_validate(merged)})
    chosen = tuple(paths) or config.paths or tuple(otherwise)
    if not chosen:
        raise UsageError("E107", "no PATH was given", todo="Name files, folders, globs, or -.")
    return config, chosen


def _subject_keys(given: Sequence[str]) -> dict[str, list[str]]:
    """Return keys by pattern of file names: `GLOB=KEY`, or a KEY of all files."""
    keys: dict[str, list[str]] = {}
    for written in given:
        glob, equals, key = written.partition("=")
        # Of `/patient/id` and `name:a=(b)` nothing before an equals sign is a file's name.
        if not equals or (any(sign in glob for sign in ":/(") and "." not in glob):
            glob, key = "*", written
        keys.setdefault(glob, []).append(key)
    return keys


def vault_of(given: dict[str, Any], key: Key, key_file: str | None) -> tuple[Vault | None, Key]:
    """
    Return the vault that the options name, and the key of the run: the vault's own where it is.

    Raises UsageError where the key would die with the run, ComponentError where the vault cannot
    be opened.
    """
    path = given.pop("vault", None)
    if path is None:
        return None, key
    if not key.kept:
        raise UsageError("E136", "a vault needs its key", todo="Give --key-file or --key-env.")
    from phisweep.transform.vault import Vault, check_apart  # noqa: PLC0415 - not for a scan

    check_apart(path, Path(key_file) if key_file else None)
    vault = Vault.open(path, key)
    return vault, vault.key


def key_of(given: dict[str, Any]) -> Key:
    """Return the key that the options name, or one drawn for this run."""
    name, file = given.pop("key_env"), given.pop("key_file")
    if name and file:
        raise UsageError("E108", "--key-env and --key-file exclude each other")
    if name:
        return key_from_environment(name)
    return key_from_file(Path(file)) if file else Key.draw()


def reference_year(given: dict[str, Any]) -> int:
    """Return the year of --reference-date, 0 where it was not given."""
    value = given.pop("reference_date")
    if value is None:
        return 0
    try:
        day = dt.date.fromisoformat(value if len(value) != len("YYYY") else f"{value}-01-01")
    except ValueError:
        day = dt.date.min
    if not 1900 <= day.year <= 2200:  # noqa: PLR2004
        raise UsageError("E109", "--reference-date is not YYYY or YYYY-MM-DD")
    return day.year


class Group(click.Group):
    """A command of several; each is listed with its whole first sentence."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, nothing cut off."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        told = [(name, each.help or "") for name, each in found if each and not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, " ".join(words.partition("\n\n")[0].split())) for name, words in told]
            )


def style_of(*, true_names: bool) -> Style:
    """Return what standard output can show. NO_COLOR, FORCE_COLOR and TERM=dumb are honoured."""
    terminal = sys.stdout.isatty()
    dumb = os.environ.get("TERM") == "dumb" or os.environ.get("NO_COLOR")
    colour = bool(os.environ.get("FORCE_COLOR") or (terminal and not dumb))
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    told = os.environ.get("COLUMNS", "")
    width = int(told) if told.isdigit() else 0
    if not width and terminal:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    width = width or 80  # a terminal that does not know its own says 0
    return Style(width=width, colour=colour, unicode=unicode, true_names=true_names and terminal)


def may_reveal(*, to_file: bool) -> None:
    """Raise UsageError unless values would go to a person's terminal and nowhere else."""
    if not sys.stdout.isatty() or os.environ.get("CI") or to_file:
        raise UsageError(
            "E119",
            "--reveal shows values on a terminal only, never in CI, a pipe or a file",
        )


def chosen_rules(
    letters: Sequence[str], rules: Sequence[str], ignored: Sequence[str]
) -> tuple[str, ...] | None:
    """
    Return the identifiers and single rules that are asked for, None for all.

    That a single rule ("ssn/dashed") is there is seen when the rules are loaded. Raises UsageError.
    """
    wrong = [letter for letter in letters if letter.upper() not in LETTERS]
    beside = tuple(f"{family}/" for family in BESIDE)
    named = [rule for rule in (*rules, *ignored) if not rule.startswith(beside)]
    unknown = [rule for rule in named if rule.partition("/")[0] not in IDENTIFIERS]
    if wrong or unknown:
        known = ", ".join(IDENTIFIERS)
        raise UsageError("E120", "no such letter or rule", todo=f"Letters A to R; rules: {known}.")
    if not rules and not letters:
        return None
    wanted = {letter.upper() for letter in letters}
    return (*(i for i, letter in IDENTIFIERS.items() if letter in wanted), *rules)


def status_of(run: Run, config: Config) -> int:
    """Return the exit status of a scan: 1 findings, 3 something was not read, 0 neither."""
    if config.fail_on != "none":
        worst = SEVERITIES.index(config.fail_on)
        for outcome in run.outcomes:
            if any(SEVERITIES.index(t.severity) >= worst for t in outcome.tallies):
                return 1
    return 3 if unread(run, config) else 0


def unread(run: Run, config: Config) -> bool:
    """
    Say whether a source was not read whole, or was skipped where that counts.

    What was excluded does not; what no format reads, and what was read and held back, does.
    """
    skipped = any(o.status == "skipped" and (o.error or o.format) for o in run.outcomes)
    return run.incomplete or (skipped and config.on_skip == "fail")
