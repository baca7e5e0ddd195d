"""
The page of a review, on this machine alone.

It listens on 127.0.0.1, on a port that the system chooses. The URL holds a token that is good for one
visit: it is changed for a cookie that no script reads, no other site sends, and no other port of this
machine sees, for it is bound to a path that nobody else knows. What asks under another host name (DNS
rebinding), from another site, or without the page's own token, is refused. Nothing is cached, and
nothing is logged: a request could hold what a person is called.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from phisweep.errors import PhisweepError
from phisweep.review.desk import Desk
from phisweep.review.page import Page, page_of, state_of

HOST = "127.0.0.1"
_COOKIE = "phisweep-review"
_LONGEST = 1 << 16  # bytes of a request
_PATIENCE = 30  # seconds for a request to come whole
_HEADERS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), clipboard-write=()",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class ReviewServer(ThreadingHTTPServer):
    """Serves one desk to one browser, until the reviewer is done."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, desk: Desk) -> None:
        super().__init__((HOST, 0), _Handler)
        self.desk = desk
        self.once: str | None = secrets.token_urlsafe(32)
        self.path = f"/r/{secrets.token_urlsafe(16)}/"
        self.cookie = secrets.token_urlsafe(32)
        self.token = secrets.token_urlsafe(32)
        self.page: Page = page_of(desk, self.token)
        self.lock = threading.Lock()
        self.failure: PhisweepError | None = None

    @property
    def name(self) -> str:
        """The host that requests must name."""
        return f"{HOST}:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """Where a browser begins, once."""
        return f"http://{self.name}/?token={self.once}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: what failed may hold a value."""

    def admit(self, token: str) -> bool:
        """Say whether a token is that of the URL, which is then used up."""
        with self.lock:
            good = self.once is not None and _same(token, self.once)
            if good:
                self.once = None
            return good

    def end(self) -> None:
        """Stop serving, from a thread of its own: a request waits for no other."""
        threading.Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def version_string(self) -> str:
        """Tell nothing of what serves."""
        return "phisweep"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Log nothing."""

    def do_GET(self) -> None:
        """The way in, the page, and what is asked next."""
        if not self._named():
            return
        parts = urlsplit(self.path)
        if parts.path == "/" and "token" in (asked := parse_qs(parts.query)):
            self._enter(asked["token"][0])
        elif not self._known():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif parts.path == self.server.path:
            self._send(self.server.page.html, "text/html", self.server.page.policy)
        elif parts.path == f"{self.server.path}state" and self._same_site():
            self._state()
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """An answer, the way back, the end."""
        if not self._named():
            return
        if not (self._known() and self._same_site()):
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        actions: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "answer": self._answer,
            "undo": self._undo,
            "finish": self._finish,
        }
        action = actions.get(self.path.removeprefix(self.server.path))
        if action is None or not self.path.startswith(self.server.path):
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        try:
            action(self._body())
        except PhisweepError as error:
            self.server.failure = error  # before anybody hears of it
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
            self.server.end()
        except (ValueError, TypeError, KeyError):
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _body(self) -> Mapping[str, Any]:
        """Return what was sent. Raises ValueError where it is too long, or no JSON object."""
        length = int(self.headers.get("Content-Length", ""))
        body = json.loads(self.rfile.read(length)) if 0 <= length <= _LONGEST else None
        if not isinstance(body, dict):
            raise ValueError("there is no object in it")  # noqa: TRY004 - as JSON's own
        return body

    def _answer(self, body: Mapping[str, Any]) -> None:
        desk = self.server.desk
        desk.answer(str(body["id"]), body["verdict"], [int(n) for n in body.get("words", ())])
        self._state()

    def _undo(self, _: Mapping[str, Any]) -> None:
        self.server.desk.undo()
        self._state()

    def _finish(self, _: Mapping[str, Any]) -> None:
        self.server.desk.finish()
        self._state()
        self.server.end()

    def _state(self) -> None:
        self._send(json.dumps(state_of(self.server.desk)), "application/json", _NOTHING)

    def _enter(self, token: str) -> None:
        """Change the token of the URL for a cookie. What is used up leads nowhere."""
        if not self.server.admit(token):
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        path = self.server.path
        self.send_header(
            "Set-Cookie", f"{_COOKIE}={self.server.cookie}; Path={path}; HttpOnly; SameSite=Strict"
        )
        self.send_header("Location", path)
        self._end("", "text/plain", _NOTHING)

    def _named(self) -> bool:
        """Refuse what was asked under another name than ours: a name can be bound to any address."""
        if self.headers.get_all("Host") == [self.server.name]:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _known(self) -> bool:
        """Say whether the request holds our cookie."""
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return False
        found = cookies.get(_COOKIE)
        return found is not None and _same(found.value, self.server.cookie)

    def _same_site(self) -> bool:
        """Say whether our own page asks: by its token, and by what the browser tells of it."""
        origin = self.headers.get("Origin")
        return (
            _same(self.headers.get("X-Review-Token", ""), self.server.token)
            and origin
            in ((None,) if self.command == "GET" else ()) + (f"http://{self.server.name}",)
            and self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        )

    def _send(self, text: str, kind: str, policy: str) -> None:
        self.send_response(HTTPStatus.OK)
        self._end(text, kind, policy)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what it holds besides is not read
        self.send_response(status)
        self.send_header("Connection", "close")
        self._end(
            "This link is good for one visit, by the browser that opened it. Run phisweep review"
            " again for another.\n"
            if status == HTTPStatus.FORBIDDEN
            else f"{status.value}\n",
            "text/plain",
            _NOTHING,
        )

    def _end(self, text: str, kind: str, policy: str) -> None:
        data = text.encode()
        for name, value in (_HEADERS | {"Content-Security-Policy": policy}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def serve(server: ReviewServer) -> None:
    """Serve until the reviewer is done. Raises what went wrong with an answer."""
    with server:
        server.serve_forever(poll_interval=0.1)
    if server.failure is not None:
        raise server.failure
