"""Page ends: a page that ends badly is laid out again with a paragraph a line longer or shorter.

It ends badly with a hyphen, or with empty lines at its foot, which may be left by keeping two lines of a paragraph
together, or a line with its notes, unless spaces between blocks can take them (see `depth`). Where nothing else helps
against a hyphen, the page ends a line earlier. What is tried depends on what the page holds, not on its side or place
in the book. A change lives as long as the page that it was made for; when that is laid out anew, it is gone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from weasyprint.formatting_structure import boxes

from edition.typeset.lines.breaking import RUNT, Break
from edition.typeset.lines.glyphs import SPACES
from edition.typeset.lines.planning import LinesMixin, Plan, PlannedLine

Settled = TypeVar("Settled")

MOST_TRIES = 3
"""How often a page is laid out again at most."""
MOST_FITS = 6
"""How many paragraphs are broken anew at most in search for these."""
MOST_CHANGED = 3
"""How many paragraphs may be a line longer together to fill a page."""
WORST_RATIO, WORST_FOR_HYPHEN = 1.0, 1.25
"""How far spaces and letters of a changed paragraph may give, of what they well can; and where nothing else helps
against a hyphen."""
LEAST_LINES = 4
"""So many lines a paragraph needs to be given one more or less."""
DEAREST_FOR_HYPHEN, DEAREST_FOR_DEPTH, DEAREST_FOR_LINE = 200_000.0, 50_000.0, 20_000.0
"""How many demerits the lines of a paragraph may have more, to be rid of the hyphen, of a page that is less deep than
the facing one, or of empty lines above notes: for these no more than what a hyphen costs, as it would only move what is
uneven to where more eyes see it."""
HYPHEN, EMPTY_LINE = 2.25, 1.0
"""How bad a hyphen at the end of a page is, and an empty line at its foot."""


class PageEnd(NamedTuple):
    """How a page ends, as the loop over the pages sees it."""

    text: Any
    """The box of its text."""
    bottom: float
    """Where the text might have gone on to, in pixels from the top of the page."""
    drawn: float
    """Where what stands on the page ends: lines, tables, pictures."""
    goes_on: bool
    """Whether the text goes on on the next page, and nothing but its length ended this one."""
    waiting: int
    """The notes that go on or begin on the next page."""
    gives: int | None = None
    """How many lines the spaces between blocks can take; None where notes stand at the foot of the page."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of a paragraph that stand on a page."""

    plan: Plan
    start: int
    width: float
    count: int
    even: bool
    """Whether all have the same measure."""


@dataclass(frozen=True, slots=True)
class _Change:
    """Other lines for a paragraph."""

    plan: Plan
    start: int
    breaks: Sequence[Break]


class PageEndsMixin(LinesMixin):
    """For the layout context: plans, and pages that end better."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.changed_plans: dict[int, list[Plan]] = {}
        """By page, from 0, the plans that were changed for its end."""
        super().__init__(*arguments, **keywords)

    def forget_changes(self, index: int) -> None:
        """Take back what was changed for a page and for those after it."""
        for page in [page for page in self.changed_plans if page >= index]:
            for plan in self.changed_plans.pop(page):
                plan.changes.pop(page, None)

    def with_better_end(
        self, index: int, settle: Callable[[float], Settled], end_of: Callable[[Settled], PageEnd]
    ) -> Settled:
        """A page laid out by `settle`, and again with other lines as long as that makes its end better.

        `settle` is told how much less of the page the text may take, in pixels: nothing, or a line where a page would
        end with a hyphen else.
        """
        best = settle(0.0)
        end = end_of(best)
        cost, less, is_last = _cost(end), 0.0, True

        def is_better(room: float) -> bool:
            nonlocal best, end, cost, less, is_last
            other = settle(room)
            other_end = end_of(other)
            is_last = _cost(other_end) < cost and other_end.waiting <= end.waiting
            if is_last:
                best, end, cost, less = other, other_end, _cost(other_end), room
            return is_last

        tries, worst = MOST_TRIES, WORST_RATIO
        while cost and tries:
            for changes in self._changes(end, tries, worst):
                before = [change.plan.changes.get(index, {}).copy() for change in changes]
                self._apply(index, changes)
                tries -= 1
                if is_better(0.0):
                    break
                for change, lines in zip(changes, before, strict=True):
                    change.plan.changes[index] = lines
            else:
                if worst == WORST_FOR_HYPHEN or not _ends_with_hyphen(end):
                    break
                worst = WORST_FOR_HYPHEN
        if _ends_with_hyphen(end) and cost:
            is_better(_last_line(end).height)
        return best if is_last else settle(less)

    def _apply(self, index: int, changes: Sequence[_Change]) -> None:
        for change in changes:
            lines = change.plan.changes.setdefault(index, {})
            start = change.start
            for found in change.breaks:
                lines[start] = found
                start = found.start
            self.changed_plans.setdefault(index, []).append(change.plan)

    def _changes(self, end: PageEnd, most: int, ratio: float) -> list[tuple[_Change, ...]]:
        """What might make a page end better, at most so much of it; first what makes its lines least worse."""
        parts = list(_parts(end.text))
        hyphen, empty = _ends_with_hyphen(end), _empty_lines(end)
        dearest = DEAREST_FOR_HYPHEN if hyphen else DEAREST_FOR_LINE if end.gives is None else DEAREST_FOR_DEPTH
        alone: list[tuple[float, _Change]] = []
        longer: list[tuple[float, _Change]] = []

        def worse(part: _Part, whole: frozenset[int] = frozenset(), count: int | None = None) -> Iterator[Any]:
            fit = self.fit(part.plan, part.start, [part.width], whole, count, ratio)
            if fit is None or fit.demerits >= RUNT:
                return
            lines = part.plan.lines_from(part.start, part.width)
            rest_of_word = len(fit.breaks) > max(1, len(lines)) and fit.breaks[-2].hyphened
            if fit.breaks != lines and not rest_of_word:
                by = fit.demerits - self._demerits(part)
                if by <= dearest:
                    yield by, _Change(part.plan, part.start, fit.breaks)

        last = parts[-1] if parts else None
        if last is not None and last.even and hyphen:
            alone += worse(last, whole=frozenset({last.count}))
        for _, part, by_lines in sorted(_lengthenings(parts, ratio), key=lambda found: found[0])[:MOST_FITS]:
            count = len(part.plan.lines_from(part.start, part.width)) + by_lines
            is_filling = by_lines > 0 and not hyphen
            (longer if is_filling else alone).extend(worse(part, count=count))
        found: list[tuple[float, tuple[_Change, ...]]] = [(by, (change,)) for by, change in alone]
        longer.sort(key=lambda found: found[0])
        if 0 < empty <= MOST_CHANGED:
            for start in range(len(longer) - empty + 1):
                some = longer[start : start + empty]
                found.append((sum(by for by, _ in some), tuple(change for _, change in some)))
        return [changes for _, changes in sorted(found, key=lambda found: found[0])[:most]]

    def _demerits(self, part: _Part) -> float:
        """What the lines of a paragraph cost from a page's first of them on."""
        if part.start not in part.plan.demerits:
            fit = self.fit(part.plan, part.start, [part.width])
            assert fit is not None, "no number of lines was asked for"
            part.plan.demerits[part.start] = fit.demerits
        return part.plan.demerits[part.start]


def _lengthenings(parts: Sequence[_Part], ratio: float) -> Iterator[tuple[float, _Part, int]]:
    """The paragraphs that might have a line more or less: how much they give for it, and 1 or -1."""
    for part in parts:
        plan, settings = part.plan, part.plan.settings
        lines = plan.lines_from(part.start, part.width)
        if not (settings.justified and part.even) or len(lines) < LEAST_LINES or any(plan.changes.values()):
            continue
        text = plan.text.text[part.start :]
        if "\n" in text:
            continue
        gaps = sum(char in SPACES for char in text) / len(text) * 0.6  # a space is narrower than most letters
        last = min(1.0, (lines[-1].end - (lines[-2].start)) / (lines[-2].end - lines[-3].start))
        runt = settings.shortest_last_line * plan.line_box.style["font_size"] / part.width
        longer = (1 - last + runt) / (len(lines) * (gaps * settings.stretch + settings.expansion))
        shorter = last / ((len(lines) - 1) * (gaps * settings.shrink + settings.expansion))
        if longer <= ratio:
            yield longer, part, 1
        if shorter <= min(ratio, 1.0):
            yield shorter, part, -1


def _cost(end: PageEnd) -> float:
    """How badly a page ends; 0 for one that could not end better."""
    if not end.goes_on or _last_line(end) is None:
        return 0.0
    return min(_empty_lines(end), MOST_CHANGED + 1) * EMPTY_LINE + _ends_with_hyphen(end) * HYPHEN


def _empty_lines(end: PageEnd) -> int:
    """How many lines are missing at the foot of a page that spaces can't take."""
    last = _last_line(end)
    if last is None or not last.height:
        return 0
    empty = int((end.bottom - last.position_y - last.height) / last.height + 0.05)
    return max(0, empty - (end.gives or 0))


def _ends_with_hyphen(end: PageEnd) -> bool:
    planned: PlannedLine | None = getattr(_last_line(end), "planned", None)
    return planned is not None and planned.end.hyphened


def _last_line(end: PageEnd) -> Any:
    """The line that a page ends with; None if something else stands below it, as a table."""
    found = deque(_lines(end.text), maxlen=1)
    return found[0] if found and found[0].position_y + found[0].height > end.drawn - 1 else None


def _parts(text: Any) -> Iterator[_Part]:
    """The planned paragraphs of a page's text, in order."""
    found: list[PlannedLine] = []
    for line in _lines(text):
        planned: PlannedLine | None = getattr(line, "planned", None)
        if found and (planned is None or planned.plan is not found[0].plan):
            yield _part(found)
            found = []
        if planned is not None:
            found.append(planned)
    if found:
        yield _part(found)


def _part(lines: Sequence[PlannedLine]) -> _Part:
    first = lines[0]
    even = all(line.width == first.width for line in lines) and not first.plan.text.floats
    return _Part(first.plan, first.start, first.width, len(lines), even)


def _lines(box: Any) -> Iterator[Any]:
    """The lines of a text that follow one another down the page: not those of cells, columns and floats."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.LineBox):
            if child.height:
                yield child
        elif child.is_in_normal_flow() and not isinstance(child, boxes.TableBox) and not child.is_column:
            yield from _lines(child)
