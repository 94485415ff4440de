"""The baseline grid and the boxes of text and notes, drawn under the pages of a specimen."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pikepdf

from edition.pages import PageLabels, Rectangle

GRID = "0.62 0.83 0.93 RG .3 w"
TEXT_BOX = "0.91 0.55 0.67 RG .4 w"
NOTE_BOX = "0.6 0.75 0.5 RG .4 w"


def with_grid(content: bytes, pages: Mapping[int, PageLabels], leading: float, phase: float) -> bytes:
    """A PDF with the grid drawn under its text.

    `pages` are by their number in the file, from 0. Baselines are every `leading` points, the first of them
    `phase` below the top of the text area.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        for number, labels in pages.items():
            page = pdf.pages[number]
            height = float(page.trimbox[3])
            drawn = [_lines(labels.text_area, height, leading, phase), _box(labels.text_area, height, TEXT_BOX)]
            if labels.note_area:
                drawn.append(_box(labels.note_area, height, NOTE_BOX))
            page.contents_add(("/Artifact BMC\nq\n" + "\n".join(drawn) + "\nQ\nEMC\n").encode(), prepend=True)
        target = BytesIO()
        pdf.save(target, deterministic_id=True)
        return target.getvalue()


def _lines(area: Rectangle, height: float, leading: float, phase: float) -> str:
    left, top, right, bottom = area
    count = int((bottom - top - phase) / leading + 1.01)
    baselines = (height - top - phase - index * leading for index in range(max(count, 0)))
    return GRID + "\n" + "\n".join(f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for y in baselines) + "\nS"


def _box(area: Rectangle, height: float, pen: str) -> str:
    left, top, right, bottom = area
    return f"{pen}\n{left:.2f} {height - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re S"
