"""The structure tree of a PDF read back, for tests: its elements with their words, and whether it hangs together.

Words are taken from the content streams through each font's ToUnicode, not from the boxes they were made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf


@dataclass
class Node:
    """A structure element: role, kids, the words that stand directly in it between its kids."""

    role: str
    kids: list[Node | str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    areas: int = 0
    """How many link annotations it has."""
    properties: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The whole tree on one line: `P[a Em[word] here]`."""
        return f"{self.role}[{' '.join(filter(None, map(str, self.kids)))}]"

    @property
    def words(self) -> str:
        return " ".join(filter(None, (kid if isinstance(kid, str) else kid.words for kid in self.kids)))

    def all(self, role: str) -> list[Node]:
        return [node for node in self.walk() if node.role == role]

    def walk(self) -> Iterator[Node]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()


def numbered(tree: Any) -> Iterator[tuple[int, Any]]:
    """The entries of a number tree in its order, which its limits agree with."""
    for kid in tree.get("/Kids", ()):
        entries = list(numbered(kid))
        assert [entries[0][0], entries[-1][0]] == list(map(int, kid.Limits))
        yield from entries
    numbers = tree.get("/Nums", ())
    for at in range(0, len(numbers), 2):
        yield int(numbers[at]), numbers[at + 1]


class StructureTree:
    """Reads a tree and asserts on its way that all references agree in both directions."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(content))
        self.page_numbers = {page.objgen: index for index, page in enumerate(self.pdf.pages)}
        self.texts: dict[tuple[int, int], str] = {}
        self.artifacts: list[str] = []
        streams = [(page.obj, page.Resources) for page in self.pdf.pages]
        for resources in {resources.objgen: resources for _, resources in streams}.values():
            forms = resources.get("/XObject", {}).values()
            streams += [(form, form.Resources) for form in forms if "/Group" in form]
        self.streams = [stream for stream, _ in streams]
        for index, (stream, resources) in enumerate(streams):
            self.read_stream(index, stream, resources)
        self.parents = dict(numbered(self.pdf.Root.StructTreeRoot.ParentTree))
        assert list(self.parents) == sorted(self.parents)
        self.seen: set[tuple[int, int]] = set()
        self.document = self.read(self.pdf.Root.StructTreeRoot.K[0], self.pdf.Root.StructTreeRoot)
        assert self.seen == set(self.texts), "marked content and structure differ"

    def read_stream(self, index: int, stream: Any, resources: Any) -> None:
        marks: list[int | None] = []
        font: Any = None
        for operands, operator in pikepdf.parse_content_stream(stream):
            match str(operator):
                case "BDC" | "BMC":
                    properties = operands[1] if len(operands) > 1 else {}
                    number = int(properties["/MCID"]) if "/MCID" in properties else None
                    marks.append(number)
                    if number is not None:
                        self.texts[index, number] = ""
                    elif str(operands[0]) == "/Artifact":
                        self.artifacts.append("")
                case "EMC":
                    marks.pop()
                case "Tf":
                    font = unicode_map(resources.Font[str(operands[0])])
                case "Tj" | "TJ":
                    pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
                    words = "".join(decode(piece, font) for piece in pieces if isinstance(piece, pikepdf.String))
                    assert marks, "text that is neither content nor artifact"
                    if marks[-1] is None:
                        self.artifacts[-1] += words
                    else:
                        self.texts[index, marks[-1]] += words

    def read(self, element: Any, parent: Any) -> Node:
        assert element.P.objgen == parent.objgen
        node = Node(str(element.S)[1:])
        node.properties = {str(key): element[key] for key in element.keys() if str(key) not in ("/P", "/K", "/S")}  # noqa: SIM118
        for kid in element.K:
            if isinstance(kid, int):
                self.add_content(node, element, self.page_numbers[element.Pg.objgen], int(kid))
            elif kid.get("/Type") == "/MCR":
                page = self.page_numbers[kid.Pg.objgen]
                stream = self.index_of(kid.Stm) if "/Stm" in kid else page
                self.add_content(node, element, stream, int(kid.MCID), page)
            elif kid.get("/Type") == "/OBJR":
                annotations = self.pdf.pages[self.page_numbers[kid.Pg.objgen]].Annots
                assert kid.Obj.objgen in [annotation.objgen for annotation in annotations]
                assert self.parents[int(kid.Obj.StructParent)].objgen == element.objgen
                node.areas += 1
            else:
                node.kids.append(self.read(kid, element))
        return node

    def add_content(self, node: Node, element: Any, stream: int, number: int, page: int = -1) -> None:
        assert (stream, number) not in self.seen
        self.seen.add((stream, number))
        key = self.streams[stream].StructParents
        assert self.parents[int(key)][number].objgen == element.objgen
        node.kids.append(self.texts[stream, number].strip())
        node.pages.add(stream if page < 0 else page)

    def index_of(self, stream: Any) -> int:
        return next(i for i, known in enumerate(self.streams) if known.objgen == stream.objgen)


def unicode_map(font: Any) -> dict[int, str]:
    """Glyph id → text, from a font's ToUnicode."""
    cmap = font.ToUnicode.read_bytes().decode()
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL)
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block)
    }


def decode(string: Any, font: dict[int, str]) -> str:
    content = bytes(string)
    return "".join(font[int.from_bytes(content[i : i + 2])] for i in range(0, len(content), 2))
