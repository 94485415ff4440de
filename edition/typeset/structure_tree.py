"""A structure as the objects of a PDF: its elements, their names, and the way back from content to them.

Of a fragment of a book the top is left open: which elements stand in those of earlier fragments, and which go on in
a later one. Knows neither boxes nor HTML; the form is that of ISO 32000-1, 14.7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

import pydyf

from edition.drawings import ROLE_MAP
from edition.typeset.collecting import Key
from edition.typeset.structure import Area, Content, Element, Kid


@dataclass(slots=True)
class OpenStructure:
    """How the structure of a fragment hangs together with that of the others."""

    kids: list[tuple[int, bytes]] = field(default_factory=list)
    """The elements right under the document, or under one of an earlier fragment: how many are around them, and
    their references."""
    parents: dict[int, Any] = field(default_factory=dict)
    """What stands for the elements of earlier fragments, by how many are around each, itself counted."""
    going: list[tuple[int, Any]] = field(default_factory=list)
    """The elements that go on in a later one, likewise."""


class ParentTree:
    """The way from content back to its element: a number for each stream and annotation (14.7.4.4)."""

    def __init__(self, page_streams: list[Any]) -> None:
        self.entries: list[Any] = [{} for _ in page_streams]
        """By number: for a stream the elements by number of content, for an annotation its element."""
        self.keys = {id(stream): key for key, stream in enumerate(page_streams)}

    def add_content(self, stream: Any, number: int, reference: bytes) -> None:
        if id(stream) not in self.keys:  # a group that is drawn apart for its opacity
            self.keys[id(stream)] = stream.extra["StructParents"] = Key(self.add_object({}))
        self.entries[self.keys[id(stream)]][number] = reference

    def add_object(self, entry: Any) -> int:
        """The number of a new entry."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def numbers(self) -> Any:
        """The entries as a number tree's array."""
        numbers = pydyf.Array()
        for key, entry in enumerate(self.entries):
            if isinstance(entry, dict):
                entry = pydyf.Array(entry.get(number, "null") for number in range(max(entry, default=-1) + 1))
            numbers += [key, entry]
        return numbers


class StructureTree:
    """The structure tree of one PDF while it is written."""

    def __init__(self, pdf: Any, page_streams: list[Any]) -> None:
        self.pdf = pdf
        self.pages = pdf.page_references
        self.page_streams = page_streams
        self.written: dict[Element, Any] = {}
        self.parents = ParentTree(page_streams)
        self.ids: dict[str, bytes] = {}
        self.open = OpenStructure()

    def write(self, structure: Element) -> None:
        """Write the tree, the way back from content to it, and what the catalog of a tagged file must say."""
        root = self.add_object(Type="/StructTreeRoot")
        document = self.add_object(Type="/StructElem", S="/Document", P=root.reference)
        root["K"] = pydyf.Array([document.reference])
        self.write_top(structure, document, 0)
        document["K"] = pydyf.Array(kid for _, kid in self.open.kids)
        root["ParentTree"] = self.add_object(Nums=self.parents.numbers()).reference
        root["ParentTreeNextKey"] = len(self.parents.entries)
        root["RoleMap"] = pydyf.Dictionary({role: f"/{standard}" for role, standard in ROLE_MAP.items()})
        if self.ids:
            names = pydyf.Array()
            for written, reference in sorted((pydyf.String(id_).data, ref) for id_, ref in self.ids.items()):
                names += [written, reference]
            root["IDTree"] = self.add_object(Names=names).reference
        self.pdf.catalog["StructTreeRoot"] = root.reference
        self.pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        self.pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        self.pdf.catalog.setdefault("Lang", pydyf.String("und"))

    def write_top(self, element: Element, written: Any, depth: int) -> None:
        """Write the kids of an element that is there already: the document, or one of an earlier fragment."""
        for kid in element.elements:
            if kid.continues:
                self.open.parents[depth + 1] = placeholder = self.add_object()
                self.write_top(kid, placeholder, depth + 1)
            else:
                self.open.kids.append((depth, self.write_element(kid, written.reference)))
                self.note_going(kid, depth + 1)

    def note_going(self, element: Element, depth: int) -> None:
        """Remember the elements that go on in a later fragment, by how many are around each."""
        if element.goes_on:
            self.open.going.append((depth, self.written[element]))
            for kid in element.elements:
                self.note_going(kid, depth + 1)

    def add_object(self, **entries: Any) -> Any:
        written = pydyf.Dictionary(entries)
        self.pdf.add_object(written)
        return written

    def write_element(self, element: Element, parent: bytes) -> bytes:
        """Write an element and all in it, parents before children; returns its reference."""
        self.written[element] = written = self.add_object(Type="/StructElem", S=f"/{element.role}", P=parent)
        pages = [kid.page for kid in element.kids if isinstance(kid, Content)]
        if pages:
            written["Pg"] = self.pages[pages[0]]
        self.write_properties(element, written)
        written["K"] = pydyf.Array(self.write_kid(kid, written) for kid in element.kids)
        return bytes(written.reference)

    def write_properties(self, element: Element, written: Any) -> None:
        texts = {"Lang": element.language, "Alt": element.alternative, "E": element.expansion}
        written.update({key: pydyf.String(text) for key, text in texts.items() if text})
        owners = [
            pydyf.Dictionary({"O": f"/{owner}", **values})
            for owner, values in element.attributes.items()
            if values
        ]
        if owners:
            written["A"] = owners[0] if len(owners) == 1 else pydyf.Array(owners)
        if element.id:
            key = _unused(element.id, self.ids)
            self.ids[key] = written.reference
            written["ID"] = pydyf.String(key)

    def write_kid(self, kid: Kid, parent: Any) -> Any:
        match kid:
            case Element():
                return self.write_element(kid, parent.reference)
            case Area(page, annotation):
                annotation["StructParent"] = Key(self.parents.add_object(parent.reference))
                return pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": self.pages[page]})
            case Content(page, stream, number):
                self.parents.add_content(stream, number, parent.reference)
                drawn_by_page = stream is self.page_streams[page]
                if drawn_by_page and self.pages[page] == parent["Pg"]:
                    return number
                reference = pydyf.Dictionary({"Type": "/MCR", "Pg": self.pages[page], "MCID": number})
                if not drawn_by_page:
                    reference["Stm"] = stream.reference
                return reference


def _unused(id_: str, used: Iterable[str]) -> str:
    """An id that is not in use: itself, or with a number after it."""
    candidates = chain([id_], (f"{id_}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in used)
