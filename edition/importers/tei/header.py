"""The volume's own words about itself: what the TEI header says, for the fields of an Edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from edition.importers.tei.elements import XML, id_of, plain


@dataclass(frozen=True)
class Header:
    """Title, volume and imprint as the header gives them; all plain text."""

    title: str = ""
    subtitle: str = ""
    volume: str = ""
    editors: tuple[str, ...] = ()
    place: str = ""
    publisher: str = ""
    year: str = ""
    imprint: str = ""
    language: str = ""
    id: str = ""
    series: bool = False
    """Whether it is a volume of Foreign Relations of the United States."""


def read_header(root: etree._Element) -> Header:
    """The header of a TEI document. In the series `title` names series, subseries, volume and its number."""
    title = root.find(".//{*}fileDesc/{*}titleStmt")
    imprint = root.find(".//{*}fileDesc/{*}publicationStmt")
    titles = {str(e.get("type") or ""): plain(e) for e in _found(title, "title") if plain(e)}
    main = titles.get("series") or titles.get("main") or titles.get("complete") or next(iter(titles.values()), "")
    subseries = titles.get("subseries") or titles.get("sub-series") or ""
    if subseries and subseries not in main:
        main = f"{main}, {subseries}"
    people = [plain(e) for name in ("author", "editor") for e in _found(title, name) if plain(e)]
    return Header(
        title=main,
        subtitle=titles.get("volume") or titles.get("sub") or "",
        volume=titles.get("volumenumber") or titles.get("volume-number") or "",
        editors=tuple(dict.fromkeys(people)),
        place=_first(imprint, "pubPlace"),
        publisher=_first(imprint, "publisher"),
        year=_first(imprint, "date"),
        imprint="\n\n".join(_source(root)),
        language=_language(root),
        id=id_of(root),
        series=any(e.get("type") == "frus" and plain(e) for e in _found(imprint, "idno")),
    )


def _source(root: etree._Element) -> Iterator[str]:
    """What the file was made from, and who may use it how."""
    for path in ("sourceDesc", "publicationStmt//{*}availability"):
        found = root.find(f".//{{*}}fileDesc/{{*}}{path}")
        for child in found if found is not None else ():
            if isinstance(child.tag, str) and plain(child):
                yield plain(child)


def _language(root: etree._Element) -> str:
    text = root.find("{*}text")
    for element in (text, root):
        if element is not None and element.get(f"{XML}lang"):
            return str(element.get(f"{XML}lang"))
    return ""


def _found(parent: etree._Element | None, name: str) -> list[etree._Element]:
    return parent.findall(f"{{*}}{name}") if parent is not None else []


def _first(parent: etree._Element | None, name: str) -> str:
    found = parent.find(f".//{{*}}{name}") if parent is not None else None
    return plain(found) if found is not None else ""
