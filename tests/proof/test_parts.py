"""A book proven by parts: as it is proven whole, cheaply again, and never by what is not in the file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from edition import proof
from edition.pages import Labels, Part
from edition.proof import Kept, PartProof, Proof
from edition.proof.expectation import expect, share_out
from edition.proof.joining import join
from edition.proof.part_proof import FORMAT
from edition.proof.places import read_places
from edition.proof.streams import Key
from edition.render import render
from tests.proof.by_parts import in_parts
from tests.proof.planting import FOLDER, Book, codes, lay_out, resolved_edition, sound, where

CONSTRUCTS = FOLDER.parent / "constructs"


@cache
def divided(shift: float = 0.0) -> Book:
    """The sound edition by parts."""
    return parted(sound(), shift)


def parted(book: Book, shift: float = 0.0) -> Book:
    paged, pdf = in_parts(book.paged, book.pdf, shift)
    return replace(book, paged=paged, pdf=pdf)


def proven(book: Book, pdf: bytes | None = None, kept: Kept | None = None, run: Any = map) -> Proof:
    """The proof of a book without its HTML: that of parts would tell stages by other words."""
    return replace(book, html="").proof(pdf, kept, run)


def proves_nothing(prove_one: Callable[[int], PartProof], numbers: Sequence[int]) -> Iterable[PartProof]:
    assert list(numbers) == []
    return []


def kept_of(book: Book) -> Kept:
    kept = Kept()
    proven(book, kept=kept)
    return kept


def changed(book: Book, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(book.pdf)) as pdf:
        change(pdf)
        target = BytesIO()
        pdf.save(target)
    return target.getvalue()


def told(proof: Proof) -> list[str]:
    return sorted(map(str, proof.findings))


# As in the whole


@pytest.mark.parametrize("shift", [0.0, 6.5])
def test_by_parts_all_is_found_as_in_the_whole(shift: float) -> None:
    whole, by_parts = proven(sound()), proven(divided(shift))
    assert len(divided(shift).paged.parts) == 3
    assert told(by_parts) == told(whole) == []
    assert (by_parts.words, by_parts.notes, by_parts.page_breaks) == (whole.words, whole.notes, whole.page_breaks)
    theirs = read_places(whole.places)
    assert read_places(by_parts.places) == theirs
    assert by_parts.places == whole.places or shift


FAULTS = [
    ".dateline { display: none }",
    ".dateline { color: white }",
    "#q1 > p { height: 20pt; overflow: hidden }",
    ".dateline { position: absolute; left: -400pt; width: 300pt }",
    "img { margin-left: 260pt }",
    "aside.note { position: relative; top: -300pt }",
    "nav.contents a::after { content: '99' }",
    ".original-pages-inline .page-break::before { content: '' }",
    "@page { @bottom-center { content: string(folio) '9' } }",
    "@page { @bottom-center { content: string(folio); color: white } }",
    "@page { @bottom-center { content: string(folio); margin-top: -200pt } }",
    "@page { @bottom-center { content: string(folio); margin-top: -300pt; font-size: 60pt } }",
    "body { background: black; color: white } @page { @bottom-center { color: white } }",
    "body { font-family: 'DejaVu Sans' }",
    "h1 { text-transform: uppercase } h1::first-letter { color: white }",
]


@pytest.mark.parametrize("css", FAULTS)
def test_faults_of_style_are_told_as_in_the_whole(css: str) -> None:
    book = lay_out(resolved_edition(), css=css)
    assert told(proven(parted(book, 3.0))) == told(proven(book))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("an enormous pencil", "an pencil"),
        (">The Harbour</h1>", ">The Arbour</h1>"),
        ('data-page="33"', 'data-page="77"'),
        ('<a class="call" id="q1-n1-r1" href="#q1-n1">1</a>', ""),
        ('<img src="quay.svg" alt="The quay"/>', ""),
        ('id="q2"', 'id="q3"'),
        ('class="division chapter" id="harbour"', 'class="chapter" id="harbour"'),
        ('id="_contents"', 'id="_nothing"'),
    ],
)
def test_faults_of_the_html_are_told_as_in_the_whole(old: str, new: str) -> None:
    resolved = resolved_edition()
    html = render(resolved)
    assert old in html
    book = lay_out(resolved, html.replace(old, new, 1))
    whole = proven(book)
    assert whole.findings
    assert told(proven(parted(book))) == told(whole)


@pytest.mark.parametrize("mode", ["inline", "margin", "facsimile", "hidden"])
def test_every_construct_is_proven_by_parts(mode: Any) -> None:
    book = lay_out(resolved_edition(mode, "foot", CONSTRUCTS), folder=CONSTRUCTS)
    by_parts = parted(book, 3.0)
    assert len(by_parts.paged.parts) > 1
    whole, again = proven(book), proven(by_parts)
    assert told(again) == told(whole)
    assert (again.words, again.notes, again.page_breaks) == (whole.words, whole.notes, whole.page_breaks)


# Kept


def test_what_is_kept_is_not_proven_again() -> None:
    book = divided()
    kept = kept_of(book)
    assert proven(book, kept=kept, run=proves_nothing) == proven(book)
    assert len(kept.parts) == len(book.paged.parts)


def test_labels_of_what_is_kept_are_not_loaded() -> None:
    def load() -> Labels:
        raise AssertionError("labels were loaded")

    book, kept = divided(), kept_of(divided())
    parts = tuple(replace(part, load=load) for part in book.paged.parts)
    again = replace(book, paged=replace(book.paged, parts=parts))
    assert proven(again, kept=kept, run=proves_nothing) == proven(book)


def test_a_proof_survives_json() -> None:
    for css in ("", ".dateline { color: white }", "body { font-family: 'DejaVu Sans' }"):
        book = parted(lay_out(resolved_edition(), css=css))
        kept = kept_of(book)
        again = Kept({key: PartProof.from_json(proof.to_json()) for key, proof in kept.parts.items()})
        again.read_json(kept.to_json())
        assert again == kept
        assert proven(book, kept=again, run=proves_nothing) == proven(book)


@pytest.mark.parametrize("text", ["", "{}", "[]", "[9]", "[1]", "null", "[1,[],0]", "[1" + ",[[]]" * 14 + "]"])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        PartProof.from_json(text)
    with pytest.raises(ValueError, match=r".*"):
        Kept().read_json(text)


def with_a_page_before(book: Book) -> Book:
    """The book with a blank page in front."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page(page_size=(book.paged.pages[0].width, book.paged.pages[0].height))
        pdf.pages[-1].obj.Contents = pikepdf.Array([pdf.make_stream(b"q"), pdf.make_stream(b"Q")])
        pdf.pages.insert(0, pdf.pages[-1])
        del pdf.pages[-1]

    blank = replace(book.paged.pages[0], blank=True, anchors={}, calls=(), notes=(), folio="")
    pages = (blank, *(replace(page, index=page.index + 1) for page in book.paged.pages))
    parts = tuple(replace(part, first=part.first + 1) for part in book.paged.parts)
    paged = replace(book.paged, pages=pages, parts=parts, furniture=((), *book.paged.furniture))
    return replace(book, paged=paged, pdf=changed(book, add))


def test_a_part_that_moves_gives_the_same_proof() -> None:
    before, after = divided(), with_a_page_before(divided())
    assert kept_of(after).parts == kept_of(before).parts
    found = proven(after, kept=kept_of(before), run=proves_nothing)
    assert found.findings == ()
    assert read_places(found.places).pages == ((), *read_places(proven(before).places).pages)


def on_the_other_side(book: Book, shift: float) -> Book:
    """The book with all its bodies moved to the right and up by 2, and the areas that labels know with them."""

    def move(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.obj.Contents[0] = pdf.make_stream(b"q 1 0 0 1 %g 2 cm" % shift)

    def moved(part: Part) -> Part:
        pages = tuple(
            replace(
                page,
                text_area=aside(page.text_area),
                note_area=page.note_area and aside(page.note_area),
            )
            for page in part.labels.pages
        )
        return replace(part, load=lambda: replace(part.labels, pages=pages))

    def aside(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return box[0] + shift, box[1] - 2, box[2] + shift, box[3] - 2

    paged = replace(book.paged, parts=tuple(map(moved, book.paged.parts)))
    return replace(book, paged=paged, pdf=changed(book, move))


def test_the_side_of_the_page_makes_no_other_proof() -> None:
    before, after = divided(), on_the_other_side(divided(), 7.3)
    assert kept_of(after).parts == kept_of(before).parts
    found = proven(after, kept=kept_of(before), run=proves_nothing)
    assert found.findings == ()
    here, there = (read_places(proven(book).places) for book in (before, after))
    for page, moved in zip(here.pages, there.pages, strict=True):
        assert [(row[0], row[1] + 73, row[2] - 20, row[3] + 73, *row[4:]) for row in page] == list(moved)


def test_what_comes_to_stand_off_the_page_is_proven_again() -> None:
    before, after = divided(), on_the_other_side(divided(), 150)
    assert codes(proven(after, kept=kept_of(before)).findings) == ["C020"]
    assert codes(proven(before, kept=kept_of(after)).findings) == []


def test_lines_added_to_the_editions_own_file_change_no_proof(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "elsewhere"))
    path = folder / "edition.yaml"
    path.write_text("# One\n# two\n# three\n" + path.read_text("utf-8"), "utf-8")
    resolved = resolved_edition()
    html = render(resolved).replace(">The Harbour</h1>", ">The Arbour</h1>")
    before = parted(lay_out(resolved, html))
    after = replace(before, resolved=resolved_edition(folder=folder), folder=folder)
    [first], [second] = proven(before).findings, proven(after, kept=kept_of(before)).findings
    assert first.place is not None
    assert second.place == replace(first.place, path=str(path), line=first.place.line + 3)
    here, there = kept_of(before).parts, kept_of(after).parts
    others = [here[key].covered for key in here.keys() - there.keys()]
    assert others == [(Key("generated", "title-page 1"),)]  # whose words are looked for in the whole file
    assert all(here[key] == there[key] for key in here.keys() & there.keys())
    assert proven(after, kept=kept_of(before)) == proven(after)


def test_a_document_that_changes_is_proven_again_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "FEW", 0)
    folder = Path(shutil.copytree(FOLDER, tmp_path / "elsewhere"))
    path = folder / "documents" / "q1.md"
    path.write_text(path.read_text("utf-8").replace("an enormous pencil", "an egregious pencil"), "utf-8")
    after = replace(divided(), resolved=resolved_edition(folder=folder), folder=folder)
    asked: list[int] = []

    def run(prove_one: Callable[[int], PartProof], numbers: Sequence[int]) -> list[PartProof]:
        asked.extend(numbers)
        return [prove_one(number) for number in numbers]

    findings = proven(after, kept=kept_of(divided()), run=run).findings
    assert [finding.code for finding in findings] == ["C003"]
    assert where(findings[0]).startswith("q1.md:14:")
    assert len(asked) == 1


# Held against the file


def text_changed(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[4].obj.Contents[1]
    content = stream.read_bytes()
    begin = content.index(b"[<")
    stream.write(content[: begin + 2] + content[begin + 2 : begin + 6] * 2 + content[begin + 6 :])


def codes_mean_something_else(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[4].obj.Resources.Font.values():
        font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"<0065>", b"<0066>"))


def widths_changed(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[4].obj.Resources.Font.values():
        font.DescendantFonts[0].W = pikepdf.Array([0, 500, 5])


def made_transparent(pdf: pikepdf.Pdf) -> None:
    for state in pdf.pages[4].obj.Resources.ExtGState.values():
        state.ca = 0.01


def moved_by_what_is_before(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].obj.Contents[0] = pdf.make_stream(b"q 0.1 0 0 0.1 0 0 cm")


def drawn_before(pdf: pikepdf.Pdf) -> None:
    content = pdf.pages[4].obj.Contents[1].read_bytes()
    pdf.pages[4].obj.Contents[0] = pdf.make_stream(content + b"\nq")


def state_taken_from_under(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[4].obj.Contents[1]
    stream.write(b"Q 1 0 0 1 300 0 cm q\n" + stream.read_bytes())


def pages_swapped(pdf: pikepdf.Pdf) -> None:
    pdf.pages[3].obj.Contents, pdf.pages[4].obj.Contents = pdf.pages[4].obj.Contents, pdf.pages[3].obj.Contents


def text_on_a_blank_page(pdf: pikepdf.Pdf) -> None:
    contents = pdf.pages[1].obj.Contents
    assert len(contents) == 2
    contents.insert(1, pdf.pages[4].obj.Contents[1])


def painted_over_by_furniture(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[4].obj.Contents[-1]
    stream.write(stream.read_bytes() + b"\nq 1 1 1 rg 0 0 432 648 re f Q\n")


def folio_changed(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[4].obj.Contents[-1]
    content = stream.read_bytes()
    begin = content.index(b"[<")
    stream.write(content[: begin + 2] + content[begin + 2 : begin + 6] * 2 + content[begin + 6 :])


@pytest.mark.parametrize(
    "change",
    [
        text_changed, codes_mean_something_else, widths_changed, made_transparent, moved_by_what_is_before, drawn_before,
        state_taken_from_under, pages_swapped, text_on_a_blank_page, painted_over_by_furniture, folio_changed,
    ],
)  # fmt: skip
def test_a_kept_proof_is_not_taken_for_another_file(change: Callable[[pikepdf.Pdf], None]) -> None:
    book = divided()
    kept = kept_of(book)
    pdf = changed(book, change)
    with_nothing_kept = proven(book, pdf)
    if change is not widths_changed:
        assert with_nothing_kept.findings
    assert proven(book, pdf, kept=kept) == with_nothing_kept


def test_parts_that_leave_something_out_are_no_proof() -> None:
    book = divided()
    expectation = expect(book.resolved, families=[])
    shares = share_out(expectation, book.paged.parts)
    kept = kept_of(book)
    by_streams = {proof.covered: proof for proof in kept.parts.values()}
    parts = [
        (part, share, by_streams[tuple(share.streams)])
        for part, share in zip(book.paged.parts, shares, strict=True)
    ]
    empty = [next(iter(kept.furniture.values()))] * len(book.paged.pages)
    for wrong in (parts[:-1], [*parts, parts[-1]], [(parts[0][0], parts[0][1], parts[1][2]), *parts[1:]]):
        with pytest.raises(ValueError, match="part"):
            join(book.resolved, book.paged, expectation, wrong, empty, [(0.0, 0.0)] * len(empty), lambda _: None)  # type: ignore[arg-type,return-value]


def test_every_stream_has_one_part() -> None:
    book = divided()
    shares = share_out(expect(book.resolved, families=[]), book.paged.parts)
    keys = [key for share in shares for key in share.keys.values()]
    assert len(keys) == len(set(keys)) > 5
    assert Key("document", "q1") in keys
    assert sum(len(share.keys) > 0 for share in shares) == len(shares)


def test_what_is_kept_is_plain() -> None:
    for one in kept_of(divided()).parts.values():
        assert json.loads(one.to_json())[0] == FORMAT
