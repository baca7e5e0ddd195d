"""What is shipped: a wheel with the rules in it, one version, pinned versions that fit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"(?m)^## \[(.+?)\](?: - (.+))?$", CHANGELOG)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of what it is built from, so that the checkout stays clean."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("out")
    for name in ("pyproject.toml", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, tree / name)
    readme = ROOT / "README.md"
    (tree / "README.md").write_text(readme.read_text(encoding="utf-8") if readme.is_file() else "")
    shutil.copytree(
        ROOT / "src", tree / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    for name in ("rules", "models"):
        shutil.copytree(ROOT / name, tree / name)
    builder = WheelBuilder(str(tree))
    path = next(builder.build(directory=str(out), versions=["standard"]))
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.mark.parametrize("folder", ["rules", "models"])
def test_the_wheel_ships_every_rule_and_model_as_it_stands(wheel, folder):
    ours = {
        f"phisweep/_{folder}/{path.relative_to(ROOT / folder).as_posix()}": path.read_bytes()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    shipped = {name: wheel.read(name) for name in wheel.namelist() if f"/_{folder}/" in name}
    assert shipped == ours


def test_the_models_of_the_wheel_are_small(wheel):
    sizes = {entry.filename: entry.file_size for entry in wheel.infolist()}
    models = {name: size for name, size in sizes.items() if name.startswith("phisweep/_models/")}
    assert "phisweep/_models/names/names.onnx" in models
    assert sum(models.values()) <= 25_000_000


def test_the_wheel_gives_spacy_its_component_and_finds_its_own_rules_and_model(wheel, tmp_path):
    wheel.extractall(tmp_path)
    program = (
        "import spacy, phisweep, phisweep.detect.names.store as store;"
        "assert phisweep.__file__.startswith(%r);"
        "assert store.default_folder().parts[-2:] == ('_models', 'names');"
        "nlp = spacy.blank('en'); nlp.add_pipe('phisweep');"
        "doc = nlp('Patient Ulrica Penhallow, SSN 219-09-9999');"
        "assert {'name'} <= {s.label_ for s in doc.spans['phi']}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program % str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_wheel_ships_every_file_of_the_package(wheel):
    source = ROOT / "src" / "phisweep"
    ours = {
        f"phisweep/{path.relative_to(source).as_posix()}"
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= set(wheel.namelist())
    assert "phisweep/py.typed" in wheel.namelist()


def test_the_wheel_names_licence_and_command(wheel):
    names = wheel.namelist()
    licence = next(name for name in names if name.endswith("licenses/LICENSE"))
    assert wheel.read(licence) == (ROOT / "LICENSE").read_bytes()
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "phisweep = phisweep.cli:main" in wheel.read(entry_points).decode()
    assert (
        "[spacy_factories]\nphisweep = phisweep.pipe:component" in wheel.read(entry_points).decode()
    )


def test_the_wheel_holds_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"phisweep", f"phisweep-{HEADINGS[1][0]}.dist-info"}


def test_the_changelog_starts_with_what_is_not_released():
    assert HEADINGS[0] == ("Unreleased", "")


def test_the_version_is_the_newest_heading_of_the_changelog():
    pattern = PROJECT["tool"]["hatch"]["version"]["pattern"]
    newest, day = HEADINGS[1]
    assert re.search(pattern, CHANGELOG)["version"] == newest
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)
    try:
        installed = version("phisweep")
    except PackageNotFoundError:
        pytest.skip("phisweep is not installed: it runs from the checkout")
    assert installed == newest


def test_every_version_of_the_changelog_tells_of_rules_first():
    for part in re.split(r"(?m)^## \[", CHANGELOG)[2:]:
        assert re.findall(r"(?m)^### (\w+)", part)[0] == "Rules"


def pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def required():
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"].get("optional-dependencies", {})
    named = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["build-system"]["requires"],
        *(each for group in (*groups.values(), *extras.values()) for each in group),
    ]
    return [
        requirement for requirement in map(Requirement, named) if requirement.name != "phisweep"
    ]


def test_every_constraint_is_one_exact_version():
    for pin in pinned().values():
        assert [specifier.operator for specifier in pin.specifier] == ["=="]


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_every_requirement_is_pinned_to_a_version_that_it_allows(requirement):
    pin = pinned()[canonicalize_name(requirement.name)]
    number = next(iter(pin.specifier)).version
    assert requirement.specifier.contains(number, prereleases=True)


def test_the_extra_all_holds_every_other_extra_but_that_of_a_cluster():
    extras = PROJECT["project"]["optional-dependencies"]
    everything = set(extras["all"])
    assert all(
        set(needs) <= everything or f"phisweep[{name}]" in everything
        for name, needs in extras.items()
        if name != "spark"  # 400 MB, and useless without Java
    )


def make(*arguments, **variables):
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@needs_make
def test_make_help_names_every_target():
    phony = re.search(r"(?m)^\.PHONY: (.*)$", (ROOT / "Makefile").read_text())[1].split()
    done = make("help")
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == phony


@needs_make
def test_make_says_kindly_that_there_is_no_python(tmp_path):
    done = make(f"VENV={tmp_path / 'venv'}", "PYTHON=/nonexistent/python", "run")
    assert done.returncode != 0
    assert "phisweep needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / "venv").exists()


@needs_make
def test_make_run_leaves_alone_a_folder_that_it_did_not_write(tmp_path):
    venv, out = tmp_path / "venv", tmp_path / "out"
    out.mkdir()
    (out / "theirs.txt").write_text("kept")
    venv.mkdir()
    for stamp in (
        ".venv",
        f".installed-{HEADINGS[1][0]}",
    ):  # an environment that is set up, as far as make can see
        (venv / stamp).touch()
    done = make(f"VENV={venv}", f"OUT={out}", "run")
    assert done.returncode != 0
    assert "holds no report of phisweep" in done.stderr
    assert (out / "theirs.txt").read_text() == "kept"
