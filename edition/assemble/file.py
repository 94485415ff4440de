"""A PDF file while it is written: objects by number, what is small packed into object streams, a table of all.

Blocks of objects come written already, so that what did not change is not written again. ISO 32000-1, 7.5.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import NamedTuple

from edition.assemble.syntax import Name, Reference, Value, written

PACKED = 160
"""Objects in one object stream."""
COMPRESSION = 6

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Direct(NamedTuple):
    """An object that stands in the file by itself, at an offset in bytes."""

    number: int
    offset: int


class Packed(NamedTuple):
    """An object that stands in an object stream, at a place there."""

    number: int
    stream: int
    place: int


@dataclass(frozen=True, slots=True)
class Block:
    """Objects written out, wherever in the file they will stand; offsets are in the block."""

    content: bytes
    direct: tuple[Direct, ...]
    packed: tuple[Packed, ...]


def stream_object(number: int, entries: bytes, data: bytes) -> bytes:
    """A stream as it stands in a file; `entries` is its dictionary."""
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, entries, data)


def compressed(data: bytes, **entries: Value) -> tuple[bytes, bytes]:
    """A stream's dictionary and its data, made smaller."""
    packed = zlib.compress(data, COMPRESSION)
    return written({**entries, "Filter": Name("FlateDecode"), "Length": len(packed)}), packed


class Writer:
    """Writes objects one after the other."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.length = 0
        self.direct: list[Direct] = []
        self.packed: list[Packed] = []

    def add_stream(self, number: int, entries: bytes, data: bytes) -> None:
        self.direct.append(Direct(number, self.length))
        self._add(stream_object(number, entries, data))

    def pack(self, bodies: Sequence[tuple[int, bytes]], numbers: Iterable[int]) -> None:
        """Objects by number, in object streams that have numbers of their own."""
        free = iter(numbers)
        for start in range(0, len(bodies), PACKED):
            few = bodies[start : start + PACKED]
            container = next(free)
            offsets, offset = [], 0
            for index, (number, body) in enumerate(few):
                offsets.append(b"%d %d" % (number, offset))
                offset += len(body) + 1
                self.packed.append(Packed(number, container, index))
            table = b" ".join(offsets) + b"\n"
            content = table + b"\n".join(body for _, body in few)
            entries, data = compressed(content, Type=Name("ObjStm"), N=len(few), First=len(table))
            self.add_stream(container, entries, data)

    def add_block(self, block: Block) -> None:
        self.direct += [Direct(number, offset + self.length) for number, offset in block.direct]
        self.packed += block.packed
        self._add(block.content)

    def _add(self, content: bytes) -> None:
        self.chunks.append(content)
        self.length += len(content)

    def block(self) -> Block:
        """All that was written."""
        return Block(b"".join(self.chunks), tuple(self.direct), tuple(self.packed))


def containers(count: int) -> int:
    """How many object streams hold so many objects."""
    return -(-count // PACKED)


class File(Writer):
    """A whole file."""

    def __init__(self) -> None:
        super().__init__()
        self._add(HEADER)

    def finish(self, number: int, root: int, info: int) -> bytes:
        """The file, with its table of objects as object `number`; its identifier is made from what it says.

        `root` and `info` are the numbers of its catalogue and of what it says of itself in the old way.
        """
        start = self.length
        self.direct.append(Direct(number, start))
        entries = {it.number: b"\1" + it.offset.to_bytes(4, "big") + b"\0\0" for it in self.direct}
        entries.update(
            (it.number, b"\2" + it.stream.to_bytes(4, "big") + it.place.to_bytes(2, "big")) for it in self.packed
        )
        entries[0] = b"\0\0\0\0\0\xff\xff"
        index: list[int] = []
        for found in sorted(entries):
            if index and index[-2] + index[-1] == found:
                index[-1] += 1
            else:
                index += [found, 1]
        identifier = md5(usedforsecurity=False)
        for chunk in self.chunks:
            identifier.update(chunk)
        digest = b"<%s>" % identifier.hexdigest().encode()
        dictionary, data = compressed(
            b"".join(entries[found] for found in sorted(entries)),
            Type=Name("XRef"),
            Size=max(entries) + 1,
            Index=index,
            W=[1, 4, 2],
            Root=Reference(root),
            Info=Reference(info),
            ID=[digest, digest],
        )
        self._add(stream_object(number, dictionary, data))
        self._add(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self.chunks)
