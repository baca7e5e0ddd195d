"""What `phisweep keygen` promises: a pair of keys, the private one for its owner alone."""

import subprocess

from phisweep.integrity.signatures import private_key_from, public_key_from


def test_it_makes_a_pair_and_tells_its_id(run, tmp_path):
    ran = run("keygen", "site.key")
    assert ran.status == 0
    public = public_key_from(tmp_path / "site.key.pub")
    assert public == private_key_from(tmp_path / "site.key").public
    assert public.key_id in ran.out
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600


def test_a_second_pair_is_not_written_over_the_first(run, tmp_path):
    run("keygen", "site.key")
    before = (tmp_path / "site.key").read_bytes()
    ran = run("keygen", "site.key")
    assert ran.status == 2
    assert "error[E130]" in ran.err
    assert (tmp_path / "site.key").read_bytes() == before


def test_it_is_refused_in_a_repository(run, tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    ran = run("keygen", "site.key")
    assert ran.status == 2
    assert "error[E133]" in ran.err
    assert not (tmp_path / "site.key").exists()


def test_a_passphrase_comes_by_the_environment(run, tmp_path, monkeypatch):
    assert run("keygen", "site.key", "--passphrase-env", "OURS").status == 4
    monkeypatch.setenv("OURS", "correct horse")
    ran = run("keygen", "site.key", "--passphrase-env", "OURS")
    assert ran.status == 0
    assert "correct horse" not in ran.out + ran.err
    assert private_key_from(tmp_path / "site.key", b"correct horse")


def test_a_folder_that_is_not_there_is_a_usage_error(run):
    assert run("keygen", "no/such/site.key").status == 2
