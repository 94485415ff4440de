"""The sources that a PDF carries: embedded once, listed by name and as associated files (ISO 19005-3, 6.8).

Knows names and bytes; not what a source says.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import md5
from pathlib import PurePosixPath

import pikepdf
from pikepdf import Dictionary, Name, Stream, String

from edition.assemble.metadata import year_of

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


def attach(pdf: pikepdf.Pdf, sources: Sequence[tuple[str, bytes]], year: str) -> dict[str, pikepdf.Object]:
    """Embed the sources, dated to the first day of the edition's year; their file specifications by name."""
    date = f"D:{year_of(year) or SOME_YEAR}0101000000Z"
    attached: dict[str, pikepdf.Object] = {}
    for name, content in sources:
        if name in attached:
            raise ValueError(f"two sources are named {name}")
        attached[name] = pdf.make_indirect(_file_specification(pdf, name, content, date))
    return attached


def _file_specification(pdf: pikepdf.Pdf, name: str, content: bytes, date: str) -> Dictionary:
    file = Stream(pdf, content)
    file.Type = Name.EmbeddedFile
    file.Subtype = Name("/" + MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), OTHER_TYPE))
    file.Params = Dictionary(
        Size=len(content),
        CheckSum=String(md5(content, usedforsecurity=False).digest()),
        CreationDate=String(date),
        ModDate=String(date),
    )
    embedded = pdf.make_indirect(file)
    return Dictionary(
        Type=Name.Filespec,
        F=String(name),
        UF=String(name),
        EF=Dictionary(F=embedded, UF=embedded),
        AFRelationship=Name.Source,
        Desc=String(f"Source of this edition: {name}"),
    )
