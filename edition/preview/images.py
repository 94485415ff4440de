"""Images of pages, drawn when they are asked for and kept by what is on the page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from io import BytesIO
from threading import Lock

LIMIT = 64 * 1024**2
"""Bytes of images that are kept."""
SMALLEST, WIDEST = 16, 4000
"""Pixels."""


class PageImages:
    """PNG images of the pages of a PDF, by the pages' digests. May be asked by several threads."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self.size = 0
        self.document: object | None = None
        self.numbers: dict[str, int] = {}

    def show(self, pdf: bytes, digests: Sequence[str]) -> None:
        """Take another PDF; images of pages that stay are still there."""
        import pypdfium2

        with self.lock:
            self._close()
            self.document = pypdfium2.PdfDocument(pdf)
            self.numbers = {digest: number for number, digest in reversed(list(enumerate(digests)))}

    def close(self) -> None:
        with self.lock:
            self._close()

    def _close(self) -> None:
        if self.document is not None:
            self.document.close()  # type: ignore[attr-defined]
            self.document = None

    def get(self, digest: str, width: int) -> bytes | None:
        """The image of a page, so many pixels wide; None if there is no such page any more."""
        key = digest, max(SMALLEST, min(WIDEST, width))
        with self.lock:
            if key not in self.kept:
                if digest not in self.numbers or self.document is None:
                    return None
                self.kept[key] = self._drawn(self.numbers[digest], key[1])
                self.size += len(self.kept[key])
            self.kept.move_to_end(key)
            image = self.kept[key]
            while self.size > LIMIT and len(self.kept) > 1:
                self.size -= len(self.kept.popitem(last=False)[1])
            return image

    def _drawn(self, number: int, width: int) -> bytes:
        page = self.document[number]  # type: ignore[index]
        try:
            page.set_cropbox(*page.get_trimbox())
            image = page.render(scale=width / page.get_width()).to_pil()
            output = BytesIO()
            image.save(output, "PNG", compress_level=1)
            return output.getvalue()
        finally:
            page.close()
