"""Where two sequences differ: what stands once in both, in the same order, holds them together.

Patience sorting finds the longest run of such anchors; between them, where nothing stands only once, `difflib`
looks as long as that is cheap, and what remains is told as replaced. So two volumes take time by their length, and
a page set anew does not scatter its differences over common words. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

CHEAP = 1_000_000
"""Pairs of elements up to which `difflib` compares them: a second, at worst."""


class Difference(NamedTuple):
    """Elements of the old sequence, from and up to, that others of the new one stand for."""

    old: int
    old_end: int
    new: int
    new_end: int


def differences(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Difference]:
    """All differences, in order; between them the sequences are equal."""
    found: list[Difference] = []
    waiting = [Difference(0, len(old), 0, len(new))]
    while waiting:
        part = _trimmed(old, new, waiting.pop())
        if part.old == part.old_end or part.new == part.new_end:
            if part.old != part.old_end or part.new != part.new_end:
                found.append(part)
            continue
        anchors = _anchors(old, new, part)
        if anchors:
            waiting += reversed(list(_between(anchors, part)))
        else:
            found += _remaining(old, new, part)
    return _joined(found)


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable], part: Difference) -> Difference:
    """Without what is equal at both ends."""
    a, a_end, b, b_end = part
    while a < a_end and b < b_end and old[a] == new[b]:
        a, b = a + 1, b + 1
    while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    return Difference(a, a_end, b, b_end)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], part: Difference) -> list[tuple[int, int]]:
    """The longest run, in order in both, of pairs of elements that stand once in each."""
    a, a_end, b, b_end = part
    in_old, in_new = Counter(old[a:a_end]), Counter(new[b:b_end])
    places = {new[index]: index for index in range(b, b_end) if in_new[new[index]] == 1}
    pairs = [
        (index, places[old[index]])
        for index in range(a, a_end)
        if in_old[old[index]] == 1 and old[index] in places
    ]
    tops: list[int] = []
    last: list[int] = []  # by pile, the pair on its top
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            last.append(number)
        else:
            tops[pile], last[pile] = place, number
    run: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _between(anchors: Sequence[tuple[int, int]], part: Difference) -> Iterator[Difference]:
    """The parts before, between and after anchors."""
    a, b = part.old, part.new
    for old, new in (*anchors, (part.old_end, part.new_end)):
        if a < old or b < new:
            yield Difference(a, old, b, new)
        a, b = old + 1, new + 1


def _remaining(old: Sequence[Hashable], new: Sequence[Hashable], part: Difference) -> list[Difference]:
    """Differences of a part without anchors."""
    a, a_end, b, b_end = part
    if (a_end - a) * (b_end - b) > CHEAP:
        return [part]
    matcher = SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False)
    return [
        Difference(a + start, a + end, b + begin, b + stop)
        for tag, start, end, begin, stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def _joined(found: list[Difference]) -> list[Difference]:
    """Differences in order, those that touch as one."""
    joined: list[Difference] = []
    for part in sorted(found):
        if joined and joined[-1].old_end == part.old and joined[-1].new_end == part.new:
            joined[-1] = Difference(joined[-1].old, part.old_end, joined[-1].new, part.new_end)
        else:
            joined.append(part)
    return joined
