"""WeasyPrint as this house uses it: the one place that changes it, and the list of what is relied on in it.

Other modules of this package give hooks (dotted name → function that is given the original and gives its
replacement) and mixins for the layout context; only `install` puts them in place. All state of a document is on
its layout context and dies with it.
"""

from __future__ import annotations

import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

import cssselect2
import weasyprint
from weasyprint import HTML
from weasyprint.layout import LayoutContext

from edition.typeset import (
    facsimile,
    first_letters,
    furniture,
    item_labels,
    line_floats,
    lines,
    notes,
    references,
    tables,
    tagging,
)
from edition.typeset.fragments import endings, start

VERSION = "70.0"
"""The only version of WeasyPrint whose private names are known to be what this package takes them for."""

if weasyprint.__version__ != VERSION:
    raise ImportError(f"WeasyPrint {VERSION} is needed, not {weasyprint.__version__}")

RELIED_ON: dict[str, str] = {
    "pydyf.PDF": "430a7b480a612b67",
    "weasyprint.CSS.__init__": "fa3f8dd541caff9f",
    "weasyprint.HTML.__init__": "5215d4ebca63891d",
    "weasyprint.HTML.render": "d7f59988cf0f3f34",
    "weasyprint.anchors.gather_anchors": "373f8c676f27da3b",
    "weasyprint.css.AnonymousStyle": "414bbf41061e0a4a",
    "weasyprint.css.ComputedStyle": "4ff0512c0af12674",
    "weasyprint.css.counters.CounterStyle": "055153dad23cfda7",
    "weasyprint.css.get_all_computed_styles": "e4063ec7d60e70be",
    "weasyprint.css.targets.TargetCollector.lookup_target": "e69da1049424c728",
    "weasyprint.css.targets.TargetLookupItem": "909e7c4a3a07714c",
    "weasyprint.css.targets.anchor_name_from_token": "c690ab4e5d0e7687",
    "weasyprint.document.Document._build_layout_context": "a7859b1c574cd59a",
    "weasyprint.document.Document._render": "564166c67116315a",
    "weasyprint.document.Document.write_pdf": "c3e79139ad6c5a5f",
    "weasyprint.document.Page": "69061840d66b7804",
    "weasyprint.draw.draw_block_level": "3de9ec3ad4aaad3c",
    "weasyprint.draw.color.get_color": "8196bf0c7ddc3e54",
    "weasyprint.draw.draw_page": "d5bda6b6e6758688",
    "weasyprint.draw.draw_stacking_context": "c5811b178bdff82e",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b1",
    "weasyprint.formatting_structure.boxes.BlockBox": "c829b2b6161b1e9f",
    "weasyprint.formatting_structure.boxes.BlockContainerBox": "3058071d0fd47eee",
    "weasyprint.formatting_structure.boxes.BlockLevelBox": "c7489030e3bafd44",
    "weasyprint.formatting_structure.boxes.Box": "ff6d62300bafef85",
    "weasyprint.formatting_structure.boxes.FootnoteAreaBox": "44d2d15f921a5350",
    "weasyprint.formatting_structure.boxes.InlineBox": "4feae895b8404092",
    "weasyprint.formatting_structure.boxes.InlineLevelBox": "055566b4783610d0",
    "weasyprint.formatting_structure.boxes.LineBox": "1a068a4d0ed800f8",
    "weasyprint.formatting_structure.boxes.MarginBox": "79a17d1578a5dbfe",
    "weasyprint.formatting_structure.boxes.PageBox": "8d44dc3f384a59e5",
    "weasyprint.formatting_structure.boxes.ParentBox": "2ff6abe36fdc8991",
    "weasyprint.formatting_structure.boxes.ReplacedBox": "6c9405f6cce6026e",
    "weasyprint.formatting_structure.boxes.TableBox": "d2ae70cf4447debf",
    "weasyprint.formatting_structure.boxes.TableCellBox": "54bfd79b15e0463d",
    "weasyprint.formatting_structure.boxes.TableRowGroupBox": "aff92804f7828117",
    "weasyprint.formatting_structure.boxes.TextBox": "7fcb818c71c2bb89",
    "weasyprint.formatting_structure.build.blockify": "32f74b928bfa2018",
    "weasyprint.formatting_structure.build.build_formatting_structure": "cec02c4844472c92",
    "weasyprint.formatting_structure.build.compute_content_list": "3a5674cabd84f48a",
    "weasyprint.formatting_structure.build.create_anonymous_boxes": "f1e76cc779a89855",
    "weasyprint.formatting_structure.build.element_to_box": "2d0a37e45b7f3e0c",
    "weasyprint.formatting_structure.build.update_counters": "c1f45fc248aa5358",
    "weasyprint.formatting_structure.build.wrap_table": "553a9b0e8a111fe0",
    "weasyprint.layout.LayoutContext": "211f859ff4e2d663",
    "weasyprint.layout.absolute.AbsolutePlaceholder": "336e26c56311f105",
    "weasyprint.layout.background.layout_backgrounds": "5d7d4d589e3d8a33",
    "weasyprint.layout.block._break_line": "2b92255d94ab45f7",
    "weasyprint.layout.block._in_flow_layout": "c2537262836dd981",
    "weasyprint.layout.block._linebox_layout": "e07bbe000974787e",
    "weasyprint.layout.block._out_of_flow_layout": "2ace1b03f455de46",
    "weasyprint.layout.block.block_container_layout": "65842ca53a8391eb",
    "weasyprint.layout.block.block_level_layout": "c1301dde9284e245",
    "weasyprint.layout.block.block_level_page_break": "4c36f807aa76498f",
    "weasyprint.layout.block.block_level_page_name": "5ee94a04549b477a",
    "weasyprint.layout.block.find_earlier_page_break": "c2bbdcdfdf408cbc",
    "weasyprint.layout.block.remove_placeholders": "ce16d97a1caacea0",
    "weasyprint.layout.column.columns_layout": "7a05cce3272fc581",
    "weasyprint.layout.float.avoid_collisions": "5fc7793c573af328",
    "weasyprint.layout.initialize_page_maker": "5bb3c878d722af53",
    "weasyprint.layout.inline.count_expandable_spaces": "175fe6f42576ed38",
    "weasyprint.layout.inline.first_letter_to_box": "9f3d58c31344c13b",
    "weasyprint.layout.inline.get_next_linebox": "67af458c2545e74f",
    "weasyprint.layout.inline.iter_line_boxes": "04aec48abfcad809",
    "weasyprint.layout.inline.split_inline_box": "3a0cb7ca7e34c7ef",
    "weasyprint.layout.inline.split_text_box": "8c564329599ef23f",
    "weasyprint.layout.inline.text_align": "e953d41b87ccfc30",
    "weasyprint.layout.layout_document": "a5cbf437e99caf72",
    "weasyprint.layout.page._standardize_page_based_counters": "6c3791760c3fbe13",
    "weasyprint.layout.page._update_page_groups": "baae519d41beefe1",
    "weasyprint.layout.page.make_all_pages": "b5e4034894841caa",
    "weasyprint.layout.page.make_margin_boxes": "4a2d2e301eb3bc47",
    "weasyprint.layout.page.make_page": "656f183328e8b1b5",
    "weasyprint.layout.page.page_height": "71a0230377c0354e",
    "weasyprint.layout.page.page_width": "dd3fd2b21aba5bbf",
    "weasyprint.layout.page.remake_page": "1ff09b2dffa17839",
    "weasyprint.layout.page.set_page_type_computed_styles": "4e68b396b35c4a06",
    "weasyprint.layout.percent.resolve_percentages": "71673078096fcf87",
    "weasyprint.layout.preferred.min_content_width": "b71e3b4858155dcb",
    "weasyprint.layout.preferred.table_and_columns_preferred_widths": "1624962c403d0d26",
    "weasyprint.layout.table._find_earlier_page_break": "7b5f4f58630d53fc",
    "weasyprint.layout.table.table_layout": "6594fa40743fbc0b",
    "weasyprint.matrix.Matrix": "312bf3b1eee91a0a",
    "weasyprint.pdf.anchors.add_links": "262e8b9b299892a7",
    "weasyprint.pdf.anchors.resolve_links": "f95937bb4e4f1007",
    "weasyprint.pdf.fonts.Font": "1888854798bf8726",
    "weasyprint.pdf.fonts.Font.__init__": "0d1bfc9d42300793",
    "weasyprint.pdf.fonts.build_fonts_dictionary": "fc551bef35d0d6c3",
    "weasyprint.pdf.generate_pdf": "626343ef25c396e8",
    "weasyprint.pdf.metadata.DocumentMetadata": "caea48480357554f",
    "weasyprint.pdf.stream.Stream": "624257224db6f66d",
    "weasyprint.pdf.tags.add_tags": "f0e74575b0bafaf3",
    "weasyprint.stacking.StackingContext": "ec586508cac97684",
    "weasyprint.stacking._dispatch": "003563d2565b4d30",
    "weasyprint.stacking._dispatch_children": "664961378e41dc05",
    "weasyprint.text.fonts.FontConfiguration.__init__": "87e18f55153b3690",
    "weasyprint.text.fonts.get_pango_font_key": "74cbeff1fac3860c",
    "weasyprint.text.line_break.Layout": "681b737d1ba5e004",
    "weasyprint.text.line_break._font_style_cache_key": "d6b09d54b8258d58",
    "weasyprint.text.line_break.create_layout": "6587192cc0ab3ffa",
    "weasyprint.text.line_break.get_log_attrs": "65c1a1c4fa75ee95",
    "weasyprint.text.line_break.line_size": "03fa04fd51fc69aa",
    "weasyprint.text.line_break.strut": "b57885b70dd08efe",
    "weasyprint.urls.URLFetcher": "2bd2febdc13553b7",
    "weasyprint.urls.URLFetcherResponse": "6a2f0fd791a7ec70",
    "weasyprint.urls.get_url_tuple": "cbc0f15c20e39716",
}
"""What is called, replaced or read in the engine, and a hash of its source. At an upgrade, read what changed.

Attributes of boxes are covered by what sets them: `is_leader` by `compute_content_list`, `is_header` and
`is_table_wrapper` by `wrap_table` and `blockify`, `link_annotation` by `add_links`; the tags of a drawing and
`page_references` by `Stream`, `generate_pdf` and `pydyf.PDF`.
"""

Hook = Callable[[Callable[..., Any]], Callable[..., Any]]

XHTML = "{http://www.w3.org/1999/xhtml}"


class EngineContext(lines.LinesMixin, notes.NotesMixin, furniture.FurnitureMixin, LayoutContext):  # type: ignore[misc]
    """The engine's layout context with all that this package adds to it."""

    fragment: Any = None
    """Of a fragment of a book: how it begins (see `fragments.start`)."""


_originals: dict[str, Any] = {}
"""What stood in the engine before, by dotted name."""


def install() -> None:
    """Put all hooks in place. Once for all documents, and before any fork; calling it again does nothing."""
    if _originals:
        return
    _replace("weasyprint.document.LayoutContext", partial(_instead, EngineContext))
    stages = (
        notes,
        furniture,
        facsimile,
        first_letters,
        item_labels,
        line_floats,
        references,
        tables,
        lines,
        start,
        endings,
    )
    for hooks in (stage.HOOKS for stage in stages):
        for name, hook in hooks.items():
            _replace(name, hook)
    for name, replacement in tagging.HOOKS.items():
        _replace(name, partial(_instead, replacement))


def _replace(name: str, hook: Hook) -> None:
    owner, attribute = _owner(name)
    current = getattr(owner, attribute)
    _originals.setdefault(name, current)
    setattr(owner, attribute, hook(current))


def _instead(replacement: Any, _original: Any) -> Any:
    return replacement


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds a dotted name, and the name in it."""
    path, attribute = name.rsplit(".", 1)
    try:
        return import_module(path), attribute
    except ModuleNotFoundError:
        module, class_name = path.rsplit(".", 1)
        return getattr(import_module(module), class_name), attribute


@contextmanager
def without(*names: str) -> Iterator[None]:
    """The engine with its own functions under the given names: to see what a hook is there for."""
    install()
    hooked = {name: getattr(*_owner(name)) for name in names}
    for name in names:
        owner, attribute = _owner(name)
        setattr(owner, attribute, _originals[name])
    try:
        yield
    finally:
        for name, value in hooked.items():
            owner, attribute = _owner(name)
            setattr(owner, attribute, value)


def html_from(xhtml: str, base_url: str, fetcher: Any = None) -> HTML:
    """A document from XHTML, taken as it is: a `<p>` may hold block notes, which an HTML parser would tear.

    No document type is allowed, so that there are no entities. Raises ElementTree.ParseError for what is not
    well-formed: the XHTML is made by this program.
    """
    return html_of(root_of(xhtml), base_url, fetcher)


def root_of(xhtml: str) -> ElementTree.Element:
    """The root element of such a document."""
    return ElementTree.fromstring(xhtml, ElementTree.XMLParser(target=_XHTMLBuilder()))


def html_of(root: ElementTree.Element, base_url: str, fetcher: Any = None) -> HTML:
    """A document of a root element, whose tags have no namespace."""
    html = HTML(string="<html></html>", base_url=base_url, url_fetcher=fetcher)
    html.etree_element = root
    html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    return html


class _XHTMLBuilder(ElementTree.TreeBuilder):
    """Elements without the XHTML namespace, as the engine expects them."""

    def start(self, tag: Any, attrs: Any, /) -> Any:
        return super().start(tag.removeprefix(XHTML), attrs)

    def end(self, tag: Any, /) -> Any:
        return super().end(tag.removeprefix(XHTML))

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type is not allowed")


def fingerprint(name: str) -> str:
    """A hash of the source of something of the engine's, its signature included, as it was before `install`."""
    owner, attribute = _owner(name)
    value = _originals.get(name, getattr(owner, attribute))
    value = getattr(value, "__wrapped__", value)
    source = textwrap.dedent(inspect.getsource(value))
    return hashlib.sha256(source.encode()).hexdigest()[:16]
