"""A book from its stretches: which are laid out anew, how they settle, and how their fragments stand in a row.

Where a place in the book matters (page numbers of others are printed, or the side is to be known on which a page
stands) a stretch is laid out again when that is known, as far as its fragments depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby
from pathlib import Path
from typing import NamedTuple

from edition.cache import key_of
from edition.drawings import Drawing
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.pages import Label, Labels, LineCount, Page, PagedEdition, Part, Placed
from edition.styles import Style
from edition.typeset.fragments.chain import LINK, Kept
from edition.typeset.fragments.counting import PageShape
from edition.typeset.fragments.cutting import counts_pages, looks_far, trouble_with_fragments
from edition.typeset.fragments.furnishing import Furnished, Passing, Wanted, blank_record, passed_on
from edition.typeset.fragments.laid import Laid, LayTask, Start
from edition.typeset.fragments.merging import merged_labels
from edition.typeset.fragments.open_numbers import figures_in
from edition.typeset.fragments.outline import cut_html, outline_of, shell
from edition.typeset.fragments.rows import Row, moved_labels, pages_of, shifts_of
from edition.typeset.making import FurnishTask, Making
from edition.typeset.notes import note_findings
from edition.typeset.preparing import ENGINE_COMPLAINT
from edition.typeset.typesetter import colours

ROUNDS = 5
"""How often fragments are laid out again at most because of where they stand."""
LONG = 2
"""A fragment is long if the longest is at most so many times as long."""
LATE = re.compile(r'class="(?:[^"]* )?(?:new-page|contents|locator)[ "]')
"""What in its HTML tells that a fragment will print page numbers of others: it is laid out when they are known."""

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
        divides = not far and not trouble_with_fragments(sheets)
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

    @property
    def row_of_fragments(self) -> Iterator[tuple[int, Kept]]:
        """All fragments in a row, each with the number of its stretch."""
        return ((number, kept) for number, its in enumerate(self.fragments) for kept in its)

    def paged(self) -> PagedEdition:
        setting = self.setting
        anew, from_cache = setting.anew, setting.from_cache
        findings = self.settle()
        setting.report(f"parts laid out: {setting.anew - anew}, from the cache: {setting.from_cache - from_cache}")
        return self.joined(findings)

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
        if self.is_late(number):
            self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, self.row()[1]))
        self.lay_out([number])
        rows, known = self.row()
        its = [index for index, (of, _) in enumerate(self.row_of_fragments) if of == number]
        tasks = self.furnish_tasks(rows)
        furnished = self.setting.furnish([tasks[index] for index in its])
        pages: list[Page] = []
        placed: list[Placed] = []
        for index, kept, one in zip(its, self.fragments[number], furnished, strict=True):
            own, drawing = self.placed(number, kept, rows[index], one, known)
            pages += own
            placed.append(drawing)
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

    def is_late(self, number: int) -> bool:
        return LATE.search(self.tasks[number].html) is not None

    def settle(self) -> list[Finding]:
        """Lay out all stretches, some again until each knows of the book what it needs."""
        late = [number for number in range(len(self.tasks)) if self.is_late(number)]
        waiting = self.waiting(late)
        self.lay_out([number for number in range(len(self.tasks)) if number not in waiting])
        if late:
            rows, known = self.row()
            for number in late:
                self.tasks[number] = self.tasks[number]._replace(numbers=self.wanted_numbers(number, known))
            # A few long lists do not keep all workers busy, and the text's pages are numbered by themselves.
            self.lay_out(late, self.furnish_tasks(rows) if not self.counts_all_pages else ())
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
        """The late stretches that are laid out only when it is known how many pages the others have.

        Contents and lists in the front matter print the numbers of one another's pages. The short ones are laid out
        with what is known, and then again; the long ones once, and the last, whose length moves none of the others.
        """
        longest = max((len(self.tasks[number].html) for number in late), default=0)
        is_long = [len(self.tasks[number].html) * LONG >= longest for number in late]
        return [number for number, long in zip(late, is_long, strict=True) if long or number == late[-1]]

    def wanted_numbers(self, number: int, known: Mapping[str, int]) -> dict[str, int]:
        """The page numbers that a stretch's links lead to, as far as they are known."""
        linked = dict.fromkeys(LINK.findall(self.tasks[number].html))
        return {anchor: known[anchor] for anchor in linked if anchor in known}

    def lay_out(self, numbers: list[int], meanwhile: Sequence[FurnishTask] = ()) -> None:
        tasks = [self.tasks[number] for number in numbers]
        for number, its in zip(numbers, self.setting.lay_out(tasks, meanwhile), strict=True):
            self.fragments[number] = its

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

    # Joining

    def joined(self, findings: list[Finding]) -> PagedEdition:
        rows, known = self.row()
        laid = [kept.laid for _, kept in self.row_of_fragments]
        furnished = self.setting.furnish(self.furnish_tasks(rows))
        pages: list[Page] = []
        placed: list[Placed] = []
        furniture: list[tuple[Label, ...]] = []
        for (number, kept), row, its in zip(self.row_of_fragments, rows, furnished, strict=True):
            own, drawing = self.placed(number, kept, row, its, known)
            pages += own
            placed.append(drawing)
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
            tuple(self.parts(placed)),
            tuple(furniture),
            tuple(placed),
            self.setting.fonts(uses),
            colours(),
        )

    def placed(
        self, number: int, kept: Kept, row: Row, its: Furnished, known: Mapping[str, int]
    ) -> tuple[list[Page], Placed]:
        """A fragment where it stands: its pages, blank ones before it included, and their drawing."""
        numbers = tuple(self.printed(number, anchor, known) for anchor in kept.laid.open_numbers)
        key = key_of(kept.key, *map(str, numbers)) if numbers else kept.key
        shifts = tuple(shifts_of(kept.laid.records, row.counted))
        pages = list(pages_of(kept.laid, row, its, shifts, self.beginnings[number].blank_name))
        placed = Placed(
            key,
            row.first - row.blanks,
            row.blanks,
            shifts,
            kept.laid.drawn,
            kept.laid.objects,
            its.drawing,
            its.boxes,
            self.drawing_loader(kept),
            numbers,
        )
        return pages, placed

    def parts(self, placed: Sequence[Placed]) -> Iterator[Part]:
        """The book in parts that have no document between them; a long one is of several fragments."""
        together: list[list[tuple[Kept, Placed]]] = []
        for (_, kept), its in zip(self.row_of_fragments, placed, strict=True):
            if not kept.goes_on_inside:
                together.append([])
            together[-1].append((kept, its))
        for group in together:
            first, last = group[0], group[-1]
            keys = [its.key for _, its in group]
            yield Part(
                key_of(*keys) if len(keys) > 1 else keys[0],
                first[1].first + first[1].blanks,
                sum(len(its.shifts) for _, its in group),
                self.labels_loader(group),
                first[0].stretch.fragment(first[0].place, last[0].end),
            )

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

    @property
    def counts_all_pages(self) -> bool:
        """Whether pages may say how many there are in the book."""
        return counts_pages(self.setting.style.sheets)

    def furnish_tasks(self, rows: Sequence[Row]) -> list[FurnishTask]:
        passing = Passing()
        total = 0
        if self.counts_all_pages:
            total = sum(row.blanks + len(row.counted) for row in rows)
        counters: Mapping[str, tuple[int, ...]] = passing.counters
        tasks: list[FurnishTask] = []
        for row, (number, kept) in zip(rows, self.row_of_fragments, strict=True):
            right = row.right != bool(row.blanks)
            blanks = [blank_record(right, self.beginnings[number].blank_name)] * row.blanks
            passing = replace(passing, counters=counters)
            records = (*blanks, *kept.laid.records)
            wanted = Wanted(records, kept.laid.running, passing, right, not tasks, total)
            tasks.append(
                FurnishTask(shell(self.root, "".join([*passing.running.values(), *kept.laid.running])), wanted)
            )
            passing = passed_on(passing, kept.laid.records, kept.laid.running)
            counters = row.counted[-1].counters if row.counted else counters
        return tasks

    def drawing_loader(self, kept: Kept) -> Callable[[], Drawing]:
        def load() -> Drawing:
            found = self.setting.kept(kept.key, "drawing", Drawing)
            return found if found is not None else self.setting.made_again(kept.task).drawing

        return load

    def labels_loader(self, group: Sequence[tuple[Kept, Placed]]) -> Callable[[], Labels]:
        """Loads the labels of fragments that are one part."""

        def load() -> Labels:
            labels = [moved_labels(self.labels(kept), its.shifts) for kept, its in group]
            first, _ = group[0]
            return merged_labels(first.stretch, [kept.place for kept, _ in group], labels)

        return load

    def labels(self, kept: Kept) -> Labels:
        found = self.setting.kept(kept.key, "labels", Labels)
        return found if found is not None else self.setting.made_again(kept.task).labels


def _is_elsewhere(row: Row, laid: Laid) -> bool:
    """Whether a fragment is other than it should be where it stands."""
    return row.right != laid.records[0].right and (laid.side_matters or row.other_area(laid.records))


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
