"""The fragments of a book in a row, joined: its pages, the drawings in their places, and the parts for the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from edition.cache import key_of
from edition.drawings import Drawing
from edition.findings import EditionError, Finding, has_errors
from edition.pages import Label, Labels, LineCount, Page, PagedEdition, Part, Placed
from edition.typeset.fragments.chain import Kept
from edition.typeset.fragments.cutting import counts_pages
from edition.typeset.fragments.furnishing import Furnished, Passing, Wanted, blank_record, passed_on
from edition.typeset.fragments.laid import Laid
from edition.typeset.fragments.merging import merged_labels
from edition.typeset.fragments.open_numbers import figures_in
from edition.typeset.fragments.rows import Row, moved_labels, pages_of, shifts_of
from edition.typeset.making import FurnishTask, Making
from edition.typeset.notes import note_findings
from edition.typeset.preparing import ENGINE_COMPLAINT
from edition.typeset.typesetter import colours


class Piece(NamedTuple):
    """A fragment where it stands."""

    kept: Kept
    row: Row
    blank_name: str
    """The page name of blank pages before it."""


class Joining:
    """The row of fragments of one book, or as many of them as are laid out."""

    def __init__(
        self, setting: Making, shell: Callable[[str], str], pieces: Sequence[Piece], known: Mapping[str, int]
    ) -> None:
        """`shell` puts elements into the book's HTML in place of its text; `known` are the page numbers of anchors."""
        self.setting = setting
        self.shell = shell
        self.pieces = pieces
        self.known = known

    @property
    def counts_all_pages(self) -> bool:
        """Whether pages may say how many there are in the book."""
        return counts_pages(self.setting.style.sheets)

    def furnish_tasks(self) -> list[FurnishTask]:
        """What is to be made of furniture, for each piece."""
        passing = Passing()
        total = 0
        if self.counts_all_pages:
            total = sum(piece.row.blanks + len(piece.row.counted) for piece in self.pieces)
        counters: Mapping[str, tuple[int, ...]] = passing.counters
        tasks: list[FurnishTask] = []
        for kept, row, blank_name in self.pieces:
            right = row.right != bool(row.blanks)
            blanks = [blank_record(right, blank_name)] * row.blanks
            passing = replace(passing, counters=counters)
            records = (*blanks, *kept.laid.records)
            wanted = Wanted(records, kept.laid.running, passing, right, not tasks, total)
            tasks.append(FurnishTask(self.shell("".join([*passing.running.values(), *kept.laid.running])), wanted))
            passing = passed_on(passing, kept.laid.records, kept.laid.running)
            counters = row.counted[-1].counters if row.counted else counters
        return tasks

    def joined(self, findings: Sequence[Finding]) -> PagedEdition:
        """The book. Raises EditionError if a note is lost or something cannot be laid out."""
        furnished = self.setting.furnish(self.furnish_tasks())
        pages: list[Page] = []
        placed: list[Placed] = []
        for piece, its in zip(self.pieces, furnished, strict=True):
            pages += self.pages_of(piece, its)
            placed.append(self.placed(piece, its))
        found = list(dict.fromkeys([*self.found(furnished), *note_findings(pages), *findings]))
        if has_errors(found):
            raise EditionError(found)
        furniture: list[tuple[Label, ...]] = [labels for its in furnished for labels in its.labels]
        laid = [piece.kept.laid for piece in self.pieces]
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

    def found(self, furnished: Sequence[Furnished]) -> Iterator[Finding]:
        """What was found of the style and of all pieces, and links that lead nowhere."""
        laid = [piece.kept.laid for piece in self.pieces]
        missing = sorted({target for one in laid for target in one.targets} - set(self.known))
        wanted = {anchor for one in laid for anchor in (*one.numbers, *one.open_numbers)}
        undefined = sorted(wanted - set(self.known) - set(missing))
        yield from self.setting_findings()
        yield from chain.from_iterable(one.findings for one in laid)
        yield from chain.from_iterable(its.findings for its in furnished)
        yield from (ENGINE_COMPLAINT.at(None, f"a link leads to `{name}`, which is nowhere") for name in missing)
        yield from (
            ENGINE_COMPLAINT.at(None, f"the page of `{name}` is wanted, which is nowhere") for name in undefined
        )

    def setting_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the style's own sheets: known once they were read."""
        key = key_of(self.setting.style_key, "sheets")
        found = self.setting.kept(key, "findings", tuple[Finding, ...])
        if found is None:
            found = self.setting.typesetter.findings
            self.setting.keep(key, "findings", found)
        return found

    # Pieces

    def pages_of(self, piece: Piece, its: Furnished) -> Iterator[Page]:
        """Its pages, blank ones before it included."""
        laid, row = piece.kept.laid, piece.row
        return pages_of(laid, row, its, tuple(shifts_of(laid.records, row.counted)), piece.blank_name)

    def placed(self, piece: Piece, its: Furnished) -> Placed:
        """Its drawing in its place."""
        kept, row = piece.kept, piece.row
        numbers = tuple(self.printed(kept, anchor) for anchor in kept.laid.open_numbers)
        return Placed(
            key_of(kept.key, *map(str, numbers)) if numbers else kept.key,
            row.first - row.blanks,
            row.blanks,
            tuple(shifts_of(kept.laid.records, row.counted)),
            kept.laid.drawn,
            kept.laid.objects,
            its.drawing,
            its.boxes,
            self.drawing_loader(kept),
            numbers,
        )

    def printed(self, kept: Kept, anchor: str) -> int:
        """The page number that a fragment prints of an anchor.

        There is room for as many figures as it was laid out with; where numbers do not settle, that one stays.
        """
        now, before = self.known.get(anchor, 0), kept.task.numbers.get(anchor, 0)
        return now if figures_in(now) == figures_in(before) else before

    def drawing_loader(self, kept: Kept) -> Callable[[], Drawing]:
        def load() -> Drawing:
            found = self.setting.kept(kept.key, "drawing", Drawing)
            return found if found is not None else self.setting.made_again(kept.task).drawing

        return load

    # Parts

    def parts(self, placed: Sequence[Placed]) -> Iterator[Part]:
        """The book in parts that have no document between them; a long one is of several fragments."""
        together: list[list[tuple[Kept, Placed]]] = []
        for piece, its in zip(self.pieces, placed, strict=True):
            if not piece.kept.goes_on_inside:
                together.append([])
            together[-1].append((piece.kept, its))
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


def _lines(laid: Sequence[Laid]) -> LineCount:
    reasons: dict[str, int] = {}
    for one in laid:
        for reason, count in one.lines.unplanned:
            reasons[reason] = reasons.get(reason, 0) + count
    return LineCount(sum(one.lines.planned for one in laid), tuple(sorted(reasons.items())))
