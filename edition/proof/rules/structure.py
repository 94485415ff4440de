"""Rules of the edition's order: numbers, dates, ids, original pages from one document to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import PurePath

from edition.findings import Severity
from edition.model import Container, Division, Document, Entry, Quote
from edition.proof.rules.context import Context, DocumentChecks, Volume, VolumeChecks
from edition.proof.rules.passages import Passages
from edition.proof.rules.registry import Hit
from edition.walk import walk

documents = DocumentChecks()
volumes = VolumeChecks()


@documents.rule("S201", Severity.WARNING)
def document_without_text(passages: Passages, context: Context) -> Iterator[Hit]:
    """A document is empty.

    It has a title at most and nothing below it: its text was lost, or not written yet.
    """
    if not any(passage.text.strip() for passage in passages.all if passage.kind not in ("title", "field")):
        yield Hit(passages.document.at, f"document {passages.document.id} has no text")


@documents.rule("S202", Severity.WARNING)
def date_that_is_none(passages: Passages, context: Context) -> Iterator[Hit]:
    """A date cannot be read, or is none.

    `date` is a year, a month, a day or a day with its time, as in ISO 8601: `1940`, `1940-10`, `1940-10-30`; a
    span has a stroke: `1940-10-30/1940-11-02`. The list of documents prints it in words.
    """
    document = passages.document
    for part in document.date.split("/") if document.date else ():
        if _day(part) is None:
            yield Hit(
                document.at,
                f"the date “{part[:40]}” of document {document.id} is none",
                "write it as in 1940-10-30",
            )


_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.,+Z-]+)?)?)?")


def _day(written: str) -> tuple[date, int] | None:
    """The first day that a date in ISO 8601 covers, and how many of its three parts are written."""
    found = _ISO.fullmatch(written.strip())
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part]
    try:
        return date(*[*parts, 1, 1][:3]), len(parts)
    except ValueError:
        return None


MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"), 1,
    )
    for length in (3, 4, 9)
}  # fmt: skip
_IN_WORDS = re.compile(
    r"\b([A-Z][a-z]{2,8})\.?\s+(\d{1,2})(?:st|nd|rd|th|d)?,?\s+(\d{4})\b"
    r"|\b(\d{1,2})(?:st|nd|rd|th|d)?\s+([A-Z][a-z]{2,8})\.?,?\s+(\d{4})\b"
)


def _days_in(text: str) -> list[date]:
    """The days that a text names in English words, day, month and year."""
    days = []
    for month, day, year, other_day, other_month, other_year in _IN_WORDS.findall(text):
        number = MONTHS.get((month or other_month).lower())
        try:
            days.append(date(int(year or other_year), number or 0, int(day or other_day)))
        except ValueError:
            continue
    return days


@documents.rule("S203", Severity.WARNING)
def date_that_the_dateline_contradicts(passages: Passages, context: Context) -> Iterator[Hit]:
    """The date of the front matter is not that of the dateline.

    The dateline names days in full (`January 19, 1934`), and none of them is the front matter's `date`. One of the
    two is probably misread. Datelines in other languages than English, and days of another calendar, are for the
    editor's eye.
    """
    document = passages.document
    first = _day(document.date.partition("/")[0])
    if first is None or first[1] < 3 or "/" in document.date:
        return
    named = [day for text in _datelines(document) for day in _days_in(text)]
    if named and first[0] not in named:
        shown = f"{named[0]:%B} {named[0].day}, {named[0].year}"
        message = f"the date {first[0].isoformat()} of document {document.id} is not in its dateline: {shown}"
        yield Hit(document.at, message)


def _datelines(document: Document) -> Iterator[str]:
    """The text of the document's own datelines; those of quotations and enclosures are not its own."""
    for block in document.blocks:
        if isinstance(block, Container) and block.kind == "dateline":
            yield _text_of(block)


def _text_of(block: Container | Quote) -> str:
    inside = walk(Document("", blocks=(block,)), notes=False)
    return " ".join(getattr(node, "text", "") for _, node in inside)


@documents.rule("S206", Severity.INFO)
def id_that_is_not_the_file_name(passages: Passages, context: Context) -> Iterator[Hit]:
    """A document's id is not the name of its file.

    Nothing breaks by that, but who looks for `d212` looks for `d212.md`.
    """
    at = passages.document.at
    if at and PurePath(at.path).stem != passages.document.id:
        yield Hit(at, f"document {passages.document.id} stands in {PurePath(at.path).name}")


@documents.rule("S207", Severity.INFO)
def document_without_title(passages: Passages, context: Context) -> Iterator[Hit]:
    """A document has neither title nor number.

    Contents, outline and running heads cannot name it.
    """
    document = passages.document
    if not document.title and not document.number:
        yield Hit(document.at, f"document {document.id} has neither title nor number")


# From document to document


@volumes.rule("S204", Severity.INFO)
def document_before_its_time(volume: Volume, context: Context) -> Iterator[Hit]:
    """A document is older than the one before it, in a chapter that is in order of time otherwise.

    The chapter counts as in order if at least nine in ten of its documents are. A document is often out of order
    for a reason; a misread year or month looks the same.
    """
    for documents in _chapters(volume.edition.contents):
        dated = [
            (document, found[0]) for document in documents if (found := _day(document.date)) and found[1] == 3
        ]
        pairs = list(pairwise(dated))
        wrong = [(before, after) for before, after in pairs if after[1] < before[1]]
        if len(pairs) < 4 or len(wrong) > len(pairs) / 10:
            continue
        for (earlier, before), (document, day) in wrong:
            message = (
                f"document {document.id} of {day.isoformat()} comes after {earlier.id} of {before.isoformat()}"
            )
            yield Hit(document.at, message)


def _chapters(entries: tuple[Entry, ...]) -> Iterator[list[Document]]:
    """The documents of each division that stand directly in it, in order."""
    yield [entry for entry in entries if isinstance(entry, Document)]
    for entry in entries:
        if isinstance(entry, Division):
            yield from _chapters(entry.contents)


@volumes.rule("S205", Severity.WARNING)
def document_number_out_of_order(volume: Volume, context: Context) -> Iterator[Hit]:
    """A document's number does not follow that of the document before it.

    Numbers of documents count on through the volume, or begin again at 1. One is missing, stands twice, or is
    misread. Documents without a number are passed over.
    """
    before: int | None = None
    for document in volume.edition.documents:
        if not document.number.isdecimal():
            continue
        number = int(document.number)
        if before is not None and number not in (before + 1, 1):
            yield Hit(document.at, f"document number {number} comes after {before}")
        before = number
