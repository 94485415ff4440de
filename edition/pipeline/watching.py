"""Building again at every save, until somebody stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event

from edition.findings import EditionError
from edition.pipeline.building import Builder
from edition.pipeline.unchanged import Report
from edition.styles import built_in_folder

GATHERING = 60
"""Milliseconds for which saves that come together are gathered."""

Told = Callable[[Report | EditionError], None]


def watch(builder: Builder, out: Path, told: Told, stop: Event | None = None) -> None:
    """Build now and at every save of a file of the edition or of a style; tells of each build how it went.

    Ends when `stop` is set.
    """
    for _ in _saves(builder.directory, out, stop):
        try:
            told(builder.build(out).report)
        except EditionError as error:
            told(error)


def _saves(directory: Path, out: Path, stop: Event | None) -> Iterator[None]:
    """At once, and whenever something was saved."""
    from watchfiles import watch as changes

    def counts(_: object, path: str) -> bool:
        name = Path(path)
        return not name.is_relative_to(out.resolve()) and not any(part.startswith(".") for part in _inside(name))

    def _inside(name: Path) -> Iterable[str]:
        for folder in folders:
            if name.is_relative_to(folder):
                return name.relative_to(folder).parts
        return name.parts[-1:]

    folders = [directory.resolve(), built_in_folder()]
    yield
    for _ in changes(*folders, watch_filter=counts, debounce=GATHERING, step=20, stop_event=stop):
        yield
