"""What a reader of drawings keeps in mind: the graphics state, and the marked sequences that are open."""

from __future__ import annotations

from dataclasses import dataclass, field

from edition.pages import Rectangle
from edition.proof.drawing import BLACK, Colour, Piece
from edition.proof.fonts import Font
from edition.proof.geometry import IDENTITY, Matrix


@dataclass(slots=True)
class State:
    """The graphics state as far as it matters for what can be read (ISO 32000-1, 8.4)."""

    matrix: Matrix = IDENTITY
    clip: Rectangle | None = None
    fill: Colour = BLACK
    fill_space: str = "DeviceGray"
    alpha: float = 1.0
    font: Font | None = None
    codes: set[bytes] = field(default_factory=set)
    """What was shown in the font on the page so far."""
    size: float = 0.0
    rise: float = 0.0
    between: float = 0.0
    """What is added to each glyph."""
    mode: int = 0


@dataclass(slots=True)
class Marked:
    """A marked sequence that is open."""

    number: int | None
    artifact: int | None
    piece: Piece | None = None
