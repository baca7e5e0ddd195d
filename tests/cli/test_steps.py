"""What all steps after a run have in common: signed, they keep a release whole for who trusts a key."""

import json

import pytest

from phisweep.cli import cli

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"
TABLE = "age,zip3,ssn\n" + "".join(
    f"{30 + n % 3},02{n % 2},987-65-43{n % 10}1\n" for n in range(60)
)
STEPS = {
    "canary": ["data", "--engine", "rules", "--per-letter", "1"],
    "evaluate": ["gold.jsonl", "--engine", "rules", "--draws", "10"],
    "risk": ["data/t.csv", "--qi", "age,zip3", "--no-suggest"],
}


@pytest.fixture
def release(run, deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.txt").write_text(NOTE)
    (tmp_path / "data" / "t.csv").write_text(TABLE)
    gold = {
        "id": "1",
        "text": "ssn 987-65-4320",
        "spans": [{"start": 4, "end": 15, "class": "SSN"}],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n")
    assert run("keygen", "site.key").status == 0
    assert deid("data", "--sign-key", "site.key").status == 0
    return tmp_path / "out"


@pytest.fixture
def checked(run, release):
    return lambda: run("verify", release, "--no-rescan", "--public-key", "site.key.pub")


def test_every_signed_step_keeps_the_release_whole_for_who_trusts_the_key(run, release, checked):
    for name, arguments in STEPS.items():
        ran = run(name, *arguments, "--report", release, "--sign-key", "site.key")
        assert ran.status == 0, (name, ran.err)
        assert checked().status == 0, name
    log = (release / "phisweep-report" / "custody.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in log] == ["deid", "canary", "evaluation", "risk"]
    page = (release / "phisweep-report" / "report.html").read_text()
    assert [
        name for name in ("canary", "evaluation", "risk") if f'<section id="{name}"' not in page
    ] == []


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_nobody_signed_is_seen_by_who_trusts_a_key(run, release, checked, name):
    assert run(name, *STEPS[name], "--report", release).status == 0
    ran = checked()
    assert (ran.status, "custody.jsonl" in ran.out + ran.err) == (5, True)


@pytest.mark.parametrize("name", STEPS)
def test_a_key_signs_nothing_without_a_report(run, release, name):
    assert run(name, *STEPS[name], "--sign-key", "site.key").status == 2


def test_every_command_that_writes_into_a_report_can_sign():
    commands = {name: cli.get_command(None, name) for name in cli.list_commands(None)}
    taken = {name: {o for p in c.params for o in p.opts} for name, c in commands.items()}
    assert {n for n, opts in taken.items() if "--report" in opts} <= {
        n for n, opts in taken.items() if "--sign-key" in opts
    }
