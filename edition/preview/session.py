"""The preview while it goes on: what is shown, what is wished for, and who waits to be told."""

from __future__ import annotations

import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from edition.findings import EditionError
from edition.pipeline import write_settings
from edition.preview.images import PageImages
from edition.preview.making import Doing, Failed, Finished, Wish, serve_wishes
from edition.preview.shown import ShownGlimpse
from edition.source import Place

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from edition.pages import Rectangle
    from edition.preview.shown import ListedFinding, Shown
    from edition.proof.lookup import Lookup, Spot

SAME_SIZE = 0.15
"""Points by which a piece's size may differ from that of the text."""
LAST_WORD = 2.0
"""Seconds that the builder is given to end by itself."""
_SCHEME = re.compile(r"(?!(?:javascript|data|vbscript|blob|about):)[a-z][a-z0-9+.-]*:[^\s\"'<>]*", re.I)


def is_editor_link(link: str) -> bool:
    """Whether a link can open an editor: an address with `{path}` in it that runs nothing in the page."""
    return bool(_SCHEME.fullmatch(link)) and "{path}" in link


class Session:
    """One edition that is looked at. All methods may be called by any thread."""

    def __init__(self, directory: Path, editor: str = "") -> None:
        self.directory = directory
        self.editor = editor
        self.changed = Condition()
        self.version = 0
        """Counts up with every change."""
        self.images = PageImages()
        self.shown: Shown | None = None
        self.lookup: Lookup | None = None
        self.number = 0
        """How many times other pages were shown."""
        self.looked_at = 0
        """The page that somebody looks at."""
        self.wished = 0
        self.answered = 0
        self.failures: tuple[ListedFinding, ...] = ()
        self.doing = ""
        self.seconds = 0.0
        self.shown_with: dict[str, str] = {}
        """The settings that were tried out when what is shown was built."""
        self.settings: dict[str, str] = {}
        """Settings that are tried out."""
        self.ended = False
        self.pipe: Connection | None = None
        self.process: BaseProcess | None = None

    def __enter__(self) -> Session:
        self._start()
        self.wish()
        return self

    def __exit__(self, *_: object) -> None:
        with self.changed:
            self.ended = True
            process, pipe = self.process, self.pipe
            self._tell()
        if pipe is not None:
            with suppress(OSError):
                pipe.send(None)
        if process is not None:
            process.join(LAST_WORD if self.wished == self.answered else 0.1)
            if process.is_alive():
                process.terminate()
                process.join()
        if pipe is not None:
            pipe.close()
        self.images.close()

    # The builder

    def _start(self) -> None:
        context = get_context("spawn")  # as fork would take this process's threads for granted
        ours, theirs = context.Pipe()
        self.process = context.Process(target=serve_wishes, args=(theirs, self.directory), name="builder")
        with _deaf_to_ctrl_c():
            self.process.start()
        theirs.close()
        self.pipe = ours
        Thread(target=self._listen, args=(ours,), daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        while True:
            try:
                self._take(pipe.recv())
            except (EOFError, OSError):
                break
        with self.changed:
            if self.ended or pipe is not self.pipe:
                return
            self.pipe = None
            self.answered = self.wished
            self.failures = (_builder_lost(),)
            self.doing = ""
            self._tell()

    def _take(self, told: Doing | Failed | Finished | ShownGlimpse) -> None:
        if isinstance(told, ShownGlimpse):
            self._glimpse(told)
            return
        if isinstance(told, Finished):
            from edition.proof.lookup import Lookup

            self.images.show(told.shown.pdf, [page.digest for page in told.shown.pages])
            lookup = Lookup(told.shown.places)
        with self.changed:
            if isinstance(told, Doing):
                self.doing = told.word
            else:
                self.answered = told.number
                self.doing = ""
                if isinstance(told, Finished):
                    self.shown, self.lookup = told.shown, lookup
                    self.number += 1
                    self.shown_with = told.settings
                    self.seconds = told.seconds
                    self.failures = ()
                else:
                    self.failures = told.findings
            self._tell()

    def _glimpse(self, glimpse: ShownGlimpse) -> None:
        """Show pages among those of before. Where anything was written is known again when all are made."""
        self.images.add(glimpse.pdf, [page.digest for page in glimpse.pages])
        with self.changed:
            if self.shown is None:
                return
            end = glimpse.first + glimpse.replaced
            pages = (*self.shown.pages[: glimpse.first], *glimpse.pages, *self.shown.pages[end:])
            self.shown, self.lookup = replace(self.shown, pages=pages), None
            self.number += 1
            self._tell()

    def _tell(self) -> None:
        self.version += 1
        self.changed.notify_all()

    def wish(self, settings: Mapping[str, str] | None = None) -> int:
        """Have the edition built as it is in its folder now, and with other settings if they are given."""
        with self.changed:
            if settings is not None:
                self.settings = dict(settings)
            self.wished += 1
            if self.pipe is None and not self.ended:
                self._start()
            if self.pipe is not None:
                with suppress(OSError):
                    self.pipe.send(Wish(self.wished, self.settings, self.looked_at))
            self._tell()
            return self.wished

    def wait(self, version: int, seconds: float) -> bool:
        """Wait until something changed since a version; False if nothing did for so long."""
        with self.changed:
            return self.changed.wait_for(lambda: self.version != version or self.ended, seconds)

    # What is told

    def state(self) -> dict[str, Any]:
        """What goes on."""
        with self.changed:
            return {
                "version": self.version,
                "number": self.number,
                "wished": self.wished,
                "building": self.answered < self.wished,
                "doing": self.doing,
                "seconds": round(self.seconds, 2),
                "failures": [self._finding(finding) for finding in self.failures],
                "tried": self.settings,
            }

    def book(self) -> dict[str, Any]:
        """What is shown."""
        with self.changed:
            shown, number, tried = self.shown, self.number, self.shown_with
        if shown is None:
            return {"number": 0, "title": self.directory.name, "pages": [], "findings": [], "settings": []}
        return {
            "number": number,
            "title": shown.title,
            "style": shown.style,
            "pages": [asdict(page) for page in shown.pages],
            "findings": [self._finding(finding) for finding in shown.findings],
            "settings": [asdict(setting) for setting in shown.settings],
            "tried": tried,
        }

    def word_at(self, page: int, x: float, y: float) -> dict[str, Any] | None:
        """The word at a point of a page as it is shown, and its place in the source."""
        with self.changed:
            shown, lookup = self.shown, self.lookup
        if shown is None or lookup is None or not 0 <= page < len(shown.pages):
            return None
        its = shown.pages[page]
        if its.turned:
            x, y = its.width - y, x
        return self._spot(lookup.word_at(page, x, y))

    def finding_at(self, number: int) -> dict[str, Any] | None:
        """Where a finding, by its number in the list, shows on the pages."""
        with self.changed:
            shown, lookup = self.shown, self.lookup
        if shown is None or lookup is None or not 0 <= number < len(shown.findings):
            return None
        finding = shown.findings[number]
        if finding.path and (spot := lookup.find(Place(finding.path, finding.line, finding.column))):
            return self._spot(spot)
        if finding.index >= 0:
            return {"page": finding.index, "box": [finding.x, finding.y, finding.x + 12, finding.y + 12]}
        return None

    def drawn_at(self, page: int, digest: str) -> dict[str, Any] | None:
        """The areas and pieces of print of a page, if it is still the one of that digest."""
        with self.changed:
            shown, lookup = self.shown, self.lookup
        if shown is None or lookup is None or not 0 <= page < len(shown.pages):
            return None
        if shown.pages[page].digest != digest:
            return None
        areas = shown.areas[page]
        boxes = [self._turned(page, box) for box in lookup.pieces(page)]
        text, notes = (areas.text, areas.notes) if areas else (None, None)
        return {
            "text": text and self._turned(page, text),
            "notes": notes and self._turned(page, notes),
            "pieces": boxes,
            "grid": self._grid(shown, lookup, page, text) if text else [],
        }

    @staticmethod
    def _grid(shown: Shown, lookup: Lookup, page: int, text: Rectangle) -> list[float]:
        """How far down the baseline grid's lines are, so that the most of a page's text stands on them."""
        step = shown.leading
        if not step:
            return []
        steps = Counter(
            round((y - text[1]) % step, 1)
            for y, size in lookup.baselines(page)
            if abs(size - shown.text_size) < SAME_SIZE
        )
        first = steps.most_common(1)[0][0] if steps else step
        lines = int((text[3] - text[1] - first) / step + 0.01) + 1
        return [round(text[1] + first + number * step, 2) for number in range(lines)]

    def _spot(self, spot: Spot | None) -> dict[str, Any] | None:
        if spot is None:
            return None
        place = spot.place
        return {
            "page": spot.page,
            "box": self._turned(spot.page, spot.box),
            "path": place.path,
            "line": place.line,
            "column": place.column,
            "link": self.link(place.path, place.line, place.column),
        }

    def _turned(self, page: int, box: tuple[float, float, float, float]) -> list[float]:
        """A box as it is on the page that is shown: a turned one is shown after a quarter turn anticlockwise."""
        its = self.shown.pages[page] if self.shown and page < len(self.shown.pages) else None
        left, top, right, bottom = box
        if its and its.turned:
            left, top, right, bottom = top, its.width - right, bottom, its.width - left
        return [round(value, 2) for value in (left, top, right, bottom)]

    def _finding(self, finding: ListedFinding) -> dict[str, Any]:
        found = asdict(finding)
        found["message"] += f" ({finding.page})" if finding.page else ""
        found["link"] = self.link(finding.path, finding.line, finding.column) if finding.path else ""
        return found

    def link(self, path: str, line: int, column: int) -> str:
        """What opens the editor at a place; empty if no editor was named."""
        if not self.editor:
            return ""
        whole = (self.directory / path).resolve().as_posix()
        values = {"path": quote(whole, safe="/:"), "line": str(line or 1), "column": str(column or 1)}
        return re.sub(r"\{(path|line|column)\}", lambda found: values[found[1]], self.editor)

    # What is changed

    def write(self, settings: Mapping[str, str]) -> None:
        """Write settings into the edition's file. Raises EditionError, and then nothing was written."""
        write_settings(self.directory, settings)
        with self.changed:
            left = {name: value for name, value in self.settings.items() if settings.get(name) != value}
            if self.shown is not None:
                told = tuple(replace(one, value=settings.get(one.name, one.value)) for one in self.shown.settings)
                self.shown = replace(self.shown, settings=told)
        self.wish(left)

    def refused(self, error: EditionError) -> list[dict[str, Any]]:
        from edition.preview.shown import shown_findings

        return [self._finding(finding) for finding in shown_findings(error.findings, self.directory)]


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started meanwhile never hears of Ctrl-C: that is for us, who end it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # a process of Python's own, whose start would make us hear again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _builder_lost() -> ListedFinding:
    from edition.preview.shown import ListedFinding

    message = (
        "the builder ended in the middle of its work; was there enough memory? It starts again at the next save"
    )
    print(f"edition: {message}", file=sys.stderr)
    return ListedFinding("", "error", message)
