"""A finished PDF, opened once: its drawings, and what a proof of some of its pages rests on.

A proof may be kept as long as the file has what it was made from: the same bytes in the same streams, the same
text and width for each code that they show. `evidence` says what that is, `holds` whether a file still has it.
Streams are compared as they stand in the file, without decoding them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from io import BytesIO
from types import TracebackType
from typing import Any, NamedTuple, Self

import pikepdf

from edition.proof.drawing import DrawnPage, Shift, UnreadableError
from edition.proof.fonts import Fonts
from edition.proof.interpreter import Under
from edition.proof.reader import drawing_of, read_body, read_furniture, read_page, shift_of

IDENTIFIED = ("/Subtype", "/BBox", "/Matrix", "/Filter", "/DecodeParms", "/ca")
"""What is read of an object besides its stream."""
PRESENT = ("/SMask", "/Mask", "/Resources")
"""What an object may have or not."""


_CODE = re.compile("....")


class FontSeal(NamedTuple):
    """What the codes that were shown in a font stand for."""

    way: str
    """From a page's resources to the font: `/Font/F1`."""
    codes: str
    """The codes, in order, four hexadecimal digits each."""
    meaning: str
    """Digest of the font's family and of each code's text and width."""


class PageSeal(NamedTuple):
    """What a page was drawn by."""

    drawing: str
    """Digest of its streams and its edges."""
    objects: tuple[tuple[str, str], ...] = ()
    """Whatever else it was drawn with or by: the way to it, its digest."""


class Evidence(NamedTuple):
    """What was read of some pages."""

    pages: tuple[PageSeal, ...] = ()
    fonts: tuple[FontSeal, ...] = ()


class Finished:
    """The pages of a finished PDF. Each font is read once, and only if something is shown in it."""

    def __init__(self, content: bytes) -> None:
        """Raises pikepdf.PdfError for what is no PDF."""
        self.pdf = pikepdf.open(BytesIO(content))
        self.pages = list(self.pdf.pages)
        self.fonts = Fonts()
        self._meanings: dict[tuple[tuple[int, int], str], str] = {}
        self._shifts: dict[tuple[int, int], Shift] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pdf.close()

    # Drawings

    def wholes(self) -> list[DrawnPage]:
        """All pages, each as a whole. Raises UnreadableError."""
        return [read_page(page, number, self.fonts) for number, page in enumerate(self.pages)]

    def whole(self, index: int) -> DrawnPage:
        """A page as a whole; its pieces count it as page 0. Raises UnreadableError."""
        return read_page(self.pages[index], 0, self.fonts)

    def bodies(self, first: int, count: int) -> list[DrawnPage]:
        """The bodies of a run of pages, numbered from 0. Raises UnreadableError with the page of the book."""
        try:
            return [read_body(self.pages[first + number], number, self.fonts) for number in range(count)]
        except UnreadableError as error:
            raise UnreadableError(first + error.page, str(error)) from error

    def furniture(self, index: int, under: Under = ()) -> DrawnPage:
        """A page's furniture, its pieces numbered from 0. Raises UnreadableError."""
        try:
            return read_furniture(self.pages[index], 0, self.fonts, under)
        except UnreadableError as error:
            raise UnreadableError(index, str(error)) from error

    def has_body(self, index: int) -> bool:
        return len(drawing_of(self.pages[index])) > 2

    def shift(self, index: int) -> Shift:
        """How far a page's body is moved. Raises UnreadableError."""
        before = drawing_of(self.pages[index])[0].objgen
        if before not in self._shifts:
            self._shifts[before] = shift_of(self.pages[index], self.fonts)
        return self._shifts[before]

    # Evidence

    def drawing(self, index: int, *, furniture: bool = False) -> str:
        """Digest of a page's body as it stands in the file, or of its furniture."""
        page = self.pages[index]
        streams = drawing_of(page)
        found = sha256(" ".join(f"{float(edge):g}" for edge in page.trimbox).encode())
        for stream in streams[-1:] if furniture else streams[1:-1]:
            _add_stream(found, stream)
        return found.hexdigest()

    def evidence(self, first: int, drawn: Sequence[DrawnPage], *, furniture: bool = False) -> Evidence:
        """What the drawings of a run of pages were read from."""
        seals: list[PageSeal] = []
        codes: dict[str, tuple[Any, set[bytes]]] = {}
        for number, page in enumerate(drawn):
            resources = self._resources(first + number)
            objects = tuple((way, _digest_of(_reached(resources, way))) for way in sorted(page.objects))
            seals.append(PageSeal(self.drawing(first + number, furniture=furniture), objects))
            for way, shown in page.codes.items():
                codes.setdefault(way, (resources, set[bytes]()))[1].update(shown)
        fonts = []
        for way, (resources, shown) in sorted(codes.items(), key=lambda entry: entry[0]):
            digits = "".join(sorted(_codes(shown)))
            fonts.append(FontSeal(way, digits, self._meaning(_reached(resources, way), digits)))
        return Evidence(tuple(seals), tuple(fonts))

    def holds(self, first: int, evidence: Evidence, *, furniture: bool = False) -> bool:
        """Whether a run of pages, from `first` on, was drawn by what some evidence says."""
        known: set[tuple[int, int]] = set()
        for index, seal in enumerate(evidence.pages, first):
            if self.drawing(index, furniture=furniture) != seal.drawing:
                return False
            resources = self._resources(index)
            if any(_digest_of(_reached(resources, way)) != digest for way, digest in seal.objects):
                return False
            if resources.objgen == (0, 0) or resources.objgen not in known:
                known.add(resources.objgen)
                if not self._means_the_same(resources, evidence.fonts):
                    return False
        return True

    def _means_the_same(self, resources: Any, seals: Iterable[FontSeal]) -> bool:
        """Whether each font that can be reached from a page's resources has its codes mean what they meant."""
        for way, codes, meaning in seals:
            font = _reached(resources, way)
            if font is not None and self._meaning(font, codes) != meaning:
                return False
        return True

    def _meaning(self, font: Any, codes: str) -> str:
        key = font.objgen, codes
        if key == ((0, 0), codes) or key not in self._meanings:
            read = self.fonts.read(font)
            glyphs = [read.glyphs.get(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4)]
            self._meanings[key] = sha256(
                repr((read.family, [glyph and tuple(glyph) for glyph in glyphs])).encode()
            ).hexdigest()
        return self._meanings[key]

    def _resources(self, index: int) -> Any:
        return self.pages[index].obj.get("/Resources", pikepdf.Dictionary())


def _codes(runs: Iterable[bytes]) -> set[str]:
    """The codes in runs of them, four hexadecimal digits each."""
    return {code for run in runs for code in _CODE.findall(bytes.fromhex(run.decode()).hex())}


def _reached(resources: Any, way: str) -> Any:
    """What a way from a page's resources leads to; None if it leads nowhere. A form without any has its page's."""
    found: Any = None
    for step in way.split():
        _, kind, name = step.split("/", 2)
        if found is not None:
            resources = found.get("/Resources", resources)
        found = resources.get(f"/{kind}", {}).get(f"/{name}")
        if found is None:
            return None
    return found


def _digest_of(value: Any) -> str:
    """Digest of what is read of an object; of a picture that is its kind, not what it shows."""
    found = sha256()
    if value is not None:
        kept = [(key, _plain(value.get(key))) for key in IDENTIFIED]
        found.update(repr((kept, [key in value for key in PRESENT])).encode())
        if isinstance(value, pikepdf.Stream) and value.get("/Subtype") != "/Image":
            found.update(value.read_raw_bytes())
    return found.hexdigest()


def _add_stream(found: Any, stream: pikepdf.Object) -> None:
    found.update(repr([_plain(stream.get(key)) for key in ("/Filter", "/DecodeParms")]).encode())
    found.update(stream.read_raw_bytes())


def _plain(value: Any) -> str:
    return (
        ""
        if value is None
        else value.unparse().decode("latin-1")
        if isinstance(value, pikepdf.Object)
        else str(value)
    )
