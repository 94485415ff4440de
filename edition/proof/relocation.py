"""Places in the sources of an older build, found again in the sources of today.

A PDF of ours carries the files that it was made from. Compared with the files that are there now, word by word,
they say where a commented word stands after a week's more editing, or that it is gone. Pure but for reading
attachments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

import pikepdf

from edition.proof.book import DAMAGE
from edition.proof.comparison.patience import Difference, differences
from edition.source import Place, Source

LARGEST = 16 * 2**20
"""Bytes of an attached file that is read."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def attached_sources(pdf: pikepdf.Pdf) -> dict[str, str]:
    """The texts that a PDF carries, by their names."""
    found: dict[str, str] = {}
    with suppress(*DAMAGE):
        for name, specification in pdf.attachments.items():
            content = specification.get_file()
            if content.size <= LARGEST:
                with suppress(UnicodeDecodeError):
                    found[name] = (
                        content.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
                    )
    return found


class Relocation:
    """From a text as it was to the text as it is."""

    def __init__(self, old: str, new: str) -> None:
        self.old = Source("", old)
        self.new = Source("", new)

    @cached_property
    def _tokens(self) -> tuple[list[int], list[int], list[Difference]]:
        """Where each token of the old and the new text begins, and where they differ."""
        old, new = (list(_TOKEN.finditer(source.text)) for source in (self.old, self.new))
        found = differences([token[0] for token in old], [token[0] for token in new])
        starts = [[token.start() for token in tokens] for tokens in (old, new)]
        return [*starts[0], len(self.old.text)], [*starts[1], len(self.new.text)], found

    def find(self, place: Place) -> tuple[Place, bool]:
        """The place today, with the path as it is given, and whether what stood there still does."""
        if self.old.text == self.new.text:
            return place, True
        if place.line > self.old.text.count("\n") + 1:
            return place, False
        offset = min(self.old.offset(place.line, place.column), len(self.old.text))
        old, new, found = self._tokens
        number = max(0, bisect_right(old, offset) - 1)
        within = offset - old[number]
        index = bisect_right(found, number, key=lambda part: part.old) - 1
        stands = True
        if index >= 0:
            part = found[index]
            if number < part.old_end:
                number, within, stands = part.new, 0, False
            else:
                number += part.new_end - part.old_end
        at = self.new.place(min(new[min(number, len(new) - 1)] + within, len(self.new.text)))
        return Place(place.path, at.line, at.column), stands


def relocations(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Relocation]:
    """By name, the files that both have."""
    return {name: Relocation(text, new[name]) for name, text in old.items() if name in new}
