"""Two PDFs compared: what changed and what moved, apart from each other, however lines and pages are broken."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from edition import manuscript, pipeline
from edition.cli import app
from edition.findings import EditionError
from edition.proof.book import PrintedBook, read_book
from edition.proof.comparison import Compared, compare_books
from edition.proof.comparison.patience import differences
from edition.proof.comparison.telling import as_values, told
from edition.resolve import resolve
from tests.proof.planting import FOLDER, lay_out

CONSTRUCTS = FOLDER.parent / "constructs"
APPARATUS = FOLDER.parent / "apparatus"


@cache
def edited(*changes: tuple[str, str, str], css: str = "", folder: Path = FOLDER) -> bytes:
    """The PDF of an edition in which words of files stand for others."""
    import tempfile

    with tempfile.TemporaryDirectory() as target:
        there = Path(target) / "edition"
        shutil.copytree(folder, there)
        for name, old, new in changes:
            path = there / name
            text = path.read_text("utf-8")
            assert old in text, (name, old)
            path.write_text(text.replace(old, new, 1), "utf-8")
        edition, _ = manuscript.load(there)
        return lay_out(resolve(edition), css=css, folder=there).pdf


def book(pdf: bytes) -> PrintedBook:
    return read_book(Path("book.pdf"), pdf)


def compared(*changes: tuple[str, str, str], css: str = "", folder: Path = FOLDER) -> Compared:
    return compare_books(book(edited(folder=folder)), book(edited(*changes, css=css, folder=folder)))


def words(comparison: Compared) -> list[tuple[str, str, str, str]]:
    return [
        (
            change.kind,
            change.key.id,
            change.old.words if change.old else "",
            change.new.words if change.new else "",
        )
        for change in comparison.changes
    ]


Q1 = "documents/q1.md"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((Q1, "seventeen", "eighteen"), ("changed", "q1", "seventeen", "eighteen")),
        ((Q1, "counted them twice", "counted twice"), ("removed", "q1", "them", "")),
        ((Q1, "enormous pencil", "enormous blue pencil"), ("added", "q1", "", "blue")),
        ((Q1, "regulations of", "regulation of"), ("changed", "q1", "regulations", "regulation")),
        ((Q1, "self-evident", "selfevident"), ("spacing", "q1", "self-evident", "selfevident")),
        ((Q1, "breakfast,", "breakfast;"), ("changed", "q1", "breakfast,", "breakfast;")),
        ((Q1, "The pencil is", "A pencil is"), ("changed", "q1-n1", "The", "A")),
        ((Q1, "leaning over", "leaning ov er"), ("changed", "q1", "over", "ov er")),
        ((Q1, "[Page 31]", "[Page 35]"), ("changed", "q1", "31]", "35]")),
    ],
)  # fmt: skip
def test_one_change_is_one_change(change: tuple[str, str, str], expected: tuple[str, str, str, str]) -> None:
    assert words(compared(change)) == [expected]


@pytest.mark.parametrize("folder", [FOLDER, CONSTRUCTS, APPARATUS])
@pytest.mark.parametrize(
    "css",
    [
        "",
        "@page { size: 4.6in 9in; margin: 0.5in 0.4in }",
        "p { hyphens: manual }",
        "body { font-size: 13pt }",
        "@page { size: 12in 14in; margin: 1in }",
    ],
)
def test_how_lines_and_pages_are_broken_is_no_change_of_text(folder: Path, css: str) -> None:
    assert words(compared(css=css, folder=folder)) == []


def test_the_same_file_is_the_same_in_all(tmp_path: Path) -> None:
    comparison = compared(folder=APPARATUS)
    assert (comparison.changes, comparison.moved, comparison.furniture, comparison.look_different) == (
        [],
        [],
        [],
        [],
    )
    assert comparison.renumbered == comparison.page_numbers == []


def test_a_page_more_moves_documents_and_changes_no_text_of_them() -> None:
    long = "A paragraph that was not there, of many words that fill lines. " * 30
    comparison = compared((Q1, "- A first thing", f"{long}\n\n- A first thing"))
    assert [kind for kind, *_ in words(comparison)] == ["added"]
    moved = {(move.kind, move.id): (move.old, move.new, move.by) for move in comparison.moved}
    assert moved["document", "q2"] == ("1", "2", 1)
    assert moved["original page", "33"] == ("1", "2", 1)
    assert ("document", "q1") not in moved
    # The contents say another page: that follows, and is no change of text.
    assert [(number.old, number.new) for number in comparison.page_numbers] == [("1", "2")]


def test_a_new_note_moves_the_marks_of_others_and_is_told_alone() -> None:
    text = "volume"
    comparison = compared(
        (Q1, "vessels before", "vessels[^0] before"),
        (Q1, "[^1]: The pencil", "[^0]: Large ones only.\n[^1]: The pencil"),
    )
    found = words(comparison)
    assert ("added", "q1-n0", "", "Large ones only.") in found, text
    assert len(found) == 2  # the note, and its call
    assert comparison.renumbered == []


def test_notes_that_are_numbered_anew_are_renumbered_not_changed() -> None:
    edition, _ = manuscript.load(FOLDER)
    by_document = replace(edition, notes=replace(edition.notes, numbering="volume"))
    comparison = compare_books(book(edited()), book(lay_out(resolve(by_document)).pdf))
    assert words(comparison) == []
    assert [(note.id, note.old, note.new) for note in comparison.renumbered] == [
        ("q2-n1", "1", "3"), ("q2-n2", "2", "4"), ("q2-n3", "3", "5"),
    ]  # fmt: skip


def test_documents_in_another_order_are_moved_not_changed() -> None:
    order = "      - documents/q1.md\n      - documents/q2.md"
    other = "      - documents/q2.md\n      - documents/q1.md"
    comparison = compared(("edition.yaml", order, other))
    assert [change for change in words(comparison) if change[1] in ("q1", "q2")] == []
    assert [(here.id, last.id) for here, last in comparison.out_of_order] == [("q1", "q2")]


def test_a_document_that_is_gone_and_one_that_is_new_are_told_whole() -> None:
    comparison = compared(("edition.yaml", "      - documents/q2.md\n", ""))
    gone = {change.key.id for change in comparison.changes if change.kind == "removed" and change.new is None}
    assert {"q2", "q2-n1", "q2-n2", "q2-n3"} <= gone


def test_running_heads_are_told_apart_from_text() -> None:
    comparison = compared(css="@page { @bottom-left { content: 'Second proof' } }")
    assert words(comparison) == []
    assert all("Second proof" in line.new for line in comparison.furniture if line.folio in "12")
    assert comparison.furniture


# Files of others


def test_files_of_others_are_compared_by_their_text() -> None:
    """Without structure nothing is known of notes and documents; the words are."""
    old, new = (without_structure(pdf) for pdf in (edited(), edited((Q1, "seventeen", "eighteen"))))
    comparison = compare_books(book(old), book(new))
    assert comparison.by_text_alone
    assert [(kind, *rest) for kind, _, *rest in words(comparison)] == [("changed", "seventeen", "eighteen")]
    other = compare_books(book(edited()), book(new))
    assert [(kind, *rest) for kind, _, *rest in words(other)] == [("changed", "seventeen", "eighteen")]


def without_structure(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        del pdf.Root.StructTreeRoot
        target = BytesIO()
        pdf.save(target)
        return target.getvalue()


# Pictures and what is told


def test_pictures_of_the_pages_that_differ(tmp_path: Path) -> None:
    paths = [tmp_path / "old.pdf", tmp_path / "new.pdf"]
    paths[0].write_bytes(edited())
    paths[1].write_bytes(edited((Q1, "seventeen", "eighteen")))
    run = CliRunner().invoke(app, ["compare", *map(str, paths), "--pictures", str(tmp_path / "pictures")])
    assert run.exit_code == 0, run.output
    names = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert names == ["comparison.html", "p0005-new.png", "p0005-old.png", "p0005-overlay.png"]
    overlay = Image.open(tmp_path / "pictures" / "p0005-overlay.png").convert("RGB")
    colours = {colour for _, colour in overlay.getcolors(1 << 24) or []}
    assert any(red - blue > 80 for red, _, blue in colours)  # only in the old
    assert any(blue - red > 80 for red, _, blue in colours)  # only in the new
    page = (tmp_path / "pictures" / "comparison.html").read_text("utf-8")
    assert "<del>seventeen</del> <ins>eighteen</ins>" in page
    assert set(re.findall(r'src="([^"]+)"', page)) == set(names) - {"comparison.html"}


def test_json_has_what_is_told(tmp_path: Path) -> None:
    paths = [tmp_path / "old.pdf", tmp_path / "new.pdf"]
    paths[0].write_bytes(edited())
    paths[1].write_bytes(edited((Q1, "seventeen", "eighteen")))
    run = CliRunner().invoke(app, ["compare", *map(str, paths), "--json"])
    (change,) = json.loads(run.stdout)["changes"]
    assert (change["new"]["words"], change["new"]["folio"], change["new"]["page"]) == ("eighteen", "1", 5)
    assert len(change["new"]["boxes"]) == 1


def test_moves_that_are_alike_are_told_together() -> None:
    long = "A paragraph that was not there, of many words that fill lines. " * 30
    comparison = compared((Q1, "- A first thing", f"{long}\n\n- A first thing"))
    lines = list(told(comparison))
    assert "  document q2: 1 → 2" in lines
    assert as_values(comparison)["moved"][0]["by"] == 1


# Files that are none


def encrypted(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        target = BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
        return target.getvalue()


def endless_names(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        tree = pdf.make_indirect(pikepdf.Dictionary())
        tree.Kids = pikepdf.Array([tree, tree])
        pdf.Root.Names = pikepdf.Dictionary(Dests=tree)
        target = BytesIO()
        pdf.save(target)
        return target.getvalue()


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "D001"),
    "no_pdf": (lambda _: b"<html>" * 100, "D001"),
    "head_alone": (lambda pdf: pdf[:300], "D001"),
    "encrypted": (encrypted, "D002"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_pdf_is_a_finding(name: str, tmp_path: Path) -> None:
    spoil, code = SPOILT[name]
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(edited())
    bad.write_bytes(spoil(edited()))
    run = CliRunner().invoke(app, ["compare", str(good), str(bad)])
    assert run.exit_code == 1
    assert f"{bad}:1:1: {code}" in run.stderr
    assert "Traceback" not in run.output


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="D001 there is no such file"):
        pipeline.compare(tmp_path / "a.pdf", tmp_path / "b.pdf")


def test_names_without_end_do_not_hang() -> None:
    assert read_book(Path("x.pdf"), endless_names(edited())).pages


@pytest.mark.parametrize("seed", range(30))
def test_damage_anywhere_is_a_finding_or_read(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(edited())
    for _ in range(chance.randint(1, 40)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    codes = set()
    try:
        compare_books(book(edited()), book(bytes(content)))
    except EditionError as error:
        codes = {finding.code for finding in error.findings}
    assert codes <= {"D001", "D002", "D003"}


# Sequences


def rebuilt(old: Sequence[int], new: Sequence[int]) -> list[int]:
    result: list[int] = []
    position = 0
    for part in differences(old, new):
        result += old[position : part.old]
        result += new[part.new : part.new_end]
        position = part.old_end
    return result + list(old[position:])


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_differences_make_the_one_into_the_other(old: list[int], new: list[int]) -> None:
    assert rebuilt(old, new) == new


@given(st.lists(st.integers(0, 99), max_size=60), st.integers(0, 60), st.lists(st.integers(200, 299), max_size=5))
def test_what_is_put_in_is_all_that_differs(old: list[int], at: int, more: list[int]) -> None:
    at = min(at, len(old))
    parts = differences(old, [*old[:at], *more, *old[at:]])
    assert sum(part.new_end - part.new for part in parts) == len(more)
    assert sum(part.old_end - part.old for part in parts) == 0
