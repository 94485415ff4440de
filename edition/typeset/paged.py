"""From the engine's page boxes to pages as the rest of the house knows them."""

from __future__ import annotations

from typing import Any

from edition.pages import Page
from edition.typeset.furniture import TURNED
from edition.typeset.notes import notes_in_text, tally

POINTS = 0.75
"""Points in a CSS pixel."""


def page_from(index: int, drawn: Any) -> Page:
    """One drawn page (a `weasyprint.document.Page`) as a Page."""
    box = drawn._page_box
    calls, notes = tally(box)
    return Page(
        index=index,
        folio=box.folio,
        side="recto" if box.page_type.side == "right" else "verso",
        blank=box.page_type.blank,
        name=box.page_type.name or "",
        width=drawn.width * POINTS,
        height=drawn.height * POINTS,
        anchors={name: (x * POINTS, y * POINTS) for name, (x, y, *_) in drawn.anchors.items()},
        calls=calls,
        notes=notes,
        opens_with=box.opens_with,
        notes_in_text=notes_in_text(box),
        turned=box.page_type.name == TURNED,
    )
