"""What the marked content of a finished PDF belongs to, by its own structure tree.

Reading order, the document or note that something is part of, its block, and whether it calls a note or marks one:
without labels from the layout, so that two files can be compared that nobody remembers making. ISO 32000-1, 14.7;
roles are those that `typeset` writes.
Knows nothing of editions and styles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import pikepdf

from edition.proof.streams import Key

Part = Literal["text", "call", "mark"]
"""`call` is the sign that calls a note, `mark` the one in front of it."""

INLINE = {"Span", "Em", "Strong", "Link", "Reference", "Code", "Figure"}
"""Roles that stand in a block and are none."""
DEEPEST = 200
"""Elements in elements; a tree without end is no tree."""
MOST = 4_000_000
"""Elements of a tree; a volume of 900 pages has 40,000."""

BODY = Key("generated", "")
"""What stands in no document, division or note."""


class Block(NamedTuple):
    """A paragraph, head, cell or other block of the structure."""

    number: int
    """In reading order."""
    role: str
    """`P`, `H2`, `TD`, `TOCI`, …; empty for what stands in none."""
    owner: Key
    """The document, division, note or generated part that it is of."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a piece of marked content belongs to."""

    rank: int
    """Its place in reading order."""
    block: Block
    part: Part
    leads_to: str
    """The destination of the link that it stands in."""


Structure: TypeAlias = list[dict[int, Marked]]
"""For each page what its content belongs to, by number of marked content."""


def read_structure(pdf: pikepdf.Pdf) -> Structure:
    """The structure of a PDF. Empty where it has none; raises ValueError where it is none that can be read."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None or "/K" not in root:
        return [{} for _ in pdf.pages]
    reading = _Reading(pdf)
    try:
        reading.read(root.K)
    except (AttributeError, TypeError, KeyError, pikepdf.PdfError) as error:
        raise ValueError(f"the structure tree is broken: {error}") from error
    return reading.pages


class _Around(NamedTuple):
    """What is around an element."""

    owner: Key = BODY
    block: Block = Block(-1, "", BODY)
    page: int = -1
    link: str = ""
    part: Part = "text"
    depth: int = 0


class _Reading:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.page_numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
        self.pages: Structure = [{} for _ in pdf.pages]
        self.blocks = self.rank = self.elements = 0
        self.notes = _ids_of_notes(pdf)

    def read(self, kids: Any) -> None:
        """Read everything in reading order; off the stack, as a stranger's tree may be deep."""
        waiting: list[tuple[Any, _Around]] = [(kids, _Around())]
        while waiting:
            kid, around = waiting.pop()
            if isinstance(kid, int):
                self.add(around.page, int(kid), around)
            elif isinstance(kid, pikepdf.Array):
                waiting += [(one, around) for one in reversed(kid.as_list())]
            elif "/MCID" in kid:
                if "/Stm" not in kid:  # content of a form has numbers of its own
                    page = self.page_numbers.get(kid.Pg.objgen, -1) if "/Pg" in kid else around.page
                    self.add(page, int(kid.MCID), around)
            elif "/S" in kid and "/K" in kid:
                waiting.append((kid.K, self.inside(kid, around)))

    def inside(self, element: Any, around: _Around) -> _Around:
        """What is around the kids of an element."""
        self.elements += 1
        if around.depth > DEEPEST or self.elements > MOST:
            raise ValueError("the structure tree has no end")
        role = str(element.S)[1:]
        link, part = around.link, around.part
        if role == "Link":
            link = _target(element)
            part = _part(link, around, self.notes)
        owner = _owner(role, str(element.get("/ID", "")), around.owner)
        block = around.block
        if role not in INLINE:
            block, self.blocks = Block(self.blocks, role, owner), self.blocks + 1
        page = self.page_numbers.get(element.Pg.objgen, -1) if "/Pg" in element else around.page
        return _Around(owner, block, page, link, part, around.depth + 1)

    def add(self, page: int, number: int, around: _Around) -> None:
        if 0 <= page < len(self.pages):
            self.pages[page][number] = Marked(self.rank, around.block, around.part, around.link)
            self.rank += 1


def _owner(role: str, name: str, around: Key) -> Key:
    if role == "Note":
        return Key("note", name)
    if role == "Art" and name:
        return Key("document", name)
    if role == "Sect" and name:
        return Key("generated", name[1:]) if name[0] == "_" else Key("division", name)
    return around


def _part(link: str, around: _Around, notes: frozenset[str]) -> Part:
    """Whether a link calls a note, or leads from the note's own mark back to its call."""
    if link in notes and link != around.owner.id:
        return "call"
    if around.owner.kind == "note" and link.startswith(around.owner.id):
        return "mark"
    return "text"


def _ids_of_notes(pdf: pikepdf.Pdf) -> frozenset[str]:
    """The ids of all notes, from the tree of ids."""
    names = pdf.Root.StructTreeRoot.get("/IDTree", pikepdf.Dictionary()).get("/Names", pikepdf.Array())
    found = zip(names.as_list()[::2], names.as_list()[1::2], strict=False)
    return frozenset(str(name) for name, element in found if element.get("/S") == "/Note")


def _target(link: Any) -> str:
    """Where a link leads: the name of its destination; empty for what leads out of the file."""
    for kid in link.K.as_list() if isinstance(link.K, pikepdf.Array) else [link.K]:
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
            annotation = kid.Obj
            target = annotation.get("/Dest", annotation.get("/A", pikepdf.Dictionary()).get("/D"))
            return str(target) if isinstance(target, pikepdf.String | pikepdf.Name) else ""
    return ""
