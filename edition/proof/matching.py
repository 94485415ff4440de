"""One stream of the manuscript against what the pages draw of it, piece by piece.

Fast where all is well: a piece stands at the cursor or it does not. Only then the rules apply by which a printed
line may differ: a line's end or a gap for a space, a hyphen at a line's end, capitals where the style sets them.
What no rule explains is left to `words`. Knows nothing of pages' layout but lines and gaps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from edition.proof.parts import Drawn
from edition.proof.text import alike

SPACE = 0.12
"""The least gap that reads as a space, in sizes of the text."""
NEW_LINE = 0.6
"""By how many sizes a baseline must lie off the one before to be another line."""

_SPACES = re.compile(" {2,}")


@dataclass
class Match:
    """Where each piece stands in a stream; how far all went well."""

    starts: list[int] = field(default_factory=list)
    """For each item as far as it went, the offset in the stream where it begins."""
    end: int = 0
    """Up to where the stream was found."""
    failed: int | None = None
    """The item at which it went wrong; one after the last where the end of the stream is missing."""
    run_together: list[tuple[int, Drawn]] = field(default_factory=list)
    """Spaces of the stream that are neither gap nor line's end on the page."""
    hyphened: list[tuple[int, Drawn]] = field(default_factory=list)
    """Words with a hyphen in mid-line that the stream does not have."""

    def retreat(self, text: str, items: Sequence[Drawn]) -> tuple[int, int]:
        """The last item at or before the failed one that begins with a word: it and its offset in the stream."""
        number = min(self.failed or 0, len(self.starts) - 1)
        while number > 0:
            start = self.starts[number]
            begins = start < len(text) and (text[start] == " " or text[start - 1] == " ")
            if begins and items[number].standing.part == "text":
                return number, start
            number -= 1
        return 0, 0


class Lines:
    """Goes from piece to piece, and knows whether one begins a line or a word after the text before it."""

    def __init__(self, last: Drawn | None = None) -> None:
        self.last = last
        self.line_ended = self.word_ended = False
        """Whether a line or a word ended among the marks that stand between the last text and here."""

    def go_on(self, item: Drawn) -> None:
        """Pass a piece."""
        if item.standing.part == "text":
            self.line_ended = self.word_ended = False
        else:
            self.word_ended = self.opens_word(item)
            self.line_ended = self.opens_line(item)
        self.last = item

    def opens_line(self, item: Drawn) -> bool:
        if self.last is None or self.line_ended:
            return True
        piece, last = item.piece, self.last.piece
        return (
            piece.page != last.page
            or abs(piece.y - last.y) > NEW_LINE * max(piece.size, last.size)
            or piece.x < last.end - 0.5 * piece.size
        )

    def opens_word(self, item: Drawn) -> bool:
        """Whether a line's end, a gap or a space of the piece before parts it from what is before."""
        if self.last is None or self.word_ended or self.opens_line(item):
            return True
        last = self.last.piece
        return item.piece.x - last.end >= SPACE * item.piece.size or last.text[-1:].isspace()


def match(text: str, items: Sequence[Drawn]) -> Match:
    """Follow a stream's text through its pieces until they part."""
    found = Match()
    lines = Lines()
    position = 0
    text = text.rstrip(" ")
    for number, item in enumerate(items):
        found.starts.append(position)
        if item.standing.part != "text":
            lines.go_on(item)
            continue
        drawn = normal(item.piece.text)
        if not drawn.strip(" "):
            position += text[position : position + 1] == " "
            lines.go_on(item)
            continue
        step = _step(text, position, drawn, item, lines, found, items, number)
        if step is None:
            found.failed, found.end = number, position
            return found
        found.starts[-1], position = step
        lines.go_on(item)
    found.end = position
    if text[position:].strip(" "):
        found.failed = len(items)
    return found


def normal(drawn: str) -> str:
    """Drawn text in the form in which texts are compared."""
    return _SPACES.sub(" ", alike(drawn))


def _step(
    text: str,
    position: int,
    drawn: str,
    item: Drawn,
    lines: Lines,
    found: Match,
    items: Sequence[Drawn],
    number: int,
) -> tuple[int, int] | None:
    """Where a piece begins and ends in the stream, or None if it does not stand there."""
    if text.startswith(drawn, position) and text[position : position + 1] != " ":
        return position, position + len(drawn)
    if drawn[0] == " " and text[position : position + 1] != " ":
        drawn = drawn.lstrip(" ")
    elif text[position : position + 1] == " ":
        position += 1
        if drawn[0] != " " and not lines.opens_word(item):
            found.run_together.append((position, item))
        drawn = drawn.lstrip(" ")
    stripped = drawn.rstrip(" ")
    if (end := _standing(text, position, stripped, item.label.recased)) is not None:
        if stripped != drawn and text[end : end + 1] == " ":
            end += 1
        return position, end
    if stripped.endswith("-"):
        end = _standing(text, position, stripped[:-1], item.label.recased)
        if end is not None and text[end : end + 1] not in ("", " "):
            if not _ends_line(items, number):
                found.hyphened.append((end, item))
            return position, end
    return None


def _standing(text: str, position: int, drawn: str, recased: bool) -> int | None:
    """The end of drawn text at a position of the stream, capitals for small letters where the style may."""
    if text.startswith(drawn, position):
        return position + len(drawn)
    if not recased:
        return None
    wanted, folded, end = drawn.casefold(), "", position
    while len(folded) < len(wanted) and end < len(text):
        folded += text[end].casefold()
        end += 1
    return end if folded == wanted else None


def _ends_line(items: Sequence[Drawn], number: int) -> bool:
    """Whether what comes after a piece stands on another line."""
    return number + 1 < len(items) and Lines(items[number]).opens_line(items[number + 1])
