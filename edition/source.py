"""Where something stands: a place in a file, and the text it points into. Knows nothing of any format."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in a source file: its path as the user would open it, line and column from 1, in characters."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Source:
    """The text of one file, with line ends as `\\n`, and the way from an offset in it to a Place."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        while (end := find("\n", starts[-1])) >= 0:
            starts.append(end + 1)
        return starts

    def place(self, offset: int) -> Place:
        """The place of the character at `offset` (from 0, at most the text's length)."""
        line = bisect_right(self._line_starts, offset)
        return Place(self.path, line, offset - self._line_starts[line - 1] + 1)

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column, both from 1."""
        return self._line_starts[line - 1] + column - 1


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a paragraph, cell or field, and where its pieces stand in the file.

    `starts` are positions in `text` where a new piece begins (the first is 0), `offsets` where in the
    source each piece stands.
    """

    text: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def offset(self, position: int) -> int:
        """Where in the source the character at `position` stands."""
        if len(self.starts) == 1:
            return self.offsets[0] + position
        piece = bisect_right(self.starts, position) - 1
        return self.offsets[piece] + position - self.starts[piece]

    def stripped(self) -> Content:
        """The same without white space at the ends."""
        text = self.text.strip(" \t\n")
        shift = len(self.text) - len(self.text.lstrip(" \t\n"))
        if not shift:
            return Content(text, self.starts, self.offsets)
        first = bisect_right(self.starts, shift) - 1
        starts = (0, *(start - shift for start in self.starts[first + 1 :]))
        return Content(text, starts, (self.offset(shift), *self.offsets[first + 1 :]))
