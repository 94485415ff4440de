"""Every setting of every built-in style does what its line of help says: seen in position, size or colour.

A setting without a case here fails; so does one that nothing on the page comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from edition.model import StyleChoice
from edition.styles import load_style, style_names
from edition.styles.values import amount
from tests.setting_pages import NOWHERE, Letter, Shown, shown

STYLES = style_names(NOWHERE)
CASES: dict[str, Callable[[str], None]] = {}
"""By setting, what checks it in a style."""
ELSEWHERE = {"bleed", "crop-marks", "output-profile"}
"""Settings of the print file, which tests/test_print.py checks."""


def case(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(check: Callable[..., None]) -> Callable[..., None]:
        for name in names:
            CASES[name] = (lambda style, name=name: check(style, name)) if len(names) > 1 else check
        return check

    return add


def value(style: str, setting: str) -> str:
    return load_style(StyleChoice(style), NOWHERE).value(setting)


def points(style: str, setting: str) -> float:
    return amount(value(style, setting))


def another(style: str, setting: str, *choices: str) -> str:
    """The first of some values that is not the style's own."""
    return next(choice for choice in choices if choice != value(style, setting))


def bare(style: str, **settings: str) -> Shown:
    """Long text with nothing else of its size on its second page."""
    furniture = {
        "running_heads": "none",
        "original_page_span": "hidden",
        "folios": "foot-centre",
        "folio_size": "5.01pt",
    }
    pages = shown(style, "long", **{**furniture, **settings})
    return replace(pages, letters=tuple(letter for letter in pages.letters if not near(letter.size, 5.01, 0.02)))


def near(one: float, other: float, by: float = 0.6) -> bool:
    return abs(one - other) < by


# Sizes.

SIZED = {
    "quote-size": ("text", "Quotation of it"),
    "book-title-size": ("openings", "Booktitle"),
    "part-head-size": ("openings", "Parthead"),
    "chapter-head-size": ("openings", "Chapterhead"),
    "subchapter-head-size": ("openings", "Subhead"),
    "document-head-size": ("text", "Headline of it"),
    "headnote-size": ("text", "Forenote of it"),
    "source-note-size": ("text", "Origin of it"),
    "running-head-size": ("long", "Volumename"),
    "note-size": ("text", "Firstnote"),
    "table-size": ("lists", "Cellone"),
}


@case(*SIZED)
def sizes(style: str, name: str) -> None:
    page, words = SIZED[name]
    size = points(style, name)
    given = {"running_heads": "volume-division"} if page == "long" else {}
    assert near(shown(style, page, **given).first(words).size, size, 0.05)
    bigger = shown(style, page, **{name: f"{size + 2}pt"}, **given)
    assert near(bigger.first(words).size, size + 2, 0.05)


@case("text-size")
def text_size(style: str) -> None:
    size = points(style, "text-size")
    assert near(shown(style, "text", text_size=f"{size - 1}pt").first("Plain words").size, size - 1, 0.05)


@case("folio-size")
def folio_size(style: str) -> None:
    """The folio of the first page is its last letter in this face and place."""
    for size in (points(style, "folio-size"), points(style, "folio-size") + 2):
        letters = shown(style, "openings", folio_size=f"{size}pt").letters
        assert any(letter.text == "1" and near(letter.size, size, 0.05) for letter in letters)


@case("mark-size")
def mark_size(style: str) -> None:
    assert near(shown(style, "text", mark_size="5pt").first("[Page 8]").size, 5, 0.05)


@case("index-size")
def index_size(style: str) -> None:
    expected = 0.7 * points(style, "text-size")
    assert near(shown(style, "lists", index_size=".7em").first("Indexentry").size, expected, 0.05)


@case("table-smallest")
def table_smallest(style: str) -> None:
    smallest = 4.2
    wide = shown(style, "wide", table_smallest=f"{smallest}pt")
    assert near(wide.first("Wide0").size, smallest, 0.05)
    assert near(shown(style, "wide").first("Wide0").size, points(style, "table-smallest"), 0.05)


# Lettering.

LETTERED = {
    "part-head-lettering": ("openings", "Parthead"),
    "chapter-head-lettering": ("openings", "Chapterhead"),
    "subchapter-head-lettering": ("openings", "Subhead"),
    "document-head-lettering": ("text", "Headline of it"),
    "inner-head-lettering": ("text", "Innerhead of it"),
    "source-note-lettering": ("text", "Origin of it"),
    "dateline-lettering": ("text", "Dated here"),
    "signature-lettering": ("text", "Signature of it"),
    "running-head-lettering": ("long", "Volumename"),
    "mark-lettering": ("text", "[Page 8]"),
    "table-head-lettering": ("lists", "Columnhead"),
}


@case(*LETTERED)
def letterings(style: str, name: str) -> None:
    page, words = LETTERED[name]
    given = {"running_heads": "volume-division"} if page == "long" else {}

    def with_lettering(lettering: str) -> tuple[str, str]:
        letters = shown(style, page, **{name: lettering}, **given).words(words)
        return letters[1].font, "".join(letter.text for letter in letters)

    roman, text = with_lettering("roman")
    assert not any(word in roman for word in ("Italic", "Bold", "Small"))
    bold_italic, _ = with_lettering("bold italic")
    assert "Bold" in bold_italic
    assert "Italic" in bold_italic
    small, _ = with_lettering("small-caps")
    assert small != roman, "small capitals are a subset of their own"
    if name != "mark-lettering":  # what is in the brackets reads as the builder writes it
        assert with_lettering("capitals")[1] == text.upper()


# Faces and colours.


@case("text-face")
def text_face(style: str) -> None:
    face = another(style, "text-face", "TeX Gyre Bonum", "TeX Gyre Pagella")
    pages = shown(style, "text", text_face=face)
    assert pages.first("Plain words").font.startswith(face.replace(" ", "-"))
    assert pages.first("Headline of it").font.startswith(face.replace(" ", "-"))


@case("head-face")
def head_face(style: str) -> None:
    pages = shown(style, "text", head_face="TeX Gyre Heros")
    assert pages.first("Headline of it").font.startswith("TeX-Gyre-Heros")
    assert pages.first("Chapterhead").font.startswith("TeX-Gyre-Heros")
    assert not pages.first("Plain words").font.startswith("TeX-Gyre-Heros")
    of_head = shown(style, "noted", head_face="TeX Gyre Heros").first("Ofahead")
    assert not of_head.font.startswith("TeX-Gyre-Heros")


@case("figures")
def figures(style: str) -> None:
    """Old-style and lining figures are of one width here, but other glyphs: the 7 of old style goes below the line."""
    depths = {}
    for kind in ("oldstyle", "lining"):
        pages = shown(style, "text", figures=kind)
        seven = pages.words("1871 on")[2]
        depths[kind] = any(_dark(pages, seven.page, seven.x + 0.5, seven.y + 1, seven.x + 5, seven.y + 2))
    assert depths == {"oldstyle": True, "lining": False}


def _dark(pages: Shown, page: int, left: float, top: float, right: float, bottom: float) -> list[bool]:
    import pypdfium2

    picture = pypdfium2.PdfDocument(pages.content)[page].render(scale=6, grayscale=True).to_pil()
    part = picture.crop((round(6 * left), round(6 * top), round(6 * right), round(6 * bottom)))
    return [pixel < 128 for pixel in part.tobytes()]


@case("text-colour")
def text_colour(style: str) -> None:
    pages = shown(style, "text", text_colour="#102030")
    assert pages.first("Plain words").colour == (16, 32, 48)
    assert pages.first("Firstnote").colour == (16, 32, 48)
    long = shown(style, "long", text_colour="#102030", running_heads="volume-division")
    assert long.first("Volumename").colour == (16, 32, 48)


@case("head-colour")
def head_colour(style: str) -> None:
    pages = shown(style, "text", head_colour="#a01010")
    assert pages.first("Headline of it").colour == pages.first("Chapterhead").colour == (160, 16, 16)
    assert pages.first("Plain words").colour == (0, 0, 0)


@case("mark-colour")
def mark_colour(style: str) -> None:
    pages = shown(style, "text", mark_colour="#a01010")
    assert pages.first("[Page 8]").colour == (160, 16, 16)
    assert pages.first("Plain words").colour == (0, 0, 0)


# The page.


@case("page-size")
def page_size(style: str) -> None:
    width, height = shown(style, "openings", page_size="8in 11in").sizes[0]
    assert (round(width, 2), round(height, 2)) == (576, 792)


def _margins(style: str, **settings: str) -> tuple[float, float, float, float]:
    """Top, inner, outer and bottom of the page that is full of plain words: its first and last line, its ends."""
    pages = bare(style, alignment="justify", line_breaking="off", **settings)
    page = 1
    text = [letter for letter in pages.letters if letter.page == page]
    width, height = pages.sizes[page]
    left, right = min(letter.x for letter in text), width - max(letter.x for letter in text)
    recto = page % 2 == 0
    return (
        min(letter.y for letter in text),
        left if recto else right,
        right if recto else left,
        height - max(letter.y for letter in text),
    )


@case("margin-top")
def margin_top(style: str) -> None:
    old, new = (_margins(style, page_by="margins", margin_top=f"{top}pt") for top in (60, 70))
    assert near(new[0] - old[0], 10)


@case("margin-inner")
def margin_inner(style: str) -> None:
    """The text begins further from the spine, on right and on left pages, and is as wide."""
    old, new = (bare(style, margin_inner=f"{inner}pt", page_by="measure", measure="180pt") for inner in (50, 62))
    assert near(new.left(0) - old.left(0), 12)
    assert near(new.left(1) - old.left(1), -12)


@case("margin-outer")
def margin_outer(style: str) -> None:
    old, new = (_margins(style, page_by="margins", margin_outer=f"{outer}pt") for outer in (50, 80))
    assert near(new[2] - old[2], 30, 8)


@case("margin-bottom")
def margin_bottom(style: str) -> None:
    leading = points(style, "leading")
    old, new = (
        _margins(style, page_by="margins", margin_bottom=f"{bottom}pt") for bottom in (50, 50 + 3 * leading)
    )
    assert near(new[3] - old[3], 3 * leading, leading + 1)


@case("page-by")
def page_by(style: str) -> None:
    """By canon the text has two thirds of the width and begins at a ninth of the height."""
    pages = bare(style, page_by="canon", alignment="justify")
    width, height = pages.sizes[1]
    assert near(pages.left(1), width * 2 / 9, 2)
    assert near(width - pages.right(1), width / 9, 18)
    assert height / 9 < pages.lines(1)[0] < height / 9 + points(style, "leading")


@case("measure")
def measure(style: str) -> None:
    for width in (200, 230):
        pages = bare(style, page_by="measure", measure=f"{width}pt", alignment="justify", line_breaking="off")
        assert near(pages.right(1) - pages.left(1), width, 18)


@case("lines")
def lines(style: str) -> None:
    for count in (20, 23):
        assert len(bare(style, page_by="measure", lines=str(count)).lines(1)) == count


@case("leading")
def leading(style: str) -> None:
    for step in (points(style, "leading"), points(style, "leading") + 1.5):
        assert all(
            near(after - before, step, 0.15)
            for before, after in pairwise(bare(style, leading=f"{step}pt").lines(1))
        )


@case("note-leading")
def note_leading(style: str) -> None:
    for step in (points(style, "note-leading"), points(style, "note-leading") + 2):
        pages = shown(style, "text", note_leading=f"{step}pt", note_indent="0pt")
        mark = pages.first("Firstnote")
        size = mark.size
        below = sorted(
            {
                round(x.y, 1)
                for x in pages.letters
                if x.page == mark.page and near(x.size, size, 0.05) and x.y > mark.y + 1
            }
        )
        assert near(below[0] - mark.y, step, 0.15)


# The text.


@case("alignment")
def alignment(style: str) -> None:
    ends = {}
    for kind in ("justify", "left"):
        pages = bare(style, alignment=kind, line_breaking="off")
        rows = [[x.x for x in pages.letters if x.page == 1 and near(x.y, y, 0.3)] for y in pages.lines(1)]
        ends[kind] = len({round(max(row) / 3) for row in rows[:-1]})
    assert ends["justify"] < ends["left"]


@case("hyphenation")
def hyphenation(style: str) -> None:
    def divided(kind: str) -> int:
        letters = bare(style, hyphenation=kind, measure="150pt", page_by="measure", alignment="justify").letters
        return sum(one.text in "-\x02" and other.y > one.y + 3 for one, other in pairwise(letters))

    assert divided("auto") > 3
    assert divided("manual") == 0


@case("line-breaking")
def line_breaking(style: str) -> None:
    """With `full` points hang out of the measure, by a part of their width; with `off` they do not."""

    def edges(kind: str) -> list[float]:
        pages = bare(
            style, line_breaking=kind, alignment="justify", hyphenation="auto", measure="170pt", page_by="measure"
        )
        return [round(letter.x, 2) for letter in pages.letters]

    assert edges("off") != edges("full")
    assert edges("spaces") not in (edges("off"), edges("full"))


BROKEN = {
    "space-stretch": ("0.1", "2"),
    "space-shrink": ("0", "0.5"),
    "letter-expansion": ("0", "0.03"),
    "letter-spacing": ("0", "0.02"),
    "hanging": ("0", "1"),
    "hyphen-penalty": ("0", "1000"),
    "hyphens-in-a-row": ("1", "9"),
    "shortest-last-line": ("0", "9"),
}
"""Settings of line breaking, with values that are far from each other."""


@case(*BROKEN)
def broken_lines(style: str, name: str) -> None:
    """The letters of narrow paragraphs stand elsewhere, in one measure at least."""

    def places(value: str, ems: int) -> list[tuple[float, float]]:
        given = {"page_by": "measure", "alignment": "justify", "hyphenation": "auto", "line_breaking": "full"}
        if name == "hyphens-in-a-row":
            given["hyphen_penalty"] = "0"
        measure = ems * points(style, "text-size")
        pages = shown(style, "prose", **given, measure=f"{measure}pt", **{name: value})
        return [(round(letter.x, 2), round(letter.y, 1)) for letter in pages.letters]

    low, high = BROKEN[name]
    assert any(places(low, ems) != places(high, ems) for ems in (20, 16, 18, 13))


@case("depth-stretch")
def depth_stretch(style: str) -> None:
    """Pages that end before a document have it further down, so that their last line stands at the foot."""
    feet = {stretch: _feet(style, stretch) for stretch in ("0", "1")}
    assert len(feet["0"]) == len(feet["1"]) > 8
    assert sum(near(y, max(feet["1"])) for y in feet["1"]) > sum(near(y, max(feet["0"])) for y in feet["0"])


def _feet(style: str, stretch: str) -> list[float]:
    """Where the last lines of pages stand, but the last one's."""
    furniture = {"running_heads": "none", "original_page_span": "hidden", "folios": "head", "folio_size": "5.01pt"}
    pages = shown(style, "short", depth_stretch=stretch, line_breaking="off", **furniture)
    count = len(pages.sizes)
    return [max(pages.lines(page)) for page in range(1, count - 1)]


@case("paragraphs")
def paragraphs(style: str) -> None:
    step = points(style, "leading")
    gaps = {kind: _between_paragraphs(style, paragraphs=kind) for kind in ("indent", "space")}
    assert near(gaps["indent"], step)
    assert near(gaps["space"], 2 * step)


def _between_paragraphs(style: str, **settings: str) -> float:
    pages = shown(style, "text", **settings, page_size="9in 40in", page_by="margins")
    start = pages.first("Afterwards we read")
    above = max(
        x.y for x in pages.letters if x.page == start.page and x.y < start.y - 2 and near(x.size, start.size, 0.05)
    )
    return start.y - above


@case("paragraph-indent")
def paragraph_indent(style: str) -> None:
    for indent in ("8pt", "2em"):
        pages = shown(style, "text", paragraph_indent=indent, paragraphs="indent", alignment="left")
        expected = 2 * points(style, "text-size") if indent == "2em" else 8
        start = pages.first("Afterwards we read")
        left = min(x.x for x in pages.letters if x.page == start.page and near(x.size, start.size, 0.05))
        assert near(start.x - left, expected)


@case("paragraph-space")
def paragraph_space(style: str) -> None:
    step = points(style, "leading")
    assert near(_between_paragraphs(style, paragraphs="space", paragraph_space="2"), 3 * step)


# Heads and openings.

PLACED = {
    "head-align": ("text", "Chapterhead", "left", "center"),
    "document-head-align": ("text", "Headline of it", "left", "center"),
    "source-note-align": ("text", "Origin of it", "left", "right"),
    "dateline-align": ("text", "Dated here", "left", "right"),
    "signature-align": ("text", "Signature of it", "left", "right"),
}


@case(*PLACED)
def places(style: str, name: str) -> None:
    page, words, left, further = PLACED[name]
    at_left, moved = (shown(style, page, **{name: where}) for where in (left, further))
    first = at_left.first(words)
    assert near(first.x, at_left.left(first.page), 3)
    assert moved.first(words).x > first.x + 30


@case("chapter-opening")
def chapter_opening(style: str) -> None:
    assert shown(style, "openings", chapter_opening="page").first("Chapterhead").page % 2 == 1
    assert shown(style, "openings", chapter_opening="right").first("Chapterhead").page % 2 == 0


@case("opening-drop")
def opening_drop(style: str) -> None:
    step = points(style, "leading")
    old, new = (shown(style, "openings", opening_drop=drop) for drop in ("1", "3"))
    assert near(new.first("Chapterhead").y - old.first("Chapterhead").y, 2 * step)
    assert near(new.first("Parthead").y - old.first("Parthead").y, 4 * step)


@case("opening-space")
def opening_space(style: str) -> None:
    step = points(style, "leading")
    old, new = (shown(style, "openings", opening_space=space) for space in ("1", "4"))
    assert near(new.first("Under the chapter").y - old.first("Under the chapter").y, 3 * step)
    assert near(new.first("Chapterhead").y, old.first("Chapterhead").y)


@case("document-space")
def document_space(style: str) -> None:
    step = points(style, "leading")
    old, new = (
        shown(style, "text", document_space=space, page_size="9in 40in", page_by="margins") for space in ("1", "3")
    )
    distances = [pages.first("Otherhead").y - pages.first("Signature of it").y for pages in (old, new)]
    assert near(distances[1] - distances[0], 2 * step)


# Running heads and folios.


@case("running-heads")
def running_heads(style: str) -> None:
    """On the left page, the second, and on the right one after it."""
    found = {
        kind: [
            shown(style, "long", running_heads=kind, page_size="5in 7in").has(words)
            for words in ("Volumename", "Divisionname", "Documentname")
        ]
        for kind in ("division-document", "volume-division", "none")
    }
    assert found == {
        "division-document": [False, True, True],
        "volume-division": [True, True, False],
        "none": [False, False, False],
    }


@case("running-head-distance")
def running_head_distance(style: str) -> None:
    old, new = (
        shown(style, "long", running_head_distance=f"{distance}pt", running_heads="volume-division")
        .first("Volumename")
        .y
        for distance in (10, 16)
    )
    assert near(old - new, 6)


@case("running-head-rule")
def running_head_rule(style: str) -> None:
    for kind, expected in (("thin", 1), ("none", 0)):
        pages = shown(style, "long", running_head_rule=kind, running_heads="volume-division")
        head = pages.first("Volumename")
        rows = pages.ink(1, pages.left(1), head.y + 1, pages.right(1), head.y + 14)
        assert sum(rows and not before for before, rows in pairwise([False, *rows])) == expected


@case("folios")
def folios(style: str) -> None:
    """On the second page, a left one with a running head: at the top or at the foot, outside or in the middle."""
    size = points(style, "folio-size") + 3.37
    places = {}
    for kind in ("head", "foot", "foot-centre"):
        pages = shown(style, "long", folios=kind, folio_size=f"{size}pt")
        (folio,) = [x for x in pages.letters if x.page == 1 and near(x.size, size, 0.02)]
        width, height = pages.sizes[1]
        places[kind] = (folio.y < height / 2, folio.x < width / 3)
        assert folio.text == "2"
    assert places == {"head": (True, True), "foot": (False, True), "foot-centre": (False, False)}


@case("original-page-span")
def original_page_span(style: str) -> None:
    """The second page is on original page 8, at its end at least."""
    found = {
        kind: any(
            letter.page == 1 and letter.text == "8"
            for letter in bare(style, original_page_span=kind, mark_size="5.01pt").letters
        )
        for kind in ("shown", "hidden")
    }
    assert found == {"shown": True, "hidden": False}


# Notes.


@case("note-indent")
def note_indent(style: str) -> None:
    old, new = (shown(style, "text", note_indent=indent) for indent in ("0pt", "15pt"))
    assert near(new.first("Firstnote").x - old.first("Firstnote").x, 15, 1.5)


@case("note-marks")
def note_marks(style: str) -> None:
    """On the line the mark has a point; raised it is small and high."""
    on_line, raised = (shown(style, "text", note_marks=kind) for kind in ("on-line", "raised"))
    assert on_line.has("1.Firstnote")
    mark = raised.words("1Firstnote")[0]
    assert mark.size < raised.first("Firstnote").size
    assert mark.y < raised.first("Firstnote").y - 1


def end_and_mark(style: str, **settings: str) -> tuple[Letter, Letter]:
    """The last letter of the first note, and the mark of the second."""
    letters = shown(style, "text", page_size="9in 20in", page_by="margins", note_size="7pt", **settings).letters
    mark = "".join(letter.text for letter in letters).index(
        "2", "".join(x.text for x in letters).index("Firstnote")
    )
    return letters[mark - 1], letters[mark]


@case("note-flow")
def note_flow(style: str) -> None:
    """The second note begins below the first, or where that ends."""
    for flow, in_line in (("one-by-one", False), ("run-in", True)):
        end, mark = end_and_mark(style, note_flow=flow)
        assert near(end.y, mark.y, 0.7 * points(style, "note-leading")) == in_line
        assert (end.x < mark.x) == in_line


@case("note-gap")
def note_gap(style: str) -> None:
    ends = [
        end_and_mark(style, note_flow="run-in", note_gap=gap, alignment="left", line_breaking="off")
        for gap in ("0pt", "20pt")
    ]
    gaps = [mark.x - end.x for end, mark in ends]
    assert near(gaps[1] - gaps[0], 20)


@case("note-space")
def note_space(style: str) -> None:
    distances = []
    for space in ("0pt", "9pt"):
        pages = shown(
            style, "text", note_space=space, note_flow="one-by-one", page_size="9in 20in", page_by="margins"
        )
        second = pages.first("Secondnote")
        above = max(
            x.y
            for x in pages.letters
            if x.page == second.page and x.y < second.y - 2 and near(x.size, second.size, 0.02)
        )
        distances.append(second.y - above)
    assert near(distances[1] - distances[0], 9)


@case("note-rule")
def note_rule(style: str) -> None:
    found = {}
    for kind in ("short", "full", "none"):
        pages = shown(style, "text", note_rule=kind, page_size="9in 20in", page_by="margins")
        note = pages.first("Firstnote")
        left, right = pages.left(note.page), pages.right(note.page)
        above = note.y - points(style, "note-leading") - 12
        box = (above, note.y - points(style, "note-size"))
        found[kind] = [any(pages.ink(note.page, x, box[0], x + 30, box[1])) for x in (left, right - 40)]
    assert found == {"short": [True, False], "full": [True, True], "none": [False, False]}


@case("note-area-space")
def note_area_space(style: str) -> None:
    """The last line of the text is further from the first note."""
    gaps = []
    for space in ("0.3", "4"):
        pages = shown(style, "note", note_area_space=space, note_size="4.5pt", paragraphs="indent")
        note = pages.first("Longnote")
        gaps.append(note.y - max(y for y in pages.lines(0) if y < note.y - 3))
    assert gaps[1] > 4 * points(style, "leading") > gaps[0] + points(style, "leading")


@case("note-share")
def note_share(style: str) -> None:
    """What a long note takes of the page where it is called, if there is more text."""
    taken = []
    for share in ("0.2", "0.7"):
        letters = shown(style, "note", note_share=share, note_size="4.5pt").letters
        note = [letter.y for letter in letters if letter.page == 0 and near(letter.size, 4.5, 0.02)]
        taken.append(max(note) - min(note))
    assert taken[1] > 1.5 * taken[0]


@case("table-rules")
def table_rules(style: str) -> None:
    counts = {}
    for kind in ("open", "rows", "none"):
        pages = shown(style, "lists", table_rules=kind)
        head, last = pages.first("Columnhead"), pages.first("Celltwo")
        size = points(style, "table-size")
        rows = pages.ink(head.page, head.x, head.y - 2.2 * size, last.x + 30, last.y + 1.2 * size)
        counts[kind] = sum(rows and not before for before, rows in pairwise([False, *rows]))
    assert counts["none"] == 0
    assert counts["open"] == 3
    assert counts["rows"] == 4


@pytest.mark.parametrize("folios", ["head", "foot", "foot-centre"])
@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_on_a_blank_page(style: str, folios: str) -> None:
    """In the front matter and between parts; that its `@page front` says more of the folio does not matter."""
    pages = shown(style, "blank", folios=folios)
    assert len(pages.sizes) == 7
    assert {letter.page for letter in pages.letters} == {0, 1, 2, 4, 6}


# Last, when all cases are known.


@pytest.mark.parametrize("style", STYLES)
def test_no_setting_is_without_a_case(style: str) -> None:
    names = {setting.name for setting in load_style(StyleChoice(style), NOWHERE).settings}
    assert names - CASES.keys() - ELSEWHERE == set()


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("style", STYLES)
def test_every_setting_does_what_it_says(style: str, name: str) -> None:
    CASES[name](style)
