"""Pages side by side in one picture, as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2

GAP = 12
"""Points between pages side by side."""


def row_of_pages(content: bytes, pages: Sequence[int], width: int) -> bytes:
    """A PNG of some pages (from 0) of a PDF in a row, `width` pixels wide."""
    from PIL import Image

    document = pypdfium2.PdfDocument(content)
    try:
        shown = [document[page] for page in pages]
        total = sum(page.get_width() for page in shown) + GAP * (len(shown) + 1)
        scale = width / total
        drawn = [page.render(scale=scale).to_pil() for page in shown]
        gap = round(GAP * scale)
        row = Image.new("RGB", (width, max(picture.height for picture in drawn) + 2 * gap), "#d8d8d8")
        left = gap
        for picture in drawn:
            row.paste(picture, (left, gap))
            left += picture.width + gap
        target = BytesIO()
        row.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(target, "PNG", optimize=True)
        return target.getvalue()
    finally:
        document.close()
