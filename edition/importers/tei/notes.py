"""The notes of a TEI file: where each is called, and the label that it gets in its document or enclosure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.elements import (
    RENDERINGS,
    elements_in,
    id_of,
    is_structural,
    name_of,
    plain,
    renderings_of,
    role_of,
    words_of,
)
from edition.importers.tei.reading import Report
from edition.importers.tei.shapes import Shape

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

_LABEL = re.compile(r"[^\]\[\s^]{1,40}")
_SHORT_MARK = re.compile(r"\d{1,4}[a-z]?|[A-Za-z]|[^\w\s]{1,4}")
"""What may be the mark of a note that says none itself: a number, a letter, a sign."""


@dataclass
class Notes:
    """What is known of a file's notes, by element."""

    called_from: dict[etree._Element, etree._Element]
    """References that are calls → the note that stands elsewhere."""
    elsewhere: dict[etree._Element, etree._Element]
    """Those notes → the reference that calls each first."""
    calls: dict[etree._Element, CalledNote] = field(default_factory=dict)
    """By where notes are called: the note itself, or a reference to it."""
    anchors: dict[str, str] = field(default_factory=dict)
    """`xml:id` → the anchor it has in the edition."""

    def is_call(self, element: etree._Element) -> bool:
        """Whether a note is called where this element stands."""
        return element in self.calls


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


def notes_of(
    text: etree._Element, shapes: Mapping[etree._Element, Shape], ids: Mapping[etree._Element, str], report: Report
) -> Notes:
    """The notes of a TEI `text`; `ids` are those of its documents."""
    called_from = _calls_of_notes_apart(text)
    elsewhere: dict[etree._Element, etree._Element] = {}
    for reference, note in called_from.items():
        elsewhere.setdefault(note, reference)
    notes = Notes(called_from, elsewhere)
    _Labels(shapes, ids, report, notes).give(text)
    return notes


def _calls_of_notes_apart(text: etree._Element) -> dict[etree._Element, etree._Element]:
    """References that are calls → the note that stands elsewhere, as in a list of end notes."""
    by_id = {
        id_of(note): note
        for note in elements_in(text)
        if role_of(note) == "note" and id_of(note) and not is_source_note(note) and _stands_apart(note)
    }
    calls: dict[etree._Element, etree._Element] = {}
    for element in elements_in(text) if by_id else ():
        target = str(element.get("target") or "") if role_of(element) == "reference" else ""
        note = by_id.get(target[1:]) if target.startswith("#") else None
        if note is not None and _is_mark(element, note):
            calls[element] = note
    return calls


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


def _is_called(note: etree._Element) -> bool:
    """Whether a note has a call where it stands: it has a mark, or it stands in running text."""
    parent = note.getparent()
    if is_source_note(note):
        return False
    return bool(str(note.get("n") or "").strip()) or not (parent is not None and is_structural(parent))


def prints_call(element: etree._Element) -> bool:
    """Whether a raised sign is the mark of the note right after it: what the book prints as the call of that note."""
    note = element.getnext()
    if name_of(element) != "hi" or note is None or (element.tail or "").strip() or role_of(note) != "note":
        return False
    raised = "sup" in (RENDERINGS.get(word) for word in renderings_of(element))
    return raised and bool(_mark(note)) and plain(element) == _mark(note) and not is_source_note(note)


class _Labels:
    """Gives every note its label: its mark, or where marks repeat in a scope, the mark and a count."""

    def __init__(
        self,
        shapes: Mapping[etree._Element, Shape],
        ids: Mapping[etree._Element, str],
        report: Report,
        notes: Notes,
    ) -> None:
        self.shapes = shapes
        self.ids = ids
        self.report = report
        self.notes = notes
        self.scopes: dict[etree._Element | None, _Scope] = {}
        self.page = 0

    def give(self, text: etree._Element) -> None:
        for element in elements_in(text):
            role = role_of(element)
            if role == "page-break":
                self.page += 1
            elif element in self.notes.called_from:
                self._called_from(element)
            elif role == "note" and element not in self.notes.elsewhere and _is_called(element):
                self._label(element, element)
            elif self.shapes.get(element) == "enclosure":
                self._scope(element)

    def _called_from(self, reference: etree._Element) -> None:
        """Label a note that stands elsewhere, once in each document that calls it."""
        note, scope = self.notes.called_from[reference], self._scope_of(reference)
        if note not in scope.apart:
            self._label(note, reference)
            scope.apart[note] = self.notes.calls[reference]
        self.notes.calls[reference] = scope.apart[note]

    def _label(self, note: etree._Element, call: etree._Element) -> None:
        scope = self._scope_of(call)
        mark = _mark(note) or (plain(call).strip("()[]. ") if call is not note else "")
        if not mark:
            scope.unnumbered += 1
            while str(scope.unnumbered) in scope.labels:
                scope.unnumbered += 1
            mark = str(scope.unnumbered)
            self.report.count(UNNUMBERED, note, "a note without a mark is numbered")
        key = mark, plain(note), self.page
        repeats = key in scope.known
        if not repeats:
            scope.known[key] = _free(mark, scope)
        else:
            self.report.add(REPEATED, note, f"note {mark} repeats one of its page: one note, another call")
        label = scope.known[key]
        self.notes.calls[call] = CalledNote(label, "" if label == mark else mark, repeats)
        if own := id_of(note):
            self.notes.anchors.setdefault(own, f"{scope.name}-n{label}")

    def _scope_of(self, element: etree._Element) -> _Scope:
        holder = next((a for a in element.iterancestors() if self.shapes.get(a, "section") != "section"), None)
        return self._scope(holder)

    def _scope(self, holder: etree._Element | None) -> _Scope:
        if holder not in self.scopes:
            name = self.ids.get(holder, "") if holder is not None else "text"
            if holder is not None and self.shapes[holder] == "enclosure":
                document = next((a for a in holder.iterancestors() if self.shapes.get(a) == "document"), None)
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
