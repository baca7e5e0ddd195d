"""The documents say what is there: tables are those of the rules, commands run, links lead on."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from importlib.util import find_spec

import click
import presidio_analyzer
import pytest
import yaml
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpEngineProvider
from presidio_analyzer.recognizer_registry import RecognizerRegistry
from pydantic_core import PydanticUndefined
from pydicom.data import get_testdata_file

import phisweep
from documents import (
    CODE,
    FENCE,
    GENERATED,
    METHODS,
    PAGES,
    ROOT,
    SOURCE,
    TABLES,
    anchor,
    blocks,
    code_in,
    commands,
    page,
    raised,
    regenerated,
    rows,
)
from phisweep import errors, marks
from phisweep.cli import _output, cli, main
from phisweep.config import ColumnTreatment, Config, load_config
from phisweep.decide import check_policy
from phisweep.detect.names.spans import GROUPS
from phisweep.detect.presidio import FAMILIES
from phisweep.detect.presidio.engine import Blank
from phisweep.filed import Model
from phisweep.formats import base as formats
from phisweep.report.findings import KEYS
from phisweep.ruleset.load import load_policy, load_ruleset
from phisweep.ruleset.schema import PatternEntry, PolicyFile, RuleFile, Treatment
from phisweep.site import site_rules, with_columns
from phisweep.transform.operators import names

EXITS = {"1": 2, "2": 3, "3": 3, "4": 4, "5": 5, "6": 6, "7": 70}
#: Codes with several wordings, which all say the one thing that docs/errors.md says of them.
WORDINGS = {
    "E101": 3, "E104": 2, "E105": 2, "E106": 2, "E110": 2, "E112": 2, "E118": 2, "E120": 2,
    "E122": 3, "E127": 2, "E129": 3, "E150": 2, "E152": 3, "E156": 2, "E160": 2, "E161": 2, "E174": 4,
    "E175": 2, "E183": 2, "E187": 4, "E201": 3, "E202": 2, "E203": 9, "E204": 2, "E205": 2,
    "E206": 2, "E210": 4, "E211": 6, "E216": 2, "E218": 9, "E224": 2, "E229": 2, "E238": 3,
    "E239": 3, "E240": 3, "E241": 5, "E247": 3, "E249": 2, "E250": 2, "E252": 8, "E255": 3,
    "E259": 2, "E260": 3, "E265": 3, "E266": 2, "E408": 2, "E410": 2, "E411": 2, "E421": 2, "E705": 2,
}  # fmt: skip
#: Options of other programs that the documents name.
FOREIGN = {"--update-golden"}


# Tables


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_generated_tables_are_those_of_the_rules(path):
    text = path.read_text(encoding="utf-8")
    assert text == regenerated(text), "write them again: python tests/documents.py"


def test_every_generated_table_stands_in_a_page():
    found = [match[1] for path in PAGES for match in GENERATED.findall(path.read_text())]
    assert sorted(found) == sorted(TABLES)


def test_the_readme_has_a_row_for_every_letter():
    assert {row[0] for row in rows(page("README.md"))} >= {f"({x})" for x in "ABCDEFGHIJKLMNOPQR"}


def keys_of(model, at=""):
    """Every key of the configuration, by its path, with its default as TOML writes it."""
    for name, entry in model.model_fields.items():
        key = at + (entry.alias or name)
        kind = {"columns": ColumnTreatment, "treatments": Treatment}.get(key)
        if isinstance(entry.default, Model):
            yield key, "below"
            yield from keys_of(type(entry.default), f"{key}.")
        elif key == "patterns":
            yield key, "`[]`"
            yield from keys_of(Config.model_fields["patterns"].annotation.__args__[0], f"{key}.*.")
        else:
            yield key, shown(entry.default)
            if kind:
                yield from keys_of(kind, f"{key}.*.*." if key == "columns" else f"{key}.*.")


def shown(default):
    if default is PydanticUndefined:
        return "required"
    return "not set" if default is None else f"`{json.dumps(default)}`"


def test_every_key_of_the_configuration_is_told_with_its_default():
    told = {row[0].strip("`"): row[1] for row in rows(page("docs/configuration.md"))}
    assert told == dict(keys_of(Config))


@pytest.mark.parametrize("name", ["README.md", "docs/configuration.md", "docs/names-model.md"])
def test_the_configurations_shown_can_be_followed(name, tmp_path):
    shown_files = list(blocks(page(name), "toml"))
    assert shown_files
    for text in shown_files:
        path = tmp_path / "phisweep.toml"
        path.write_text(text, encoding="utf-8")
        config = load_config(path, {})
        ruleset = load_ruleset()
        policy = with_columns(load_policy(config.profile, ruleset), config)
        check_policy(policy, ruleset.operators, available=names())
        assert len(site_rules(config)) == len(config.patterns)


def test_settings_without_effect_are_called_so():
    ruleset = load_ruleset()
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    settings = {name for m in METHODS for name in load_policy(m, ruleset).settings}
    read = set(re.findall(r'settings(?:\[|\.get\()"([\w-]+)"', code))
    idle = settings - read
    line = re.search(
        r"also carry the settings (.*?)\. They are \*\*without", page("docs/policies.md")
    )
    assert set(re.findall(r"`([\w-]+)`", line[1] if line else "")) == idle


def test_the_keys_of_a_finding_are_told_in_their_order():
    text = page("docs/output.md").partition("## A finding")[2].partition("## ")[0]
    told = [key for row in rows(text) for key in re.findall(r"`(\w+)`", row[0])]
    assert told == list(KEYS)


def test_the_formats_of_output_are_told():
    text = page("docs/output.md").partition("## A finding")[0]
    assert {row[0].strip("`") for row in rows(text)} == set(_output.formats())


def test_every_extra_that_a_format_wants_is_one_that_there_is():
    extras = tomllib.loads(page("pyproject.toml"))["project"]["optional-dependencies"]
    wanted = {format_.extra for format_ in formats.load().values()} - {""}
    assert wanted <= set(extras)
    assert wanted <= set(re.findall(r"phisweep\[(\w+)\]", page("docs/formats.md")))


@pytest.mark.parametrize("name", ["README.md", "docs/output.md"])
def test_every_exit_status_is_told(name):
    told = {int(row[0]) for row in rows(page(name)) if row[0].isdigit()}
    kinds = {kind.status for kind in vars(errors).values() if hasattr(kind, "status")}
    assert told == kinds | {0, 1, 130}


@pytest.mark.parametrize(
    "row", [r for r in rows(page("README.md")) if r[0].startswith("`")], ids=str
)
def test_before_and_after_in_the_readme(row, detector):
    if len(row) != 2 or row[0].startswith("`."):
        pytest.skip("another table")
    before, expected = (cell.strip("`") for cell in row)
    after = detector.deidentify_text(before)[0]
    assert by_code(after) == by_code(expected.replace("<=1936", marks.on_or_before(cap(after))))


@pytest.fixture(scope="module")
def detector():
    return phisweep.Detector()


def cap(after):
    found = re.search(r"<=(\d{4})", after)
    return int(found[1]) if found else 1936


def by_code(text):
    """Codes by the order in which they first stand."""
    seen = {}
    return re.sub(r"-[B-Z]{10}\]", lambda match: f"-{seen.setdefault(match[0], len(seen))}]", text)


# Errors


def told_errors():
    return [row for row in rows(page("docs/errors.md")) if CODE.fullmatch(row[0])]


def test_every_code_that_is_raised_is_told_once_and_no_other():
    told = [row[0] for row in told_errors()]
    assert told == sorted(raised())


def test_every_told_code_has_a_meaning_and_advice():
    assert all(len(row) == 3 and row[1].endswith(".") and row[2] for row in told_errors())
    meanings = [row[1] for row in told_errors()]
    assert len(set(meanings)) == len(meanings)


def test_a_code_has_one_meaning():
    found = {code: len(wordings - {""}) for code, (_, wordings) in raised().items()}
    several = {code: n for code, n in found.items() if n > 1}
    assert several == WORDINGS, "a new wording needs a code of its own, unless it says the same"


@pytest.mark.parametrize("code", sorted(raised()))
def test_a_code_has_one_exit_status_that_of_its_hundred(code):
    statuses = {kind.status for kind in raised()[code][0]}
    assert statuses <= {EXITS[code[1]]}


# Commands


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the sample data, a small cut of it as data/, and what the documents name."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    for note in (tmp_path / "sample_data" / "notes").iterdir():
        if note.name not in {"ed_note.txt", "intake_form.txt"}:
            note.unlink()
    shutil.copytree(tmp_path / "sample_data" / "notes", tmp_path / "data" / "notes")
    for name in ("patients.csv", "messages.jsonl"):
        lines = (tmp_path / "sample_data" / name).read_text(encoding="utf-8").splitlines(True)
        (tmp_path / "data" / name).write_text("".join(lines[:4]), encoding="utf-8")
    (tmp_path / "study").mkdir()
    for name in ("CT_small.dcm", "SC_rgb_small_odd.dcm"):
        shutil.copy(get_testdata_file(name), tmp_path / "study")
    key = tmp_path / "site.key"
    key.write_bytes(b"a secret of a site, invented")
    key.chmod(0o600)
    (own,) = [b for b in blocks(page("docs/policies.md"), "yaml") if "presidio-mask" in b]
    (tmp_path / "our-release.yaml").write_text(own, encoding="utf-8")
    refused = own.replace("method: expert", "method: safe-harbor")
    refused = refused.replace("extends: expert", "extends: safe-harbor")
    (tmp_path / "not-permitted.yaml").write_text(refused, encoding="utf-8")
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def status(*arguments):
    try:
        main(arguments)
    except SystemExit as left:
        return left.code
    raise AssertionError("the command did not exit")


WITH_COMMANDS = [path for path in PAGES if list(commands(path))]


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=lambda path: path.name)
@pytest.mark.usefixtures("workplace")
def test_every_command_runs_and_exits_as_promised(path, capsys):
    if path.name == "scale.md" and not (find_spec("pyspark") and shutil.which("java")):
        pytest.skip("pyspark or Java is absent: pip install 'phisweep[spark]', and Java 17")
    if path.name == "imaging.md" and not shutil.which("tesseract"):
        pytest.skip("tesseract is absent: apt-get install tesseract-ocr")
    for line, expected in commands(path):
        if line == "pip install phisweep":
            continue
        if line.startswith("phisweep "):
            got = status(*shlex.split(line)[1:])
        else:
            shell = f'phisweep() {{ "{sys.executable}" -m phisweep "$@"; }}\n{line}'
            got = subprocess.run(["bash", "-c", shell], capture_output=True, check=False).returncode
        assert got == expected, "\n".join((line, *(text[-500:] for text in capsys.readouterr())))


@pytest.mark.usefixtures("workplace")
def test_the_hooks_of_the_documents_are_ours():
    known = {hook["id"] for hook in yaml.safe_load(page(".pre-commit-hooks.yaml"))}
    for name in ("README.md", "docs/gate.md"):
        (shown,) = [b for b in blocks(page(name), "yaml") if "hooks" in b]
        data = yaml.safe_load(shown)
        repositories = data["repos"] if isinstance(data, dict) else data
        assert {hook["id"] for each in repositories for hook in each["hooks"]} <= known


def test_the_policy_of_the_readme_is_one_that_its_method_permits(tmp_path):
    (body,) = [b for b in blocks(page("README.md"), "yaml") if "treatments:" in b]
    (tmp_path / "study.yaml").write_text(body, encoding="utf-8")
    ruleset = load_ruleset()
    policy = load_policy(str(tmp_path / "study.yaml"), ruleset)
    check_policy(policy, ruleset.operators, available=names())
    assert {t.operator for t in policy.treatments.values()} >= {"surrogate", "date-shift"}


@pytest.mark.usefixtures("workplace")
def test_the_python_of_the_readme_answers_as_shown():
    (body,) = blocks(page("README.md"), "pycon")
    test = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def known_options():
    found = {"--help", "--version"}
    pending = [cli]
    while pending:
        command = pending.pop()
        found |= {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                pending += [command.get_command(context, n) for n in command.list_commands(context)]
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_document_names_an_option_that_there_is_not(path):
    named = {
        option
        for code in code_in(path.read_text(encoding="utf-8"))
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)
    }
    assert named <= known_options() | FOREIGN


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_document_names_a_command_that_there_is_not(path):
    context = click.Context(cli)
    for code in code_in(path.read_text(encoding="utf-8")):
        for name, more in re.findall(
            r"(?<![\w/.\]-])phisweep ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?", code
        ):
            assert name in cli.list_commands(context), code
            command = cli.get_command(context, name)
            if isinstance(command, click.Group) and more:
                assert more in command.commands, code


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_document_names_a_target_of_make_that_there_is_not(path):
    targets = set(re.findall(r"^(\w+):.*##", page("Makefile"), re.MULTILINE))
    for code in code_in(path.read_text(encoding="utf-8")):
        named = re.findall(r"(?:^|\s)make ([a-z]+(?: [a-z]+)*)$", code, re.MULTILINE)
        assert {target for line in named for target in line.split()} <= targets


# Links and paths


def anchors(path):
    for title in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        yield anchor(title)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path):
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), target
        assert not anchor or anchor in set(anchors(there)), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_document_names_a_file_that_there_is_not(path):
    for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", FENCE.sub("", path.read_text("utf-8"))):
        if name.partition("/")[0] in {"src", "rules", "tests", "docs", "sample_data", "benchmarks"}:
            assert (ROOT / name).exists() or name == "benchmarks/out/", name
        if name.startswith(("formats/", "ruleset/", "detect/", "transform/", "report/")):
            assert (SOURCE / name).exists(), name


def test_the_picture_of_the_report_is_a_small_picture():
    data = (ROOT / "docs" / "images" / "report.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) <= 200_000


# Files that the documents show


def test_the_rule_that_is_taken_apart_is_one():
    (text, *_) = blocks(page("docs/add-a-rule.md"), "yaml")
    data = yaml.safe_load(text)
    rule = RuleFile.model_validate(data)
    assert any(isinstance(entry, PatternEntry) for entry in rule.detect)
    named = set(re.findall(r"`(\w+)`", "".join(row[0] for row in rows(page("docs/add-a-rule.md")))))
    assert named >= set(RuleFile.model_fields) - {"title", "severity"}


def test_the_operator_that_is_shown_is_the_one_that_is_built():
    (shown_code,) = blocks(page("docs/add-an-operator.md"), "python")
    built = SOURCE / "transform" / "operators" / "redact.py"
    assert shown_code == built.read_text(encoding="utf-8")
    (law,) = blocks(page("docs/add-an-operator.md"), "yaml")
    entry = yaml.safe_load(law)["redact"]
    assert load_ruleset().operators["redact"].model_dump(include=set(entry), mode="json") == entry


def test_every_member_of_a_format_is_told():
    text = page("docs/add-a-format.md")
    told = set(re.findall(r"`(\w+)(?:\([\w, ]*\))?`", "".join(row[0] for row in rows(text))))
    kinds = (formats.Format, formats.Document, formats.Part, formats.Chunk)
    owed = {m for kind in kinds for m in (*vars(kind), *kind.__annotations__) if m[0] != "_"}
    assert told == owed


def test_every_key_of_a_policy_is_told():
    text = page("docs/policies.md").partition("## A policy of your own")[2]
    told = {key for row in rows(text) for key in re.findall(r"`(\w+)`", row[0])}
    assert told == set(PolicyFile.model_fields)


def test_the_transformers_configuration_that_is_shown_is_one_of_presidio(tmp_path):
    (shown_file, _) = blocks(page("docs/names-model.md"), "yaml")
    path = tmp_path / "transformers.yaml"
    path.write_text(shown_file, encoding="utf-8")
    provider = NlpEngineProvider(conf_file=path)
    assert provider.nlp_configuration == yaml.safe_load(shown_file)
    settings = provider.nlp_configuration["ner_model_configuration"]
    mapping = NerModelConfiguration.from_dict(settings).model_to_presidio_entity_mapping
    assert set(mapping.values()) - {"ID"} <= set(FAMILIES)


@pytest.mark.parametrize("number", [0, 1])
def test_the_python_of_the_names_model_runs(number, monkeypatch, capsys):
    monkeypatch.setattr(  # the pipeline that it takes by default may not be installed
        presidio_analyzer,
        "AnalyzerEngine",
        partial(
            presidio_analyzer.AnalyzerEngine,
            nlp_engine=Blank("en"),
            registry=RecognizerRegistry(supported_languages=["en"]),
        ),
    )
    importlib.import_module("phisweep.pipe")  # where phisweep is not installed
    space = {}
    exec(list(blocks(page("docs/names-model.md"), "python"))[number], space)  # noqa: S102 - ours
    if number == 0:
        text = "Patient Jane Doe, SSN 219-09-9999"
        found = {(r.entity_type, text[r.start : r.end]) for r in space["results"]}
        assert {("PHI_NAME", "Jane Doe"), ("PHI_SSN", "219-09-9999")} <= found
    else:
        assert "name" in capsys.readouterr().out


def test_every_finding_of_the_names_model_is_told():
    told = {
        row[0].strip("`") for row in rows(page("docs/names-model.md")) if "names-model/" in row[0]
    }
    assert told == {f"names-model/{label.lower()}" for label in set(GROUPS) - {"FACILITY"}}
