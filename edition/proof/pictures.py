"""Pictures of pages, and of parts of them, as small files: pdfium draws, Pillow cuts and writes.

Boxes are as everywhere, in points from the top left corner of the trim box before a turned page is turned back;
pictures show pages as they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from edition.pages import Rectangle

OLD, NEW = (213, 94, 0), (0, 114, 178)
"""Colours that all eyes tell apart (Okabe and Ito): vermilion for what was, blue for what is."""
LARGEST_PAGE = 2000.0
"""Points of a page's longer side that a picture is made of at its full size; larger ones are made smaller."""


class Pictures:
    """The pages of a PDF as pictures. The last page drawn is kept, as findings come page by page."""

    def __init__(self, content: bytes) -> None:
        self.document = pypdfium2.PdfDocument(content)
        self._last: tuple[int, float, Image.Image] | None = None

    def page(self, index: int, dpi: float) -> Image.Image:
        """A page in greys."""
        if self._last is None or self._last[:2] != (index, dpi):
            page = self.document[index]
            bitmap = page.render(scale=self.scale(index, dpi), grayscale=True)
            self._last = index, dpi, bitmap.to_pil().convert("L")
            page.close()
        return self._last[2]

    def scale(self, index: int, dpi: float) -> float:
        """Pixels of a point."""
        longest: float = max(self.document[index].get_size())
        return dpi / 72 * min(1.0, LARGEST_PAGE / longest)

    def pixels(self, index: int, box: Rectangle, dpi: float) -> tuple[int, int, int, int]:
        """A box of a page in pixels of its picture."""
        page = self.document[index]
        crop, trim, scale = page.get_cropbox(), page.get_trimbox(), self.scale(index, dpi)
        left, top = trim[0] - crop[0], crop[3] - trim[3]
        x, y, right, bottom = box[0] + left, box[1] + top, box[2] + left, box[3] + top
        width = crop[2] - crop[0]
        if page.get_rotation() == 270:
            x, y, right, bottom = y, width - right, bottom, width - x
        return round(x * scale), round(y * scale), round(right * scale), round(bottom * scale)

    def part(self, index: int, box: Rectangle, dpi: float) -> Image.Image:
        """A box of a page, as far as it is on it."""
        page = self.page(index, dpi)
        left, top, right, bottom = self.pixels(index, box, dpi)
        left, top = max(0, min(left, page.width - 1)), max(0, min(top, page.height - 1))
        return page.crop(
            (left, top, max(left + 1, min(right, page.width)), max(top + 1, min(bottom, page.height)))
        )

    def marked(
        self, index: int, boxes: Iterable[Rectangle], dpi: float, colour: tuple[int, int, int], struck: bool
    ) -> Image.Image:
        """A page with boxes marked: framed, and struck through or underlined, so that colour is not all."""
        picture = self.page(index, dpi).convert("RGB")
        draw = ImageDraw.Draw(picture)
        for box in boxes:
            left, top, right, bottom = self.pixels(index, box, dpi)
            draw.rectangle((left - 2, top - 1, right + 2, bottom + 1), outline=colour)
            line = (top + bottom) // 2 if struck else bottom + 2
            draw.line((left - 2, line, right + 2, line), fill=colour, width=2)
        return picture

    def close(self) -> None:
        self.document.close()


def overlay(old: Image.Image, new: Image.Image) -> Image.Image:
    """Two pages upon each other: what both have is black, what only one has is in its colour."""
    size = max(old.width, new.width), max(old.height, new.height)
    old_ink, new_ink = (_ink(picture, size) for picture in (old, new))
    both = ImageChops.darker(old_ink, new_ink)
    only_old, only_new = ImageChops.subtract(old_ink, both), ImageChops.subtract(new_ink, both)
    channels = []
    for one, other in zip(OLD, NEW, strict=True):
        ink = ImageChops.add(both, _weakened(only_old, 255 - one))
        channels.append(ImageChops.invert(ImageChops.add(ink, _weakened(only_new, 255 - other))))
    return Image.merge("RGB", channels)


def _ink(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("L", size, 255)
    canvas.paste(picture, (0, 0))
    return ImageChops.invert(canvas)


def _weakened(ink: Image.Image, most: int) -> Image.Image:
    return ink.point([value * most // 255 for value in range(256)])


def png(picture: Image.Image) -> bytes:
    """A picture as PNG, in few colours: greys, and the tints and shades of the two that mark changes."""
    target = BytesIO()
    few = (
        picture.quantize(16)
        if picture.mode == "L"
        else picture.quantize(palette=_palette(), dither=Image.Dither.NONE)
    )
    few.save(target, "PNG", optimize=True)
    return target.getvalue()


@cache
def _palette() -> Image.Image:
    colours = [(grey, grey, grey) for grey in range(0, 256, 9)]
    for colour in (OLD, NEW):
        for step in range(1, 17):
            colours.append(tuple(255 - (255 - part) * step // 16 for part in colour))  # type: ignore[arg-type]
            colours.append(tuple(part * step // 16 for part in colour))  # type: ignore[arg-type]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


def webp(picture: Image.Image, quality: int) -> bytes:
    """A picture as WebP, lossy: small enough for a page of hundreds."""
    target = BytesIO()
    options: dict[str, Any] = {"quality": quality, "method": 4}
    picture.save(target, "WEBP", **options)
    return target.getvalue()


def boxes_on(page: int | None, boxes: Sequence[tuple[int, float, float, float, float]]) -> list[Rectangle]:
    """Those of the boxes that are on a page."""
    return [box[1:] for box in boxes if box[0] == page]
