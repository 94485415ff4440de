"""Labels: which element, pseudo-element or margin box each marked piece of a page's drawing belongs to.

Recorded while the drawing is tagged, for whoever reads the finished PDF and must know what is text, what a note
and what furniture. A label never says what the piece reads: that is for the drawing alone to say.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes

from edition.pages import HtmlElement, Label, Labels, PageLabels, Rectangle

OF_TEXT = ("first-letter", "first-line")
"""Pseudo-elements that generate nothing: what is in them is text of their element."""
POINTS = 0.75
"""Points in a CSS pixel."""


class Labelling:
    """Collects the labels of one PDF, page after page."""

    def __init__(self, html: Any) -> None:
        self.numbers: dict[Any, int] = {}
        """The number of each HTML element, in document order."""
        self.elements: list[HtmlElement] = []
        if html is not None:
            self.number_elements(html)
        self.pages: list[PageLabels] = []
        self.stream: Any = None
        self.content: dict[int, Label] = {}
        self.artifacts: list[tuple[int, Label]] = []
        """Where in the stream of the open page each artifact stands."""
        self.areas: tuple[Rectangle, Rectangle | None] | None = None
        self.margin_box: Any = None
        """The margin box whose content is being labelled."""

    def number_elements(self, html: Any) -> None:
        parents = {child: element for element in html.iter() for child in element}
        for number, element in enumerate(html.iter()):
            self.numbers[element] = number
            parent = self.numbers[parents[element]] if element in parents else -1
            classes = frozenset((element.get("class") or "").split())
            leads_to, since = ((element.get(name) or "").removeprefix("#") for name in ("href", "data-since"))
            own = element.get("id") or ""
            self.elements.append(HtmlElement(str(element.tag), own, classes, parent, leads_to, since))

    def open_page(self, page: Any, stream: Any) -> None:
        """Begin the labels of a page, given its box and the stream that draws it."""
        self.close_page()
        notes = next((box for box in page.children if isinstance(box, boxes.FootnoteAreaBox)), None)
        text_area = _rectangle(page.content_box_x(), page.content_box_y(), page.width, page.height)
        note_area = None
        if notes is not None and notes.children:
            note_area = _rectangle(
                notes.border_box_x(), notes.border_box_y(), notes.border_width(), notes.border_height()
            )
        self.areas = text_area, note_area
        self.stream = stream

    def close_page(self) -> None:
        if self.areas is None:
            return
        artifacts = tuple(label for _, label in sorted(self.artifacts, key=lambda entry: entry[0]))
        self.pages.append(PageLabels(*self.areas, self.content, artifacts))
        self.content, self.artifacts, self.areas = {}, [], None

    def add_content(self, box: Any, number: int) -> None:
        """Label the marked content of this number on the open page."""
        self.content[number] = self.label(box)

    def add_artifact(self, box: Any, drawing: Any, position: int, *, repeated: bool) -> None:
        """Label an artifact by where it stands in the page's own stream; those in groups have no label."""
        if drawing is self.stream:
            self.artifacts.append((position, self.label(box, repeated=repeated)))

    def label(self, box: Any, *, repeated: bool = False) -> Label:
        if self.margin_box is not None:
            strings = _strings(self.margin_box.style)
            return Label(-1, self.margin_box.at_keyword, _recased(box.style), strings)
        pseudo = generated_as(box)
        return Label(self.numbers.get(box.element, -1), pseudo, _recased(box.style), (), repeated)

    def finished(self) -> Labels:
        self.close_page()
        return Labels(tuple(self.elements), tuple(self.pages))


def generated_as(box: Any) -> str:
    """The pseudo-element that a box was generated for; empty for one of the text, as a first letter is."""
    pseudo: str = (box.element_tag or "").partition("::")[2]
    return "" if pseudo in OF_TEXT else pseudo


def _rectangle(left: float, top: float, width: float, height: float) -> Rectangle:
    return left * POINTS, top * POINTS, (left + width) * POINTS, (top + height) * POINTS


def _recased(style: Any) -> bool:
    return bool(style["text_transform"] != "none" or style["font_variant_caps"] != "normal")


def _strings(style: Any) -> tuple[str, ...]:
    """The named strings in the `content` of a style."""
    content = style["content"]
    if isinstance(content, str):
        return ()
    return tuple(value[0] for kind, value in content if kind == "string()")
