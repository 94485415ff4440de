"""Where pages of the built-in styles may end and begin: what a typographer would not sign is not there.

Each case is set with one paragraph more above it each time, until it has stood at every height of a page's foot.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reading import ReadPage, read_pdf
from specimen import edition_of

from edition import pipeline

LINES = 38
"""Lines on a page of the style `reading`; a document's head takes two of them."""
SENTENCE = "The company shall repair the piers within two years and keep them in repair at its own cost. "


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that sets one document; each is set once for all tests of a process."""

    @cache
    def read(text: str, style: str = "reading", title: str = "A Document", mode: str = "inline") -> list[ReadPage]:
        volume = f"style: {style}\noriginal-pages: {mode}\n"
        folder = edition_of(tmp_path_factory.mktemp("breaks"), text, volume, title=title, start_page="67")
        return read_pdf(pipeline.build(folder, folder / "out").pdf)

    return read


def below(count: int, text: str) -> str:
    """Text under so many paragraphs of one line."""
    return "\n\n".join([*(f"Paragraph {number}." for number in range(count)), text])


def texts(page: ReadPage) -> list[str]:
    """The lines of a page's text, without heads and folios, white space left out."""
    return [line.text for line in page.lines if 60 < line.baseline < 61 + LINES * 13.5]


@pytest.mark.parametrize("count", range(32, 37))
def test_a_mark_of_a_page_stands_with_what_it_begins(pages: Any, count: int) -> None:
    first, second = map(texts, pages(below(count, f"[Page 68]\n\nBegin {SENTENCE * 3}")))
    assert first[-1] != "[Page68]"
    assert second[0] != "[Page68]" or second[1].startswith("Begin")


@pytest.mark.parametrize("count", range(28, 32))
def test_a_mark_between_rows_stands_with_the_next_row(pages: Any, count: int) -> None:
    rows = "".join(f"| Row {row} | {'Coal'} |\n{'[Page 68]' + chr(10) if row == 3 else ''}" for row in range(8))
    first, _ = map(texts, pages(below(count, f"| No. | Kind |\n|---|---|\n{rows}")))
    assert first[-1] != "[Page68]"


@pytest.mark.parametrize("count", range(32, 37))
def test_a_centred_head_is_not_left_alone(pages: Any, count: int) -> None:
    first, _ = map(texts, pages(below(count, "{.center}\nArticle Three\n\n" + f"Begin {SENTENCE * 3}")))
    assert first[-1] != "ArticleThree"


HEAD = f"# A Head\n\nBegin {SENTENCE * 2}"
POSTSCRIPT = f"::: postscript\nA Head {SENTENCE}\n:::"


@pytest.mark.parametrize(
    ("text", "count"), [(HEAD, 33), (HEAD, 34), (HEAD, 35), (POSTSCRIPT, 34), (POSTSCRIPT, 35)]
)
def test_there_is_no_room_above_what_begins_a_page(pages: Any, count: int, text: str) -> None:
    first, second = pages(below(count, f"{text}\n\n" + "\n\n".join(["After it."] * 40)))[:2]
    assert "AHead" in "".join(texts(second)[:1])
    tops = [min(line.baseline for line in page.lines if line.baseline > 60) for page in (first, second)]
    whole = min(line.baseline for line in pages(below(80, ""))[1].lines if line.baseline > 60)
    assert tops[1] == pytest.approx(whole, abs=0.1)


@pytest.mark.parametrize("count", range(30, 35))
def test_the_close_of_a_letter_brings_text_along(pages: Any, count: int) -> None:
    letter = f"Last {SENTENCE * 3}\n\nI am, my dear Sir,\n\nFaithfully yours,\n\n::: signed\nCordell Hull\n:::"
    for page in map(texts, pages(below(count, letter))):
        if "CordellHull" in "".join(page).replace("CORDELLHULL", "CordellHull"):
            (turn,) = [turn for turn, line in enumerate(page) if line.startswith("Iam,mydearSir")]
            assert turn >= 2


@pytest.mark.parametrize("count", range(28, 33))
def test_the_number_of_a_letter_is_not_left_alone_with_its_dateline(pages: Any, count: int) -> None:
    letter = f"::: dateline\nWashington, April 3, 1934.\n:::\n\nNo. 61\n\nSir: {SENTENCE * 3}"
    for page in map(texts, pages(below(count, letter))):
        assert page[-1] not in ("No.61", "Washington,April3,1934.")


@pytest.mark.parametrize("count", range(24, 33))
@pytest.mark.parametrize("rows", [4, 8])
def test_three_rows_of_a_table_stand_together_at_either_end(pages: Any, count: int, rows: int) -> None:
    table = "".join(f"| Row {row} | Coal |\n" for row in range(rows))
    found = pages(below(count, f"| No. | Kind |\n|---|---|\n{table}\nAfter.\n\nAnd after."))
    counts = [sum(line.endswith("Coal") for line in texts(page)) for page in found]
    assert sum(counts) == rows
    assert not set(counts) & {1, 2}


@pytest.mark.parametrize("style", ["documentary", "large-print"])
def test_heads_that_are_ranged_left_do_not_end_with_a_word(pages: Any, style: str) -> None:
    title = "The Secretary of State to the Ambassador in Cuba on the Restriction of Arms to Cuba"
    (page, *_) = pages("Text.", style, title)
    size = page.line_with("The Secretary").characters[0].size
    lines = [line for line in page.lines if line.characters[0].size == size]
    assert len(lines) > 1
    widths = [max(char.x for char in line.characters) - line.left for line in lines]
    assert min(widths) > 0.75 * max(widths)


def test_a_note_called_in_a_head_is_broken_as_any_other(pages: Any) -> None:
    note = "For the choice of the rock, see the papers of the commission in Volume I, and page 204."
    text = f"# A Head[^1]\n\nText.[^2]\n\n[^1]: {note}\n\n[^2]: {note}\n"
    (page, *_) = pages(text, "large-print")
    first, rest, *_ = [line.text for line in page.lines if line.baseline > 500]
    second = next(line.text for line in page.lines if line.text.startswith("2.For"))
    assert first[2:] == second[2:]
    assert rest


@pytest.mark.parametrize("mode", ["inline", "hidden"])
def test_with_space_between_paragraphs_there_is_as_much_between_all_of_them(pages: Any, mode: str) -> None:
    text = (
        "One.\n\n(*a*)\n: Two.\n\n(*b*)\n: Three.\n\n  Four.\n\nFive.\n\n[Page 68]\n\nSix.\n\nI am, Sir,\n\n"
        "::: signed\nThe Keeper\n:::\n"
    )
    (page, *_) = pages(text, "large-print", mode=mode)
    words = ("One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Iam,Sir,", "TheKeeper")
    wanted = [next(line.baseline for line in page.lines if line.text.endswith(word)) for word in words]
    steps = [round(lower - upper) for upper, lower in pairwise(wanted)]
    assert steps == [48, 48, 48, 48, 72 if mode == "inline" else 48, 48, 48]


@pytest.mark.parametrize("count", range(31, 36))
def test_four_signatures_stand_together(pages: Any, count: int) -> None:
    names = "".join(f"- Keeper {number}\n" for number in range(4))
    found = map(texts, pages(below(count, f"Last.\n\n::: signed\n{names}:::\n")))
    assert {sum("keeper" in line.lower() for line in page) for page in found} <= {0, 4}


def test_signatures_in_a_list_have_no_dashes(pages: Any) -> None:
    (page,) = pages("Text.\n\n::: signed\n- One Keeper\n- Another\n:::\n")
    assert "–" not in page.text


def test_no_sign_that_parts_dates_is_left_in_a_list_of_papers(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "documents").mkdir()
    for number in range(12):
        front = (
            f"---\nid: d{number}\ntitle: Return of Stores Landed {'on ' * number}Rock\ndate: 1872-01-04\n---\n\n"
        )
        (folder / "documents" / f"d{number}.md").write_text(f"{front}Text.\n", "utf-8")
    names = ", ".join(f"documents/d{number}.md" for number in range(12))
    (folder / "edition.yaml").write_text(
        "title: Papers\nid: papers\nlanguage: en\nstyle: large-print\n"
        f"contents: [generated: documents, {names}]\n".replace("generated: documents", "{generated: documents}"),
        "utf-8",
    )
    read = read_pdf(pipeline.build(folder, folder / "out").pdf)
    assert sum(page.text.count("1872") for page in read) == 12
    assert not any("·" in page.text for page in read)


@pytest.mark.parametrize("mode", ["inline", "margin", "facsimile", "hidden"])
def test_a_page_may_begin_twice(tmp_path: Path, mode: str) -> None:
    """As a manuscript says it: the second one has no anchor that a reference leads to, and is there all the same."""
    text = "[Page 4] One [Page 4] two.[^1]\n\n[Page 4]\n\nThree.\n\n[^1]: A note [Page 4] over pages.\n"
    built = pipeline.build(
        edition_of(tmp_path / "edition", text, f"original-pages: {mode}\n", start_page="3"), tmp_path
    )
    assert {finding.code for finding in built.findings} == {"P001"}
    assert built.proof.page_breaks == 4


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_facsimile_page_begins_in_a_table_even_before_its_last_row(pages: Any, rows: int) -> None:
    """Rows that styles keep together are parted where the source parts them."""
    table = "| a | b |\n|---|---|\n| one | two |\n[Page 68]\n" + "| three | four |\n" * rows
    first, second = pages(table, mode="facsimile")
    assert ("one" in first.text, "three" in first.text, "three" in second.text) == (True, False, True)


def test_contents_send_to_the_folios_of_facsimile_pages(tmp_path: Path) -> None:
    """A document without a start page stands on the page that the text has reached; notes do not reach any."""
    volume = "original-pages: facsimile\ncontents:\n  - generated: contents\n" + "".join(
        f"  - documents/d{number}.md\n" for number in (1, 2, 3)
    )
    text = "One [Page 12] two.[^1]\n\n> - three\n>\n>   [Page 13]\n>\n>   four\n\n[^1]: A note [Page 14] over pages.\n"
    folder = edition_of(tmp_path / "edition", text, volume, start_page="11")
    (folder / "documents/d2.md").write_text("---\nid: d2\ntitle: Second\n---\n\nIn the middle.\n", "utf-8")
    (folder / "documents/d3.md").write_text('---\nid: d3\ntitle: Third\nstart-page: "14"\n---\n\nLast.\n', "utf-8")
    built = pipeline.build(folder, tmp_path)
    assert not {finding.code for finding in built.findings} & {"C032"}
    contents, *text_pages = read_pdf(built.pdf)
    lines = [line.text for line in contents.lines]
    assert [line[-2:] for line in lines if line.startswith(("ADocument", "Second", "Third"))] == ["11", "13", "14"]
    assert "Third" in text_pages[-1].text
    assert "middle" not in text_pages[-1].text
