"""The only way by which typesetting reads files: inside named folders, and nowhere else.

Content and styles may come from strangers. Everything that the engine wants, pictures, sheets, faces and what
a picture refers to, comes through here; a refusal is remembered, so that it becomes a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from os.path import isfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from edition.styles.limits import too_much
from edition.typeset.svg import draws_too_much

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
        self.read: dict[str, str] = {}
        """A digest of every file that was asked for, by its address; empty where there was none to give."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file behind a URL. Raises ValueError for what is not allowed or not there."""
        if urlsplit(url).scheme == "data":
            return super().fetch(url, headers)
        for start, folders in self.folders.items():
            if url.startswith(start):
                path = _find(unquote(urlsplit(url).path.removeprefix(urlsplit(start).path)), folders)
                if path is None:
                    return self._refuse(url, "is not there")
                try:
                    if path.stat().st_size > SIZE_LIMIT:
                        return self._refuse(url, f"is larger than {SIZE_LIMIT // 1_000_000} MB")
                    content = path.read_bytes()
                except OSError as error:
                    return self._refuse(url, f"cannot be read: {(error.strerror or 'unknown reason').lower()}")
                if path.suffix == ".css" and (found := too_much(content.decode(errors="replace"))):
                    return self._refuse(url, f"cannot be read: {found[1]}")
                if draws_too_much(content):
                    return self._refuse(url, "draws too many things, or itself")
                self.read[url] = digest_of(content)
                return URLFetcherResponse(url, content)
        return self._refuse(url, "is outside the edition's folder")

    def _refuse(self, url: str, reason: str) -> URLFetcherResponse:
        self.refused[url] = reason
        self.read[url] = ""
        raise ValueError(f"{url} {reason}")

    def is_as_read(self, read: Mapping[str, str]) -> bool:
        """Whether files that were read before, by their digests, would be given alike now."""
        for url, digest in read.items():
            with suppress(ValueError):
                self.fetch(url)
            if self.read.get(url) != digest:
                return False
        return True


def digest_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _find(relative: str, folders: Iterable[Path]) -> Path | None:
    """The file in the first folder that has it; links are followed first, and must stay inside."""
    if "\0" in relative:
        return None
    for folder in folders:
        path = (folder / relative).resolve()
        if path.is_relative_to(folder) and isfile(path):
            return path
    return None
