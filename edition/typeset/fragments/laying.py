"""A stretch laid out as fragments: pages without furniture, drawn, with all that the book needs to know of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element, tostring

import pydyf
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf import VARIANTS, generate_pdf

from edition.drawings import Drawing, FontUse, Going, PageBoxes, PageDrawing, Resources
from edition.pages import Page, Rectangle, destination_name
from edition.typeset.collecting import CATEGORIES, Across, Along, Collecting
from edition.typeset.fragments.dividing import Dividing, Parse, Share, own_boxes, parents_in
from edition.typeset.fragments.laid import Laid, Made, PageRecord
from edition.typeset.fragments.open_numbers import Opened, leave_open
from edition.typeset.fragments.start import Fragment, OpenFonts, OpenPages
from edition.typeset.furniture import has_margin_marks, place_margin_marks
from edition.typeset.paged import page_from

VARIANT = "pdf/a-3a"


def lay_out(book: Any, fragment: Fragment, **rendering: Any) -> Any:
    """Lay out a stretch's HTML (the engine's) from a place on, as it starts, with the page numbers known of anchors.

    Gives the engine's document. `rendering` is what it is rendered with: sheets and fonts.
    """
    book.fragment = fragment
    document = book.render(pdf_variant=VARIANT, **rendering)
    for page in document.pages:
        place_margin_marks(page._page_box)
    return document


def divided(document: Any, fragment: Fragment, dividing: Dividing, parse: Parse) -> Iterator[Made]:
    """The fragments of what was laid out, in order. `parse` makes elements of HTML. Findings are left to the caller."""
    endings = fragment.endings
    assert endings is not None, "of what is laid out to be divided the ends are looked for"
    pages = len(document.pages)
    for share in dividing.shares(fragment.start, endings.found, fragment.context, endings.root, pages, parse):
        yield _made(document, fragment, share)


def _made(document: Any, whole: Fragment, share: Share) -> Made:
    """A fragment of what was laid out."""
    context = whole.context
    own = document.copy(document.pages[share.first : share.first + share.pages])
    open_document(own)
    boxes = [page._page_box for page in own.pages]
    own_boxes(share, boxes)
    running = _Running(share)
    records = tuple(_record(number, box, context, running) for number, box in enumerate(boxes, share.first + 1))
    past = {element.get("id") for element in share.own if element not in share.inside}
    pages = tuple(without_anchors(page_from(index, page), past) for index, page in enumerate(own.pages))
    fragment = replace(
        whole,
        asked={
            (share.own[element], tag): its for (element, tag), its in whole.asked.items() if element in share.own
        },
        elsewhere={share.own[element]: its for element, its in whole.elsewhere.items() if element in share.own},
    )
    drawing, opened = drawing_of(own, fragment)
    targets = {target for page in own.pages for kind, target, *_ in page.links if kind == "internal"}
    asked = {*chain.from_iterable(fragment.asked.values()), *chain.from_iterable(fragment.elsewhere.values())}
    laid = Laid(
        share.start,
        pages,
        records,
        drawing.pages,
        len(drawing.objects),
        tuple(font_uses(own.fonts)),
        tuple(running.html),
        tuple(sorted(targets)),
        {name: whole.numbers[name] for name in sorted(asked) if name not in opened.anchors},
        opened.anchors,
        side_matters=_side_matters(context.page_maker[share.first + 1 : share.first + share.pages], boxes),
        follows=share.follows,
        reach=share.reach,
        lines=context.line_count(share.inside),
    )
    return Made(share.end, laid, drawing, own.labels)


def without_anchors(page: Page, names: set[str]) -> Page:
    """A page without the anchors of elements that began before it."""
    if names.isdisjoint(page.anchors):
        return page
    return replace(page, anchors={name: spot for name, spot in page.anchors.items() if name not in names})


def _side_matters(states: Sequence[Any], boxes: list[Any]) -> bool:
    """Whether pages would be others if the first one were on the other side; `states` are those between them."""
    sides = any(state[1]["break"] in ("left", "right", "recto", "verso") for state in states)
    return sides or any(has_margin_marks(box) or _is_painted(box) for box in boxes)


def _is_painted(page: Any) -> bool:
    """Whether the sheet itself has a background or a border, which does not move with the text."""
    borders = (page.border_top_width, page.border_right_width, page.border_bottom_width, page.border_left_width)
    return _shows(page.background) or _shows(page.canvas_background) or any(borders)


def _shows(background: Any) -> bool:
    """Whether a background is more than a place for one."""
    return background is not None and bool(
        background.color.alpha or any(layer.image for layer in background.layers)
    )


def _record(number: int, box: Any, context: Any, running: _Running) -> PageRecord:
    strings = {name: tuple(pages[number]) for name, pages in context.string_set.items() if number in pages}
    elements = {
        name: tuple(running.number(element.element) for element in pages[number])
        for name, pages in dict.items(context.running_elements)
        if pages.get(number)
    }
    type_ = box.page_type
    return PageRecord(
        type_.side == "right",
        type_.blank,
        type_.name,
        tuple((name, min(page, 1)) for name, page in type_.groups),
        strings,
        tuple(sorted(_first_strings(box) & set(strings))),
        elements,
        content_area(box),
    )


def content_area(page: Any) -> tuple[float, float, float, float]:
    """Left, top, width and height of a page's content box, in CSS pixels."""
    return float(page.content_box_x()), float(page.content_box_y()), float(page.width), float(page.height)


def _first_strings(page: Any) -> set[str]:
    """The named strings that the first element of a page sets, or one that it is the first in."""
    names: set[str] = set()
    box = page
    while True:
        if box.style["string_set"] != "none":
            names |= {name for name, _ in box.style["string_set"]}
        if not getattr(box, "children", ()):
            return names
        box = box.children[0]


class _Running:
    """The running elements of a fragment, numbered as they are met."""

    def __init__(self, share: Share) -> None:
        self.own = share.own
        self.parents = parents_in(share.root)
        self.numbers: dict[Element, int] = {}
        self.html: list[str] = []

    def number(self, element: Element) -> int:
        """The number of an element of the stretch that was laid out."""
        element = self.own[element]
        if element not in self.numbers:
            self.numbers[element] = len(self.numbers)
            self.html.append(tostring(self.in_place(element), encoding="unicode"))
        return self.numbers[element]

    def in_place(self, element: Element) -> Element:
        """A copy of an element inside copies of those around it, the document's body left out."""
        made = _copy(element)
        made.set("data-running", "")
        for around in self.around(element):
            outer = Element(around.tag, around.attrib)
            outer.append(made)
            made = outer
        return made

    def around(self, element: Element) -> Iterator[Element]:
        while (element := self.parents[element]).tag not in ("html", "body"):
            yield element


def _copy(element: Element) -> Element:
    made = Element(element.tag, element.attrib)
    made.text = element.text
    made.extend(element)
    return made


def engine_pdf(document: Any) -> Any:
    """The PDF that the engine makes of a document, not written yet; metadata included, which nobody uses."""
    options = {**DEFAULT_OPTIONS, "pdf_variant": VARIANT}
    _, properties = VARIANTS[VARIANT]
    options.update((name, value) for name, value in properties.items() if options[name] is None)
    return generate_pdf(document, None, 1, **options)


def open_document(document: Any) -> None:
    """Leave open what is written once for the whole book: fonts, and where links lead."""
    document.pages, document.fonts = OpenPages(document.pages), OpenFonts()


def drawing_of(document: Any, fragment: Fragment | None = None) -> tuple[Drawing, Opened]:
    """What a document draws that was left open; of a fragment, the page numbers that it prints, too."""
    pdf = engine_pdf(document)
    opened = leave_open(document, fragment) if fragment and fragment.opens else Opened()
    structure = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    element = pdf.objects[_number(structure["K"][0])]
    numbers = {number: f"page{index}" for index, number in enumerate(_pages(pdf))}
    numbers |= {placeholder.number: f"open{depth}" for depth, placeholder in document.structure.parents.items()}
    collecting = Collecting(pdf, shared_objects(document, pdf) | numbers | {element.number: "document"})
    pages = [_page(index, pdf.objects[number], collecting) for index, number in enumerate(_pages(pdf))]
    kids = [(depth, collecting.number(kid)) for depth, kid in document.structure.kids]
    going = [_going(depth, its, collecting) for depth, its in document.structure.going]
    tree = pdf.objects[_number(structure["ParentTree"])]["Nums"]
    parents = tuple(collecting.written(entry) for entry in tree[1::2])
    ids = pdf.objects[_number(structure["IDTree"])]["Names"] if "IDTree" in structure else []
    resources = resources_of(pdf, collecting)
    named = tuple((name, collecting.number(element)) for name, element in _pairs(ids))
    drawing = Drawing(
        collecting.finish(),
        tuple(pages),
        resources,
        tuple(kids),
        tuple(going),
        parents,
        named,
        opened.figures,
        frozenset(collecting.open_streams),
    )
    return drawing, opened


def _going(depth: int, element: Any, collecting: Collecting) -> Going:
    """A structure element that goes on; what is written of it now is left empty."""
    kids = element.pop("K")
    number = collecting.number(element.reference)
    body = collecting.written(element)
    collecting.elsewhere.add(number)
    return Going(depth, number, body, b" ".join(map(collecting.written, kids)))


def shared_objects(document: Any, pdf: Any) -> dict[int, str]:
    """Numbers of what the engine's file has and the whole book will have once."""
    resources = pdf.objects[_resources_number(pdf)]
    shared = {_number(resources["Font"]): "fonts", _number(resources["ColorSpace"]): "colours"}
    shared[_number(document.color_profiles["srgb"].pdf_reference)] = "profile"
    return shared


def resources_of(pdf: Any, collecting: Collecting) -> Resources:
    """What all pages of the engine's file use, beside fonts and colours."""
    resources = pdf.objects[_resources_number(pdf)]
    return {
        category: {name: collecting.written(value) for name, value in resources[category].items()}
        for category in CATEGORIES
        if resources[category]
    }


def _page(index: int, page: Any, collecting: Collecting) -> PageDrawing:
    annotations = []
    for reference in page.get("Annots", ()):
        annotation = collecting.pdf.objects[_number(reference)]
        left, bottom, right, top = annotation["Rect"]
        corners = Across(left, index), Along(bottom, index), Across(right, index), Along(top, index)
        annotation["Rect"] = pydyf.Array(corners)
        if "Dest" in annotation:
            annotation["Dest"] = pydyf.String(destination_name(annotation["Dest"].string))
        annotations.append(collecting.number(reference))
    return PageDrawing(boxes_of(page), collecting.number(page["Contents"]), tuple(annotations))


def boxes_of(page: Any) -> PageBoxes:
    """The boxes of a page of the engine's file."""
    return PageBoxes(*(rectangle(page[name]) for name in ("MediaBox", "TrimBox", "BleedBox")))


def rectangle(corners: Any) -> Rectangle:
    left, bottom, right, top = map(float, corners)
    return left, bottom, right, top


def _pages(pdf: Any) -> list[int]:
    return list(pdf.pages["Kids"][::3])


def _resources_number(pdf: Any) -> int:
    return _number(pdf.objects[_pages(pdf)[0]]["Resources"])


def _pairs(values: list[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(values[::2], values[1::2], strict=True)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def font_uses(fonts: Mapping[Any, Any]) -> Iterator[FontUse]:
    """What a document uses of each of its fonts."""
    for font in fonts.values():
        yield FontUse(font.hash, font.description, font.font_size, dict(font.to_unicode), dict(font.widths))
