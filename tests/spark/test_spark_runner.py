"""Jobs on real Spark: each result once, whatever befalls those who do them."""

import pytest

import spark_jobs as jobs
from phisweep.errors import ComponentError, DetectionError
from phisweep.runners import context as starting
from phisweep.runners import spark

pytestmark = pytest.mark.usefixtures("context")


def results(asked, folder, **more):
    sizes = more.pop("sizes", [1] * len(asked))
    build = more.pop("build", jobs.build)
    return sorted(spark.run(build, str(folder), asked, sizes, **more))


def test_every_job_is_done_once_however_unlike_they_are(tmp_path):
    asked = [("do", number) for number in range(200)]
    sizes = [1 << 30, *[10] * 199]
    done = results(asked, tmp_path, sizes=sizes)
    assert done == [(number, 10 * number) for number in range(200)]
    assert all(jobs.attempts(tmp_path, number) == 1 for number in range(200))


def test_a_worker_that_is_killed_and_a_task_that_fails_cost_nothing(tmp_path, capfd):
    asked = [("die once", 1), ("do", 2), ("fail once", 3), ("do", 4)]
    assert results(asked, tmp_path) == [(0, 10), (1, 20), (2, 30), (3, 40)]
    assert jobs.attempts(tmp_path, 1) == jobs.attempts(tmp_path, 3) == 2
    assert capfd.readouterr() == ("", "")


def test_a_job_that_always_kills_its_process_costs_no_other(tmp_path):
    asked = [("do", 1), ("die", 2), ("do", 3)]
    assert results(asked, tmp_path) == [(0, 10), (1, None), (2, 30)]


@pytest.mark.parametrize("build", [jobs.refuse, jobs.build])
def test_what_a_worker_refuses_comes_out_whole(tmp_path, build):
    with pytest.raises(ComponentError) as caught:
        results([("refuse", 1)], tmp_path, build=build)
    assert caught.value.where in {"here", "model"}


def test_files_come_along_and_lie_where_the_worker_is_told(tmp_path):
    import tarfile  # noqa: PLC0415

    (tmp_path / "a").write_text("in the file")
    with tarfile.open(tmp_path / "files.tar", "x") as archive:
        archive.add(tmp_path / "a", "a")
    done = results([1], tmp_path, build=jobs.reads, files=tmp_path / "files.tar")
    assert done == [(0, "in the file")]


def test_without_jobs_nothing_starts(tmp_path):
    assert results([], tmp_path, master="nowhere://") == []


def test_large_jobs_begin_first_and_small_ones_go_together():
    units = spark._units(list("abcdef"), [1, 2, 40 << 20, 3, 5, 20 << 20])
    assert [[job for _, job in unit] for unit in units] == [["c"], ["f"], ["e", "d", "b", "a"]]


def test_a_cluster_that_sends_keys_in_the_clear_is_refused():
    class Open:
        master = "spark://somewhere:7077"

        def getConf(self):  # noqa: N802 - Spark's
            return {"spark.io.encryption.enabled": "true"}

    with pytest.raises(ComponentError, match="E445"):
        starting._check_wires(Open())


def test_without_java_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(ComponentError, match=r"E441.*Java 17"):
        starting._start("local[2]")


def test_spark_that_does_not_start_is_told_by_its_class_alone(monkeypatch):
    def fail(_master):
        raise OSError(jobs.CANARY)

    monkeypatch.setattr(starting, "_context", fail)
    with pytest.raises(ComponentError, match="E442") as caught:
        starting._start("local[2]")
    assert jobs.CANARY not in str(caught.value)


def test_spark_that_ends_ends_the_run():
    class Stopped:
        _jsc = None

    with pytest.raises(DetectionError, match="E306"):
        spark._see_alive(Stopped())
