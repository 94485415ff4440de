"""A book from its stretches: which are laid out anew, and how they settle.

Where a place in the book matters (page numbers of others are printed, or the side is to be known on which a page
stands) a stretch is laid out again when that is known, as far as its fragments depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby
from pathlib import Path
from typing import NamedTuple

from edition.findings import Finding, Severity, declare
from edition.pages import Page, PagedEdition, Placed
from edition.styles import Style
from edition.typeset.fragments.chain import LINK, Chain, Kept
from edition.typeset.fragments.counting import PageShape
from edition.typeset.fragments.cutting import looks_far, trouble_with_fragments
from edition.typeset.fragments.laid import Laid, LayTask, Start
from edition.typeset.fragments.open_numbers import can_be_open, figures_in
from edition.typeset.fragments.outline import cut_html, outline_of, shell
from edition.typeset.fragments.rows import Row
from edition.typeset.joining import Joining, Piece
from edition.typeset.making import FurnishTask, Making
from edition.typeset.typesetter import colours

ROUNDS = 5
"""How often fragments are laid out again at most because of where they stand."""
LIST_COSTS = 1.5
"""How much longer it takes to lay out a list than a text with as much HTML; as seen with lists that are tables."""
ANCHOR = re.compile(r'\sid="([^"]*)"')
PAGE_NUMBER = re.compile(r'class="(?:[^"]* )?(?:locator|new-page)[ "]')
"""What in its HTML tells that a stretch prints page numbers of others, beside contents."""
CONTENTS = re.compile(r"<nav (?![^>]*data-elsewhere)")
LIST = 1000
"""A stretch that prints one number in so many characters of HTML is laid out when numbers are known."""

MARKS_IN_MARGIN = re.compile(r'<body [^>]*class="original-pages-margin.*class="(?:[^"]* )?page-break[ "]', re.S)
"""What tells that pages will differ by their side. One that is mistaken costs time alone."""

NUMBERS_UNSETTLED = declare(
    "T021",
    Severity.WARNING,
    """Page numbers in the text did not settle.

    Where a part of the book prints page numbers of others, a longer or shorter number can move what it leads to.
    After five rounds the last one is printed. The finding names what would change once more.
    """,
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How pages begin before a stretch."""

    side: str
    blank_name: str
    first: bool


class Stood(NamedTuple):
    """A stretch as it stood in the last book."""

    html: str
    style_key: str
    fragments: tuple[Kept, ...]
    pages: int
    """How many it had, blank ones before it included."""


class Glimpse(NamedTuple):
    """Pages of one stretch, before the rest of the book is made. They are counted from 0; the book has them later."""

    first: int
    """The index of its first page in the last book, blank ones before it included."""
    replaced: int
    """How many pages it had there."""
    paged: PagedEdition


class Typesetting(Making):
    """Lays out books in a style, one after the other."""

    standing: tuple[Stood, ...] = ()
    """The last book."""

    def pages_of(self, html: str) -> PagedEdition:
        """The book on pages. Raises EditionError if a note is lost or something cannot be laid out."""
        book = _Book(self, html)
        paged = book.paged()
        self.standing = book.stood(paged)
        return paged

    def glimpse(self, html: str, page: int) -> Glimpse | None:
        """A changed stretch by itself, if there is one: that of a page of the last book, else the first.

        As long as the rest is that of the last book, its page numbers may be others in the end. What is laid out
        here is not laid out again. Raises what `pages_of` raises.
        """
        book = _Book(self, html)
        number = book.changed_since(self.standing, page)
        return book.glimpse(number, self.standing) if number is not None else None


class _Book:
    """One book while its stretches settle."""

    def __init__(self, setting: Typesetting, html: str) -> None:
        self.setting = setting
        root = outline_of(html)
        self.root = root
        cuts = setting.cuts(html)
        sheets = setting.style.sheets
        far = looks_far(sheets)
        self.trouble = trouble_with_fragments(sheets)
        divides = not far and not self.trouble
        self.beginnings = [Beginning(cut.side, cut.blank_name, number == 0) for number, cut in enumerate(cuts)]
        self.tasks = [
            LayTask(
                piece,
                Start(its.side != "left", its.first),
                {},
                MARKS_IN_MARGIN.search(piece) is not None,
                divides=divides,
            )
            for its, piece in zip(self.beginnings, cut_html(html, root, cuts, far), strict=True)
        ]
        self.fragments: list[tuple[Kept, ...]] = [()] * len(self.tasks)
        """Of each stretch; none of one that is not laid out yet."""
        self.chains: dict[int, Chain] = {}
        """As far as they are known, of stretches that are about to be laid out."""

    @property
    def row_of_fragments(self) -> Iterator[tuple[int, Kept]]:
        """All fragments in a row, each with the number of its stretch."""
        return ((number, kept) for number, its in enumerate(self.fragments) for kept in its)

    def paged(self) -> PagedEdition:
        setting = self.setting
        anew, from_cache = setting.anew, setting.from_cache
        if self.trouble:
            setting.report(f"the style has {self.trouble}: every change costs a layout of the whole book")
        findings = self.settle()
        setting.report(f"parts laid out: {setting.anew - anew}, from the cache: {setting.from_cache - from_cache}")
        return self.joining(*self.row()).joined(findings)

    def joining(self, rows: Sequence[Row], known: Mapping[str, int]) -> Joining:
        pieces = [
            Piece(kept, row, self.beginnings[number].blank_name)
            for row, (number, kept) in zip(rows, self.row_of_fragments, strict=True)
        ]
        return Joining(self.setting, partial(shell, self.root), pieces, known)

    def stood(self, paged: PagedEdition) -> tuple[Stood, ...]:
        """What is to be remembered of it."""
        pages = [0] * len(self.tasks)
        for (number, _), placed in zip(self.row_of_fragments, paged.placed, strict=True):
            pages[number] += placed.blanks + len(placed.shifts)
        return tuple(
            Stood(task.html, self.setting.style_key, its, count)
            for task, its, count in zip(self.tasks, self.fragments, pages, strict=True)
        )

    def changed_since(self, before: Sequence[Stood], page: int) -> int | None:
        """A stretch that is another than in an earlier book of as many: that of a page there, else the first."""
        if len(before) != len(self.tasks):
            return None
        changed = [
            number
            for number, (stood, task) in enumerate(zip(before, self.tasks, strict=True))
            if stood.html != task.html or stood.style_key != self.setting.style_key
        ]
        ends = accumulate(stood.pages for stood in before)
        looked_at = next((number for number, end in enumerate(ends) if page < end), None)
        return looked_at if looked_at in changed else next(iter(changed), None)

    def glimpse(self, number: int, before: Sequence[Stood]) -> Glimpse:
        """One stretch on pages, among others as they were."""
        self.fragments = [stood.fragments for stood in before]
        self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, self.row()[1]))
        self.lay_out([number])
        joining = self.joining(*self.row())
        its = [index for index, (of, _) in enumerate(self.row_of_fragments) if of == number]
        tasks = joining.furnish_tasks()
        furnished = self.setting.furnish([tasks[index] for index in its])
        pages: list[Page] = []
        placed: list[Placed] = []
        for index, one in zip(its, furnished, strict=True):
            pages += joining.pages_of(joining.pieces[index], one)
            placed.append(joining.placed(joining.pieces[index], one))
        first = placed[0].first
        uses = [use for kept in self.fragments[number] for use in kept.laid.fonts]
        uses += [use for one in furnished for use in one.fonts]
        paged = PagedEdition(
            tuple(replace(page, index=page.index - first) for page in pages),
            placed=tuple(replace(one, first=one.first - first) for one in placed),
            fonts=self.setting.fonts(uses),
            colours=colours(),
        )
        return Glimpse(sum(stood.pages for stood in before[:number]), before[number].pages, paged)

    def settle(self) -> list[Finding]:
        """Lay out all stretches, some again until each knows of the book what it needs."""
        late = [number for number, task in enumerate(self.tasks) if _is_list(task.html)]
        text = [number for number in range(len(self.tasks)) if number not in late]
        for number in text:
            self.chains[number] = Chain(self.setting, self.tasks[number])
        last = self.laid_out_last(text, late)
        self.lay_out([number for number in text if number not in last])
        if late:
            rows, known = self.row()
            known = self.estimated(rows, known) | known
            for number in late:
                self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, known))
            # A few long lists do not keep all workers busy, and the text's pages are numbered by themselves.
            joining = self.joining(rows, known)
            self.lay_out([*late, *last], joining.furnish_tasks() if not joining.counts_all_pages else ())
        for round_ in range(ROUNDS + 1):
            changed = self.changed()
            if not changed:
                return []
            if round_ == ROUNDS:
                break
            for number, task in changed.items():
                self.tasks[number] = task
            self.lay_out(list(changed))
        anchors = sorted(
            anchor
            for number, task in changed.items()
            for anchor, page in task.numbers.items()
            if self.tasks[number].numbers.get(anchor) != page
        )
        named = ", ".join(anchors[:5])
        return [NUMBERS_UNSETTLED.at(None, f"page numbers did not settle in {ROUNDS} rounds: those of {named}")]

    def laid_out_last(self, text: Sequence[int], late: Sequence[int]) -> list[int]:
        """The last stretches of a new text, which are laid out together with what prints page numbers.

        That is a few long lists, which keep few workers busy. Only how many figures a number has matters to them, and
        of the last pages that can be told beforehand; where it was wrong a fragment is laid out again.
        """
        known = sum(self.chains[number].is_whole for number in text)
        if self.setting.jobs == 1 or known * 2 > len(text) or not can_be_open(self.setting.style.sheets):
            return []
        lengths = [len(task.html) for task in self.tasks]
        wanted = LIST_COSTS * max((lengths[number] for number in late), default=0) * self.setting.jobs
        wanted -= LIST_COSTS * sum(lengths[number] for number in late)
        most = sum(lengths[number] for number in text) / 2
        last: list[int] = []
        for number in reversed(text):
            wanted, most = wanted - lengths[number], most - lengths[number]
            if wanted + lengths[number] <= 0 or most < 0:
                break
            last.append(number)
        return last[::-1]

    def estimated(self, rows: Sequence[Row], known: Mapping[str, int]) -> dict[str, int]:
        """The page numbers that anchors after the last known page will have, if text goes on as densely as before."""
        laid = [number for number, its in enumerate(self.fragments) if its]
        if not laid:
            return {}
        length = sum(len(self.tasks[number].html) for number in laid)
        a_page = length / sum(len(row.counted) for row in rows)
        following = "".join(task.html for task in self.tasks[laid[-1] + 1 :])
        first = rows[-1].counted[-1].number + 1
        return {found[1]: first + int(found.start() / a_page) for found in ANCHOR.finditer(following)}

    def wanted_numbers(self, number: int, known: Mapping[str, int]) -> dict[str, int]:
        """The page numbers that a stretch's links lead to, as far as they are known."""
        linked = dict.fromkeys(LINK.findall(self.tasks[number].html))
        return {anchor: known[anchor] for anchor in linked if anchor in known}

    def lay_out(self, numbers: list[int], meanwhile: Sequence[FurnishTask] = ()) -> None:
        chains = [
            self.chains.pop(number) if number in self.chains else Chain(self.setting, self.tasks[number])
            for number in numbers
        ]
        self.setting.lay_out(chains, meanwhile)
        for number, chain in zip(numbers, chains, strict=True):
            self.fragments[number] = tuple(chain.fragments)

    def changed(self) -> dict[int, LayTask]:
        """The stretches that would be laid out otherwise by what is known now, with how."""
        rows, known = self.row()
        changed: dict[int, LayTask] = {}
        by_stretch = groupby(zip(rows, self.row_of_fragments, strict=True), key=lambda it: it[1][0])
        for number, its in by_stretch:
            task = self.tasks[number]
            standing = [(row, kept.laid) for row, (_, kept) in its]
            anchors = {anchor for _, laid in standing for anchor in (*laid.numbers, *laid.open_numbers)}
            numbers = {anchor: known.get(anchor, 0) for anchor in sorted(anchors)}
            if any(self.are_others(laid, numbers, task.numbers) for _, laid in standing):
                task = task._replace(numbers=numbers)
            first = standing[0][0]
            if task.keeps_side or any(_is_elsewhere(row, laid) for row, laid in standing):
                task = task._replace(keeps_side=True, start=replace(task.start, right=first.right))
            if task != self.tasks[number]:
                changed[number] = task
        return changed

    @staticmethod
    def are_others(laid: Laid, numbers: Mapping[str, int], before: Mapping[str, int]) -> bool:
        """Whether page numbers would make another layout than those that were known before."""
        return any(numbers[anchor] != before.get(anchor, 0) for anchor in laid.numbers) or any(
            figures_in(numbers[anchor]) != figures_in(before.get(anchor, 0)) for anchor in laid.open_numbers
        )

    def row(self) -> tuple[list[Row], dict[str, int]]:
        """The fragments in a row, and the page numbers of all anchors."""
        rows: list[Row] = []
        shapes: list[PageShape] = []
        right = True
        for number, kept in self.row_of_fragments:
            its = self.beginnings[number]
            blanks = 0
            if its.side and not kept.task.place and right != (its.side == "right"):
                if its.first:
                    right = its.side == "right"
                else:
                    blanks = 1
                    shapes.append(PageShape(right, True, its.blank_name or None, ()))
                    right = not right
            rows.append(Row(len(shapes), blanks, right, ()))
            for record in kept.laid.records:
                shapes.append(PageShape(right, record.blank, record.name, record.groups))
                right = not right
        counted = self.setting.counted(shell(self.root), shapes)
        numbers: dict[str, int] = {}
        for index, (row, (_, kept)) in enumerate(zip(rows, self.row_of_fragments, strict=True)):
            rows[index] = row._replace(counted=counted[row.first : row.first + len(kept.laid.pages)])
            for page, one in zip(kept.laid.pages, rows[index].counted, strict=True):
                for anchor in page.anchors:
                    numbers.setdefault(anchor, one.number)
        return rows, numbers


def _is_list(html: str) -> bool:
    """Whether it is contents, an index or the like."""
    return CONTENTS.search(html) is not None or len(PAGE_NUMBER.findall(html)) * LIST > len(html)


def _is_elsewhere(row: Row, laid: Laid) -> bool:
    """Whether a fragment is other than it should be where it stands."""
    return row.right != laid.records[0].right and (laid.side_matters or row.other_area(laid.records))


def typeset(html: str, style: Style, folder: Path) -> PagedEdition:
    """Lay out an edition's HTML in a style, by this process alone, and keep nothing; `folder` is the edition's own.

    Raises EditionError if the style is broken or a note is lost.
    """
    with Typesetting(style, folder) as setting:
        paged = setting.pages_of(html)
        for placed in paged.placed:
            assert placed.drawing
        for part in paged.parts:
            assert part.labels
        return paged
