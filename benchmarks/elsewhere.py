"""
Peers in environments of their own, build/peers/<name>: what they need would break ours.

The environment is made at the first run; a peer that cannot be installed is left out, and said.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from figures import ROOT

PEERS = ROOT / "build" / "peers"
INSTALL = 300  # seconds
WORK = 90
_CLOCK = """
import json, sys, time
given = json.load(open(sys.argv[1]))
def clock(work, warm):
    work(warm)
    cpu, wall = time.process_time(), time.perf_counter()
    work(given)
    print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall]))
"""
#: What is installed, and what does the work on a list of texts, or on a table by its columns.
TEXTS = {
    "scrubadub": (
        ["scrubadub==2.0.1", "setuptools<81"],
        (
            "import scrubadub\nscrubber = scrubadub.Scrubber()\n"
            "clock(lambda texts: [scrubber.clean(text) for text in texts], given[:3])"
        ),
    ),
    "datafog": (
        ["datafog==4.9.0"],
        (
            "import datafog\n"
            "clock(lambda texts: [datafog.scan(text, engine='regex') for text in texts], given[:3])"
        ),
    ),
}
TABLES = {
    "presidio-structured": (
        ["presidio-structured==0.0.10", "presidio-analyzer==2.2.366", "pandas"],
        (
            "import pandas as pd, peers\n"
            "from presidio_structured import PandasAnalysisBuilder, StructuredEngine\n"
            "builder = PandasAnalysisBuilder(analyzer=peers.analyzer())\n"
            "def work(columns):\n"
            "    frame = pd.DataFrame(columns)\n"
            "    told = builder.generate_analysis(frame, language='en')\n"
            "    if told.entity_mapping:\n"
            "        StructuredEngine().anonymize(frame, told)\n"
            "clock(work, {name: values[:3] for name, values in given.items()})"
        ),
    ),
}


def seconds(name: str, given: object) -> tuple[float, float] | None:
    """Return a peer's CPU and wall seconds on texts or a table, None where it does not run."""
    needs, work = (TEXTS | TABLES)[name]
    python = _environment(name, needs)
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder) / "given.json", Path(folder) / "work.py"
        data.write_text(json.dumps(given))
        head = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        script.write_text(head + _CLOCK + work)
        try:
            done = subprocess.run(
                [str(python), str(script), str(data)],
                capture_output=True,
                text=True,
                check=True,
                timeout=WORK,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
            told = getattr(problem, "stderr", "") or ""
            print(f"{name} left out: {str(told)[-300:]}", file=sys.stderr)
            return None
    used, wall = json.loads(done.stdout.splitlines()[-1])
    return used, wall


def _environment(name: str, needs: list[str]) -> Path | None:
    folder = PEERS / name
    python, done = folder / "bin" / "python", folder / ".installed"
    if done.exists() and done.read_text() == " ".join(needs):
        return python
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *needs],
            check=True,
            timeout=INSTALL,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        print(f"{name} left out: it could not be installed", file=sys.stderr)
        return None
    done.write_text(" ".join(needs))
    return python
