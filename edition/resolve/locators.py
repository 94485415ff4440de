"""Where the entries of an index or a list point: from mentions in the text to what is printed, `334n14`.

Follows the Chicago Manual of Style, 16.13 (separate pages are passing mentions, a run of pages is one passage),
9.61 (inclusive numbers) and 16.116 (notes). Knows pages and anchors, and nothing of headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from edition.numerals import inclusive
from edition.pages import PagedEdition
from edition.resolved import Locator

UNKNOWN = "000"
"""What stands for a locator before there are pages: about as wide as one will be."""


class Mention(NamedTuple):
    """Where something is mentioned: its anchor, that of its end if it is a passage, and the mark of its note."""

    anchor: str
    end: str = ""
    note: str = ""


class _Spot(NamedTuple):
    """A mention on pages: indices of its first and last page."""

    first: int
    last: int
    anchor: str
    note: str


@dataclass
class Pages:
    """On which page of ours each anchor stands, and the folios."""

    index: dict[str, int] = field(default_factory=dict)
    folios: list[str] = field(default_factory=list)

    @staticmethod
    def of(paged: PagedEdition) -> Pages:
        index = {anchor: page.index for anchor, page in paged.first_pages().items()}
        return Pages(index, [page.folio for page in paged.pages])


def locators(mentions: Iterable[Mention], pages: Pages | None) -> tuple[Locator, ...]:
    """The locators of mentions, in the order of the pages, each page once. Before there are pages, a guess."""
    if pages is None:
        return tuple(Locator(UNKNOWN, mention.anchor) for mention in mentions)
    spots = sorted(_spots(mentions, pages))
    found = [*_runs([spot for spot in spots if not spot.note], pages.folios)]
    for page, noted in groupby((spot for spot in spots if spot.note), lambda spot: spot.first):
        found.append((page, 1, _in_notes(pages.folios[page], list(noted))))
    return tuple(locator for _, _, locator in sorted(found, key=lambda entry: entry[:2]))


def _spots(mentions: Iterable[Mention], pages: Pages) -> Iterator[_Spot]:
    for mention in mentions:
        first = pages.index.get(mention.anchor)
        if first is not None:
            last = max(first, pages.index.get(mention.end, first)) if not mention.note else first
            yield _Spot(first, last, mention.anchor, mention.note)


def _runs(spots: Sequence[_Spot], folios: Sequence[str]) -> Iterator[tuple[int, int, Locator]]:
    """Passages and single pages, those in a passage left out; passages that share a page are one."""
    runs: list[_Spot] = []
    for spot in spots:
        before = runs[-1] if runs else None
        if before and spot.first <= before.last:
            runs[-1] = before._replace(last=max(before.last, spot.last))
        elif not before or (folios[spot.first], folios[spot.last]) != (folios[before.first], folios[before.last]):
            runs.append(spot)  # facsimile pages that run on have one folio
    for run in runs:
        yield run.first, 0, Locator(inclusive(folios[run.first], folios[run.last]), run.anchor)


def _in_notes(folio: str, spots: Sequence[_Spot]) -> Locator:
    """The notes of one page: `334n14`, `334nn14–15`, `334nn3, 5`."""
    marks = list(dict.fromkeys(spot.note for spot in spots))
    if len(marks) == 1:
        return Locator(f"{folio}n{marks[0]}", spots[0].anchor)
    return Locator(f"{folio}nn{', '.join(_consecutive(marks))}", spots[0].anchor)


def _consecutive(marks: Sequence[str]) -> Iterator[str]:
    """Marks in order, with a dash for those that follow one another."""
    numbers = sorted(int(mark) for mark in marks if _is_number(mark))
    for _, run in groupby(enumerate(numbers), lambda entry: entry[1] - entry[0]):
        found = [number for _, number in run]
        yield str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"
    yield from (mark for mark in marks if not _is_number(mark))


def _is_number(mark: str) -> bool:
    return mark.isascii() and mark.isdecimal() and len(mark) < 6
