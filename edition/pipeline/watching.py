"""Saves in an edition's folder and in those of the built-in styles, and a build at each of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from threading import Event

from edition.files import UNFINISHED
from edition.findings import EditionError
from edition.pipeline.building import Builder
from edition.pipeline.unchanged import Report
from edition.styles import built_in_folder

STEP, DEBOUNCE = 20, 200
"""Milliseconds: saves that come within a step of one another are one, for so long at most."""
LOOK_AGAIN = 500
"""Milliseconds after which it is looked whether the folders are still the same."""
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

    Hidden files, those that editors and version control keep beside ours, and output do not count. A folder that is
    taken away and comes back, as when another branch is checked out, is watched again.
    """
    from watchfiles import Change, DefaultFilter
    from watchfiles import watch as changes

    known = DefaultFilter()

    def counts(change: Change, path: str) -> bool:
        name = Path(path).name
        return not name.startswith(".") and not name.endswith(OURS) and known(change, path)

    while True:
        before = _identities(directory)
        for found in changes(
            *before,
            watch_filter=counts,
            step=STEP,
            debounce=DEBOUNCE,
            stop_event=ended,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if found:
                saved()
            if _identities(directory) != before:
                break
        else:
            return
        saved()


def _identities(directory: Path) -> dict[Path, tuple[int, int]]:
    """The folders that are there to be watched, with what tells one from another of the same name."""
    found = {}
    for folder in (directory, built_in_folder()):
        with suppress(OSError):
            state = folder.stat()
            if S_ISDIR(state.st_mode):
                found[folder] = state.st_dev, state.st_ino
    return found
