"""Finds the calls of notes that are glued to words as plain digits: `Mr. Young12 and`, `on July 61 of`.

A list of k notes says how many calls there are, not which numbers they have. Every end of a number in the
text is a candidate, with a cost by what stands around it; a run of calls is k candidates in order whose marks
follow one another; what the documents before and after were numbered counts too. The cheapest run of all
documents together is chosen by dynamic programming, and with it the next best one of each document, so that
the caller knows how sure it is. Knows page marks, but nothing of paragraphs or of the model; never changes
a text.

Costs are natural logarithms of odds, taken from counts over four volumes of Foreign Relations of the United
States (1872, 1897, 1918, 1934): `COMMON` is a place where a candidate is as often a call as not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from edition.importers.plain_text.layout import PAGE_MARK

COMMON = 6.0
SURE = 2.5
"""How much worse the next best run must be: odds of twelve to one."""
_UNLIKELY = 9.0
"""A call that costs more is no sure one in any company: one document in eight does not count on evenly."""

_NO_RUN = 3.0
"""Cost, beside that of as many even candidates, of finding none: notes whose calls were lost."""
_FIRST_NOT_1 = 1.0
_RESTART = 2.0
_STEP = 2.5
_JUMP = 4.0
"""Costs of a document's first number: not 1 at the beginning; 1 again; at most ten too high; any other that
does not go on."""
_WORTH_KEEPING = 2 * _JUMP + SURE + 1
"""A run this much worse than a document's best cannot win, whatever stands before and after."""
_SAME_MARK = 64
"""So many of the likeliest candidates of one mark are looked at, that no text can cost time without end."""
_WORK = 200_000
"""So many candidates are looked at for one document, likeliest numbers first."""
_LARGEST = 999

_MONTH = r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s"
_NUMBER = (
    r"\b(?:[Nn](?:os?\.|umber)|pp?\.|[Pp]ages?|[Vv]ols?\.|[Pp]ar(?:\.|agraph)|[Aa]rt(?:\.|icle)|[Ss]ection)\s"
)

_NEVER = re.compile(r"[^\W\d_]|[.,:]\d|[-–/]\w|\s?[%°½¼¾⅓⅔⅛]|\s?[ap]\.\s?m\.")
"""What never stands after a call."""
_SENTENCE = re.compile(r"\s*(?:\Z|[“‘(\[]?[^\W\d_a-zà-ÿ])")
"""A capital or the end: what stands after a sentence."""

_LETTER, _DIGIT, _SPACE, _SIGN = range(4)
_Place = tuple[str, float, re.Pattern[str]]


def _place(reason: str, cost: float, before: str) -> _Place:
    return reason, cost, re.compile(rf"(?:{before})\Z")


_PLACES: dict[int, tuple[_Place, ...]] = {
    _LETTER: (
        _place("after a word", 0.0, r"[^\W\d_]{2}|[’'][^\W\d_]"),
        _place("after a letter", 5.0, ""),
    ),
    _DIGIT: (
        _place("after a year", 1.0, r"(?<!\d)1[5-9]\d\d"),
        _place("after a day", 8.0, _MONTH + r"(?:[12]\d?|3[01]?|[4-9])"),
        _place("after money", 14.0, r"[$£€¢][\d.,]*"),
        _place("after a numbered thing", 11.0, _NUMBER + r"\d+"),
        _place("after a number", 12.0, r"(?:^|[\s(])\d+"),
    ),
    _SPACE: (_place("alone", 10.5, ""),),
    _SIGN: (
        _place("after a page mark", 10.0, r"\0"),
        _place("after punctuation", 0.5, r"[^\d\s][.,;:!?…”’)\]]|[”’)\]…]"),
        _place("after a year", 1.0, r"(?<!\d)1[5-9]\d\d[.,;]"),
        _place("after a date", 1.0, _MONTH + r"(?:[12]\d?|3[01]?|[4-9])[.,;]"),
        _place("after a clock", 14.0, r"\d:"),
        _place("after money", 14.0, r"[$£€¢][\d.,]*"),
        _place("after a number and a comma", 2.0, r"\d,"),
        _place("after a number and a stop", 6.0, r"\d\."),
        _place("after a number and a mark", 2.0, r"\d;"),
    ),
}
"""What a candidate may stand after, by the kind of the character before it; the first that fits counts."""
_WINDOW = 24
_ELSEWHERE = ("inside a number", 16.0)

SYMBOLS = "*†‡§‖¶"
_TAIL = re.compile(rf"\d+|[{SYMBOLS}]{{1,3}}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mark that may be a call: where it begins, and at what cost one would take it for a call."""

    offset: int
    mark: str
    cost: float
    reason: str

    @property
    def end(self) -> int:
        return self.offset + len(self.mark)


@dataclass(frozen=True, slots=True)
class Run:
    """Calls for all notes of a document, in order, with the sum of their costs."""

    cost: float
    calls: tuple[Candidate, ...]

    @property
    def numbers(self) -> tuple[int, int] | None:
        """First and last number, None where the marks are symbols."""
        first, last = self.calls[0].mark, self.calls[-1].mark
        return (int(first), int(last)) if first.isdecimal() and last.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The cheapest run of a document, if any, and how much worse the next best explanation is."""

    run: Run | None
    margin: float
    runner_up: Run | None

    @property
    def sure(self) -> bool:
        """Whether one may rely on it: nothing else comes near, and each call by itself is likely enough."""
        if self.run is None or self.margin < SURE:
            return False
        return all(call.cost <= _UNLIKELY for call in self.run.calls)


def candidates(text: str, start: int, end: int, *, head_end: int = 0) -> Iterator[Candidate]:
    """All candidates of text[start:end]; those before `head_end` stand in a line of file numbers."""
    text = PAGE_MARK.sub(lambda mark: "\0" * len(mark[0]), text)
    for token in _TAIL.finditer(text, start, end):
        tail, stop = token[0], token.end()
        if _NEVER.match(text, stop, min(end, stop + 8)):
            continue
        if not tail.isdecimal():
            if tail.isascii() or len(tail) == 1:
                yield _candidate(text, start, stop - len(tail), tail, head_end)
            continue
        if not tail.isascii():
            continue
        for length in range(1, min(3, len(tail)) + 1):
            if tail[-length] != "0":
                yield _candidate(text, start, stop - length, tail[-length:], head_end)


def _candidate(text: str, start: int, offset: int, mark: str, head_end: int) -> Candidate:
    before = text[max(start, offset - _WINDOW) : offset]
    after = text[offset + len(mark) : offset + len(mark) + 1]
    reason, cost = next(
        ((reason, cost) for reason, cost, place in _PLACES[_kind(before)] if place.search(before)), _ELSEWHERE
    )
    if offset < head_end:
        reason, cost = "in the source note", 16.0
    if reason == "after a day" and mark.isdecimal() and _no_day(before, mark):
        reason, cost = "after a day that no month has", 2.0
    if reason == "after a number and a comma" and len(mark) == 3:
        cost += 5
    if reason == "after a number and a stop" and _SENTENCE.match(text, offset + len(mark)):
        reason, cost = "after a number that ends a sentence", 3.0
    if after and not after.isspace():
        cost += 1.0 if cost < COMMON and not before[-1:].isdigit() else 4.0
    return Candidate(offset, mark, cost, reason)


def _kind(before: str) -> int:
    """The kind of the last character; the beginning of a text is space."""
    last = before[-1:]
    if last.isalpha():
        return _LETTER
    if last.isdecimal():
        return _DIGIT
    return _SPACE if not last or last.isspace() else _SIGN


def _no_day(before: str, mark: str) -> bool:
    """Whether the digits before and those of the mark together are more than 31."""
    digits = re.search(r"\d*\Z", before)
    return digits is not None and int(digits[0] + mark) > 31


def find_runs(found: Sequence[Candidate], notes: int, marks: Sequence[str] = ()) -> list[Run]:
    """The two cheapest runs for each way to number so many notes, cheapest first.

    `marks` are the notes' own, where their list is not simply numbered from 1.
    """
    by_mark: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in found:
        by_mark[candidate.mark].append(candidate)
    for mark, same in by_mark.items():
        if len(same) > _SAME_MARK:
            likeliest = sorted(same, key=lambda candidate: candidate.cost)[:_SAME_MARK]
            by_mark[mark] = sorted(likeliest, key=lambda candidate: candidate.offset)
    runs: list[Run] = []
    cheapest, work = inf, 0
    for least, sequence in sorted(_sequences(by_mark, found, notes, marks)):
        work += sum(len(by_mark[mark]) for mark in sequence)
        if least > cheapest + _WORTH_KEEPING or work > _WORK:
            break
        runs += _two_cheapest(by_mark, sequence)
        cheapest = min((run.cost for run in runs), default=inf)
    runs.sort(key=lambda run: run.cost)
    return [run for run in runs if run.cost <= cheapest + _WORTH_KEEPING]


def _sequences(
    by_mark: Mapping[str, Sequence[Candidate]], found: Sequence[Candidate], notes: int, marks: Sequence[str]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Every way to number the notes for which there are candidates, with the least that it can cost."""
    least = {mark: min(candidate.cost for candidate in same) for mark, same in by_mark.items()}
    if marks:
        if all(mark in least for mark in marks):
            yield sum(least[mark] for mark in marks), tuple(marks)
        return
    for first in range(1, _LARGEST - notes + 2):
        if str(first) in least and str(first + notes - 1) in least:
            numbers = tuple(map(str, range(first, first + notes)))
            if all(number in least for number in numbers):
                yield sum(least[number] for number in numbers), numbers
    symbols = tuple(candidate.mark for candidate in found if not candidate.mark.isdecimal())
    if len(symbols) == notes:
        yield sum(least[symbol] for symbol in symbols), symbols


_Partial = tuple[float, Candidate, "_Partial | None"]
"""A run so far: its cost, its last call, and the run before that."""


def _two_cheapest(by_mark: Mapping[str, Sequence[Candidate]], marks: Sequence[str]) -> list[Run]:
    """The two cheapest runs with exactly these marks in this order."""
    layer: list[_Partial] = [(candidate.cost, candidate, None) for candidate in by_mark[marks[0]]]
    for mark in marks[1:]:
        extended: list[_Partial] = []
        best: list[_Partial] = []
        reached = 0
        for candidate in by_mark[mark]:
            while reached < len(layer) and layer[reached][1].end <= candidate.offset:
                best = _best_two(best, layer[reached])
                reached += 1
            extended += [(before[0] + candidate.cost, candidate, before) for before in best]
        layer = extended
    return [_run(partial) for partial in sorted(layer, key=lambda partial: partial[0])[:2]]


def _best_two(best: list[_Partial], partial: _Partial) -> list[_Partial]:
    if len(best) == 2 and partial[0] >= best[1][0]:
        return best
    return sorted((*best, partial), key=lambda partial: partial[0])[:2]


def _run(partial: _Partial) -> Run:
    cost, calls, link = partial[0], [], partial
    while True:
        calls.append(link[1])
        if link[2] is None:
            return Run(cost, tuple(reversed(calls)))
        link = link[2]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a document: how many notes it has, and its runs."""

    notes: int
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class _Option:
    """A way to explain a document's calls; None: they are not there."""

    run: Run | None
    cost: float
    notes: int

    def first_cost(self, before: int | None) -> float:
        """What its first number costs after the last number of the document before."""
        numbers = self.run.numbers if self.run else None
        if numbers is None:
            return 0.0
        if before is None:
            return 0.0 if numbers[0] == 1 else _FIRST_NOT_1
        if numbers[0] == before + 1:
            return 0.0
        if numbers[0] == 1:
            return _RESTART
        return _STEP if before < numbers[0] <= before + 11 else _JUMP

    def last(self, before: int | None) -> int | None:
        """The last number after it; None, unknown, where notes remain without calls."""
        if self.run is None:
            return None if self.notes else before
        numbers = self.run.numbers
        return numbers[1] if numbers else before


def choose(questions: Sequence[Question], before: int | None = None) -> list[Choice]:
    """The cheapest run of each document, all documents taken together in their order.

    `before` is the last number before the first document, where known.
    """
    options = [_options(question) for question in questions]
    reached: list[dict[int | None, float]] = [{before: 0.0}]
    for ways in options:
        following: dict[int | None, float] = {}
        for last, cost in reached[-1].items():
            for way in ways:
                end, total = way.last(last), cost + way.cost + way.first_cost(last)
                if total < following.get(end, inf):
                    following[end] = total
        reached.append(_worth_keeping(following))
    onward: dict[int | None, float] = dict.fromkeys(reached[-1], 0.0)
    choices: list[Choice] = []
    for ways, lasts in zip(reversed(options), reversed(reached[:-1]), strict=True):
        choices.append(_choice(ways, lasts, onward))
        onward = {last: min(_through(way, last, onward) for way in ways) for last in lasts}
    return choices[::-1]


def _options(question: Question) -> list[_Option]:
    if not question.notes:
        return [_Option(None, 0.0, 0)]
    none = _Option(None, COMMON * question.notes + _NO_RUN, question.notes)
    return [none, *(_Option(run, run.cost, question.notes) for run in question.runs)]


def _worth_keeping(costs: dict[int | None, float]) -> dict[int | None, float]:
    limit = min(costs.values()) + _WORTH_KEEPING
    return {last: cost for last, cost in costs.items() if cost <= limit}


def _through(way: _Option, last: int | None, onward: Mapping[int | None, float]) -> float:
    return way.cost + way.first_cost(last) + onward.get(way.last(last), inf)


def _choice(
    ways: Sequence[_Option], lasts: Mapping[int | None, float], onward: Mapping[int | None, float]
) -> Choice:
    totals = [min(cost + _through(way, last, onward) for last, cost in lasts.items()) for way in ways]
    order = sorted(range(len(ways)), key=totals.__getitem__)
    best = order[0]
    if len(order) == 1:
        return Choice(ways[best].run, inf, None)
    return Choice(ways[best].run, totals[order[1]] - totals[best], ways[order[1]].run)
