"""Reads a file of raw text. Knows bytes and encodings, and nothing of what the text says."""

from __future__ import annotations

from pathlib import Path

from edition.findings import EditionError, Severity, declare
from edition.source import Place, Source

UNREADABLE = declare(
    "I010",
    Severity.ERROR,
    """A file cannot be read as text.

    Raw text must be in UTF-8, without NUL bytes and at most 4 MiB. A file in another encoding, or of a word
    processor, has to be saved as plain text in UTF-8 first.
    """,
)

_LARGEST = 4 * 2**20


def read_source(path: Path) -> Source:
    """The text of a file, without a byte order mark and with line ends as `\\n`.

    Raises EditionError with a finding I010 that names the place where the file is no UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EditionError([UNREADABLE.at(Place(str(path)), f"cannot be read: {reason}")]) from None
    if len(content) > _LARGEST:
        raise EditionError([UNREADABLE.at(Place(str(path)), "is larger than 4 MiB", hint="split it")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(path, content[: error.start].decode("utf-8-sig"))
        hint = "save it as UTF-8"
        message = f"byte {content[error.start]:#04x} is not UTF-8"
        raise EditionError([UNREADABLE.at(place, message, hint=hint)]) from None
    if (nul := text.find("\0")) >= 0:
        raise EditionError([UNREADABLE.at(_place(path, text[:nul]), "a NUL byte is no text")])
    return Source(str(path), text.replace("\r\n", "\n").replace("\r", "\n"))


def _place(path: Path, before: str) -> Place:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(str(path), len(lines), len(lines[-1]) + 1)
