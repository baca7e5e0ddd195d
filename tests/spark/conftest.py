"""One session of Spark for all tests here; they skip where pyspark or Java is absent."""

import gc
import os
import shutil
import sys
import warnings
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
#: Events in the clear, to be read by a test.
DEFAULTS = """
spark.eventLog.enabled true
spark.eventLog.compress false
spark.sql.shuffle.partitions 2
"""


def installed():
    try:
        import pyspark  # noqa: F401, PLC0415 - asked here
    except ImportError:
        return False
    return shutil.which("java") is not None or "JAVA_HOME" in os.environ


@pytest.fixture(scope="session")
def spark_settings(tmp_path_factory):
    """The folder of Spark's settings, in which its events are logged too."""
    if not installed():
        pytest.skip("pyspark or Java is absent: pip install 'phisweep[spark]', and Java 17")
    folder = tmp_path_factory.mktemp("spark")
    (folder / "events").mkdir()
    defaults = f"{DEFAULTS}spark.eventLog.dir file://{folder / 'events'}\n"
    (folder / "spark-defaults.conf").write_text(defaults)
    return folder


@pytest.fixture(scope="session")
def mishaps(tmp_path_factory):
    """Where attempts are noted."""
    return tmp_path_factory.mktemp("attempts")


@pytest.fixture(scope="session")
def context(spark_settings, mishaps):
    """Spark in this process, `local[2]`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(spark_settings))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("MISHAPS", str(mishaps))
        patch.setenv("FSSPEC_CONFIG_DIR", str(spark_settings))
        from phisweep.runners.context import started  # noqa: PLC0415 - an extra

        context = started("local[2]")
        yield context
        context.stop()


@pytest.fixture(scope="session")
def session(context):
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says which pandas it knows
        return SparkSession(context)


def pytest_collection_modifyitems(items):
    """Let pass that pyspark leaves its sockets to the collector."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore:PySpark does not:FutureWarning"))


@pytest.fixture(autouse=True)
def collected():
    """Collect them here, and not in somebody else's test."""
    yield
    gc.collect()
