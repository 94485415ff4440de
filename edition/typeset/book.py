"""A book from its fragments: which are laid out anew, how they settle, and how their pages stand in a row.

What a fragment is laid out from is known beforehand, its HTML, the style, the versions of all programs; so what was
made of it is kept, and looked up the next time. Where a fragment's place in the book matters (it prints page numbers
of others, or must know on which side it begins) it is laid out again when that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from edition.cache import Cache, Memory, key_of
from edition.drawings import Drawing, FontUse, Object, Shift
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.pages import Label, Labels, LineCount, Page, PagedEdition, PageLabels, Part, Placed, Rectangle, Side
from edition.styles import Style
from edition.typeset.fetcher import LimitedFetcher
from edition.typeset.fragments.counting import Counted, PageShape
from edition.typeset.fragments.cutting import looks_far, trouble_with_fragments
from edition.typeset.fragments.furnishing import Furnished, Passing, Wanted, blank_record, passed_on
from edition.typeset.fragments.laid import Laid, Made, PageRecord, Start
from edition.typeset.fragments.outline import Cut, cut_html, nodes, outline_of, shell, skeleton
from edition.typeset.notes import note_findings
from edition.typeset.preparing import ENGINE_COMPLAINT, base_css, faces_of
from edition.typeset.typesetter import Typesetter, colours
from edition.typeset.versions import versions
from edition.workers import Workers

ROUNDS = 5
"""How often fragments are laid out again at most because of where they stand."""
POINTS = 0.75
"""Points in a CSS pixel."""
TOLD = 10
"""How often it is told at most how far the laying out of fragments is."""
SAME = 1e-6
"""CSS pixels by which two areas of text may differ and still be one."""
LATE = ('class="new-page', 'class="contents', 'class="locator')
"""What in its HTML tells that a fragment will print page numbers of others: it is laid out when they are known."""

NUMBERS_UNSETTLED = declare(
    "T021",
    Severity.WARNING,
    """Page numbers in the text did not settle.

    Where a part of the book prints page numbers of others, a longer or shorter number can move what it leads to.
    After five rounds the last one is printed. The finding names what would change once more.
    """,
)

Report = Callable[[str], None]
Value = TypeVar("Value")

_encode = msgspec.msgpack.encode


@dataclass(frozen=True, slots=True)
class Fragment:
    """A fragment of a book, and how pages begin before it."""

    html: str
    side: str
    blank_name: str
    first: bool


class LayTask(NamedTuple):
    html: str
    start: Start
    numbers: Mapping[str, int]


class FurnishTask(NamedTuple):
    shell: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Kept:
    """A fragment that is laid out, and the key under which its drawing and labels are."""

    key: str
    laid: Laid


class Typesetting:
    """Lays out books in a style, one after the other; what they share is made once."""

    def __init__(
        self,
        style: Style,
        folder: Path,
        cache: Cache | None = None,
        jobs: int = 1,
        report: Report = lambda _: None,
    ) -> None:
        self.style = style
        self.folder = folder
        self.cache = cache if cache is not None else Memory()
        self.report = report
        self.jobs = jobs
        self.workers: Workers[LayTask | FurnishTask, dict[str, bytes]] = Workers(jobs, self._work)
        self.anew = 0
        """Fragments that were laid out and not found in the cache."""

    def __enter__(self) -> Typesetting:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.__exit__()
        if "typesetter" in self.__dict__:
            self.typesetter.__exit__()

    @cached_property
    def typesetter(self) -> Typesetter:
        return Typesetter(self.style, self.folder)

    @cached_property
    def style_key(self) -> str:
        """Stands for all that a layout depends on beside the HTML and the files that it names."""
        sheets = [base_css(), self.style.custom_properties, *(sheet.text for sheet in self.style.sheets)]
        faces = [blake2b(face.path.read_bytes(), digest_size=16).digest() for face in faces_of(self.style)]
        return key_of(versions(), *sheets, *faces)

    def pages_of(self, html: str) -> PagedEdition:
        """The book on pages. Raises EditionError if a note is lost or something cannot be laid out."""
        book = _Book(self, html)
        return book.paged()

    # What is kept, and made where it is not

    def keep(self, key: str, kind: str, value: Any) -> None:
        self.cache.put(f"{key}-{kind}", _encode(value))

    def kept(self, key: str, kind: str, type_: type[Value]) -> Value | None:
        """What is kept under a key, if it is whole and of its type."""
        content = self.cache.get(f"{key}-{kind}")
        if content is None:
            return None
        try:
            return msgspec.msgpack.decode(content, type=type_)
        except msgspec.MsgspecError:
            return None

    def lay_out(self, tasks: Sequence[LayTask]) -> list[Kept]:
        """Fragments laid out, those that nothing is kept of by all workers, the longest first."""
        keys = [
            key_of(self.style_key, task.html, _encode(task.start), _encode(sorted(task.numbers.items())))
            for task in tasks
        ]
        found = [self._known(self.kept(key, "laid", Laid)) for key in keys]
        missing = [number for number, laid in enumerate(found) if laid is None]
        missing.sort(key=lambda number: -len(tasks[number].html))
        if missing:
            assert self.typesetter  # made before workers are
            self.anew += len(missing)
        whole = f"{len(missing)} parts, {len(tasks) - len(missing)} from the cache"
        for done, (order, entries) in enumerate(self.workers([tasks[number] for number in missing]), 1):
            if done * TOLD // len(missing) > (done - 1) * TOLD // len(missing):
                self.report(f"typesetting {done} of {whole}")
            number = missing[order]
            for kind, content in entries.items():
                self.cache.put(f"{keys[number]}-{kind}", content)
            found[number] = msgspec.msgpack.decode(entries["laid"], type=Laid)
        return [Kept(key, laid) for key, laid in zip(keys, found, strict=True) if laid is not None]

    def furnish(self, tasks: Sequence[FurnishTask]) -> list[Furnished]:
        """Furniture of runs of pages."""
        keys = [key_of(self.style_key, "furniture", _encode(task)) for task in tasks]
        found = [self._known(self.kept(key, "furnished", Furnished)) for key in keys]
        missing = [number for number, furnished in enumerate(found) if furnished is None]
        missing.sort(key=lambda number: -len(tasks[number].wanted.records))
        if missing:
            assert self.typesetter
            self.report("furnishing")
        for order, entries in self.workers([tasks[number] for number in missing]):
            number = missing[order]
            self.cache.put(f"{keys[number]}-furnished", entries["furnished"])
            found[number] = msgspec.msgpack.decode(entries["furnished"], type=Furnished)
        return [furnished for furnished in found if furnished is not None]

    def _known(self, value: Any) -> Any:
        """A value that was kept, if all files that it was made from are as they were."""
        if value is None or not value.files:
            return value
        return value if LimitedFetcher(self.folder, self.style.folders).is_as_read(value.files) else None

    def _work(self, task: LayTask | FurnishTask) -> dict[str, bytes]:
        if isinstance(task, FurnishTask):
            return {"furnished": _encode(self.typesetter.furnish(*task))}
        made = self.typesetter.lay_out(*task)
        return {"laid": _encode(made.laid), "drawing": _encode(made.drawing), "labels": _encode(made.labels)}

    def made_again(self, task: LayTask) -> Made:
        """A fragment of which something is no longer kept."""
        return self.typesetter.lay_out(*task)

    def counted(self, shell: str, shapes: Sequence[PageShape]) -> tuple[Counted, ...]:
        """All pages in a row."""
        key = key_of(self.style_key, "counted", shell, _encode(shapes))
        found = self.kept(key, "counted", tuple[Counted, ...])
        if found is None:
            found = self.typesetter.count(shell, shapes)
            self.keep(key, "counted", found)
        return found

    def cuts(self, html: str) -> list[Cut]:
        """Where fragments begin; the whole book is one where the style does not let chapters stand by themselves."""
        root = outline_of(html)
        bones = skeleton(html, root)
        key = key_of(self.style_key, "cuts", bones)
        numbered = list(nodes(root))
        found = self.kept(key, "cuts", list[tuple[int, str, str]])
        if found is None:
            cuts = self.typesetter.cuts(bones, root)
            numbers = {id(node): number for number, node in enumerate(numbered)}
            found = [(numbers[id(cut.node)], cut.side, cut.blank_name) for cut in cuts]
            self.keep(key, "cuts", found)
        first, *others = found if not trouble_with_fragments(self.style.sheets) else found[:1]
        begins = root.children[0].inside
        return [
            Cut(begins, numbered[first[0]], first[1], first[2]),
            *(Cut(numbered[number].start, numbered[number], side, name) for number, side, name in others),
        ]

    def fonts(self, uses: Sequence[FontUse]) -> tuple[Object, ...]:
        key = key_of(self.style_key, "fonts", _encode([msgspec.to_builtins(use, str_keys=True) for use in uses]))
        found = self.kept(key, "fonts", tuple[Object, ...])
        if found is None:
            found = self.typesetter.write_fonts(uses)
            self.keep(key, "fonts", found)
        return found


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
        findings = self.settle()
        return self.joined(findings)

    def settle(self) -> list[Finding]:
        """Lay out all fragments, some again until each knows of the book what it needs."""
        late = [
            number for number, fragment in enumerate(self.fragments) if any(it in fragment.html for it in LATE)
        ]
        self.lay_out([number for number in range(len(self.fragments)) if number not in late])
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

    def wanted_numbers(self, number: int, known: Mapping[str, int]) -> dict[str, int]:
        """The page numbers that a fragment's links lead to, as far as they are known."""
        html = self.fragments[number].html
        return {anchor: page for anchor, page in known.items() if f'"#{anchor}"' in html}

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
            numbers = {anchor: known.get(anchor, 0) for anchor in kept.laid.numbers}
            if any(numbers[anchor] != task.numbers.get(anchor, 0) for anchor in numbers):
                task = task._replace(numbers=numbers)
            if row.right != task.start.right and (kept.laid.side_matters or row.other_area(kept.laid.records)):
                task = task._replace(start=replace(task.start, right=row.right))
            if task != self.tasks[number]:
                changed[number] = task
        return changed

    def row(self) -> tuple[list[_Row], dict[str, int]]:
        """The fragments in a row, and the page numbers of all anchors."""
        rows: list[_Row] = []
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
            rows.append(_Row(len(shapes), blanks, right, ()))
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
        furnished = self.furnished(rows)
        pages: list[Page] = []
        parts: list[Part] = []
        placed: list[Placed] = []
        furniture: list[tuple[Label, ...]] = []
        for number, (row, its, kept) in enumerate(zip(rows, furnished, self.kept, strict=True)):
            assert kept is not None
            shifts = tuple(_shifts(kept.laid.records, row.counted))
            pages += _pages(kept.laid, row, its, shifts, self.fragments[number].blank_name)
            count = len(kept.laid.pages)
            load = self.labels_loader(number, kept, shifts)
            parts.append(Part(kept.key, row.first, count, load, self.fragments[number].html))
            placed.append(
                Placed(
                    kept.key,
                    row.first - row.blanks,
                    row.blanks,
                    shifts,
                    kept.laid.drawn,
                    kept.laid.objects,
                    its.drawing,
                    its.media,
                    self.drawing_loader(number, kept),
                )
            )
            furniture += its.labels
        missing = sorted({target for one in laid for target in one.targets} - set(known))
        undefined = sorted({anchor for one in laid for anchor in one.numbers} - set(known) - set(missing))
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

    def setting_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the style's own sheets: known once they were read."""
        key = key_of(self.setting.style_key, "sheets")
        found = self.setting.kept(key, "findings", tuple[Finding, ...])
        if found is None:
            found = self.setting.typesetter.findings
            self.setting.keep(key, "findings", found)
        return found

    def furnished(self, rows: Sequence[_Row]) -> list[Furnished]:
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
        return self.setting.furnish(tasks)

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
            return _shifted_labels(labels, shifts)

        return load


class _Row(NamedTuple):
    """A fragment's pages in the book."""

    first: int
    """The book's index of its first page."""
    blanks: int
    """How many blank pages come before that."""
    right: bool
    """Whether its first page is a right one."""
    counted: tuple[Counted, ...]

    def other_area(self, records: Sequence[PageRecord]) -> bool:
        """Whether the text would have another size on these pages."""
        return any(
            abs(record.area[side] - its.area[side]) > SAME
            for record, its in zip(records, self.counted, strict=True)
            for side in (2, 3)
        )


def _shifts(records: Sequence[PageRecord], counted: Sequence[Counted]) -> Iterator[Shift]:
    """How far what was laid out moves to where it stands, page by page."""
    for record, its in zip(records, counted, strict=True):
        yield Shift((its.area[0] - record.area[0]) * POINTS, -(its.area[1] - record.area[1]) * POINTS)


def _pages(
    laid: Laid, row: _Row, furnished: Furnished, shifts: Sequence[Shift], blank_name: str
) -> Iterator[Page]:
    """The pages of a fragment as they stand in the book, blank ones before them included."""
    for number in range(row.blanks):
        left, bottom, right, top = furnished.media[number]
        side: Side = "recto" if row.right != bool((row.blanks - number) % 2) else "verso"
        index, folio = row.first - row.blanks + number, furnished.folios[number]
        size = right - left, top - bottom
        yield Page(index, folio, side, True, blank_name, *size, {}, (), (), furnished.opens_with[number])
    for number, (page, shift) in enumerate(zip(laid.pages, shifts, strict=True)):
        anchors = page.anchors
        if shift != Shift():
            anchors = {name: (x + shift.right, y - shift.up) for name, (x, y) in anchors.items()}
        yield replace(
            page,
            index=row.first + number,
            folio=furnished.folios[row.blanks + number],
            side="recto" if row.right != bool(number % 2) else "verso",
            opens_with=furnished.opens_with[row.blanks + number],
            anchors=anchors,
        )


def _shifted_labels(labels: Labels, shifts: Sequence[Shift]) -> Labels:
    if not any(shift != Shift() for shift in shifts):
        return labels

    def moved(box: Rectangle, shift: Shift) -> Rectangle:
        return box[0] + shift.right, box[1] - shift.up, box[2] + shift.right, box[3] - shift.up

    pages = (
        PageLabels(
            moved(page.text_area, shift),
            page.note_area and moved(page.note_area, shift),
            page.content,
            page.artifacts,
        )
        for page, shift in zip(labels.pages, shifts, strict=True)
    )
    return Labels(labels.elements, tuple(pages))


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
