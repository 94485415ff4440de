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
DOUBLE_HYPHEN = 12_000.0
"""What a second hyphen in a row costs, in demerits."""
FINAL_HYPHEN = 5_000.0
"""What a hyphen at the end of the last line but one costs."""
FITNESS_STEP = 6_000.0
"""What a loose line beside a tight one costs."""
RUNT = 30_000.0
"""What a last line costs that is shorter than `Limits.runt`."""
WORST_RATIO = 3.0
"""From here on a line gets worse slower: a paragraph with one hopeless line is still broken well elsewhere."""


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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text to be broken: sums of widths up to each character, and where it may be broken."""

    advances: Sequence[float]
    """The width of everything before each character, and of all at the end."""
    spaces: Sequence[float]
    """The same of the spaces that give."""
    breaks: Sequence[Break]
    """In order; the last is the end of the text."""
    hang_left: Sequence[float]
    """How far the character at each place hangs into the margin where a line begins with it."""
    hang_right: Sequence[float]
    """The same by `Break`, for what its line ends with."""
    width: float
    indent: float = 0.0
    start: int = 0


class _Node:
    """A way to reach a line's start: the best one with that fitness."""

    __slots__ = ("before", "demerits", "ended", "fitness", "full", "hyphened", "spaces", "start")

    def __init__(
        self,
        start: int,
        fitness: int,
        demerits: float,
        before: _Node | None,
        hyphened: bool,
        full: float,
        spaces: float,
        ended: Break | None,
    ) -> None:
        self.start = start
        self.fitness = fitness
        self.demerits = demerits
        self.before = before
        self.hyphened = hyphened
        self.full = full
        """By the sums of `Paragraph.advances`, where the line that begins here is full."""
        self.spaces = spaces
        """Of the spaces before it."""
        self.ended = ended


FAR, NEAR = 0.2, 60.0
"""A line that leaves more than this part of the measure empty, and more than so many pixels, is not looked at if
there is any other way."""
HOPELESS = 1e9
"""What a line costs that sticks out."""


def choose_breaks(paragraph: Paragraph, limits: Limits) -> list[Break]:
    """The breaks that end the lines of a paragraph, the last one included.

    A line that cannot be short enough ends at the first break there is; nothing is left out.
    """
    best = _best_end(paragraph, limits, max(FAR * paragraph.width, NEAR))
    if best.demerits >= HOPELESS:
        best = _best_end(paragraph, limits, float("inf"))
    chosen: list[Break] = []
    node: _Node | None = best
    while node is not None and node.ended is not None:
        chosen.append(node.ended)
        node = node.before
    return chosen[::-1]


def _best_end(paragraph: Paragraph, limits: Limits, far: float) -> _Node:
    """The best way to the end of the text, without lines that leave more than `far` empty."""
    start = paragraph.start
    hang = 0.0 if paragraph.indent or start else paragraph.hang_left[start]
    full = paragraph.advances[start] + hang + paragraph.width - paragraph.indent
    active = [_Node(start, 1, 0.0, None, False, full, paragraph.spaces[start], None)]
    last = len(paragraph.breaks) - 1
    for number, at in enumerate(paragraph.breaks):
        if at.start <= start and number != last:
            continue
        ends = at.forced or number == last
        too_long, found = _reach(paragraph, limits, active, number, far if not ends else float("inf"), ends)
        active = found if ends else [*active[too_long:], *found]
    return min(active, key=lambda node: node.demerits)


def _reach(
    paragraph: Paragraph, limits: Limits, active: Sequence[_Node], number: int, far: float, last: bool
) -> tuple[int, list[_Node]]:
    """How many starts are too far before a break, and the best ways to end a line at it, one for each fitness.

    `active` is in the order of the text, so that those too far before it come first, and those too near last.
    """
    at = paragraph.breaks[number]
    right = paragraph.advances[at.end] + at.hyphen - paragraph.hang_right[number]
    spaces_before = paragraph.spaces[at.end]
    penalty, hyphened, width = at.penalty * at.penalty, at.hyphened, paragraph.width
    shrink, stretch, expansion, runt = limits.shrink, limits.stretch, limits.expansion, limits.runt
    best: dict[int, tuple[float, _Node]] = {}
    too_long = 0
    for turn, node in enumerate(active):
        missing = node.full - right
        if missing > far:
            break
        extra = 0.0
        if missing >= 0:
            if last:
                ratio = 0.0
                if width - missing < runt and node.before is not None:
                    extra = RUNT
            else:
                room = (spaces_before - node.spaces) * stretch + expansion * (width - missing)
                ratio = missing / room if room > 0 else 99.0
            badness = 100 * ratio * ratio * ratio if ratio < WORST_RATIO else _hopelessness(ratio)
            fitness = 1 if ratio <= 0.5 else 2 if ratio <= 1 else 3
        else:
            room = (spaces_before - node.spaces) * shrink + expansion * (width - missing)
            if -missing > room:
                too_long = turn + 1 if too_long == turn else too_long
                continue
            ratio = missing / room
            badness = -100 * ratio * ratio * ratio
            fitness = 0 if ratio < -0.5 else 1
        demerits = node.demerits + (LINE_PENALTY + badness) ** 2 + penalty + extra
        if node.hyphened:
            demerits += DOUBLE_HYPHEN if hyphened else FINAL_HYPHEN if last else 0.0
        if not -2 < fitness - node.fitness < 2 and node.before is not None:
            demerits += FITNESS_STEP
        if fitness not in best or demerits < best[fitness][0]:
            best[fitness] = demerits, node
    if not best:
        if too_long < len(active):
            return too_long, []
        node = min(active, key=lambda found: (-found.start, found.demerits))
        best[0] = node.demerits + HOPELESS, node  # the line sticks out as little as it can
    hang = paragraph.hang_left[at.start]
    full, spaces = paragraph.advances[at.start] + hang + width, paragraph.spaces[at.start]
    least = min(demerits for demerits, _ in best.values()) + FITNESS_STEP
    return too_long, [
        _Node(at.start, fitness, demerits, node, hyphened, full, spaces, at)
        for fitness, (demerits, node) in best.items()
        if demerits <= least
    ]


def _hopelessness(ratio: float) -> float:
    return 100 * WORST_RATIO**3 + 4000 * (ratio - WORST_RATIO)
