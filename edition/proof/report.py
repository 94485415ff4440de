"""The report: all findings on one page of HTML, each with the picture of its lines and with the lines of its
source.

One file with no outside resources, to be opened from disk. Pictures are small greys and shown only when they
come into view; pages stand as thumbnails with their findings marked.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from edition.findings import RULES, Finding, Severity, ShownFinding
from edition.findings import shown as shown_finding
from edition.pages import Rectangle
from edition.proof.book import PrintedBook
from edition.proof.html import page_of
from edition.proof.lines import box_around
from edition.proof.pictures import Pictures, webp
from edition.proof.spots import Printed

DPI, THUMBNAIL_DPI = 96, 15
QUALITY, THUMBNAIL_QUALITY = 30, 25
AROUND = 1
"""Lines shown before and after that of a finding, on the page and in the source."""
FAR = 2.4
"""Sizes of the text across which lines above and below still are shown."""
LONGEST = 400
"""Characters of a source line that are shown, around the finding."""
MOST = 2000
"""Findings with pictures; of more the file would grow too large to open."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    number: int
    before: str
    word: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the report shows it."""

    number: int
    finding: ShownFinding
    name: str
    """The first line of its rule's explanation."""
    document: str
    page: int
    """From 0; -1 for none."""
    picture: str
    """As a data address."""
    width: int
    height: int
    source: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    page: int
    folio: str
    picture: str
    width: int
    height: int
    marks: tuple[tuple[int, float, str], ...]
    """Finding's number, how far down the page in hundredths, its severity."""
    first: int
    """The number of its first finding; -1 for none."""


def report(
    title: str,
    book: PrintedBook,
    findings: Sequence[tuple[Finding, Printed | None]],
    sources: Mapping[str, str],
) -> str:
    """The report on findings, each with where it is printed; `sources` are the texts of files by their paths."""
    order = sorted(findings, key=lambda pair: _order(*pair))
    pictures = Pictures(book.content)
    try:
        shown = [
            _shown(number, finding, printed, book, pictures, sources)
            for number, (finding, printed) in enumerate(order)
        ]
        marks = _marks(shown, order, book)
        thumbnails = [
            _thumbnail(page, book, pictures, tuple(marks.get(page, ()))) for page in range(len(book.pages))
        ]
    finally:
        pictures.close()
    return page_of(
        "report.html",
        title=title,
        pages=len(book.pages),
        shown=shown,
        groups=_by_document(shown),
        thumbnails=thumbnails,
        severities=[
            (str(severity), sum(one.finding.severity == severity for one in shown)) for severity in Severity
        ],
        codes=_counted([(one.finding.code, one.name) for one in shown]),
        documents=_counted([(one.document, "") for one in shown if one.document]),
    )


def _order(finding: Finding, printed: Printed | None) -> tuple[int, float, str]:
    """By page and line; what is on no page comes first."""
    if printed is None:
        return -1, 0.0, finding.code
    return printed.page, printed.line.y if printed.line else 0.0, finding.code


def _by_document(shown: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    """Findings by document, in the order of the book; first those that are of none."""
    groups: dict[str, list[Shown]] = {}
    for one in shown:
        groups.setdefault(one.document, []).append(one)
    return sorted(groups.items(), key=lambda group: group[0] != "")


def _counted(values: Sequence[tuple[str, str]]) -> list[tuple[str, str, int]]:
    counts: dict[tuple[str, str], int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return [(value, name, number) for (value, name), number in sorted(counts.items())]


def _shown(
    number: int,
    finding: Finding,
    printed: Printed | None,
    book: PrintedBook,
    pictures: Pictures,
    sources: Mapping[str, str],
) -> Shown:
    picture, width, height = "", 0, 0
    if printed is not None and printed.line is not None and number < MOST:
        drawn = pictures.part(printed.page, _around(printed, book), DPI)
        picture, width, height = _address(webp(drawn, QUALITY)), drawn.width, drawn.height
    rule = RULES.get(finding.code)
    document = ""
    if printed is not None and printed.line is not None:
        document = _document(printed, book)
    folio = book.folio(printed.page) if printed else None
    line = printed.line.number if printed and printed.line else None
    return Shown(
        number, shown_finding(replace(finding, folio=folio, line=line)),
        rule.explanation.split("\n")[0].rstrip(".") if rule else "", document,
        printed.page if printed else -1, picture, width, height, _source(finding, sources),
    )  # fmt: skip


def _document(printed: Printed, book: PrintedBook) -> str:
    assert printed.line is not None
    owner = printed.line.block.owner
    return owner.id.rpartition("-n")[0] if owner.kind == "note" else owner.id


def _around(printed: Printed, book: PrintedBook) -> Rectangle:
    """The lines around that of a finding, over the width of the page's text."""
    page = book.pages[printed.page]
    assert printed.line is not None
    at = printed.line
    near = [line for line in page.text_lines if abs(line.number - at.number) <= AROUND]
    near = [line for line in near if abs(line.y - at.y) < FAR * at.size]
    left, top, right, bottom = box_around([*near, at])
    text = [*page.text_lines, at]
    left, right = min(line.left for line in text), max(line.right for line in text)
    return left - 6, top - 2, right + 6, bottom + 2


def _source(finding: Finding, sources: Mapping[str, str]) -> tuple[SourceLine, ...]:
    """The lines of the source around a finding, the word at it apart."""
    place = finding.place
    if place is None or place.path not in sources:
        return ()
    lines = sources[place.path].split("\n")
    shown = []
    for number in range(max(1, place.line - AROUND), min(len(lines), place.line + AROUND) + 1):
        text = lines[number - 1]
        if number != place.line:
            shown.append(SourceLine(number, text[:LONGEST] + ("…" if len(text) > LONGEST else ""), "", ""))
            continue
        at = min(place.column - 1, len(text))
        end = next((index for index in range(at, len(text)) if text[index].isspace()), len(text))
        end = max(end, min(at + 1, len(text)))
        start, stop = max(0, at - LONGEST // 2), min(len(text), end + LONGEST // 2)
        before, after = ("…" if start else "") + text[start:at], text[end:stop] + ("…" if stop < len(text) else "")
        shown.append(SourceLine(number, before, text[at:end], after))
    return tuple(shown)


Mark: TypeAlias = tuple[int, float, str]
"""A finding's number, how far down its page it is in hundredths, its severity."""


def _marks(
    shown: Sequence[Shown], order: Sequence[tuple[Finding, Printed | None]], book: PrintedBook
) -> dict[int, list[Mark]]:
    """The findings of each page."""
    found: dict[int, list[Mark]] = {}
    for one, (finding, printed) in zip(shown, order, strict=True):
        if printed is not None:
            height = book.pages[printed.page].height
            down = round(100 * printed.line.y / height, 1) if printed.line else 0.0
            found.setdefault(printed.page, []).append((one.number, down, str(finding.severity)))
    return found


def _thumbnail(index: int, book: PrintedBook, pictures: Pictures, marks: tuple[Mark, ...]) -> Thumbnail:
    drawn = pictures.page(index, THUMBNAIL_DPI)
    picture = _address(webp(drawn, THUMBNAIL_QUALITY))
    first = marks[0][0] if marks else -1
    return Thumbnail(index, book.folio(index), picture, drawn.width, drawn.height, marks, first)


def _address(picture: bytes) -> str:
    return "data:image/webp;base64," + b64encode(picture).decode("ascii")
