"""Saves in an edition's folder and in those of the built-in styles, and a build at each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from edition.files import UNFINISHED
from edition.findings import EditionError
from edition.pipeline.building import Builder
from edition.pipeline.unchanged import Report
from edition.styles import built_in_folder

STEP, DEBOUNCE = 20, 200
"""Milliseconds: saves that come within a step of one another are one, for so long at most."""
OURS = (UNFINISHED, ".pdf", ".places.json")
"""How names of files end that a build writes, wherever it is told to."""

Told = Callable[[Report | EditionError], None]


def watch(builder: Builder, out: Path, told: Told, ended: Event | None = None) -> None:
    """Build now and at every save, until `ended` is set; tells of each build how it went."""

    def build() -> None:
        try:
            told(builder.build(out).report)
        except EditionError as error:
            told(error)

    build()
    watch_saves(builder.directory, build, ended)


def watch_saves(directory: Path, saved: Callable[[], object], ended: Event | None = None) -> None:
    """Call `saved` whenever something was saved, until `ended` is set.

    Hidden files, those that editors and version control keep beside ours, and output do not count.
    """
    from watchfiles import Change, DefaultFilter
    from watchfiles import watch as changes

    known = DefaultFilter()

    def counts(change: Change, path: str) -> bool:
        name = Path(path).name
        return not name.startswith(".") and not name.endswith(OURS) and known(change, path)

    folders = [folder for folder in (directory, built_in_folder()) if folder.is_dir()]
    for _ in changes(
        *folders,
        watch_filter=counts,
        step=STEP,
        debounce=DEBOUNCE,
        stop_event=ended,
        rust_timeout=500,
        yield_on_timeout=False,
        raise_interrupt=False,
    ):
        saved()
