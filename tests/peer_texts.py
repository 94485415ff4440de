"""An edition's text as others set it: heads, paragraphs and footnotes as Typst, LaTeX and HTML for Paged.js.

What peers are measured by in `bench_peers`. It is the same text in the same order on pages of one size in one face;
tables are a paragraph a row, all emphasis but italics is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from edition.model import (
    Block,
    Division,
    Document,
    Emphasis,
    Entry,
    Heading,
    Inline,
    LineBreak,
    NoteCall,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Text,
)
from edition.resolved import ResolvedEdition, Scope
from edition.walk import Node, children, walk


class Run(NamedTuple):
    """Some text."""

    text: str
    italic: bool = False


class Foot(NamedTuple):
    """A footnote at the place of its call."""

    runs: tuple[Run, ...]


Pieces = tuple[Run | Foot, ...]


class Part(NamedTuple):
    """A head or, at level 0, a paragraph. Level 1 begins a page: divisions that hold documents."""

    level: int
    pieces: Pieces


@dataclass(frozen=True)
class Page:
    """How all of them set it, lengths in points."""

    width: float = 432
    height: float = 648
    margin: float = 53
    face: str = "TeX Gyre Schola"
    size: float = 10
    leading: float = 12


PAGE = Page()


# What is to be set


def parts_of(resolved: ResolvedEdition) -> Iterator[Part]:
    """The text of an edition, its generated parts left out."""

    def look(entries: tuple[Entry, ...]) -> Iterator[Part]:
        for entry in entries:
            if isinstance(entry, Division):
                yield Part(1, tuple(_pieces(entry.title, _Notes({}, {}))))
                yield from look(entry.contents)
            elif isinstance(entry, Document):
                yield from _document(entry, resolved)

    yield from look(resolved.edition.contents)


class _Notes:
    """The notes of a document that were not yet called."""

    def __init__(self, scopes: Mapping[int, Scope], notes: Mapping[tuple[Scope, str], tuple[Block, ...]]) -> None:
        self.scopes = scopes
        self.waiting = dict(notes)

    def called_by(self, call: NoteCall) -> tuple[Block, ...]:
        """The blocks of a note where it is called first, else none."""
        return self.waiting.pop((self.scopes.get(id(call), ""), call.label), ())


def _document(document: Document, resolved: ResolvedEdition) -> Iterator[Part]:
    scopes = {id(node): scope for scope, node in walk(document) if isinstance(node, NoteCall)}
    wanted = {*scopes.values(), document.id}
    notes = _Notes(scopes, {key: it.note.blocks for key, it in resolved.notes.items() if key[0] in wanted})
    yield Part(2, tuple(_pieces((*document.title, *document.source_note), notes)))
    for block in document.blocks:
        yield from _blocks(block, notes)


def _blocks(node: Node, notes: _Notes) -> Iterator[Part]:
    if isinstance(node, Paragraph | Heading):
        yield Part(3 if isinstance(node, Heading) else 0, tuple(_pieces(node.inlines, notes)))
    elif isinstance(node, Row):
        parts = [part.pieces for cell in node.cells for block in cell.blocks for part in _blocks(block, notes)]
        yield Part(0, tuple(piece for pieces in parts for piece in (*pieces, Run(" "))))
    elif isinstance(node, Table):
        yield Part(3, tuple(_pieces(node.caption, notes)))
        for row in node.rows:
            yield from _blocks(row, notes)
    elif not isinstance(node, PageBreak):
        for child in children(node):
            yield from _blocks(child, notes)


def _pieces(inlines: tuple[Inline, ...], notes: _Notes, italic: bool = False) -> Iterator[Run | Foot]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield Run(text, italic)
            case LineBreak():
                yield Run(" ")
            case PageBreak(page):
                yield Run(f"[Page {page.number}] ")
            case NoteCall():
                if blocks := notes.called_by(inline):
                    parts = [part.pieces for block in blocks for part in _blocks(block, notes)]
                    yield Foot(tuple(run for pieces in parts for run in pieces if isinstance(run, Run)))
            case Emphasis(inner):
                yield from _pieces(inner, notes, not italic)
            case _:
                yield from _pieces(children(inline), notes, italic)  # type: ignore[arg-type]  # inlines hold inlines


def written(
    parts: Iterator[Part] | list[Part],
    head: str,
    part: Callable[[int, str], str],
    escaped: Callable[[str], str],
    italic: str,
    foot: str,
    tail: str = "",
) -> str:
    """All parts in a peer's language; in `italic` and `foot` `{}` stands for what is in them."""

    def run(it: Run) -> str:
        text = escaped(it.text)
        return italic.replace("{}", text) if it.italic and text.strip() else text

    def piece(it: Run | Foot) -> str:
        return run(it) if isinstance(it, Run) else foot.replace("{}", "".join(map(run, it.runs)).strip())

    bodies = ((it.level, "".join(map(piece, it.pieces)).strip()) for it in parts)
    return head + "".join(part(level, body) for level, body in bodies if body) + tail


# In the languages of others


def typst(parts: list[Part], page: Page = PAGE) -> str:
    head = (
        f"#set page(width: {page.width}pt, height: {page.height}pt, margin: {page.margin}pt, numbering: \"1\")\n"
        f'#set text(font: "{page.face}", size: {page.size}pt, lang: "en", hyphenate: true)\n'
        f"#set par(justify: true, first-line-indent: 12pt, leading: {page.leading - page.size * 0.7}pt, spacing: "
        f"{page.leading - page.size * 0.7}pt)\n#show heading.where(level: 1): it => {{ pagebreak(weak: true); it }}\n"
        "#outline(depth: 2)\n"
    )  # fmt: skip
    return written(
        parts,
        head,
        lambda level, body: f"\n#heading(level: {level})[{body}]\n" if level else f"\n{body}\n",
        lambda text: re.sub(r"([\\#$*_`<>@~=\[\]/+-])", r"\\\1", text),
        "#emph[{}]",
        "#footnote[{}]",
    )


_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "[": "{[}", "]": "{]}", "½": r"\textonehalf{}",
    "¼": r"\textonequarter{}", "¾": r"\textthreequarters{}",
}  # fmt: skip


def latex(parts: list[Part], page: Page = PAGE, *, unicode: bool = False) -> str:
    """For LuaLaTeX with `unicode`, else for pdfLaTeX, which knows Latin letters alone: others become question marks."""
    face = (
        rf"\usepackage{{fontspec}}\setmainfont{{{page.face}}}"
        if unicode
        else r"\usepackage[T1]{fontenc}\usepackage{textcomp}\IfFileExists{tgschola.sty}{\usepackage{tgschola}}{}"
    )
    sides = f"margin={page.margin}bp"
    head = (
        r"\documentclass[10pt]{book}\usepackage[english]{babel}" + face + "\n"
        rf"\usepackage[paperwidth={page.width}bp,paperheight={page.height}bp,{sides}]{{geometry}}" + "\n"
        r"\setcounter{secnumdepth}{-2}\setcounter{tocdepth}{1}\emergencystretch2em\hbadness10000\hfuzz99pt" + "\n"
        r"\begin{document}\tableofcontents" + "\n"
    )
    heads = {1: "chapter", 2: "section", 3: "subsection"}

    def part(level: int, body: str) -> str:
        return f"\n\\{heads[level]}{_without_notes(body)}\n" if level else f"\n{body}\n"

    def escaped(text: str) -> str:
        if not unicode:
            text = "".join(char if char < "\u0180" or char in "–—‘’“”…†‡§¶" else "?" for char in text)
        return "".join(_LATEX.get(char, char) for char in text)

    return written(parts, head, part, escaped, r"\textit{{}}", r"\footnote{{}}", "\n\\end{document}\n")


def _without_notes(body: str) -> str:
    """A head's arguments: what the contents say, without notes, and what stands over the text."""
    short = re.sub(r"\\footnote\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", "", body)
    return f"[{{{short}}}]{{{body}}}"


def html(parts: list[Part], script: str, page: Page = PAGE) -> str:
    """For Paged.js, whose polyfill is at `script`."""
    head = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><style>\n'
        f"@page {{ size: {page.width}pt {page.height}pt; margin: {page.margin}pt; "
        "@bottom-center { content: counter(page) } }\n"
        f'html {{ font: {page.size}pt/{page.leading}pt "{page.face}"; text-align: justify; hyphens: auto }}\n'
        "p { margin: 0; text-indent: 12pt; widows: 2; orphans: 2 } h1 { break-before: page }\n"
        ".note { float: footnote }\n"
        f'</style><script src="{escape(script)}"></script></head><body>\n'
    )
    return written(
        parts,
        head,
        lambda level, body: f"<h{level}>{body}</h{level}>\n" if level else f"<p>{body}</p>\n",
        escape,
        "<i>{}</i>",
        '<span class="note">{}</span>',
        "</body></html>\n",
    )
