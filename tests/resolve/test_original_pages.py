"""The order of original pages, the numerals they are counted in, and start pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import document, edition

from edition.model import OriginalPage
from edition.numerals import Count, counted, roman
from edition.resolve import resolve


def codes(*documents: tuple[str | None, str]) -> list[str]:
    made = [
        document(f"d{turn}", text, start_page=OriginalPage(start) if start else None)
        for turn, (start, text) in enumerate(documents)
    ]
    return [finding.code for finding in resolve(edition(*made)).findings]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([("403", "a |404 b |405")], []),
        ([(None, "a |404"), (None, "b |405"), ("405", "c |406")], []),
        ([("ix", "a |x"), ("1", "b |2")], []),
        ([(None, "a |404"), ("410", "b |411")], []),
        ([("404", "|404 a")], []),
        ([(None, "a |404a b |404b c |A-7")], []),
        ([(None, "a |404 b |404")], ["P001"]),
        ([(None, "a |405 b |404")], ["P002"]),
        ([(None, "a |405"), ("404", "b")], ["P002"]),
        ([(None, "a |405"), (None, "b |404")], ["P002"]),
        ([(None, "a |404 b |406")], ["P003"]),
        ([("400", "a |404")], ["P003"]),
        ([(None, "a |9 b |x")], ["P004"]),
        ([("404", "a |404")], ["P005"]),
        ([("406", "a |404")], ["P005"]),
        ([(None, "a |" + "9" * 5000)], []),
    ],
)
def test_order_of_pages(documents: list[tuple[str | None, str]], expected: list[str]) -> None:
    assert codes(*documents) == expected


def test_breaks_inside_notes_do_not_count() -> None:
    from small import note

    of = document("d1", "a ^1 b |404 c |405", notes=(note("1", "x |406 y"),))
    assert resolve(edition(of)).findings == ()


def test_what_a_contradicting_start_page_should_be() -> None:
    (finding,) = resolve(edition(document("d1", "a |404", start_page=OriginalPage("404")))).findings
    assert finding.hint == 'try start-page: "403"'


@given(st.integers(1, 4999))
def test_roman_numerals_there_and_back(value: int) -> None:
    assert counted(roman(value)) == Count("roman", value)
    assert counted(roman(value).upper()) == Count("roman", value)


@pytest.mark.parametrize("number", ["", "iic", "404a", "A", "٣", "1" * 12, "c" * 100_000])
def test_what_cannot_be_counted(number: str) -> None:
    assert counted(number) is None


def test_old_forms_of_roman_numerals() -> None:
    assert counted("xiiii") == Count("roman", 14)
