"""Total fit by itself: no engine, a letter is one unit wide, a space too."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from itertools import pairwise
from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.typeset.lines import breaking
from edition.typeset.lines.breaking import Break, Fit, Limits, Paragraph, Reach, choose_breaks


def paragraph(text: str, width: float, **fields: float) -> Paragraph:
    """A paragraph that may be broken at spaces, and after `~`, where a hyphen of one unit is printed."""
    advances, spaces = [0.0], [0.0]
    for char in text:
        wide = 0.0 if char == "~" else 1.0
        advances.append(advances[-1] + wide)
        spaces.append(spaces[-1] + (wide if char == " " else 0.0))
    start = int(fields.get("start", 0))
    breaks = [
        Break(at + 1, at) if char == " " else Break(at + 1, at, 1.0, 80.0, True)
        for at, char in enumerate(text)
        if char in " ~" and at >= start
    ]
    breaks.append(Break(len(text), len(text)))
    hang = fields.get("hang", 0.0)
    ends = [(advances[at.end] + at.hyphen - hang, spaces[at.end]) for at in breaks]
    begins = [(advances[at.start], spaces[at.start]) for at in breaks]
    reach = Reach(breaks, ends, begins, (advances[start], spaces[start]))
    return Paragraph(reach, [width], fields.get("indent", 0.0))


def fit(paragraph: Paragraph, limits: Limits | None = None) -> Fit:
    found = choose_breaks(paragraph, limits or Limits())
    assert found is not None
    return found


def lines(text: str, width: float, limits: Limits | None = None, **fields: float) -> list[str]:
    start, found = int(fields.get("start", 0)), []
    for at in fit(paragraph(text, width, **fields), limits).breaks:
        found.append(text[start : at.end].replace("~", "") + ("-" if at.hyphen else ""))
        start = at.start
    return found


def test_a_short_text_is_one_line() -> None:
    assert lines("a b c", 20) == ["a b c"]
    assert lines("", 20) == [""]


def test_lines_are_chosen_over_the_paragraph_and_not_one_by_one() -> None:
    """One by one the first line would be full, and the second would hold two words for fourteen units."""
    text = "aaa bb cc ddddd eeeeeeeee ffff gggg hh"
    assert lines(text, 11)[0] != "aaa bb cc"
    assert [len(line) for line in lines(text, 16)][:-1] == [15, 14]


def test_a_word_longer_than_the_measure_stands_alone_and_nothing_is_lost() -> None:
    assert lines("a " + "b" * 30 + " c", 10) == ["a", "b" * 30, "c"]


def test_hyphens_are_used_where_they_are_worth_it() -> None:
    assert lines("aaaa bbbb cccccc~cccccc dddd eeee", 17)[0] == "aaaa bbbb cccccc-"
    assert "-" not in "".join(lines("aaaa bbbb cccccc ccc~ccc dddd", 16))


def test_two_hyphens_in_a_row_are_avoided() -> None:
    text = " ".join(["aaaa bbbbb~bbb"] * 12)
    broken = [line.endswith("-") for line in lines(text, 22)]
    assert not any(one and other for one, other in pairwise(broken))


def test_a_very_short_last_line_is_avoided() -> None:
    text = "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kk"
    assert lines(text, 24, Limits(stretch=4.0))[-1] == "kk"
    assert lines(text, 24, Limits(stretch=4.0, runt=4))[-1] != "kk"


def test_letters_give_before_spaces_do() -> None:
    """A line that wider letters fill costs next to nothing, however few its spaces are."""
    text, limits = "aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbb cccc", Limits(letters=0.02)
    assert fit(paragraph(text, 49.9), limits).worst == 0.0
    assert fit(paragraph(text, 49.9), limits).demerits < 1000
    assert fit(paragraph(text, 49.9)).worst == pytest.approx(0.9 / 0.5)


def test_neighbours_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ways with as loose lines in them the one where they change least."""
    alike = sum(changes(LONG, width) for width in range(30, 70))
    monkeypatch.setattr(breaking, "UNLIKE", 0.0)
    assert alike < sum(changes(LONG, width) for width in range(30, 70))


def changes(text: str, width: int) -> float:
    """How much the spaces of neighbours differ in all."""
    spaces, start = [], 0
    for at in fit(paragraph(text, width)).breaks[:-1]:
        gaps = text[start : at.end].count(" ")
        spaces.append((width - at.end + start) / gaps if gaps else 0.0)
        start = at.start
    return sum((one - other) ** 2 for one, other in pairwise(spaces))


def test_an_indent_and_what_hangs_count() -> None:
    assert lines("aaaa bbbb cccc", 9, indent=5.0)[0] == "aaaa"
    assert lines("aaaa bbbbb", 9, Limits(shrink=0.0)) == ["aaaa", "bbbbb"]
    assert lines("aaaa bbbbb", 9, Limits(shrink=0.0), hang=1.0) == ["aaaa bbbbb"]


def test_it_goes_on_in_mid_paragraph() -> None:
    text = "aaaa bbbb cccc dddd"
    assert lines(text, 9, start=5) == ["bbbb cccc", "dddd"]


def test_a_forced_break_ends_a_line() -> None:
    parts = paragraph("aaaa bbbb cccc", 20)
    breaks = [parts.reach.breaks[0]._replace(forced=True), *parts.reach.breaks[1:]]
    forced = Paragraph(parts.reach._replace(breaks=breaks), [20])
    assert [at.start for at in fit(forced).breaks] == [5, 14]


TEXT = (
    "on the quay of the old har~bour a man sat and read what the lamp said, and no ship came in be~fore morn~ing"
)


LONG = " ".join([TEXT.replace("~", "")] * 4)


@pytest.mark.parametrize("more", [-1, 0, 1, 2])
def test_a_paragraph_can_have_a_line_more_or_less(more: int) -> None:
    parts = paragraph(TEXT, 24)
    best = fit(parts, Limits(letters=0.02))
    wanted = choose_breaks(replace(parts, count=len(best.breaks) + more), Limits(letters=0.02))
    if more == -1:
        assert wanted is None or wanted.worst > best.worst
    else:
        assert wanted is not None
        assert len(wanted.breaks) == len(best.breaks) + more
        assert wanted.demerits >= best.demerits


def test_a_line_that_should_not_end_with_a_hyphen_does_not() -> None:
    parts, limits = paragraph("aaa bbb ccc cc~cccc dddd eeee ffff", 15), Limits(stretch=4.0)
    best = fit(parts, limits)
    assert best.breaks[0].hyphened
    assert not fit(replace(parts, whole=frozenset({1})), limits).breaks[0].hyphened
    assert fit(replace(parts, whole=frozenset({2})), limits).breaks == best.breaks


def test_lines_of_different_widths() -> None:
    parts = replace(paragraph("aaa " * 20 + "aaa", 7), widths=[7, 7, 15])
    assert [at.start for at in fit(parts).breaks] == [8, 16, 32, 48, 64, 80, 83]
    same = replace(paragraph(TEXT, 24), widths=[24, 24, 24])
    assert fit(same).breaks == fit(paragraph(TEXT, 24)).breaks


def test_ragged_lines_are_never_too_long_and_alike() -> None:
    limits = Limits(ragged=6.0)
    broken = lines(TEXT.replace("~", ""), 24, limits)
    assert max(map(len, broken)) <= 24
    greedy = textwrap.wrap(TEXT.replace("~", ""), 24)
    assert pstdev(map(len, broken[:-1])) <= pstdev(map(len, greedy[:-1]))


def test_balanced_lines_are_as_long_as_one_another() -> None:
    text = "The Ambassador in Chile to the Acting Secretary of State"
    assert lines(text, 50, Limits(ragged=8.0))[-1] == "State"
    broken = lines(text, 50, Limits(ragged=8.0, balanced=True))
    assert len(broken) == 2
    assert abs(len(broken[0]) - len(broken[1])) < 8
    assert len(lines(text, 60, Limits(ragged=8.0, balanced=True))) == 1


WORDS = st.lists(
    st.sampled_from(("a", "to", "ship", "harbour", "light~house", "in~ter~na~tional", "x" * 25)), min_size=1
)


@given(WORDS, st.integers(8, 40))
def test_every_letter_stands_once_in_order_and_no_line_is_needlessly_long(words: list[str], width: int) -> None:
    text = " ".join(words)
    limits = Limits(letters=0.02)
    start, said = 0, []
    for at in fit(paragraph(text, width), limits).breaks:
        assert at.end >= start
        line = text[start : at.end].replace("~", "")
        said.append(line)
        shortest = len(line) + at.hyphen - line.count(" ") * limits.shrink - len(line) * limits.letters
        inside = [other for other in paragraph(text, width).reach.breaks if start < other.start < at.start]
        assert shortest <= width + 1e-6 or not any(other.end > start for other in inside) or len(line) > 25
        start = at.start
    assert start == len(text)
    assert "".join(said).replace(" ", "") == text.replace(" ", "").replace("~", "")


@pytest.mark.parametrize("width", range(12, 40, 4))
def test_no_way_has_fewer_demerits_than_the_one_chosen(width: int) -> None:
    """All ways are tried, with the same price for each line."""
    text = "on the quay of the old harbour a man sat and read what the lamp said"
    parts = paragraph(text, width)

    def price(starts: tuple[int, ...]) -> float:
        chosen = {0: 0, **{at.start: at.end for at in parts.reach.breaks}}
        total, before = 0.0, None
        for start, end in pairwise((0, *starts, len(text))):
            length = chosen[end] - start
            gaps = text[start : chosen[end]].count(" ")
            missing = width - length
            if end == len(text) and missing >= 0:
                return total
            ratio = missing / (gaps / 2 if missing >= 0 else gaps / 3) if gaps else 99.0
            if ratio < -1 or (length > width and not gaps):
                return float("inf")
            total += 10_000 * ratio**2 * (1 + 2 * min(abs(ratio), 3.0) ** 4)
            given = ratio if ratio > 0 else ratio * 2 / 3
            total += 0 if before is None else 4_000 * min(abs(given - before), 3.0) ** 2
            before = given
        return total

    def ways(start: int) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = [()]
        for at in parts.reach.breaks[:-1]:
            if at.start > start and at.end - start <= width * 1.3 and at.end - start >= width * 0.55:
                found += [(at.start, *rest) for rest in ways(at.start)]
        return found

    best = min(price(way) for way in ways(0))
    mine = tuple(at.start for at in fit(parts).breaks)[:-1]
    assert price(mine) <= best + 1e-6
