"""What `--help` and completion promise to somebody who is new here."""

import os
import subprocess
import sys

import pytest

from phisweep.cli import SECTIONS, cli


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
