"""The lines of one context (a document, a quote, an item, a note), with what is theirs alone stripped off.

Knows where a quote's or an item's lines end, and nothing of what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from edition.manuscript.syntax import BLOCK_START, DELIMITER_ROW, LABELLED
from edition.source import Content

_INDENT = re.compile(r"[ \t]*")


class Line(NamedTuple):
    """Part of a line of the source: offsets of its beginning and its end, without the white space there.

    `indent` counts the columns of white space before the beginning that are not yet anyone's.
    """

    start: int
    end: int
    indent: int = 0

    @property
    def blank(self) -> bool:
        return self.start >= self.end


def lines_of(text: str, start: int) -> list[Line]:
    """The lines of the source's text from an offset on."""
    lines, position = [], start
    for raw in text[start:].split("\n"):
        lines.append(cut(text, position, position + len(raw)))
        position += len(raw) + 1
    return lines


def cut(text: str, start: int, end: int) -> Line:
    """The line between two offsets, white space at its ends taken off; a tab counts as four columns."""
    while end > start and text[end - 1] in " \t":
        end -= 1
    if start < end and text[start] not in " \t":
        return Line(start, end)
    space = _INDENT.match(text, start, end)
    assert space is not None  # it matches anything
    white = space.group()
    return Line(space.end(), end, len(white) + 3 * white.count("\t"))


class Lines:
    """The lines of a context and the one that is read next."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text, self.lines = text, lines
        self.next = 0

    def __bool__(self) -> bool:
        return self.next < len(self.lines)

    @property
    def line(self) -> Line:
        """The next line. There must be one."""
        return self.lines[self.next]

    def matches(self, sign: re.Pattern[str], ahead: int = 0) -> re.Match[str] | None:
        """How the next line, or one further ahead, begins with a sign."""
        if self.next + ahead >= len(self.lines):
            return None
        line = self.lines[self.next + ahead]
        return sign.match(self.text, line.start, line.end)

    def skip_blank(self) -> None:
        while self and self.line.blank:
            self.next += 1

    def starts_block(self, ahead: int = 0) -> bool:
        """Whether a line is blank or begins a block of its own, and so ends a paragraph."""
        line = self.lines[self.next + ahead]
        if line.blank or self.matches(BLOCK_START, ahead):
            return True
        return self.starts_table(ahead)

    def starts_table(self, ahead: int = 0) -> bool:
        line = self.lines[self.next + ahead]
        return self.text.startswith("|", line.start) and bool(self.matches(DELIMITER_ROW, ahead + 1))

    def take_paragraph(self) -> list[Line]:
        """The lines of the paragraph that the next line begins, whatever that line looks like."""
        ahead = 1
        while self.next + ahead < len(self.lines) and not self.starts_block(ahead):
            if self.matches(LABELLED, ahead):
                break
            ahead += 1
        return self._take(ahead)

    def take_quote(self) -> list[Line]:
        """The lines of a quote without their `>`, and those that go on with its last paragraph."""
        taken: list[Line] = []
        while self:
            line = self.line
            if self.text.startswith(">", line.start) and not line.blank:
                after = line.start + 1
                after += self.text.startswith(" ", after)
                taken.append(cut(self.text, after, line.end))
                self.next += 1
            elif taken[-1].blank or not (lazy := self._take_lazy()):
                break
            else:
                taken += lazy
        return taken

    def take_item(self, first: Line, columns: int | None) -> list[Line]:
        """The lines of an item or a note: its first, given, and those indented under it.

        They stand at least `columns` further in than the context, or, where that is None, by two columns
        or more: what the first of them has, at most four, is taken off.
        """
        taken, blanks = [first], 0
        self.next += 1
        while self:
            line = self.line
            if line.blank:
                taken.append(line)
                blanks += 1
                self.next += 1
            elif line.indent >= (columns or 2):
                columns = columns or min(line.indent, 4)
                taken.append(line._replace(indent=line.indent - columns))
                blanks = 0
                self.next += 1
            elif blanks or taken[-1].blank or not (lazy := self._take_lazy()):
                break
            else:
                taken += lazy
        if blanks:
            del taken[-blanks:]
            self.next -= blanks
        return taken

    def _take_lazy(self) -> list[Line]:
        """Lines that go on with a paragraph although nothing marks them as its own. A label is none."""
        ahead = 0
        while self.next + ahead < len(self.lines) and not self.starts_block(ahead):
            if self.matches(LABELLED, ahead):
                return []
            ahead += 1
        return [line._replace(indent=0) for line in self._take(ahead)]

    def _take(self, count: int) -> list[Line]:
        taken = list(self.lines[self.next : self.next + count])
        self.next += count
        return taken


def content_of(text: str, lines: Sequence[Line]) -> Content:
    """The text of some lines, with `\\n` between them and a space for a tab."""
    if len(lines) == 1:
        line = lines[0]
        return Content(text[line.start : line.end].replace("\t", " "), (0,), (line.start,))
    starts, position = [], 0
    for line in lines:
        starts.append(position)
        position += line.end - line.start + 1
    joined = "\n".join(text[line.start : line.end] for line in lines).replace("\t", " ")
    return Content(joined, tuple(starts), tuple(line.start for line in lines))


def take_bullet(lines: Lines) -> list[Line]:
    """The lines of the item whose `-` stands on the next line, from what follows the `-`."""
    line = lines.line
    content = cut(lines.text, line.start + 1, line.end)
    width = content.indent if 1 <= content.indent <= 4 and not content.blank else 1
    return lines.take_item(content._replace(indent=0), line.indent + 1 + width)
