"""What a page of a finished PDF draws: as a whole, or its body and its furniture each by itself.

The contents of a page that was put together are `[before, body…, furniture]`: `before` saves the state and may
move the body, `furniture` restores it first. Knows nothing of editions, HTML and layout.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf

from edition.proof.drawing import DrawnPage, Shift
from edition.proof.fonts import Fonts
from edition.proof.interpreter import Interpreter, Under


def read_pages(content: bytes) -> list[DrawnPage]:
    """All pages of a PDF. Raises UnreadableError."""
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts = Fonts()
        return [read_page(page, index, fonts) for index, page in enumerate(pdf.pages)]


def read_page(page: pikepdf.Page, number: int, fonts: Fonts) -> DrawnPage:
    """One page as a whole; its pieces say that they are on the page of this number. Raises UnreadableError."""
    return _Reader(number, page, fonts).read()


def read_body(page: pikepdf.Page, number: int, fonts: Fonts) -> DrawnPage:
    """The body of a page, in places from before it was moved; how far that is, `shift` says.

    Raises UnreadableError, also where the body would undo what is before it.
    """
    return _Reader(number, page, fonts).read_body()


def read_furniture(page: pikepdf.Page, number: int, fonts: Fonts, under: Under = ()) -> DrawnPage:
    """The furniture of a page, which stands on what the body painted `under` it. Raises UnreadableError."""
    return _Reader(number, page, fonts, under).read_furniture()


def shift_of(page: pikepdf.Page, fonts: Fonts) -> Shift:
    """How far a page's body is moved. Raises UnreadableError."""
    return _Reader(0, page, fonts).read_before()


def drawing_of(page: pikepdf.Page) -> list[pikepdf.Object]:
    """The content streams of a page, in order."""
    contents = page.obj.get("/Contents", pikepdf.Array())
    return list(contents.as_list()) if isinstance(contents, pikepdf.Array) else [contents]


class _Reader(Interpreter):
    """Reads one page, stream by stream."""

    def read(self) -> DrawnPage:
        self.draw(drawing_of(self.page))
        return self.finished()

    def read_before(self) -> Shift:
        """Read what stands before the body; it is gone afterwards, and only how far it moves the body is left."""
        origin = self.state.matrix
        before, *_, _ = self.streams()
        self.draw([before])
        moved = self.state.matrix
        if len(self.stack) != 1 or moved[:4] != origin[:4] or self.drawn.pieces:
            raise self.unknown("what stands before the body does more than move it")
        self.state.matrix = origin
        return moved[4] - origin[4], moved[5] - origin[5]

    def read_body(self) -> DrawnPage:
        self.drawn.shift = self.read_before()
        self.floor = 1
        self.draw(self.streams()[1:-1])
        return self.finished()

    def read_furniture(self) -> DrawnPage:
        self.read_before()
        self.draw(self.streams()[-1:])
        return self.finished()

    def streams(self) -> list[pikepdf.Object]:
        """The streams of a page that was put together."""
        streams = drawing_of(self.page)
        if len(streams) < 2:
            raise self.unknown("the page has no furniture of its own")
        return streams

    def draw(self, streams: list[pikepdf.Object]) -> None:
        self.run(b"\n".join(stream.read_bytes() for stream in streams), self.page.obj.get("/Resources", {}))

    def finished(self) -> DrawnPage:
        if self.marked or len(self.stack) != self.floor:
            raise self.unknown("the drawing ends in the middle")
        return self.drawn
