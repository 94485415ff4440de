"""What a PDF says of itself: title, editors, language, year; PDF/A and PDF/UA. In XMP and the old dictionary.

Both say the same. There is no date of creation: the same edition is the
same file, whenever it is built. Knows the edition's own scalars only.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from edition import __version__
from edition.assemble.syntax import Value
from edition.model import Edition

PRODUCER = f"Edition {__version__}"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
PDF = "http://ns.adobe.com/pdf/1.3/"
PDFA = "http://www.aiim.org/pdfa/ns/id/"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
PREFIXES = {
    "rdf": RDF, "dc": DC, "xmp": XMP, "pdf": PDF, "pdfaid": PDFA, "pdfuaid": PDFUA,
    "pdfaExtension": EXTENSION, "pdfaSchema": SCHEMA, "pdfaProperty": PROPERTY,
}  # fmt: skip

PACKET = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{}\n<?xpacket end="r"?>'
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
UNDETERMINED = "und"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def language_of(edition: Edition) -> str:
    return edition.language if LANGUAGE.fullmatch(edition.language) else UNDETERMINED


def information(edition: Edition) -> dict[str, Value]:
    """What the file says of the edition in the old way."""
    entries = {
        "Title": full_title(edition),
        "Author": "; ".join(edition.editors),
        "Subject": edition.subtitle,
        "Creator": PRODUCER,
        "Producer": PRODUCER,
    }
    return {key: _clean(text) for key, text in entries.items() if text}


def packet(edition: Edition) -> bytes:
    """What it says in XMP."""
    return PACKET.format(ElementTree.tostring(_xmp(edition, language_of(edition)), encoding="unicode")).encode()


def full_title(edition: Edition) -> str:
    """The title as one cites it, with the volume."""
    return ", ".join(filter(None, (edition.title, edition.volume))) or edition.id or "Untitled"


def year_of(text: str) -> str:
    """The year in what an edition gives as its year, `1958` of `c. 1958`; empty if there is none."""
    found = re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", text)
    return found[0] if found else ""


def _xmp(edition: Edition, language: str) -> Element:
    root = Element("{adobe:ns:meta/}xmpmeta")
    rdf = SubElement(root, f"{{{RDF}}}RDF")
    about = SubElement(rdf, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    _text(about, PDFA, "part", "3")
    _text(about, PDFA, "conformance", "A")
    _text(about, PDFUA, "part", "1")
    _text(about, PDF, "Producer", PRODUCER)
    _text(about, XMP, "CreatorTool", PRODUCER)
    _values(about, "title", "Alt", [full_title(edition)])
    _values(about, "creator", "Seq", list(edition.editors))
    _values(about, "description", "Alt", [edition.subtitle])
    _values(about, "publisher", "Bag", [edition.publisher])
    _values(about, "date", "Seq", [year_of(edition.year)])
    _values(about, "language", "Bag", [language])
    _text(about, DC, "identifier", edition.id)
    _text(about, DC, "format", "application/pdf")
    _declare_pdfua(about)
    return root


def _text(about: Element, namespace: str, name: str, text: str) -> None:
    if text:
        SubElement(about, f"{{{namespace}}}{name}").text = _clean(text)


def _values(about: Element, name: str, kind: str, values: list[str]) -> None:
    """A property of Dublin Core with its values in an RDF container; an Alt is by language."""
    values = [value for value in values if value]
    if not values:
        return
    container = SubElement(SubElement(about, f"{{{DC}}}{name}"), f"{{{RDF}}}{kind}")
    for value in values:
        member = SubElement(container, f"{{{RDF}}}li", {f"{{{XML}}}lang": "x-default"} if kind == "Alt" else {})
        member.text = _clean(value)


def _declare_pdfua(about: Element) -> None:
    """PDF/A knows no `pdfuaid`: a property outside its list must be declared in the file (6.6.2.3.3)."""
    schemas = SubElement(SubElement(about, f"{{{EXTENSION}}}schemas"), f"{{{RDF}}}Bag")
    schema = SubElement(schemas, f"{{{RDF}}}li", {f"{{{RDF}}}parseType": "Resource"})
    _text(schema, SCHEMA, "schema", "PDF/UA identification schema")
    _text(schema, SCHEMA, "namespaceURI", PDFUA)
    _text(schema, SCHEMA, "prefix", "pdfuaid")
    properties = SubElement(SubElement(schema, f"{{{SCHEMA}}}property"), f"{{{RDF}}}Seq")
    part = SubElement(properties, f"{{{RDF}}}li", {f"{{{RDF}}}parseType": "Resource"})
    _text(part, PROPERTY, "name", "part")
    _text(part, PROPERTY, "valueType", "Integer")
    _text(part, PROPERTY, "category", "internal")
    _text(part, PROPERTY, "description", "the part of ISO 14289 that the file conforms to")


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


ElementTree.register_namespace("x", "adobe:ns:meta/")
for _prefix, _namespace in PREFIXES.items():
    ElementTree.register_namespace(_prefix, _namespace)
