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


@dataclass(eq=False, slots=True)
class _Node:
    """A way to reach a line's start: the best one with that fitness."""

    start: int
    fitness: int
    demerits: float
    before: _Node | None
    hyphened: bool
    indent: float
    hang: float
    ended: Break | None


def choose_breaks(paragraph: Paragraph, limits: Limits) -> list[Break]:
    """The breaks that end the lines of a paragraph, the last one included.

    A line that cannot be short enough ends at the first break there is; nothing is left out.
    """
    at_start = 0.0 if paragraph.indent or paragraph.start else paragraph.hang_left[paragraph.start]
    active = [_Node(paragraph.start, 1, 0.0, None, False, paragraph.indent, at_start, None)]
    final = paragraph.breaks[-1]
    for number, at in enumerate(paragraph.breaks):
        if at.start <= paragraph.start and at is not final:
            continue
        reached = _reach(paragraph, limits, active, number, at)
        if at.forced or at is final:
            active = list(reached.nodes)
            continue
        active = [node for node in active if node not in reached.too_long]
        active += reached.nodes
    node: _Node | None = min(active, key=lambda found: found.demerits)
    chosen: list[Break] = []
    while node is not None and node.ended is not None:
        chosen.append(node.ended)
        node = node.before
    return chosen[::-1]


class _Reached(NamedTuple):
    nodes: list[_Node]
    too_long: set[_Node]


def _reach(paragraph: Paragraph, limits: Limits, active: Sequence[_Node], number: int, at: Break) -> _Reached:
    """The best ways to end a line at a break, one for each fitness, and the starts that are too far before it."""
    advances, spaces = paragraph.advances, paragraph.spaces
    right = advances[at.end] + at.hyphen - paragraph.hang_right[number]
    spaces_before = spaces[at.end]
    last = at.forced or number == len(paragraph.breaks) - 1
    penalty, hyphened = at.penalty * at.penalty, at.hyphened
    shrink, stretch, expansion = limits.shrink, limits.stretch, limits.expansion
    hang = paragraph.hang_left[at.start] if at.start < len(paragraph.hang_left) else 0.0
    best: dict[int, _Node] = {}
    too_long: list[_Node] = []
    for node in active:
        natural = right - advances[node.start] - node.hang
        missing = paragraph.width - node.indent - natural
        give = spaces_before - spaces[node.start]
        extra = 0.0
        if missing >= 0:
            if last:
                ratio = 0.0
                if natural < limits.runt and node.before is not None:
                    extra = RUNT
            else:
                room = give * stretch + expansion * natural
                ratio = missing / room if room else 99.0
        else:
            room = give * shrink + expansion * natural
            ratio = missing / room if room else -99.0
            if ratio < -1:
                too_long.append(node)
                continue
        badness = 100 * min(abs(ratio), WORST_RATIO) ** 3 + 4000 * max(0.0, ratio - WORST_RATIO)
        demerits = node.demerits + (LINE_PENALTY + badness) ** 2 + penalty + extra
        if node.hyphened:
            demerits += DOUBLE_HYPHEN if hyphened else FINAL_HYPHEN if last else 0.0
        fitness = 0 if ratio < -0.5 else 1 if ratio <= 0.5 else 2 if ratio <= 1 else 3
        if abs(fitness - node.fitness) > 1 and node.before is not None:
            demerits += FITNESS_STEP
        known = best.get(fitness)
        if known is None or demerits < known.demerits:
            best[fitness] = _Node(at.start, fitness, demerits, node, hyphened, 0.0, hang, at)
    if not best and len(too_long) == len(active):  # nothing fits: the line sticks out as little as it can
        node = min(too_long, key=lambda found: (-found.start, found.demerits))
        best[0] = _Node(at.start, 0, node.demerits + 1e9, node, hyphened, 0.0, hang, at)
    if not best:
        return _Reached([], set(too_long))
    least = min(node.demerits for node in best.values())
    return _Reached([node for node in best.values() if node.demerits <= least + FITNESS_STEP], set(too_long))
