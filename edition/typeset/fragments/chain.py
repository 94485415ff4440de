"""The fragments of a stretch one after the other: those that are kept, and where the stretch has to be laid out.

What begins with a part of a stretch was perhaps laid out before, in this book or an earlier one. Under the beginning
of its text all is listed that was: how long it is, and what else it depends on. So a chain is followed from fragment
to fragment as long as one is found whose whole text is there, and what comes next as well, as far as its last page may
have seen it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple, Protocol

import msgspec

from edition.cache import Cache, key_of
from edition.typeset.fragments.laid import Laid, LayTask, Start
from edition.typeset.fragments.open_numbers import figures_in
from edition.typeset.fragments.stretch import BEGINNING, Stretch

MOST_KNOWN = 12
"""So many are listed that begin alike, those of the last builds."""
LOOKS_FOR, LOOKS_FURTHER = 3, 4
"""So many known places are looked for at first, and so many times as many if no page ended before one of them."""
LINK = re.compile(r'"#([^"]+)"')

_encode = msgspec.msgpack.encode


class Known(NamedTuple):
    """A fragment that was laid out, listed under its beginning."""

    key: str
    """Of what is kept of it; made of all that it depends on."""
    length: int
    ahead: int
    """How much of what comes next it depends on."""
    reach: int
    """How much of its HTML its first page was made of."""
    numbers: tuple[str, ...]
    """Anchors whose page numbers it depends on."""
    open_numbers: tuple[str, ...]
    """Anchors of which it depends on how many figures their page numbers have."""


class Sent(NamedTuple):
    """A fragment as a worker sends it: where in the stretch it ends, and what is to be kept of it, written."""

    end: int
    laid: bytes
    drawing: bytes
    labels: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A fragment that is laid out, and the key under which its drawing and labels are."""

    key: str
    laid: Laid
    stretch: Stretch
    end: int
    """The place in that where it ends."""
    task: LayTask
    """How to lay it out again."""

    @property
    def place(self) -> int:
        """Where it begins."""
        return self.task.place

    @property
    def goes_on_inside(self) -> bool:
        """Whether it begins inside of a part of the stretch, which is in the fragment before it, too."""
        return self.stretch.is_inside(self.place)


class Keeper(Protocol):
    """Who makes and keeps parts of books."""

    cache: Cache

    @property
    def style_key(self) -> str: ...

    def keep(self, key: str, kind: str, value: Any) -> None: ...
    def kept(self, key: str, kind: str, type_: Any) -> Any: ...
    def still_holds(self, value: Any) -> Any: ...


class Chain:
    """The fragments of one stretch, as far as they are known."""

    def __init__(self, keeper: Keeper, task: LayTask) -> None:
        self.keeper = keeper
        self.task = task
        self.stretch = Stretch(task.html)
        self.fragments: list[Kept] = []
        self.anew = 0
        self.looks_for = LOOKS_FOR
        self.place = 0
        self.start = task.start
        """How what follows begins."""
        self.follow()

    @property
    def is_whole(self) -> bool:
        return self.place == self.stretch.end

    def follow(self) -> None:
        """Go on as far as fragments are known."""
        while not self.is_whole and (found := self.known_at(self.place, self.start)) is not None:
            known, laid = found
            self.add(known.key, laid, self.place + known.length)

    def add(self, key: str, laid: Laid, end: int) -> None:
        again = self.task._replace(place=self.place, begins_there=self.start, stops={end: (laid.follows,)})
        self.fragments.append(Kept(key, laid, self.stretch, end, again))
        self.place, self.start = end, laid.follows

    def known_at(self, place: int, start: Start) -> tuple[Known, Laid] | None:
        """A fragment that begins at a place and is kept, whatever it depends on as it was."""
        for known in self.fitting(place, start, self.listed(place)):
            laid = self.keeper.still_holds(self.keeper.kept(known.key, "laid", Laid))
            if laid is not None:
                return known, laid
        return None

    def fitting(self, place: int, start: Start, listed: Sequence[Known]) -> Iterator[Known]:
        """Those of the listed fragments whose key is that of what is there now."""
        return (known for known in listed if self.key_of(place, start, known) == known.key)

    def listed(self, place: int) -> Sequence[Known]:
        """The fragments that began like what is at a place, the last one first."""
        found: Sequence[Known] | None = self.keeper.kept(self.list_key(place), "begins", tuple[Known, ...])
        return found or ()

    def list_key(self, place: int) -> str:
        first = min(self.stretch.begins, default=0)  # before that all stretches are alike
        beginning = self.stretch.html[place : max(place, first) + BEGINNING]
        return key_of(self.keeper.style_key, "begins", beginning)

    def key_of(self, place: int, start: Start, known: Known) -> str:
        """The key of a fragment at a place, if it is as long as a known one and depends on as much."""
        end = place + known.length
        if not self.stretch.is_place(end):
            return ""
        numbers = self.task.numbers
        return key_of(
            self.keeper.style_key,
            self.stretch.fragment(place, end),
            self.stretch.html[end : end + known.ahead],
            _encode((end + known.ahead == self.stretch.end, start, self.task.keeps_side)),
            _encode([(name, numbers.get(name, 0)) for name in known.numbers]),
            _encode([(name, figures_in(numbers.get(name, 0))) for name in known.open_numbers]),
        )

    # What was laid out

    def next_task(self) -> LayTask:
        """What is to be laid out: from where the chain ends up to where something is known again."""
        found = ((place, self.starts_at(place)) for place in self.stretch.places_after(self.place))
        known = dict(islice(((place, its) for place, its in found if its), self.looks_for + 1))
        until = 0
        if len(known) > self.looks_for:
            # Pages that end before one of these have seen no more than the first page after it.
            known.popitem()
            seen = max(place + reach for place, its in known.items() for reach in its.values())
            until = next(self.stretch.places_after(seen - 1), 0)
            self.looks_for *= LOOKS_FURTHER
        stops = {place: tuple(its) for place, its in known.items()}
        return self.task._replace(place=self.place, begins_there=self.start, stops=stops, until=until)

    def starts_at(self, place: int) -> dict[Start, int]:
        """The ways to begin with which a fragment is known that begins at a place, and the reach of each."""
        sides = (True, False) if self.task.keeps_side else (True,)
        listed = self.listed(place)
        if not listed:
            return {}
        starts = (Start(right, happens=happens) for right in sides for happens in (True, False))
        found = ((start, next(self.fitting(place, start, listed), None)) for start in starts)
        return {start: known.reach for start, known in found if known is not None}

    def take(self, place: int, made: Sequence[Sent]) -> None:
        """Keep what was laid out from a place on, and go on from there."""
        if place != self.place:  # the whole stretch was laid out as one
            self.fragments.clear()
            self.anew = self.place = 0
            self.start = self.task.start
        first = len(self.fragments)
        for it in made:
            self.add("", msgspec.msgpack.decode(it.laid, type=Laid), it.end)
        last = len(self.fragments)
        self.anew += last - first
        self.follow()
        for number in range(last - 1, first - 1, -1):
            self.keep(number, made[number - first])

    def keep(self, number: int, sent: Sent) -> None:
        """Keep a fragment, now that what follows it is known."""
        kept = self.fragments[number]
        place, start = kept.task.place, kept.task.begins
        known = self.as_known(kept, sent.end, self.fragments[number + 1 : number + 2])
        known = known._replace(key=self.key_of(place, start, known))
        for kind in ("laid", "drawing", "labels"):
            self.keeper.cache.put(f"{known.key}-{kind}", getattr(sent, kind))
        others = [it for it in self.listed(place) if it.key != known.key]
        self.keeper.keep(self.list_key(place), "begins", [known, *others[: MOST_KNOWN - 1]])
        self.fragments[number] = replace(kept, key=known.key)

    def as_known(self, kept: Kept, end: int, following: Sequence[Kept]) -> Known:
        """A fragment as it will be listed, its key still open."""
        numbers, open_numbers = set(kept.laid.numbers), set(kept.laid.open_numbers)
        ahead = 0
        for laid in (one.laid for one in following):
            ahead = laid.reach
            seen = set(LINK.findall(self.stretch.html[end : end + ahead]))
            numbers |= seen & set(laid.numbers)
            open_numbers |= seen & set(laid.open_numbers)
        length = end - kept.task.place
        return Known(
            "", length, ahead, kept.laid.reach, tuple(sorted(numbers)), tuple(sorted(open_numbers - numbers))
        )
