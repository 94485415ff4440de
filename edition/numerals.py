"""Numbers of pages: what `404` and `xiv` count, and how a count is written in roman. Knows no page."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Numerals = Literal["arabic", "roman"]


class Count(NamedTuple):
    """A page number that can be counted with."""

    numerals: Numerals
    value: int

    @property
    def written(self) -> str:
        return str(self.value) if self.numerals == "arabic" else roman(self.value)

    @property
    def before(self) -> Count:
        """The count before this one, which must be at least 2."""
        return Count(self.numerals, self.value - 1)


_ROMAN = re.compile(r"m{0,4}(cm|cd|d?c{0,4})(xc|xl|l?x{0,4})(ix|iv|v?i{0,4})")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_SIGNS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def counted(number: str) -> Count | None:
    """What a page number counts, or None for `404a`, `A-5`, an empty or an endless one.

    Old prints write `iiii` for `iv`: both count 4.
    """
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return Count("arabic", int(number))
    letters = number.lower()
    if not letters or len(letters) > 20 or not _ROMAN.fullmatch(letters):
        return None
    values = [_VALUES[letter] for letter in letters]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return Count("roman", sum(-value if value < after else value for value, after in pairs))


def roman(value: int) -> str:
    """A count of at least 1 in small roman numerals."""
    written = []
    for worth, sign in _SIGNS:
        times, value = divmod(value, worth)
        written.append(sign * times)
    return "".join(written)


def inclusive(first: str, last: str) -> str:
    """A span of page numbers with its second one shortened: 71–72, 100–104, 101–8, 321–28, 1496–500.

    The Chicago Manual of Style, 9.61. Roman numerals, and whatever cannot be counted, stand in full.
    """
    start, end = counted(first), counted(last)
    if not (start and end and start.numerals == end.numerals == "arabic" and start.value < end.value):
        return first if first == last else f"{first}–{last}"
    if start.value < 100 or start.value % 100 == 0 or len(first) != len(last):
        return f"{first}–{last}"
    same = next(index for index in range(len(first)) if first[index] != last[index])
    if start.value % 100 < 10:
        kept = last[same:]  # 101–8, 1002–3: the changed part only
    else:
        kept = last[min(same, len(last) - 2) :]  # 321–28: two figures, more where more changes
    return f"{first}–{kept.lstrip('0') or last}"
