"""The sources that a PDF carries: embedded once, listed by name and as associated files (ISO 19005-3, 6.8).

Knows names and bytes; not what a source says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import md5
from pathlib import PurePosixPath
from typing import NamedTuple

from edition.assemble.file import compressed
from edition.assemble.metadata import year_of
from edition.assemble.syntax import Name, Reference, Value, byte_string

MEDIA_TYPES = {
    ".md": "text/markdown", ".yaml": "application/yaml", ".yml": "application/yaml", ".txt": "text/plain",
    ".css": "text/css", ".html": "text/html", ".csv": "text/csv", ".xml": "application/xml",
    ".json": "application/json", ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".svg": "image/svg+xml", ".tif": "image/tiff",
}  # fmt: skip
"""By suffix. The system's own table differs from machine to machine."""

OTHER_TYPE = "application/octet-stream"
SOME_YEAR = "2000"
"""For editions without a year: PDF/A wants a date, and the time of the build must not be in the file."""


class Attachment(NamedTuple):
    """A source: its file specification, with the open reference to it, and the embedded file as a stream."""

    name: str
    specification: dict[str, Value]
    entries: bytes
    data: bytes


def attachments(sources: Sequence[tuple[str, bytes]], year: str, number: int) -> Iterator[Attachment]:
    """The sources as they are embedded, dated to the first day of the edition's year.

    The streams are numbered from `number`. Raises ValueError where two sources have one name.
    """
    date = f"D:{year_of(year) or SOME_YEAR}0101000000Z"
    seen: set[str] = set()
    for index, (name, content) in enumerate(sources):
        if name in seen:
            raise ValueError(f"two sources are named {name}")
        seen.add(name)
        file = Reference(number + index)
        parameters: dict[str, Value] = {
            "Size": len(content),
            "CheckSum": byte_string(md5(content, usedforsecurity=False).digest()),
            "CreationDate": date,
            "ModDate": date,
        }
        media_type = Name(MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), OTHER_TYPE))
        entries, data = compressed(content, Type=Name("EmbeddedFile"), Subtype=media_type, Params=parameters)
        specification: dict[str, Value] = {
            "Type": Name("Filespec"),
            "F": name,
            "UF": name,
            "EF": {"F": file, "UF": file},
            "AFRelationship": Name("Source"),
            "Desc": f"Source of this edition: {name}",
        }
        yield Attachment(name, specification, entries, data)
