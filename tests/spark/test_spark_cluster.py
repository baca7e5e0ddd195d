"""Runs on a cluster of two executors: one is lost, a worker is killed, a task is run twice."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

import spark_jobs as jobs

pyspark = pytest.importorskip("pyspark", reason="pip install 'phisweep[spark]'")
#: Spark runs a task twice on two machines only: they are two addresses of this one.
HOSTS = ("127.0.0.1", "127.0.0.2")
SPARK = Path(pyspark.__file__).parent

CLUSTER = """
spark.default.parallelism 8
spark.authenticate true
spark.authenticate.secret {secret}
spark.network.crypto.enabled true
spark.speculation true
spark.speculation.interval 100ms
spark.speculation.quantile 0.5
spark.speculation.multiplier 1.5
spark.speculation.minTaskRuntime 1s
spark.task.maxFailures 8
spark.excludeOnFailure.enabled false
"""
RUN = """
import json
import os
from pathlib import Path
import spark_jobs
from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.runs import working
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
if __name__ == "__main__":
    working.Worker = spark_jobs.Mishap
    config = Config(engine="rules", runner="spark", master=os.environ["MASTER"])
    key = key_from_bytes(b"a secret that is long enough", "a test")
    settings = Settings(config=config, key=key, records=False, verify=False)
    run = deidentify(["data"], Path("there"), settings)
    print(json.dumps([(o.source.name, o.status, o.findings) for o in run.outcomes]))
"""


@pytest.fixture
def workplace(tmp_path, spark_settings):
    """A large file, many small ones, and those that something befalls."""
    (tmp_path / "data").mkdir()
    text = f"{jobs.CANARY}, MRN: A1000001, was seen on 2021-04-05; call 212-555-0187.\n"
    for name in ("killed", "lost", "slow", "failed", *map(str, range(4))):
        (tmp_path / "data" / f"{name}.txt").write_text(text)
    (tmp_path / "data" / "large.txt").write_text(text * 2_000)
    for name in ("notes", "settings", "work"):
        (tmp_path / name).mkdir()
    defaults = (spark_settings / "spark-defaults.conf").read_text()
    cluster = CLUSTER.format(secret=secrets.token_hex(16))
    (tmp_path / "settings" / "spark-defaults.conf").write_text(defaults + cluster)
    (tmp_path / "run.py").write_text(RUN)
    return tmp_path


@pytest.fixture
def environment(workplace):
    """Variables of a run on a cluster of two machines, which is there until the test ends."""
    for host in HOSTS:
        with socket.socket() as here:
            try:
                here.bind((host, 0))
            except OSError:
                pytest.skip(f"this machine has no address {host}")
    variables = {
        **os.environ,
        "SPARK_CONF_DIR": str(workplace / "settings"),
        "SPARK_LOCAL_IP": HOSTS[0],
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PYSPARK_PYTHON": sys.executable,
        "MISHAPS": str(workplace / "notes"),
    }
    with ExitStack() as stack:

        def begun(what, host, *arguments, output):
            name = f"org.apache.spark.deploy.{what}"
            process = subprocess.Popen(
                [SPARK / "bin" / "spark-class", name, "--host", host, *arguments],
                cwd=workplace,
                env={**variables, "SPARK_LOCAL_IP": host},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            stack.callback(process.communicate)
            stack.callback(process.terminate)
            return process

        none = ["--port", "0", "--webui-port", "0"]
        master = begun("master.Master", HOSTS[0], *none, output=subprocess.PIPE)
        said = (re.search(rb"spark://[\d.]+:\d+", line) for line in master.stdout)
        address = next(found[0] for found in said if found).decode()
        for host in HOSTS:
            log = stack.enter_context((workplace / "work" / f"std-{host}").open("wb"))
            own = ["--cores", "1", "--memory", "1g", "--work-dir", workplace / "work"]
            begun("worker.Worker", host, *none, *own, address, output=log)
        yield {**variables, "MASTER": address}


def test_each_copy_comes_once_whatever_befalls_those_who_write_it(workplace, environment):
    command = [sys.executable, "run.py", "spark", "there"]
    done = subprocess.run(command, cwd=workplace, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert [status for _, status, _ in told] == ["changed"] * 9
    findings = {name: count for name, _, count in told}
    assert findings["large.txt"] == 2_000 * findings["0.txt"]
    copies = {path.name: path.read_bytes() for path in (workplace / "there").glob("*.txt")}
    assert len(copies) == 9
    assert len({data for name, data in copies.items() if name != "large.txt"}) == 1
    assert copies["large.txt"] == copies["0.txt"] * 2_000
    befell = ("killed", "lost", "slow", "failed")
    assert {name for name in befell if jobs.attempts(workplace / "notes", name) == 1} == set()
    left = {path.name for path in (workplace / "there").iterdir()} - {*copies}
    assert left == {"phisweep-report"}
    assert {path.name for path in workplace.iterdir() if path.name.startswith(".")} == set()
    # Nothing of a patient in what Spark, its executors and their workers say.
    logs = [path for path in (workplace / "work").rglob("std*") if path.is_file()]
    said = b"".join([done.stdout, done.stderr, *(path.read_bytes() for path in logs)])
    assert logs
    for word in (*jobs.CANARY.split(), "A1000001", "212-555"):
        assert word.encode() not in said
