"""What a book is put together from, made by all workers where it is not kept: fragments, furniture, fonts, counts.

What something is made from is known beforehand, its HTML, the style, the versions of all programs; so what was made
of it is kept under a key of that, and looked up the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import msgspec

from edition.cache import Cache, Memory, key_of
from edition.drawings import FontUse, Object
from edition.styles import Style
from edition.typeset.fetcher import LimitedFetcher
from edition.typeset.fragments.counting import Counted, PageShape
from edition.typeset.fragments.cutting import trouble_with_fragments
from edition.typeset.fragments.furnishing import Furnished, Wanted
from edition.typeset.fragments.laid import Laid, Made, Start
from edition.typeset.fragments.open_numbers import shape_of
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


class LayTask(NamedTuple):
    html: str
    start: Start
    numbers: Mapping[str, int]


class FurnishTask(NamedTuple):
    shell: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Kept:
    """A fragment that is laid out, and the key under which its drawing and labels are."""

    key: str
    laid: Laid


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
        self.workers: Workers[LayTask | FurnishTask, dict[str, bytes]] = Workers(jobs, self._work)
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

    def lay_out(self, tasks: Sequence[LayTask]) -> list[Kept]:
        """Fragments laid out, those that nothing is kept of by all workers, the longest first."""
        shapes = [
            key_of(self.style_key, task.html, _encode(task.start), _encode(shape_of(task.numbers)))
            for task in tasks
        ]
        keys = [self._key(shape, task) for shape, task in zip(shapes, tasks, strict=True)]
        found = [self._known(self.kept(key, "laid", Laid)) if key else None for key in keys]
        missing = [number for number, laid in enumerate(found) if laid is None]
        missing.sort(key=lambda number: -len(tasks[number].html))
        if missing:
            assert self.typesetter  # made before workers are
            self.anew += len(missing)
        self.from_cache += len(tasks) - len(missing)
        for done, (order, entries) in enumerate(self.workers([tasks[number] for number in missing]), 1):
            if done * TOLD // len(missing) > (done - 1) * TOLD // len(missing):
                self.report(f"typesetting {done} of {len(missing)} parts")
            number = missing[order]
            found[number] = laid = msgspec.msgpack.decode(entries["laid"], type=Laid)
            self.keep(shapes[number], "depends", list(laid.numbers))
            keys[number] = self._key(shapes[number], tasks[number])
            for kind, content in entries.items():
                self.cache.put(f"{keys[number]}-{kind}", content)
        return [Kept(key, laid) for key, laid in zip(keys, found, strict=True) if key and laid is not None]

    def _key(self, shape: str, task: LayTask) -> str:
        """The key of a fragment with these page numbers: it depends on some of them, as was seen when it was laid out.

        Which these are is decided by its HTML and how many figures the numbers have. Empty if it is not known.
        """
        depends = self.kept(shape, "depends", list[str])
        if depends is None:
            return ""
        return key_of(shape, _encode([(name, task.numbers.get(name, 0)) for name in depends]))

    def furnish(self, tasks: Sequence[FurnishTask]) -> list[Furnished]:
        """Furniture of runs of pages."""
        keys = [key_of(self.style_key, "furniture", _encode(task)) for task in tasks]
        found = [self._known(self.kept(key, "furnished", Furnished)) for key in keys]
        missing = [number for number, furnished in enumerate(found) if furnished is None]
        missing.sort(key=lambda number: -len(tasks[number].wanted.records))
        if missing:
            assert self.typesetter
            self.report("furnishing")
        for order, entries in self.workers([tasks[number] for number in missing]):
            number = missing[order]
            self.cache.put(f"{keys[number]}-furnished", entries["furnished"])
            found[number] = msgspec.msgpack.decode(entries["furnished"], type=Furnished)
        return [furnished for furnished in found if furnished is not None]

    def _known(self, value: Any) -> Any:
        """A value that was kept, if all files that it was made from are as they were."""
        if value is None or not value.files:
            return value
        return value if LimitedFetcher(self.folder, self.style.folders).is_as_read(value.files) else None

    def _work(self, task: LayTask | FurnishTask) -> dict[str, bytes]:
        if isinstance(task, FurnishTask):
            return {"furnished": _encode(self.typesetter.furnish(*task))}
        made = self.typesetter.lay_out(*task)
        return {"laid": _encode(made.laid), "drawing": _encode(made.drawing), "labels": _encode(made.labels)}

    def made_again(self, task: LayTask) -> Made:
        """A fragment of which something is no longer kept."""
        return self.typesetter.lay_out(*task)

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
