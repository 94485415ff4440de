"""Reads an XML file that a stranger may have written. Knows bytes and XML, and nothing of TEI."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree

from edition.findings import EditionError, Severity, declare
from edition.source import Place

UNREADABLE = declare(
    "I101",
    Severity.ERROR,
    """A file cannot be read as XML.

    It must be well-formed XML, and at most 24 MiB. The place is where the parser gave up; the mistake is there
    or a little before.
    """,
)
FORBIDDEN = declare(
    "I102",
    Severity.ERROR,
    """An XML file has a document type declaration.

    Entities declared there can read other files and can grow without end, so such a file is refused. Replace
    its entities by the characters they stand for, and take the declaration away.
    """,
)
TOO_DEEP = declare(
    "I103",
    Severity.ERROR,
    """Elements stand too deep in one another, or there are too many.

    No volume needs more than a hundred levels or a million elements; most have thirty levels.
    """,
)
ELSEWHERE = declare(
    "I125",
    Severity.ERROR,
    """A part of the text stands in another file.

    `xi:include` takes in a file that the importer does not read: nothing but the file that is named is. Put the files
    together first; XML editors do it, and `xmllint --xinclude`.
    """,
)

_INCLUDE = "{http://www.w3.org/2001/XInclude}include"
_LARGEST = 24 * 2**20
_DEEPEST = 100
_MOST = 1_000_000
"""So many elements a volume may have; the largest known have a tenth of it."""
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def read_xml(path: Path) -> etree._Element:
    """The root element of a file.

    Raises EditionError if it is no well-formed XML, too large or too deep, or has a document type
    declaration or parts in other files. Nothing but the file itself is read.
    """
    content = _content(path)
    prolog = _PROLOG.match(content.removeprefix(b"\xef\xbb\xbf"))
    rest = content.removeprefix(b"\xef\xbb\xbf")[prolog.end() if prolog else 0 :]
    if rest[:9].upper() == b"<!DOCTYPE":
        raise _forbidden(path, content[: len(content) - len(rest)].count(b"\n") + 1)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        message = re.sub(r", line \d+, column \d+.*", "", error.msg or "it is no XML")
        place = Place(str(path), max(line, 1), max(column, 1))
        hint = "correct it there, or check it with an XML editor"
        raise EditionError([UNREADABLE.at(place, message[:1].lower() + message[1:], hint=hint)]) from None
    if root.getroottree().docinfo.internalDTD is not None:  # written in an encoding that hid it
        raise _forbidden(path, 1)
    _check_depth(root, path)
    _check_includes(root, path)
    return root


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EditionError([UNREADABLE.at(Place(str(path)), f"cannot be read: {reason}")]) from None
    if len(content) > _LARGEST:
        raise EditionError([UNREADABLE.at(Place(str(path)), "is larger than 24 MiB", hint="split it")])
    return content


def _forbidden(path: Path, line: int) -> EditionError:
    hint = "take the declaration away, and write the characters that its entities stand for"
    return EditionError(
        [FORBIDDEN.at(Place(str(path), line), "a document type declaration is refused", hint=hint)]
    )


def _check_includes(root: etree._Element, path: Path) -> None:
    """Raise EditionError if the text is in other files; a header says nothing that is printed without them."""
    includes: list[Any] = [
        one for one in root.iter(_INCLUDE) if next(one.iterancestors("{*}teiHeader"), None) is None
    ]
    if includes:
        hint = "put the files together first, as `xmllint --xinclude` does"
        raise EditionError(
            ELSEWHERE.at(
                Place(str(path), one.sourceline or 1), f"`{one.get('href', '')[:60]}` is not read", hint=hint
            )
            for one in includes
        )


def _check_depth(root: etree._Element, path: Path) -> None:
    depth = count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > _MOST:
            place = Place(str(path), element.sourceline or 1)
            raise EditionError([TOO_DEEP.at(place, f"there are more than {_MOST:,} elements", hint="split it")])
        if depth > _DEEPEST:
            place = Place(str(path), element.sourceline or 1)
            raise EditionError([TOO_DEEP.at(place, f"elements stand more than {_DEEPEST} deep in one another")])
