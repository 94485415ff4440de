"""The builder in a process of its own: is told what to build over a pipe, and tells what it made.

Of its own, as the builder copies its process to lay out chapters side by side, which a process with threads should
not, and so that a page is served at once while another is made.
"""

from __future__ import annotations

import gc
import signal
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from edition.workers import Workers

if TYPE_CHECKING:
    from edition.pipeline import Glimpsed
    from edition.preview.shown import ListedFinding, Shown

PATIENCE = 5.0
"""Seconds: when wishes waited for so long with nothing shown, a build is finished although there is a newer one."""

STANDING_BACK = 5
"""Pages that are looked at are drawn before the rest of the book is laid out."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be built: the edition as it is in its folder then, with other settings."""

    number: int
    settings: dict[str, str] = field(default_factory=dict)
    looked_at: int = 0
    """The page that is looked at: if its part of the book changed, that is shown first."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What the builder is doing, in a word or two."""

    word: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there are no pages."""

    number: int
    findings: tuple[ListedFinding, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Pages, for a wish."""

    number: int
    shown: Shown
    seconds: float
    settings: dict[str, str]
    """With which it was built."""


class _SupersededError(Exception):
    """There is a newer wish."""


class Maker:
    """Builds one edition whenever that is wished for."""

    def __init__(self, connection: Connection, directory: Path) -> None:
        from edition.pipeline import Builder
        from edition.preview.shown import AreasOf, Digests

        self.connection = connection
        self.directory = directory
        self.builder = Builder(directory, progress=self.progress)
        self.builder.glimpsed = self.glimpsed
        self.digests, self.areas = Digests(), AreasOf()
        self.waiting_since: float | None = None
        """When the oldest wish came of which nothing was shown yet."""

    def run(self) -> None:
        """Until the pipe is closed, or gives None."""
        while True:
            wish = self.newest(self.connection.recv())
            if wish is None:
                return
            with suppress(_SupersededError):
                self.make(wish)
            self.builder.cache.tidy()
            gc.unfreeze()  # what was kept out of reach for the workers may be garbage by now
            gc.collect()  # between builds, and never in the middle of one: somebody waits for the first page

    def newest(self, wish: Wish | None) -> Wish | None:
        """The last of the wishes that wait."""
        while wish is not None and self.connection.poll():
            wish = self.connection.recv()
        return wish

    def progress(self, word: str) -> None:
        if self.connection.poll() and time.monotonic() - (self.waiting_since or 0.0) < PATIENCE:
            raise _SupersededError
        self.connection.send(Doing(word))

    def glimpsed(self, found: Glimpsed) -> None:
        from edition.preview.shown import shown_glimpse

        self.waiting_since = None
        self.connection.send(shown_glimpse(found))

    def make(self, wish: Wish) -> None:
        from edition.findings import EditionError
        from edition.preview.shown import ListedFinding, shown, shown_findings

        begun = time.monotonic()
        self.waiting_since = self.waiting_since or begun
        self.builder.changes = wish.settings
        self.builder.looked_at = wish.looked_at
        try:
            made = self.builder.make()
            result: Finished | Failed = Finished(
                wish.number,
                shown(made, self.directory, self.digests, self.areas),
                time.monotonic() - begun,
                wish.settings,
            )
        except EditionError as error:
            result = Failed(wish.number, shown_findings(error.findings, self.directory))
        except (_SupersededError, BrokenPipeError):
            raise
        except Exception as error:
            traceback.print_exc()
            message = f"the builder itself failed, which is a fault of ours: {type(error).__name__}: {error}"
            result = Failed(wish.number, (ListedFinding("", "error", message),))
        self.waiting_since = None
        self.connection.send(result)


def serve_wishes(connection: Connection, directory: Path) -> None:
    """What the process does, to its end: when the other side of the pipe closes, or the process there ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks, who ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()
    Workers.politeness = STANDING_BACK
    with suppress(EOFError, OSError):
        Maker(connection, directory).run()
