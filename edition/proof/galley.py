"""The galley: the book's own pages on larger paper, with line numbers, sources, findings and change bars beside
them.

The pages are not touched: their boxes grow, and what is written beside them is drawn after all else. So lines,
links and destinations are those of the book, and comments made on a galley lead to the source as those on the
book do. ISO 32000-1, 9.7 (composite fonts) and 14.11.2 (boxes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from edition.pages import EmbeddedFace, Side
from edition.proof.book import PrintedBook
from edition.proof.lines import Line, PrintedPage
from edition.proof.places import Places

OUTER, INNER, HEAD, FOOT = 150.0, 40.0, 34.0, 24.0
"""Points that the paper is wider and higher than the page."""
EVERY = 5
NUMBER_SIZE, LABEL_SIZE, SMALL = 8.0, 7.5, 6.5
STEP = 7.8
"""Points from label to label in the margin."""
TOUCHING = 5.0
"""Points between changed lines across which their bar is one."""
LONGEST = 40
"""Characters of a path that are shown."""

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding to be marked beside a line."""

    page: int
    y: float
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A change beside lines: from its top to its foot; of what is gone, where it stood."""

    page: int
    top: float
    foot: float
    is_gone: bool = False


@dataclass(slots=True)
class _Text:
    x: float
    """Points from the left edge of the page that is printed; `align` says of which end."""
    y: float
    text: str
    size: float
    align: Align = "left"
    grey: float = 0.0
    room: float = OUTER - 30
    """Points that it may be wide."""


@dataclass(slots=True)
class Beside:
    """What stands beside a page."""

    texts: list[_Text] = field(default_factory=list)
    bars: list[tuple[float, float, float, bool]] = field(default_factory=list)
    """x, top, foot, whether it is of something gone."""


def plan(
    book: PrintedBook,
    sides: Sequence[Side],
    places: Places | None,
    *,
    marks: Iterable[Mark] = (),
    bars: Iterable[Bar] = (),
    against: str = "",
) -> list[Beside]:
    """What is to stand beside each page."""
    marks_of: dict[int, list[Mark]] = {}
    for mark in marks:
        marks_of.setdefault(mark.page, []).append(mark)
    bars_of: dict[int, list[Bar]] = {}
    for bar in bars:
        bars_of.setdefault(bar.page, []).append(bar)
    names = _Names(places)
    planned = []
    for page, side in zip(book.pages, sides, strict=True):
        beside = Beside()
        _head(beside, book, page, against)
        _numbers(beside, page, side)
        labels = [
            *names.labels(page),
            *((mark.y, f"{mark.code}  {mark.message}", 0.0) for mark in marks_of.get(page.index, ())),
        ]
        _labels(beside, page, side, labels)
        _bars(beside, page, bars_of.get(page.index, ()))
        planned.append(beside)
    return planned


def characters(planned: Sequence[Beside]) -> set[str]:
    """All characters that are to be written."""
    return {char for beside in planned for text in beside.texts for char in text.text} | {"…", "?"}


def _head(beside: Beside, book: PrintedBook, page: PrintedPage, against: str) -> None:
    compared = f", changes since {against}" if against else ""
    total = len(book.pages)
    title = _Text(0, -14, f"{book.title}: galley{compared}", LABEL_SIZE, grey=0.35, room=page.width - OUTER)
    beside.texts.append(title)
    beside.texts.append(
        _Text(page.width, -14, f"p. {page.folio}, {page.index + 1} of {total}", LABEL_SIZE, "right", 0.35)
    )


def _numbers(beside: Beside, page: PrintedPage, side: Side) -> None:
    """Every fifth line's number, on the outer side."""
    for lines in page.printed_lines():
        number = lines[0].number
        if number % EVERY == 0:
            x, align = (page.width + 4, "left") if side == "recto" else (-4.0, "right")
            beside.texts.append(_Text(x, lines[0].y, str(number), NUMBER_SIZE, align, 0.2))  # type: ignore[arg-type]


def _labels(beside: Beside, page: PrintedPage, side: Side, labels: Iterable[tuple[float, str, float]]) -> None:
    """Labels beside their lines, one under the other where they would meet."""
    x = page.width + 24 if side == "recto" else -OUTER + 6
    last = float("-inf")
    for y, text, grey in sorted(labels):
        last = max(y, last + STEP)
        if last < page.height + FOOT - 4:
            beside.texts.append(_Text(x, last, text, SMALL, "left", grey))


def _bars(beside: Beside, page: PrintedPage, bars: Iterable[Bar]) -> None:
    left = min((line.left for line in page.text_lines), default=40.0)
    last: Bar | None = None
    for bar in sorted(bars, key=lambda bar: (bar.is_gone, bar.top)):
        if last is not None and bar.is_gone == last.is_gone and bar.top <= last.foot + TOUCHING:
            last = replace(last, foot=max(bar.foot, last.foot))
            beside.bars.pop()
        else:
            last = bar
        beside.bars.append((left - 8, last.top, last.foot, last.is_gone))


class _Names:
    """The ids and files of documents, where they begin and at the head of each page."""

    def __init__(self, places: Places | None) -> None:
        self.places = places

    def labels(self, page: PrintedPage) -> Iterable[tuple[float, str, float]]:
        last = ""
        for line in page.text_lines:
            owner = line.block.owner
            if owner.kind not in ("document", "division") or owner.id == last:
                continue
            last = owner.id
            yield line.y, f"{owner.id}  {self._file(line)}".rstrip(), 0.2

    def _file(self, line: Line) -> str:
        places = (line.place_of(word, self.places) for word in line.words)
        place = next((place for place in places if place is not None), None)
        if place is None:
            return ""
        path = place.path if len(place.path) <= LONGEST else f"…{place.path[-LONGEST:]}"
        return f"{path}:{place.line}"


# Writing


def write(content: bytes, planned: Sequence[Beside], sides: Sequence[Side], face: EmbeddedFace) -> bytes:
    """The galley as a PDF: the pages of `content`, with what was planned beside them."""
    with pikepdf.open(BytesIO(content)) as pdf:
        font = _embed(pdf, face)
        for page, beside, side in zip(pdf.pages, planned, sides, strict=True):
            _write_page(pdf, page, beside, side, face, font)
        for name in ("/AF", "/Metadata", "/OutputIntents"):  # a proof is no archival file, and must not say so
            if name in pdf.Root:
                del pdf.Root[name]
        if "/EmbeddedFiles" in pdf.Root.get("/Names", {}):
            del pdf.Root.Names.EmbeddedFiles
        pdf.remove_unreferenced_resources()
        if "/ID" in pdf.trailer:
            del pdf.trailer["/ID"]
        target = BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()


def _write_page(
    pdf: pikepdf.Pdf, page: pikepdf.Page, beside: Beside, side: Side, face: EmbeddedFace, font: pikepdf.Object
) -> None:
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    before, after = (INNER, OUTER) if side == "recto" else (OUTER, INNER)
    paper = Array([left - before, bottom - FOOT, right + after, top + HEAD])
    page.obj.TrimBox = Array([left, bottom, right, top])
    page.obj.MediaBox = page.obj.CropBox = page.obj.BleedBox = paper
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    if "/Font" not in page.obj.Resources:
        page.obj.Resources.Font = Dictionary()
    page.obj.Resources.Font[f"/{FONT}"] = font
    drawing = _drawing(beside, face, left, bottom, right, top)
    page.contents_add(Stream(pdf, b"q"), prepend=True)
    page.contents_add(Stream(pdf, b"Q\n" + drawing))


FONT = "GalleyMargin"


def _drawing(beside: Beside, face: EmbeddedFace, left: float, bottom: float, right: float, top: float) -> bytes:
    parts = ["/Artifact BMC q 0.8 G 0.4 w"]
    for x in (left, right):  # the page's edges, as printers mark where to cut
        parts += [_line(x, top + 3, x, top + 9), _line(x, bottom - 3, x, bottom - 9)]
    for y in (bottom, top):
        parts += [_line(left - 3, y, left - 9, y), _line(right + 3, y, right + 9, y)]
    parts.append("0 g")
    for x, head, foot, is_gone in beside.bars:
        if is_gone:  # a pointer to where it stood
            y, at = top - (head + foot) / 2, left + x
            parts.append(f"{at - 3:.2f} {y + 3:.2f} m {at + 2:.2f} {y:.2f} l {at - 3:.2f} {y - 3:.2f} l f")
        else:
            parts.append(f"{left + x:.2f} {top - foot:.2f} 1.6 {foot - head:.2f} re f")
    parts.append("BT")
    for text in beside.texts:
        shown = _fitted(text, face)
        x = left + text.x - (face.width(shown, text.size) if text.align == "right" else 0.0)
        codes = "".join(f"{face.numbers[char]:04x}" for char in shown)
        parts.append(f"/{FONT} {text.size} Tf {text.grey} g 1 0 0 1 {x:.2f} {top - text.y:.2f} Tm [<{codes}>] TJ")
    parts.append("ET Q EMC")
    return "\n".join(parts).encode("ascii")


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f"{x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S"


def _fitted(text: _Text, face: EmbeddedFace) -> str:
    """What the face has of a text, cut where the margin ends."""
    stand_in = "?" if "?" in face.numbers else ""
    shown = "".join(char if char in face.numbers else stand_in for char in text.text)
    room = text.room
    if face.width(shown, text.size) <= room:
        return shown
    more = "…" if "…" in face.numbers else ""
    while shown and face.width(shown + more, text.size) > room:
        shown = shown[:-1]
    return shown.rstrip() + more


def _embed(pdf: pikepdf.Pdf, face: EmbeddedFace) -> pikepdf.Object:
    """A composite font whose codes are the numbers of the glyphs."""
    program = Stream(pdf, face.content)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name(f"/AAAAAA+{face.name}"), Flags=4, FontBBox=Array(face.box),
        ItalicAngle=0, Ascent=face.ascent, Descent=face.descent, CapHeight=face.ascent, StemV=80,
    )  # fmt: skip
    if face.is_cff:
        program.Subtype = Name.OpenType
        descriptor.FontFile3 = pdf.make_indirect(program)
    else:
        descriptor.FontFile2 = pdf.make_indirect(program)
    widths = Array()
    for char, number in sorted(face.numbers.items(), key=lambda pair: pair[1]):
        widths.append(number)
        widths.append(Array([face.widths[char]]))
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0 if face.is_cff else Name.CIDFontType2,
        BaseFont=descriptor.FontName, FontDescriptor=pdf.make_indirect(descriptor), W=widths,
        CIDSystemInfo=Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
    )  # fmt: skip
    if not face.is_cff:
        descendant.CIDToGIDMap = Name.Identity
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=descriptor.FontName, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(face.numbers))),
        )
    )  # fmt: skip


def _to_unicode(numbers: Mapping[str, int]) -> bytes:
    lines = [f"<{number:04x}> <{char.encode('utf-16-be').hex()}>" for char, number in sorted(numbers.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
