"""What of a file is its text: a `text`, or all those of a `teiCorpus`; and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.elements import has_words, id_of, name_of, pieces, plain
from edition.importers.tei.reading import Report
from edition.importers.tei.survey import Survey

BESIDE = declare(
    "I118",
    Severity.WARNING,
    """Something stands beside the text and is not printed.

    An edition is made of what is in `text`, and of the persons that the header or `standOff` describe. A
    transcription in `sourceDoc`, lists of places and the like are left out.
    """,
)


def text_of(root: etree._Element, report: Report) -> etree._Element | None:
    """The text of a TEI file; of a corpus one text, with a division for each file in it, headed by its title."""
    if name_of(root) == "text":
        return root
    if name_of(root) != "teiCorpus":
        _report_beside(root, report)
        return root.find("{*}text")
    text = _element("text", root)
    body = _element("body", root)
    text.append(body)
    for file in list(_files(root)):
        _report_beside(file, report)
        if (written := file.find("{*}text")) is not None:
            body.append(_division(file, written))
    return text


def _division(file: etree._Element, text: etree._Element) -> etree._Element:
    division, head = _element("div", file), _element("head", file)
    if own := id_of(file):
        division.set("{http://www.w3.org/XML/1998/namespace}id", own)
    titles = file.iterfind("{*}teiHeader/{*}fileDesc/{*}titleStmt/{*}title")
    head.text = next((words for title in titles if (words := plain(title))), "")
    division.extend([head, text] if head.text else [text])
    return division


def _files(corpus: etree._Element) -> Iterator[etree._Element]:
    for child in corpus:
        if isinstance(child.tag, str) and name_of(child) == "teiCorpus":
            yield from _files(child)
        elif isinstance(child.tag, str) and name_of(child).startswith("TEI"):
            yield child


def _element(name: str, like: etree._Element) -> etree._Element:
    """A new element in the namespace and on the line of another one."""
    made = etree.Element(str(like.tag).rpartition("}")[0] + "}" + name if "}" in str(like.tag) else name)
    made.sourceline = like.sourceline
    return made


def _report_beside(file: etree._Element, report: Report) -> None:
    for child in file:
        if isinstance(child.tag, str) and name_of(child) not in ("teiHeader", "text") and has_words(pieces(child)):
            report.count(BESIDE, child, f"`{name_of(child)}` stands beside the text and is not printed")


def find_persons_beside(root: etree._Element, found: Survey) -> None:
    """Add the persons that headers and `standOff` describe to those of the text."""
    known = set(found.holders)
    for person in root.iter("{*}person"):
        if id_of(person) and person not in known:
            found.named.add(id_of(person))
            found.holders.append(person)
