"""One look over the whole file before anything is made of it: ids, notes, original pages, what refers to what.

Every id that a reference can lead to gets the anchor it will have; every note its label and its scope; every
`pb` its page break. Makes no text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from edition.findings import EditionError, Finding, Severity, declare
from edition.importers.tei.elements import (
    DIVISION_TYPES,
    XML,
    elements_in,
    id_of,
    index_entries,
    is_structural,
    name_of,
    pieces,
    plain,
    role_of,
    words_of,
)
from edition.importers.tei.reading import LEFT_OUT, Report
from edition.model import OriginalPage, PageBreak

REPEATED = declare(
    "I107",
    Severity.INFO,
    """Notes with the same mark, text and page became one note.

    TEI has a note for every call of it; where a printed page calls one note twice it stands there twice. If
    they were different notes on the page, give one of them another text.
    """,
)
UNNUMBERED = declare(
    "I108",
    Severity.INFO,
    """Notes without a mark were numbered.

    The file does not say what mark is printed (`n`), so they are counted from 1 in each document.
    """,
)

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
Shape = Literal["division", "document", "section", "enclosure"]
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_LABEL = re.compile(r"[^\]\[\s^]{1,40}")
_SHORT_MARK = re.compile(r"\d{1,4}[a-z]?|[A-Za-z]|[^\w\s]{1,4}")
"""What may be the mark of a note that says none itself: a number, a letter, a sign."""
_TAKEN = frozenset(("title-page", "imprint", "contents"))
"""Ids that the builder's own parts have."""
_NAMED = ("persName", "term", "person", "gloss")


@dataclass(frozen=True, slots=True)
class CalledNote:
    """A note with a call: its label in its scope, the mark where that is not the label."""

    label: str
    mark: str
    repeats: bool = False
    """Whether it is another call of a note before it."""


@dataclass
class _Scope:
    """A document or enclosure while its notes get their labels."""

    name: str
    labels: set[str] = field(default_factory=set)
    turns: Counter[str] = field(default_factory=Counter)
    """How often each mark was given a label."""
    known: dict[tuple[str, str, int], str] = field(default_factory=dict)
    """Mark, text and page of each note → its label."""
    apart: dict[etree._Element, CalledNote] = field(default_factory=dict)
    """Notes that stand elsewhere and were called in this scope."""
    unnumbered: int = 0
    enclosures: int = 0


@dataclass
class Survey:
    """What the look over the file found, by element."""

    report: Report
    shapes: dict[etree._Element, Shape] = field(default_factory=dict)
    ids: dict[etree._Element, str] = field(default_factory=dict)
    """Of documents, divisions, enclosures and headed sections."""
    notes: dict[etree._Element, CalledNote] = field(default_factory=dict)
    """By where they are called: the note itself, or a reference to it."""
    called_from: dict[etree._Element, etree._Element] = field(default_factory=dict)
    """References that are calls → the note that stands elsewhere."""
    elsewhere: dict[etree._Element, etree._Element] = field(default_factory=dict)
    """Those notes → the reference that calls each first."""
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

    def is_call(self, element: etree._Element) -> bool:
        """Whether a note is called where this element stands."""
        return element in self.notes


def survey(text: etree._Element, report: Report) -> Survey:
    """Look over a TEI `text`."""
    found = Survey(report)
    _check_elements(text, found)
    _shape(text, found)
    _claim_ids(text, found)
    _find_breaks(text, found)
    _find_calls(text, found)
    _find_passages(text, found)
    _Labels(found).give(text)
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


# What each div is


def _shape(text: etree._Element, found: Survey) -> None:
    """Decide which divisions of the file are divisions of the contents, documents, or parts of one."""
    for element in elements_in(text):
        role = role_of(element)
        if role == "enclosure":
            found.shapes[element] = "enclosure"
        elif role == "division":
            found.shapes[element] = _shape_of(element, found)


def _shape_of(div: etree._Element, found: Survey) -> Shape:
    inside = next((found.shapes[a] for a in div.iterancestors() if a in found.shapes), "division")
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


# Notes


def _find_calls(text: etree._Element, found: Survey) -> None:
    """Find the notes that stand elsewhere and are called by references, as in a list of end notes."""
    by_id = {
        id_of(note): note
        for note in elements_in(text)
        if role_of(note) == "note" and id_of(note) and not is_source_note(note) and _stands_apart(note)
    }
    if not by_id:
        return
    for element in elements_in(text):
        target = str(element.get("target") or "") if role_of(element) == "reference" else ""
        note = by_id.get(target[1:]) if target.startswith("#") else None
        if note is not None and _is_mark(element, note):
            found.called_from[element] = note
            found.elsewhere.setdefault(note, element)


def _is_mark(reference: etree._Element, note: etree._Element) -> bool:
    """Whether a reference prints the mark of a note, or nothing, and no words of its own."""
    if any(role_of(inner) in ("page-break", "note", "graphic") for inner in elements_in(reference)):
        return False
    words, mark = plain(reference).strip("()[]. "), _mark(note)
    return words in ("", mark.strip("()[]. ")) or (not mark and bool(_SHORT_MARK.fullmatch(words)))


def _stands_apart(note: etree._Element) -> bool:
    parent = note.getparent()
    return parent is not None and (is_structural(parent) or name_of(parent) in ("item", "list", "noteGrp"))


def is_source_note(note: etree._Element) -> bool:
    """Whether an element is a note with a file number or a bracketed heading, printed where it stands."""
    if role_of(note) != "note":
        return False
    return "inline" in words_of(note, "rend") or ("source" in words_of(note, "type") and not note.get("n"))


def is_called(note: etree._Element) -> bool:
    """Whether a note has a call where it stands: it has a mark, or it stands in running text."""
    parent = note.getparent()
    if is_source_note(note):
        return False
    return bool(str(note.get("n") or "").strip()) or not (parent is not None and is_structural(parent))


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


class _Labels:
    """Gives every note its label: its mark, or where marks repeat in a scope, the mark and a count."""

    def __init__(self, found: Survey) -> None:
        self.found = found
        self.scopes: dict[etree._Element | None, _Scope] = {}
        self.page = 0

    def give(self, text: etree._Element) -> None:
        for element in elements_in(text):
            role = role_of(element)
            if role == "page-break":
                self.page += 1
            elif element in self.found.called_from:
                self._called_from(element)
            elif role == "note" and element not in self.found.elsewhere and is_called(element):
                self._label(element, element)
            elif self.found.shapes.get(element) == "enclosure":
                self._scope(element)

    def _called_from(self, reference: etree._Element) -> None:
        """Label a note that stands elsewhere, once in each document that calls it."""
        note, scope = self.found.called_from[reference], self._scope_of(reference)
        if note not in scope.apart:
            self._label(note, reference)
            scope.apart[note] = self.found.notes[reference]
        self.found.notes[reference] = scope.apart[note]

    def _label(self, note: etree._Element, call: etree._Element) -> None:
        scope = self._scope_of(call)
        mark = _mark(note) or (plain(call).strip("()[]. ") if call is not note else "")
        if not mark:
            scope.unnumbered += 1
            while str(scope.unnumbered) in scope.labels:
                scope.unnumbered += 1
            mark = str(scope.unnumbered)
            self.found.report.count(UNNUMBERED, note, "a note without a mark is numbered")
        key = mark, plain(note), self.page
        repeats = key in scope.known
        if not repeats:
            scope.known[key] = _free(mark, scope)
        else:
            self.found.report.add(REPEATED, note, f"note {mark} repeats one of its page: one note, another call")
        label = scope.known[key]
        self.found.notes[call] = CalledNote(label, "" if label == mark else mark, repeats)
        if own := id_of(note):
            self.found.anchors.setdefault(own, f"{scope.name}-n{label}")

    def _scope_of(self, element: etree._Element) -> _Scope:
        holder = next(
            (a for a in element.iterancestors() if self.found.shapes.get(a, "section") != "section"), None
        )
        return self._scope(holder)

    def _scope(self, holder: etree._Element | None) -> _Scope:
        if holder not in self.scopes:
            name = self.found.ids.get(holder, "") if holder is not None else "text"
            if holder is not None and self.found.shapes[holder] == "enclosure":
                document = next(
                    (a for a in holder.iterancestors() if self.found.shapes.get(a) == "document"), None
                )
                outer = self._scope(document)
                outer.enclosures += 1
                name = f"{outer.name}-e{outer.enclosures}"
            self.scopes[holder] = _Scope(name)
        return self.scopes[holder]


def _mark(note: etree._Element) -> str:
    return " ".join(str(note.get("n") or "").split())


def _free(mark: str, scope: _Scope) -> str:
    stem = mark if _LABEL.fullmatch(mark) else "note"
    label = stem
    while label in scope.labels:
        scope.turns[stem] += 1
        label = f"{stem}-{scope.turns[stem] + 1}"
    scope.labels.add(label)
    return label
