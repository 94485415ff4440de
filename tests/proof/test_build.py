"""The proof in the build: what is lost stops it and leaves the earlier PDF; what is sound is said."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from edition.findings import EditionError
from tests.proof.planting import FOLDER, Book, sound
from tests.reading import read_pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "edition"))


def own_style(folder: Path, css: str) -> None:
    """Give the edition a style of its own."""
    style = folder / "styles" / "mine"
    style.mkdir(parents=True)
    (style / "style.yaml").write_text("title: Mine\nextends: reading\n", "utf-8")
    (style / "text.css").write_text(css, "utf-8")
    settings = folder / "edition.yaml"
    settings.write_text(settings.read_text("utf-8").replace("style: reading", "style: mine"), "utf-8")


def test_a_loss_stops_the_build_and_the_earlier_pdf_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pipeline.build(folder, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    own_style(folder, ".dateline { display: none }")
    with pytest.raises(EditionError) as stopped:
        pipeline.build(folder, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    (finding,) = stopped.value.findings
    assert str(finding).startswith(f"{folder}/documents/q1.md:10:2: C001 ")


def test_check_finds_it_too(folder: Path) -> None:
    own_style(folder, ".dateline { color: white }")
    assert {finding.code for finding in pipeline.check(folder)} == {"C021"}


def test_a_warning_lets_the_build_go_on_and_may_be_allowed(folder: Path, tmp_path: Path) -> None:
    own_style(folder, ".signed { margin-right: -40pt }")
    built = pipeline.build(folder, tmp_path / "out")
    assert [finding.code for finding in built.findings] == ["C023"]
    document = folder / "documents" / "q1.md"
    text = document.read_text("utf-8").replace("id: q1\n", "id: q1\nallow: {C023: it is meant to hang}\n")
    document.write_text(text, "utf-8")
    assert pipeline.build(folder, tmp_path / "out").findings == ()


def test_the_last_line_says_what_was_found(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["build", str(folder), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert re.search(r"found in the PDF.* \d+ words, 5 notes and 3 page breaks$", result.output.strip())


# Bombs and broken files: a finding, quickly


def drawn_by(content: bytes) -> Callable[[Book], bytes]:
    def change(book: Book) -> bytes:
        from io import BytesIO

        import pikepdf

        with pikepdf.open(BytesIO(book.pdf)) as pdf:
            page = pdf.pages[4]
            form = pdf.make_stream(content)
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = pikepdf.Array([0, 0, 400, 600])
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Loop=form))
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Loop=form))
            page.obj.Contents = pdf.make_stream(b"/Loop Do")
            target = BytesIO()
            pdf.save(target)
        return target.getvalue()

    return change


@pytest.mark.parametrize("content", [b"/Loop Do", b"q " * 100, b"1 0 0 1 0 0 cm " * 20000 + b"/Loop Do"])
def test_forms_without_end_are_told(content: bytes) -> None:
    book = sound()
    findings = book.proof(drawn_by(content)(book)).findings
    assert [finding.code for finding in findings] == ["C040"]


def test_a_start_page_is_where_a_head_or_a_document_stands(tmp_path: Path) -> None:
    """A part page is on the original page of what it opens; a division without a head is on none before its text."""
    folder = tmp_path / "parts"
    (folder / "documents").mkdir(parents=True)
    for name, page, after in (("f1", "iii", "iv"), ("d1", "5", "6"), ("d2", "9", "10")):
        text = (
            f"---\nid: {name}\ntitle: Letter\nstart-page: {page}\n---\n\nThe quay is open [Page {after}] again.\n"
        )
        (folder / "documents" / f"{name}.md").write_text(text, "utf-8")
    chapter = "{{division: chapter, title: Of {0}, contents: [documents/{1}.md]}}"
    part = f"  - {{{{division: part, title: {{0}}, contents: [{chapter}]}}}}\n"
    front = "  - generated: contents\n  - {division: front, contents: [documents/f1.md]}\n"
    contents = front + part.format("Quays", "d1") + part.format("Boats", "d2")
    settings = f"title: Papers\nlanguage: en\nstyle: large-print\ncontents:\n{contents}"
    (folder / "edition.yaml").write_text(settings, "utf-8")
    built = pipeline.build(folder, tmp_path / "out")
    assert [finding.code for finding in built.findings if finding.code.startswith("C")] == []
    last_words = [page.text.split()[-2:] for page in read_pdf(built.pdf) if page.text.split()]
    assert last_words[0][-1] == "i"
    assert last_words[0] != ["iii", "i"]
    assert last_words[1] == ["ii", "iii–iv"]
    assert last_words[2] == ["5", "1"]
    assert last_words[4] == ["9", "3"]
