"""Total fit: where the lines of a paragraph end, chosen over the paragraph as a whole.

After Knuth and Plass, "Breaking Paragraphs into Lines" (Software: Practice and Experience 11, 1981): of all ways
to break the paragraph the one with the fewest demerits, by dynamic programming over feasible breaks. Letters that
hang in the margin and the widening of letters count as in Hàn Thế Thành's thesis (2000). Knows widths and numbers,
and nothing of fonts and boxes. Lengths are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

LINE_PENALTY = 10.0
"""What each line costs, so that of two ways the one with fewer lines is taken."""
DOUBLE_HYPHEN = 10_000.0
"""What a second hyphen in a row costs, in demerits."""
FINAL_HYPHEN = 5_000.0
"""What a hyphen at the end of the last line but one costs."""
FITNESS_STEP = 4_000.0
"""What a loose line beside a tight one costs."""
RUNT = 200_000.0
"""What a last line costs that is shorter than `Limits.runt`."""
WORST_RATIO = 3.0
"""From here on a line gets worse slower: a paragraph with one hopeless line is still broken well elsewhere."""
LADDER = 60_000.0
"""What one more hyphen costs than may stand in a row."""
UNWANTED = 200_000.0
"""What a hyphen costs at the end of a line that should have none, as it is the last of its page."""
FAR, NEAR = 0.2, 60.0
"""A line that leaves more than this part of the measure empty, and more than so many pixels, is not looked at if
there is any other way."""
HOPELESS = 1e9
"""What a line costs that sticks out."""
ROUNDING = 0.02
"""How far a line may stick out, in pixels, because widths are rounded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far spaces and letters may give, as parts of their width."""

    stretch: float = 0.5
    """Of a space: what counts as one step of looseness."""
    shrink: float = 1 / 3
    """Of a space: never more."""
    expansion: float = 0.0
    """Of letters, in both directions."""
    runt: float = 0.0
    """The least length of a last line, in pixels."""
    hyphens: int = 2
    """So many lines in a row may end with a hyphen."""
    ragged: float = 0.0
    """For text whose lines are not filled: how many pixels a line may well leave empty. Nothing gives then."""
    balanced: bool = False
    """Whether the last line should be as long as the others: in centred text, which headings are."""


class Break(NamedTuple):
    """A place where a line may end."""

    start: int
    """The character that the next line begins with."""
    end: int
    """Where the text of this line ends, without the spaces there."""
    hyphen: float = 0.0
    """The width of the hyphen that is printed there."""
    penalty: float = 0.0
    hyphened: bool = False
    """Whether the line ends with a hyphen, printed or written."""
    forced: bool = False


class Reach(NamedTuple):
    """Where lines may end, and how wide everything before is, and its spaces: pairs of sums."""

    breaks: Sequence[Break]
    """In order; the last is the end of the text."""
    ends: Sequence[tuple[float, float]]
    """By break, up to where the line ends; with the hyphen, and without what hangs into the margin."""
    begins: Sequence[tuple[float, float]]
    """By break, up to where the next line begins; with what of that hangs into the margin."""
    first: tuple[float, float]
    """Up to where the first line begins."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text to be broken, and the lines that it is broken into."""

    reach: Reach
    widths: Sequence[float]
    """The measures of the first lines; all later ones have the last of them."""
    indent: float = 0.0
    whole: frozenset[int] = frozenset()
    """The numbers of the lines, from 1, that should not end with a hyphen."""
    count: int | None = None
    """How many lines there should be; None for what is best."""
    worst: float = float("inf")
    """Lines that give more than this, of what they well can, are not looked at; then there may be no way."""

    @property
    def by_line(self) -> bool:
        """Whether it matters which line it is."""
        return len(self.widths) > 1 or bool(self.whole) or self.count is not None

    def width(self, line: int) -> float:
        """The measure of a line, counted from 0."""
        return self.widths[min(line, len(self.widths) - 1)]


class Fit(NamedTuple):
    """A way to break a paragraph."""

    breaks: list[Break]
    """Those that end its lines, the last one included."""
    demerits: float
    worst: float
    """How far the spaces and letters of its worst line give, of what they can; above 1 that is too much."""


class _Node:
    """A way to reach a line's start: the best one with that fitness."""

    __slots__ = ("before", "demerits", "ended", "fitness", "full", "hyphens", "line", "ratio", "spaces", "width")

    def __init__(
        self,
        fitness: int,
        demerits: float,
        before: _Node | None,
        hyphens: int,
        start: tuple[float, float],
        width: float,
        ended: Break | None,
        ratio: float,
        line: int,
    ) -> None:
        self.fitness = fitness
        self.demerits = demerits
        self.before = before
        self.hyphens = hyphens
        """How many lines before it end with hyphens."""
        self.full = start[0] + width
        """By the sums of `Reach`, where the line that begins here is full."""
        self.spaces = start[1]
        """Of the spaces before it."""
        self.width = width
        self.ended = ended
        self.ratio = ratio
        """Of the line before it."""
        self.line = line


def choose_breaks(paragraph: Paragraph, limits: Limits) -> Fit | None:
    """The way with the fewest demerits; None if there is none with the wanted lines.

    A line that cannot be short enough ends at the first break there is; nothing is left out.
    """
    best = None if limits.balanced else _best_end(paragraph, limits, max(FAR * max(paragraph.widths), NEAR))
    if paragraph.worst == float("inf") and (best is None or best.demerits >= HOPELESS):
        best = _best_end(paragraph, limits, float("inf"))
    if best is None:
        return None
    chosen: list[Break] = []
    node, worst = best, 0.0
    while node.before is not None and node.ended is not None:
        chosen.append(node.ended)
        worst = max(worst, abs(node.ratio))
        node = node.before
    return Fit(chosen[::-1], best.demerits, worst)


def _best_end(paragraph: Paragraph, limits: Limits, far: float) -> _Node | None:
    """The best way to the end of the text, without lines that leave more than `far` empty."""
    width = paragraph.width(0) - paragraph.indent
    active = [_Node(1, 0.0, None, 0, paragraph.reach.first, width, None, 0.0, 0)]
    last = len(paragraph.reach.breaks) - 1
    for number, at in enumerate(paragraph.reach.breaks):
        ends = at.forced or number == last
        too_long, found = _reach(paragraph, limits, active, number, far if not ends else float("inf"), ends)
        active = found if ends else [*active[too_long:], *found]
    if paragraph.count is not None:
        active = [node for node in active if node.line == paragraph.count]
    return min(active, key=lambda node: node.demerits, default=None)


def _reach(
    paragraph: Paragraph, limits: Limits, active: Sequence[_Node], number: int, far: float, last: bool
) -> tuple[int, list[_Node]]:
    """How many starts are too far before a break, and the best ways to end a line at it, one for each fitness.

    `active` is in the order of the text, so that those too far before it come first, and those too near last.
    Where it matters which line it is, there is one way for each fitness and line.
    """
    at = paragraph.reach.breaks[number]
    right, spaces_before = paragraph.reach.ends[number]
    penalty, hyphened, by_line = at.penalty * at.penalty, at.hyphened, paragraph.by_line
    shrink, stretch, expansion, ragged = limits.shrink, limits.stretch, limits.expansion, limits.ragged
    worst = paragraph.worst
    best: dict[int, tuple[float, _Node, float]] = {}
    too_long = 0
    for turn, node in enumerate(active):
        missing = node.full - right
        if missing > far:
            if len(paragraph.widths) > 1:
                continue  # a later line may be shorter
            break
        extra = 0.0
        if missing >= 0:
            if last and not limits.balanced:
                ratio = 0.0
                if node.width - missing < limits.runt and node.before is not None:
                    extra = RUNT
            else:
                room = ragged or (spaces_before - node.spaces) * stretch + expansion * (node.width - missing)
                ratio = missing / room if room > 0 else 99.0
                if ratio > worst:
                    continue
            badness = 100 * ratio * ratio * ratio if ratio < WORST_RATIO else _hopelessness(ratio)
            fitness = 1 if ratio <= 0.5 or ragged else 2 if ratio <= 1 else 3
        else:
            room = 0.0 if ragged else (spaces_before - node.spaces) * shrink + expansion * (node.width - missing)
            if -missing > room + ROUNDING:
                too_long = turn + 1 if too_long == turn else too_long
                continue
            ratio = missing / room if -missing < room else -1.0
            badness = -100 * ratio * ratio * ratio
            fitness = 0 if ratio < -0.5 and not ragged else 1
        demerits = node.demerits + (LINE_PENALTY + badness) ** 2 + penalty + extra
        if node.hyphens:
            if hyphened:
                demerits += DOUBLE_HYPHEN if node.hyphens < limits.hyphens else LADDER
            elif last:
                demerits += FINAL_HYPHEN
        if not -2 < fitness - node.fitness < 2 and node.before is not None:
            demerits += FITNESS_STEP
        key = fitness
        if by_line:
            if hyphened and node.line + 1 in paragraph.whole:
                demerits += UNWANTED
            key += 4 * node.line
        if key not in best or demerits < best[key][0]:
            best[key] = demerits, node, ratio
    if not best:
        if too_long < len(active) or worst < float("inf"):
            return too_long, []
        # The line sticks out as little as it can.
        node = max(active, key=lambda found: (found.full - found.width, -found.demerits))
        best[4 * node.line] = node.demerits + HOPELESS, node, 9.0
    start = paragraph.reach.begins[number]
    least = min(demerits for demerits, *_ in best.values()) + FITNESS_STEP
    return too_long, [
        _Node(
            key % 4,
            demerits,
            node,
            node.hyphens + 1 if hyphened else 0,
            start,
            paragraph.width(node.line + 1),
            at,
            ratio,
            node.line + 1,
        )
        for key, (demerits, node, ratio) in best.items()
        if by_line or demerits <= least
    ]


def _hopelessness(ratio: float) -> float:
    return 100 * WORST_RATIO**3 + 4000 * (ratio - WORST_RATIO)
