"""Work done by several processes at once: each is a copy of this one, and gives back what a function returns.

Where a process can be copied (`fork`), workers have all that this one had loaded, for nothing. Each has a pipe of its
own: when this process ends, however it ends, their pipes close and they end, too.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
"""Apple's font libraries do not survive a copy of their process."""


class WorkerLost(RuntimeError):
    """A worker ended in the middle of its work: most likely there was no memory left."""


class Workers(Generic[Task, Result]):
    """Workers that all do one kind of work. With one job, or where there is no `fork`, this process does it."""

    politeness = 0
    """How much they stand back behind whatever else wants to be done on this machine, as `nice` counts it."""

    def __init__(self, jobs: int, work: Callable[[Task], Result]) -> None:
        self.jobs = jobs if CAN_FORK else 1
        self.work = work
        self.connections: list[Connection] = []
        self.processes: list[int] = []
        self.busy: dict[Connection, int] = {}
        """The number of the task that each is at."""

    def __enter__(self) -> Workers[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.connections:
            connection.close()
        for process in self.processes:
            os.kill(process, signal.SIGKILL)  # whatever it does now is for nobody
            os.waitpid(process, 0)
        self.connections, self.processes, self.busy = [], [], {}

    def __call__(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """Do tasks, those that come first first; gives each one's number and result as it is done.

        Raises whatever a task raised, and WorkerLost.
        """
        waiting = list(enumerate(tasks))
        if self.jobs == 1 or len(waiting) < 2:
            yield from self._alone(waiting)
            return
        if self.busy:
            self.__exit__()  # the last call was not gone through to its end: what they are at now is for nobody
        self._start(min(self.jobs, len(waiting)))
        waiting.reverse()
        busy = self.busy
        for connection in self.connections:
            self._hand_out(connection, waiting, busy)
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                number = busy.pop(ready)
                try:
                    worked, result = ready.recv()
                except (EOFError, OSError) as error:
                    raise WorkerLost(
                        "a worker ended in the middle of its work; was there enough memory?"
                    ) from error
                if not worked:
                    raise result
                self._hand_out(ready, waiting, busy)
                yield number, result

    def _alone(self, waiting: list[tuple[int, Task]]) -> Iterator[tuple[int, Result]]:
        """Do tasks in this process."""
        if len(waiting) < 2:
            yield from ((number, self.work(task)) for number, task in waiting)
            return
        gc.freeze()
        try:
            for number, task in waiting:
                yield number, self.work(task)
                gc.collect()  # boxes refer to each other; of what was there before nothing is looked through
        finally:
            gc.unfreeze()

    def _hand_out(
        self, connection: Connection, waiting: list[tuple[int, Task]], busy: dict[Connection, int]
    ) -> None:
        if waiting:
            busy[connection], task = waiting.pop()
            connection.send(task)

    def _start(self, jobs: int) -> None:
        if jobs > len(self.processes):
            gc.freeze()  # workers never look through what is here now, so it stays shared
        while len(self.processes) < jobs:
            ours, theirs = Pipe()
            process = os.fork()
            if process == 0:
                gc.disable()
                for connection in (*self.connections, ours):
                    connection.close()
                self._serve(theirs)
            theirs.close()
            self.connections.append(ours)
            self.processes.append(process)
        gc.unfreeze()

    def _serve(self, connection: Connection) -> None:
        """What a worker does, to its end."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.nice(self.politeness)
        try:
            while True:
                task = connection.recv()
                try:
                    answer: tuple[bool, Any] = True, self.work(task)
                except Exception as error:
                    answer = False, error
                connection.send(answer)
                gc.collect()  # between tasks, and never in the middle of one: a sixth of its time
        except (EOFError, OSError):
            pass
        finally:
            os._exit(0)


def in_order(jobs: int, work: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
    """What a function returns for some tasks, in their order, by processes made for it. Raises what a task raised."""
    with Workers(jobs, work) as workers:
        found = dict(workers(tasks))
    return [found[number] for number in range(len(tasks))]


def usable_cores() -> int:
    """How many processes can work at once on this machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
