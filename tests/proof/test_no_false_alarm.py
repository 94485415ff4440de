"""Sound editions are found sound: every construct, every mode, both styles, and editions made at random."""

from __future__ import annotations

import dataclasses
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given

from edition.findings import EditionError
from edition.model import Cell, Document, Edition, Note, NoteCall, Paragraph, Row, StyleChoice, Table, Text
from edition.render import render
from edition.resolve import resolve
from edition.styles import load_style
from edition.typeset import missing_glyphs
from tests.proof.planting import FOLDER, codes, lay_out, resolved_edition
from tests.strategies import QUICK, editions

CONSTRUCTS = Path(__file__).parent.parent / "editions" / "constructs"
MODES = ("inline", "margin", "facsimile", "hidden")

MAY_HAPPEN = {"C010", "C020", "C022", "C023", "C031", "C032"}
"""In random editions: what stands on the page so, as five marks of original pages in one margin do, or what
cannot be proven."""


@pytest.mark.parametrize(("style", "mode", "notes"), list(product(("reading", "frus"), MODES, ("foot", "end"))))
def test_every_construct_is_found_sound(style: str, mode: Any, notes: Any) -> None:
    book = lay_out(resolved_edition(mode, notes, CONSTRUCTS), style=style, folder=CONSTRUCTS)
    proof = book.proof()
    assert proof.findings == ()
    assert proof.notes == 23
    assert proof.page_breaks == sum(1 for _ in range(11, 24)) - 3  # 11, 16 and 19 are start pages
    assert proof.words > 500


@cache
def replacement(char: str, style: str) -> str:
    return "x" if missing_glyphs({char}, load_style(StyleChoice(style), FOLDER)) else char


def settable(value: Any, style: str, in_note: bool = False) -> Any:
    """An edition as the style can print it: letters for what its faces lack, and notes that call no notes.

    A note that only a note calls which it calls itself is nowhere in the text.
    """
    if isinstance(value, str):
        return "".join(replacement(char, style) for char in value)
    if isinstance(value, tuple):
        return tuple(settable(entry, style, in_note) for entry in value)
    if isinstance(value, NoteCall) and in_note:
        return Text("*")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        inside = in_note or isinstance(value, Note)
        names = [entry.name for entry in dataclasses.fields(value)]
        return type(value)(**{name: settable(getattr(value, name), style, inside) for name in names})
    return value


@QUICK
@given(edition=editions())
def test_random_editions_are_found_sound(edition: Edition) -> None:
    style = "frus" if len(edition.title) % 2 else "reading"
    edition = settable(edition, style)
    try:
        resolved = resolve(dataclasses.replace(edition, style=StyleChoice()))
        book = lay_out(resolved, style=style)
    except EditionError:
        return  # it is for others to say why it cannot be set
    proof = book.proof()
    assert set(codes(proof.findings)) <= MAY_HAPPEN, "\n".join(map(str, proof.findings))


def edition_with(*texts: str) -> Edition:
    """An edition of one document with a paragraph for each text."""
    paragraphs = tuple(Paragraph((Text(text),)) for text in texts)
    return Edition("Letters", (Document("d", (Text("A Head"),), paragraphs),))


def findings_of(*texts: str) -> list[str]:
    return codes(lay_out(resolve(edition_with(*texts))).proof().findings)


@pytest.mark.parametrize(
    "text",
    [
        "Fractions 1/2 and 3⁄4 and ½ ⅓, ligatures: office, affine, fjord, waffle.",
        "a  b\u00a0c\u2009d\u200be\u2060f, soft\u00adhyphen, non\u2011breaking, en–dash, em—dash/slash",
        "e\u0301te\u0301 and été, a\u030a and å",
        "Ångström, Ελλάδα, Москва, straße STRASSE ſ",
        "word " * 400,
        "unbreakable" * 40,
        "well-known self-evident mother-in-law " * 60,
        "https://example.org/a/very/long/address/that/has/to/break/somewhere?and=goes&on=for#ever " * 3,
        "'single' “double” ‘curly’ … ... -- ---",
    ],
)
def test_letters_and_lines_of_every_kind(text: str) -> None:
    assert [code for code in findings_of(text) if code != "C023"] == []


def long_table() -> Edition:
    """A table of a hundred rows with a head."""

    def row(*texts: str) -> Row:
        return Row(tuple(Cell((Paragraph((Text(text),)),)) for text in texts))

    rows = (row(str(year), "many") for year in range(1800, 1900))
    table = Table((row("Year of the harbour", "Ships"), *rows), 1)
    return Edition("Tables", (Document("d", (), (table,)),))


def test_a_table_head_may_repeat() -> None:
    book = lay_out(resolve(long_table()))
    assert len(book.paged.pages) > 2
    assert book.proof().findings == ()


def test_a_repeated_table_head_that_differs_is_told() -> None:
    book = lay_out(resolve(long_table()))
    with pikepdf.open(BytesIO(book.pdf)) as pdf:
        contents = pdf.pages[1].obj.Contents[1]
        drawing = contents.read_bytes()
        artifact = drawing.index(b"/Artifact\n<</Type /Pagination>>")
        first = drawing.index(b"[<", artifact) + 2
        second = drawing.index(b"<", first) + 1
        contents.write(drawing[:first] + drawing[second : second + 4] + drawing[first + 4 :])
        target = BytesIO()
        pdf.save(target)
    assert codes(book.proof(target.getvalue()).findings) == ["C033"]


@pytest.mark.parametrize(
    "text",
    ["שלום עולם, זה מבחן של הגהה (1940).", "q\u0323\u0331 x\u0323 x q and plain x, q again", "ab שלום cd " * 30],
)
def test_what_cannot_be_proven_is_said_and_nothing_worse(text: str) -> None:
    """Right to left, and marks without a composed letter: the build goes on, with a warning at most."""
    assert set(findings_of(text)) <= {"C010"}


def test_words_lost_from_right_to_left_are_lost() -> None:
    resolved = resolve(edition_with("שלום עולם זה מבחן"))
    html = render(resolved)
    book = lay_out(resolved, html.replace("עולם ", ""))
    assert "C001" in codes(book.proof().findings) or "C003" in codes(book.proof().findings)
