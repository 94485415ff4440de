"""From the source to the pages: where a finding of the manuscript is printed.

The places file leads from print to source; here it is gone through the other way. Findings that know a page only
are at that page's head, those of no page nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from edition.findings import Finding
from edition.proof.book import PrintedBook
from edition.proof.lines import Line, Word
from edition.proof.places import Places
from edition.source import Place


class Printed(NamedTuple):
    """Where something is printed."""

    page: int
    """From 0."""
    line: Line | None
    """None where only the page is known."""
    word: Word | None


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a file's line that is printed in one piece."""

    page: int
    number: int
    character: int


class Finder:
    """Finds the print of places in the source."""

    def __init__(self, book: PrintedBook, places: Places | None, folder: str) -> None:
        self.book = book
        self.folder = folder.rstrip("/") + "/" if folder not in ("", ".") else ""
        self.pages: dict[str, int] = {}
        for page in book.pages:
            self.pages.setdefault(page.folio, page.index)
        self.words: dict[tuple[int, int], list[tuple[int, Line, Word]]] = {}
        for page in book.pages:
            for line in page.lines:
                for word in line.words:
                    if word.number is not None:
                        self.words.setdefault((page.index, word.number), []).append((word.character, line, word))
        self.runs: dict[str, tuple[list[tuple[int, int]], list[_Run]]] = {}
        for file, runs in _runs(places).items():
            runs.sort(key=lambda run: run[0])
            self.runs[file] = [at for at, _ in runs], [run for _, run in runs]

    def find(self, finding: Finding) -> Printed | None:
        """Where a finding is to be looked at; None for what is on no page."""
        page = self.pages.get(finding.folio) if finding.folio else None
        printed = self.print_of(finding.place) if finding.place else None
        if printed is not None and page in (None, printed.page):
            return printed
        if page is None:
            return None
        return Printed(page, None, None)

    def print_of(self, place: Place) -> Printed | None:
        """The word that was written at a place, or the last one before it on its line."""
        starts, runs = self.runs.get(place.path.removeprefix(self.folder), ([], []))
        number = bisect_right(starts, (place.line, place.column)) - 1
        if number < 0 or starts[number][0] != place.line:
            number += 1  # nothing of the line is printed before it: what comes next, if that is near
            if number >= len(starts) or starts[number][0] > place.line + 3:
                return None
        run, (line, column) = runs[number], starts[number]
        character = run.character + (max(0, place.column - column) if line == place.line else 0)
        words = self.words.get((run.page, run.number), [])
        before = [entry for entry in words if entry[0] <= character] or words[:1]
        if not before:
            return self._beside(run)
        _, at, word = before[-1]
        return Printed(run.page, at, word)

    def _beside(self, run: _Run) -> Printed:
        """The word that a piece of print goes on: it began in the piece before."""
        for (page, number), words in self.words.items():
            if page == run.page and number < run.number and words[-1][2].last[0] == run.number:
                return Printed(page, words[-1][1], words[-1][2])
        return Printed(run.page, None, None)


def _runs(places: Places | None) -> dict[str, list[tuple[tuple[int, int], _Run]]]:
    """By file where each run of print was written, and where it is."""
    found: dict[str, list[tuple[tuple[int, int], _Run]]] = {}
    for page, rows in enumerate(places.pages if places else ()):
        for row in rows:
            assert places
            runs = found.setdefault(places.files[row[5]], [])
            runs.append(((row[6], row[7]), _Run(page, row[0], 0)))
            jumps: Sequence[Any] = row[8]
            for character, line, column in zip(jumps[::3], jumps[1::3], jumps[2::3], strict=True):
                runs.append(((line, column), _Run(page, row[0], character)))
    return found
