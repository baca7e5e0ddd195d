"""Nothing that phisweep does opens a connection."""

import socket

import pytest


@pytest.fixture
def no_network(monkeypatch):
    tried = []

    def refused(*arguments, **_):
        tried.append(arguments)
        raise AssertionError("a connection was tried")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refused)
    return tried


@pytest.mark.parametrize("engine", ["rules", "full"])
def test_scan_and_deid_work_without_a_network(run, tmp_path, no_network, engine):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "n.txt").write_text(
        "ssn 987-65-4320, mail x.y@example.org, https://example.org/p41776"
    )
    (tmp_path / "data" / "t.csv").write_text(
        "email,url\nx.y@example.org,https://example.org/p41776\n"
    )
    assert run("scan", "data", "--engine", engine).status == 1
    assert run("deid", "data", "-o", "out", "--engine", engine).status == 0
    assert run("verify", "out", "--engine", engine).status == 0
    assert no_network == []


def test_a_missing_model_is_told_and_not_downloaded(run, tmp_path, no_network, monkeypatch):
    downloads = []
    monkeypatch.setattr("spacy.cli.download", lambda *a, **_: downloads.append(a))
    (tmp_path / "n.txt").write_text("x")
    (tmp_path / "phisweep.toml").write_text('[nlp]\nmodel = "en_no_such_model"\n')
    ran = run("scan", "n.txt", "--engine", "full")
    assert ran.status == 4
    assert "E407" in ran.err
    assert (no_network, downloads) == ([], [])
