"""One look over the whole file before anything is made of it: ids, notes, original pages, what refers to what.

Every id that a reference can lead to gets the anchor it will have; every note its label and its scope; every
`pb` its page break. Makes no text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from edition.findings import EditionError, Finding, Severity, declare
from edition.importers.tei.elements import (
    XML,
    elements_in,
    id_of,
    index_entries,
    name_of,
    pieces,
    plain,
    role_of,
)
from edition.importers.tei.notes import Notes, is_source_note, notes_of
from edition.importers.tei.reading import LEFT_OUT, Report
from edition.importers.tei.shapes import Shape, shapes_of
from edition.model import OriginalPage, PageBreak

TOO_LONG = declare(
    "I123",
    Severity.ERROR,
    """The number of a page or the mark of a note is too long.

    A page break holds a number of at most sixty characters, and so does a note its mark. The file has a longer
    one in `n`; correct it there.
    """,
)
LANGUAGE = declare(
    "I119",
    Severity.WARNING,
    """A language is none.

    `xml:lang` holds a tag such as `en`, `fr` or `en-GB`. What it holds here was left out, and what is in the
    element counts as written in the language around it.
    """,
)

NO_END = declare(
    "I124",
    Severity.WARNING,
    """A passage of the index has no end.

    `spanTo` names an `anchor` further on where the passage ends, and there is none of that name. The entry points
    to the place where the passage begins.
    """,
)

_LONGEST_MARK = 60
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_TAKEN = frozenset(("title-page", "imprint", "contents"))
"""Ids that the builder's own parts have."""
_NAMED = ("persName", "term", "person", "gloss")


@dataclass
class Survey:
    """What the look over the file found, by element."""

    report: Report
    shapes: dict[etree._Element, Shape]
    ids: dict[etree._Element, str] = field(default_factory=dict)
    """Of documents, divisions, enclosures and headed sections."""
    notes: Notes = field(default_factory=lambda: Notes({}, {}))
    breaks: dict[etree._Element, PageBreak] = field(default_factory=dict)
    pages: dict[etree._Element, OriginalPage | None] = field(default_factory=dict)
    """The original page that each document begins on, breaks before its head included."""
    anchors: dict[str, str] = field(default_factory=dict)
    """`xml:id` → the anchor it has in the edition."""
    glued: set[PageBreak] = field(default_factory=set)
    """Page breaks inside a word (`break="no"`)."""
    passages: set[etree._Element] = field(default_factory=set)
    """Entries of the index that cover a passage."""
    ends: dict[etree._Element, list[str]] = field(default_factory=dict)
    """Anchors → the entries of the index whose passages end there."""
    named: set[str] = field(default_factory=set)
    """Ids of persons and terms."""
    holders: list[etree._Element] = field(default_factory=list)
    """The elements that have them."""
    items: set[str] = field(default_factory=set)
    """Ids of what can have no anchor in the edition: items, cells, paragraphs."""


def survey(text: etree._Element, report: Report) -> Survey:
    """Look over a TEI `text`."""
    found = Survey(report, shapes_of(text))
    _check_elements(text, found)
    _claim_ids(text, found)
    _find_breaks(text, found)
    _find_passages(text, found)
    found.notes = notes_of(text, found.shapes, found.ids, report)
    found.anchors = found.notes.anchors | found.anchors
    return found


def _check_elements(text: etree._Element, found: Survey) -> None:
    """Report what is left out. Raises EditionError if a number or mark is longer than a content file can hold."""
    long: list[Finding] = []
    for element in (text, *elements_in(text)):
        language = element.get(f"{XML}lang")
        if language and not LANGUAGE_TAG.fullmatch(str(language)):
            found.report.count(LANGUAGE, element, f"`{str(language)[:40]}` is no language")
        if role_of(element) == "furniture":
            found.report.count(LEFT_OUT, element, "running heads and catchwords (`fw`) are left out")
        if role_of(element) in ("page-break", "note") and len(str(element.get("n") or "")) > _LONGEST_MARK:
            message = f"`{str(element.get('n'))[:30]}…` is longer than {_LONGEST_MARK} characters"
            long.append(TOO_LONG.at(found.report.place(element), message))
    if long:
        raise EditionError(long)


# Ids and anchors


def _claim_ids(text: etree._Element, found: Survey) -> None:
    taken = {id_of(element).lower() for element in elements_in(text) if id_of(element)}
    given = set(_TAKEN)
    turn: Counter[str] = Counter()
    for element in elements_in(text):
        own = id_of(element)
        if shape := found.shapes.get(element):
            found.ids[element] = claimed = _claim(own, shape, taken, given, turn)
            if own and claimed:
                found.anchors[own] = claimed
        elif own and name_of(element) in _NAMED:
            found.named.add(own)
            found.holders.append(element)
        elif own and role_of(element) not in ("note", "page-break"):
            found.items.add(own)


def _claim(own: str, shape: Shape, taken: set[str], given: set[str], turn: Counter[str]) -> str:
    """The element's own id if it can be one here, else a new one; sections and enclosures do without."""
    if own and _IDENTIFIER.fullmatch(own) and own.lower() not in given:
        given.add(own.lower())
        return own
    if shape in ("section", "enclosure"):
        return ""
    stem = "d" if shape == "document" else "div"
    while True:
        turn[stem] += 1
        made = f"{stem}{turn[stem]}"
        if made not in taken and made not in given:
            given.add(made)
            return made


def _find_breaks(text: etree._Element, found: Survey) -> None:
    """Make the page breaks, and find the page on which each document begins."""
    used: set[str] = {anchor.lower() for anchor in found.ids.values()}
    turns: Counter[str] = Counter()
    current: OriginalPage | None = None
    opened: dict[etree._Element, etree._Element] = {}
    for element in elements_in(text):
        if role_of(element) == "page-break":
            made = _page_break(element, used, turns)
            found.breaks[element] = made
            current = made.page if made.page.number else None
            if own := id_of(element):
                found.anchors[own] = made.anchor
            if element.get("break") == "no":
                found.glued.add(made)
            if element in opened:
                found.pages[opened[element]] = current
        elif found.shapes.get(element) == "document":
            found.pages[element] = current
            opened = dict.fromkeys(leading_breaks(element), element)


def leading_breaks(document: etree._Element) -> list[etree._Element]:
    """The page breaks before a document's head, or where it has none, before its text."""
    breaks: list[etree._Element] = []
    for piece in pieces(document):
        if isinstance(piece, str):
            if piece.strip(" \t\r\n"):
                break
        elif role_of(piece) == "page-break":
            breaks.append(piece)
        elif not is_source_note(piece):
            break
    return breaks


def _page_break(element: etree._Element, used: set[str], turns: Counter[str]) -> PageBreak:
    """The break, with an id of its own where its number is missing or repeats."""
    written = " ".join(str(element.get("n") or "").split())
    number = " ".join(re.sub(r"[\[\]]", " ", written).split())
    printed = bool(number) and number == written
    anchor, own = f"page-{number}", id_of(element)
    if number and anchor.lower() not in used and _IDENTIFIER.fullmatch(anchor):
        identifier = ""
    elif _IDENTIFIER.fullmatch(own) and own.lower() not in used:
        identifier = own
    else:
        stem = anchor if number and _IDENTIFIER.fullmatch(anchor) else "page-unnumbered"
        identifier = stem
        while identifier == stem or identifier.lower() in used:
            turns[stem] += 1
            identifier = f"{stem}-{turns[stem] + (stem == anchor)}"
    used.add((identifier or anchor).lower())
    return PageBreak(OriginalPage(number, printed), identifier, re.sub(r"\s+", " ", element.get("facs") or ""))


# The index


def _find_passages(text: etree._Element, found: Survey) -> None:
    """Find the entries that cover a passage, and the anchors where those end."""
    anchors: dict[str, etree._Element] = {}
    for element in elements_in(text):
        if role_of(element) == "mark" and id_of(element):
            anchors.setdefault(id_of(element), element)
    for index in elements_in(text):
        target = str(index.get("spanTo") or "").removeprefix("#") if role_of(index) == "index" else ""
        if not target:
            continue
        if target in anchors:
            found.passages.add(index)
            found.ends.setdefault(anchors[target], []).extend(index_entries(index))
        else:
            found.report.add(NO_END, index, f"the passage of `{plain(index)[:40]}` ends nowhere")
