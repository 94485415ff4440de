"""Page numbers of other places that a fragment prints, left open in its drawing.

When a page is added to a book, hundreds of such numbers change, and as a rule the layout does not: where all figures
of a face are of one width, a number of as many figures takes the same room. So a number is drawn as a place for
figures wherever that is sure; of the number itself the layout then depends on how many figures it has alone.

It is sure of a number in generated content whose figures stand in the drawing as they were given, in a face that has
for each figure one glyph, all of one width, whatever is before and after it. Any other number stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product
from typing import Any, NamedTuple

from weasyprint.text.line_break import _font_style_cache_key

from edition.drawings import Figures, open_figure
from edition.styles import Sheet
from edition.typeset.fragments.start import Asker, Fragment
from edition.typeset.lines.glyphs import Faces, Strip, Unplannable, shaped_text

FIGURES = "0123456789"
PAIRS = "".join(map("".join, product(FIGURES, FIGURES)))
"""Every figure before and after every other."""
CODE = 4
"""Hexadecimal digits of a glyph in a drawing."""

_FONT = re.compile(rb"/(\S+) \S+ Tf")
_CODES = re.compile(rb"<([0-9a-f]*)>")
_FIGURE = re.compile("[0-9]")
_READ_AGAIN = re.compile(r"content\(\s*(?:before|after|marker)\b")


class Opened(NamedTuple):
    """What is open in a drawing."""

    anchors: tuple[str, ...] = ()
    """Whose page numbers, in the order in which open figures number them."""
    figures: tuple[Figures, ...] = ()


class _Figure(NamedTuple):
    """A figure in a drawing."""

    stream: Any
    item: int
    """The operator that draws it, by its place in the stream."""
    offset: int
    """Where in that operator its code begins."""
    figure: str
    codes: Figures
    font: Any


def can_be_open(sheets: Iterable[Sheet]) -> bool:
    """Whether a style's page numbers can be left open: not if named strings read what is generated."""
    return not any(_READ_AGAIN.search(sheet.text) for sheet in sheets)


def leave_open(document: Any, fragment: Fragment) -> Opened:
    """Leave page numbers open where that is sure, in the drawing that the engine made of a fragment."""
    reader = _Reader(document)
    runs: dict[Asker, list[list[_Figure]]] = {}
    closed = set(chain.from_iterable(fragment.elsewhere.values()))
    for asker, (anchor, *others) in fragment.asked.items():
        number, found = fragment.numbers[anchor], reader.runs(asker)
        is_number = found and all("".join(it.figure for it in run) == str(number) for run in found)
        if number and is_number and not others:  # a span is shortened as its numbers are
            runs[asker] = found
        else:
            closed |= {anchor, *others}
    numbers: dict[str, int] = {}
    tables: dict[Figures, int] = {}
    places: list[tuple[_Figure, bytes]] = []
    for (anchor, *_), found in ((fragment.asked[asker], found) for asker, found in runs.items()):
        if anchor in closed:
            continue
        number = numbers.setdefault(anchor, len(numbers))
        for position, each in ((position, each) for run in found for position, each in enumerate(run)):
            table = tables.setdefault(each.codes, len(tables))
            places.append((each, open_figure(number, position, table)))
            _use(each.font, each.codes)
    _replace(places)
    return Opened(tuple(numbers), tuple(tables))


class _Reader:
    """Reads figures in the drawing of a document."""

    def __init__(self, document: Any) -> None:
        self.fonts = {font.hash.encode(): font for font in document.fonts.values()}
        self.drawn: dict[Asker, list[tuple[Any, Any, int]]] = {}
        for box, stream, position in document.generated:
            self.drawn.setdefault((box.element, box.element_tag), []).append((box, stream, position))
        self.known: dict[tuple[Any, str], Figures | None] = {}

    def runs(self, asker: Asker) -> list[list[_Figure]]:
        """The figures that are drawn of some generated content, those together that stand side by side.

        There are none if one of them cannot be another of the same width.
        """
        found: list[list[_Figure]] = []
        for box, stream, position in self.drawn.get(asker, ()):
            codes = self.figures_of(box.text, box.style)
            runs = self.runs_of(stream, position, codes) if codes else None
            if runs is None:
                return []
            found += runs
        return found

    def runs_of(self, stream: Any, position: int, codes: Figures) -> list[list[_Figure]] | None:
        """Those of the marked content whose properties stand at a place of a stream."""
        found: list[list[_Figure]] = []
        font = None
        going_on = False
        for item in range(position + 2, len(stream.stream)):
            operator = stream.stream[item]
            if operator == b"EMC":
                return found
            if not isinstance(operator, bytes) or operator == b"BDC":
                return None
            if its := _FONT.fullmatch(operator):
                font = self.fonts.get(its[1])
            for offset, glyph in _glyphs(operator):
                if font is None or font.bitmap:
                    return None
                figure = font.to_unicode.get(int(glyph, 16), "")
                if _FIGURE.fullmatch(figure) is None:
                    going_on = False
                    continue
                if codes[int(figure)] != glyph:
                    return None
                if not going_on:
                    found.append([])
                found[-1].append(_Figure(stream, item, offset, figure, codes, font))
                going_on = True
        return None

    def figures_of(self, text: str, style: Any) -> Figures | None:
        """The codes of all figures in a text, if any of them may stand where another does."""
        template = _FIGURE.sub("0", text)
        key = _font_style_cache_key(style, include_size=True), template
        if key not in self.known:
            self.known[key] = _figures_of(template, style)
        return self.known[key]


def _glyphs(operator: bytes) -> Iterator[tuple[int, bytes]]:
    """The codes of glyphs that an operator draws, and where in it each begins."""
    if operator.endswith(b"TJ"):
        for codes in _CODES.finditer(operator):
            for offset in range(codes.start(1), codes.end(1), CODE):
                yield offset, operator[offset : offset + CODE]


def _figures_of(template: str, style: Any) -> Figures | None:
    """The glyphs of all figures in texts like this one. None where one differs from the others in more than that."""
    glyphs: list[int] = []
    widths: set[int] = set()
    rest: set[Any] = set()
    for figure in FIGURES:
        strips = _shaped(template.replace("0", figure), style)
        if strips is None:
            return None
        its = {glyph for strip in strips for glyph, width, char in _in(strip) if strip.text[char] == figure}
        widths |= {width for strip in strips for _, width, char in _in(strip) if strip.text[char] == figure}
        if len(its) != 1 or len(widths) != 1:
            return None
        glyphs += its
        rest.add(tuple(_around(strip, figure) for strip in strips))
    pairs = _shaped(PAIRS, style)
    if len(rest) != 1 or pairs is None:
        return None
    shaped = [(glyph, width) for strip in pairs for glyph, width, _ in _in(strip)]
    if shaped != [(glyphs[int(figure)], next(iter(widths))) for figure in PAIRS] or any(
        strip.offsets for strip in pairs
    ):
        return None
    return tuple(b"%04x" % glyph for glyph in glyphs)


def _shaped(text: str, style: Any) -> tuple[Strip, ...] | None:
    try:
        return shaped_text(text, style, Faces()).strips
    except Unplannable:
        return None


def _in(strip: Strip) -> Iterator[tuple[int, int, int]]:
    """Glyphs with their widths and characters."""
    return zip(strip.glyphs, strip.widths, strip.chars, strict=True)


def _around(strip: Strip, figure: str) -> Any:
    """All of a strip but which glyph its figures have."""
    glyphs = tuple(-1 if strip.text[char] == figure else glyph for glyph, _, char in _in(strip))
    return glyphs, tuple(strip.widths), tuple(strip.offsets or ()), tuple(strip.chars)


def _use(font: Any, codes: Figures) -> None:
    """Take all figures into a font: whichever will be printed, it is there."""
    glyphs = [int(code, 16) for code in codes]
    width = next(font.widths[glyph] for glyph in glyphs if glyph in font.widths)
    for figure, glyph in zip(FIGURES, glyphs, strict=True):
        font.to_unicode.setdefault(glyph, figure)
        font.widths.setdefault(glyph, width)


def _replace(places: Iterable[tuple[_Figure, bytes]]) -> None:
    """Write open figures where the figures stand."""
    by_operator: dict[tuple[int, int], list[tuple[_Figure, bytes]]] = {}
    for figure, written in places:
        by_operator.setdefault((id(figure.stream), figure.item), []).append((figure, written))
    for its in by_operator.values():
        stream, item = its[0][0].stream, its[0][0].item
        operator = stream.stream[item]
        for figure, written in sorted(its, key=lambda it: -it[0].offset):
            operator = operator[: figure.offset] + written + operator[figure.offset + CODE :]
        stream.stream[item] = operator
        stream.is_open = True


def shape_of(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """What of page numbers a layout depends on at least: whether it is known, and how many figures each has."""
    return [(anchor, figures_in(number)) for anchor, number in sorted(numbers.items())]


def figures_in(number: int) -> int:
    """How many figures a page number has; none if it is not known."""
    return len(str(number)) if number else 0
