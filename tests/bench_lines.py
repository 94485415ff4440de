"""Lines side by side: a part of each sample volume in both built-in styles and in a narrow measure.

`python -m tests.bench_lines`: greedy WeasyPrint, our lines, Typst where it is installed (`pip install typst`), and
LuaLaTeX with microtype where that is. The same paragraphs in the same face, size and measure; measures as in
`line_measures`, and the layout time beside greedy's in the same process.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean
from typing import Any

from lxml import etree

from tests.line_measures import Measures, measure

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "frus"
VOLUMES = ("frus1872p2v5", "frus1897", "frus1918Russiav03", "frus1934v05")
LEAST_LETTERS = 120
"""Shorter paragraphs are left out."""
MARGIN = 40
"""In points."""


@dataclass(frozen=True)
class Setting:
    """How text is set, in points."""

    name: str
    face: str
    space: float
    """Of the face, in em."""
    size: float
    leading: float
    measure: float
    depth: int
    """Lines on a page."""
    shortest: int = 6
    """So many letters a word needs to be divided: 6 in the style `reading`, 5 in `frus`."""
    shrink: float = 0.333
    """How far a space may be narrowed, as the styles have it."""

    @property
    def page(self) -> tuple[float, float]:
        return self.measure + 2 * MARGIN, self.depth * self.leading + 2 * MARGIN


SETTINGS = (
    Setting("reading", "Linux Libertine O", 0.25, 10.6, 13.5, 324, 38),
    Setting("frus", "TeX Gyre Schola", 0.278, 10, 12, 326, 44, 5, 0.3),
    Setting("narrow", "Linux Libertine O", 0.25, 10.5, 13, 234, 40, 5),
)
FIGURES = (
    ("word space, s.d.", "deviation", "{:.3f}"),
    ("looser than 1.5 ×, %", "looser_1_5", "{:.2f}"),
    ("looser than 2 ×, %", "looser_2", "{:.2f}"),
    ("tighter than .8 ×, %", "tighter_0_8", "{:.1f}"),
    ("change between neighbours", "change", "{:.3f}"),
    ("hyphens in 100 lines", "hyphens", "{:.1f}"),
    ("three hyphens in a row", "ladders_3", "{:.1f}"),
    ("four", "ladders_4", "{:.1f}"),
    ("last lines under 2 em", "short_last", "{:.1f}"),
    ("hyphens at page ends", "page_end_hyphens", "{:.1f}"),
    ("right edges, pt", "edge", "{:.2f}"),
    ("unused lines a page", "unused", "{:.2f}"),
    ("pages", "pages", "{:.1f}"),
)


@cache
def paragraphs(volume: str, count: int) -> tuple[str, ...]:
    """The text of so many paragraphs of a volume from its first third on, without notes and page breaks."""
    found = []
    for element in etree.parse(str(CORPUS / f"{volume}.xml")).iter("{*}p"):
        if next(element.iterancestors("{*}note", "{*}list", "{*}table"), None) is not None:
            continue
        if next(element.iter("{*}list", "{*}table"), None) is not None:
            continue
        text = "".join(str(part) for part in element.xpath(".//text()[not(ancestor::*[local-name()='note'])]"))
        text = " ".join(text.replace("\u00ad", "").split())
        if len(text) >= LEAST_LETTERS:
            found.append(text)
    start = len(found) // 3 if count < len(found) else 0
    return tuple(found[start:][:count])


def weasyprint(texts: Sequence[str], setting: Setting, lines: str) -> tuple[bytes, float]:
    """The PDF of the engine with a value of `--lines`, and the seconds of its layout."""
    from weasyprint import CSS

    from edition.typeset import base_css, engine

    engine.install()
    width, height = setting.page
    sheet = f"""
    @page {{ size: {width}pt {height}pt; margin: {MARGIN}pt }} body, p {{ margin: 0 }} p {{ text-indent: 1.4em }}
    html {{ font: {setting.size}pt/{setting.leading}pt "{setting.face}"; text-align: justify; hyphens: auto;
      hyphenate-limit-chars: {setting.shortest} 2 3; orphans: 2; widows: 2;
      --lines: {lines}; --lines-space-shrink: {setting.shrink} }}"""
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    html = engine.html_from(f'<html lang="en-US"><body>{body}</body></html>', "")
    sheets = [CSS(string=text) for text in (base_css(), sheet)]
    began = time.process_time()
    document = html.render(stylesheets=sheets)
    seconds = time.process_time() - began
    return document.write_pdf(), seconds


def typst(texts: Sequence[str], setting: Setting) -> bytes:
    import typst as compiler  # type: ignore[import-not-found]

    width, height = setting.page
    leading = setting.leading - setting.size
    source = [
        f"#set page(width: {width}pt, height: {height}pt, margin: {MARGIN}pt)",
        f'#set text(font: "{setting.face}", size: {setting.size}pt, lang: "en", hyphenate: true, '
        f"top-edge: {0.8 * setting.size}pt, bottom-edge: {-0.2 * setting.size}pt)",
        f"#set par(justify: true, leading: {leading}pt, spacing: {leading}pt, "
        "first-line-indent: (amount: 1.4em, all: true))",
        *("\n" + re.sub(r"([\\#$*_`<>@\[\]~/\-+=\"'.])", r"\\\1", text) for text in texts),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.typ"
        path.write_text("\n".join(source), encoding="utf-8")
        pdf: bytes = compiler.compile(str(path))
    return pdf


def lualatex(texts: Sequence[str], setting: Setting) -> bytes:
    width, height = setting.page
    signs = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }  # fmt: skip
    body = "\n\n".join("".join(signs.get(char, char) for char in text) for text in texts)
    source = rf"""\documentclass{{article}}
\usepackage[paperwidth={width}bp,paperheight={height}bp,margin={MARGIN}bp]{{geometry}}
\usepackage{{fontspec}}\setmainfont{{{setting.face}}}\usepackage[english]{{babel}}
\usepackage[protrusion=true,expansion=true,stretch=20,shrink=20]{{microtype}}
\pagestyle{{empty}}\raggedbottom\parindent=1.4em\parskip=0pt\hyphenationmin={setting.shortest}
\widowpenalty=10000\clubpenalty=10000\frenchspacing
\AtBeginDocument{{\fontsize{{{setting.size}bp}}{{{setting.leading}bp}}\selectfont}}
\begin{{document}}
{body}
\end{{document}}"""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lines.tex").write_text(source, encoding="utf-8")
        command = ["lualatex", "-interaction=batchmode", "lines.tex"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (Path(folder) / "lines.pdf").read_bytes()


def made(texts: Sequence[str], setting: Setting) -> Iterator[tuple[str, bytes, float]]:
    """The PDF of each engine that there is, and the seconds of its layout, 0 where they are not known."""
    weasyprint(texts[:20], setting, "full")  # what is read once is read now
    for name, lines in (("greedy", "off"), ("ours", "full")):
        runs = [weasyprint(texts, setting, lines) for _ in range(3)]
        yield name, runs[0][0], min(seconds for _, seconds in runs)
    if find_spec("typst"):
        yield "Typst", typst(texts, setting), 0.0
    if shutil.which("lualatex"):
        yield "LuaLaTeX", lualatex(texts, setting), 0.0


def compare(volumes: Sequence[str], settings: Sequence[Setting], count: int, keep: Path | None = None) -> None:
    for setting in settings:
        found: dict[str, list[tuple[Measures, float]]] = {}
        for volume in volumes:
            for name, pdf, seconds in made(paragraphs(volume, count), setting):
                found.setdefault(name, []).append((measure(pdf, setting.space), seconds))
                if keep:
                    (keep / f"{volume}-{setting.name}-{name}.pdf").write_bytes(pdf)
        print(f"\n{setting.name}: {setting.face} {setting.size}/{setting.leading}, {setting.measure} pt")
        print("mean of the volumes (least–most)".ljust(34) + "".join(name.rjust(22) for name in found))
        for label, figure, form in FIGURES:
            cells = [_cell([getattr(measures, figure) for measures, _ in rows], form) for rows in found.values()]
            print(label.ljust(34) + "".join(cell.rjust(22) for cell in cells), flush=True)
        ours, greedy = (sum(seconds for _, seconds in found[name]) for name in ("ours", "greedy"))
        print(f"layout: {ours:.2f} s, greedy {greedy:.2f} s, ratio {ours / greedy:.2f}", flush=True)


def _cell(values: Sequence[Any], form: str) -> str:
    return f"{form.format(fmean(values))} ({form.format(min(values))}–{form.format(max(values))})"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--paragraphs", type=int, default=200, help="of each volume")
    arguments.add_argument("--keep", type=Path, help="a folder for the PDFs")
    chosen = arguments.parse_args()
    volumes = [name for name in VOLUMES if (CORPUS / f"{name}.xml").is_file()]
    if not volumes:
        print("lines: the sample volumes are not beside the project")
        return
    compare(volumes, SETTINGS, chosen.paragraphs, chosen.keep)


if __name__ == "__main__":
    main()
