"""The page in a browser that has no network."""

import json
import shutil
import subprocess

import pytest

from phisweep.report import html
from report import runs

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


def browse(folder, *options, more=""):
    page = folder / "report.html"
    text = html.render(runs.record_of_run(runs.incomplete()))
    page.write_text(text.replace("</main>", more + "</main>"), encoding="utf-8")
    return subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={folder / 'net.json'}",
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_the_page_runs_its_script_logs_no_error_and_asks_nobody(tmp_path):
    seen = browse(tmp_path, "--dump-dom")
    assert "11 of 11 shown" in seen.stdout  # the script ran
    assert 'class="digest"' in seen.stdout
    assert "CONSOLE" not in seen.stderr
    assert asked(tmp_path) == []


def test_a_page_that_would_ask_is_noticed_and_stopped_by_its_own_policy(tmp_path):
    seen = browse(tmp_path, "--dump-dom", more="<script>1</script><img src='http://192.0.2.1/'>")
    assert seen.stderr.count("CONSOLE") == 2
    assert "Content Security Policy" in seen.stderr
    assert asked(tmp_path) == []


def asked(folder):
    """What the page asked for; what the browser asks for by itself has no origin."""
    log = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    given = [event.get("params", {}) for event in log["events"]]
    return [p["url"] for p in given if p.get("initiator", "not an origin") != "not an origin"]


def test_the_page_prints(tmp_path):
    browse(tmp_path, f"--print-to-pdf={tmp_path / 'report.pdf'}", "--no-pdf-header-footer")
    data = (tmp_path / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") >= 5
