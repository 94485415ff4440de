"""A book from its fragments: which are laid out anew, how they settle, and how their pages stand in a row.

Where a fragment's place in the book matters (it prints page numbers of others, or must know on which side it begins)
it is laid out again when that is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

from edition.cache import key_of
from edition.drawings import Drawing, Shift
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.pages import Label, Labels, LineCount, Page, PagedEdition, Part, Placed
from edition.styles import Style
from edition.typeset.fragments.counting import PageShape
from edition.typeset.fragments.cutting import looks_far
from edition.typeset.fragments.furnishing import Furnished, Passing, Wanted, blank_record, passed_on
from edition.typeset.fragments.laid import Laid, Start
from edition.typeset.fragments.open_numbers import figures_in
from edition.typeset.fragments.outline import cut_html, outline_of, shell
from edition.typeset.fragments.rows import Row, moved_labels, pages_of, shifts_of
from edition.typeset.making import FurnishTask, Kept, LayTask, Making
from edition.typeset.notes import note_findings
from edition.typeset.preparing import ENGINE_COMPLAINT
from edition.typeset.typesetter import colours

ROUNDS = 5
"""How often fragments are laid out again at most because of where they stand."""
LONG = 2
"""A fragment is long if the longest is at most so many times as long."""
LATE = re.compile(r'class="(?:[^"]* )?(?:new-page|contents|locator)[ "]')
"""What in its HTML tells that a fragment will print page numbers of others: it is laid out when they are known."""
LINK = re.compile(r'"#([^"]+)"')

NUMBERS_UNSETTLED = declare(
    "T021",
    Severity.WARNING,
    """Page numbers in the text did not settle.

    Where a part of the book prints page numbers of others, a longer or shorter number can move what it leads to.
    After five rounds the last one is printed. The finding names what would change once more.
    """,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A fragment of a book, and how pages begin before it."""

    html: str
    side: str
    blank_name: str
    first: bool


class Stood(NamedTuple):
    """A fragment as it stood in the last book."""

    html: str
    style_key: str
    kept: Kept
    pages: int
    """How many it had, blank ones before it included."""


class Glimpse(NamedTuple):
    """Pages of one fragment, before the rest of the book is made. They are counted from 0; the book has them later."""

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
        """A changed fragment by itself, if there is one: that of a page of the last book, else the first.

        As long as the rest is that of the last book, its page numbers may be others in the end. What is laid out
        here is not laid out again. Raises what `pages_of` raises.
        """
        book = _Book(self, html)
        number = book.changed_since(self.standing, page)
        return book.glimpse(number, self.standing) if number is not None else None


class _Book:
    """One book while its fragments settle."""

    def __init__(self, setting: Typesetting, html: str) -> None:
        self.setting = setting
        root = outline_of(html)
        self.root = root
        cuts = setting.cuts(html)
        pieces = cut_html(html, root, cuts, looks_far(setting.style.sheets))
        self.fragments = [
            Fragment(piece, cut.side, cut.blank_name, number == 0)
            for number, (cut, piece) in enumerate(zip(cuts, pieces, strict=True))
        ]
        self.tasks = [
            LayTask(fragment.html, Start(fragment.side != "left", fragment.first), {})
            for fragment in self.fragments
        ]
        self.kept: list[Kept | None] = [None] * len(self.fragments)

    def paged(self) -> PagedEdition:
        setting = self.setting
        anew, from_cache = setting.anew, setting.from_cache
        findings = self.settle()
        setting.report(f"parts laid out: {setting.anew - anew}, from the cache: {setting.from_cache - from_cache}")
        return self.joined(findings)

    def stood(self, paged: PagedEdition) -> tuple[Stood, ...]:
        """What is to be remembered of it."""
        return tuple(
            Stood(fragment.html, self.setting.style_key, kept, placed.blanks + len(placed.shifts))
            for fragment, kept, placed in zip(self.fragments, self.kept, paged.placed, strict=True)
            if kept is not None
        )

    def changed_since(self, before: Sequence[Stood], page: int) -> int | None:
        """A fragment that is another than in an earlier book of as many: that of a page there, else the first."""
        if len(before) != len(self.fragments):
            return None
        changed = [
            number
            for number, (stood, fragment) in enumerate(zip(before, self.fragments, strict=True))
            if stood.html != fragment.html or stood.style_key != self.setting.style_key
        ]
        ends = accumulate(stood.pages for stood in before)
        looked_at = next((number for number, end in enumerate(ends) if page < end), None)
        return looked_at if looked_at in changed else next(iter(changed), None)

    def glimpse(self, number: int, before: Sequence[Stood]) -> Glimpse:
        """One fragment on pages, among others as they were."""
        self.kept = [stood.kept for stood in before]
        if self.is_late(number):
            self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, self.row()[1]))
        self.lay_out([number])
        rows, known = self.row()
        (its,) = self.setting.furnish([self.furnish_tasks(rows)[number]])
        pages, placed, _ = self.placed(number, rows[number], its, known)
        first = placed.first
        kept = self.kept[number]
        assert kept is not None
        paged = PagedEdition(
            tuple(replace(page, index=page.index - first) for page in pages),
            placed=(replace(placed, first=0),),
            fonts=self.setting.fonts([*kept.laid.fonts, *its.fonts]),
            colours=colours(),
        )
        return Glimpse(sum(stood.pages for stood in before[:number]), before[number].pages, paged)

    def is_late(self, number: int) -> bool:
        return LATE.search(self.fragments[number].html) is not None

    def settle(self) -> list[Finding]:
        """Lay out all fragments, some again until each knows of the book what it needs."""
        late = [number for number in range(len(self.fragments)) if self.is_late(number)]
        waiting = self.waiting(late)
        self.lay_out([number for number in range(len(self.fragments)) if number not in waiting])
        if late:
            _, known = self.row()
            for number in late:
                self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, known))
            self.lay_out(late)
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

    def waiting(self, late: Sequence[int]) -> list[int]:
        """The late fragments that are laid out only when it is known how many pages the others have.

        Contents and lists in the front matter print the numbers of one another's pages. The short ones are laid out
        with what is known, and then again; the long ones once, and the last, whose length moves none of the others.
        """
        longest = max((len(self.fragments[number].html) for number in late), default=0)
        is_long = [len(self.fragments[number].html) * LONG >= longest for number in late]
        return [number for number, long in zip(late, is_long, strict=True) if long or number == late[-1]]

    def wanted_numbers(self, number: int, known: Mapping[str, int]) -> dict[str, int]:
        """The page numbers that a fragment's links lead to, as far as they are known."""
        linked = dict.fromkeys(LINK.findall(self.fragments[number].html))
        return {anchor: known[anchor] for anchor in linked if anchor in known}

    def lay_out(self, numbers: list[int]) -> None:
        for number, kept in zip(numbers, self.setting.lay_out([self.tasks[it] for it in numbers]), strict=True):
            self.kept[number] = kept

    def changed(self) -> dict[int, LayTask]:
        """The fragments that would be laid out otherwise by what is known now, with how."""
        rows, known = self.row()
        changed: dict[int, LayTask] = {}
        for number, (row, kept) in enumerate(zip(rows, self.kept, strict=True)):
            assert kept is not None
            task = self.tasks[number]
            numbers = {anchor: known.get(anchor, 0) for anchor in (*kept.laid.numbers, *kept.laid.open_numbers)}
            if self.are_others(kept.laid, numbers, task.numbers):
                task = task._replace(numbers=numbers)
            if row.right != task.start.right and (kept.laid.side_matters or row.other_area(kept.laid.records)):
                task = task._replace(start=replace(task.start, right=row.right))
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
        for fragment, kept in zip(self.fragments, self.kept, strict=True):
            records = kept.laid.records if kept else ()
            blanks = 0
            if fragment.side and records and right != (fragment.side == "right"):
                if fragment.first:
                    right = fragment.side == "right"
                else:
                    blanks = 1
                    shapes.append(PageShape(right, True, fragment.blank_name or None, ()))
                    right = not right
            rows.append(Row(len(shapes), blanks, right, ()))
            for record in records:
                shapes.append(PageShape(right, record.blank, record.name, record.groups))
                right = not right
        counted = self.setting.counted(shell(self.root), shapes)
        numbers: dict[str, int] = {}
        for index, (row, kept) in enumerate(zip(rows, self.kept, strict=True)):
            pages = kept.laid.pages if kept else ()
            rows[index] = row._replace(counted=counted[row.first : row.first + len(pages)])
            for page, its in zip(pages, rows[index].counted, strict=True):
                for anchor in page.anchors:
                    numbers.setdefault(anchor, its.number)
        return rows, numbers

    # Joining

    def joined(self, findings: list[Finding]) -> PagedEdition:
        rows, known = self.row()
        laid = [kept.laid for kept in self.kept if kept is not None]
        furnished = self.setting.furnish(self.furnish_tasks(rows))
        pages: list[Page] = []
        parts: list[Part] = []
        placed: list[Placed] = []
        furniture: list[tuple[Label, ...]] = []
        for number, (row, its) in enumerate(zip(rows, furnished, strict=True)):
            own, drawing, part = self.placed(number, row, its, known)
            pages += own
            placed.append(drawing)
            parts.append(part)
            furniture += its.labels
        missing = sorted({target for one in laid for target in one.targets} - set(known))
        wanted = {anchor for one in laid for anchor in (*one.numbers, *one.open_numbers)}
        undefined = sorted(wanted - set(known) - set(missing))
        found = [
            *self.setting_findings(),
            *chain.from_iterable(one.findings for one in laid),
            *chain.from_iterable(its.findings for its in furnished),
            *(ENGINE_COMPLAINT.at(None, f"a link leads to `{name}`, which is nowhere") for name in missing),
            *(ENGINE_COMPLAINT.at(None, f"the page of `{name}` is wanted, which is nowhere") for name in undefined),
            *note_findings(pages),
            *findings,
        ]  # fmt: skip
        found = list(dict.fromkeys(found))
        if has_errors(found):
            raise EditionError(found)
        uses = [
            *chain.from_iterable(one.fonts for one in laid),
            *chain.from_iterable(its.fonts for its in furnished),
        ]
        return PagedEdition(
            tuple(pages),
            tuple(found),
            None,
            _lines(laid),
            tuple(parts),
            tuple(furniture),
            tuple(placed),
            self.setting.fonts(uses),
            colours(),
        )

    def placed(
        self, number: int, row: Row, its: Furnished, known: Mapping[str, int]
    ) -> tuple[list[Page], Placed, Part]:
        """A fragment where it stands: its pages, blank ones before it included, their drawing and their labels."""
        kept = self.kept[number]
        assert kept is not None
        numbers = tuple(self.printed(number, anchor, known) for anchor in kept.laid.open_numbers)
        key = key_of(kept.key, *map(str, numbers)) if numbers else kept.key
        shifts = tuple(shifts_of(kept.laid.records, row.counted))
        pages = list(pages_of(kept.laid, row, its, shifts, self.fragments[number].blank_name))
        load = self.labels_loader(number, kept, shifts)
        part = Part(key, row.first, len(kept.laid.pages), load, self.fragments[number].html)
        placed = Placed(
            key,
            row.first - row.blanks,
            row.blanks,
            shifts,
            kept.laid.drawn,
            kept.laid.objects,
            its.drawing,
            its.boxes,
            self.drawing_loader(number, kept),
            numbers,
        )
        return pages, placed, part

    def printed(self, number: int, anchor: str, known: Mapping[str, int]) -> int:
        """The page number that a fragment prints of an anchor.

        There is room for as many figures as it was laid out with; where numbers do not settle, that one stays.
        """
        now, before = known.get(anchor, 0), self.tasks[number].numbers.get(anchor, 0)
        return now if figures_in(now) == figures_in(before) else before

    def setting_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the style's own sheets: known once they were read."""
        key = key_of(self.setting.style_key, "sheets")
        found = self.setting.kept(key, "findings", tuple[Finding, ...])
        if found is None:
            found = self.setting.typesetter.findings
            self.setting.keep(key, "findings", found)
        return found

    def furnish_tasks(self, rows: Sequence[Row]) -> list[FurnishTask]:
        passing = Passing()
        total = 0
        if any("pages" in sheet.text for sheet in self.setting.style.sheets):
            total = sum(row.blanks + len(row.counted) for row in rows)
        counters: Mapping[str, tuple[int, ...]] = passing.counters
        tasks = []
        for row, fragment, kept in zip(rows, self.fragments, self.kept, strict=True):
            assert kept is not None
            right = row.right != bool(row.blanks)
            blanks = [blank_record(right, fragment.blank_name)] * row.blanks
            passing = replace(passing, counters=counters)
            records = (*blanks, *kept.laid.records)
            wanted = Wanted(records, kept.laid.running, passing, right, fragment.first, total)
            tasks.append(
                FurnishTask(shell(self.root, "".join([*passing.running.values(), *kept.laid.running])), wanted)
            )
            passing = passed_on(passing, kept.laid.records, kept.laid.running)
            counters = row.counted[-1].counters if row.counted else counters
        return tasks

    def drawing_loader(self, number: int, kept: Kept) -> Callable[[], Drawing]:
        task = self.tasks[number]

        def load() -> Drawing:
            found = self.setting.kept(kept.key, "drawing", Drawing)
            return found if found is not None else self.setting.made_again(task).drawing

        return load

    def labels_loader(self, number: int, kept: Kept, shifts: Sequence[Shift]) -> Callable[[], Labels]:
        task = self.tasks[number]

        def load() -> Labels:
            found = self.setting.kept(kept.key, "labels", Labels)
            labels = found if found is not None else self.setting.made_again(task).labels
            return moved_labels(labels, shifts)

        return load


def _lines(laid: Sequence[Laid]) -> LineCount:
    reasons: dict[str, int] = {}
    for one in laid:
        for reason, count in one.lines.unplanned:
            reasons[reason] = reasons.get(reason, 0) + count
    return LineCount(sum(one.lines.planned for one in laid), tuple(sorted(reasons.items())))


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
