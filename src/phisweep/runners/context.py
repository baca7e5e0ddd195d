"""Spark in this process: started where there is none, and seen to keep keys to itself."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from phisweep.errors import ComponentError

_LOCAL = re.compile(r"local(?:\[(\d+|\*)\])?")
_ATTEMPTS = 4  # at a task on one machine, as is usual on a cluster
_ENCRYPTED = ("spark.network.crypto.enabled", "spark.ssl.rpc.enabled")


def started(master: str = "") -> Any:
    """
    Return the SparkContext of this process, started where there is none; "": as Spark is set up.

    Raises ComponentError.
    """
    try:
        from pyspark import SparkContext  # noqa: PLC0415 - an extra
    except ImportError:
        todo = "Run: pip install 'phisweep[spark]'"
        raise ComponentError("E440", "pyspark is not installed", todo=todo) from None
    context = SparkContext._active_spark_context or _start(master)  # noqa: SLF001 - no other way
    _check_wires(context)
    return context


def _start(master: str) -> Any:
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").is_file() if home else shutil.which("java")):
        raise ComponentError(
            "E441",
            "Java is not installed, or JAVA_HOME leads elsewhere",
            todo="Install Java 17: Debian's openjdk-17-jre-headless.",
        )
    here = master.startswith("local")
    if here:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        with _silent() if here else warnings.catch_warnings():
            return _context(master)
    except Exception as error:  # noqa: BLE001 - py4j and Spark raise what they like
        raise ComponentError(
            "E442",
            f"Spark did not start ({type(error).__name__})",
            todo="Check --master, and that java -version says 17 or newer.",
        ) from None


def _context(master: str) -> Any:
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra

    SparkContext._ensure_initialized()  # noqa: SLF001 - only then a SparkConf knows the defaults
    conf = SparkConf()
    single = _LOCAL.fullmatch(master or conf.get("spark.master", "") or "local[*]")
    if single:
        conf.setMaster(f"local[{single[1] or 1},{_ATTEMPTS}]")
        conf.setIfMissing("spark.ui.enabled", "false")
        conf.setIfMissing("spark.driver.host", "127.0.0.1")
        conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1")
    elif master:
        conf.setMaster(master)
    conf.setIfMissing("spark.app.name", "phisweep")
    conf.setIfMissing("spark.ui.showConsoleProgress", "false")
    conf.setIfMissing("spark.io.encryption.enabled", "true")  # a key lies in what is sent out
    return SparkContext(conf=conf)


@contextmanager
def _silent() -> Iterator[None]:
    """Start the JVM with its standard error closed: it has nothing to say to who runs a command."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _check_wires(context: Any) -> None:
    """See that a key does not travel, or lie on a disk, in the clear."""
    conf, master = context.getConf(), context.master
    if _LOCAL.match(master) and not master.startswith("local-cluster"):
        return
    wire = any(conf.get(name, "false") == "true" for name in _ENCRYPTED)
    if not wire or conf.get("spark.io.encryption.enabled", "false") != "true":
        raise ComponentError(
            "E445",
            "this cluster sends or stores the key of the run in the clear",
            todo="Set spark.authenticate, spark.network.crypto.enabled and"
            " spark.io.encryption.enabled to true.",
        )
