"""Planned lines in the engine: the same text as without, even lines, and the engine's own where there is no plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from ctypes import c_double
from html import escape
from io import BytesIO
from itertools import pairwise
from statistics import median, pstdev
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import CSS
from weasyprint.formatting_structure import boxes

from edition.typeset import base_css, engine, lines
from edition.typeset.lines import setting, shaping
from tests.specimen import TALE
from tests.strategies import QUICK

STYLE = """
@page { size: 320px 700px; margin: 30px } body, p { margin: 0 } p { text-indent: 14px }
html { font: 11px/14px "Linux Libertine O"; text-align: justify; hyphens: auto; hyphenate-limit-chars: 6 3 3; --lines: full }
"""
WIDTH = 260


def lay_out(body: str, style: str = "") -> tuple[list[Any], Any]:
    """The lines of text of a body, and how its paragraphs were counted."""
    engine.install()
    html = engine.html_from(f'<html lang="en"><body>{body}</body></html>', "")
    drawn = html.render(stylesheets=[CSS(string=text) for text in (base_css(), STYLE, style)])
    found = []
    for page in drawn.pages:
        found += [
            box
            for box in page._page_box.descendants()
            if isinstance(box, boxes.LineBox)
            and any(isinstance(child, boxes.TextBox) for child in box.descendants())
        ]
    return found, html.line_count


def said(line: Any) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))


def text_of(found: list[Any]) -> str:
    """The text without the hyphens of line ends, without spaces: what must be the same however it is broken."""
    return (
        re.sub(r"\s", "", re.sub(r"-(?=\n)", "", "\n".join(map(said, found))))
        .replace("\u00ad", "")
        .replace("-", "")
    )


def right_edge(line: Any) -> float:
    last = [box for box in line.descendants() if isinstance(box, boxes.TextBox) and box.text.strip()][-1]
    return float(last.position_x + last.width)


def space_of(line: Any) -> float:
    return max(box.justification_spacing for box in line.descendants() if isinstance(box, boxes.TextBox))


def test_lines_are_more_even_than_one_by_one() -> None:
    body = f"<p>{TALE * 3}</p>" * 3
    planned, one_by_one = lay_out(body)[0], lay_out(body, "html { --lines: off }")[0]
    assert text_of(planned) == text_of(one_by_one)
    assert pstdev(map(space_of, planned)) < 0.6 * pstdev(map(space_of, one_by_one))
    assert len(planned) <= len(one_by_one)


def test_lines_end_at_the_measure_and_points_hang_out_of_it() -> None:
    found, _ = lay_out(f"<p>{TALE * 4}</p>")
    for line in found[:-1]:
        last = said(line).rstrip()[-1]
        assert (right_edge(line) > 290.4) == (last in ".,;-"), said(line)
        assert right_edge(line) < 293
    spaced, _ = lay_out(f"<p>{TALE * 4}</p>", "html { --lines: spaces }")
    assert all(abs(right_edge(line) - 290) < 0.05 for line in spaced[:-1])


def test_letters_are_widened_by_two_parts_in_a_hundred_at_most() -> None:
    found, _ = lay_out(f"<p>{TALE * 4}</p>")
    scales = [
        box.letter_scale for line in found[:-1] for box in line.descendants() if isinstance(box, boxes.TextBox)
    ]
    assert max(scales) <= 1.02 + 1e-9
    assert min(scales) >= 0.98 - 1e-9
    assert len(set(scales)) > 3


def test_letters_stand_apart_or_together_as_far_as_they_are_widened() -> None:
    """Both of what they can: four thousandths of an em at most."""
    found, _ = lay_out(f"<p>{TALE.replace('that', '<small>that</small>')} {TALE * 3}</p>")
    texts = [box for line in found for box in line.descendants() if isinstance(box, boxes.TextBox)]
    spacings = {box.letter_spacing for box in texts if hasattr(box, "letter_spacing")}
    assert max(spacings) <= 0.004 + 1e-9
    assert min(spacings) >= -0.004 - 1e-9
    assert len(spacings) > 3
    for box in texts:
        if hasattr(box, "letter_spacing"):
            assert box.letter_spacing / 0.004 == pytest.approx((box.letter_scale - 1) / 0.02)


def test_a_line_with_text_that_the_engine_draws_has_its_letters_as_far_apart_as_they_come() -> None:
    found, _ = lay_out(f"<p>{TALE} <u>these words are underlined here</u> {TALE}</p>")
    for line in found[:-1]:
        texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
        if any(box.style["text_decoration_line"] != "none" for box in texts):
            assert {box.letter_spacing for box in texts} == {0.0}
        assert abs(right_edge(line) - 290) < 3


def test_a_name_is_divided_as_elsewhere_only_where_its_line_would_be_far_too_loose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The American dictionary has no place to divide this name, the British one has."""
    text = "Russian engineer Sakharov presents following cable from Goryashkovski through Russian Embassy, Washington: boots."
    body = f'<p lang="en-US">{text}</p>'
    in_need, _ = lay_out(body, "body { width: 320px }")
    calm, _ = lay_out(body, "body { width: 290px }")
    monkeypatch.setattr(shaping, "_divisions_in_need", lambda *_: ())
    without, _ = lay_out(body, "body { width: 320px }")
    assert said(in_need[0]).endswith("from Gory-")
    assert max(map(space_of, without)) > 3 * max(map(space_of, in_need))
    assert not any(said(line).endswith("-") for line in calm)


def test_off_is_the_engine_by_itself() -> None:
    body = f"<p>{TALE * 3}</p>"
    names = {name for name in lines.HOOKS if "layout_document" not in name}
    off = [(said(line), right_edge(line)) for line in lay_out(body, "html { --lines: off }")[0]]
    with engine.without(*names):
        engine.html_from("<html/>", "")
        html = engine.html_from(f'<html lang="en"><body>{body}</body></html>', "")
        drawn = html.render(stylesheets=[CSS(string=text) for text in (base_css(), STYLE)])
    alone = [box for box in drawn.pages[0]._page_box.descendants() if isinstance(box, boxes.LineBox)]
    assert off == [(said(line), right_edge(line)) for line in alone]


@pytest.mark.parametrize("name", [name for name in lines.HOOKS if "layout.inline" in name])
def test_each_hook_is_needed(name: str) -> None:
    body = f"<p>{'and the <em>ambassador of</em> another <strong>power</strong> said so, ' * 30}</p>"
    whole = [(said(line), round(right_edge(line), 2)) for line in lay_out(body)[0]]
    with engine.without(name):
        assert [(said(line), round(right_edge(line), 2)) for line in lay_out(body)[0]] != whole


def test_letters_are_drawn_as_wide_as_they_were_set() -> None:
    def matrices() -> set[bytes]:
        html = engine.html_from(f'<html lang="en"><body><p>{TALE * 3}</p></body></html>', "")
        made = html.write_pdf(stylesheets=[CSS(string=text) for text in (base_css(), STYLE)])
        with pikepdf.open(BytesIO(made)) as pdf:
            return set(re.findall(rb"([\d.]+) 0 0 -1 [\d.]+ [\d.]+ Tm", pdf.pages[0].Contents.read_bytes()))

    engine.install()
    assert len(matrices()) > 3
    with engine.without("weasyprint.draw.text.draw_first_line"):
        assert matrices() == {b"1"}


def test_letters_are_drawn_as_far_apart_as_they_were_set() -> None:
    """And what follows is not: the engine does not ask how far letters stand apart before it writes."""
    engine.install()
    html = engine.html_from(f'<html lang="en"><body><p>{TALE * 3}</p></body></html>', "")
    made = html.write_pdf(stylesheets=[CSS(string=text) for text in (base_css(), STYLE)])
    with pikepdf.open(BytesIO(made)) as pdf:
        set_to = re.findall(rb"(\S+) Tc", pdf.pages[0].Contents.read_bytes())
    assert len(set(set_to)) > 3
    assert set(set_to[1::2]) == {b"0"}
    assert b"0" not in set_to[::2]


def characters(body: str, style: str = "") -> list[list[tuple[str, float, float, float]]]:
    """What PDFium sees on each page: characters with where they begin, their right ends and baselines."""
    html = engine.html_from(f'<html lang="en"><body>{body}</body></html>', "")
    pdf = pdfium.PdfDocument(html.write_pdf(stylesheets=[CSS(string=text) for text in (base_css(), STYLE, style)]))
    found = []
    for page in pdf:
        text = page.get_textpage()
        x, y, box = c_double(), c_double(), raw.FS_RECTF()
        seen = []
        for at in range(text.count_chars()):
            if raw.FPDFText_IsGenerated(text, at):
                continue
            raw.FPDFText_GetCharOrigin(text, at, x, y)
            raw.FPDFText_GetLooseCharBox(text, at, box)
            seen.append((chr(raw.FPDFText_GetUnicode(text, at)), x.value, box.right, y.value))
        found.append(seen)
    return found


def test_right_edges_are_drawn_where_they_should_be() -> None:
    pages = characters(f"<p>{TALE.replace('that', '<em>that</em>')} {TALE * 2}</p>" * 2)
    ends: dict[float, tuple[float, str]] = {}
    for page in pages:
        for char, _, right, y in page:
            if char.strip():
                ends[round(y, 1)] = max(ends.get(round(y, 1), (0.0, "")), (right, char))
    letters = [right for right, char in ends.values() if char.isalpha() and right > 210]
    assert len(letters) > 15
    assert max(letters) - min(letters) < 0.03


STRANGE = TALE.replace("spring", "⠿ spring").replace("commission", "commission ⠿", 1)
"""With a sign that the face of the text has not."""


def test_right_edges_of_text_in_two_faces_are_as_exact() -> None:
    pages = characters(f"<p>{STRANGE * 3}</p>")
    ends: dict[float, tuple[float, str]] = {}
    for char, _, right, y in pages[0]:
        if char.strip():
            ends[round(y, 1)] = max(ends.get(round(y, 1), (0.0, "")), (right, char))
    letters = [right for right, char in ends.values() if char.isalpha() and right > 210]
    assert len(letters) > 8
    assert max(letters) - min(letters) < 0.03


@pytest.mark.parametrize(
    "family", ['"Linux Libertine O"', '"TeX Gyre Schola"', '"DejaVu Sans", "Linux Libertine O"']
)
def test_lines_in_two_faces_are_as_high_as_the_engine_has_them(family: str) -> None:
    def heights(mode: str) -> dict[bool, set[tuple[float, ...]]]:
        style = f"html {{ --lines: {mode} }} p {{ font-family: {family}; line-height: normal }}"
        found: dict[bool, set[tuple[float, ...]]] = {}
        for line in lay_out(f"<p>{STRANGE * 2}</p>", style)[0]:
            box = next(box for box in line.descendants() if isinstance(box, boxes.TextBox))
            sizes = (line.height, box.height, box.baseline)
            found.setdefault("⠿" in said(line), set()).add(tuple(round(size, 2) for size in sizes))
        return found

    assert heights("full") == heights("off")


def test_what_is_drawn_is_what_the_engine_would_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same letters at the same places, but for what the engine rounds, and for kerning with spaces.

    But it knows of no space between letters that gives.
    """

    def letters() -> list[tuple[str, float, float, float]]:
        pages = characters("".join(CASES.values()), "html { --lines-letter-spacing: 0 }")
        return [seen for page in pages for seen in page if seen[0].strip()]

    mine = letters()
    monkeypatch.setattr(setting, "draw_piece", lambda *_: False)
    theirs = letters()
    assert [char for char, *_ in mine] == [char for char, *_ in theirs]
    assert [y for *_, y in mine] == pytest.approx([y for *_, y in theirs], abs=1e-3)
    apart = [abs(one[1] - two[1]) for one, two in zip(mine, theirs, strict=True)]
    assert max(apart) < 1.2
    assert median(apart) < 0.1


def test_a_word_divided_within_a_ligature() -> None:
    """No glyph stands for letters of two lines."""
    words = "suf\u00adficient of\u00adfice dif\u00adfer" * 9
    found = characters(f'<p style="width: 90px; hyphens: manual">{words}</p>')
    said = "".join(char for char, *_ in found[0]).replace(" ", "").replace("\ufb03", "ffi").replace("\ufb00", "ff")
    assert re.sub("[-\x02\ufffe]", "", said) == words.replace("\u00ad", "").replace(" ", "")


LONG = "https://example.org/" + "a-very-long-path/" * 12
CASES = {
    "nested markup": f"<p>{TALE} <em>it <strong>was <em>all</em> over</strong> then</em>, {TALE}</p>",
    "a word in two boxes": f"<p>{TALE} under<em>stand</em>ing and with<strong>in</strong> {TALE}</p>",
    "links": f'<p>{TALE} <a href="#x">see the other page of this</a> {TALE}</p>',
    "line breaks": f"<p>{TALE}<br/>{TALE}<br/>short<br/>{TALE}</p>",
    "soft hyphens": f"<p>{TALE} inter\u00adnational under\u00adstanding {TALE}</p>",
    "a long address": f"<p>{TALE} {LONG} {TALE}</p>",
    "words without a break": f"<p>{TALE} {'x' * 90} {TALE}</p>",
    "one word": "<p>Word</p>",
    "nothing but a line end": f"<p>{TALE}</p><p><br/></p>",
    "only spaces": f"<p>{TALE}</p><p> </p><p>{TALE}</p>",
    "no-break spaces": f"<p>{TALE} 10\u00a0pounds, 12\u00a0s. 6\u00a0d. {TALE}</p>",
    "dashes": f"<p>{TALE} word—word–word—word {TALE}</p>",
    "small capitals": f'<p>{TALE} <span style="font-variant-caps: small-caps; letter-spacing: .1em">The Ministry</span> {TALE}</p>',
    "letters apart": f'<p style="letter-spacing: 2px">{TALE}</p>',
    "other sizes": f'<p>{TALE} <span style="font-size: 7px">small words in it</span> {TALE}</p>',
    "greek": f"<p>{TALE} Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν {TALE}</p>",
    "cyrillic": f'<p lang="ru">{"Посол заявил, что правительство рассматривает соглашение. " * 6}</p>',
    "no wrapping in it": f'<p>{TALE} <span style="white-space: nowrap">these words stay together</span> {TALE}</p>',
    "kept line ends": f'<p style="white-space: pre-line">{TALE}\n{TALE}\nshort\n{TALE}</p>',
    "columns": f'<div style="columns: 2"><p>{TALE * 2}</p></div>',
    "a table": f"<table><tr><td>{TALE}</td><td>{TALE}</td></tr></table>",
    "a list": f"<ul><li>{TALE}</li><li>{TALE}</li></ul>",
    "over pages": f"<p>{TALE * 30}</p>",
    "a note": f'<p>{TALE}<a class="call" id="r" href="#n">1</a><aside class="note" id="n"><p>{TALE * 2}</p></aside>{TALE}</p>',
    "a margin mark": f'<p style="position: relative">{TALE}<span style="position: absolute">404</span>{TALE}</p>',
    "no hyphens": f'<p style="hyphens: none">{TALE}</p>',
    "an unknown language": f'<p lang="la">{TALE}</p>',
    "capitals by the style": f'<p style="text-transform: uppercase">{TALE}</p>',
    "ragged": f'<p style="text-align: left">{TALE} <em>{TALE}</em></p>',
    "centred": f'<p style="text-align: center">{TALE}</p>',
    "on the right": f'<p style="text-align: right; text-indent: 0">{TALE}</p>',
    "preformatted": f'<p style="white-space: pre; text-align: left; font-size: 4px">{TALE}\n   {TALE[:30]}\n</p>',
    "ragged with letters apart": f'<p style="letter-spacing: 1px; text-align: left">{TALE}</p>',
    "beside a float": f'<div style="float: left; width: 40px; height: 60px">x</div><p>{TALE * 2}</p>',
    "between floats": f'<div style="float: left; width: 60px; height: 40px">x</div><div style="float: right; width: 60px; height: 90px">y</div><p>{TALE * 2}</p>',
    "underlined": f"<p>{TALE} <u>these words are underlined here</u> {TALE}</p>",
}


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_what_it_is_line_by_line(name: str) -> None:
    planned, count = lay_out(CASES[name])
    assert text_of(planned) == text_of(lay_out(CASES[name], "html { --lines: off }")[0])
    assert count.planned or name == "one word"
    assert count.unplanned == ()


UNPLANNED = {
    "a float": f'<p>{TALE}<span style="float: left; width: 240px">X</span>{TALE}</p>',
    "a box in the line": f'<p>{TALE}<span style="display: inline-block">box</span> {TALE}</p>',
    "space around a box in the line": f'<p>{TALE}<span style="padding: 0 4px">box</span> {TALE}</p>',
    "a border in the line": f'<p>{TALE}<span style="border: 1px solid">box</span> {TALE}</p>',
    "a tab": f'<p style="white-space: pre-wrap">{TALE}\ttab {TALE}</p>',
    "text from right to left": f"<p>{TALE} <bdo dir='rtl' style='direction: rtl'>words</bdo> {TALE}</p>",
}


@pytest.mark.parametrize("name", UNPLANNED)
def test_what_cannot_be_planned_is_left_to_the_engine_and_counted(name: str) -> None:
    found, count = lay_out(UNPLANNED[name])
    one_by_one, _ = lay_out(UNPLANNED[name], "html { --lines: off }")
    assert sorted(text_of(found)) == sorted(text_of(one_by_one))
    assert text_of(found).replace("X", "") == text_of(one_by_one).replace("X", "")
    assert name in dict(count.unplanned)


def test_two_measures_of_one_text() -> None:
    """A page of another width in the middle of a paragraph: the rest is planned again."""
    style = "@page :nth(2) { margin: 30px 80px }"
    planned, _ = lay_out(f"<p>{TALE * 30}</p>", style)
    assert text_of(planned) == text_of(lay_out(f"<p>{TALE * 30}</p>", style + "html { --lines: off }")[0])


@pytest.mark.parametrize(
    ("setting", "measured"),
    [
        ("--lines-letter-expansion: 0", lambda found: {round(box.letter_scale, 4) for box in boxes_of(found)} == {1.0}),
        ("--lines-letter-expansion: 1%", lambda found: max(box.letter_scale for box in boxes_of(found)) <= 1.01),
        ("--lines-letter-spacing: 0", lambda found: {box.letter_spacing for box in boxes_of(found)} == {0.0}),
        ("--lines-letter-spacing: .001", lambda found: max(abs(box.letter_spacing) for box in boxes_of(found)) <= 0.001),
        ("--lines-hanging: 0", lambda found: max(map(right_edge, found)) < 290.05),
        ("--lines-hyphen-penalty: 1000", lambda found: not any(said(line).endswith("-") for line in found)),
        ("--lines-shortest-last-line: 9", lambda found: right_edge(found[-1]) > 30 + 9 * 11),
        ("--lines-space-shrink: 0", lambda found: min(map(space_of, found)) > -0.01),
        ("--lines: none", lambda found: all(line.planned is None for line in found)),
    ],
)  # fmt: skip
def test_limits_are_settings(setting: str, measured: Callable[[list[Any]], bool]) -> None:
    body = f"<p>{TALE * 4}</p>"
    assert measured(lay_out(body, f"p {{ {setting} }}")[0])
    assert setting.endswith(("line: 9", "shrink: 0")) or not measured(lay_out(body)[0])


@pytest.mark.parametrize("tied", ["p. 40", "No. 12", "§ 4", "U. S."])
def test_an_abbreviation_is_not_parted_from_what_it_belongs_to(tied: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """But where that would make its line much worse: counted in sixty measures."""

    def parted() -> int:
        before, after = tied.split(" ")
        ends = 0
        for width in range(180, 300, 2):
            found, _ = lay_out(
                f"<p>{TALE} as is said in {tied} of them, {TALE}</p>", f"body {{ width: {width}px }}"
            )
            ends += sum(
                said(one).rstrip().endswith(before) and said(two).startswith(after) for one, two in pairwise(found)
            )
        return ends

    tied_ones = parted()
    monkeypatch.setattr(shaping, "_is_tied", lambda *_: False)
    assert tied_ones < parted()


def test_a_dash_that_is_tied_to_its_word_begins_no_line() -> None:
    """In twenty measures, so that it would come to begin a line in some; one after a space may begin one."""
    text = "The terms of the Government—so far as they are known—were told to the envoys — in part. " * 6
    for width in range(130, 330, 10):
        found, _ = lay_out(f"<p>{text}</p>", f"p {{ width: {width}px; --lines: full }}")
        begun = [said(line) for line in found[1:] if said(line).lstrip().startswith("—")]
        assert all(line.lstrip().startswith("— in") for line in begun)


def test_a_compound_is_rather_divided_at_its_hyphen() -> None:
    """Within a part of it only where a word by itself would be divided at a third more."""
    broken = [said(line) for turn in range(40) for line in lay_out(f"<p>{'x ' * turn}{COMPOUNDS}</p>")[0]]
    parts = [line for line in broken if re.search(r"\w-\w+-$", line)]
    at_hyphen = [line for line in broken if re.search(r"(?<!-)\bnorthwestern-$", line)]
    assert len(at_hyphen) > 2 * len(parts)


COMPOUNDS = "they saw the northwestern-governmental commissioner of it and so on; " * 6


def boxes_of(found: list[Any]) -> list[Any]:
    """The text boxes of lines that are filled."""
    return [box for line in found[:-1] for box in line.descendants() if isinstance(box, boxes.TextBox)]


def left_edge(line: Any) -> float:
    return float(next(box for box in line.descendants() if isinstance(box, boxes.TextBox)).position_x)


@pytest.mark.parametrize("side", ["left", "right"])
def test_lines_beside_a_float_are_planned_by_line(side: str) -> None:
    """Those beside it end before it, those below it at the margin, and none is looser for it."""
    body = f'<div style="float: {side}; width: 70px; height: 65px">x</div><p style="text-indent: 0">{TALE * 2}</p>'
    found, count = lay_out(body, "html { --lines: spaces }")
    assert count.unplanned == ()
    lines_ = [line for line in found if len(said(line)) > 1][:-1]
    beside = [line for line in lines_ if line.position_y < 30 + 65]
    assert len(beside) == 5
    for line in lines_:
        narrow = line in beside
        assert left_edge(line) == pytest.approx(30 + 70 * (narrow and side == "left"), abs=0.01)
        assert right_edge(line) == pytest.approx(290 - 70 * (narrow and side == "right"), abs=0.01)
    greedy = [line for line in lay_out(body, "html { --lines: off }")[0] if len(said(line)) > 1][:-1]
    assert pstdev(map(space_of, lines_)) < 0.8 * pstdev(map(space_of, greedy))


def test_lines_beside_a_drop_capital_are_planned() -> None:
    style = "p::first-letter { float: left; font-size: 40px; line-height: 42px }"
    for indent in (0, 14):
        asked = style + f"p {{ text-indent: {indent}px }}"
        found, _ = lay_out(f"<p>{TALE * 2}</p>", asked + "html { --lines: spaces }")
        first, *others = [line for line in found if len(said(line)) > 1]
        assert all(line.planned for line in (first, *others))
        letter, rest = (box for box in first.descendants() if isinstance(box, boxes.TextBox))
        assert (letter.text, rest.text[:2]) == ("T", "he")
        assert rest.position_x == pytest.approx(letter.position_x + letter.width + indent, abs=0.01)
        assert [left_edge(line) == rest.position_x - indent for line in others[:3]] == [True, True, False]
        assert all(abs(right_edge(line) - 290) < 0.05 for line in (first, *others[:-1]))
        assert text_of(found) == text_of(lay_out(f"<p>{TALE * 2}</p>", asked + "html { --lines: off }")[0])


def test_a_float_within_a_line_takes_its_room_of_it() -> None:
    body = f'<p>{TALE}<span style="float: right; width: 30px; height: 30px">X</span>{TALE}</p>'
    found, _ = lay_out(body, "html { --lines: spaces }")
    lines_ = [line for line in found if len(said(line)) > 1][:-1]
    narrow = [line for line in lines_ if right_edge(line) < 289]
    assert len(narrow) == 3
    for line in lines_:
        assert right_edge(line) == pytest.approx(260 if line in narrow else 290, abs=0.05)


def test_ragged_lines_are_more_even_and_never_wider_than_the_measure() -> None:
    body = f'<p style="text-align: left; hyphens: none">{TALE * 4}</p>'
    planned, greedy = lay_out(body)[0], lay_out(body, "html { --lines: off }")[0]
    assert max(map(right_edge, planned)) <= 290 + 0.02
    assert pstdev(map(right_edge, planned[:-1])) < pstdev(map(right_edge, greedy[:-1]))
    assert {
        box.letter_scale for line in planned for box in line.descendants() if hasattr(box, "letter_scale")
    } <= {1.0}


def test_a_cell_that_is_just_as_wide_as_its_text_has_one_line() -> None:
    words = (
        "Paris, August 31",
        "Wm. A. Taft",
        "No. 1,204",
        "fifteen — sixteen",
        "AVATAR To",
        "a <em>word</em> of it",
    )
    rows = "".join(f"<tr><td>{word}</td><td>{word[::-1] if '<' not in word else word}</td></tr>" for word in words)
    for size in (7.3, 9.1, 11, 12.7):
        body = f'<table style="border-spacing: 0; text-align: left; font-size: {size}px">{rows}</table>'
        assert len(lay_out(body)[0]) == 2 * len(words)


PIECES = st.sampled_from(
    (
        "the ",
        "ambassador ",
        "and ",
        "international",
        " ",
        "—",
        "re-read ",
        "10\u00a0d. ",
        "“So,” ",
        "I",
        "’s ",
        "<br/>",
    )
)


@st.composite
def markup(draw: st.DrawFn, depth: int = 3) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 6))):
        if depth and draw(st.integers(0, 3)) == 0:
            tag = draw(st.sampled_from(("em", "strong", "u", "span", "a", "sup")))
            parts.append(f"<{tag}>{draw(markup(depth - 1))}</{tag}>")
        else:
            parts.append(draw(PIECES))
    return "".join(parts)


@QUICK
@given(
    st.lists(markup(), min_size=1, max_size=8),
    st.sampled_from((120, 200, WIDTH)),
    st.sampled_from(("justify", "left")),
)
def test_every_character_stands_once_and_no_line_is_wider_than_the_measure(
    paragraphs: list[str], width: int, align: str
) -> None:
    body = "".join(f"<p>{escape(TALE[:60])}{part} {TALE[60:120]}{part}</p>" for part in paragraphs)
    style = f"body {{ width: {width}px; text-align: {align} }}"
    planned, _ = lay_out(body, style)
    assert text_of(planned) == text_of(lay_out(body, style + "html { --lines: off }")[0])
    for line in planned:
        if " " in said(line).strip():
            assert right_edge(line) <= 30 + width + (4 if align == "justify" else 0.3), said(line)
