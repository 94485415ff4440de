"""What went wrong in a stream that did not match: which words are lost, doubled, moved or changed.

Only here two texts are compared word by word; never more than what is left between the first and the last
difference. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from edition.proof.matching import Lines, normal
from edition.proof.parts import Drawn

Fault = Literal["lost", "doubled", "added", "moved", "changed"]

LONGEST = 3_000_000
"""Pairs of words that are compared at most; beyond that only the first difference is told."""
_WORD = re.compile(r"\S+")


class Word(NamedTuple):
    """A word of the stream with its offset."""

    text: str
    offset: int


class DrawnWord(NamedTuple):
    """A word as drawn, the piece it begins in and where in it."""

    text: str
    item: Drawn
    begin: int


class Difference(NamedTuple):
    """Words of the stream, possibly none, and what stands in their place, possibly nothing."""

    fault: Fault
    expected: list[Word]
    drawn: list[DrawnWord]
    offset: int
    """Where in the stream."""
    near: Drawn | None
    """The piece at which it shows."""


class Comparison(NamedTuple):
    differences: list[Difference]
    same: list[tuple[Word, DrawnWord]]
    """Words that stand where they belong, after the first difference."""


def compare(text: str, start: int, items: Sequence[Drawn]) -> Comparison:
    """Compare a stream from an offset on, where a word begins, with the pieces that begin there."""
    expected = [Word(found[0], found.start()) for found in _WORD.finditer(text, start)]
    drawn = drawn_words(items, {word.text for word in expected})
    before, after = _same_ends(expected, drawn)
    middle, drawn_middle = expected[before : len(expected) - after], drawn[before : len(drawn) - after]
    if len(middle) * len(drawn_middle) > LONGEST:
        middle, drawn_middle = middle[:1], drawn_middle[:1]
    same = list(zip(expected[:before], drawn[:before], strict=True))
    same += list(zip(expected[len(expected) - after :], drawn[len(drawn) - after :], strict=True)) if after else []
    matcher = SequenceMatcher(
        None, [word.text for word in middle], [word.text for word in drawn_middle], autojunk=False
    )
    differences = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            same += list(zip(middle[i:j], drawn_middle[k:m], strict=True))
            continue
        offset = expected[before + i].offset if before + i < len(expected) else len(text)
        near = drawn[min(before + k, len(drawn) - 1)].item if drawn else None
        differences.append(Difference("changed", middle[i:j], drawn_middle[k:m], offset, near))
    return Comparison(_named(differences, expected, drawn), same)


def drawn_words(items: Sequence[Drawn], known: set[str]) -> list[DrawnWord]:
    """The words of pieces; those divided at a line's end are joined, without the hyphen if they are known so."""
    words: list[DrawnWord] = []
    lines = Lines()
    as_written = {word.casefold(): word for word in known}
    ended = True  # whether the last word is at its end
    for item in items:
        if item.standing.part == "text" and (text := normal(item.piece.text)).strip():
            for found in _WORD.finditer(text):
                goes_on = words and found.start() == 0 and not ended
                if goes_on and lines.opens_line(item):
                    joined = _joined(words[-1].text, found[0], known)
                elif goes_on and not lines.opens_word(item):
                    joined = words[-1].text + found[0]
                else:
                    joined = None
                if joined is None:
                    words.append(DrawnWord(found[0], item, found.start()))
                else:
                    words[-1] = words[-1]._replace(text=joined)
                if item.label.recased and words[-1].text not in known:
                    recased = as_written.get(words[-1].text.casefold(), words[-1].text)
                    words[-1] = words[-1]._replace(text=recased)
            ended = text[-1] == " "
        elif item.standing.part == "text" and item.piece.text:
            ended = True
        lines.go_on(item)
    return words


def _joined(first: str, second: str, known: set[str]) -> str | None:
    """A word from its halves on two lines, or None if they are two words."""
    if first + second in known:
        return first + second
    if first.endswith("-"):
        return first[:-1] + second if first[:-1] + second in known or first not in known else None
    return None


def _same_ends(expected: list[Word], drawn: list[DrawnWord]) -> tuple[int, int]:
    """How many words are the same at the beginning and at the end."""
    most = min(len(expected), len(drawn))
    before = 0
    while before < most and expected[before].text == drawn[before].text:
        before += 1
    after = 0
    while after < most - before and expected[-1 - after].text == drawn[-1 - after].text:
        after += 1
    return before, after


def _named(differences: list[Difference], expected: list[Word], drawn: list[DrawnWord]) -> list[Difference]:
    """Differences by their fault: what is lost here and added there has moved, what is added again is doubled."""
    lost = [[word.text for word in one.expected] for one in differences if not one.drawn]
    added = [[word.text for word in one.drawn] for one in differences if not one.expected]
    texts = {_bare(word.text) for word in expected}
    named = []
    for one in differences:
        if not one.drawn:
            moved = [word.text for word in one.expected] in added
            named.append(one._replace(fault="moved" if moved else "lost"))
        elif not one.expected:
            words = [word.text for word in one.drawn]
            if words not in lost:
                named.append(one._replace(fault="doubled" if set(map(_bare, words)) <= texts else "added"))
        else:
            named.append(one)
    return named


def _bare(word: str) -> str:
    """A word without the punctuation around it."""
    return re.sub(r"^\W+|\W+$", "", word) or word
