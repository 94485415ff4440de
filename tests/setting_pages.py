"""Small pages that show what each setting of a style does, and how they are read back."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from edition.model import StyleChoice
from edition.styles import Style, load_style
from edition.typeset import typeset_whole
from tests.specimen import pdf_of

NOWHERE = Path("/nonexistent")
PLAIN = (
    "Plain words stand here and go on over some lines, so that the paragraph has a second one and a third, and an "
    "uncommonly uncharacteristically disproportionately incontrovertible counterrevolutionary straightforwardness. "
)


PROSE = (
    "The harbour lay still that morning, and nobody on the quay remembered afterwards who had spoken first of leaving; "
    "for all of them, the pilots and the merchants and the widows at their windows, had thought about it through the "
    "night without a word, considering the weather, considering the provisions, and considering, not without some "
    "bitterness, what the commissioners had promised them in the preceding September when the extraordinary tides "
)


def note(number: int, text: str) -> str:
    return (
        f'<a class="call" id="n{number}-r1" href="#n{number}">{number}</a><aside class="note" id="n{number}">'
        f'<p><a class="mark" href="#n{number}-r1">{number}</a> {text}</p></aside>'
    )


DOCUMENT = f"""
<article class="document" id="d1"><header><span class="page-start" id="page-7" data-page="7"></span>
<p class="source-note">Origin of it</p><h3 class="title" data-running-title="Shortened">Headline of it</h3>
<p class="headnote">Forenote of it</p></header>
<div class="dateline"><p>Dated here</p></div>
<p>{PLAIN}</p>
<p>Afterwards we read 1871 on <span class="page-break" id="page-8" data-page="8" data-number="8"></span> it.{
    note(1, "Firstnote. " + PLAIN)
}{note(2, "Secondnote of it.")}</p>
<blockquote><p>Quotation of it</p></blockquote>
<h4 class="level-1">Innerhead of it</h4>
<p>Following text.</p>
<div class="signed"><p>Signature of it</p></div></article>
<article class="document" id="d2"><header><h3 class="title" data-running-title="Second">Otherhead</h3></header>
<p>Further on.</p></article>
"""

PAGES = {
    "blank": """<section class="front"><section class="title-page" id="t"><h1 class="title">Booktitle</h1></section>
<article class="document" id="f1"><header><h2 class="title" data-running-title="F">Foreword</h2></header><p>Before.</p></article>
<article class="document" id="f2"><header><h2 class="title" data-running-title="F">Thanks</h2></header><p>Before.</p></article>
</section><main data-volume-title="Volumename">
<section class="division part" id="p1"><h1 class="title" data-running-title="Part">Parthead</h1></section>
<section class="division part" id="p2"><h1 class="title" data-running-title="Part">Otherpart</h1></section></main>""",
    "text": f"""<main data-volume-title="Volumename">
<section class="division chapter" id="c1"><h2 class="title" data-running-title="Divisionname">Chapterhead</h2>{DOCUMENT}
</section></main>""",
    "long": f"""<main data-volume-title="Volumename">
<section class="division chapter" id="c1"><h2 class="title" data-running-title="Divisionname">Chapterhead</h2>
<article class="document" id="d1"><header><span class="page-start" id="page-7" data-page="7"></span>
<h3 class="title" data-running-title="Documentname">Headline</h3></header>
<p>{PLAIN * 7}<span class="page-break" id="page-8" data-page="8" data-number="8"></span> {PLAIN * 23}</p>
</article></section></main>""",
    "prose": f"""<main data-volume-title="Volumename"><section class="division chapter" id="c1"><article class="document" id="d1">
{"".join(f"<p>{' '.join(PROSE.split()[start : start + length])}.</p>" for start, length in zip(range(24), range(30, 54), strict=True))}
</article></section></main>""",
    "short": f"""<main data-volume-title="Volumename"><section class="division chapter" id="c1">
{"".join(f'<article class="document" id="s{n}"><header><h3 class="title">Head {n}</h3></header>' + "".join(f"<p>{' '.join(PROSE.split()[: 3 * (n % 5) + k])}.</p>" for k in (30, 46, 22)) + "</article>" for n in range(60))}
</section></main>""",
    "note": f"""<main data-volume-title="Volumename">
<section class="division chapter" id="c1"><article class="document" id="d1">
<p>{PLAIN}{note(1, "Longnote. " + PLAIN * 60)}</p><p>{PLAIN * 25}</p>
</article></section></main>""",
    "openings": """<section class="front"><section class="title-page" id="t"><h1 class="title">Booktitle</h1></section></section>
<main data-volume-title="Volumename">
<section class="division part" id="p1"><h1 class="title" data-running-title="Part">Parthead</h1>
<section class="division chapter" id="c1"><h2 class="title" data-running-title="Chapter">Chapterhead</h2>
<article class="document" id="d1"><p>Under the chapter.</p></article>
<section class="division subchapter" id="s1"><h3 class="title" data-running-title="Sub">Subhead</h3>
<article class="document" id="d2"><p>Under it.</p></article></section></section></section></main>""",
    "noted": f"""<main data-volume-title="Volumename"><section class="division chapter" id="c1">
<h2 class="title" data-running-title="Chapter">Chapterhead{note(1, "Ofahead.")}</h2><p>Words.</p></section></main>""",
    "lists": """<main data-volume-title="Volumename">
<section class="division chapter" id="c1"><h2 class="title" data-running-title="Chapter">Chapterhead</h2>
<article class="document" id="d1"><p>Before the table.</p>
<table><thead><tr><th>Columnhead</th><th>Second</th></tr></thead>
<tbody><tr><td>Cellone</td><td>1</td></tr><tr><td>Celltwo</td><td>2</td></tr></tbody></table>
</article></section>
<section class="index" id="i"><h1 class="title">Indexhead</h1><ul><li><p class="entry">Indexentry</p></li></ul></section>
</main>""",
    "wide": f"""<main data-volume-title="Volumename"><section class="division chapter" id="c1"><article class="document" id="d1">
<table><thead><tr>{"".join(f"<th>Wide{number}</th>" for number in range(20))}</tr></thead>
<tbody><tr>{"".join("<td>widecell widecell</td>" for _ in range(20))}</tr></tbody></table>
</article></section></main>""",
}


@dataclass(frozen=True)
class Letter:
    """A drawn letter; its origin is from the top left, all lengths are in points."""

    text: str
    page: int
    x: float
    y: float
    size: float
    colour: tuple[int, int, int]
    font: str


@dataclass(frozen=True)
class Shown:
    """Pages in a style, read back."""

    style: Style
    letters: tuple[Letter, ...]
    sizes: tuple[tuple[float, float], ...]
    content: bytes

    def words(self, words: str) -> list[Letter]:
        """The letters of the first place where these words stand, in capitals or not."""
        wanted = words.replace(" ", "").casefold()
        text = "".join(letter.text for letter in self.letters).casefold()
        at = text.find(wanted)
        assert at >= 0, f"{words!r} is not on the pages"
        return list(self.letters[at : at + len(wanted)])

    def first(self, words: str) -> Letter:
        return self.words(words)[0]

    def has(self, words: str) -> bool:
        return words.replace(" ", "").casefold() in "".join(letter.text for letter in self.letters).casefold()

    def lines(self, page: int) -> list[float]:
        """The baselines of a page's text in the style's own size, from above; so may be those of its furniture."""
        size = float(self.style.value("text-size").removesuffix("pt"))
        same = [letter.y for letter in self.letters if letter.page == page and abs(letter.size - size) < 0.05]
        return sorted({round(y, 1) for y in same})

    def ink(self, page: int, left: float, top: float, right: float, bottom: float) -> list[bool]:
        """For each point of the height of a box, whether there is a rule: nine tenths of its width are dark."""
        picture = pypdfium2.PdfDocument(self.content)[page].render(scale=4, grayscale=True).to_pil()
        rows = []
        for y in range(round(top), round(bottom)):
            lines = picture.crop((round(4 * left), 4 * y, round(4 * right), 4 * y + 4))
            width = lines.width
            pixels = lines.tobytes()
            rows.append(
                any(sum(p < 200 for p in pixels[width * k : width * k + width]) > 0.9 * width for k in range(4))
            )
        return rows

    def left(self, page: int) -> float:
        return min(letter.x for letter in self.letters if letter.page == page)

    def right(self, page: int) -> float:
        return max(letter.x for letter in self.letters if letter.page == page)


def shown(style: str, page: str, **settings: str) -> Shown:
    """The named pages in a style with some settings, `_` for `-` in their names."""
    return _shown(style, page, tuple(sorted((name.replace("_", "-"), value) for name, value in settings.items())))


@cache
def _shown(style_name: str, page: str, settings: tuple[tuple[str, str], ...]) -> Shown:
    style = load_style(StyleChoice(style_name, settings), NOWHERE)
    html = f'<html lang="en"><head><title>T</title></head><body class="original-pages-inline">{PAGES[page]}</body></html>'
    return read(pdf_of(typeset_whole(html, style, NOWHERE)), style)


def read(content: bytes, style: Style) -> Shown:
    document = pypdfium2.PdfDocument(content)
    letters, sizes = [], []
    for index, page in enumerate(document):
        width, height = page.get_size()
        sizes.append((width, height))
        text = page.get_textpage()
        letters += [
            letter
            for position in range(text.count_chars())
            if (letter := _letter(text, position, index, height)).text.strip("\u00a0\u200b\u2060 \r\n")
        ]
    return Shown(style, tuple(letters), tuple(sizes), content)


def _letter(text: pypdfium2.PdfTextPage, index: int, page: int, height: float) -> Letter:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 200, flags)
    return Letter(
        chr(pdfium.FPDFText_GetUnicode(text, index)),
        page,
        x.value,
        height - y.value,
        0.75 * pdfium.FPDFText_GetFontSize(text, index),  # the page is scaled from CSS pixels
        (red.value, green.value, blue.value),
        re.sub(r"^[A-Z]{6}\+", "", name.value.decode()),
    )
