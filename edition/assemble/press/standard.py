"""What a PDF/X-4 file says of itself (ISO 15930-7, 6): the printing condition, its standard, its dates and ids."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from edition.assemble.attachments import SOME_YEAR
from edition.assemble.metadata import EXTENSION, PACKET, PDF, PDFA, PDFUA, RDF, XMP, year_of
from edition.assemble.press.profiles import Profile

STANDARD = "PDF/X-4"
PDFX = "http://www.npes.org/pdfx/ns/id/"
XMPMM = "http://ns.adobe.com/xap/1.0/mm/"
OF_THE_ARCHIVE = (PDFA, PDFUA, EXTENSION)
"""Namespaces of what an archive file says and a print file must not."""

ElementTree.register_namespace("pdfxid", PDFX)
ElementTree.register_namespace("xmpMM", XMPMM)


def declare_standard(pdf: pikepdf.Pdf, profile: Profile, year: str) -> None:
    """Write the output intent and the metadata. Dates are the first day of the edition's year."""
    stream = pdf.make_stream(profile.content, N=4)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("Custom"),
        Info=String(profile.name),
        OutputCondition=String(profile.name),
        DestOutputProfile=stream,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    day = year_of(year) or SOME_YEAR
    info = pdf.trailer.Info
    info.Trapped = Name("/False")
    info.CreationDate = info.ModDate = String(f"D:{day}0101000000Z")
    packet = bytes(pdf.Root.Metadata.read_bytes())
    root = ElementTree.fromstring(packet[packet.index(b"<x:xmpmeta") : packet.rindex(b"<?xpacket")])
    about = root.find(f"{{{RDF}}}RDF/{{{RDF}}}Description")
    assert about is not None, "the archive file has its own metadata"
    for element in list(about):
        if element.tag[1:].partition("}")[0] in OF_THE_ARCHIVE:
            about.remove(element)
    _add(about, PDFX, "GTS_PDFXVersion", STANDARD)
    _add(about, PDF, "Trapped", "False")
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        _add(about, XMP, name, f"{day}-01-01T00:00:00Z")
    _add(about, XMPMM, "DocumentID", f"uuid:{uuid5(NAMESPACE_URL, packet.hex())}")
    _add(about, XMPMM, "RenditionClass", "default")
    _add(about, XMPMM, "VersionID", "1")
    written = PACKET.format(ElementTree.tostring(root, encoding="unicode"))
    pdf.Root.Metadata = pdf.make_indirect(
        Stream(pdf, written.encode(), Dictionary(Type=Name.Metadata, Subtype=Name.XML))
    )


def _add(about: Element, namespace: str, name: str, text: str) -> None:
    SubElement(about, f"{{{namespace}}}{name}").text = text
