"""The furniture of pages that are laid out already: their margin boxes, by the style's own CSS.

Pages are made without a text from what is recorded of them: type, named strings, running elements. The engine then
lays out their margin boxes as it does in one run. What earlier pages hand on (counters, the last values of strings)
comes in as a `Passing`; so each run of pages is furnished by itself.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pydyf
from weasyprint import DEFAULT_OPTIONS
from weasyprint import layout as engine_layout
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.document import Page as DrawnPage
from weasyprint.formatting_structure.build import build_formatting_structure, update_counters
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.percent import resolve_percentages
from weasyprint.pdf.metadata import DocumentMetadata

from edition.drawings import COMPRESSION, FontUse, FurnitureDrawing, PageBoxes
from edition.findings import Finding
from edition.pages import Label
from edition.typeset.collecting import Collecting
from edition.typeset.fragments.counting import PageShape, page_box
from edition.typeset.fragments.laid import PageRecord
from edition.typeset.fragments.laying import boxes_of, engine_pdf, font_uses, resources_of, shared_objects
from edition.typeset.fragments.start import OpenFonts, OpenPages
from edition.typeset.furniture import MAIN

NOWHERE = (0.0, 0.0, 0.0, 0.0)
"""The area of the text where there is none."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What the pages before a run of pages hand on to it."""

    counters: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: {"pages": (0,)})
    strings: Mapping[str, str] = field(default_factory=dict)
    """The last value of each named string."""
    running: Mapping[str, str] = field(default_factory=dict)
    """The HTML of the last running element of each name."""
    text_begun: bool = False
    """Whether folios are arabic from here on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pages to furnish: in order, with what is recorded of them."""

    records: tuple[PageRecord, ...]
    running: tuple[str, ...]
    """The HTML of their running elements."""
    passing: Passing
    right: bool
    """Whether the first of them is a right page."""
    first: bool
    """Whether the first of them begins the book."""
    pages: int
    """How many there are in the book; 0 where no style asks."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """The furniture of some pages, and what it makes known of them."""

    drawing: FurnitureDrawing
    fonts: tuple[FontUse, ...]
    labels: tuple[tuple[Label, ...], ...]
    """By page: of its artifacts, in the order of drawing."""
    folios: tuple[str, ...]
    opens_with: tuple[str, ...]
    """By page, the original page that it begins with."""
    boxes: tuple[PageBoxes, ...]
    """By page."""
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """Addresses that were read, with a digest of each."""


def passed_on(passing: Passing, records: Sequence[PageRecord], running: Sequence[str]) -> Passing:
    """What pages hand on that something was handed on to; counters are left as they were."""
    strings, elements = dict(passing.strings), dict(passing.running)
    for record in records:
        strings |= {name: values[-1] for name, values in record.strings.items()}
        elements |= {name: running[its[-1]] for name, its in record.running.items()}
    begun = passing.text_begun or any(name == MAIN for record in records for name, _ in record.groups)
    # In order of their names: what set them first, on pages long past, makes no difference.
    return Passing(passing.counters, dict(sorted(strings.items())), dict(sorted(elements.items())), begun)


def blank_record(right: bool, name: str) -> PageRecord:
    """A page that is left blank before what must begin on the other side."""
    return PageRecord(right, True, name or None, (), {}, (), {}, NOWHERE)


def furnish(setting: Setting, wanted: Wanted) -> Furnished:
    """Lay out the furniture of pages in the setting of their `shell`."""
    book, fonts = setting.book, setting.fonts
    made = list(_Furnishing(setting, wanted).pages())
    document = Document(
        OpenPages(DrawnPage(box) for box in made),
        DocumentMetadata(),
        book.url_fetcher,
        fonts,
        {},
        "srgb",
    )
    document.fonts = OpenFonts()
    pdf = engine_pdf(document)
    collecting = Collecting(pdf, shared_objects(document, pdf))
    numbers = pdf.pages["Kids"][::3]
    streams = [pdf.objects[int(pdf.objects[number]["Contents"].split()[0])] for number in numbers]
    resources = resources_of(pdf, collecting)
    names = {name for entries in resources.values() for name in entries}
    drawing = FurnitureDrawing(
        tuple(_ending(stream, names) for stream in streams),
        {category: {_own(name): body for name, body in its.items()} for category, its in resources.items()},
        collecting.finish(),
    )
    return Furnished(
        drawing,
        tuple(font_uses(document.fonts)),
        tuple(page.artifacts for page in document.labels.pages),
        tuple(box.folio for box in made),
        tuple(box.opens_with for box in made),
        tuple(boxes_of(pdf.objects[number]) for number in numbers),
    )


def _own(name: str) -> str:
    """What something is called that furniture uses; the page's text may use another thing of the same name."""
    return f"furniture-{name}"


def _ending(stream: Any, names: set[str]) -> bytes:
    """The operators of a page's furniture, after the end of what its text is drawn in."""
    operators = b"\n".join([b"Q", *map(pydyf._to_bytes, stream.stream)])
    for name in names:
        operators = re.sub(rb"/%s(?=\s)" % re.escape(name.encode()), b"/" + _own(name).encode(), operators)
    return zlib.compress(operators, COMPRESSION)


class Setting:
    """A book without text, with its running elements, in which pages are furnished: the engine's HTML and its styles.

    It is the same for all pages that have the same running elements, and is made once for them.
    """

    def __init__(self, book: Any, sheets: Sequence[Any], fonts: Any) -> None:
        self.book, self.fonts = book, fonts
        options = {**DEFAULT_OPTIONS, "stylesheets": sheets}
        counter_style = CounterStyle()
        self.context = Document._build_layout_context(book, fonts, counter_style, {}, options)
        self.context.fragment = None
        self.root = build_formatting_structure(
            book.etree_element,
            self.context.style_for,
            self.context.get_image_from_uri,
            book.base_url,
            self.context.target_collector,
            counter_style,
            self.context.footnotes,
        )


class _Furnishing:
    """Makes the boxes of the pages, one after the other."""

    def __init__(self, setting: Setting, wanted: Wanted) -> None:
        self.book = setting.book
        self.wanted = wanted
        self.context, self.root = setting.context, setting.root
        self.context.string_set.clear()
        self.context.running_elements.clear()
        passing = wanted.passing
        self.context.text_begun = passing.text_begun
        self.counters = {name: list(values) for name, values in passing.counters.items()}
        self.scopes = [set(self.counters)]
        for name, value in passing.strings.items():
            self.context.string_set[name][1] = [value]
        running = _running_boxes(self.root)
        self.handed_on = dict(zip(passing.running, running, strict=False))
        self.running = running[len(passing.running) :]
        for name, box in self.handed_on.items():
            self.context.running_elements[name][1] = [box]

    def pages(self) -> Iterator[Any]:
        """The pages' boxes, with their margin boxes."""
        right = self.wanted.right
        for number, record in enumerate(self.wanted.records, 2):  # 1 stands for the pages before
            yield self.page(record, right, number)
            right = not right

    def page(self, record: PageRecord, right: bool, number: int) -> Any:
        context = self.context
        index = 0 if self.wanted.first and number == 2 else 1  # selectors only ask which is the first
        shape = PageShape(right, record.blank, record.name, record.groups)
        page = page_box(context, self.book, shape, index)
        update_counters(([0], self.counters, self.scopes, []), page.style)
        context.current_page = number
        context.page_bottom = page.content_box_y() + page.height
        for name, values in record.strings.items():
            context.string_set[name][number] = list(values)
        for name, elements in record.running.items():
            context.running_elements[name][number] = [self.running[element] for element in elements]
        page.begins = frozenset(record.begins)
        page.children = (self.empty_root(page),)
        counters = deepcopy(self.counters)
        counters["pages"] = [self.wanted.pages]
        margins = engine_layout.make_margin_boxes(context, page, ([0], counters, deepcopy(self.scopes), []))
        page.children = (*page.children, *margins)
        layout_backgrounds(page, context.get_image_from_uri)
        page.has_text_elsewhere = record.area != NOWHERE
        return page

    def empty_root(self, page: Any) -> Any:
        """The root's box, for the background of the whole page."""
        root = self.root.copy_with_children([])
        resolve_percentages(root, page)
        root.position_x, root.position_y = page.content_box_x(), page.content_box_y()
        root.width, root.height = page.width, page.height
        return root


def _running_boxes(root: Any) -> list[Any]:
    """The boxes of the running elements, in the order of the HTML."""
    return [
        box
        for box in root.descendants()
        if box.element is not None
        and box.element.get("data-running") is not None
        and box.element_tag == box.element.tag
        and box.is_running()
    ]
