"""What `--help` and completion promise to somebody who is new here."""

import os
import subprocess
import sys

import pytest

from phisweep.cli import SECTIONS, _options, cli


def test_every_command_stands_in_one_section_with_its_whole_first_sentence(run):
    named = [name for names in SECTIONS.values() for name in names]
    assert sorted(named) == cli.list_commands(None)
    shown = run("--help").out
    assert "..." not in shown.partition("Begin with")[0].replace("[ARGS]...", "")
    assert [title for title in SECTIONS if f"\n{title}:\n" not in shown] == []


@pytest.mark.parametrize("name", cli.list_commands(None))
def test_every_option_says_what_it_does_and_no_line_is_wider_than_a_terminal(run, name):
    command = cli.get_command(None, name)
    options = [p for p in command.params if p.param_type_name == "option"]
    assert [p.name for p in options if not p.help and not p.hidden] == []
    assert [line for line in run(name, "--help").out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("typed", "word", "offered"),
    [("phisweep si", 1, "signoff"), ("phisweep scan --eng", 2, "--engine"),
     ("phisweep scan --engine ", 3, "rules")],
)  # fmt: skip
def test_a_shell_is_offered_commands_options_and_their_values(typed, word, offered):
    asked = {"_PHISWEEP_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(word)}
    program = "import sys; sys.argv[0] = 'phisweep'; from phisweep.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **asked}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert f"plain,{offered}" in done.stdout.splitlines()


@pytest.mark.parametrize("name", ["baseline", "rules", "vault"])
def test_a_command_of_several_lists_each_with_its_whole_first_sentence(run, name):
    assert "..." not in run(name, "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("told", "terminal", "colour", "width"),
    [
        ({}, True, True, 80),
        ({"NO_COLOR": "1"}, True, False, 80),
        ({"NO_COLOR": ""}, True, True, 80),
        ({"FORCE_COLOR": ""}, False, False, 80),
        ({"FORCE_COLOR": "1"}, False, True, 80),
        ({"TERM": "dumb"}, True, False, 80),
        ({"COLUMNS": "40"}, True, True, 40),
        ({"COLUMNS": "40"}, False, False, 40),
    ],
)
def test_what_the_environment_says_of_the_terminal_is_heeded(
    monkeypatch, told, terminal, colour, width
):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", **told}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    nowhere = os.terminal_size((0, 0))  # as a terminal says that does not know
    monkeypatch.setattr(_options.os, "get_terminal_size", lambda _: nowhere)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    style = _options.style_of(true_names=False)
    assert (style.colour, style.width) == (colour, width)


def test_a_rendering_is_utf_8_whatever_standard_output_is(tmp_path):
    (tmp_path / "größe.txt").write_text("SSN 987-65-4320")
    command = [sys.executable, "-m", "phisweep", "scan", ".", "--engine", "rules", "--format"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for name in ("csv", "junit", "text"):
        done = subprocess.run(
            [*command, name], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 1
        assert ("größe.txt" in done.stdout.decode()) is (name != "text")
