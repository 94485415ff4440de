"""Images of pages, drawn when they are asked for and kept by what is on the page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from io import BytesIO
from threading import Lock
from typing import Any

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
        self.documents: list[Any] = []
        self.pages: dict[str, tuple[Any, int]] = {}
        """By digest, the document that has the page, and its number there."""

    def show(self, pdf: bytes, digests: Sequence[str]) -> None:
        """Take another PDF; images of pages that stay are still there."""
        with self.lock:
            self._close()
            self._add(pdf, digests)

    def add(self, pdf: bytes, digests: Sequence[str]) -> None:
        """Take a PDF of some more pages, until the next one is shown."""
        with self.lock:
            self._add(pdf, digests)

    def _add(self, pdf: bytes, digests: Sequence[str]) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument(pdf)
        self.documents.append(document)
        for number, digest in enumerate(digests):
            self.pages.setdefault(digest, (document, number))

    def close(self) -> None:
        with self.lock:
            self._close()

    def _close(self) -> None:
        for document in self.documents:
            document.close()
        self.documents, self.pages = [], {}

    def get(self, digest: str, width: int) -> bytes | None:
        """The image of a page, so many pixels wide; None if there is no such page any more."""
        key = digest, max(SMALLEST, min(WIDEST, width))
        with self.lock:
            if key not in self.kept:
                if digest not in self.pages:
                    return None
                self.kept[key] = _drawn(*self.pages[digest], key[1])
                self.size += len(self.kept[key])
            self.kept.move_to_end(key)
            image = self.kept[key]
            while self.size > LIMIT and len(self.kept) > 1:
                self.size -= len(self.kept.popitem(last=False)[1])
            return image


def _drawn(document: Any, number: int, width: int) -> bytes:
    page = document[number]
    try:
        page.set_cropbox(*page.get_trimbox())
        image = page.render(scale=width / page.get_width()).to_pil()
        output = BytesIO()
        if _is_grey(image):
            image = image.convert("L")  # most are; it is packed in a third of the time
        image.save(output, "PNG", compress_level=1)
        return output.getvalue()
    finally:
        page.close()


def _is_grey(image: Any) -> bool:
    from PIL import ImageChops

    red, green, blue = image.convert("RGB").split()
    return not any(ImageChops.difference(*pair).getbbox() for pair in ((red, green), (green, blue)))
