"""Parts of the sample volumes: cut out of the TEI at test time, imported and built as the pipeline does it.

The volumes lie beside the project and are not part of it. Each is parsed once; nothing of it is written but what a
test cuts into its own folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TypeAlias

import pytest
from lxml import etree

from edition import manuscript, pipeline
from edition.model import Document, Edition
from edition.walk import Node, walk
from tests.reading import ReadPage, read_pdf

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "frus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample volumes are not beside the project")

Kept: TypeAlias = "Mapping[int, Kept | None] | None"
"""Which children of an element stay, by their turn from 0, and what of each; None keeps everything."""


@dataclass(frozen=True)
class Cut:
    """A division, or with `tag` the first element of that name: what is kept of it, and how many rows and items."""

    id: str
    kept: Kept = None
    rows: int = 0
    items: int = 0
    tag: str = "div"


@dataclass
class Part:
    """Some cuts of a volume, imported and built."""

    imported: pipeline.Imported
    folder: Path
    source: Path
    built: pipeline.Built
    findings: tuple[str, ...] = field(init=False)
    """Codes of what the import found."""

    def __post_init__(self) -> None:
        self.findings = tuple(finding.code for finding in self.imported.findings)

    @cached_property
    def edition(self) -> Edition:
        return manuscript.load(self.folder)[0]

    def saved(self, name: str) -> str:
        return (self.folder / "documents" / f"{name}.md").read_text(encoding="utf-8")

    def body(self, name: str) -> str:
        return self.saved(name).split("\n---\n", 1)[1].strip("\n")

    def document(self, name: str) -> Document:
        return next(document for document in self.edition.documents if document.id == name)

    def nodes(self, name: str, kind: type) -> list[Node]:
        return [node for _, node in walk(self.document(name)) if isinstance(node, kind)]

    @cached_property
    def pages(self) -> list[ReadPage]:
        return read_pdf(self.built.pdf)

    def pages_with(self, words: str) -> list[ReadPage]:
        """The pages that have some words; white space does not count, as lines may break anywhere."""
        wanted = "".join(words.split())
        return [page for page in self.pages if wanted in "".join(page.text.split())]

    def page_with(self, words: str) -> ReadPage:
        found = self.pages_with(words)
        assert found, f"no page has {words!r}"
        return found[0]

    def print_of(self, words: str, length: int = 300) -> str:
        """What is printed from some words on, white space taken together."""
        text = " ".join(self.page_with(words).text.split())
        start = text.find(words)
        assert start >= 0, f"{words!r} is broken over lines in: {text}"
        return text[start : start + length]


@cache
def _volume(name: str) -> etree._Element:
    return etree.parse(str(CORPUS / f"{name}.xml")).getroot()


def cut(volume: str, *cuts: Cut) -> bytes:
    """A small TEI file with a volume's header and some parts of it, in the order of the volume."""
    whole = _volume(volume)
    text = whole.find("{*}text")
    assert text is not None
    held: dict[str, list[etree._Element]] = {"front": [], "body": [], "back": []}
    found = [(_found(text, wanted), wanted) for wanted in cuts]
    for element, wanted in sorted(found, key=lambda pair: _turns(pair[0])):
        around = next((etree.QName(a).localname for a in element.iterancestors("{*}front", "{*}back")), "body")
        held[around].append(_kept(element, wanted))
    root = etree.Element(whole.tag, dict(whole.attrib), whole.nsmap)
    for child in whole:
        root.append(etree.Element(text.tag, dict(text.attrib)) if child is text else deepcopy(child))
    made = root.find("{*}text")
    assert made is not None
    for name, elements in held.items():
        if elements:
            etree.SubElement(made, f"{{{etree.QName(text).namespace}}}{name}").extend(elements)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _turns(element: etree._Element) -> list[int]:
    """Where it is in the volume: its turn among its parent's children, after those of what is around it."""
    parent = element.getparent()
    return [] if parent is None else [*_turns(parent), parent.index(element)]


def _found(text: etree._Element, wanted: Cut) -> etree._Element:
    key = "{http://www.w3.org/XML/1998/namespace}id"
    return next(e for e in text.iter(f"{{*}}{wanted.tag}") if not wanted.id or e.get(key) == wanted.id)


def _kept(element: etree._Element, wanted: Cut) -> etree._Element:
    made = deepcopy(element)
    made.tail = "\n"
    _keep_children(made, wanted.kept)
    for name, most in (("row", wanted.rows), ("item", wanted.items)):
        if most:
            for holder in list(made.iter("{*}table" if name == "row" else "{*}list")):
                for child in holder.findall(f"{{*}}{name}")[most:]:
                    holder.remove(child)
    return made


def _keep_children(element: etree._Element, kept: Kept) -> None:
    if kept is None:
        return
    for turn, child in enumerate([child for child in element if isinstance(child.tag, str)]):
        if turn not in kept:
            element.remove(child)
        else:
            _keep_children(child, kept[turn])


def imported_and_built(volume: str, folder: Path, *cuts: Cut) -> Part:
    """The parts as an editor gets them: imported (which proves itself) and built (which proves itself)."""
    source = folder / f"{volume}.xml"
    source.write_bytes(cut(volume, *cuts))
    return _built(source, folder)


def _built(source: Path, folder: Path) -> Part:
    imported = pipeline.import_tei(source, folder / "edition")
    return Part(imported, folder / "edition", source, pipeline.build(folder / "edition", folder / "out"))


def built_sample(text: str, folder: Path) -> Part:
    """A TEI file of our own with this in its `text`, imported and built."""
    source = folder / "sample.xml"
    namespaces = 'xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0"'
    header = "<teiHeader><fileDesc><titleStmt><title>Samples</title></titleStmt></fileDesc></teiHeader>"
    source.write_text(f"<TEI {namespaces}>{header}<text>{text}</text></TEI>", encoding="utf-8")
    return _built(source, folder)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
