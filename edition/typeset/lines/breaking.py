"""Total fit: where the lines of a paragraph end, chosen over the paragraph as a whole.

After Knuth and Plass, "Breaking Paragraphs into Lines" (Software: Practice and Experience 11, 1981): of all ways
to break the paragraph the one with the fewest demerits, by dynamic programming over feasible breaks. Letters that
hang in the margin and the widening of letters count as in Hàn Thế Thành's thesis (2000). What a line costs is another
than theirs, see `WIDER`. Knows widths and numbers, and nothing of fonts and boxes. Lengths are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDER = 10_000.0
"""What a line costs whose spaces are as wide as they well can be; others as the square of it. So what is least in
the end is the variance of spaces: that is what makes the grey of a page uneven."""
FAR_WIDER = 2.0
"""How much of `WIDER` is added as the sixth power: nothing for even lines, much for those that catch the eye."""
LETTERS = 0.02
"""The part of `WIDER` that a line costs whose letters give as far as they can: of two ways with the same spaces the
one with its letters as they are."""
UNLIKE = 0.4
"""The part of `WIDER` that two neighbours cost whose spaces differ by as much as they well can be widened; others as
the square of it."""
DOUBLE_HYPHEN = 6_000.0
"""What a second hyphen in a row costs."""
FINAL_HYPHEN = 6_000.0
"""What a hyphen at the end of the last line but one costs."""
LADDER = 200_000.0
"""What one more hyphen costs than may stand in a row."""
RUNT = 1_500_000.0
"""What a last line costs that is shorter than `Limits.runt`: more than any line whose spaces are twice as wide."""
UNWANTED = 200_000.0
"""What a hyphen costs at the end of a line that should have none, as it is the last of its page."""
WORST_RATIO = 3.0
"""From here on a line gets worse slower: a paragraph with one hopeless line is still broken well elsewhere."""
TIGHT, LOOSE = -0.5, 0.6
"""Ratios where lines begin to be of another fitness."""
BEHIND = 5_000.0
"""A way that costs so much more than another to the same break is given up, whatever its last line's fitness."""
FAR, NEAR = 0.15, 45.0
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
    letters: float = 0.0
    """Of letters with the space between them, in both directions."""
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

    __slots__ = ("before", "demerits", "ended", "full", "given", "hyphens", "line", "ratio", "spaces", "width")

    def __init__(
        self,
        demerits: float,
        before: _Node | None,
        hyphens: int,
        start: tuple[float, float],
        width: float,
        ended: Break | None = None,
        ratio: float = 0.0,
        given: float = 0.0,
        line: int = 0,
    ) -> None:
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
        """Of the line before it: how far its spaces give, of what they well can; below 0 they are narrowed."""
        self.given = given
        """Of the line before it: how far its spaces give, of what they can well be widened."""
        self.line = line


def choose_breaks(paragraph: Paragraph, limits: Limits) -> Fit | None:
    """The way with the fewest demerits; None if there is none with the wanted lines.

    A line that cannot be short enough ends at the first break there is; nothing is left out.
    """
    far = max(FAR * max(paragraph.widths), NEAR, 2 * limits.ragged)
    best = None if limits.balanced else _best_end(paragraph, limits, far)
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
    active = [_Node(0.0, None, 0, paragraph.reach.first, width)]
    last = len(paragraph.reach.breaks) - 1
    right = paragraph.reach.ends
    even = len(paragraph.widths) == 1
    for number, at in enumerate(paragraph.reach.breaks):
        ends = at.forced or number == last
        if even and not ends and active and active[0].full - right[number][0] > far:
            continue
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
    shrink, stretch, gives, ragged = limits.shrink, limits.stretch, limits.letters, limits.ragged
    narrow, worst = shrink / stretch if stretch else 1.0, paragraph.worst
    best: dict[int, tuple[float, _Node, float, float]] = {}
    too_long = 0
    for turn, node in enumerate(active):
        missing = node.full - right
        if missing > far:
            if len(paragraph.widths) > 1:
                continue  # a later line may be shorter
            break
        demerits, letters, ratio, given = node.demerits + penalty, 0.0, 0.0, 0.0
        if ragged:
            if missing < -ROUNDING:
                too_long = turn + 1 if too_long == turn else too_long
                continue
            if not last or limits.balanced:
                ratio = missing / ragged
        elif missing < 0 or not last:
            # Letters give first, as they do when the line is set.
            letters = gives * (node.width - missing)
            if missing > letters:
                room = (spaces_before - node.spaces) * stretch * (1 + gives)
                ratio = given = (missing - letters) / room if room > 0 else 99.0
            elif missing < -letters:
                room = (spaces_before - node.spaces) * shrink * (1 - gives)
                if missing + letters < -room - ROUNDING:
                    too_long = turn + 1 if too_long == turn else too_long
                    continue
                ratio = max((missing + letters) / room, -1.0) if room > 0 else -1.0
                given = narrow * ratio
            if letters:
                part = missing / letters if not given else 1.0
                demerits += WIDER * LETTERS * part * part
        if ratio > worst:
            continue
        if last and missing >= 0 and not limits.balanced:
            if node.width - missing < limits.runt and node.before is not None:
                demerits += RUNT
        elif node.before is not None and not ragged:
            differ = given - node.given
            demerits += (
                WIDER * UNLIKE * differ * differ if -WORST_RATIO < differ < WORST_RATIO else WIDER * UNLIKE * 9
            )
        square = ratio * ratio
        if ratio < WORST_RATIO:
            demerits += WIDER * square * (1 + FAR_WIDER * square * square)
        else:
            demerits += _hopelessness(ratio)
        if node.hyphens:
            if hyphened:
                demerits += DOUBLE_HYPHEN if node.hyphens < limits.hyphens else LADDER
            elif last:
                demerits += FINAL_HYPHEN
        key = 0 if ratio < TIGHT else 1 if ratio <= LOOSE or ragged else 2
        if by_line:
            if hyphened and node.line + 1 in paragraph.whole:
                demerits += UNWANTED
            key += 3 * node.line
        if key not in best or demerits < best[key][0]:
            best[key] = demerits, node, ratio, given
    if not best:
        if too_long < len(active) or worst < float("inf"):
            return too_long, []
        # The line sticks out as little as it can.
        node = max(active, key=lambda found: (found.full - found.width, -found.demerits))
        best[3 * node.line] = node.demerits + HOPELESS, node, 9.0, 0.0
    start = paragraph.reach.begins[number]
    most = min(demerits for demerits, *_ in best.values()) + BEHIND
    return too_long, [
        _Node(
            demerits,
            node,
            node.hyphens + 1 if hyphened else 0,
            start,
            paragraph.width(node.line + 1),
            at,
            ratio,
            given,
            node.line + 1,
        )
        for demerits, node, ratio, given in best.values()
        if by_line or demerits <= most
    ]


def _hopelessness(ratio: float) -> float:
    """What a line costs that is worse than WORST_RATIO: no more than by the square."""
    return WIDER * ratio * ratio * (1 + FAR_WIDER * WORST_RATIO**4)
