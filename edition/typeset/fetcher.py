"""The only way by which typesetting reads files: inside named folders, and nowhere else.

Content and styles may come from strangers. Everything that the engine wants, pictures, sheets, faces and what
a picture refers to, comes through here; a refusal is remembered, so that it becomes a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

EDITION_URL = "file:///edition/"
STYLE_URL = "file:///style/"
"""Where the engine believes to find the edition and its style: no real paths, so that none gets into the PDF
and the same edition gives the same bytes from any folder."""

SIZE_LIMIT = 200_000_000
"""Bytes of one file; more is no picture for a book."""


class LimitedFetcher(URLFetcher):  # type: ignore[misc]
    """Reads what is in the edition's folder and in the style's folders (the first that has it), and `data:`."""

    def __init__(self, edition: Path, styles: Iterable[Path] = ()) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.folders = {
            EDITION_URL: [edition.resolve()],
            STYLE_URL: [folder.resolve() for folder in styles],
        }
        self.refused: dict[str, str] = {}
        """What was asked for and not given, with the reason."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file behind a URL. Raises ValueError for what is not allowed or not there."""
        if urlsplit(url).scheme == "data":
            return super().fetch(url, headers)
        for start, folders in self.folders.items():
            if url.startswith(start):
                path = _find(unquote(urlsplit(url).path.removeprefix(urlsplit(start).path)), folders)
                if path is None:
                    return self._refuse(url, "is not there")
                if path.stat().st_size > SIZE_LIMIT:
                    return self._refuse(url, f"is larger than {SIZE_LIMIT // 1_000_000} MB")
                return URLFetcherResponse(url, path.read_bytes())
        return self._refuse(url, "is outside the edition's folder")

    def _refuse(self, url: str, reason: str) -> URLFetcherResponse:
        self.refused[url] = reason
        raise ValueError(f"{url} {reason}")


def _find(relative: str, folders: Iterable[Path]) -> Path | None:
    """The file in the first folder that has it; links are followed first, and must stay inside."""
    if "\0" in relative:
        return None
    for folder in folders:
        path = (folder / relative).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path
    return None
