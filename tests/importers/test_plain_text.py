"""Raw text in, documents out: parts, calls, page breaks, references, and nothing lost on the way."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from flattened import calls, characters, without_space
from hypothesis import given, settings
from hypothesis import strategies as st

from edition.findings import Severity
from edition.importers.plain_text import Imported, read
from edition.model import Container, Document, LineBreak, OriginalPage, PageBreak, Paragraph, Reference, Text
from edition.source import Source
from edition.walk import walk

LETTER = """\
711.94/2038

Memorandum by the Chief of the Harbour Office (Lindqvist)

The commission met twice in the week, and Mr. Aldous Grey27 told it that the quay would be [Page 88] finished
before the ice came. Nobody who had seen the 15 cranes believed him.

He had been asked by the Mayor28 whether 1,500 tons a day could be landed. He thought so.

L[ars] L[indqvist]
  1. Harbour engineer.
  2. See telegram No. 33, May 2, p. 71.
"""


def one(text: str, **options: object) -> tuple[Document, Imported]:
    imported = read([Source("letter.txt", text)])
    (document,) = imported.documents
    return document, imported


def codes(imported: Imported) -> set[str]:
    return {finding.code for finding in imported.findings}


def test_every_part_of_a_raw_text_is_found() -> None:
    document, imported = one(LETTER)
    assert document.id == "letter"
    assert document.source_note == (Text("711.94/2038"),)
    assert document.title == (Text("Memorandum by the Chief of the Harbour Office (Lindqvist)"),)
    assert document.start_page == OriginalPage("87")
    assert [note.label for note in document.notes] == ["27", "28"]
    signed = document.blocks[-1]
    assert isinstance(signed, Container)
    assert signed.kind == "signed"
    assert signed.blocks == (Paragraph((Text("L[ars] L[indqvist]"),)),)
    second = document.notes[1].blocks[0]
    assert isinstance(second, Paragraph)
    assert second.inlines[1] == Reference("#page-71", (Text("p. 71"),))
    assert codes(imported) == {"I001", "I002", "I007"}


def test_a_page_break_stays_in_mid_sentence() -> None:
    document, _ = one(LETTER)
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    at = first.inlines.index(PageBreak(OriginalPage("88")))
    before, after = first.inlines[at - 1], first.inlines[at + 1]
    assert isinstance(before, Text)
    assert isinstance(after, Text)
    assert before.text.endswith("the quay would be ")
    assert after.text.startswith(" finished before")


def test_the_report_says_where_each_call_was_found_and_how_surely() -> None:
    _, imported = one(LETTER)
    found = [finding for finding in imported.findings if finding.code == "I002"]
    assert [(str(finding.place), finding.message) for finding in found] == [
        ("letter.txt:5:58", "call 27 found after a word: `Aldous Grey[^27]`"),
        ("letter.txt:8:31", "call 28 found after a word: `by the Mayor[^28]`"),
    ]
    assert found[0].hint == "the run 27 to 28 costs 0.0, there is no other reading"


def test_close_readings_change_nothing() -> None:
    text = "Title\n\nOn May 11 of that year he left.\n\nOn June 21 he came back.\n\n  1. At noon.\n"
    document, imported = one(text)
    assert characters(document) == without_space(text)
    assert calls(document) == []
    assert [(note.label, note.mark) for note in document.notes] == [("unplaced-1", "1")]
    (doubt,) = (finding for finding in imported.findings if finding.code == "I003")
    assert doubt.severity is Severity.WARNING
    assert str(doubt.place) == "letter.txt:7:3"


def test_numbers_in_the_text_are_no_calls() -> None:
    text = (
        "Title\n\nIn 1934 it cost $400, or £T1,500; see 861.77/208, Item 5–A and the 12th clause.\n\n"
        "It opened at 10:50 p.m. and 5 per cent stayed.\n  1. A note.\n  2. Another.\n"
    )
    document, imported = one(text)
    assert calls(document) == []
    assert "I003" in codes(imported)


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("the quay.7 It", "7"),
        ("dated July 617 and", "17"),
        ("in 193243 the", "43"),
        ("(Morris)9 had", "9"),
        ("“at once”3 he", "3"),
        ("as follows:2 one", "2"),
        ("the treaty,112 which", "112"),
    ],
)
def test_calls_after_all_kinds_of_words(words: str, mark: str) -> None:
    number = int(mark)
    before = Source("a.txt", f"Title\n\nWell said{number - 1} Mr. Moor, and went.\n  1. So.\n")
    text = f"Title\n\nThen came {words} more.\n  1. A note.\n"
    first, second = read([before, Source("b.txt", text)]).documents
    assert [label for _, label in calls(first)] == [str(number - 1)]
    assert [label for _, label in calls(second)] == [mark]


def test_numbers_go_on_from_document_to_document() -> None:
    alone, _ = one("Title\n\nSent by No. 1356 of May 113 to us.\n  1. Not found.\n")
    assert calls(alone) == []
    imported = read(
        [
            Source("1.txt", "Title\n\nIn the end,11 he went to Bergen12 by sea.\n  1. One.\n  2. Two.\n"),
            Source("2.txt", "Title\n\nSent by No. 1356 of May 3113 to us.\n  1. Not found.\n"),
        ]
    )
    assert [label for document in imported.documents for _, label in calls(document)] == ["11", "12", "13"]


def test_own_marks_of_the_list_are_kept() -> None:
    document, _ = one("Title\n\nA word14 and a word15 more.\n\n  14. One.\n  15. Two.\n")
    assert [note.label for note in document.notes] == ["14", "15"]
    assert len(calls(document)) == 2


def test_symbols_are_marks() -> None:
    document, _ = one("Title\n\nA word* and a word† more* here.\n\n  1. One.\n  2. Two.\n  3. Three.\n")
    assert [(note.label, note.mark) for note in document.notes] == [("*", ""), ("†", ""), ("*-2", "*")]


def test_a_note_of_several_paragraphs() -> None:
    document, _ = one("Title\n\nA word1 more.\n  1. One.\n     Two.\n  2. And three.\n\n     Four.\n")
    assert [len(note.blocks) for note in document.notes] == [2, 2]


def test_a_numbered_list_at_the_end_stays_text() -> None:
    text = "Title\n\nWe ask for this:\n\n1. A ship.\n\n2. A star.\n"
    document, imported = one(text)
    assert document.notes == ()
    assert characters(document) == without_space(text)
    assert "I004" in codes(imported)


def test_a_bulleted_list_at_the_end_stays_text() -> None:
    document, imported = one("Title\n\nWe ask for this:\n\n  * A ship.\n  * A star.\n")
    assert document.notes == ()
    assert "I004" in codes(imported)


def test_a_list_with_symbols_and_their_calls() -> None:
    document, _ = one("Title\n\nA word* and a word† more.\n\n  * One.\n  † Two.\n")
    assert [note.label for note in document.notes] == ["*", "†"]
    assert [mark for _, mark in calls(document)] == ["*", "†"]


def test_dateline_salute_closer_and_signature() -> None:
    text = (
        "The Consul at Kiruna (Berg) to the Minister\n\n"
        "Kiruna, March 4, 1911—8 p.m.\n[Received March 5—2 a.m.]\n\n"
        "Dear Sir:\n\nIt snows.\n\nYours very truly,\n\nA. de Berg\n"
    )
    document, _ = one(text)
    kinds = [block.kind for block in document.blocks if isinstance(block, Container)]
    assert kinds == ["dateline", "salute", "closer", "signed"]
    dateline = document.blocks[0]
    assert isinstance(dateline, Container)
    assert isinstance(dateline.blocks[0], Paragraph)
    assert LineBreak() in dateline.blocks[0].inlines


@pytest.mark.parametrize(
    ("mark", "start", "page"),
    [
        ("[Page [30]]", OriginalPage("29"), OriginalPage("30", printed=False)),
        ("[Page xiv]", OriginalPage("xiii"), OriginalPage("xiv")),
        ("[Page 1]", None, OriginalPage("1")),
        ("[Page A3]", None, OriginalPage("A3")),
    ],
)
def test_start_page_from_the_first_page_break(mark: str, start: OriginalPage | None, page: OriginalPage) -> None:
    document, _ = one(f"Title\n\nHe went {mark} home.\n")
    assert document.start_page == start
    assert page in [node.page for _, node in walk(document) if isinstance(node, PageBreak)]


def test_a_page_break_before_the_first_word_is_the_start_page() -> None:
    document, _ = one("[Page 12]\n\nTitle\n\nHe went home.\n\nHe slept [Page 13] well.\n")
    assert document.start_page == OriginalPage("12")
    assert document.blocks[0] == PageBreak(OriginalPage("12"))


def test_a_remark_in_brackets_is_no_page_break() -> None:
    document, _ = one("Title\n\nThe rest [Page torn] is lost.\n")
    assert not any(isinstance(node, PageBreak) for _, node in walk(document))


def test_references_to_other_works_stay_text() -> None:
    text = "Title\n\nA word1 more.\n  1. Foreign Trade, vol. ii, p. 9; but see ante, p. 14, and pp. 20–22.\n"
    document, _ = one(text)
    references = [node.target for _, node in walk(document) if isinstance(node, Reference)]
    assert references == ["#page-14"]


def test_wrapped_lines_are_joined() -> None:
    line = "the ship lay for three weeks in the roads and nobody"
    text = "Title of the text\n\n" + "\n".join([line] * 5) + " came.\n\nThen it left.\n"
    document, _ = one(text)
    assert document.blocks[0] == Paragraph((Text(" ".join([line] * 5) + " came."),))


@pytest.mark.parametrize(
    "text",
    [
        "word",
        "861.24/441",
        "861.24/441\nTitle of a text",
        "  1. only a list\n  2. of two",
        "* * *\n\n*",
        "\ufeffTitle\r\n\r\nText1 here.\r\n  1. A note.\r\n",
        "[Page 3]",
        "Title\n\nText [Page 404] [Page 405][Page [406]] end.\n",
        "9" * 5000,
        "Title\n\n" + "a1 " * 3000 + "\n  1. x\n",
        "\x85\u2028Title\x0c\n\nA\xa0b\u2009c\n",
    ],
)
def test_odd_texts_lose_nothing(text: str) -> None:
    document, _ = one(text)
    assert sorted(characters(document)) == sorted(without_space(text))
    assert_normal_form(document)


def test_an_empty_text_is_a_finding() -> None:
    imported = read([Source("a.txt", " \n\n"), Source("b.txt", "Title\n\nText.\n")])
    assert [document.id for document in imported.documents] == ["b"]
    first = imported.findings[0]
    assert (first.code, str(first.place)) == ("I006", "a.txt:1:1")


def test_ids_from_options_names_and_turns() -> None:
    sources = [Source(f"in/{name}.txt", "Title\n\nText.\n") for name in ("x", "0441", "000_7ac0", "b", "b")]
    ids = [document.id for document in read(sources, ids=["first"]).documents]
    assert ids == ["first", "d441", "d3", "b", "d5"]


def assert_normal_form(document: Document) -> None:
    """No empty Text, no two side by side, no line end or tab inside, no white space at a block's ends."""
    runs = [document.title, document.source_note]
    runs += [node.inlines for _, node in walk(document) if isinstance(node, Paragraph)]
    for inlines in runs:
        texts = [inline.text if isinstance(inline, Text) else None for inline in inlines]
        assert "" not in texts
        assert all(None in pair for pair in pairwise(texts))
        assert not any(set(text) & set("\n\t\r") for text in texts if text)
        if texts and texts[0]:
            assert texts[0] == texts[0].lstrip(" ")
        if texts and texts[-1]:
            assert texts[-1] == texts[-1].rstrip(" ")


PIECES = st.sampled_from(
    ["word", "Young12", "July 61", "1934", "15,000", "12", "1.", "2.", "[Page 404]", "[Page [30]]", "p. 400",
     "S[umner]", "861.24/441", "“so”,3", "*", "†", "Sir:", "A. Berg", "Oslo, May 3, 1911—8 p.m."]
)  # fmt: skip
SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\n\n", "\t", "\n  "])


@st.composite
def raw_texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(PIECES, SPACES), min_size=1, max_size=40))
    notes = draw(st.lists(st.lists(PIECES, min_size=1, max_size=4), max_size=4))
    text = "".join(piece + space for piece, space in pieces).strip()
    listed = "".join(f"\n  {turn}. {' '.join(note)}" for turn, note in enumerate(notes, start=1))
    return text + listed


@settings(max_examples=200, deadline=None)
@given(st.lists(raw_texts(), min_size=1, max_size=3))
def test_no_word_is_lost_or_added(texts: list[str]) -> None:
    documents = read([Source(f"{turn}.txt", text) for turn, text in enumerate(texts)]).documents
    for text, document in zip(texts, documents, strict=True):
        written = [characters(document, own_marks=own_marks) for own_marks in (False, True)]
        if re.search(r"^\[Page \S+$", text, re.MULTILINE):  # a break above the title comes below it
            assert sorted(without_space(text)) in map(sorted, written)
        else:
            assert without_space(text) in written
        assert_normal_form(document)


@pytest.mark.parametrize(
    "text",
    [
        "Title\n\n" + "word1 word2 word3 " * 8_000 + "\n  1. a\n  2. b\n",
        "Title\n\n" + " ".join(f"word{n % 999 + 1}" for n in range(20_000))
        + "".join(f"\n  {n}. a" for n in range(1, 400)),
        "Title\n\n" + "[Page " * 50_000,
        "Title\n\nword1 more\n  1. " + "p. 4 " * 30_000,
        "Title\n\n" + "a\n" * 50_000,
        "Title\n\n" + "1" * 200_000 + " " * 200_000 + "\n  1. a",
    ],
)  # fmt: skip
def test_no_text_costs_time_without_end(text: str) -> None:
    began = time.process_time()
    read([Source("a.txt", text)])
    assert time.process_time() - began < 5
