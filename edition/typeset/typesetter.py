"""A style's typesetter: lays out fragments, counts and furnishes pages, writes fonts; each by itself.

It is made once, before any process is copied; what it gives depends on its arguments, the style and the files that
it reads from the edition's folder, and on nothing that was done before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tinycss2.color5 import D50, D65
from weasyprint import CSS

from edition.drawings import Colours, FontUse, Object, decimal
from edition.styles import Style
from edition.typeset import engine, faces
from edition.typeset.fetcher import EDITION_URL, LimitedFetcher
from edition.typeset.fragments import cutting, laying
from edition.typeset.fragments.counting import Counted, PageShape, count_pages
from edition.typeset.fragments.dividing import Dividing
from edition.typeset.fragments.endings import Endings
from edition.typeset.fragments.fonts import written_fonts
from edition.typeset.fragments.furnishing import Furnished, Setting, Wanted, furnish
from edition.typeset.fragments.laid import Laid, LayTask, Made
from edition.typeset.fragments.open_numbers import can_be_open
from edition.typeset.fragments.outline import Cut, Node
from edition.typeset.fragments.start import Fragment
from edition.typeset.fragments.stretch import Stretch
from edition.typeset.furniture import TURNED
from edition.typeset.preparing import (
    complaints,
    engine_findings,
    faces_of,
    fit_tables,
    own_sheets,
    style_sheets,
    turned_pages,
)
from edition.typeset.tables import Fitted


class Typesetter:
    """Raises EditionError, when it is made, for a style that is broken or whose faces are not there."""

    def __init__(self, style: Style, folder: Path) -> None:
        engine.install()
        self.style = style
        self.folder = folder
        self.closing = ExitStack()
        self.furnishings: dict[tuple[str, bool], Setting] = {}
        """The setting of the pages that were furnished last."""
        fetcher = self.fetcher()
        self.fonts = self.closing.enter_context(faces.only(faces_of(style)))
        with complaints() as log:
            self.sheets = [*own_sheets(style, fetcher), *style_sheets(style, fetcher, self.fonts)]
        self.findings = tuple(engine_findings(log, fetcher, self.style))

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

    def lay_out(self, task: LayTask) -> tuple[int, list[Made]]:
        """The fragments of a stretch from a place on, that place first.

        What the engine complains of before anything is drawn belongs to no fragment: then the stretch is laid out
        as one, from its beginning.
        """
        fetcher = self.fetcher()
        stretch = Stretch(task.html)
        with complaints() as log:
            until = task.until or stretch.end
            book = engine.html_from(stretch.from_to(task.place, until), EDITION_URL, fetcher)
            dividing = Dividing(stretch, task.place, until, book.etree_element)
            fitted = fit_tables(book, self.sheets, fetcher, self.fonts)
            sheets = [CSS(string=fitted.sheet), *self.sheets] if fitted.sheet else self.sheets
            endings = Endings(dividing.places if task.divides else {}, task.stops, task.keeps_side)
            fragment = Fragment(task.begins, task.numbers, can_be_open(self.style.sheets), endings=endings)
            document = laying.lay_out(book, fragment, font_config=self.fonts, stylesheets=sheets)
            if (log or fetcher.refused) and (task.place or endings.found):
                return self.lay_out(task._replace(place=0, until=0, stops={}, divides=False))
            made: list[Made] = []
            for one in laying.divided(document, fragment, dividing, engine.root_of):
                its = _named(
                    one.laid, stretch.html, made[-1].end if made else task.place, one.end, fitted, fetcher
                )
                findings = (*its.findings, *engine_findings(log, fetcher, self.style))
                made.append(replace(one, laid=replace(its, findings=findings)))
                log.clear()  # pictures are drawn with their fragment: what they lack is told of that alone
                fetcher.refused.clear()
        return task.place, made

    def count(self, shell: str, shapes: Sequence[PageShape]) -> tuple[Counted, ...]:
        """All pages of a book in a row; `shell` is its HTML without text."""
        with complaints():
            sheets = self.sheets_of(shape.name for shape in shapes)
            return tuple(count_pages(self._html(shell), shapes, sheets, self.fonts))

    def furnish(self, shell: str, wanted: Wanted) -> Furnished:
        """The furniture of pages; `shell` is the book's HTML with nothing in it but their running elements."""
        turned = TURNED in (record.name for record in wanted.records)
        with complaints() as log:
            setting = self.furnishings.get((shell, turned))
            if setting is None:
                book = engine.html_from(shell, EDITION_URL, self.fetcher())
                setting = Setting(book, self.sheets_of(record.name for record in wanted.records), self.fonts)
            furnished = furnish(setting, wanted)
        fetcher = setting.book.url_fetcher
        if not (log or fetcher.read):  # else what is wrong would be told of the first pages alone
            self.furnishings = {(shell, turned): setting}
        findings = tuple(engine_findings(log, fetcher, self.style))
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


def _named(laid: Laid, html: str, start: int, end: int, fitted: Fitted, fetcher: LimitedFetcher) -> Laid:
    """A fragment with what was found of its tables, and the files that it names or that nothing in its stretch does."""
    own = html[start:end]
    findings = tuple(finding for finding in fitted.findings if f'"{finding.about}"' in own)
    names = {url: escape(unquote(url.removeprefix(EDITION_URL))) for url in sorted(fetcher.read)}
    files = {url: fetcher.read[url] for url, name in names.items() if name in own or name not in html}
    return replace(laid, findings=findings, files=files)


def colours() -> Colours:
    """What the colours of everything are of that the engine draws."""
    spaces = (
        b"/%s [/Lab <</WhitePoint [%s]/Range [-125 125 -125 125]>>]"
        % (name, b" ".join(decimal(value) for value in white))
        for name, white in ((b"lab-d50", D50), (b"lab-d65", D65))
    )
    profile = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    return Colours(b"<<%s/srgb [/ICCBased \xffprofile\xff]>>" % b"".join(spaces), profile)
