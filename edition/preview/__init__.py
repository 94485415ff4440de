"""A page on this machine that shows an edition's pages while its text and its look are worked on.

files ─ watching ─┐                       ┌─ making: the builder, a process of its own
page ── web ──────┴─▶ session ◀─── pipe ──┘
"""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edition.preview.session import Session
    from edition.preview.web import Server


class Preview:
    """A preview that is running, within a `with`."""

    def __init__(self, directory: Path, *, port: int = 0, editor: str = "") -> None:
        """`port` 0 takes any that is free; `editor` is a link with `{path}`. Raises OSError if the port is taken."""
        from edition.preview.session import Session
        from edition.preview.web import Server

        self.directory = directory
        self.session: Session = Session(directory, editor)
        self.server: Server = Server(self.session, port)
        self.ended = Event()
        self.threads: list[Thread] = []

    @property
    def address(self) -> str:
        return self.server.address

    def __enter__(self) -> Preview:
        from edition.pipeline.watching import watch_saves

        self.session.__enter__()
        self.threads = [
            Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True),
            Thread(target=watch_saves, args=(self.directory, self.session.wish, self.ended), daemon=True),
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.session.__exit__()
        self.server.shutdown()
        self.server.server_close()
        for thread in self.threads:
            thread.join(2)
