"""Persons and terms that lists of the volume explain. Knows no document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from edition.importers.tei.elements import id_of, name_of, plain
from edition.importers.tei.reading import Report
from edition.model import Named

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def make_named(holders: Iterable[etree._Element], names: tuple[str, ...], report: Report) -> tuple[Named, ...]:
    """What lists explain: an item that begins with a name (an element of `names`) that has an id.

    `holders` are all elements with the id of a person or term.
    """
    made: dict[str, Named] = {}
    for element in holders:
        own = id_of(element)
        item = element if name_of(element) == "person" else _item_around(element)
        name = next(element.iter(*(f"{{*}}{name}" for name in names)), None)
        if item is None or name is None or not _IDENTIFIER.fullmatch(own):
            continue
        words, all_words = plain(name), _said_of(item)
        if words and all_words.startswith(words):
            description = all_words[len(words) :].strip(" ,;:–—")
            made.setdefault(own, Named(own, words, description, report.place(element)))
    return tuple(made.values())


def _said_of(item: etree._Element) -> str:
    """The words of an item, or of a person one after the other what is told of it, notes included."""
    if name_of(item) != "person":
        return plain(item)
    told = (plain(child) for child in item if isinstance(child.tag, str))
    return ", ".join(words for words in told if words)


def _item_around(element: etree._Element) -> etree._Element | None:
    return next((a for a in element.iterancestors() if name_of(a) in ("item", "person")), None)
