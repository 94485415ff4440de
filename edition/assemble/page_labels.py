"""Page labels: the folios, as PDF says them, so that a viewer's page field takes `xiv` and `404`.

Knows folios only. ISO 32000-1, 12.4.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from edition.assemble.syntax import Name, Value
from edition.numerals import counted, roman


class Label(NamedTuple):
    """A folio as PDF counts it: a prefix, then a number in a style, which is empty for a prefix alone."""

    prefix: str
    style: str
    number: int

    @property
    def next(self) -> Label | None:
        """The label of the next page in the same run; a prefix alone has none."""
        return self._replace(number=self.number + 1) if self.style else None


def page_labels(folios: Sequence[str]) -> list[Value]:
    """The number tree of page labels: page index and label, wherever a new run begins."""
    numbers: list[Value] = []
    expected: Label | None = None
    for index, folio in enumerate(folios):
        label = label_of(folio)
        if label != expected:
            numbers.append(index)
            numbers.append(_dictionary(label))
        expected = label.next
    return numbers


def label_of(folio: str) -> Label:
    """A folio's label: `iv`, `IV` and `404` count; of `A-12` the prefix is `A-`; `12a` is a prefix alone."""
    count = counted(folio)
    if count and count.numerals == "roman" and count.value:
        for style, written in (("/r", roman(count.value)), ("/R", roman(count.value).upper())):
            if written == folio:
                return Label("", style, count.value)
    if parts := re.fullmatch(r"(|.*[^0-9])([1-9][0-9]{0,8})", folio, re.DOTALL):
        return Label(parts[1], "/D", int(parts[2]))
    return Label(folio, "", 1)


def _dictionary(label: Label) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    if label.prefix or not label.style:
        entries["P"] = label.prefix
    if label.style:
        entries["S"] = Name(label.style[1:])
    if label.number > 1:
        entries["St"] = label.number
    return entries
