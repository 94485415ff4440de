"""What each TEI element becomes: a table, and the questions that one asks of it. docs/tei.md explains it.

Knows elements by their local names, as some TEI has no namespace, and makes nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from lxml import etree

Role = Literal[
    "division",  # part of the contents, document, or section of a document
    "enclosure",  # a document in a document
    "front-page",  # the title page
    "group",  # vanishes, what is in it stays as blocks
    "paragraph", "head", "list", "table", "quote", "container", "lines", "figure",
    "piece",  # vanishes, what is in it stays as running text
    "piece-line",  # the same, on a line of its own
    "rendered", "span", "named", "reference", "gap", "graphic", "choice",
    "note", "page-break", "line-break",
    "mark",  # says nothing in print: an anchor, a milestone
    "index",  # an entry of the index
    "furniture",  # running heads and catchwords of the printed page, which ours replace
    "part",  # belongs to the element around it, which reads it: item, row, cell
]  # fmt: skip


def _each(names: str, role: Role) -> dict[str, tuple[Role, str]]:
    return dict.fromkeys(names.split(), (role, ""))


ELEMENTS: dict[str, tuple[Role, str]] = {
    **_each("div div0 div1 div2 div3 div4 div5 div6 div7", "division"),
    **_each("attachment floatingText", "enclosure"),
    "titlePage": ("front-page", ""),
    **_each("opener front body back argument epigraph text group docTitle cit", "group"),
    **_each("listBibl listPerson listPlace listOrg listEvent person org sp castList castGroup", "group"),
    **_each("performance set listApp listWit", "group"),
    **_each("p ab trailer byline titlePart docImprint docEdition imprimatur speaker stage castItem", "paragraph"),
    **_each("figDesc salutation witness bibl biblStruct biblFull", "paragraph"),
    "head": ("head", ""),
    "list": ("list", ""),
    "table": ("table", ""),
    **_each("quote q said blockquote", "quote"),
    **{name: ("container", name) for name in ("dateline", "salute", "closer", "signed", "postscript")},
    "address": ("lines", "address"),
    "lg": ("lines", "verse"),
    "l": ("lines", "verse"),
    "figure": ("figure", ""),
    **_each("name orgName rs geogName country region settlement district bloc", "piece"),
    **_each("forename surname roleName addName nameLink genName email street postCode", "piece"),
    **_each("date time num measure abbr expan ex am sic orig corr reg subst gloss", "piece"),
    **_each("title mentioned soCalled distinct w s c pc phr cl code formula damage secl surplus", "piece"),
    **_each("publisher pubPlace docDate docAuthor author editor biblScope idno series", "piece"),
    **_each("monogr analytic imprint role roleDesc desc g lem rdg rdgGrp wit caesura", "piece"),
    "addrLine": ("piece-line", ""),
    **_each("hi seg", "rendered"),
    "emph": ("span", "i"),
    **{name: ("span", name) for name in ("del", "add", "supplied", "unclear", "foreign")},
    "persName": ("named", "person"),
    "placeName": ("named", "place"),
    "term": ("named", "term"),
    **_each("ref ptr", "reference"),
    "gap": ("gap", ""),
    "graphic": ("graphic", ""),
    **_each("choice app", "choice"),
    "note": ("note", ""),
    "pb": ("page-break", ""),
    "lb": ("line-break", ""),
    **_each("anchor milestone cb gb space handShift", "mark"),
    "index": ("index", ""),
    "fw": ("furniture", ""),
    **_each("item label row cell", "part"),
}
"""Element → its role, and the kind of container, lines or span that it becomes."""

RENDERINGS: dict[str, str] = {
    **dict.fromkeys(("italic", "italics", "i", "it"), "i"),
    **dict.fromkeys(("bold", "strong", "b"), "b"),
    **dict.fromkeys(("smallcaps", "small-caps", "sc", "smallcap"), "sc"),
    **dict.fromkeys(("superscript", "sup", "super"), "sup"),
    **dict.fromkeys(("subscript", "sub"), "sub"),
    **dict.fromkeys(("underline", "underlined", "u"), "u"),
    **dict.fromkeys(("strikethrough", "strike"), "del"),
    "margin": "margin",
    **dict.fromkeys(("roman", "normal", "inline", "allcaps", "caps", "left", "right", "center"), ""),
}
"""Words of `rend` on a piece of running text → `i`, `b` or the kind of a span; empty: nothing to be done."""

ALIGNMENTS: dict[str, Literal["center", "left", "right"]] = {
    **dict.fromkeys(("center", "centre"), "center"),
    **dict.fromkeys(("flushleft", "left"), "left"),
    **dict.fromkeys(("flushright", "right"), "right"),
}
"""Words of `rend` on a paragraph → its alignment."""

DIVISION_TYPES: dict[str, Literal["part", "compilation", "chapter", "subchapter"]] = {
    "part": "part", "volume": "part", "book": "part", "compilation": "compilation",
    "chapter": "chapter", "subchapter": "subchapter",
}  # fmt: skip
"""Types of `div` that are divisions, or where they hold no others, documents of a volume."""

DOCUMENT_TYPES = {
    "toc": "contents", "contents": "contents", "index": "index", "persons": "persons", "terms": "terms",
    "papers": "papers", "preface": "preface", "foreword": "foreword", "sources": "note-on-sources",
    "acknowledgments": "acknowledgments", "acknowledgements": "acknowledgments", "introduction": "introduction",
    "dedication": "dedication", "bibliography": "bibliography", "appendix": "appendix", "errata": "errata",
    "editorial-note": "editorial-note", "text": "text", "title-page": "title-page",
}  # fmt: skip
"""Words of a `div`'s `type`, `subtype` or id → the type of its document."""

_RUNNING: frozenset[Role] = frozenset(
    ("piece", "piece-line", "rendered", "span", "named", "reference", "gap", "graphic", "choice",
     "note", "page-break", "line-break", "mark", "index", "furniture")
)  # fmt: skip
_IN_SENTENCES = ("stage", "bibl", "biblStruct", "biblFull", "cit")
"""Elements that stand among blocks or in a sentence."""
_STRUCTURAL: frozenset[Role] = frozenset(("division", "enclosure", "group", "front-page"))
SPACE = re.compile(r"[ \t\r\n]+")
XML = "{http://www.w3.org/XML/1998/namespace}"

Piece: TypeAlias = str | etree._Element


def name_of(element: etree._Element) -> str:
    """The element's local name."""
    return str(element.tag).rpartition("}")[2]


def role_of(element: etree._Element) -> Role | None:
    """What the table says, or None for an unknown element."""
    return ELEMENTS.get(name_of(element), (None, ""))[0]


def kind_of(element: etree._Element) -> str:
    """The kind of container, lines or span that it becomes."""
    return ELEMENTS[name_of(element)][1]


def id_of(element: etree._Element) -> str:
    return str(element.get(f"{XML}id") or element.get("id") or "")


def pieces(element: etree._Element) -> Iterator[Piece]:
    """What an element holds in order: text and elements; comments and instructions are passed over."""
    if element.text:
        yield str(element.text)
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield str(child.tail)


def elements_in(element: etree._Element) -> Iterator[etree._Element]:
    """All elements inside an element, in order."""
    return (inner for inner in element.iterdescendants() if isinstance(inner.tag, str))


def is_block(element: etree._Element) -> bool:
    """Whether an element stands between paragraphs rather than in one."""
    role = role_of(element)
    if role in ("note", "quote", "lines"):
        return role != "note" and _is_block_form(element)
    if name_of(element) in _IN_SENTENCES and _in_sentence(element):
        return any(is_block(child) for child in element if isinstance(child.tag, str))
    if role in ("piece", "rendered", "span", "named", "choice", None):
        return any(is_block(child) for child in element if isinstance(child.tag, str))
    return role not in _RUNNING


def _is_block_form(element: etree._Element) -> bool:
    """Of quotes and verses, which may stand in running text as well."""
    if name_of(element) in ("lg", "l", "address", "blockquote"):
        return True
    if "blockquote" in words_of(element, "rend") or "block" in words_of(element, "rend"):
        return True
    if element.getparent() is not None and not _in_sentence(element):
        return True
    return any(is_block(child) for child in element if isinstance(child.tag, str))


def _in_sentence(element: etree._Element) -> bool:
    """Whether an element stands in running text; what is cited in a sentence does as well."""
    parent = element.getparent()
    if parent is None or not is_structural(parent):
        return parent is not None
    return name_of(parent) == "cit" and _in_sentence(parent)


def is_structural(element: etree._Element) -> bool:
    """Whether blocks stand directly in an element, so that a note in it is a part of the document."""
    return role_of(element) in _STRUCTURAL


def words_of(element: etree._Element, attribute: str) -> list[str]:
    return str(element.get(attribute) or "").lower().split()


def renderings_of(element: etree._Element) -> list[str]:
    """The words that say how an element looks; a `hi` that says nothing is in italics."""
    words = words_of(element, "rend") or [
        word.rpartition("#")[2].rpartition(":")[2] for word in words_of(element, "rendition")
    ]
    if name_of(element) == "hi" and not words and not element.get("style"):
        return ["italic"]
    return words


def plain(element: etree._Element) -> str:
    """The words of an element without notes, for front matter and messages; line breaks are spaces."""
    written: list[str] = []
    _gather(element, written)
    return SPACE.sub(" ", "".join(written)).strip()


def _gather(element: etree._Element, written: list[str]) -> None:
    for piece in pieces(element):
        if isinstance(piece, str):
            written.append(piece)
        elif role_of(piece) in ("line-break", "page-break"):
            written.append(" ")
        elif role_of(piece) not in ("note", "index"):
            _gather(piece, written)


def index_entries(index: etree._Element) -> list[str]:
    """The headings that an `index` names, each with those above it: `Lamps > oil`."""
    terms = [plain(child) for child in index if isinstance(child.tag, str) and name_of(child) == "term"]
    own = " ".join(words for words in terms if words) or ("" if terms else plain(index))
    inner = [child for child in index if isinstance(child.tag, str) and name_of(child) == "index"]
    under = [entry for child in inner for entry in index_entries(child)]
    if not under:
        return [own] if own else []
    return [f"{own} > {entry}" if own else entry for entry in under]


def has_words(run: Iterable[Piece]) -> bool:
    """Whether some pieces hold any text, that of notes included, or any note."""
    for piece in run:
        if isinstance(piece, str):
            if piece.strip(" \t\r\n"):
                return True
        elif role_of(piece) == "note" or (
            role_of(piece) not in ("index", "furniture") and has_words(pieces(piece))
        ):
            return True
    return False
