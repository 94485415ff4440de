"""The streams of a TEI file, by a reader that shares nothing with the importer. Knows no edition."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from edition.importers.tei.streams import BreakAt, NoteText, Streams, normal

_APART = frozenset(
    """text front body back group div div0 div1 div2 div3 div4 div5 div6 div7 attachment floatingText titlePage
    docTitle titlePart docImprint docEdition imprimatur byline p ab head list item label table row cell opener
    closer dateline salute signed postscript trailer epigraph argument lg l address addrLine pb figure figDesc
    blockquote listBibl listPerson listPlace listOrg listEvent person org castList castGroup castItem sp speaker
    performance set salutation listApp listWit witness""".split()  # noqa: SIM905
)


_STRUCTURAL = frozenset(
    """text front body back group div div0 div1 div2 div3 div4 div5 div6 div7 attachment floatingText titlePage
    docTitle opener epigraph argument cit listBibl listPerson listPlace listOrg listEvent person org castList
    castGroup sp performance set listApp listWit""".split()  # noqa: SIM905
)
"""Elements in which blocks stand and no sentences."""


_MARKS = ("anchor", "milestone", "cb", "gb", "space", "handShift")
"""Elements that say nothing in print."""


def streams_of_tei(path: Path) -> Streams:
    """The streams of the `text` of a TEI file, which was imported and so can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)
    streams = Streams()
    root = etree.parse(str(path), parser).getroot()
    reader = _Reader(streams, root)
    if etree.QName(root).localname == "teiCorpus":
        reader.read_corpus(root)
    else:
        text = root if etree.QName(root).localname == "text" else root.find("{*}text")
        assert text is not None
        reader.read(text)
    return streams


class _Reader:
    """Walks the file in its own order. Text in a note goes to the note, elsewhere to the body."""

    def __init__(self, streams: Streams, root: etree._Element) -> None:
        self.streams = streams
        self.elsewhere = _notes_elsewhere(root)
        """Notes that references call, by their ids."""
        self.passages = _passages(root)
        """The ids of anchors where passages of the index end, and their headings."""
        self.notes: list[list[str]] = []
        self.line = 1

    def read_corpus(self, corpus: etree._Element) -> None:
        """Each file of a corpus: the title in its header, then its text."""
        for child in corpus:
            if isinstance(child.tag, str) and etree.QName(child).localname == "teiCorpus":
                self.read_corpus(child)
            elif isinstance(child.tag, str) and (text := child.find("{*}text")) is not None:
                self.line = _line(child)
                start = self.streams.offset
                titles = child.iterfind("{*}teiHeader/{*}fileDesc/{*}titleStmt/{*}title")
                self._text(f" {next((words for title in titles if (words := normal(_said(title)))), '')} ")
                self.streams.heads.append((start, self.streams.offset))
                self.read(text)

    def read(self, element: etree._Element) -> None:
        tag = etree.QName(element).localname
        self.line = _line(element) or self.line
        if tag == "note" and self.elsewhere.get(_id(element)) is element:
            return None
        called = self.elsewhere.get(_target(element)) if tag in ("ref", "ptr") else None
        if called is not None and _prints_mark(element, called):
            return self._note(called, _bare(element))
        if tag in ("choice", "app"):
            return self._readings(element)
        if tag == "index":
            return self._entries(element)
        if tag in _MARKS and _id(element) in self.passages:
            self._add_entries(self.passages[_id(element)], "end")
            self.passages[_id(element)] = []  # an id that stands twice ends the passage once
        if tag == "note" and not _printed_in_place(element):
            return self._note(element)
        if tag == "pb":
            number = " ".join((element.get("n") or "").split())
            bare = " ".join(re.sub(r"[\[\]]", " ", number).split())
            shown = number if bare and number == bare else f"[{bare}]"
            self.streams.breaks.append(BreakAt(shown, _facs(element), self.streams.offset, self.line))
        if tag == "fw" or (tag == "cell" and _is_brace(element)) or (tag == "hi" and _is_printed_call(element)):
            return None
        if tag == "gap" and not _said(element).strip() and next(element.iter("{*}note"), None) is None:
            return self._text("…")  # nothing says what is missing: a sign does
        apart = tag in _APART or tag == "note" or _is_apart_here(tag, element)
        start = self.streams.offset
        self._text(" " if apart else "")
        self._content(element)
        self._text(" " if apart else "")
        if tag == "head" or (tag == "note" and _heads_division(element)):
            self.streams.heads.append((start, self.streams.offset))
        return None

    def _content(self, element: etree._Element) -> None:
        self._text(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.read(child)
            else:  # a comment, an instruction
                self.line = (_line(child) or self.line) + (child.text or "").count("\n")
            self._text(child.tail or "")

    def _entries(self, index: etree._Element) -> None:
        covers = (index.get("spanTo") or "").removeprefix("#") in self.passages
        self._add_entries(_headings(index), "begin" if covers else "")

    def _add_entries(self, headings: Iterable[str], passage: str) -> None:
        self.streams.entries += [NoteText(passage, words, self.streams.offset, self.line) for words in headings]

    def _readings(self, element: etree._Element) -> None:
        """Readings, a space between one and the next; white space around them says nothing."""
        self._text((element.text or "").strip())
        before = False
        for child in element:
            if isinstance(child.tag, str):
                is_reading = etree.QName(child).localname != "note" and bool(_said(child).strip())
                self._text(" " if before and is_reading else "")
                self.read(child)
                before = before or is_reading
            self._text((child.tail or "").strip())

    def _text(self, text: str) -> None:
        if self.notes:
            self.notes[-1].append(text)
        elif text:
            self.streams.write(text, self.line)
        self.line += text.count("\n")

    def _note(self, element: etree._Element, mark: str = "") -> None:
        """A note where it is called; `mark` is that of a reference to it."""
        turn, line, offset = len(self.streams.notes), self.line, self.streams.offset
        mark = " ".join((element.get("n") or "").split()) or mark
        self.streams.notes.append(NoteText(mark, "", offset, line))
        self.notes.append([])
        self._content(element)
        self.streams.notes[turn] = NoteText(mark, normal("".join(self.notes.pop())), offset, line)


def _notes_elsewhere(text: etree._Element) -> dict[str, etree._Element]:
    """The notes that stand apart, as in a list of end notes, and that a reference calls; by their ids."""
    apart = {
        _id(note): note
        for note in text.iter("{*}note")
        if _id(note)
        and "inline" not in _words(note, "rend")
        and ("source" not in _words(note, "type") or note.get("n"))
        and etree.QName(note.getparent()).localname in (*_STRUCTURAL, "item", "list", "noteGrp")
    }
    return {
        _target(reference): apart[_target(reference)]
        for reference in text.iter("{*}ref", "{*}ptr")
        if _target(reference) in apart and _prints_mark(reference, apart[_target(reference)])
    }


def _passages(root: etree._Element) -> dict[str, list[str]]:
    anchors = {_id(mark) for mark in root.iter(*(f"{{*}}{name}" for name in _MARKS))} - {""}
    ends: dict[str, list[str]] = {}
    for index in root.iter("{*}index"):
        end = (index.get("spanTo") or "").removeprefix("#")
        if end in anchors:
            ends.setdefault(end, []).extend(_headings(index))
    return ends


def _headings(index: etree._Element) -> list[str]:
    """Each heading that an `index` names, under those that stand around it: `Lamps > oil`."""
    words = [normal(_said(child)) for child in index.findall("{*}term")]
    own = " ".join(filter(None, words)) or ("" if words else normal(_said(index)))
    under = [heading for child in index.findall("{*}index") for heading in _headings(child)]
    return [f"{own} > {heading}" if own else heading for heading in under] if under else [own] if own else []


def _said(element: etree._Element) -> str:
    """The words of an element, without those of notes and of entries in it."""
    inner = ("" if _silent(child) else _said(child) for child in element)
    tails = (child.tail or "" for child in element)
    return (element.text or "") + "".join(a + b for a, b in zip(inner, tails, strict=True))


def _silent(element: etree._Element) -> bool:
    return not isinstance(element.tag, str) or etree.QName(element).localname in ("index", "note")


def _prints_mark(reference: etree._Element, note: etree._Element) -> bool:
    """Whether the words of a reference are nothing but the mark of the note that it leads to."""
    if next(reference.iter("{*}pb", "{*}note", "{*}graphic"), None) is not None:
        return False
    words, mark = _bare(reference), " ".join((note.get("n") or "").split())
    sign = re.fullmatch(r"\d{1,4}[a-z]?|[A-Za-z]|[^\w\s]{1,4}", words)
    return words in ("", mark.strip("()[]. ")) or (not mark and sign is not None)


def _is_printed_call(raised: etree._Element) -> bool:
    """Whether a raised sign is printed for the note after it, whose mark it is."""
    note = raised.getnext()
    look = {*_words(raised, "rend"), *_words(raised, "rendition")}
    if note is None or not isinstance(note.tag, str) or etree.QName(note).localname != "note":
        return False
    if _printed_in_place(note):
        return False
    is_raised = any(word.rpartition("#")[2].rpartition(":")[2] in ("superscript", "sup", "super") for word in look)
    mark = " ".join((note.get("n") or "").split())
    return is_raised and bool(mark) and not (raised.tail or "").strip() and normal(_said(raised)).strip() == mark


def _bare(reference: etree._Element) -> str:
    return normal(_said(reference)).strip("()[]. ")


def _target(reference: etree._Element) -> str:
    target = reference.get("target") or ""
    return target[1:] if target.startswith("#") else ""


def _id(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}id") or element.get("id") or ""


def _words(element: etree._Element, attribute: str) -> list[str]:
    return (element.get(attribute) or "").lower().split()


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _facs(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", element.get("facs") or "")


def _printed_in_place(note: etree._Element) -> bool:
    if "inline" in _words(note, "rend"):
        return True
    parent = note.getparent()
    among_blocks = parent is not None and etree.QName(parent).localname in _STRUCTURAL
    return not (note.get("n") or "").strip() and ("source" in _words(note, "type") or among_blocks)


def _heads_division(note: etree._Element) -> bool:
    parent = note.getparent()
    return parent is not None and parent.get("type") != "document" and etree.QName(parent).localname == "div"


def _is_brace(cell: etree._Element) -> bool:
    spans = cell.get("role") == "brace" or (cell.get("rows") or "1") != "1"
    return spans and "".join(str(text) for text in cell.itertext()).strip() in ("{", "}")


def _is_apart_here(tag: str, element: etree._Element) -> bool:
    """Whether an element that may stand in running text stands apart: block quotes, line breaks."""
    if tag == "lb":
        return element.get("break") != "no"
    if tag in ("quote", "q", "said") and {"blockquote", "block"} & set(_words(element, "rend")):
        return True
    if tag not in ("stage", "bibl", "biblStruct", "biblFull", "cit", "quote", "q", "said"):
        return False
    return not _in_sentence(element) or _holds_blocks(element)


def _in_sentence(element: etree._Element) -> bool:
    """Whether an element stands in running text: not among blocks, unless those are cited in a sentence."""
    parent = element.getparent()
    inside = "" if parent is None else etree.QName(parent).localname
    if parent is not None and inside == "cit":
        return _in_sentence(parent)
    return parent is not None and inside not in _STRUCTURAL


def _holds_blocks(element: etree._Element) -> bool:
    """Whether blocks stand in an element, notes aside."""
    for child in element:
        tag = etree.QName(child).localname if isinstance(child.tag, str) else "note"
        if tag in _APART - {"pb", "addrLine"} or (tag != "lb" and _is_apart_here(tag, child)):
            return True
        if tag not in ("note", "pb", "index") and _holds_blocks(child):
            return True
    return False
