"""What a book is put together from, made by all workers where it is not kept: fragments, furniture, fonts, counts.

What something is made from is known beforehand, its HTML, the style, the versions of all programs; so what was made
of it is kept under a key of that, and looked up the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import msgspec

from edition.cache import Cache, Memory, key_of
from edition.drawings import FontUse, Object
from edition.styles import Style
from edition.typeset.fetcher import LimitedFetcher
from edition.typeset.fragments.chain import Chain, Sent
from edition.typeset.fragments.counting import Counted, PageShape
from edition.typeset.fragments.cutting import trouble_with_fragments
from edition.typeset.fragments.furnishing import Furnished, Wanted
from edition.typeset.fragments.laid import LayTask, Made
from edition.typeset.fragments.outline import Cut, nodes, outline_of, skeleton
from edition.typeset.preparing import base_css, faces_of
from edition.typeset.typesetter import Typesetter
from edition.typeset.versions import versions
from edition.workers import Workers

TOLD = 10
"""How often it is told at most how far the laying out of fragments is."""

Report = Callable[[str], None]
Value = TypeVar("Value")

_encode = msgspec.msgpack.encode


class FurnishTask(NamedTuple):
    shell: str
    wanted: Wanted


class Making:
    """Makes parts of books in a style, and keeps what it made; what all share is made once."""

    def __init__(
        self,
        style: Style,
        folder: Path,
        cache: Cache | None = None,
        jobs: int = 1,
        report: Report = lambda _: None,
    ) -> None:
        self.style = style
        self.folder = folder
        self.cache = cache if cache is not None else Memory()
        self.report = report
        self.jobs = jobs
        self.workers: Workers[LayTask | FurnishTask, Any] = Workers(jobs, self._work)
        self.anew = self.from_cache = 0
        """How often a fragment was laid out, and how often one was there already."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.__exit__()
        if "typesetter" in self.__dict__:
            self.typesetter.__exit__()

    @cached_property
    def typesetter(self) -> Typesetter:
        return Typesetter(self.style, self.folder)

    @cached_property
    def style_key(self) -> str:
        """Stands for all that a layout depends on beside the HTML and the files that it names."""
        sheets = [base_css(), self.style.custom_properties, *(sheet.text for sheet in self.style.sheets)]
        faces = [blake2b(face.path.read_bytes(), digest_size=16).digest() for face in faces_of(self.style)]
        return key_of(versions(), *sheets, *faces)

    # What is kept, and made where it is not

    def keep(self, key: str, kind: str, value: Any) -> None:
        self.cache.put(f"{key}-{kind}", _encode(value))

    def kept(self, key: str, kind: str, type_: type[Value]) -> Value | None:
        """What is kept under a key, if it is whole and of its type."""
        content = self.cache.get(f"{key}-{kind}")
        if content is None:
            return None
        try:
            return msgspec.msgpack.decode(content, type=type_)
        except msgspec.MsgspecError:
            return None

    def lay_out(self, chains: Sequence[Chain], meanwhile: Sequence[FurnishTask] = ()) -> None:
        """Make the chains of stretches whole: what nothing is kept of is laid out by all workers, the longest first.

        Workers with nothing left to do meanwhile furnish pages that are likely to be wanted.
        """
        while waiting := [chain for chain in chains if not chain.is_whole]:
            assert self.typesetter  # made before workers are
            waiting.sort(key=lambda chain: chain.place - chain.stretch.end)
            todo = [chain.next_task() for chain in waiting]
            wanted = [(key, task) for key, task in self._furnish_keys(meanwhile) if not self._furnished(key)]
            meanwhile, done = (), 0
            for order, made in self.workers([*todo, *(task for _, task in wanted)]):
                if order >= len(todo):
                    self.cache.put(f"{wanted[order - len(todo)][0]}-furnished", made)
                    continue
                done += 1
                if done * TOLD // len(todo) > (done - 1) * TOLD // len(todo):
                    self.report(f"typesetting {done} of {len(todo)} parts")
                waiting[order].take(*made)
        for chain in chains:
            self.anew += chain.anew
            self.from_cache += len(chain.fragments) - chain.anew

    def furnish(self, tasks: Sequence[FurnishTask]) -> list[Furnished]:
        """Furniture of runs of pages."""
        keys = [key for key, _ in self._furnish_keys(tasks)]
        found = [self._furnished(key) for key in keys]
        missing = [number for number, furnished in enumerate(found) if furnished is None]
        missing.sort(key=lambda number: -len(tasks[number].wanted.records))
        if missing:
            assert self.typesetter
            self.report("furnishing")
        for order, content in self.workers([tasks[number] for number in missing]):
            number = missing[order]
            self.cache.put(f"{keys[number]}-furnished", content)
            found[number] = msgspec.msgpack.decode(content, type=Furnished)
        return [furnished for furnished in found if furnished is not None]

    def _furnish_keys(self, tasks: Iterable[FurnishTask]) -> Iterator[tuple[str, FurnishTask]]:
        return ((key_of(self.style_key, "furniture", _encode(task)), task) for task in tasks)

    def _furnished(self, key: str) -> Furnished | None:
        found: Furnished | None = self.still_holds(self.kept(key, "furnished", Furnished))
        return found

    def still_holds(self, value: Any) -> Any:
        """A value that was kept, if all files that it was made from are as they were."""
        if value is None or not value.files:
            return value
        return value if LimitedFetcher(self.folder, self.style.folders).is_as_read(value.files) else None

    def _work(self, task: LayTask | FurnishTask) -> Any:
        if isinstance(task, FurnishTask):
            return _encode(self.typesetter.furnish(*task))
        place, made = self.typesetter.lay_out(task)
        return place, [Sent(it.end, _encode(it.laid), _encode(it.drawing), _encode(it.labels)) for it in made]

    def made_again(self, task: LayTask) -> Made:
        """A fragment of which something is no longer kept."""
        _, made = self.typesetter.lay_out(task)
        return made[0]

    def counted(self, shell: str, shapes: Sequence[PageShape]) -> tuple[Counted, ...]:
        """All pages in a row."""
        key = key_of(self.style_key, "counted", shell, _encode(shapes))
        found = self.kept(key, "counted", tuple[Counted, ...])
        if found is None:
            found = self.typesetter.count(shell, shapes)
            self.keep(key, "counted", found)
        return found

    def cuts(self, html: str) -> list[Cut]:
        """Where fragments begin; the whole book is one where the style does not let chapters stand by themselves."""
        root = outline_of(html)
        bones = skeleton(html, root)
        key = key_of(self.style_key, "cuts", bones)
        numbered = list(nodes(root))
        found = self.kept(key, "cuts", list[tuple[int, str, str]])
        if found is None:
            cuts = self.typesetter.cuts(bones, root)
            numbers = {id(node): number for number, node in enumerate(numbered)}
            found = [(numbers[id(cut.node)], cut.side, cut.blank_name) for cut in cuts]
            self.keep(key, "cuts", found)
        first, *others = found if not trouble_with_fragments(self.style.sheets) else found[:1]
        begins = root.children[0].inside
        return [
            Cut(begins, numbered[first[0]], first[1], first[2]),
            *(Cut(numbered[number].start, numbered[number], side, name) for number, side, name in others),
        ]

    def fonts(self, uses: Sequence[FontUse]) -> tuple[Object, ...]:
        key = key_of(self.style_key, "fonts", _encode([msgspec.to_builtins(use, str_keys=True) for use in uses]))
        found = self.kept(key, "fonts", tuple[Object, ...])
        if found is None:
            found = self.typesetter.write_fonts(uses)
            self.keep(key, "fonts", found)
        return found
