"""The index and the pages of persons and terms: headings in order, locators as Chicago has them, what is odd."""

from __future__ import annotations

from itertools import count

import pytest

from edition.model import (
    Document,
    Edition,
    Generated,
    Named,
    Note,
    NoteCall,
    OriginalPage,
    PageBreak,
    Paragraph,
    Span,
    Text,
)
from edition.pages import Page, PagedEdition
from edition.resolve import concordance_of, depends_on_pages, resolve
from edition.resolve.index import alphabetical
from edition.resolve.locators import Mention, Pages, locators
from edition.resolved import IndexHeading, ResolvedEdition
from edition.source import Place
from edition.walk import mention_anchor


def pages(**anchors: int) -> Pages:
    """Pages `1` to `999`, and where anchors stand on them, by folio."""
    return Pages({name: folio - 1 for name, folio in anchors.items()}, [str(folio) for folio in range(1, 1000)])


def written(mentions: list[Mention], at: Pages) -> str:
    return ", ".join(locator.text for locator in locators(mentions, at))


def test_separate_pages_are_never_made_a_range() -> None:
    assert written([Mention("a"), Mention("b"), Mention("c")], pages(a=12, b=13, c=14)) == "12, 13, 14"


def test_a_passage_is_a_range_shortened_as_chicago_does() -> None:
    assert written([Mention("a", "e")], pages(a=321, e=328)) == "321–28"


def test_a_passage_on_one_page_is_that_page() -> None:
    assert written([Mention("a", "e")], pages(a=12, e=12)) == "12"


def test_each_page_stands_once_and_those_in_a_passage_not_at_all() -> None:
    at = pages(a=12, b=12, c=14, e=16, d=15)
    assert written([Mention("d"), Mention("a"), Mention("b"), Mention("c", "e")], at) == "12, 14–16"


def test_passages_that_share_a_page_are_one() -> None:
    assert written([Mention("a", "b"), Mention("c", "d")], pages(a=12, b=14, c=14, d=16)) == "12–16"


@pytest.mark.parametrize(
    ("marks", "said"),
    [(["14"], "334n14"), (["14", "15"], "334nn14–15"), (["3", "5"], "334nn3, 5"), (["*"], "334n*"), (["2", "2"], "334n2"),
     (["3", "1", "2", "*"], "334nn1–3, *")],
)  # fmt: skip
def test_notes_have_locators_of_their_own(marks: list[str], said: str) -> None:
    numbered = [(mark, f"a{number}") for number, mark in zip(count(), marks)]
    at = pages(**{anchor: 334 for _, anchor in numbered})
    assert written([Mention(anchor, "", mark) for mark, anchor in numbered], at) == said


def test_text_comes_before_the_notes_of_its_page() -> None:
    at = pages(a=12, b=12, c=13)
    assert written([Mention("a", "", "1"), Mention("b"), Mention("c")], at) == "12, 12n1, 13"


def test_what_is_on_no_page_has_no_locator() -> None:
    assert written([Mention("a"), Mention("lost")], pages(a=12)) == "12"


def test_facsimile_pages_that_share_a_folio_stand_once() -> None:
    at = Pages({"a": 0, "b": 1, "c": 2}, ["404", "404", "405"])
    assert written([Mention("a"), Mention("b"), Mention("c")], at) == "404, 405"


def test_headings_stand_letter_by_letter_whatever_their_accents_quotes_and_capitals() -> None:
    wanted = ["2 boats", "12 boats", "Eagle", "Éclair", "Newark, N.J.", "New Haven", "“News”", "News, old", "newt"]
    assert sorted(sorted(wanted), key=alphabetical) == wanted


# A whole edition, without an engine


LINES = count(1)


def span(words: str, **attributes: str) -> Span:
    kind = "person" if "ref" in attributes else "index"
    return Span(
        kind, (Text(words),) if words else (), tuple(sorted(attributes.items())), Place("d1.md", next(LINES))
    )


def edition(*spans: Span, note: Span | None = None) -> Edition:
    text = [Paragraph((span,)) for span in spans]
    notes = (Note("7", (Paragraph((note,)),)),) if note else ()
    if note:
        text.append(Paragraph((Text("Words."), NoteCall("7"))))
    document = Document("d1", blocks=tuple(text), notes=notes, persons=("welles",))
    parts = (Generated("persons"), document, Generated("index"))
    return Edition("T", parts, persons=(Named("welles", "Welles"), Named("hull", "Hull")))


def paged(edition: Edition, **on: list[Span]) -> PagedEdition:
    """Pages with the mentions that stand on each: `p2=[…]` is page 2."""
    made = []
    for number in range(1, 9):
        spans = on.get(f"p{number}", [])
        anchors = {mention_anchor("d1", span): (0.0, 0.0) for span in spans}
        anchors |= {"d1": (0.0, 0.0)} if number == 1 else {}
        made.append(Page(number - 1, str(number), "recto", False, "", 1, 1, anchors, (), ()))
    return PagedEdition(tuple(made), b"")


def index_of(resolved: ResolvedEdition) -> list[str]:
    """The index as lines, sub-headings indented."""
    lines: list[str] = []

    def add(headings: tuple[IndexHeading, ...], depth: int) -> None:
        for heading in headings:
            said = ", ".join([heading.words, *(locator.text for locator in heading.locators)])
            lines.append("  " * depth + said + "".join(f". See {see}" for see in heading.see))
            add(heading.headings, depth + 1)

    add(resolved.index, 0)
    return lines


def test_an_index_is_made_of_entries() -> None:
    oil, export, trade, whole = (
        span("oil"),
        span("x", entry="Licences > export"),
        span("x", entry="oil"),
        span("y", entry="Licences"),
    )
    see = span("", entry="Papers", see="Licences > export")
    note = span("in a note", entry="Licences > export")
    book = edition(oil, export, trade, whole, see, note=note)
    resolved = resolve(book, paged=paged(book, p1=[oil], p2=[export], p3=[trade, note], p5=[whole]))
    assert index_of(resolved) == ["Licences, 5", "  export, 2, 3n7", "oil, 1, 3", "Papers. See Licences: export"]
    assert resolved.findings == ()


def test_a_passage_runs_from_its_begin_to_its_end() -> None:
    begin, end, inside = (span("", entry="Oil", passage=where) for where in ("begin", "end", ""))
    book = edition(begin, inside, end)
    assert index_of(resolve(book, paged=paged(book, p2=[begin], p3=[inside], p6=[end]))) == ["Oil, 2–6"]


@pytest.mark.parametrize(
    ("spans", "code", "message"),
    [
        ([span("")], "X001", "an index entry without a heading"),
        ([span("", entry="Oil", passage="begin")], "X002", "the passage `Oil` begins and does not end"),
        ([span("", entry="Oil", passage="end")], "X002", "the passage `Oil` ends and has not begun"),
        ([span("x", entry="Oils"), span("", entry="Gas", see="Oil")], "X003", "`Oil` is no heading of the index; try `Oils`"),
        ([span("Oil"), span("oil")], "X004", '`oil` and `Oil` are two headings; try `entry="Oil"`'),
    ],
)  # fmt: skip
def test_odd_entries_are_told(spans: list[Span], code: str, message: str) -> None:
    [finding] = resolve(edition(*spans)).findings
    assert (finding.code, str(finding).partition(f"{code} ")[2]) == (code, message)
    assert finding.place


def test_persons_have_the_pages_that_name_them_and_those_of_documents_about_them() -> None:
    first, second, other = span("Mr. Welles", ref="welles"), span("he", ref="welles"), span("Smith", ref="smith")
    book = edition(first, other, note=second)
    resolved = resolve(book, paged=paged(book, p4=[first], p5=[second, other]))
    assert {own: [one.text for one in found] for own, found in resolved.named_pages.items()} == {
        "welles": ["1", "4", "5n7"]
    }


def test_before_there_are_pages_locators_are_guesses() -> None:
    first = span("Mr. Welles", ref="welles")
    guess = resolve(edition(first)).named_pages["welles"][1]
    assert (guess.text, guess.anchor) == ("000", mention_anchor("d1", first))
    assert depends_on_pages(edition())
    assert not depends_on_pages(Edition("T", (Generated("contents"), Document("d1"))))


def test_an_entry_without_an_index_costs_nothing_and_is_not_resolved() -> None:
    resolved = resolve(Edition("T", (Document("d1", blocks=(Paragraph((span("oil"),)),)),)))
    assert (resolved.index, resolved.mentions) == ((), frozenset())


# The concordance


def concordance(pages: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The concordance of a document with breaks 11 to 14; for each page the breaks on it and what opens it."""
    breaks = [PageBreak(OriginalPage(str(number))) for number in range(11, 15)]
    book = Edition("T", (Document("d1", blocks=tuple(breaks)),))
    made = [
        Page(
            index,
            str(index + 1),
            "recto",
            not opens,
            "",
            1,
            1,
            {f"page-{n}": (0.0, 0.0) for n in on.split()},
            (),
            (),
            opens,
        )
        for index, (on, opens) in enumerate(pages)
    ]
    return [(str(line.page), line.folios) for line in concordance_of(book, PagedEdition(tuple(made), b""))]


def test_an_original_page_stands_on_the_pages_until_the_next_begins() -> None:
    assert concordance([("11", "11"), ("12 13", "11"), ("", "13"), ("14", "13")]) == [
        ("11", "1–2"), ("12", "2"), ("13", "2–4"), ("14", "4")]  # fmt: skip


def test_a_page_that_opens_with_the_next_original_page_does_not_count() -> None:
    assert concordance([("11", "11"), ("12", "12"), ("13", "13"), ("", ""), ("14", "14")]) == [
        ("11", "1"), ("12", "2"), ("13", "3"), ("14", "5")]  # fmt: skip


def test_an_original_page_on_no_page_of_ours_is_left_out() -> None:
    assert concordance([("11 12 14", "11")]) == [("11", "1"), ("12", "1"), ("14", "1")]
