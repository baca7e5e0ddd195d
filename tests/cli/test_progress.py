"""What is told of a run that takes long, and that telling costs the run nothing."""

import io
import threading

from phisweep.cli._progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_no_thread_runs_before_a_stage_begins_so_that_its_processes_can_be_forked():
    before = threading.active_count()
    with Progress(Terminal()) as progress:
        assert threading.active_count() == before
        progress.begin("reading", [3], None)
        progress.begin("copying", [3], None)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_nobody_is_told_where_no_terminal_listens():
    before = threading.active_count()
    with Progress(io.StringIO()) as progress:
        progress.begin("reading", [3], None)
        assert threading.active_count() == before
