"""Drawings become the finished PDF: one structure, one font a face, outline, labels, destinations, metadata, sources.

It writes the file itself, block by block, so that of a book in which one chapter changed only that chapter's block
is written anew. It sees the resolved edition and the pages; of manuscripts, HTML and styles it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from edition.assemble.attachments import attachments
from edition.assemble.blocks import (
    SHARED,
    Place,
    drawn_block,
    numbered,
    openings,
    pages_block,
    resources_of_pages,
)
from edition.assemble.destinations import destinations, name_tree, tree_of
from edition.assemble.file import Block, File, compressed, containers
from edition.assemble.metadata import information, language_of, packet
from edition.assemble.outline import Branch, contents_branches, original_page_branches, outline
from edition.assemble.page_labels import page_labels
from edition.assemble.syntax import Name, Reference, Value, written
from edition.cache import Cache, Memory, key_of
from edition.drawings import ROLE_MAP, FurnitureDrawing, Going, Resources, closed
from edition.pages import PagedEdition, Placed
from edition.resolved import ResolvedEdition

FORMAT = "2"
"""Counts up when a block's bytes would be others for the same drawing."""
DEEPEST = 64
"""Levels of structure around a drawing, more than there are."""


def assemble(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    *,
    sources: Sequence[tuple[str, bytes]] = (),
    original_pages: str = "",
    cache: Cache | None = None,
) -> bytes:
    """The finished PDF. The same arguments give the same bytes, wherever and whenever, and whatever was kept.

    `sources` are attached under their names, paths from the edition's folder with `/`. With `original_pages`
    the outline has a branch of that title with the original pages. Raises ValueError where two sources have
    one name: a mistake of the caller.
    """
    return _Assembling(resolved, paged, cache if cache is not None else Memory()).file(sources, original_pages)


def pages_alone(paged: PagedEdition) -> bytes:
    """A PDF of pages to be looked at and thrown away: without structure, names, outline, metadata and sources."""
    return _Assembling(None, paged, Memory()).pages_alone()


class Drawn(NamedTuple):
    """What is written of a drawing."""

    block: Block
    ids: tuple[tuple[bytes, int], ...]
    kids: tuple[tuple[int, int], ...]
    going: tuple[Going, ...]
    resources: Resources


@dataclass
class Growing:
    """A structure element that goes on from one drawing to the next."""

    number: int
    body: bytes
    """Its dictionary without its kids."""
    kids: list[bytes]


class Structure:
    """The top of the structure while the drawings are put under it, one after the other."""

    def __init__(self) -> None:
        self.kids: list[Value] = []
        """The document's own."""
        self.growing: list[Growing] = []
        """Those that may still go on, outermost first."""
        self.grown: list[Growing] = []

    @property
    def open(self) -> tuple[int, ...]:
        return tuple(element.number for element in self.growing)

    def add(self, drawn: Drawn, place: Place) -> None:
        """Put a drawing's elements where they belong; what they stand in is open from before."""
        for depth, kid in drawn.kids:
            reference = Reference(place.numbers.drawn(kid))
            if depth:
                self.growing[depth - 1].kids.append(written(reference))
            else:
                self.kids.append(reference)
        if drawn.kids:
            del self.growing[max(depth for depth, _ in drawn.kids) :]
        for depth, element, body, kids in drawn.going:
            del self.growing[depth - 1 :]
            self.growing.append(Growing(place.numbers.drawn(element), place.close(body), [place.close(kids)]))
            self.grown.append(self.growing[-1])

    def bodies(self) -> list[tuple[int, bytes]]:
        """The objects of the elements that went on."""
        return [(it.number, b"%s/K [%s]>>" % (it.body[:-2], b" ".join(it.kids))) for it in self.grown]


class _Assembling:
    """One file while it is put together."""

    def __init__(self, resolved: ResolvedEdition | None, paged: PagedEdition, cache: Cache) -> None:
        self._resolved = resolved
        self.paged = paged
        self.cache = cache
        self.output = File()
        self.numbers = numbered(paged.placed)
        self.next = self.numbers[-1].next if self.numbers else 64
        self.pages = [number.page(index) for number in self.numbers for index in range(number.pages)]
        """The numbers of all pages' objects."""
        self.bodies: list[tuple[int, bytes]] = []

    @property
    def resolved(self) -> ResolvedEdition:
        assert self._resolved is not None, "pages alone know of no edition"
        return self._resolved

    def take(self, count: int) -> int:
        """The first of so many numbers that nothing has."""
        first, self.next = self.next, self.next + count
        return first

    def add(self, number: int, value: Value) -> None:
        self.bodies.append((number, written(value)))

    def add_all(self, objects: Iterable[tuple[int, Value]]) -> int:
        """Objects with numbers from the next on; returns the first."""
        first = self.next
        for number, value in objects:
            self.add(number, value)
            self.next = max(self.next, number + 1)
        return first

    def file(self, sources: Sequence[tuple[str, bytes]], original_pages: str) -> bytes:
        starts = openings(self.paged.placed)
        for number, content in starts.values():
            self.output.add_stream(number, written({"Length": len(content)}), content)
        turned = {page.index for page in self.paged.pages if page.turned}
        ids: list[tuple[bytes, Value]] = []
        structure = Structure()
        for placed, numbers in zip(self.paged.placed, self.numbers, strict=True):
            place = Place(numbers, placed.shifts, structure.open, placed.page_numbers)
            drawn = self.drawn(placed, place)
            self.output.add_block(drawn.block)
            ids += [(name, Reference(numbers.drawn(element))) for name, element in drawn.ids]
            structure.add(drawn, place)
            resources = resources_of_pages(drawn.resources, place, self.furniture_resources(placed.furniture))
            self.output.add_block(pages_block(placed, numbers, starts, resources, turned))
        self.add_shared()
        self.add_structure(structure, ids)
        catalogue = self.catalogue(original_pages, self.add_sources(sources))
        self.add(SHARED["catalogue"], catalogue)
        info = self.take(1)
        self.add(info, information(self.resolved.edition))
        first = self.take(containers(len(self.bodies)))
        self.output.pack(self.bodies, range(first, self.next))
        return self.output.finish(self.take(1), SHARED["catalogue"], info)

    def pages_alone(self) -> bytes:
        starts = openings(self.paged.placed)
        for number, content in starts.values():
            self.output.add_stream(number, written({"Length": len(content)}), content)
        turned = {page.index for page in self.paged.pages if page.turned}
        for placed, numbers in zip(self.paged.placed, self.numbers, strict=True):
            place = Place(numbers, placed.shifts, (SHARED["document"],) * DEEPEST, placed.page_numbers)
            self.output.add_block(drawn_block(placed.drawing, place))
            own = self.furniture_resources(placed.furniture)
            resources = resources_of_pages(placed.drawing.resources, place, own)
            self.output.add_block(pages_block(placed, numbers, starts, resources, turned))
        self.add_shared()
        self.add(SHARED["catalogue"], {"Type": Name("Catalog"), "Pages": Reference(SHARED["pages"])})
        info = self.take(1)
        self.add(info, {})
        first = self.take(containers(len(self.bodies)))
        self.output.pack(self.bodies, range(first, self.next))
        return self.output.finish(self.take(1), SHARED["catalogue"], info)

    # Drawings

    def drawn(self, placed: Placed, place: Place) -> Drawn:
        """What is written of a drawing, as it was kept where nothing in it changed."""
        key = key_of("block", FORMAT, placed.key, msgspec.msgpack.encode(place)) + "-block"
        content = self.cache.get(key)
        if content is not None:
            try:
                return msgspec.msgpack.decode(content, type=Drawn)
            except msgspec.MsgspecError:
                pass
        drawing = placed.drawing
        made = Drawn(drawn_block(drawing, place), drawing.ids, drawing.kids, drawing.going, drawing.resources)
        self.cache.put(key, msgspec.msgpack.encode(made))
        return made

    def furniture_resources(self, furniture: FurnitureDrawing) -> Resources:
        """What furniture uses beside fonts; its objects are added."""
        first = self.take(len(furniture.objects))

        def own(body: bytes) -> bytes:
            return closed(body, lambda number: first + number, SHARED, 0, ())

        for number, (body, data) in enumerate(furniture.objects, first):
            if data is None:
                self.bodies.append((number, own(body)))
            else:
                self.output.add_stream(number, own(body), data)
        return {
            category: {name: own(body) for name, body in entries.items()}
            for category, entries in furniture.resources.items()
        }

    # What the file has once

    def add_shared(self) -> None:
        nodes: list[Value] = [Reference(numbers.node) for numbers in self.numbers]
        self.add(SHARED["pages"], {"Type": Name("Pages"), "Count": len(self.pages), "Kids": nodes})
        first = self.take(len(self.paged.fonts))
        fonts = SHARED["fonts"]

        def number_of(number: int) -> int:
            return first + number if number else fonts

        for number, (body, data) in enumerate(self.paged.fonts):
            body = closed(body, number_of, SHARED, 0, ())
            if data is None:
                self.bodies.append((number_of(number), body))
            else:
                self.output.add_stream(number_of(number), body, data)
        colours = self.paged.colours
        self.bodies.append((SHARED["colours"], closed(colours.spaces, int, SHARED, 0, ())))
        self.output.add_stream(SHARED["profile"], *compressed(colours.profile, N=3))

    def add_structure(self, structure: Structure, ids: list[tuple[bytes, Value]]) -> None:
        """The root of the structure, its one element at the top, and the ways back to the elements."""
        self.add(SHARED["document"], {
            "Type": Name("StructElem"), "S": Name("Document"), "P": Reference(SHARED["structure"]),
            "K": structure.kids,
        })  # fmt: skip
        self.bodies += structure.bodies()
        nodes: list[Value] = [Reference(numbers.parents) for numbers in self.numbers]
        parents = self.take(1)
        self.add(parents, {"Kids": nodes})
        entries: dict[str, Value] = {
            "Type": Name("StructTreeRoot"),
            "K": [Reference(SHARED["document"])],
            "ParentTree": Reference(parents),
            "ParentTreeNextKey": self.numbers[-1].next if self.numbers else 0,
            "RoleMap": {role: Name(standard) for role, standard in ROLE_MAP.items()},
        }
        if ids:
            entries["IDTree"] = Reference(self.add_all(tree_of(sorted(ids, key=lambda it: it[0]), self.next)))
        self.add(SHARED["structure"], entries)

    def add_sources(self, sources: Sequence[tuple[str, bytes]]) -> dict[str, Value]:
        """The sources; references to their specifications by name."""
        found: dict[str, Value] = {}
        first = self.take(len(sources))
        for number, source in enumerate(attachments(sources, self.resolved.edition.year, first), first):
            self.output.add_stream(number, source.entries, source.data)
            specification = self.take(1)
            self.add(specification, source.specification)
            found[source.name] = Reference(specification)
        return found

    def catalogue(self, original_pages: str, sources: Mapping[str, Value]) -> dict[str, Value]:
        pages, edition = self.paged.pages, self.resolved.edition
        spots = destinations(pages)
        branches = contents_branches(self.resolved, spots)
        if original_pages:
            branches.append(Branch(original_pages, None, original_page_branches(self.resolved, spots)))
        names: dict[str, Value] = {}
        places = {name: spot.array(self.pages) for name, spot in spots.items()}
        names["Dests"] = Reference(self.add_all(name_tree(places, self.next)))
        if sources:
            names["EmbeddedFiles"] = Reference(self.add_all(name_tree(sources, self.next)))
        metadata = self.take(1)
        content = packet(edition)  # not compressed: found without knowing PDF (ISO 19005-3, 6.6.2.1)
        entries: dict[str, Value] = {"Type": Name("Metadata"), "Subtype": Name("XML"), "Length": len(content)}
        self.output.add_stream(metadata, written(entries), content)
        catalogue: dict[str, Value] = {
            "Type": Name("Catalog"),
            "Pages": Reference(SHARED["pages"]),
            "Names": names,
            "PageLabels": {"Nums": page_labels([page.folio for page in pages])},
            "Metadata": Reference(metadata),
            "Lang": language_of(edition),
            "StructTreeRoot": Reference(SHARED["structure"]),
            "MarkInfo": {"Marked": True},
            "ViewerPreferences": {"DisplayDocTitle": True, "PrintScaling": Name("None")},
            "PageMode": Name("UseOutlines" if branches else "UseNone"),
            "PageLayout": Name("TwoPageRight" if not pages or pages[0].side == "recto" else "TwoPageLeft"),
            "OutputIntents": [_output_intent()],
        }
        if branches:
            catalogue["Outlines"] = Reference(self.add_all(outline(branches, self.pages, self.next)))
        if sources:
            catalogue["AF"] = list(sources.values())
        return catalogue


def _output_intent() -> Mapping[str, Value]:
    """What the colours are for: PDF/A wants one profile of all (ISO 19005-3, 6.2.3)."""
    return {
        "Type": Name("OutputIntent"),
        "S": Name("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB2014.icc",
        "Info": "sRGB2014.icc",
        "DestOutputProfile": Reference(SHARED["profile"]),
    }
