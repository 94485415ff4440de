"""What a page draws, as values: pieces of text, and where its pictures are.

Lengths are points from the top left corner of the trim box. How it is read from a PDF is for `reader` to know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from edition.pages import Rectangle
from edition.proof.fonts import Font

Colour: TypeAlias = tuple[float | str, ...]
"""Red, green and blue from 0 to 1; what cannot be told so begins with a word."""

Shift: TypeAlias = tuple[float, float]
"""Points to the right and down by which something is moved."""

WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)
UNKNOWN: Colour = ("unknown",)


class UnreadableError(Exception):
    """Something in the PDF that this reader does not know, on a page (from 0)."""

    def __init__(self, page: int, reason: str) -> None:
        self.page = page
        super().__init__(reason)


@dataclass(slots=True)
class Piece:
    """Text drawn on one baseline in one marked sequence."""

    page: int
    number: int | None
    """Its number of marked content."""
    artifact: int | None
    """Of an artifact with properties: which of its page's own stream it is, from 0."""
    tagged: bool
    """Whether it has a number or is an artifact with properties, or stands in a form."""
    x: float
    y: float
    """Where its baseline begins."""
    end: float
    """Where it ends, on its baseline."""
    size: float
    text: str
    font: Font
    colour: Colour
    alpha: float
    painted: bool
    """Whether the rendering mode paints it."""
    clip: Rectangle | None
    level: bool
    """Whether it runs from left to right on a level line."""
    words: list[tuple[int, float]]
    """After each space: which character, and where it begins."""
    word_ends: dict[int, float] = field(default_factory=dict)
    """By the character of each space, where the ink before it ends."""
    ink_end: float = 0.0
    """Where its last character that is no space ends."""
    missing: str = ""
    """The text of glyphs that the face does not have."""
    background: Colour = WHITE
    covered: bool = False

    @property
    def band(self) -> Rectangle:
        """What small letters without stems take: from the baseline up to about half of the size."""
        left, right = sorted((self.x, self.ink_end))
        return left, self.y - 0.45 * self.size, right, self.y - 0.02 * self.size

    @property
    def ends(self) -> list[float]:
        """Of each of `words`, where the ink before its space ends."""
        return [self.word_ends[character - 1] for character, _ in self.words]


@dataclass(slots=True)
class DrawnPage:
    """A page, or the body or the furniture of one."""

    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[tuple[int, Rectangle]] = field(default_factory=list)
    """What is drawn besides text in marked content: its number, where it is."""
    images: list[tuple[int, Rectangle, int, int]] = field(default_factory=list)
    """Of these, the images made of pixels: number, box, pixels across and down."""
    paint: list[tuple[Rectangle, Colour]] = field(default_factory=list)
    """What was filled, in order."""
    shift: Shift = (0.0, 0.0)
    """How far a body is moved on its page; nothing else here counts it in."""
    codes: dict[str, set[bytes]] = field(default_factory=dict)
    """Runs of codes that were shown in each font, in hexadecimal digits; fonts by their way from the page's
    resources: `/Font/F1`, in a form `/XObject/X1 /Font/F1`."""
    objects: set[str] = field(default_factory=set)
    """Everything else that was drawn with or by, by its way from the page's resources."""

    @property
    def sheet(self) -> Rectangle:
        """The page's edges as its pieces see them."""
        right, down = self.shift
        return -right, -down, self.width - right, self.height - down
