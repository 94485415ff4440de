"""Numbers of notes by each policy, ids of notes, and what is wrong with calls and marks."""

from __future__ import annotations

import re

import pytest
from small import document, edition, note, paragraph

from edition.model import Division, Edition, Enclosure, Entry, Numbering, Text
from edition.pages import Page, PagedEdition
from edition.resolve import resolve


def marks(of: Edition, paged: PagedEdition | None = None) -> dict[str, str]:
    return {note.id: note.mark for note in resolve(of, paged=paged).notes.values()}


def codes(of: Edition) -> list[str]:
    return [finding.code for finding in resolve(of).findings]


def division(kind: str, *contents: Entry) -> Division:
    return Division(kind, (Text(kind),), contents)  # type: ignore[arg-type]


def page(index: int, *calls: str) -> Page:
    return Page(index, str(index + 1), "recto", False, "main", 432, 648, {}, calls, ())


TWO = (document("d1", "a ^7 ^8", notes="8 7"), document("d2", "b ^9 ^*", notes="9 *"))


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [
        ("source", ["7", "8", "9", "*"]),
        ("document", ["1", "2", "1", "2"]),
        ("chapter", ["1", "2", "3", "4"]),
        ("page", ["1", "2", "1", "2"]),
        ("volume", ["1", "2", "3", "4"]),
    ],
)
def test_policies_without_divisions(numbering: Numbering, expected: list[str]) -> None:
    assert list(marks(edition(*TWO, numbering=numbering)).values()) == expected


def test_numbers_restart_with_each_chapter() -> None:
    first, second, third, fourth, fifth = (document(f"d{n}", "a ^x", notes="x") for n in range(1, 6))
    of = edition(
        division("part", first, division("chapter", second, division("subchapter", third)), fourth),
        division("back", fifth),
        numbering="chapter",
    )
    assert marks(of) == {"d1-nx": "1", "d2-nx": "1", "d3-nx": "2", "d4-nx": "2", "d5-nx": "1"}


def test_numbers_restart_on_each_page() -> None:
    of = edition(document("d1", "a ^a ^b ^c ^a", notes="a b c"), numbering="page")
    assert marks(of) == {"d1-na": "1", "d1-nb": "2", "d1-nc": "3"}
    paged = PagedEdition((page(0, "d1-na"), page(1, "d1-nb", "d1-nc", "d1-na")), b"")
    assert marks(of, paged) == {"d1-na": "1", "d1-nb": "1", "d1-nc": "2"}


def test_enclosures_and_nested_notes_count_in_reading_order() -> None:
    inner = Enclosure((paragraph("b ^x"),), (note("x"),))
    of = document("d1", "a ^x", inner, "c ^z", notes=(note("x", "see ^y"), note("y"), note("z")))
    assert marks(edition(of, numbering="document")) == {
        "d1-nx": "1", "d1-ny": "2", "d1-e1-nx": "3", "d1-nz": "4",
    }  # fmt: skip


def test_a_repeated_call_shares_its_mark() -> None:
    resolved = resolve(edition(document("d1", "a ^x b ^y c ^x", notes="x y"), numbering="volume"))
    assert [(note.mark, note.calls) for note in resolved.notes.values()] == [("1", 2), ("2", 1)]


def test_a_printed_mark_wins_over_the_label() -> None:
    of = edition(document("d1", "a ^3 ^3b", notes=(note("3"), note("3b", mark="3"))))
    assert list(marks(of).values()) == ["3", "3"]


def test_a_note_never_called_is_found_and_takes_no_number() -> None:
    of = edition(document("d1", "a ^y", notes="x y"), numbering="document")
    resolved = resolve(of)
    assert [(note.mark, note.calls) for note in resolved.notes.values()] == [("1", 1), ("x", 0)]
    (finding,) = resolved.findings
    assert str(finding) == "d.md:9:1: N001 note x is never called; put [^x] where it belongs"


def test_a_call_without_its_note_is_found() -> None:
    outside = edition(document("d1", "a ^1", Enclosure((paragraph("b ^1"),)), notes="1"))
    (finding,) = resolve(outside).findings
    assert finding.code == "N002"
    assert finding.hint == "the document has a note 1, but an enclosure's notes are its own"


def test_two_notes_with_one_label_are_found() -> None:
    assert codes(edition(document("d1", "a ^1", notes="1 1"))) == ["N003"]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ("^1 ^2 ^3", []),
        ("^12 ^12a ^13", []),
        ("^5 ^* ^† ^6", []),
        ("^3 ^4 ^1 ^2", []),
        ("^2 ^1 ^2b", []),
        ("^3 ^2", ["N004"]),
        ("^3 ^5", ["N005"]),
        ("^3 ^9 ^4", ["N005", "N004"]),
    ],
)
def test_order_and_gaps_of_the_source_s_numbers(calls: str, expected: list[str]) -> None:
    labels = calls.replace("^", "")
    of = document("d1", calls, notes=labels)
    assert codes(edition(of)) == expected
    assert codes(edition(of, numbering="document")) == []


def test_ids_are_fit_for_xml_and_differ() -> None:
    labels = "* ** † ‡ § ¶ é 12 ast a:b <&"
    of = document("1d", " ".join(f"^{label}" for label in labels.split()), notes=labels)
    ids = [note.id for note in resolve(edition(of)).notes.values()]
    assert ids[:4] == ["_1d-nast", "_1d-nastast", "_1d-ndag", "_1d-nddag"]
    assert "_1d-nast-2" in ids
    assert len(set(ids)) == len(labels.split())
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name) for name in ids)
