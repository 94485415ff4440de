"""Rules of spelling: words that no dictionary has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edition.findings import Severity
from edition.model import Emphasis
from edition.numerals import counted
from edition.proof.rules.context import Context, Volume, VolumeChecks
from edition.proof.rules.passages import Passage, Passages
from edition.proof.rules.registry import Hit

volumes = VolumeChecks()

_SPELT = re.compile(r"(?<![\w’'./@\-\[])[a-zà-öø-ÿœ]{3,}(?:[’'][a-zà-öø-ÿœ]+)*(?![\w’'@/\[\-]|\.\w)")
FOREIGN = 0.3
"""A passage with more than this share of unknown words, and at least `FEWEST`, is taken for another language."""
FEWEST = 4


@volumes.rule("W010", Severity.INFO)
def unknown_word(volume: Volume, context: Context) -> Iterator[Hit]:
    """A word is in no dictionary.

    Words in small letters are looked up in the dictionary of their language and in `words.txt`, the edition's own
    list beside `edition.yaml`: a word a line, `#` before a remark. Each is told once, where it stands first.
    Names, words with hyphens, italics, and passages that are marked as of another language or clearly are of one,
    are passed over. Spellings of the time belong into the list; a writer's slips stay as they are.
    """
    first: dict[str, tuple[Passage, int]] = {}
    documents: dict[str, int] = {}
    for passages in volume.passages:
        for word, (passage, offset) in unknown_words(passages, context).items():
            first.setdefault(word, (passage, offset))
            documents[word] = documents.get(word, 0) + 1
    for word, (passage, offset) in first.items():
        count = f", {documents[word]} documents have it" if documents[word] > 1 else ""
        hint = "repair it, or write it into words.txt"
        yield Hit(passage.place(offset), f"the word “{word}” is in no dictionary{count}", hint)


def unknown_words(passages: Passages, context: Context) -> dict[str, tuple[Passage, int]]:
    """The unknown words of a document and where each stands first."""
    found: dict[str, tuple[Passage, int]] = {}
    for passage in passages.all:
        unknown, is_foreign = _unknown(passage, context)
        if is_foreign:
            continue
        for match in unknown:
            found.setdefault(match[0], (passage, match.start()))
    return found


def is_foreign(passage: Passage, context: Context) -> bool:
    """Whether a passage is taken for one of another language, as so few of its words are known."""
    return _unknown(passage, context)[1]


def _unknown(passage: Passage, context: Context) -> tuple[list[re.Match[str]], bool]:
    """The unknown words of a passage, and whether they are so many that it must be of another language."""
    words = list(_SPELT.finditer(passage.text))
    unknown = [match for match in words if _is_unknown(match[0], match.start(), passage, context)]
    return unknown, len(unknown) >= FEWEST and len(unknown) > FOREIGN * len(words)


def _is_unknown(word: str, offset: int, passage: Passage, context: Context) -> bool:
    if context.speller.knows(word, passage.language) or counted(word):
        return False
    if not passage.marked:
        return True
    edges = (edge for mark in passage.marked for edge in (mark.start, mark.end))
    if passage.is_within(offset, Emphasis) or any(offset < edge < offset + len(word) for edge in edges):
        return False
    return not context.speller.knows(word, passage.language_at(offset))
