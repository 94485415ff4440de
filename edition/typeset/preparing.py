"""A style made ready for the engine: its faces, its sheets, and what the engine complains of as findings."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from weasyprint import CSS, HTML

from edition.findings import EditionError, Finding, Severity, declare
from edition.source import Place, Source
from edition.styles import Sheet, Style
from edition.typeset import engine, faces, tables
from edition.typeset.fetcher import EDITION_URL, STYLE_URL, LimitedFetcher

MISSING_FACE = declare(
    "L005",
    Severity.ERROR,
    """A family of the style is not installed.

    The style names a family that is neither in its `fonts/` folder nor installed. Another one would change
    every line of the book, so nothing is built.
    """,
)
MISSING_GLYPH = declare(
    "L006",
    Severity.ERROR,
    """A character that no face of the style has.

    It would print as an empty box, or in a face that the style did not name. Add a family that has it to the
    style's `faces`, or put its files into the style's `fonts/` folder.
    """,
)
BROKEN_CSS = declare(
    "L007",
    Severity.ERROR,
    """CSS that the engine does not understand.

    A property, a value or a selector of a sheet would be ignored silently. The place is that of the sheet.
    """,
)
REFUSED = declare(
    "L008",
    Severity.ERROR,
    """Something outside the edition that the content or the style asks for.

    Only files in the edition's folder and in its style's folder are read: no other files and nothing from the
    network, also not from inside a picture.
    """,
)
BROKEN_PICTURE = declare(
    "L009",
    Severity.ERROR,
    """A picture that cannot be read.

    The file is no picture of a kind that can be printed (PNG, JPEG, SVG and others), it is damaged, or it has
    more points than a page can ever need.
    """,
)
ENGINE_COMPLAINT = declare(
    "T010",
    Severity.WARNING,
    """The engine complains about something on the way to the page.

    The message is the engine's own. What it names may be missing from the page.
    """,
)

INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]")
"""Characters that need no glyph."""


def faces_of(style: Style) -> tuple[faces.Face, ...]:
    """All faces of a style's families. Raises EditionError for each family that is not there."""
    known = {**faces.installed(), **faces.bundled(style.folders)}
    missing = [
        MISSING_FACE.at(
            _written(style, family.name),
            f"no face of the family `{family.name}` is installed",
            hint=f"install the package {family.package}" if family.package else "install it or change the setting",
        )
        for family in style.families
        if family.name not in known
    ]
    if missing:
        raise EditionError(missing)
    return tuple(face for family in style.families for face in known[family.name])


def _written(style: Style, family: str) -> Place:
    """Where a family is chosen by a setting, or else the style that names it."""
    chosen = [name for name, value in style.values if value == family]
    place = next((place for name, place in style.written if name in chosen and place), None)
    return place or Place(str(style.folders[0] / "style.yaml"))


def missing_glyphs(characters: set[str], style: Style) -> set[str]:
    """Those of the characters for which no face of the style has a glyph."""
    covered = faces.coverage(faces_of(style))
    return {char for char in characters if ord(char) not in covered and not INVISIBLE.match(char)}


def base_css() -> str:
    """The sheet that every style stands on."""
    return files("edition.typeset").joinpath("base.css").read_text(encoding="utf-8")


def own_sheets(style: Style, fetcher: LimitedFetcher) -> list[CSS]:
    return [CSS(string=text, url_fetcher=fetcher) for text in (base_css(), style.custom_properties)]


def style_sheets(style: Style, fetcher: LimitedFetcher, font_configuration: Any) -> list[CSS]:
    """The style's sheets. Each is parsed alone, as the engine's messages do not name the file."""
    sheets, findings = [], []
    for sheet in style.sheets:
        with complaints() as log:
            base = EDITION_URL if sheet.of_edition else STYLE_URL
            sheets.append(
                CSS(string=sheet.text, base_url=base, url_fetcher=fetcher, font_config=font_configuration)
            )
        findings += [_css_finding(sheet, line) for line in dict.fromkeys(log)]
    if findings:
        raise EditionError(findings)
    return sheets


def fit_tables(book: HTML, sheets: list[CSS], fetcher: LimitedFetcher, font_configuration: Any) -> tables.Fitted:
    """Fit the tables to the pages. What the engine complains of meanwhile it will complain of again."""
    with complaints():
        make_html = partial(engine.html_of, base_url=EDITION_URL, fetcher=fetcher)
        return tables.fit_tables(book.etree_element, make_html, sheets, font_configuration)


def turned_pages(sheets: list[CSS], fetcher: LimitedFetcher, font_configuration: Any) -> CSS:
    """The sheet of pages with turned tables."""
    with complaints():
        make_html = partial(engine.html_of, base_url=EDITION_URL, fetcher=fetcher)
        return CSS(string=tables.turned_sheet(make_html, sheets, font_configuration))


def _css_finding(sheet: Sheet, line: str) -> Finding:
    match = re.search(r"\bat (\d+):(\d+)", line)
    place = Place(str(sheet.path), int(match[1]), int(match[2])) if match else Place(str(sheet.path))
    message = re.sub(r",? ?\bat \d+:\d+", "", line).strip().rstrip(".")
    if refused := re.fullmatch(r"Failed to load stylesheet at (\S+) : \w+: \S+ (.*)", message):
        message = f"`{_path(refused[1])}` {refused[2]}"
        place = _in_text(_path(refused[1]), sheet) or place
    return BROKEN_CSS.at(place, message[:1].lower() + message[1:])


def _in_sheet(path: str, style: Style) -> Place | None:
    """Where a sheet of the style first has the address of a file."""
    return next((place for sheet in style.sheets if (place := _in_text(path, sheet))), None)


def _in_text(path: str, sheet: Sheet) -> Place | None:
    match = re.search(rf"(?<![\w/.-]){re.escape(path)}(?![\w/.-])", sheet.text)
    return Source(str(sheet.path), sheet.text).place(match.start()) if match else None


def engine_findings(log: list[str], fetcher: LimitedFetcher, style: Style) -> Iterator[Finding]:
    """What the engine asked for and was not given, and what else it said; where a sheet of the style has it."""
    for url, reason in fetcher.refused.items():
        path = _path(url)
        yield REFUSED.at(_in_sheet(path, style), f"`{path}` {reason}", about=path)
    for line in log:
        if any(url in line for url in fetcher.refused):
            continue
        if match := re.search(r"load image at '([^']*)'|render SVG image (\S+)", line):
            path = _path(match[1] or match[2])
            yield BROKEN_PICTURE.at(_in_sheet(path, style), f"`{path}` cannot be read as a picture", about=path)
        elif line.startswith(".notdef glyph"):
            yield MISSING_GLYPH.at(None, line.removeprefix(".notdef glyph rendered for Unicode string ").lower())
        else:
            yield ENGINE_COMPLAINT.at(None, line[:500])


def _path(url: str) -> str:
    """A URL as the editor wrote it."""
    return unquote(url.removeprefix(EDITION_URL).removeprefix(STYLE_URL))[:200]


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What the engine logs as warnings or errors meanwhile; nobody else is told, whoever listens around it."""
    lines: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    logger, handler = logging.getLogger("weasyprint"), Collect(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    handlers, logger.handlers = logger.handlers, [handler]
    try:
        yield lines
    finally:
        logger.handlers = handlers
        logger.propagate = propagate
