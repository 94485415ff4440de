"""The drawings of a book in one file: where their objects are numbered, and each written out as a block.

A block's numbers begin where the one before ends, rounded up with room to spare: what a word adds to one drawing
does not move the numbers of the others, so their blocks stay byte for byte what they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edition.assemble.file import Block, Writer, containers
from edition.assemble.syntax import Name, Reference, Value, written
from edition.drawings import ONCE, Drawing, Resources, Shift, closed, decimal
from edition.pages import Placed

SHARED = {name: number for number, name in enumerate(ONCE, 1)}
"""The numbers of what the file has once."""
OPENINGS = 16
"""The number of the first opening of a page's drawing (see `openings`)."""
FIRST = 64
"""The number of the first block's first object."""
STEP = 64
ROOM = 1.08


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a block's objects, in the order of the fields."""

    base: int
    """The node of the page tree that the block's pages have; also the first key of its pages in the parent tree."""
    pages: int
    """Pages in it, blank ones too."""
    objects: int
    """Objects of its drawing."""

    @property
    def node(self) -> int:
        return self.base

    def page(self, index: int) -> int:
        return self.base + 1 + index

    def furniture(self, index: int) -> int:
        """The stream that draws a page's furniture."""
        return self.base + 1 + self.pages + index

    @property
    def resources(self) -> int:
        return self.base + 1 + 2 * self.pages

    @property
    def parents(self) -> int:
        """The node of the parent tree."""
        return self.resources + 1

    @property
    def containers(self) -> range:
        """Of the object streams of the drawing's objects, then of the one of its pages."""
        return range(
            self.parents + 1, self.parents + 1 + containers(self.objects + 1) + containers(self.pages + 2)
        )

    def drawn(self, number: int) -> int:
        """An object of the drawing."""
        return self.containers.stop + number

    @property
    def next(self) -> int:
        """Where the next block begins."""
        needed = self.drawn(self.objects) - self.base
        return self.base + -(-int(needed * ROOM + 1) // STEP) * STEP


def numbered(placed: Sequence[Placed]) -> list[Numbers]:
    """The numbers of all drawings' objects, one block after the other."""
    found: list[Numbers] = []
    base = FIRST
    for one in placed:
        found.append(Numbers(base, one.blanks + len(one.shifts), one.objects))
        base = found[-1].next
    return found


def openings(placed: Sequence[Placed]) -> dict[Shift, tuple[int, bytes]]:
    """What begins the drawing of pages, by how far that is moved: number and content. Furniture ends it by `Q`."""
    shifts = sorted({Shift(), *(shift for one in placed for shift in one.shifts)})
    assert len(shifts) <= FIRST - OPENINGS, "pages of a book have few kinds of margins"
    return {
        shift: (
            OPENINGS + number,
            b"q" if shift == Shift() else b"q 1 0 0 1 %s %s cm" % (decimal(shift.right), decimal(shift.up)),
        )
        for number, shift in enumerate(shifts)
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drawing stands in the file, as far as its objects say so."""

    numbers: Numbers
    shifts: tuple[Shift, ...]
    """By page of the drawing."""
    open: tuple[int, ...]
    """The numbers of the structure elements of earlier drawings that go on in it, outermost first."""
    page_numbers: tuple[int, ...] = ()
    """Those that are open in it."""

    def close(self, body: bytes) -> bytes:
        """A body of the drawing with all that was open written out."""
        numbers = self.numbers
        blanks = numbers.pages - len(self.shifts)
        named = SHARED | {f"page{index}": numbers.page(blanks + index) for index in range(len(self.shifts))}
        named |= {f"open{depth}": number for depth, number in enumerate(self.open, 1)}
        return closed(body, numbers.drawn, named, numbers.base, self.shifts)


def drawn_block(drawing: Drawing, place: Place) -> Block:
    """A drawing's objects, and its share of the parent tree."""
    writer = Writer()
    numbers, close = place.numbers, place.close

    bodies = [(numbers.parents, close(_parents(drawing.parents, numbers.base)))]
    for number in range(len(drawing.objects)):
        body, data = drawing.object(number, place.page_numbers)
        if data is None and body:
            bodies.append((numbers.drawn(number), close(body)))
        elif data is not None:
            writer.add_stream(numbers.drawn(number), close(body), data)
    writer.pack(bodies, numbers.containers)
    return writer.block()


def pages_block(
    placed: Placed, numbers: Numbers, starts: Mapping[Shift, tuple[int, bytes]], resources: bytes, turned: set[int]
) -> Block:
    """A drawing's pages with their furniture, under a node of the page tree.

    `starts` are the `openings`; `resources` the dictionary of what the pages use; `turned` says which of the book's
    pages are shown turned back.
    """
    writer = Writer()
    bodies: list[tuple[int, bytes]] = []
    kids = [Reference(numbers.page(index)) for index in range(numbers.pages)]
    node: dict[str, Value] = {
        "Type": Name("Pages"),
        "Parent": Reference(SHARED["pages"]),
        "Count": len(kids),
        "Kids": kids,
    }
    bodies += [(numbers.node, written(node)), (numbers.resources, resources)]
    for index in range(numbers.pages):
        drawn = index - placed.blanks
        shift = placed.shifts[drawn] if drawn >= 0 else Shift()
        page = placed.pages[drawn] if drawn >= 0 else None
        boxes = page.boxes if page else placed.boxes[index]
        contents = [starts[shift][0], *([numbers.drawn(page.content)] if page else []), numbers.furniture(index)]
        entries: dict[str, Value] = {
            "Type": Name("Page"),
            "Parent": Reference(numbers.node),
            "MediaBox": boxes.media,
            "TrimBox": boxes.trim,
            "BleedBox": boxes.bleed,
            "Contents": [Reference(number) for number in contents],
            "Resources": Reference(numbers.resources),
            "Tabs": Name("S"),
        }
        if page:
            entries["StructParents"] = numbers.base + drawn
        if page and page.annotations:
            entries["Annots"] = [Reference(numbers.drawn(annotation)) for annotation in page.annotations]
        if placed.first + index in turned:
            entries["Rotate"] = 270
        bodies.append((numbers.page(index), written(entries)))
        data = placed.furniture.pages[index]
        furniture = written({"Filter": Name("FlateDecode"), "Length": len(data)})
        writer.add_stream(numbers.furniture(index), furniture, data)
    writer.pack(bodies, numbers.containers[-containers(numbers.pages + 2) :])
    return writer.block()


def resources_of_pages(drawn: Resources, place: Place, own: Resources) -> bytes:
    """The dictionary of what a drawing's pages use, their furniture's `own` included, which is closed already."""
    found: dict[str, Value] = {"Font": Reference(SHARED["fonts"]), "ColorSpace": Reference(SHARED["colours"])}
    for category in sorted({*drawn, *own}):
        closed_ones = {name: place.close(body) for name, body in drawn.get(category, {}).items()}
        found[category] = {**closed_ones, **own.get(category, {})}
    return written(found)


def _parents(parents: Sequence[bytes], first: int) -> bytes:
    entries: list[Value] = []
    for key, entry in enumerate(parents, first):
        entries += [key, entry]
    return written({"Limits": [first, first + len(parents) - 1], "Nums": entries})
