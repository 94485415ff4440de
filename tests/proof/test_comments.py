"""Comments made as common readers make them, found with their words and at the place where these were written."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from edition.proof.book import read_book
from edition.proof.lines import Line, Word
from tests.proof.planting import FOLDER

CONSTRUCTS = FOLDER.parent / "constructs"
APPARATUS = FOLDER.parent / "apparatus"


@pytest.fixture(scope="module", params=[FOLDER, CONSTRUCTS, APPARATUS], ids=lambda folder: str(folder.name))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An edition's folder, and the PDF that was built from it."""
    out = tmp_path_factory.mktemp(request.param.name)
    return request.param, pipeline.build(request.param, out).pdf


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pipeline.build(FOLDER, tmp_path_factory.mktemp("quay")).pdf


@dataclass(frozen=True)
class Target:
    """A word that is commented on, with the height of its page."""

    line: Line
    word: Word
    height: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top as PDF has them."""
        _, top, _, bottom = self.line.box
        return self.word.left, self.height - bottom, self.word.right, self.height - top


def targets(pdf: Path) -> list[Target]:
    """Words that were written in a file: longer ones of documents and notes."""
    book = read_book(pdf)
    return [
        Target(line, word, page.height)
        for page in book.pages
        for line in page.text_lines
        for word in line.words
        if line.block.owner.kind in ("document", "note")
        and word.part == "text"
        and re.fullmatch(r"[^\W\d_]{4,}[,.;]?", word.text)
    ]


# How readers write them


def markup(kind: str, target: Target, quads: Sequence[float], **more: Any) -> Dictionary:
    left, bottom, right, top = target.corners
    return Dictionary(
        Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array([left - 1, bottom - 1, right + 1, top + 1]),
        QuadPoints=Array(list(quads)), C=Array([1, 1, 0]), F=4, **more,
    )  # fmt: skip


def acrobat_highlight(target: Target) -> Dictionary:
    """Top left, top right, bottom left, bottom right; a date, a name, a pop-up."""
    left, bottom, right, top = target.corners
    quads = (left, top, right, top, left, bottom, right, bottom)
    return markup(
        "Highlight", target, quads, T=String("A. Proof"), Contents=String("look at this"), NM=String("a-1"),
        M=String("D:20260102150405+01'00'"), RC=String("<body><p>look at this</p></body>"),
    )  # fmt: skip


def okular_highlight(target: Target) -> Dictionary:
    """As the standard says: counterclockwise from the bottom left."""
    left, bottom, right, top = target.corners
    return markup("Highlight", target, (left, bottom, right, bottom, right, top, left, top), T=String("okular"))


def preview_underline(target: Target) -> Dictionary:
    """Bottom left first, then up, in boxes that are as high as the line."""
    left, bottom, right, top = target.corners
    return markup("Underline", target, (left, top + 2, right, top + 2, left, bottom - 2, right, bottom - 2))


def firefox_highlight(target: Target) -> Dictionary:
    """A stretch as an outline: the box is a little wider than the word, and all corners are decimals."""
    left, bottom, right, top = target.corners
    quads = (left - 0.7, top, right + 0.7, top, left - 0.7, bottom, right + 0.7, bottom)
    return markup("Highlight", target, [round(number, 3) for number in quads], T=String("pdf.js"))


def squiggly(target: Target) -> Dictionary:
    left, bottom, right, top = target.corners
    return markup("Squiggly", target, (left, bottom, right, bottom, left, top, right, top))


def struck_out(target: Target) -> Dictionary:
    left, bottom, right, top = target.corners
    return markup(
        "StrikeOut", target, (left, top, right, top, left, bottom, right, bottom), Contents=String("out")
    )


def without_corners(target: Target) -> Dictionary:
    """Some write the rectangle alone."""
    annotation = markup("Highlight", target, ())
    del annotation.QuadPoints
    return annotation


def note(target: Target) -> Dictionary:
    """A sticky note, its icon on the word."""
    left, bottom, right, top = target.corners
    x, y = (left + right) / 2, (bottom + top) / 2
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([x - 10, y - 10, x + 10, y + 10]), Name=Name.Comment,
        Contents=String("is this so?"), T=String("B. Reader"),
    )  # fmt: skip


def caret(target: Target) -> Dictionary:
    """An insertion before the word: a caret whose tip is between the words."""
    left, bottom, _, top = target.corners
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Caret, Rect=Array([left - 5, bottom - 1, left + 2, (bottom + top) / 2 + 2]),
        Contents=String("put in"), RD=Array([0.5, 0.5, 0.5, 0.5]), IT=Name.Insert,
    )  # fmt: skip


def callout(target: Target) -> Dictionary:
    """Words written in the margin, with a line to what they are about."""
    left, bottom, right, top = target.corners
    x, y = (left + right) / 2, (bottom + top) / 2
    return Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([2, 2, 40, 20]), Contents=String("wrong"),
        DA=String("/Helv 10 Tf"), IT=Name.FreeTextCallout, CL=Array([x, y, 30, 20, 20, 10]),
    )  # fmt: skip


def box(target: Target) -> Dictionary:
    left, bottom, right, top = target.corners
    return Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([left - 2, bottom - 1, right + 2, top + 1]))


READERS: tuple[Callable[[Target], Dictionary], ...] = (
    acrobat_highlight, okular_highlight, preview_underline, firefox_highlight, squiggly, struck_out, without_corners,
    note, caret, callout, box,
)  # fmt: skip


def commented(pdf: Path, target: Path, made: Sequence[tuple[int, Dictionary]]) -> Path:
    """The PDF with annotations on pages, saved as readers do: anew, under another name."""
    with pikepdf.open(pdf) as opened:
        for page, annotation in made:
            add(opened, page, annotation)
        opened.save(target, linearize=True)
    shutil.copy(pdf.with_suffix(".places.json"), target.with_suffix(".places.json"))
    return target


def add(opened: pikepdf.Pdf, page: int, annotation: Dictionary) -> Any:
    of = opened.pages[page].obj
    if "/Annots" not in of:
        of.Annots = Array()
    written = opened.make_indirect(annotation)
    of.Annots.append(written)
    return written


def words_around(folder: Path, path: str, line: int, column: int) -> list[str]:
    """The word of a source at a place, and one on each side."""
    text = (folder / path).read_text("utf-8").split("\n")
    offset = sum(len(before) + 1 for before in text[: line - 1]) + column - 1
    found = list(re.finditer(r"[^\W_]+", "\n".join(text)))
    at = next((number for number, match in enumerate(found) if match.end() > offset), len(found) - 1)
    return [match[0] for match in found[max(0, at - 1) : at + 2]]


def test_fifty_of_fifty_are_found_where_they_were_written(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Each kind of annotation, at words taken at random; the source within a word of it."""
    folder, pdf = built
    chance = random.Random(50)
    found = 0
    for number in range(50):
        target = chance.choice(targets(pdf))
        make = READERS[number % len(READERS)]
        path = commented(pdf, tmp_path / f"{number}.pdf", [(target.line.page, make(target))])
        result = pipeline.comments(path)
        assert result.findings == ()
        (comment,) = result.comments
        word = target.word.text.rstrip(",.;")
        assert word in comment.words, (make.__name__, comment)
        assert comment.line == target.line.number, (make.__name__, comment)
        assert comment.place is not None, (make.__name__, comment)
        around = words_around(folder, comment.place.path, comment.place.line, comment.place.column)
        found += any(word.casefold() in one.casefold() for one in around)
        assert found == number + 1, (make.__name__, word, around, comment)
    assert found == 50


def the_word(pdf: Path, word: str) -> Target:
    return next(target for target in targets(pdf) if target.word.text == word)


def test_a_replacement_is_one_comment(quay: Path, tmp_path: Path) -> None:
    """Acrobat makes a caret, and a struck-out stretch that answers it in a group."""
    target = the_word(quay, "seventeen")
    path = tmp_path / "replaced.pdf"
    with pikepdf.open(quay) as opened:
        inserted = caret(target)
        inserted.Contents = String("eighteen")
        main = add(opened, target.line.page, inserted)
        half = struck_out(target)
        half.Contents, half.IRT, half.RT = String(""), main, Name.Group
        add(opened, target.line.page, half)
        opened.save(path)
    shutil.copy(quay.with_suffix(".places.json"), path.with_suffix(".places.json"))
    (comment,) = pipeline.comments(path).comments
    assert (comment.kind, comment.words, comment.text) == ("replacement", "seventeen", "eighteen")
    assert str(comment.place) == "documents/q1.md:13:31"


def test_answers_and_states_go_with_their_thread(quay: Path, tmp_path: Path) -> None:
    target = the_word(quay, "seventeen")
    path = tmp_path / "thread.pdf"
    with pikepdf.open(quay) as opened:
        first = add(opened, target.line.page, acrobat_highlight(target))
        for text, of in (("no", first), ("yes", first)):
            answer = note(target)
            answer.Contents, answer.IRT = String(text), of
            last = add(opened, target.line.page, answer)
        deeper = note(target)
        deeper.Contents, deeper.IRT = String("well"), last
        add(opened, target.line.page, deeper)
        state = note(target)
        state.Contents, state.IRT = String("Accepted set by A"), first
        state.State, state.StateModel = String("Accepted"), String("Review")
        add(opened, target.line.page, state)
        popup = Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=Array([0, 0, 9, 9]), Parent=first)
        add(opened, target.line.page, popup)
        opened.save(path)
    (comment,) = pipeline.comments(path, places=quay.with_suffix(".places.json")).comments
    assert [reply.text for reply in comment.replies] == ["no", "yes", "well"]
    assert (comment.status, comment.date, comment.author) == ("Accepted", "2026-01-02T15:04:05+01:00", "A. Proof")


def test_a_stretch_over_two_lines_is_quoted_whole(quay: Path, tmp_path: Path) -> None:
    """From `representative re-` to `sponsibilities and`: the divided word is one."""
    page = read_book(quay).pages[4]
    lines = [line for line in page.lines if line.number in (11, 12) and not line.is_note]
    quads: list[float] = []
    for line, words in (
        (lines[0], line_words(lines[0], "representative", "re-")),
        (lines[1], line_words(lines[1], "sponsibilities", "and")),
    ):
        _, top, _, bottom = line.box
        left, right = words[0].left, words[-1].right
        quads += [
            left,
            page.height - top,
            right,
            page.height - top,
            left,
            page.height - bottom,
            right,
            page.height - bottom,
        ]
    annotation = Dictionary(
        Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([0, 0, 400, 600]), QuadPoints=Array(quads)
    )
    path = commented(quay, tmp_path / "two.pdf", [(4, annotation)])
    (comment,) = pipeline.comments(path).comments
    assert comment.words == "representative responsibilities and"


def line_words(line: Line, first: str, last: str) -> list[Word]:
    texts = [word.text for word in line.words]
    return line.words[texts.index(first) : texts.index(last) + 1]


def test_rich_text_is_read_where_there_is_no_plain_text(quay: Path, tmp_path: Path) -> None:
    annotation = note(the_word(quay, "seventeen"))
    del annotation.Contents
    annotation.RC = String("<body><p>First &amp; <b>second</b></p><p>third</p></body>")
    path = commented(quay, tmp_path / "rich.pdf", [(4, annotation)])
    assert pipeline.comments(path).comments[0].text == "First & second\nthird"


def broken() -> Iterator[Dictionary]:
    yield Dictionary(Type=Name.Annot, Subtype=Name.Highlight)
    yield Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([1, 2]))
    yield Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([Name.a, 2, 3, 4]))
    yield Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), M=String("yesterday"))
    yield Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([0, 0, 9, 9]), QuadPoints=Name.x)
    yield Dictionary(Type=Name.Annot, Subtype=Name.Caret, Rect=Array([-9e9, 0, 9e9, 9]), Contents=Name.x)


def test_broken_ones_do_not_hide_the_others(quay: Path, tmp_path: Path) -> None:
    good = acrobat_highlight(the_word(quay, "seventeen"))
    path = commented(quay, tmp_path / "broken.pdf", [(4, one) for one in (*broken(), good)])
    assert "seventeen" in [comment.words for comment in pipeline.comments(path).comments]


def test_a_thread_that_answers_itself_does_not_hang(quay: Path, tmp_path: Path) -> None:
    path = tmp_path / "circle.pdf"
    with pikepdf.open(quay) as opened:
        one, other = (add(opened, 4, note(the_word(quay, "seventeen"))) for _ in range(2))
        one.IRT, other.IRT = other, one
        opened.save(path)
    assert len(pipeline.comments(path).comments) == 2


# Which places file


def test_without_its_places_file_that_is_said(quay: Path, tmp_path: Path) -> None:
    path = commented(quay, tmp_path / "alone.pdf", [(4, acrobat_highlight(the_word(quay, "seventeen")))])
    path.with_suffix(".places.json").unlink()
    result = pipeline.comments(path)
    assert [finding.code for finding in result.findings] == ["D010"]
    assert (result.comments[0].words, result.comments[0].place) == ("seventeen", None)


def test_a_places_file_of_another_build_is_not_taken(quay: Path, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    shutil.copytree(FOLDER, folder)
    edit(folder, "keeper counted", "keeper had, so it seems, counted over and over")
    other = pipeline.build(folder, tmp_path / "out").pdf
    path = commented(quay, tmp_path / "old.pdf", [(4, acrobat_highlight(the_word(quay, "seventeen")))])
    shutil.copy(other.with_suffix(".places.json"), path.with_suffix(".places.json"))
    (finding,) = pipeline.comments(path).findings
    assert "is that of another build" in finding.message
    # Whatever its name, the one that fits is taken.
    shutil.copy(quay.with_suffix(".places.json"), tmp_path / "first-proof.places.json")
    assert pipeline.comments(path).findings == ()


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "documents" / "q1.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_comments_on_an_older_build_lead_to_the_files_of_now(quay: Path, tmp_path: Path) -> None:
    """The PDF carries what it was made from: places follow the words through later editing."""
    folder = tmp_path / "edition"
    shutil.copytree(FOLDER, folder)
    edit(folder, "The lighthouse keeper", "A new first paragraph.\n\nIt is known that the lighthouse keeper")
    edit(folder, "enormous pencil", "small pen")
    made = [(4, acrobat_highlight(the_word(quay, word))) for word in ("seventeen", "enormous")]
    path = commented(quay, tmp_path / "old.pdf", made)
    result = pipeline.comments(path, folder)
    seventeen, enormous = result.comments
    assert seventeen.place is not None
    line = Path(seventeen.place.path).read_text("utf-8").split("\n")[seventeen.place.line - 1]
    assert line[seventeen.place.column - 1 :].startswith("seventeen")
    assert [finding.code for finding in result.findings] == ["D011"]
    assert enormous.place == result.findings[0].place


def test_the_command_prints_place_words_and_text(quay: Path, tmp_path: Path) -> None:
    path = commented(quay, tmp_path / "some.pdf", [(4, acrobat_highlight(the_word(quay, "seventeen")))])
    run = CliRunner().invoke(app, ["comments", str(path)])
    assert run.exit_code == 0
    assert run.stdout == (
        'documents/q1.md:13:31: p. 1, line 5: highlighted "seventeen": look at this (A. Proof)\n1 comment\n'
    )
    told = json.loads(CliRunner().invoke(app, ["comments", str(path), "--json"]).stdout)
    assert told["comments"][0]["place"] == {"path": "documents/q1.md", "line": 13, "column": 31}


def test_a_file_that_another_reader_wrote_anew_is_read_by_its_print(quay: Path, tmp_path: Path) -> None:
    """Without structure and marked content: words and places by where they stand."""
    path = commented(quay, tmp_path / "anew.pdf", [(4, acrobat_highlight(the_word(quay, "seventeen")))])
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        del opened.Root.StructTreeRoot
        target = BytesIO()
        opened.save(target)
    path.write_bytes(target.getvalue())
    result = pipeline.comments(path)
    assert result.findings == ()
    assert (result.comments[0].words, str(result.comments[0].place)) == ("seventeen", "documents/q1.md:13:31")
