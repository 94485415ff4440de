"""A style's typesetter: lays out fragments, counts and furnishes pages, writes fonts; each by itself.

It is made once, before any process is copied; what it gives depends on its arguments, the style and the files that
it reads from the edition's folder, and on nothing that was done before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from tinycss2.color5 import D50, D65
from weasyprint import CSS

from edition.drawings import Colours, FontUse, Object, decimal
from edition.styles import Style
from edition.typeset import engine, faces
from edition.typeset.fetcher import EDITION_URL, LimitedFetcher
from edition.typeset.fragments import cutting, laying
from edition.typeset.fragments.counting import Counted, PageShape, count_pages
from edition.typeset.fragments.fonts import written_fonts
from edition.typeset.fragments.furnishing import Furnished, Wanted, furnish
from edition.typeset.fragments.laid import Made, Start
from edition.typeset.fragments.open_numbers import can_be_open
from edition.typeset.fragments.outline import Cut, Node
from edition.typeset.fragments.start import Fragment
from edition.typeset.furniture import TURNED
from edition.typeset.preparing import (
    complaints,
    engine_findings,
    faces_of,
    fit_tables,
    own_sheets,
    refusals,
    style_sheets,
    turned_pages,
)


class Typesetter:
    """Raises EditionError, when it is made, for a style that is broken or whose faces are not there."""

    def __init__(self, style: Style, folder: Path) -> None:
        engine.install()
        self.style = style
        self.folder = folder
        self.closing = ExitStack()
        fetcher = self.fetcher()
        self.fonts = self.closing.enter_context(faces.only(faces_of(style)))
        with complaints() as log:
            self.sheets = [*own_sheets(style, fetcher), *style_sheets(style, fetcher, self.fonts)]
        self.findings = (*refusals(fetcher), *engine_findings(log, fetcher))

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def fetcher(self) -> LimitedFetcher:
        return LimitedFetcher(self.folder, self.style.folders)

    def cuts(self, skeleton: str, root: Node) -> list[Cut]:
        """Where the fragments of a book begin, given its outline and skeleton."""
        with complaints():
            return cutting.cuts_of(self._html(skeleton), root, self.sheets, self.fonts)

    def lay_out(self, html: str, start: Start, numbers: Mapping[str, int]) -> Made:
        """A fragment's pages, with the page numbers known of anchors elsewhere in the book."""
        fetcher = self.fetcher()
        with complaints() as log:
            book = engine.html_from(html, EDITION_URL, fetcher)
            fitted = fit_tables(book, self.sheets, fetcher, self.fonts)
            sheets = [CSS(string=fitted.sheet), *self.sheets] if fitted.sheet else self.sheets
            fragment = Fragment(start, numbers, can_be_open(self.style.sheets))
            made = laying.lay_out(book, fragment, font_config=self.fonts, stylesheets=sheets)
        findings = (*fitted.findings, *refusals(fetcher), *engine_findings(log, fetcher))
        return replace(made, laid=replace(made.laid, findings=findings, files=dict(sorted(fetcher.read.items()))))

    def count(self, shell: str, shapes: Sequence[PageShape]) -> tuple[Counted, ...]:
        """All pages of a book in a row; `shell` is its HTML without text."""
        with complaints():
            sheets = self.sheets_of(shape.name for shape in shapes)
            return tuple(count_pages(self._html(shell), shapes, sheets, self.fonts))

    def furnish(self, shell: str, wanted: Wanted) -> Furnished:
        """The furniture of pages; `shell` is the book's HTML with nothing in it but their running elements."""
        fetcher = self.fetcher()
        with complaints() as log:
            book = engine.html_from(shell, EDITION_URL, fetcher)
            sheets = self.sheets_of(record.name for record in wanted.records)
            furnished = furnish(book, wanted, sheets, self.fonts)
        findings = (*refusals(fetcher), *engine_findings(log, fetcher))
        return replace(furnished, findings=findings, files=dict(sorted(fetcher.read.items())))

    def sheets_of(self, names: Iterable[str | None]) -> list[CSS]:
        """The sheets for pages of some names: those of turned tables have one of their own, as in the layout."""
        return [self.turned, *self.sheets] if TURNED in names else self.sheets

    @cached_property
    def turned(self) -> CSS:
        return turned_pages(self.sheets, self.fetcher(), self.fonts)

    def write_fonts(self, uses: Iterable[FontUse]) -> tuple[Object, ...]:
        """The objects of all fonts of a book: the first is the dictionary that names them."""
        return written_fonts(uses, self.fonts)

    def _html(self, html: str) -> Any:
        return engine.html_from(html, EDITION_URL, self.fetcher())


def colours() -> Colours:
    """What the colours of everything are of that the engine draws."""
    spaces = (
        b"/%s [/Lab <</WhitePoint [%s]/Range [-125 125 -125 125]>>]"
        % (name, b" ".join(decimal(value) for value in white))
        for name, white in ((b"lab-d50", D50), (b"lab-d65", D65))
    )
    profile = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    return Colours(b"<<%s/srgb [/ICCBased \xffprofile\xff]>>" % b"".join(spaces), profile)
