"""A small book with every construct that the renderer writes, set by the engine."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from edition.assemble import assemble
from edition.model import Edition
from edition.pages import NotePart, Page, PagedEdition
from edition.resolved import ResolvedEdition
from edition.typeset import drawn_whole, engine

WORDS = (
    "The delegation asked whether the pledge given in spring still held, and was told that it held as far "
    "as any pledge can that is given in a hurry by a ministry about to fall. "
)

TALE = (
    "The delegation asked whether the pledge given in spring still held, and was told by the undersecretary that it "
    "held as far as any pledge can that is given in a hurry by a ministry about to fall; the ambassador, who had been "
    "present throughout the conversation, said nothing, but afterwards reported to his government that he considered "
    "the undertaking worthless, and that the commission should proceed without it. "
)
"""A sentence of some lines, for paragraphs."""


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of grey pixels (ISO/IEC 15948); `rows` each begin with a zero. It may be of other measures than it says."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def picture() -> str:
    """A data URI of a picture of two by two pixels."""
    pixels = b"\0\x40\x80\0\x80\x40"
    return f"data:image/png;base64,{base64.b64encode(png(2, 2, pixels)).decode()}"


def note(number: int, text: str, document: str = "d1") -> str:
    """A call with its note, as the renderer writes them."""
    id_ = f"{document}-n{number}"
    return (
        f'<a class="call" id="{id_}-r1" href="#{id_}">{number}</a>'
        f'<aside class="note" id="{id_}"><p><a class="mark" href="#{id_}-r1">{number}</a> {text}</p></aside>'
    )


STYLE = """
@page { size: 4in 6in; margin: .7in; @bottom-center { content: counter(page) }
        @top-center { content: string(title) }
        @footnote { border-top: .5pt solid; padding-top: 2pt } }
@page front { @bottom-center { content: counter(page, lower-roman) } }
html { font: 9pt/12pt "Linux Libertine O"; hyphens: manual }
h1, h2, h3 { break-after: avoid; string-set: title content() }
.front { page: front; }
section.chapter { break-before: right; page: main }
p { margin: 0; text-indent: 1em }
aside.note { float: footnote; footnote-display: block; footnote-policy: line; font-size: 7pt }
aside.note::footnote-call, aside.note::footnote-marker { content: "" }
.call { vertical-align: super; font-size: 6pt; line-height: 0 }
.notes aside.note { float: none }
.page-break::before { content: "[Page " attr(data-page) "]"; font-size: 7pt }
ul.labelled { list-style: none; padding: 0 }
ul.labelled .label { float: left; width: 2em }
ul.labelled .body { margin-left: 2em }
nav.contents a::after { content: leader(". ") target-counter(attr(href), page) }
td, th { border: .5pt solid; padding: 1pt }
img { image-rendering: crisp-edges; width: 20pt; height: 20pt }
.faint { opacity: .5 }
"""

FRONT = """
<section class="front">
<section class="title-page" id="_title-page"><h1 class="title">Papers of a Quiet Year</h1>
<p class="subtitle">Part of a series</p></section>
<nav class="contents" id="_contents"><h1 class="title">Contents</h1>
<ol><li class="division chapter"><a href="#ch1"><span class="title">The Harbour</span></a>
<ol><li class="document"><a href="#d1"><span class="number">1</span>
<span class="title">Memorandum</span></a></li>
<li class="document"><a href="#d2">
<span class="title">Letter</span></a></li></ol></li></ol></nav>
</section>
"""

DOCUMENT = f"""
<article class="document" id="d1"><header><span class="page-start" id="" data-page="403"/>
<p class="source-note">861.24/441</p>
<h2 class="title"><span class="number">1</span> Memorandum{note(1, "Drafted in two hands.")}</h2>
<p class="headnote">With an enclosure.</p></header>
<div class="dateline" lang="fr"><p>Genève, le 3 mai</p></div>
<p>He said <em>plainly</em> and <strong>twice</strong> that the harbour<span class="page-break" id="page-404"
data-page="404"/> would stay open{note(2, "So in the copy. " + WORDS * 2)}, as
<span lang="la">pro forma</span> and
<abbr title="Foreign Relations">F.R.</abbr> have
it<a class="call" id="d1-n2-r2" href="#d1-n2">2</a>; see
<a class="reference" href="#page-404">p. 404</a> and <a class="reference" href="https://example.org/">the
list of all the ships that ever came to the harbour in those years of plenty and of peace</a>. {WORDS * 12}</p>
<blockquote lang="de"><p>Der Hafen bleibt offen.{note(3, "Translated below.")}</p></blockquote>
<ul class="bullets"><li><p>A first point.</p><p>And more on it.</p></li>
<li><p>A second.</p><ul class="bullets"><li><p>Inside it.</p></li></ul></li></ul>
<ul class="labelled"><li><span class="label">(1)</span><div class="body"><p>Article one.</p>
<p>Its second clause.</p></div></li>
<li><span class="label">(3)</span><div class="body"><p>Article three.</p></div></li></ul>
<p class="page-break-block"><span class="page-break" id="page-405" data-page="405"/></p>
<table><caption>Ships by year</caption>
<thead><tr><th scope="col">Year{note(4, "Of the ministry.")}</th>
<th scope="col" colspan="2">Ships</th></tr></thead>
<tbody>
<tr><th scope="row" rowspan="2">1931</th>
<td><p>Four.</p><ul class="bullets"><li><p>Two of iron.</p></li></ul></td>
<td/></tr>
<tr><td>Five{note(5, "Or six.")}</td></tr>
<tr><td colspan="5">A row too long</td></tr>
<tr class="page-break-row"><td colspan="3">
<span class="page-break" id="page-406" data-page="406"/></td></tr>
<tr><td>Short</td></tr>
<tr><td><table><tbody><tr><td>in</td><td>side</td></tr></tbody></table></td>
<td rowspan="9">Deep</td></tr>
{
    "".join(
        f"<tr><th scope='row'>{year}</th><td>{year - 1900} ships came, as far as the lists tell</td></tr>"
        for year in range(1932, 1972)
    )
}
</tbody></table>
<p><img src="{picture()}" alt="A grey seal"/> and <img src="{picture()}" alt=""/> nothing.
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>A square</title>
<rect width="9" height="9"/></svg>
<a href="#d2"><img src="{picture()}" alt="Go to the letter"/></a></p>
<p class="faint">In faint ink <a href="#d2">elsewhere</a>. {WORDS}</p>
<p class="to-break">A paragraph that the source broke</p><p class="from-break">in two.</p>
<div class="signed"><p>S[umner] W[elles]</p></div>
<article class="enclosure" id="enc1"><h4 class="level-1">[Enclosure]</h4>
<p>Text of the enclosure.{note(1, "A note of the enclosure's own. " + WORDS * 30, "d1-e1")}</p></article>
</article>
"""

LETTER = f"""
<article class="document" id="d2"><header><h2 class="title">Letter</h2></header>
<p>Called here<a class="call" id="d2-n1-r1" href="#d2-n1">1</a>. {WORDS * 3}</p>
<section class="notes"><aside class="note" id="d2-n1"><p>
<a class="mark" href="#d2-n1-r1">1</a> An end note.</p>
<p>With two paragraphs.</p></aside>
<div class="unplaced"><p class="unplaced-head">Notes that are not called</p>
<aside class="note" id="d2-n2"><p>Never called.</p></aside></div></section>
</article>
"""

BODY = f"""{FRONT}<main><section class="division chapter" id="ch1"><h1 class="title">The Harbour</h1>
{DOCUMENT}{LETTER}</section></main>"""


def edition_of(
    folder: Path, text: str, volume: str = "", *, title: str = "A Document", start_page: str = "1"
) -> Path:
    """Write an edition of one document, `d1`, into a folder, and give the folder.

    `volume` are lines of `edition.yaml`, which need not say its title, id, language and contents.
    """
    given = {line.partition(":")[0] for line in volume.splitlines()}
    usual = {"title": "Specimen", "id": "specimen", "language": "en", "contents": "[documents/d1.md]"}
    lines = "".join(f"{key}: {value}\n" for key, value in usual.items() if key not in given)
    (folder / "documents").mkdir(parents=True)
    (folder / "edition.yaml").write_text(lines + volume, "utf-8")
    head = f'---\nid: d1\ntitle: {title}\nstart-page: "{start_page}"\n---\n\n'
    (folder / "documents" / "d1.md").write_text(head + text, "utf-8")
    return folder


def typeset(body: str = BODY, style: str = STYLE) -> PagedEdition:
    """The body of a book, set with our tags."""
    source = f'<html lang="en"><head><title>Specimen</title></head><body>{body}</body></html>'
    engine.install()
    fonts = FontConfiguration()
    sheet = CSS(string=style, font_config=fonts)
    book = engine.html_from(source, "edition:/")
    document = book.render(font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/a-3a")
    pages = tuple(_page(index, page) for index, page in enumerate(document.pages))
    return drawn_whole(document, pages, fonts)


def pdf_of(paged: PagedEdition) -> bytes:
    """Pages as a file that says nothing of an edition."""
    nothing = ResolvedEdition(Edition("Specimen", ()), {}, {}, {}, (), ())
    return assemble(nothing, paged)


def _page(index: int, page: Any) -> Page:
    name = page._page_box.page_type.name or ""
    return Page(
        index=index,
        folio=("i", "ii", "iii", "iv")[index] if name == "front" and index < 4 else str(index + 1),
        side="verso" if index % 2 else "recto",
        blank=page._page_box.page_type.blank,
        name=name,
        width=page.width * 0.75,
        height=page.height * 0.75,
        anchors={name: (x * 0.75, y * 0.75) for name, (x, y, *_) in page.anchors.items()},
        calls=(),
        notes=tuple[NotePart](),
    )
