"""What the faces of a style lack of the characters and features that an edition asks for.

Asked before anything is laid out: a character that no face has would be missing from the page.
"""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace

from edition.findings import EditionError, Finding
from edition.model import Document, Edition, Span, Text, heads_of
from edition.source import Place
from edition.styles import Style
from edition.walk import all_nodes, walk


def check_coverage(edition: Edition, style: Style) -> list[Finding]:
    """What the faces lack that the style or the text asks for.

    Raises EditionError with the first place of every character that they have no glyph of.
    """
    _check_glyphs(edition, style)
    return _check_features(edition, style)


def _check_glyphs(edition: Edition, style: Style) -> None:
    from edition.typeset import MISSING_GLYPH, missing_glyphs

    if not missing_glyphs(characters_of(edition), style):
        return
    first = first_places(edition)
    missing = missing_glyphs(set(first), style)
    if missing:
        raise EditionError(
            MISSING_GLYPH.at(
                first[char],
                f"no face of style `{style.name}` has {char!r} (U+{ord(char):04X}, "
                f"{unicodedata.name(char, 'unnamed').lower()})",
                hint="name a family that has it under `faces` of the style",
            )
            for char in sorted(missing)
        )


def _check_features(edition: Edition, style: Style) -> list[Finding]:
    from edition.typeset.face_report import check_features

    spans = (node for document in edition.documents for node in all_nodes(document) if isinstance(node, Span))
    return list(check_features(style, has_small_capitals=any(span.kind == "sc" for span in spans)))


def characters_of(edition: Edition) -> set[str]:
    """All characters of the edition's text, and perhaps some that stand in no text."""
    found = set(_of_volume(edition))
    for named in (*edition.persons, *edition.terms):
        found.update(named.name, named.description)
    for document in (*heads_of(edition.contents), *edition.documents):
        for node in all_nodes(document):
            if isinstance(node, Text):
                found.update(node.text)
    return found


def _of_volume(edition: Edition) -> str:
    """The texts of the edition as a whole."""
    values = [getattr(edition, field.name) for field in fields(edition)]
    return "".join([*(value for value in values if isinstance(value, str)), *edition.editors])


def first_places(edition: Edition) -> dict[str, Place | None]:
    """Every character of the edition's text, and where it first stands."""
    first: dict[str, Place | None] = {}
    for char in _of_volume(edition):
        first.setdefault(char, edition.at)
    for named in (*edition.persons, *edition.terms):
        for char in named.name + named.description:
            first.setdefault(char, named.at)
    for document in (*heads_of(edition.contents), *edition.documents):
        _add_characters(document, first)
    return first


def _add_characters(document: Document, first: dict[str, Place | None]) -> None:
    for _, node in walk(document):
        if not isinstance(node, Text):
            continue
        for char in set(node.text) - first.keys():
            place = node.at or document.at
            first[char] = place and replace(place, column=place.column + node.text.index(char))
