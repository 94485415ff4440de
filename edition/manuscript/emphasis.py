"""Pairs of stars: from runs of `*` among inlines to Emphasis and Strong. Knows nothing of the text around.

A run opens before a character that is not white space and closes after one. A run of one closes a run of
one, a run of two a run of two, a run of three is both; longer runs (`****`) and runs without a partner are
text. Unlike CommonMark, punctuation changes nothing, so that `a*(b)*c` is what it looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edition.manuscript.reading import TooDeepError
from edition.manuscript.syntax import DEEPEST
from edition.model import Emphasis, Inline, Reference, Span, Strong, Text
from edition.source import Place


@dataclass(slots=True)
class Stars:
    """A run of one to three stars that may open or close."""

    count: int
    opens: bool
    closes: bool
    offset: int
    at: Place


@dataclass(slots=True)
class _Opener:
    index: int
    """Where in the settled inlines its stars stand as text."""
    stars: Stars
    left: int


def settle(entries: Sequence[Inline | Stars]) -> tuple[Inline, ...]:
    """The inlines with stars paired and neighbouring texts joined. Raises TooDeepError."""
    if len(entries) == 1 and isinstance(entries[0], Text):
        return (entries[0],)
    pairing = _Pairing()
    for entry in entries:
        if isinstance(entry, Stars):
            pairing.add(entry)
        else:
            pairing.settled.append(entry)
    return join(pairing.settled)


class _Pairing:
    """The inlines so far, and the runs among them that may still find a partner."""

    def __init__(self) -> None:
        self.settled: list[Inline] = []
        self.openers: list[_Opener] = []
        self.waiting = [0, 0, 0, 0]
        """How many openers have so many stars left: without it, runs of one kind that pile up would be
        searched again for every run of another."""

    def add(self, stars: Stars) -> None:
        left = self._close(stars) if stars.closes else stars.count
        if left and stars.opens:
            self.openers.append(_Opener(len(self.settled), stars, left))
            self.waiting[left] += 1
        if left:
            self.settled.append(Text("*" * left, stars.at))

    def _close(self, stars: Stars) -> int:
        """Pair a closing run with the openers before it; how many of its stars remain."""
        left = stars.count
        while left and (self.openers if left == 3 else self.waiting[left] + self.waiting[3]):
            opener = self._pop()
            while left != 3 and opener.left not in (left, 3):
                opener = self._pop()
            taken = min(left, opener.left)
            self._wrap(opener, taken, stars.offset)
            left -= taken
        return left

    def _pop(self) -> _Opener:
        opener = self.openers.pop()
        self.waiting[opener.left] -= 1
        return opener

    def _wrap(self, opener: _Opener, taken: int, offset: int) -> None:
        inner = join(self.settled[opener.index + 1 :])
        check_depth(inner, offset)
        del self.settled[opener.index :]
        if remaining := opener.left - taken:
            self.openers.append(_Opener(opener.index, opener.stars, remaining))
            self.waiting[remaining] += 1
            self.settled.append(Text("*" * remaining, opener.stars.at))
        inner = inner if taken == 1 else (Strong(inner),)
        self.settled.append(inner[0] if taken == 2 else Emphasis(inner))


def join(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """The inlines without empty texts, and with neighbouring texts made one."""
    joined: list[Inline] = []
    run: list[Text] = []
    for inline in inlines:
        if isinstance(inline, Text):
            if inline.text:
                run.append(inline)
            continue
        if run:
            joined.append(_one_text(run))
            run = []
        joined.append(inline)
    if run:
        joined.append(_one_text(run))
    return tuple(joined)


def _one_text(run: list[Text]) -> Text:
    return run[0] if len(run) == 1 else Text("".join(text.text for text in run), run[0].at)


def check_depth(inlines: Sequence[Inline], offset: int) -> None:
    """Raises TooDeepError if one more level around these inlines is one too many."""
    level: list[Inline] = list(inlines)
    for _ in range(DEEPEST):
        level = [
            child
            for inline in level
            if isinstance(inline, Emphasis | Strong | Span | Reference)
            for child in inline.inlines
        ]
        if not level:
            return
    raise TooDeepError(offset)
