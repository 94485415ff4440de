"""Work done by several processes: every result, every failure, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from edition.findings import EditionError, Finding, Severity
from edition.workers import CAN_FORK, WorkerLost, Workers

forks = pytest.mark.skipif(not CAN_FORK, reason="processes cannot be copied here")


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_all_is_done_once(jobs: int) -> None:
    with Workers(jobs, lambda number: number * number) as workers:
        for _ in range(3):
            assert dict(workers(range(20))) == {number: number * number for number in range(20)}


@forks
def test_it_is_done_elsewhere() -> None:
    with Workers(2, lambda _: os.getpid()) as workers:
        assert os.getpid() not in dict(workers(range(6))).values()


@forks
@pytest.mark.parametrize("error", [ValueError("no"), EditionError([Finding("X1", Severity.ERROR, "no", None)])])
def test_what_a_worker_raises_is_raised(error: Exception) -> None:
    def work(number: int) -> int:
        if number == 3:
            raise error
        return number

    with Workers(2, work) as workers, pytest.raises(type(error), match="no"):
        list(workers(range(9)))


@forks
def test_a_worker_that_ends_is_told() -> None:
    with Workers(2, lambda number: os._exit(9) if number == 2 else number) as workers, pytest.raises(WorkerLost):
        list(workers(range(9)))


@forks
def test_workers_end_with_what_made_them() -> None:
    program = (
        "import os, time\nfrom edition.workers import Workers\n"
        "def work(n):\n    os.write(1, str(os.getpid()).ljust(20).encode())\n    time.sleep(.2)\n"
        "with Workers(2, work) as workers: list(workers(range(1000)))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    workers = {int(process.stdout.read(20)) for _ in range(2)}
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(100):
        if not any(map(is_running, workers)):
            return
        time.sleep(0.1)
    raise AssertionError("a worker goes on by itself")


def is_running(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


# After a call that was not gone through to its end


def work(task: int) -> int:
    if task == 13:
        raise ValueError("an unlucky number")
    time.sleep(0.05)
    return 10 * task


def test_what_was_left_unfinished_is_not_taken_for_the_next_result() -> None:
    with Workers(2, work) as workers:
        for _ in workers(range(1, 8)):
            break  # somebody wants something else meanwhile
        assert dict(workers([20, 21, 22])) == {0: 200, 1: 210, 2: 220}


def test_after_an_error_the_next_results_are_right() -> None:
    with Workers(2, work) as workers:
        with pytest.raises(ValueError, match="unlucky"):
            dict(workers([13, 1, 2, 3]))
        assert dict(workers([4, 5, 6])) == {0: 40, 1: 50, 2: 60}
