"""From the engine's PDF to a drawing: its objects taken out one by one, what depends on their place left open.

Knows how pydyf holds objects, and nothing of layout.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import pydyf

from edition.drawings import COMPRESSION, Object, decimal

CATEGORIES = ("ExtGState", "XObject", "Pattern", "Shading")
"""The categories of resources that a drawing has of its own; fonts and colour spaces are the whole file's."""

_REFERENCE = re.compile(rb"([0-9]+) 0 R")


class Across(float):
    """An abscissa on a page of a drawing, in points: it moves with the page's content."""

    page: int

    def __new__(cls, value: float, page: int) -> Across:
        made = super().__new__(cls, value)
        made.page = page
        return made


class Along(Across):
    """An ordinate, likewise."""


class Key(int):
    """A key of the parent tree."""


def compressed_operators(items: Iterable[Any]) -> bytes:
    """Operators and operands of a stream, as pydyf holds them, compressed."""
    return zlib.compress(b"\n".join(map(pydyf._to_bytes, items)), COMPRESSION)


class Collecting:
    """Takes objects out of one PDF, each once, numbered as they are met; what they refer to comes with them."""

    def __init__(self, pdf: Any, shared: Mapping[int, str]) -> None:
        self.pdf = pdf
        self.shared = shared
        """Numbers in the engine's file of what the whole file will have once, and its names."""
        self.numbers: dict[int, int] = {}
        self.waiting: list[int] = []
        self.objects: list[Object] = []
        self.elsewhere: set[int] = set()
        """Own numbers of objects that are written by somebody else."""
        self.open_streams: set[int] = set()
        """Own numbers of streams with open figures."""

    def number(self, reference: bytes) -> int:
        """The own number of what a reference of the engine's leads to."""
        found = int(reference.split()[0])
        if found not in self.numbers:
            self.numbers[found] = len(self.numbers)
            self.waiting.append(found)
        return self.numbers[found]

    def finish(self) -> tuple[Object, ...]:
        """All objects that were asked for, and those that they refer to."""
        while (number := len(self.objects)) < len(self.numbers):
            if number in self.elsewhere:
                self.objects.append(Object(b""))
            else:
                self.objects.append(self.object(self.pdf.objects[self.waiting[number]]))
        return tuple(self.objects)

    def object(self, value: Any) -> Object:
        if isinstance(value, pydyf.Stream):
            if getattr(value, "is_open", False):
                self.open_streams.add(len(self.objects))
            return self.stream(value)
        return Object(self.written(value))

    def stream(self, stream: Any) -> Object:
        data = b"\n".join(pydyf._to_bytes(item) for item in stream.stream)
        extra = {**stream.extra}
        if stream.compress:
            extra["Filter"] = "/FlateDecode"
            data = zlib.compress(data, COMPRESSION)
        return Object(self.written(pydyf.Dictionary({**extra, "Length": len(data)})), data)

    def written(self, value: Any) -> bytes:
        """A value as it stands in a body."""
        match value:
            case dict():
                entries = (b"/%s %s" % (key.encode(), self.written(entry)) for key, entry in value.items())
                return b"<<%s>>" % b"".join(entries)
            case list() | tuple():
                return b"[%s]" % b" ".join(map(self.written, value))
            case bytes():
                return self.reference(value) if _REFERENCE.fullmatch(value) else value
            case Key():
                return b"\xfe%d\xfe" % value
            case Along():
                return b"\xfc%d %s\xfc" % (value.page, decimal(value))
            case Across():
                return b"\xfd%d %s\xfd" % (value.page, decimal(value))
        return bytes(pydyf._to_bytes(value))

    def reference(self, reference: bytes) -> bytes:
        name = self.shared.get(int(reference.split()[0]))
        return b"\xff%s\xff" % (name.encode() if name else b"%d" % self.number(reference))
