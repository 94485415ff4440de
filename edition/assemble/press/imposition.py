"""Imposition: pages of a print file arranged on sheets, so that folded they come in order.

A signature of 16 pages is four sheets, each folded once and laid into the last: two pages side by side on each
side of a sheet. A booklet is one signature of all pages. Pages that are missing at the end are blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import pikepdf
from pikepdf import Array, Dictionary

from edition.assemble.press.sheet import crop_marks, grown, media_box, page_box, registration_colour

IN_SHEET = 4
"""Pages on a sheet: two on each side."""


class NotImposableError(ValueError):
    """Why some pages cannot be imposed."""


def signature_sides(pages: int, signature: int) -> Iterator[tuple[int | None, int | None]]:
    """The pages, from 0, left and right on each side of each sheet; None is blank.

    Of a signature of eight pages: 8 and 1, 2 and 7, then 6 and 3, 4 and 5. The last signature is as short
    as it can be.
    """
    for start in range(0, pages, signature):
        rest = min(signature, -(-(pages - start) // IN_SHEET) * IN_SHEET)
        for sheet in range(rest // IN_SHEET):
            outer, inner = start + 2 * sheet, start + rest - 1 - 2 * sheet
            for left, right in ((inner, outer), (outer + 1, inner - 1)):
                yield (left if left < pages else None, right if right < pages else None)


Sides: TypeAlias = list[tuple[int | None, int | None]]


def impose(content: bytes, signature: int = 0) -> tuple[bytes, Sides]:
    """A PDF with two pages on each side of a sheet, folded in signatures; 0 is one booklet of all pages. And which
    pages, from 0, are on each side.

    Raises NotImposableError where the pages differ in size, or the signature is no multiple of four.
    """
    if signature % IN_SHEET or signature < 0:
        raise NotImposableError(f"a signature has 4, 8, 12, 16 … pages, not {signature}")
    try:
        source = pikepdf.open(BytesIO(content))
    except pikepdf.PdfError as error:
        raise NotImposableError("it cannot be opened as a PDF") from error
    with source, pikepdf.new() as target:
        leaves = [_leaf(source, target, page) for page in source.pages]
        sizes = {(round(leaf.width, 1), round(leaf.height, 1)) for leaf in leaves}
        if len(sizes) != 1:
            raise NotImposableError(f"its pages have {len(sizes)} sizes" if sizes else "it has no pages")
        _copy_root(source, target)
        length = signature or -(-len(leaves) // IN_SHEET) * IN_SHEET
        sides = list(signature_sides(len(leaves), length))
        for side in sides:
            _add_side(target, [leaves[page] if page is not None else None for page in side], leaves[0])
        written = BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        target.save(written, deterministic_id=True, object_stream_mode=mode, force_version="1.6")
        return written.getvalue(), sides


def _copy_root(source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
    """Output intent and metadata: what is imposed is still a print file."""
    for key in ("/OutputIntents", "/Metadata"):
        if key in source.Root:
            kept = source.Root[key]
            copied = kept if kept.is_indirect else source.make_indirect(kept)
            target.Root[key] = target.copy_foreign(copied)
    info = source.trailer.get("/Info")
    if info is not None:
        target.trailer.Info = target.copy_foreign(info if info.is_indirect else source.make_indirect(info))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page as a form that has its trimmed page's left bottom corner at zero, upright."""

    form: pikepdf.Object
    width: float
    height: float
    bleed: float


def _leaf(source: pikepdf.Pdf, target: pikepdf.Pdf, page: pikepdf.Page) -> _Leaf:
    """A page with what it has in its bleed, and nothing of what is outside."""
    left, bottom, right, top = trim = page_box(page)
    form = page.as_form_xobject(handle_transformations=False)
    bleed = left - float(page.obj.get("/BleedBox", Array(trim))[0])
    form.BBox = Array(grown(trim, bleed))
    width, height = right - left, top - bottom
    turned = int(page.obj.get("/Rotate", 0)) % 360
    form.Matrix = Array({
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turned])  # fmt: skip
    if turned in (90, 270):
        width, height = height, width
    return _Leaf(target.copy_foreign(source.make_indirect(form)), width, height, bleed)


def _add_side(target: pikepdf.Pdf, leaves: list[_Leaf | None], one: _Leaf) -> None:
    """One side of a sheet, as large as two of `one`: the trimmed pages meet in the fold, which their bleed does not
    cross. Both may be blank, where a signature is not full.
    """
    width, height, bleed = one.width, one.height, one.bleed
    names, drawn = Dictionary(), []
    for index, leaf in enumerate(leaves):
        if leaf is None:
            continue
        names[f"/Page{index}"] = leaf.form
        left = -bleed if index == 0 else width
        clip = f"{left:.3f} {-bleed:.3f} {width + bleed:.3f} {height + 2 * bleed:.3f} re W n"
        drawn.append(f"q {clip} 1 0 0 1 {index * width:.3f} 0 cm /Page{index} Do Q\n")
    sheet = (0.0, 0.0, 2 * width, height)
    target.add_blank_page(page_size=(2 * width, height))
    page = target.pages[-1].obj
    page.TrimBox, page.BleedBox = Array(sheet), Array(grown(sheet, bleed))
    page.MediaBox = Array(media_box(sheet, bleed))
    page.Resources = Dictionary(XObject=names, ColorSpace=Dictionary(Registration=registration_colour(target)))
    page.Contents = target.make_stream("".join(drawn).encode() + crop_marks(sheet, bleed))
