"""The builder's memory over many builds: what one leaves behind, a day of work has by the hundred."""

from __future__ import annotations

import gc
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.preview.quay import FIRST, write_edition

WARM, MEASURED = 15, 45
MOST_OBJECTS = 450
"""Ten a build are too many."""
MOST_KILOBYTES = 1800
"""Forty a build; that of the process comes and goes by some hundreds."""


class Pipe:
    """Takes what the builder tells, and has no newer wish."""

    told: Any = None

    def poll(self) -> bool:
        return False

    def send(self, told: Any) -> None:
        self.told = told


def resident() -> int:
    """Kilobytes of this process in memory."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def build_on_and_on(folder: Path) -> list[tuple[int, int]]:
    """Objects and kilobytes, warm and at the end."""
    from edition.preview.making import Finished, Maker, Wish

    pipe = Pipe()
    maker = Maker(pipe, folder)  # type: ignore[arg-type]
    measured = []
    for number in range(WARM + MEASURED):
        text = FIRST.replace("A letter begins", f"The {number} letter begins")
        (folder / "documents/d1.md").write_text(text, "utf-8")
        maker.make(Wish(number + 1, {"text-size": f"{10 + number % 5 / 10}pt"}))
        assert isinstance(pipe.told, Finished)
        maker.builder.cache.tidy()
        gc.unfreeze()
        gc.collect()
        if number + 1 in (WARM, WARM + MEASURED):
            measured.append((len(gc.get_objects()), resident()))
    return measured


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read as Linux tells it")
def test_memory_is_steady_over_many_builds(tmp_path: Path) -> None:
    with get_context("spawn").Pool(1) as pool:
        (objects, kilobytes), (objects_then, kilobytes_then) = pool.apply(
            build_on_and_on, (write_edition(tmp_path / "quay"),)
        )
    assert objects_then - objects < MOST_OBJECTS
    assert kilobytes_then - kilobytes < MOST_KILOBYTES
