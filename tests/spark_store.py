"""A bucket on this machine that speaks as much of S3 as is asked of it."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

DAY = "2026-01-02T03:04:05.000Z"


class Bucket(ThreadingHTTPServer):
    """Objects by key, and the keys of those that were fetched whole."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.objects = {}
        self.fetched = []
        #: What is done before an object is given, by its key.
        self.before = {}


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        key = unquote(url.path).strip("/").partition("/")[2]
        query = parse_qs(url.query)
        if "list-type" in query:
            self._list(query.get("prefix", [""])[0])
            return
        whole = self.command == "GET" and "Range" not in self.headers
        if whole:
            self.server.fetched.append(key)
            self.server.before.get(key, list)()
        data = self.server.objects.get(key)
        if data is None:
            self._give(404, b"")
            return
        more = {"ETag": tag(data), "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT"}
        if "Range" in self.headers:
            start, _, end = self.headers["Range"].partition("=")[2].partition("-")
            more["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            self._give(206, data[int(start) : int(end) + 1], more)
        else:
            self._give(200, data, more)

    do_HEAD = do_GET  # noqa: N815 - its name there

    def _list(self, prefix):
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{DAY}</LastModified>"
            f"<ETag>{escape(tag(data))}</ETag><Size>{len(data)}</Size></Contents>"
            for key, data in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        head = "<IsTruncated>false</IsTruncated><KeyCount>1</KeyCount>"
        text = f"<?xml version='1.0'?><ListBucketResult>{head}{rows}</ListBucketResult>"
        self._give(200, text.encode(), {"Content-Type": "application/xml"})

    def _give(self, status, data, more=()):
        self.send_response(status)
        for name, value in {**dict(more), "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


def tag(data):
    return f'"{hashlib.md5(data).hexdigest()}"'  # noqa: S324 - as S3 has it


@contextmanager
def bucket(settings):
    """A bucket; the folder of fsspec's settings says where it is, and by which key it is read."""
    server = Bucket()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = {"endpoint_url": f"http://127.0.0.1:{server.server_port}", "region_name": "us-east-1"}
    told = {"s3": {"key": "someone", "secret": "a-secret-of-the-machine", "client_kwargs": client}}
    (settings / "stores.json").write_text(json.dumps(told))
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
