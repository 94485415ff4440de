"""Page ends: a page that ends badly is laid out again with a paragraph a line longer or shorter.

It ends badly with a hyphen, or with empty lines at its foot, which may be left by keeping two lines of a paragraph
together, or a line with its notes. What is tried depends on what the page holds, not on its side or place in the
book. A change lives as long as the page that it was made for; when that is laid out anew, it is gone.
"""

from __future__ import annotations

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
WORST_RATIO = 1.0
"""How far spaces and letters of a changed paragraph may give, of what they well can."""
LEAST_LINES = 4
"""So many lines a paragraph needs to be given one more or less."""
DEAREST_FOR_HYPHEN, DEAREST_FOR_LINE = 100_000.0, 20_000.0
"""How many demerits the lines of a paragraph may have more, to be rid of the hyphen or of empty lines: for a full page
no more than what a hyphen costs, as it would only move what is uneven to where more eyes see it."""
HYPHEN, EMPTY_LINE = 1.5, 1.0
"""How bad a hyphen at the end of a page is, and an empty line at its foot."""


class PageEnd(NamedTuple):
    """How a page ends, as the loop over the pages sees it."""

    text: Any
    """The box of its text."""
    bottom: float
    """Where the text might have gone on to, in pixels from the top of the page."""
    goes_on: bool
    """Whether the text goes on on the next page, and nothing but its length ended this one."""
    waiting: int
    """The notes that go on or begin on the next page."""


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
        self, index: int, settle: Callable[[], Settled], end_of: Callable[[Settled], PageEnd]
    ) -> Settled:
        """A page laid out by `settle`, and again with other lines as long as that makes its end better."""
        best = settle()
        end = end_of(best)
        cost, is_last = _cost(end), True
        tries = MOST_TRIES
        while cost and tries:
            found = None
            for change in self._changes(end, tries):
                self._apply(index, change)
                tries -= 1
                other = settle()
                other_end = end_of(other)
                found = _cost(other_end) < cost and other_end.waiting <= end.waiting
                if found:
                    best, end, cost, is_last = other, other_end, _cost(other_end), True
                    break
                is_last = False
                self._take_back(index, change)
            if not found:
                break
        return best if is_last else settle()

    def _apply(self, index: int, change: _Change) -> None:
        lines = change.plan.changes.setdefault(index, {})
        start = change.start
        for found in change.breaks:
            lines[start] = found
            start = found.start
        self.changed_plans.setdefault(index, []).append(change.plan)

    def _take_back(self, index: int, change: _Change) -> None:
        change.plan.changes.pop(index)
        self.changed_plans[index].remove(change.plan)

    def _changes(self, end: PageEnd, most: int) -> list[_Change]:
        """What might make a page end better, at most so much of it; first what makes its lines least worse."""
        parts = list(_parts(end.text))
        dearest = DEAREST_FOR_HYPHEN if _ends_with_hyphen(end) else DEAREST_FOR_LINE
        found: list[tuple[float, _Change]] = []

        def consider(part: _Part, whole: frozenset[int] = frozenset(), count: int | None = None) -> None:
            fit = self.fit(part.plan, part.start, [part.width], whole, count, WORST_RATIO)
            if fit and fit.demerits < RUNT and fit.breaks != part.plan.lines_from(part.start, part.width):
                worse = fit.demerits - self._demerits(part)
                if worse <= dearest:
                    found.append((worse, _Change(part.plan, part.start, fit.breaks)))

        last = parts[-1] if parts else None
        if last is not None and last.even and _ends_with_hyphen(end):
            consider(last, whole=frozenset({last.count}))
        for _, part, count in sorted(_lengthenings(parts), key=lambda found: found[0])[:MOST_FITS]:
            consider(part, count=count)
        return [change for _, change in sorted(found, key=lambda found: found[0])[:most]]

    def _demerits(self, part: _Part) -> float:
        """What the lines of a paragraph cost from a page's first of them on."""
        if part.start not in part.plan.demerits:
            fit = self.fit(part.plan, part.start, [part.width])
            assert fit is not None, "no number of lines was asked for"
            part.plan.demerits[part.start] = fit.demerits
        return part.plan.demerits[part.start]


def _lengthenings(parts: Sequence[_Part]) -> Iterator[tuple[float, _Part, int]]:
    """The paragraphs that might have a line more or less: how much they give for it, and how many lines then."""
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
        if longer <= WORST_RATIO:
            yield longer, part, len(lines) + 1
        if shorter <= WORST_RATIO:
            yield shorter, part, len(lines) - 1


def _cost(end: PageEnd) -> float:
    """How badly a page ends; 0 for one that could not end better."""
    if not end.goes_on or end.text is None:
        return 0.0
    lines = list(_lines(end.text))
    if not lines:
        return 0.0
    last = lines[-1]
    empty = int((end.bottom - last.position_y - last.height) / last.height + 0.05) if last.height else 0
    return empty * EMPTY_LINE + _ends_with_hyphen(end) * HYPHEN


def _ends_with_hyphen(end: PageEnd) -> bool:
    lines = list(_lines(end.text))
    planned: PlannedLine | None = getattr(lines[-1], "planned", None) if lines else None
    return planned is not None and planned.end.hyphened


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
