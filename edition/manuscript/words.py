"""The edition's own words: `words.txt` beside `edition.yaml`, for what no dictionary has."""

from __future__ import annotations

from pathlib import Path

from edition.files import Folder
from edition.findings import Finding

WORDS = "words.txt"


def load_words(directory: Path) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """The words of an edition's list, and what was found wrong with the file; nothing where there is none."""
    folder, findings = Folder(directory), list[Finding]()
    source = folder.read(WORDS, findings) if folder.has(WORDS) else None
    lines = source.text.splitlines() if source else []
    return frozenset(word for line in lines if (word := line.partition("#")[0].strip())), tuple(findings)
