"""What whole processes cost, for the benches: wall time, processor time of all they started, and memory together."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
POLL = 0.2
"""Seconds between two looks at the memory."""


class Cost(NamedTuple):
    seconds: float
    processor: float
    """Seconds of all processors, those of the system for it included."""
    mebibytes: float
    """The most that all processes had together at one moment, by their proportional shares (Linux only)."""


def run(command: Sequence[str], **environment: str) -> tuple[Cost, str]:
    """One process with all that it starts, to its end: its cost and what it printed.

    Raises RuntimeError with its last words where it fails; exit code 1 tells of findings.
    """
    began, spent = time.perf_counter(), _spent()
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    most = 0.0
    while True:
        try:
            told, errors = process.communicate(timeout=POLL)
            break
        except subprocess.TimeoutExpired:
            most = max(most, sum(map(share, family(process.pid))))
    seconds = time.perf_counter() - began
    if process.returncode not in (0, 1) or "Traceback" in errors:
        raise RuntimeError(errors[-2000:])
    return Cost(seconds, _spent() - spent, most), told


def _spent() -> float:
    """Processor seconds of all processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def family(process: int) -> Iterable[int]:
    """A process and all that it started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def share(process: int) -> float:
    """The mebibytes that a process has, what it shares with others by its part."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of times, and the most memory."""
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.processor for cost in costs),
        max(cost.mebibytes for cost in costs),
    )
