"""What the configuration promises: the first file that is found, whole, and nothing unknown."""

import pytest

from phisweep.config import Config, Files, find_config, load_config
from phisweep.errors import UsageError


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    monkeypatch.delenv("PHISWEEP_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_hold():
    config = load_config(None, {})
    assert config == Config()
    assert (config.profile, config.engine, config.fail_on, config.on_skip) == (
        "safe-harbor", "auto", "medium", "fail",
    )  # fmt: skip


def test_files_are_looked_for_upward_in_one_order(tmp_path):
    data = tmp_path / "repo" / "data"
    data.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    write(tmp_path / "phisweep.toml")  # beyond the repository's root
    assert find_config(str(data), None) is None
    project = write(tmp_path / "repo" / "pyproject.toml", "[tool.phisweep]\n")
    assert find_config(str(data), None) == project
    hidden = write(tmp_path / "repo" / ".phisweep.toml")
    assert find_config(str(data), None) == hidden
    plain = write(tmp_path / "repo" / "phisweep.toml")
    assert find_config(str(data), None) == plain
    near = write(data / ".phisweep.toml")
    assert find_config(str(data), None) == near
    assert find_config(str(write(data / "x.txt")), None) == near
    assert find_config(str(data / "*.txt"), None) == near


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "[tool.phisweep\n", "tool = 1\n"])
def test_a_pyproject_of_others_is_passed_by(tmp_path, text):
    above = write(tmp_path / "phisweep.toml")
    write(tmp_path / "sub" / "pyproject.toml", text)
    assert find_config(str(tmp_path / "sub"), None) == above


def test_a_named_file_goes_before_the_environment_and_that_before_all(tmp_path, monkeypatch):
    write(tmp_path / "phisweep.toml")
    by_option, by_environment = write(tmp_path / "a.toml"), write(tmp_path / "b.toml")
    monkeypatch.setenv("PHISWEEP_CONFIG", str(by_environment))
    assert find_config(".", None) == by_environment
    assert find_config(".", str(by_option)) == by_option
    for name in (None, "no-such.toml"):
        monkeypatch.setenv("PHISWEEP_CONFIG", "no-such.toml")
        with pytest.raises(UsageError, match="no such configuration"):
            find_config(".", name)


def test_options_go_over_the_file_and_what_was_not_given_does_not(tmp_path):
    path = write(
        tmp_path / "phisweep.toml", 'fail-on = "low"\njobs = 3\nexclude = ["a"]\nmin-score = 0.5\n'
    )
    given = {"fail-on": "high", "jobs": None, "exclude": (), "min-score": 0.0}
    config = load_config(path, given)
    assert (config.fail_on, config.jobs, config.exclude, config.min_score) == (
        "high",
        3,
        ("a",),
        0.0,
    )


def test_tables_stand_under_tool_phisweep_or_by_themselves(tmp_path):
    text = "[files]\nmax-line-bytes = 77\nchunk-bytes = 10\n"
    plain = write(tmp_path / "phisweep.toml", text)
    project = write(tmp_path / "pyproject.toml", text.replace("[files]", "[tool.phisweep.files]"))
    for path in (plain, project):
        assert load_config(path, {}).files == Files(max_line_bytes=77, chunk_bytes=10)


def test_extends_takes_another_file_under_this_one(tmp_path):
    write(
        tmp_path / "base" / "site.toml", 'profile = "expert"\njobs = 2\nextends = "../root.toml"\n'
    )
    write(tmp_path / "root.toml", 'on-skip = "warn"\njobs = 1\n')
    path = write(tmp_path / "phisweep.toml", 'extends = "base/site.toml"\njobs = 3\n')
    config = load_config(path, {})
    assert (config.profile, config.on_skip, config.jobs) == ("expert", "warn", 3)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"phisweep.toml": 'extends = "phisweep.toml"\n'}, "E111"),
        ({"phisweep.toml": 'extends = "sub/../phisweep.toml"\n', "sub/x": ""}, "E111"),
        (
            {"phisweep.toml": 'extends = "a.toml"\n', "a.toml": 'extends = "phisweep.toml"\n'},
            "E111",
        ),
        ({"phisweep.toml": 'extends = "no-such.toml"\n'}, "E110"),
        ({"phisweep.toml": "not toml"}, "E112"),
        ({"phisweep.toml": "jobs = -1\n"}, "E113"),
        ({"phisweep.toml": 'engine = "nonsense"\n'}, "E113"),
        ({"phisweep.toml": "min-score = 2\n"}, "E113"),
        ({"phisweep.toml": 'faill-on = "low"\n'}, "E114"),
        ({"phisweep.toml": 'fail_on = "low"\n'}, "E114"),
        ({"phisweep.toml": "[files]\nmax-line-byte = 1\n"}, "E114"),
    ],
)
def test_what_cannot_be_followed_is_a_usage_error_that_names_the_file(tmp_path, files, code):
    for name, text in files.items():
        write(tmp_path / name, text)
    with pytest.raises(UsageError) as caught:
        load_config(tmp_path / "phisweep.toml", {})
    assert caught.value.code == code
    assert "toml" in caught.value.where


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('faill-on = "low"\n', "fail-on"),
        ('fail_on = "low"\n', "fail-on"),
        ("[files]\nmax-line-byte = 1\n", "max-line-bytes"),
        ('[nlp]\nmodle = "x"\n', "model"),
        ('[columns."a.csv".x]\nactoin = "keep"\n', "action"),
    ],
)
def test_an_unknown_key_is_told_the_one_that_was_meant(tmp_path, text, right):
    with pytest.raises(UsageError, match=f"'{right}'"):
        load_config(write(tmp_path / "phisweep.toml", text), {})


@pytest.mark.parametrize("text", ["[tool.phisweep\n", "[tool.other]\n"])
def test_a_named_pyproject_without_our_table_is_an_error_and_not_silence(tmp_path, text):
    with pytest.raises(UsageError, match=r"\[tool.phisweep\]"):
        load_config(write(tmp_path / "pyproject.toml", text), {})


def test_no_value_of_the_file_stands_in_an_error(tmp_path):
    path = write(tmp_path / "phisweep.toml", 'jobs = "987-65-4320"\n')
    with pytest.raises(UsageError) as caught:
        load_config(path, {})
    assert "987-65-4320" not in str(caught.value)


def test_the_digest_is_that_of_what_holds_however_it_was_written(tmp_path):
    one = load_config(write(tmp_path / "a.toml", 'jobs = 2\nprofile = "expert"\n'), {})
    two = load_config(write(tmp_path / "b.toml", 'profile = "expert"\n'), {"jobs": 2})
    assert one.sha256() == two.sha256() != Config().sha256()
