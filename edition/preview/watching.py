"""Looks for saves in an edition's folder and in those of the built-in styles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from watchfiles import Change, DefaultFilter, watch

from edition.files import UNFINISHED
from edition.styles import built_in_folder

STEP, DEBOUNCE = 20, 200
"""Milliseconds: saves that come within a step of one another are one, for so long at most."""
OURS = (UNFINISHED, ".pdf", ".places.json")
"""How names of files end that a build writes, wherever it is told to."""


class _Sources(DefaultFilter):
    """All files but hidden ones, those that editors and version control keep beside ours, and output."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        return not name.startswith(".") and not name.endswith(OURS) and super().__call__(change, path)


def watch_edition(directory: Path, saved: Callable[[], object], ended: Event) -> None:
    """Call `saved` whenever something was saved, until `ended` is set."""
    folders = [folder for folder in (directory, built_in_folder()) if folder.is_dir()]
    for _ in watch(
        *folders,
        watch_filter=_Sources(),
        step=STEP,
        debounce=DEBOUNCE,
        stop_event=ended,
        rust_timeout=500,
        yield_on_timeout=False,
        raise_interrupt=False,
    ):
        saved()
