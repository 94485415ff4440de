"""Galley, report, account and divided words: what `edition proof` and `edition hyphens` give an editor."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from edition.findings import EditionError, Finding, Severity
from edition.proof.book import PrintedBook, read_book
from edition.proof.reader import read_pages
from edition.proof.report import report
from edition.proof.spots import Printed
from edition.source import Place
from tests.proof.planting import FOLDER
from tests.specimen import edition_of

CONSTRUCTS = FOLDER.parent / "constructs"
APPARATUS = FOLDER.parent / "apparatus"


def made(folder: Path) -> bytes:
    with pipeline.Builder(folder) as builder:
        return builder.make().pdf


# The galley


@dataclass(frozen=True)
class Proved:
    folder: Path
    book: Path
    proof: Path

    @property
    def galley(self) -> Path:
        return next(self.proof.glob("*.galley.pdf"))


@pytest.fixture(scope="module", params=[FOLDER, CONSTRUCTS, APPARATUS], ids=lambda folder: str(folder.name))
def proved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Proved:
    out = tmp_path_factory.mktemp(request.param.name)
    book = pipeline.build(request.param, out).pdf
    pipeline.proof(request.param, out / "proof")
    return Proved(request.param, book, out / "proof")


def lines(book: PrintedBook) -> list[list[tuple[str, float, float, str]]]:
    return [
        [(line.text, line.left, line.y, line.block.owner.id) for line in page.text_lines] for page in book.pages
    ]


def test_the_galley_has_the_books_lines_on_the_books_pages(proved: Proved) -> None:
    """The same words in the same order at the same points, each line on its page."""
    book, galley = read_book(proved.book), read_book(proved.galley)
    assert lines(book) == lines(galley)
    assert sum(map(len, lines(book))) > 30
    assert [page.folio for page in book.pages] == [page.folio for page in galley.pages]
    for ours, theirs in zip(
        read_pages(proved.book.read_bytes()), read_pages(proved.galley.read_bytes()), strict=True
    ):
        drawn = [(piece.text, piece.x, piece.y, piece.size) for piece in ours.pieces]
        assert drawn == [(piece.text, piece.x, piece.y, piece.size) for piece in theirs.pieces][: len(drawn)]


def test_every_fifth_line_has_its_number_on_the_outer_side(proved: Proved) -> None:
    """As pdfium reads the finished galley, at the height of its line."""
    book = read_book(proved.galley)
    galley = pypdfium2.PdfDocument(proved.galley)
    seen = 0
    for page, drawn in zip(book.pages, galley, strict=True):
        crop, trim = drawn.get_cropbox(), drawn.get_trimbox()
        recto = crop[2] - trim[2] > trim[0] - crop[0]
        for printed in page.printed_lines():
            number, y = printed[0].number, trim[3] - printed[0].y
            if number % 5 or drawn.get_rotation():
                continue
            left, right = (trim[2], trim[2] + 22) if recto else (trim[0] - 22, trim[0])
            beside = drawn.get_textpage().get_text_bounded(left=left, right=right, bottom=y - 2, top=y + 6)
            assert beside.strip() == str(number)
            seen += 1
    assert seen > 3


def test_documents_and_their_files_stand_in_the_margin(proved: Proved) -> None:
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(proved.galley))
    files = sorted(path.name for path in (proved.folder / "documents").glob("*.md"))
    for name in files:
        if re.search(r"^id: (\w+)", (proved.folder / "documents" / name).read_text("utf-8"), re.M):
            assert f"documents/{name}:" in text


def test_a_galley_claims_no_archival_standard_and_keeps_its_links(proved: Proved) -> None:
    with pikepdf.open(proved.galley) as galley, pikepdf.open(proved.book) as book:
        assert "/Metadata" not in galley.Root
        assert "/OutputIntents" not in galley.Root
        links = [[len(page.obj.get("/Annots", ())) for page in pdf.pages] for pdf in (galley, book)]
        assert links[0] == links[1]
        assert "/Outlines" in galley.Root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The edition in a git repository, changed since its first commit."""
    folder = tmp_path / "repository" / "edition"
    shutil.copytree(FOLDER, folder)
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", "-C", str(folder.parent), *arguments], check=True)
    path = folder / "documents" / "q1.md"
    text = path.read_text("utf-8").replace("seventeen", "eighteen").replace("counted them twice", "counted twice")
    path.write_text(text.replace("[^2]: Nobody", "[^7]: Never called.\n[^2]: Nobody"), "utf-8")
    return folder


def test_against_a_revision_what_changed_is_barred(repository: Path, tmp_path: Path) -> None:
    before = subprocess.run(
        ["git", "-C", str(repository), "status", "--short"], capture_output=True, check=True
    ).stdout
    proofs = pipeline.proof(repository, tmp_path / "proof", against="HEAD")
    after = subprocess.run(
        ["git", "-C", str(repository), "status", "--short"], capture_output=True, check=True
    ).stdout
    assert before == after
    assert proofs.compared is not None
    words = [
        (change.old.words if change.old else "", change.new.words if change.new else "")
        for change in proofs.compared.changes
    ]
    assert ("seventeen", "eighteen") in words
    assert ("them", "") in words
    with pikepdf.open(tmp_path / "proof" / "quay.galley.pdf") as galley:
        drawn = galley.pages[4].Contents[-1].read_bytes().decode("ascii")
    assert len(re.findall(r" re f", drawn)) >= 2  # bars: the changed word, the new note
    assert len(re.findall(r" l f", drawn)) == 1  # a pointer to where a word is gone
    assert (tmp_path / "proof" / "comparison" / "comparison.html").is_file()


def test_findings_are_marked_beside_their_lines(repository: Path, tmp_path: Path) -> None:
    pipeline.proof(repository, tmp_path / "proof")
    text = pypdfium2.PdfDocument(tmp_path / "proof" / "quay.galley.pdf")[4].get_textpage().get_text_bounded()
    assert "N001 note 7 is never called" in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("revision", ["nothing", "--output=x", "HEAD:edition", "HEAD~9", "a b"])
def test_a_revision_that_is_none_is_a_finding(repository: Path, tmp_path: Path, revision: str) -> None:
    run = CliRunner().invoke(
        app, ["proof", str(repository), "--against=" + revision, "--out", str(tmp_path / "proof")]
    )
    assert run.exit_code == 1
    assert "D020" in run.stderr
    assert not (tmp_path / "proof").exists()


def test_outside_a_repository_that_is_said(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "edition")
    with pytest.raises(EditionError, match="D020"):
        pipeline.proof(tmp_path / "edition", tmp_path / "proof", against="HEAD")


def test_comments_on_a_galley_lead_to_the_source(tmp_path: Path) -> None:
    pipeline.proof(FOLDER, tmp_path)
    galley = tmp_path / "quay.galley.pdf"
    line = next(line for line in read_book(galley).pages[4].lines if "seventeen" in line.text)
    word = next(word for word in line.words if word.text == "seventeen")
    with pikepdf.open(galley, allow_overwriting_input=True) as pdf:
        page = pdf.pages[4]
        left, _, _, top = map(float, page.trimbox)
        box = [left + word.left, top - line.y - 2, left + word.right, top - line.y + 8]
        page.obj.Annots.append(
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Underline, Rect=pikepdf.Array(box)
                )
            )
        )
        pdf.save()
    (comment,) = pipeline.comments(galley).comments
    assert (comment.words, str(comment.place)) == ("seventeen", "documents/q1.md:13:31")


# The account


def test_the_account_counts_what_the_proof_counted(proved: Proved) -> None:
    told = json.loads((proved.proof / "collation.json").read_text("utf-8"))
    built = pipeline.build(proved.folder, proved.book.parent / "again")
    total = told["total"]
    assert told["proven"]
    assert total["words"]["found"] + total["note-words"]["found"] == built.proof.words
    assert total["notes"]["found"] == built.proof.notes
    assert total["page-breaks"]["found"] == built.proof.page_breaks
    assert told["sha256"] == sha256(built.pdf.read_bytes()).hexdigest()
    documents = {entry["id"] for entry in told["entries"] if entry["kind"] == "document"}
    assert documents == {document.id for document in built.edition.documents}
    page = (proved.proof / "collation.html").read_text("utf-8")
    assert "Nothing is lost" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)


def test_what_is_lost_is_told_and_the_proofs_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    shutil.copytree(FOLDER, folder)
    style = folder / "styles" / "lossy"
    style.mkdir(parents=True)
    (style / "style.yaml").write_text("extends: reading\n", "utf-8")
    (style / "text.css").write_text(".dateline em { display: none }\n", "utf-8")
    (folder / "edition.yaml").write_text(
        (folder / "edition.yaml").read_text("utf-8").replace("style: reading", "style: lossy"), "utf-8"
    )
    proofs = pipeline.proof(folder, tmp_path / "proof")
    assert "C001" in {finding.code for finding in proofs.findings}
    told = json.loads((tmp_path / "proof" / "collation.json").read_text("utf-8"))
    assert not told["proven"]
    entry = next(entry for entry in told["entries"] if entry["id"] == "q1")
    assert entry["words"]["expected"] - entry["words"]["found"] == 3
    assert "Not proven" in (tmp_path / "proof" / "collation.html").read_text("utf-8")


# Divided words


def test_every_divided_word_is_told_with_its_place() -> None:
    run = CliRunner().invoke(app, ["hyphens", str(FOLDER)])
    assert run.stdout.splitlines() == [
        "documents/q1.md:21:1: p. 1, line 11: re-sponsibilities",
        "1 divided word",
    ]
    told = json.loads(CliRunner().invoke(app, ["hyphens", str(FOLDER), "--json"]).stdout)
    assert told["words"][0]["word"] == "responsibilities"


def test_hyphens_of_the_source_are_no_divisions(tmp_path: Path) -> None:
    """Set narrow, many words with a hyphen of their own end lines at it."""
    text = "well-known self-evident most-favored re-export long-staple so-called two-year one-fourth " * 12
    folder = edition_of(tmp_path / "edition", text)
    divided = pipeline.hyphens(folder)
    book = read_book(Path("x.pdf"), made(folder))
    ends = [line.words[-1].text for page in book.pages for line in page.text_lines]
    assert sum(word.endswith("-") for word in ends) > len(divided)
    own = {"well", "self", "most", "re", "long", "so", "two", "one"}
    assert not own & {found.head for found, _ in divided}


# The report


def made_up(count: int) -> list[tuple[Finding, Printed | None]]:
    book = read_book(Path("quay.pdf"), made(FOLDER))
    lines = [line for page in book.pages for line in page.text_lines]
    severities = list(Severity)
    return [
        (
            Finding(
                f"N00{number % 3 + 1}",
                severities[number % 3],
                f"made up, number {number} <b>&",
                Place("a/documents/q1.md", 13 + number % 9, 5),
            ),
            Printed(lines[number % len(lines)].page, lines[number % len(lines)], None),
        )
        for number in range(count)
    ]


def made_up_report(count: int) -> str:
    book = read_book(Path("quay.pdf"), made(FOLDER))
    source = (FOLDER / "documents" / "q1.md").read_text("utf-8")
    return report("The Quay", book, made_up(count), {"a/documents/q1.md": source})


def test_the_report_needs_nothing_from_elsewhere() -> None:
    page = made_up_report(9)
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert "http" not in page.replace("http-equiv", "")
    assert page.count('class="finding ') == 9
    assert "<b>&" not in page  # what a finding says is text
    assert page.count("data:image/webp") == 9 + 6  # findings and pages


@contextmanager
def browser() -> Iterator[Any]:
    """Headless Chromium, or a reason why not."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


def test_the_report_in_a_browser(tmp_path: Path) -> None:
    """Opened from disk, filtered, grouped, stepped through by keys; nothing is asked for, nothing goes wrong."""
    path = tmp_path / "report.html"
    path.write_text(made_up_report(60), "utf-8")
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1200, "height": 800})
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert page.locator("li.finding:visible").count() == 60
        page.select_option("#severity", "warning")
        assert page.locator("li.finding:visible").count() == 20
        assert page.locator("#shown").inner_text() == "20 of 60 shown"
        page.locator("h1").click()
        numbers = []
        for key in "nnnp":
            page.keyboard.press(key)
            numbers.append(page.evaluate("document.activeElement.id"))
        assert numbers[1] == numbers[3]
        assert len(set(numbers)) == 3
        assert all(page.locator(f"#{number}").get_attribute("data-severity") == "warning" for number in numbers)
        page.fill("#words", "number 34")
        assert page.locator("li.finding:visible").count() == 1
        page.fill("#words", "")
        page.select_option("#severity", "")
        page.select_option("#group", "code")
        assert [text.split()[0] for text in page.locator("#groups h3").all_inner_texts()] == [
            "N001",
            "N002",
            "N003",
        ]
        page.locator("button[type=reset]").click()
        page.locator("#shown", has_text="60 of 60 shown").wait_for()
        page.locator("nav.pages a").first.click()
        assert page.evaluate("document.activeElement.matches('li.finding')")
        assert said == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert [url for url in asked if url.startswith("file:")] == [path.as_uri()]


def test_every_field_of_the_report_has_a_label(tmp_path: Path) -> None:
    page = made_up_report(3)
    fields = set(re.findall(r'<(?:select|input) id="(\w+)"', page))
    assert fields == set(re.findall(r'<label for="(\w+)"', page))
    assert all('alt="' in image for image in re.findall(r"<img [^>]*>", page))
