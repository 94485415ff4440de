"""Rule of names: one that is a letter away from another which stands often."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from edition.findings import Severity
from edition.proof.rules.context import Context, Volume, VolumeChecks
from edition.proof.rules.passages import Passage
from edition.proof.rules.registry import Hit
from edition.proof.rules.words import is_foreign
from edition.source import Place

volumes = VolumeChecks()

RARE, OFTEN = 2, 8
"""How often at most a name stands that may be misspelt, and how often at least the one that it is measured by."""
SHORTEST = 5
"""Letters of a name. Of shorter ones too many are a letter apart."""

_LETTERS = "a-zà-öø-ÿœšž"
_NAME = re.compile(
    rf"(?<![\w’'./@\-\[\]])[A-ZÀ-ÖØ-ÞŒŠŽ][{_LETTERS}]{{{SHORTEST - 1},}}(?:(?=[’']s?(?!\w))|(?![\w’'@/\[\]\-]|\.\w))"
)


class Standing(NamedTuple):
    """Where a name stands."""

    document: int
    passage: Passage
    offset: int

    @property
    def place(self) -> Place | None:
        return self.passage.place(self.offset)


@volumes.rule("W013", Severity.INFO)
def name_a_letter_off(volume: Volume, context: Context) -> Iterator[Hit]:
    """A name differs by a letter from one that stands often.

    A word with a capital that stands once or twice, and that no dictionary has, is compared with those that stand
    eight times or more and with the lists of persons and terms: one letter more, less or another, or two exchanged.
    Another last letter is passed over, as it may be an inflection, and so are names of less than five letters. Where
    the other is a word as well, `Secretary`, or the first letters differ, it must stand in the same document. Two
    people may well have such names: write the rarer one into `words.txt`.
    """
    standing = _names(volume)
    listed = _listed(volume)
    often = {name: len(its) for name, its in standing.items() if len(its) >= OFTEN}
    near = _by_less(often.keys() | listed.keys())
    for name, its in standing.items():
        if len(its) > RARE or name in listed:
            continue
        others = {other for less in _less(name) for other in near.get(less, ()) if _is_letter_off(name, other)}
        for other in sorted(others, key=lambda other: (-often.get(other, 0), other)):
            if _is_meant(name, other, its, standing.get(other, []), context):
                yield _hit(name, other, its, standing.get(other, []), listed.get(other))
                break


def _names(volume: Volume) -> dict[str, list[Standing]]:
    """All words with a capital, by where they stand."""
    found: dict[str, list[Standing]] = {}
    for number, passages in enumerate(volume.passages):
        for passage in passages.all:
            for match in _NAME.finditer(passage.text):
                found.setdefault(match[0], []).append(Standing(number, passage, match.start()))
    return found


def _listed(volume: Volume) -> dict[str, Place | None]:
    """The names in the lists of persons and terms."""
    entries = (*volume.edition.persons, *volume.edition.terms)
    return {match[0]: entry.at for entry in reversed(entries) for match in _NAME.finditer(entry.name)}


def _less(name: str) -> set[str]:
    """A name, and what is left of it without one of its letters: names a letter apart have one of these in common."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


def _by_less(names: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        for less in _less(name):
            found.setdefault(less, []).append(name)
    return found


def _is_letter_off(name: str, other: str) -> bool:
    """Whether one letter is more, less or another, or two neighbours are exchanged, before the last letter."""
    if len(name) > len(other):
        return _is_letter_off(other, name)
    at = next((at for at, (one, its) in enumerate(zip(name, other, strict=False)) if one != its), len(name))
    if at >= len(other) - 1:
        return False
    if len(name) < len(other):
        return name[at:] == other[at + 1 :]
    exchanged = name[at + 1 : at + 2] + name[at] == other[at : at + 2]
    return name[at + 1 :] == other[at + 1 :] or (exchanged and name[at + 2 :] == other[at + 2 :])


def _is_meant(name: str, other: str, its: list[Standing], others: list[Standing], context: Context) -> bool:
    """Whether the other name may be what is meant."""
    passage, offset = its[0].passage, its[0].offset
    language = passage.language_at(offset)
    if context.speller.knows(name, language) or not context.speller.speaks(language):
        return False
    if (name[0] != other[0] or context.speller.knows(other.lower(), language)) and not _in_one(its, others):
        return False
    if _without_accents(name) == other and context.speller.knows(other, language):
        return False  # the same name in another language
    return not is_foreign(passage, context)


def _in_one(its: list[Standing], others: list[Standing]) -> bool:
    """Whether both stand in one document."""
    return not {one.document for one in its}.isdisjoint(one.document for one in others)


def _without_accents(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))


def _hit(name: str, other: str, its: list[Standing], others: list[Standing], listed: Place | None) -> Hit:
    near = next((one for one in others if one.document == its[0].document), others[0] if others else None)
    if near is not None:
        where = f"which stands {len(others)} times" + (f", so at {near.place}" if near.place else "")
    else:
        where = f"which is listed at {listed}"
    message = f"the name “{name}” is a letter off “{other}”, {where}"
    return Hit(its[0].place, message, "repair it, or write it into words.txt")
