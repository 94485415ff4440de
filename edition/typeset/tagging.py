"""The logical structure of the PDF, made anew from the engine's boxes: it replaces the engine's own tag step.

The engine makes a structure element for each box, so that whatever is broken over pages falls to pieces,
notes stand far from their calls and anonymous boxes become list items and cells. Here each HTML element makes
one structure element, wherever its boxes are: a paragraph over three pages is one P, a note one Note right
after its call.

What repeats or decorates (margin boxes, table heads on later pages, leaders) is an artifact and no
part of the structure.

`engine` installs HOOKS. All state lives in one `Tagging` for each PDF. Which role may stand in which is known
to `structure`, how the tree is written to `structure_tree`; of page layout this module knows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pydyf
from weasyprint.css import AnonymousStyle
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

from edition.typeset.collecting import Across, Along
from edition.typeset.labelling import Labelling, generated_as
from edition.typeset.structure import Area, Content, Element, tidy
from edition.typeset.structure_tree import StructureTree

ROLES = {
    "main": "Part", "article": "Art", "section": "Sect", "nav": "Sect", "blockquote": "BlockQuote",
    "p": "P", "pre": "P", "figcaption": "P",
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "ul": "L", "ol": "L", "li": "LI",
    "table": "Table", "caption": "Caption", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot",
    "tr": "TR", "th": "TH", "td": "TD", "img": "Figure", "svg": "Figure",
    "a": "Link", "em": "Em", "i": "Em", "cite": "Em", "strong": "Strong", "b": "Strong",
}  # fmt: skip
"""What HTML elements are; any other is a Div or a Span, as its boxes are blocks or not."""

PSEUDO_ROLES = {"marker": "Lbl", "footnote-marker": "Lbl", "footnote-call": "Span"}
"""Pseudo-elements that are elements of the structure; the others are text of their element."""

NUMBERINGS = {
    "disc": "Disc", "circle": "Circle", "square": "Square", "decimal": "Decimal",
    "upper-roman": "UpperRoman", "lower-roman": "LowerRoman", "upper-alpha": "UpperAlpha",
    "lower-alpha": "LowerAlpha", "upper-latin": "UpperAlpha", "lower-latin": "LowerAlpha",
}  # fmt: skip
"""Values of list-style-type and of ListNumbering (ISO 32000-1, table 347)."""

LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SVG = "{http://www.w3.org/2000/svg}"
POINTS = 0.75
"""Points in a CSS pixel."""

HEADER = {"Type": "/Pagination", "Subtype": "/Header"}
FOOTER = {"Type": "/Pagination", "Subtype": "/Footer"}
REPEATED = {"Type": "/Pagination"}
DECORATION = {"Type": "/Layout"}


def add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: list[Any]) -> None:
    """Write the structure tree. Stands in for `weasyprint.pdf.tags.add_tags`, with its parameters."""
    tagging = Tagging(pdf, document, page_streams)
    for page, box in enumerate(page._page_box for page in document.pages):
        tagging.read_page(page, box)
    html = _html_of(document)
    body = None if html is None else html.find("body")
    tidy(tagging.root, map(int, (body.get("data-heads") or "").split()) if body is not None else ())
    tree = StructureTree(pdf, page_streams)
    tree.write(tagging.root)
    document.labels = tagging.labels.finished()
    document.structure = tree.open
    document.generated = tagging.generated


HOOKS = {"weasyprint.pdf.add_tags": add_tags}
"""What `engine` replaces: dotted name → what stands there instead."""


class Tagging:
    """The structure of one PDF while it is read from the boxes."""

    def __init__(self, pdf: Any, document: Any, page_streams: list[Any]) -> None:
        self.pdf = pdf
        self.heights = [page.height for page in document.pages]
        self.pages = pdf.page_references
        self.page_streams = page_streams
        self.streams = _streams_by_tags(pdf)
        self.root = Element("Document")
        self.elements: dict[Any, Element] = {}
        """By HTML element, and by (HTML element, pseudo-element)."""
        self.contents: set[Element] = set()
        """Contents lists and what is in them."""
        self.labels = Labelling(_html_of(document))
        self.generated: list[tuple[Any, Any, int]] = []
        """Boxes of generated text, with the stream that draws each, and where in it."""
        self.page = 0
        self.marks: dict[int, tuple[Any, int]] = {}
        """On this page: number of marked content → the stream that draws it, and where in it."""

    # Reading boxes

    def read_page(self, page: int, box: Any) -> None:
        self.page = page
        stream = self.page_streams[page]
        self.marks = {}
        for drawing in self.streams[id(stream._tags)]:
            for position, operand in enumerate(drawing.stream):
                if isinstance(operand, pydyf.Dictionary) and "MCID" in operand:
                    self.marks[operand["MCID"]] = drawing, position
        self.tags: dict[Any, Any] = stream._tags
        self.labels.open_page(box, stream)
        self.read(box, self.root)
        assert not self.tags, f"{len(self.tags)} pieces of page {page + 1} are drawn but in no box"

    def read(self, box: Any, parent: Element, link: Element | None = None) -> None:
        """Read a box and what is in it into the structure.

        Its element becomes a kid of `parent`, unless it has a place already; `link` is the link around it.
        """
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if (artifact := self.artifact(box)) is not None:
            self.labels.margin_box = box if isinstance(box, boxes.MarginBox) else None
            self.drop(box, artifact)
            self.labels.margin_box = None
            return
        if isinstance(box, boxes.TextBox):
            self.add_content(box, parent)
            return
        element = self.element_of(box, parent)
        if box.link_annotation:
            self.add_area(box, element, link)
        if isinstance(box, boxes.ReplacedBox):
            self.add_content(box, element)
        for child in box.children:
            self.read(child, element, element if element.role == "Link" else link)

    def artifact(self, box: Any) -> dict[str, str] | None:
        """What kind of artifact a box is, or None for a part of the text."""
        if isinstance(box, boxes.MarginBox):
            return HEADER if box.at_keyword.startswith("@top") else FOOTER
        if box.is_leader or (box.element is not None and box.element.get("aria-hidden") == "true"):
            return DECORATION
        if isinstance(box, boxes.ReplacedBox) and not _alternative(box.element):
            return DECORATION
        if isinstance(box, boxes.TextBox | boxes.ReplacedBox) and box.style["visibility"] != "visible":
            return DECORATION
        if isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer):
            before = self.elements.get(box.element)
            return REPEATED if before and before.page < self.page else None
        return None

    def drop(self, box: Any, artifact: dict[str, str]) -> None:
        """Take a box and what is in it out of the text: mark what it draws as an artifact, unlink it."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if (tag := self.tags.pop(box, None)) is not None:
            drawing, position = self.marks[tag["mcid"]]
            drawing.stream[position - 1 : position + 1] = "/Artifact", pydyf.Dictionary(artifact)
            self.labels.add_artifact(box, drawing, position, repeated=artifact is REPEATED)
        if box.link_annotation:
            self.unlink(box)
        for child in box.children:
            self.drop(child, artifact)

    def add_content(self, box: Any, element: Element) -> None:
        if (tag := self.tags.pop(box, None)) is not None:  # an empty box may not be drawn
            number = tag["mcid"]
            element.kids.append(Content(self.page, self.marks[number][0], number))
            self.labels.add_content(box, number)
            if isinstance(box, boxes.TextBox) and generated_as(box):
                self.generated.append((box, *self.marks[number]))

    def add_area(self, box: Any, element: Element, link: Element | None) -> None:
        """Bind a link annotation to its link. What stands in a link gets one, too: in a line one will do."""
        if link and isinstance(box, boxes.InlineBox):
            self.unlink(box)
            return
        if link is None:
            link = element if element.role == "Link" else element.add("Link", self.page)
        link.kids.append(Area(self.page, box.link_annotation))
        if words := _link_text(box.element):
            box.link_annotation["Contents"] = pydyf.String(words)

    def unlink(self, box: Any) -> None:
        page = self.pdf.objects[int(self.pages[self.page].split()[0])]
        page["Annots"].remove(box.link_annotation.reference)

    def element_of(self, box: Any, parent: Element) -> Element:
        """The structure element that a box belongs to, made where this is the first box of its element."""
        html = box.element
        if html is None:
            return parent
        tag, _, pseudo = box.element_tag.partition("::")
        if pseudo:
            return self.pseudo_element(html, pseudo, parent)
        if tag in ("html", "body"):
            return self.root
        if _is_anonymous(box):
            return parent
        return self.elements.get(html) or self.new_element(html, box, parent)

    def pseudo_element(self, html: Any, pseudo: str, parent: Element) -> Element:
        """The element for generated content. Where a note is called, the note itself gets its place."""
        if pseudo not in PSEUDO_ROLES:
            return parent
        if (html, pseudo) not in self.elements:
            self.elements[html, pseudo] = parent.add(PSEUDO_ROLES[pseudo], self.page)
            if pseudo == "footnote-call" and html not in self.elements:
                self.elements[html] = note = parent.add("Note", self.page)
                self.describe(note, html)
        return self.elements[html, pseudo]

    def new_element(self, html: Any, box: Any, parent: Element) -> Element:
        classes = html.get("class", "").split()
        if "from-break" in classes and parent.elements and parent.elements[-1].broken:
            self.elements[html] = parent.elements[-1]
        else:
            self.elements[html] = element = parent.add(_role(html, box, classes, parent), self.page)
            if "contents" in classes or parent in self.contents:
                self.contents.add(element)
                element.role = "TOC" if element.role == "L" else element.role
            self.describe(element, html)
            self.add_attributes(element, html, box)
        self.elements[html].broken = "to-break" in classes
        return self.elements[html]

    def describe(self, element: Element, html: Any) -> None:
        """What HTML says of an element in any layout."""
        language = html.get("lang") or html.get(XML_LANGUAGE) or ""
        element.language = language if LANGUAGE.fullmatch(language) else ""
        element.expansion = html.get("title", "") if html.tag == "abbr" else ""
        element.continues, element.goes_on = (
            html.get(name) is not None for name in ("data-continues", "data-goes-on")
        )
        if element.role == "Note":
            element.id = html.get("id") or "note"
        elif element.role in ("Art", "Sect"):
            element.id = html.get("id", "")  # whoever reads the finished file sees which document a text is of
        if element.role == "Figure":
            element.alternative = _alternative(html)

    def add_attributes(self, element: Element, html: Any, box: Any) -> None:
        """What depends on style and place: numbering of lists, spans and scopes of cells, frames."""
        if element.role == "L":
            marker = "none" if "labelled" in html.get("class", "").split() else box.style["list_style_type"]
            element.attributes["List"] = {"ListNumbering": f"/{NUMBERINGS.get(marker, 'None')}"}
        elif element.role in ("TH", "TD"):
            element.attributes["Table"] = {"ColSpan": box.colspan, "RowSpan": box.rowspan}
            if element.role == "TH":
                element.attributes["Table"]["Scope"] = "/Row" if html.get("scope") == "row" else "/Column"
        elif element.role == "Figure":
            left, top = box.content_box_x() * POINTS, box.content_box_y() * POINTS
            height = self.heights[self.page] * POINTS
            right, bottom = left + box.width * POINTS, height - top - box.height * POINTS
            frame = Across(left, self.page), Along(bottom, self.page), Across(right, self.page)
            element.attributes["Layout"] = {"BBox": pydyf.Array((*frame, Along(height - top, self.page)))}


def _html_of(document: Any) -> Any:
    """The root element of the HTML; None where there is no page."""
    boxes_of_root = (page._page_box.children[0] for page in document.pages if page._page_box.children)
    return next((box.element for box in boxes_of_root if box.element is not None), None)


def _streams_by_tags(pdf: Any) -> dict[int, list[Any]]:
    """The drawing streams of each page by the identity of the page's tags, which its groups share."""
    streams: dict[int, list[Any]] = {}
    for candidate in pdf.objects:
        if isinstance(candidate, Stream):
            streams.setdefault(id(candidate._tags), []).append(candidate)
    return streams


def _role(html: Any, box: Any, classes: Iterable[str], parent: Element) -> str:
    tag = html.tag.rpartition("}")[2]
    if tag == "aside" and "note" in classes:
        return "Note"
    if tag == "span" and "label" in classes and parent.role == "LI":
        return "Lbl"
    if tag == "li" and parent.role == "TOC":
        return "TOCI"
    return ROLES.get(tag) or ("Div" if isinstance(box, boxes.BlockLevelBox) else "Span")


def _is_anonymous(box: Any) -> bool:
    """Whether the engine put a box between those of elements; a table's wrapper stands for the table."""
    return isinstance(box.style, AnonymousStyle) and not box.is_table_wrapper


def _alternative(html: Any) -> str:
    """The words instead of a picture."""
    return str(html.get("alt") or html.findtext(f"{SVG}title") or "")


def _link_text(html: Any) -> str:
    """What a link says: its title, or its words, or those instead of its picture."""
    words = " ".join("".join(html.itertext()).split())
    return html.get("title") or words or next((_alternative(picture) for picture in html.iter("img")), "")
