"""The page is for one browser on this machine, and for nobody else."""

import http.client
import json
import re
import socket
import stat
import threading
from contextlib import contextmanager

import pytest

from phisweep.review.server import ReviewServer


@pytest.fixture
def served(desk):
    """A server at work, and a way to ask it."""
    with at_work(desk()) as server:
        yield server


@contextmanager
def at_work(desk):
    server = ReviewServer(desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def ask(server, method, path, body=None, **headers):
    """Ask, as any program may; a header that is None is left out."""
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    sent = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    data = b"" if body is None else json.dumps(body).encode()
    for name, value in {**sent, "Content-Length": str(len(data))}.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(data)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def enter(server):
    """Go in by the URL, and return what a browser and the page send from then on."""
    answer, _ = ask(server, "GET", f"/?token={server.once}")
    assert answer.status == 303
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    page, text = ask(server, "GET", answer.headers["Location"], Cookie=cookie)
    assert page.status == 200
    token = re.search(r'data-token="([^"]+)"', text)[1]
    return {
        "Cookie": cookie, "X_Review_Token": token, "Origin": f"http://{server.name}",
    }  # fmt: skip


def test_it_listens_on_this_machine_alone(served):
    assert served.server_address[0] == "127.0.0.1"
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}
    for address in {a for a in others if not a.startswith("127.") and ":" not in a}:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((address, served.server_address[1]), timeout=3)


def test_the_token_of_the_url_is_good_for_one_visit(served):
    url = f"/?token={served.once}"
    first, _ = ask(served, "GET", url)
    again, _ = ask(served, "GET", url)
    assert (first.status, again.status) == (303, 403)


def test_the_cookie_is_for_no_script_no_other_site_and_no_other_path(served):
    answer, _ = ask(served, "GET", f"/?token={served.once}")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    path = re.search(r"Path=(/r/[\w-]{20,}/)", cookie)[1]
    assert answer.headers["Location"] == path


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/r/", "state", "page"])
def test_without_a_token_there_is_nothing(served, path):
    where = {"state": f"{served.path}state", "page": served.path}.get(path, path)
    answer, text = ask(served, "GET", where)
    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers
    assert "one visit" in text


@pytest.mark.parametrize(
    "host", ["localhost:{}", "evil.example:{}", "127.0.0.1", "[::1]:{}", None, ""]
)
def test_another_host_name_is_refused(served, host):
    inside = enter(served)
    name = None if host is None else host.format(served.server_address[1])
    for method, path in (("GET", served.path), ("POST", f"{served.path}undo")):
        answer, text = ask(served, method, path, {}, **inside, Host=name)
        assert answer.status in {400, 421}
        assert "Quillfeather" not in text


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"X_Review_Token": "wrong"},
        {"X_Review_Token": None},
        {"Cookie": None},
        {"Cookie": "phisweep-review=wrong"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},  # another port of this machine
    ],
)
def test_what_our_own_page_does_not_send_changes_nothing(served, change):
    inside = enter(served)
    view = served.desk.current
    body = {"id": view.unit.id, "verdict": "unsure"}
    answer, _ = ask(served, "POST", f"{served.path}answer", body, **inside | change)
    assert answer.status == 403
    assert served.desk.done == 0
    ok, _ = ask(served, "POST", f"{served.path}answer", body, **inside)
    assert (ok.status, served.desk.done) == (200, 1)


def test_another_port_cannot_read_what_is_asked(served):
    inside = enter(served)
    for change in ({"X_Review_Token": None}, {"Sec_Fetch_Site": "same-site"}):
        answer, text = ask(served, "GET", f"{served.path}state", **inside | change)
        assert answer.status == 404
        assert "pieces" not in text


def test_nothing_is_cached_framed_or_loaded_from_elsewhere(served):
    inside = enter(served)
    seen = [
        ask(served, "GET", served.path, **inside)[0],
        ask(served, "GET", f"{served.path}state", **inside)[0],
        ask(served, "GET", "/nowhere")[0],
    ]
    for answer in seen:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "phisweep"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_the_page_itself_holds_nothing_of_the_data_nor_of_the_run(served):
    _, text = ask(served, "GET", served.path, **enter(served))
    body = text.partition("<body")[2].partition("<script>")[0]
    for word in ("Quillfeather", "fracture", "removed", "kept", "threshold", "note.txt"):
        assert word not in body


def test_what_is_asked_does_not_tell_what_was_done(served):
    _, text = ask(served, "GET", f"{served.path}state", **enter(served))
    state = json.loads(text)
    assert {*state} == {"done", "total", "finished", "unit"}
    assert {*state["unit"]} == {
        "id", "kind", "before", "after", "pieces", "marked", "label", "where",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"verdict": "yes"},
        {"id": "?", "verdict": "maybe"},
        {"id": "?", "verdict": "yes", "words": [10_000]},
        {"id": "?", "verdict": "yes", "words": ["x"]},
        {"id": "?", "verdict": "no", "words": [0]},
        [],
        "x" * (1 << 17),
    ],
)
def test_what_is_no_answer_is_refused_and_the_server_goes_on(served, body):
    inside = enter(served)
    if isinstance(body, dict) and body.get("id") == "?":
        body = body | {"id": served.desk.current.unit.id}
    answer, _ = ask(served, "POST", f"{served.path}answer", body, **inside)
    assert answer.status == 400
    assert served.desk.done == 0
    assert ask(served, "GET", f"{served.path}state", **inside)[0].status == 200


def test_an_answer_to_another_unit_than_the_present_one_is_not_kept(served):
    body = {"id": "u9999", "verdict": "unsure"}
    answer, text = ask(served, "POST", f"{served.path}answer", body, **enter(served))
    assert answer.status == 200
    assert json.loads(text)["done"] == 0


def test_it_logs_nothing(served, capsys):
    inside = enter(served)
    ask(served, "POST", f"{served.path}answer", {"id": 1, "verdict": {}}, **inside)
    ask(served, "GET", "/?token=wrong")
    with socket.create_connection(served.server_address[:2]) as broken:
        broken.sendall(b"\x00\xff\r\n\r\n")
        broken.recv(100)
    assert capsys.readouterr() == ("", "")


def test_an_answer_is_saved_at_once_for_its_owner_alone_and_holds_no_value(served, sample):
    inside = enter(served)
    view = served.desk.current
    ask(served, "POST", f"{served.path}answer", {"id": view.unit.id, "verdict": "unsure"}, **inside)
    path = sample.with_name("sample.anna.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["answers"] == {
        view.unit.id: {"verdict": "unsure", "marks": []}
    }


def test_who_cannot_save_hears_of_it(served, sample):
    inside = enter(served)
    view = served.desk.current
    sample.with_name("sample.anna.json").mkdir()
    body = {"id": view.unit.id, "verdict": "unsure"}
    answer, _ = ask(served, "POST", f"{served.path}answer", body, **inside)
    assert answer.status == 500
    assert served.failure.code == "E198"
