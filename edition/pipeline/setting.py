"""Settings of the style, from whoever tries them out into the edition's own file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edition.files import OUTSIDE, Folder, write_files
from edition.findings import EditionError
from edition.manuscript import VOLUME, set_style
from edition.styles import load_style

BOM = b"\xef\xbb\xbf"


def write_settings(directory: Path, settings: Mapping[str, str]) -> Path:
    """Write settings of the style into the `edition.yaml` of a folder; comments, order and line ends stay.

    Raises EditionError, and then leaves the file alone, where it cannot be edited safely or the style would not
    take the settings.
    """
    folder = Folder(directory)
    if trouble := folder.trouble(VOLUME):
        raise EditionError([OUTSIDE.at(folder.place(VOLUME), trouble)])
    text, edition = set_style(folder, settings)
    load_style(edition.style, directory)
    path = (directory / VOLUME).resolve()
    before = path.read_bytes()
    content = text.encode()
    if b"\r\n" in before:
        content = content.replace(b"\n", b"\r\n")
    (written,) = write_files(
        path.parent, {path.name: (BOM if before.startswith(BOM) else b"") + content}, force=True
    )
    return written
