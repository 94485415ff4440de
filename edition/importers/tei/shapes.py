"""What each division of a TEI file is: a division of the contents, a document, or a part of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from lxml import etree

from edition.importers.tei.elements import DIVISION_TYPES, elements_in, name_of, role_of, words_of

Shape: TypeAlias = Literal["division", "document", "section", "enclosure"]


def shapes_of(text: etree._Element) -> dict[etree._Element, Shape]:
    """What all divisions and enclosures of a file are, in its order."""
    shapes: dict[etree._Element, Shape] = {}
    for element in elements_in(text):
        role = role_of(element)
        if role == "enclosure":
            shapes[element] = "enclosure"
        elif role == "division":
            shapes[element] = _shape_of(element, shapes)
    return shapes


def _shape_of(div: etree._Element, shapes: Mapping[etree._Element, Shape]) -> Shape:
    inside = next((shapes[a] for a in div.iterancestors() if a in shapes), "division")
    own = words_of(div, "type")
    if inside != "division":
        return "enclosure" if {"document", "letter", "enclosure", "attachment"} & set(own) else "section"
    if "document" in own:
        return "document"
    holds = any(
        set(words_of(inner, "type")) & {"document", *DIVISION_TYPES}
        for inner in elements_in(div)
        if role_of(inner) == "division" and not _in_enclosure(inner, div)
    )
    if holds or (_is_bare(div) and set(own) & DIVISION_TYPES.keys()):
        return "division"
    return "document"


def _in_enclosure(inner: etree._Element, outer: etree._Element) -> bool:
    for ancestor in inner.iterancestors():
        if ancestor is outer:
            return False
        if role_of(ancestor) == "enclosure" or "document" in words_of(ancestor, "type"):
            return True
    return False


def _is_bare(div: etree._Element) -> bool:
    """Whether a division has a head and nothing under it."""
    return all(name_of(child) in ("head", "pb") for child in div if isinstance(child.tag, str))
