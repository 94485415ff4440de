"""Proves an import: what the TEI file says, the edition says, and so do the files that it is written to.

Stage by stage, so that a failure names its stage: file → edition (I120), edition → its files, as they are read
again (I121). Knows neither how editions are made nor how they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edition.findings import EditionError, Finding, Rule, Severity, declare
from edition.importers.tei.comparison import differences
from edition.importers.tei.edition_streams import streams_of_edition
from edition.importers.tei.file_streams import streams_of_tei
from edition.importers.tei.streams import Streams
from edition.model import Edition
from edition.source import Place

LOST_FROM_TEI = declare(
    "I120",
    Severity.ERROR,
    """Something was lost between the TEI file and the edition.

    Every import is proven: a second reader goes through the TEI file, and what it finds (every word, every note
    with its call, every page break) must stand in the edition, once and in its place. This does not, so nothing
    was written. It is a fault of the importer: please report it with the lines around the place.
    """,
)
LOST_IN_FILES = declare(
    "I121",
    Severity.ERROR,
    """Something was lost between the edition and its files.

    What an import is going to write is read again and compared with what was read from the TEI file. Here it does
    not say the same, so nothing was written. It is a fault of the builder: please report it with the lines around
    the place.
    """,
)


@dataclass(frozen=True, slots=True)
class Proven:
    """What an import found in its TEI file and again in the files of the edition, all in their places."""

    words: int
    """Of the text and of all notes, a note counted as often as it is called."""
    notes: int
    page_breaks: int


def prove(path: Path, edition: Edition, loaded: Edition) -> Proven:
    """Compare a TEI file with the edition made from it, and with that edition as read from its files.

    Raises EditionError with what was lost, doubled, changed or moved at the first stage where anything was.
    """
    source = streams_of_tei(path)
    _compare(LOST_FROM_TEI, "between the TEI file and the edition", path, source, streams_of_edition(edition))
    if loaded != edition:
        _compare(LOST_IN_FILES, "between the edition and its files", path, source, streams_of_edition(loaded))
        raise EditionError(_changed(edition, loaded))
    notes = sum(len(note.text.split()) for note in source.notes)
    return Proven(len(source.body.split()) + notes, len(source.notes), len(source.breaks))


def unreadable(path: Path, error: EditionError) -> EditionError:
    """The error that says that the files of an import cannot be read again, with the reasons."""
    message = "between the edition and its files: they cannot be read again"
    return EditionError([LOST_IN_FILES.at(Place(str(path)), message), *error.findings])


def _compare(rule: Rule, stage: str, path: Path, source: Streams, edition: Streams) -> None:
    found = differences(source, edition)
    if found:
        places = [Place(str(path), difference.line or 1) for difference in found]
        raise EditionError(
            rule.at(place, f"{stage}: {difference.message}")
            for place, difference in zip(places, found, strict=True)
        )


def _changed(edition: Edition, loaded: Edition) -> Iterator[Finding]:
    """Where editions differ that have the same words, notes and page breaks: in looks, fields or references."""
    written, read = list(edition.documents), list(loaded.documents)
    for document, again in zip(written, read, strict=False):
        if document != again:
            message = f"between the edition and its files: document `{document.id}` is read again as another one"
            yield LOST_IN_FILES.at(document.at, message)
    if written == read:
        message = (
            "between the edition and its files: the contents or fields of the volume are read again as others"
        )
        yield LOST_IN_FILES.at(edition.at, message)
