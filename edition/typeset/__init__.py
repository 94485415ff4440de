"""HTML and a style become pages. The only user of WeasyPrint.

It does not know the manuscript: it sees HTML, the style's sheets, and the folders that both may read from.
"""

from __future__ import annotations

from edition.typeset.book import Typesetting, typeset
from edition.typeset.margin_face import embedded_face
from edition.typeset.preparing import MISSING_GLYPH, base_css, faces_of, missing_glyphs
from edition.typeset.whole import drawn_whole, typeset_whole

__all__ = [
    "MISSING_GLYPH",
    "Typesetting",
    "base_css",
    "drawn_whole",
    "embedded_face",
    "faces_of",
    "missing_glyphs",
    "typeset",
    "typeset_whole",
]
