"""What is not asked for is not imported: the rules-only path starts at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from phisweep.cli import _searching
from phisweep.formats import base
from phisweep.gate import allowed
from phisweep.report import moved
from phisweep.transform import operators, shifting

HEAVY = ("presidio_analyzer", "presidio_anonymizer", "spacy", "pandas", "torch", "transformers")
#: Packages of formats, none of which a text or a table needs.
INNER = tuple(
    f"phisweep.formats.{name}"
    for name in (
        *("container", "database", "edi", "hl7", "message", "notebooks", "office"),
        *("paged", "resources", "richtext", "trees", "typed", "within", "workbook", "xmlish"),
        *("embedded", "markup", "scribe", "tokens", "zips"),
    )
)
PROGRAM = """
import sys
{}
{}
print([name for name in {!r} if name in sys.modules])
"""


@pytest.mark.parametrize(
    "body",
    [
        "import phisweep",
        "import phisweep.cli",
        "import phisweep; assert phisweep.scan_text('') == []",
        "from phisweep.cli import cli; cli.main(['scan', 'x.txt', '--engine', 'rules'], standalone_mode=False)",
        "from phisweep.cli import cli; cli.main(['scan', 'x.csv', '--engine', 'rules'], standalone_mode=False)",
        "from phisweep.cli import cli; cli.main(['deid', 'x.csv', '--engine', 'rules', '-o', 'out'], standalone_mode=False)",
        "from phisweep.cli import cli; cli.main(['scan', 'x.txt', '--engine', 'full'], standalone_mode=False)",
    ],
)
def test_neither_presidio_nor_spacy_nor_pandas_is_imported(tmp_path, rules_folder, body):
    rules = (
        "import pathlib, phisweep.ruleset.load as load;"
        f"load.default_folder = lambda: pathlib.Path({str(rules_folder)!r})"
    )
    if body.startswith("import phisweep") and ";" not in body:
        rules = ""
    (tmp_path / "x.txt").write_text("nothing here")
    rows = "".join(f"{i},2019-03-{i % 28 + 1:02},K{i}\n" for i in range(99))
    (tmp_path / "x.csv").write_text("mrn,dob,ward\n" + rows)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(rules, body, HEAVY)],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_import_phisweep_alone_loads_nothing_of_ours_either():
    body = "import phisweep; mine = [m for m in sys.modules if m.startswith('phisweep.')]; assert not mine, mine"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format("", body, HEAVY)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["x.txt", "x.csv", "long.txt"])
def test_scanning_a_text_or_a_table_imports_no_other_format(tmp_path, rules_folder, name):
    (tmp_path / "x.txt").write_text("nothing here")
    (tmp_path / "x.csv").write_text("a,b\nx,y\n")
    (tmp_path / "long.txt").write_text("Nothing is in this line of text.\n" * 5_000)
    body = (
        "import pathlib, phisweep.ruleset.load as load;"
        f"load.default_folder = lambda: pathlib.Path({str(rules_folder)!r});"
        "from phisweep.cli import cli;"
        f"cli.main(['scan', {name!r}, '--engine', 'rules'], standalone_mode=False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format("", body, INNER)],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_is_kept_from_loading_is_no_format():
    for name in base._HELP:
        assert "register(" not in (Path(base.__file__).parent / f"{name}.py").read_text(), name


#: What a search by rules pays for nowhere: what checks files, and parses what is kept, and others.
COSTLY = (
    "pydantic", "pydantic_core", "yaml", "pyarrow", "numpy", "importlib.metadata", "email",
    "sqlglot", "jinja2", "multiprocessing", "asyncio", "ssl", "http",
)  # fmt: skip
CONFIGURATION = """\
engine = "rules"
fail-on = "high"
exclude = ["*.bak"]
jobs = 1
[columns."visits.csv"]
arm = { action = "keep", reason = "randomisation" }
"""


@pytest.mark.parametrize("arguments", [["scan", "--engine", "rules"], ["gate"]])
@pytest.mark.parametrize("configuration", ["", CONFIGURATION])
def test_a_search_of_a_text_by_rules_needs_nothing_costly(
    tmp_path, rules_folder, arguments, configuration
):
    (tmp_path / "x.txt").write_text("SSN 219-09-9999 on file")
    if configuration:
        (tmp_path / "phisweep.toml").write_text(configuration)
    body = (
        "import pathlib, phisweep.ruleset.load as load;"
        f"load.default_folder = lambda: pathlib.Path({str(rules_folder)!r});"
        "from phisweep.cli import cli;"
        f"cli.main([*{arguments!r}, 'x.txt', '--format', 'text'], standalone_mode=False)"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = []
    for _ in range(2):  # the first one makes what is kept between runs
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format("", body, COSTLY)],
            capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.splitlines())
    assert "'pydantic'" in told[0][-1]  # what the list names is what would be seen
    assert told[1][-1] == "[]"
    assert any("ssn" in line for line in told[1])
    assert told[0][:5] == told[1][:5]


def test_what_stands_twice_so_that_a_module_need_not_be_imported_is_the_same():
    assert _searching._ALLOWED == allowed.NAME
    assert moved.SHIFT == shifting.PURPOSE
    folder = Path(operators.__file__).parent
    marked = {path.stem for path in folder.glob("*.py") if "\n@coarsening" in path.read_text()}
    assert {*operators.load()} >= operators.COARSE == marked
