"""Reads raw texts into documents, all of them in one go, as their notes may be numbered through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from edition.findings import Finding, Severity, declare
from edition.importers.plain_text import calls as glued
from edition.importers.plain_text.inlines import Call, inlines, page_break
from edition.importers.plain_text.layout import PAGE_MARK, Layout, ListedNote, Unit, lay_out
from edition.model import Block, Container, Document, Inline, Note, OriginalPage, Paragraph, Reference
from edition.numerals import counted
from edition.source import Source

INFERRED = declare(
    "I001",
    Severity.INFO,
    """A part of the document was inferred.

    Raw text does not say what is a source note, a title, a dateline, a salute, a closer or a signature, nor
    on which original page a document begins. The importer goes by how a line looks and where it stands.
    Compare it with the source and correct the imported file.
    """,
)
CALLS_FOUND = declare(
    "I002",
    Severity.INFO,
    """Calls of notes were found in the text.

    The digits glued to words were read as calls, because they count on as notes do and no other reading comes
    near. The report gives the cost of this reading and how much worse the next one is.
    """,
)
CALLS_IN_DOUBT = declare(
    "I003",
    Severity.WARNING,
    """The calls of notes are in doubt.

    No run of numbers in the text is clearly that of the notes, so nothing was changed there: the digits still
    stand in the text, and the notes are kept as `unplaced-1`, `unplaced-2`, …. Find each call in the text,
    take its digits out, put `[^12]` there and give the note that label.
    """,
)
LIST_IS_TEXT = declare(
    "I004",
    Severity.WARNING,
    """A numbered list at the end was left as text.

    It might be the list of notes, but it is not indented and no calls for so many notes were found. If it is
    the list of notes, indent it and import the text again.
    """,
)
NO_TITLE = declare(
    "I005",
    Severity.WARNING,
    """No title was found.

    The first line after the source note does not look like one: it is long, or it ends as a sentence does.
    Write `title:` into the front matter of the imported file.
    """,
)
EMPTY = declare(
    "I006",
    Severity.ERROR,
    """A text is empty.

    There is nothing to import but white space.
    """,
)
LINKED = declare(
    "I007",
    Severity.INFO,
    """A reference to a page became a link.

    `p. 400` in a note was read as page 400 of the same printed source, because no other work is named before
    it.
    """,
)


@dataclass(frozen=True)
class Imported:
    """What came in: the documents in the order of their sources, and the report of what was inferred."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


def read(sources: Sequence[Source], *, ids: Sequence[str] = (), last_number: int | None = None) -> Imported:
    """Make a document of each raw text.

    The texts are taken in their order, as notes may be numbered on from one to the next; `last_number` is
    that of the last note before them, where known. `ids` are the documents' ids; where there are none a
    file's name gives it if it can (`d441.txt`, `441.txt`), otherwise the document's turn does: `d1`, `d2`, …
    """
    named = list(zip(sources, _ids(sources, ids), strict=True))
    texts = [(source, name) for source, name in named if source.text.strip()]
    findings = [EMPTY.at(source.place(0), "the text is empty") for source, _ in named if not source.text.strip()]
    layouts = [lay_out(source.text) for source, _ in texts]
    questions = [_question(source, layout) for (source, _), layout in zip(texts, layouts, strict=True)]
    choices = glued.choose(questions, last_number)
    documents = []
    for (source, name), layout, choice in zip(texts, layouts, choices, strict=True):
        reader = _Reader(source, layout, choice)
        documents.append(reader.document(name))
        findings += sorted(reader.findings, key=lambda finding: finding.place or source.place(0))
    return Imported(tuple(documents), tuple(findings))


def _ids(sources: Sequence[Source], ids: Sequence[str]) -> Iterator[str]:
    given: set[str] = set(ids)
    for turn, source in enumerate(sources):
        if turn < len(ids):
            yield ids[turn]
            continue
        stem = PurePath(source.path).stem
        wanted = f"d{int(stem)}" if re.fullmatch(r"[0-9]{1,6}", stem) else stem
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,40}", wanted) or wanted in given:
            number = turn + 1
            while (wanted := f"d{number}") in given:
                number += 1
        given.add(wanted)
        yield wanted


def _question(source: Source, layout: Layout) -> glued.Question:
    if not layout.notes or not layout.units:
        return glued.Question(0, ())
    head = [unit.lines.end for unit in layout.units if unit.kind == "source-note"]
    found = list(
        glued.candidates(
            source.text,
            layout.units[0].lines.start,
            layout.units[-1].lines.end,
            head_end=max(head, default=0),
        )
    )
    runs = glued.find_runs(found, len(layout.notes), layout.own_marks)
    return glued.Question(len(layout.notes), runs)


@dataclass
class _Reader:
    """Makes the document of one source and collects the report."""

    source: Source
    layout: Layout
    choice: glued.Choice
    findings: list[Finding] = field(default_factory=list)
    _calls: list[Call] = field(default_factory=list)

    def document(self, name: str) -> Document:
        labels = self._settle_notes()
        units = {kind: self._units(kind) for kind in ("source-note", "title")}
        blocks = tuple(self._block(unit) for unit in self.layout.units if unit.kind not in units)
        notes = tuple(
            self._note(note, label, mark) for note, (label, mark) in zip(self.layout.notes, labels, strict=True)
        )
        self._report_parts()
        return Document(
            id=name,
            title=self._head(units["title"]),
            blocks=blocks,
            notes=notes,
            source_note=self._head(units["source-note"]),
            start_page=self._start_page(),
            at=self.source.place(0),
        )

    def _units(self, kind: str) -> list[Unit]:
        return [unit for unit in self.layout.units if unit.kind == kind]

    # Notes

    def _settle_notes(self) -> list[tuple[str, str]]:
        """The label and mark of each note; fixes what is a call and whether the list is one of notes."""
        run, notes = self.choice.run, self.layout.notes
        if not notes:
            return []
        if run is not None and self.choice.sure:
            labels = _labels([call.mark for call in run.calls])
            self._calls = [
                (call.offset, call.end, label) for call, (label, _) in zip(run.calls, labels, strict=True)
            ]
            self._report_calls(run)
            return labels
        if not self.layout.certain:
            place = self.source.place(notes[0].start)
            self.findings.append(LIST_IS_TEXT.at(place, f"{_some(len(notes), 'list item')} left as text"))
            self.layout = lay_out(self.source.text, note_list=False)
            return []
        self._report_doubt()
        return [(f"unplaced-{turn}", note.mark) for turn, note in enumerate(notes, start=1)]

    def _report_calls(self, run: glued.Run) -> None:
        by_far = f"the next best reading costs {self.choice.margin:.1f} more"
        if self.choice.runner_up is not None:
            by_far += f" ({_written(self.source, self.choice.runner_up)})"
        elif self.choice.margin == float("inf"):
            by_far = "there is no other reading"
        for call in run.calls:
            message = f"call {call.mark} found {call.reason}: `{_around(self.source, call)}`"
            hint = f"the run {run.calls[0].mark} to {run.calls[-1].mark} costs {run.cost:.1f}, {by_far}"
            self.findings.append(CALLS_FOUND.at(self.source.place(call.offset), message, hint=hint))

    def _report_doubt(self) -> None:
        notes = self.layout.notes
        message = f"{_some(len(notes), 'note')} kept without calls, and no digit changed"
        readings = [run for run in (self.choice.run, self.choice.runner_up) if run is not None]
        hint = "; ".join(f"it may be {_written(self.source, run)}, cost {run.cost:.1f}" for run in readings)
        place = self.source.place(notes[0].start)
        self.findings.append(CALLS_IN_DOUBT.at(place, message, hint=hint or "no digits count on as calls do"))

    def _note(self, listed: ListedNote, label: str, mark: str) -> Note:
        blocks = []
        for lines in listed.paragraphs:
            content = inlines(self.source, lines, references=True)
            for inline in content:
                if isinstance(inline, Reference):
                    self.findings.append(LINKED.at(inline.at, f"link to `{inline.target}`"))
            blocks.append(Paragraph(content, at=self.source.place(lines.start)))
        return Note(label, tuple(blocks), mark if mark != label else "", self.source.place(listed.start))

    # Text

    def _block(self, unit: Unit) -> Block:
        at = self.source.place(unit.lines.start)
        match unit.kind:
            case "page-break":
                found = PAGE_MARK.match(self.source.text, unit.lines.start)
                assert found
                return page_break(self.source, found)
            case "dateline" | "salute" | "closer" | "signed":
                return Container(unit.kind, (self._paragraph(unit),), at=at)
            case _:
                return self._paragraph(unit)

    def _paragraph(self, unit: Unit) -> Paragraph:
        content = inlines(self.source, unit.lines, calls=self._calls, verse=unit.verse)
        return Paragraph(content, at=self.source.place(unit.lines.start))

    def _head(self, units: Sequence[Unit]) -> tuple[Inline, ...]:
        return inlines(self.source, units[0].lines, calls=self._calls) if units else ()

    def _start_page(self) -> OriginalPage | None:
        """The page before the first page break, or its own page where it stands before the first word."""
        found = PAGE_MARK.search(self.source.text, self.layout.units[0].lines.start, self._end_of_text())
        first = page_break(self.source, found).page if found else None
        number = counted(first.number) if first else None
        if not found or not first or not number:
            return None
        at_top = found.start() == self.layout.units[0].lines.start
        if number.value < 2 and not at_top:
            return None
        start = first if at_top else OriginalPage(number.before.written)
        place = self.source.place(found.start())
        self.findings.append(INFERRED.at(place, f"start page {start} inferred from the page break {first}"))
        return start

    def _end_of_text(self) -> int:
        return self.layout.units[-1].lines.end

    def _report_parts(self) -> None:
        for unit in self.layout.units:
            if unit.kind not in ("paragraph", "page-break"):
                place = self.source.place(unit.lines.start)
                words = _short(self.source.text[unit.lines.start : unit.lines.end])
                self.findings.append(INFERRED.at(place, f"{_NAMES[unit.kind]} inferred: `{words}`"))
        if not self._units("title"):
            self.findings.append(NO_TITLE.at(self.source.place(0), "no title found"))


_NAMES = {
    "source-note": "source note, from the form of a file number or a bracketed remark,",
    "title": "title, from its place,",
    "dateline": "dateline, from a place and date,",
    "salute": "salute",
    "closer": "closer",
    "signed": "signature, from the form of a name at the end,",
}


def _labels(marks: Sequence[str]) -> list[tuple[str, str]]:
    """A label for each mark; marks that repeat get labels that differ."""
    seen: Counter[str] = Counter()
    labels = []
    for mark in marks:
        seen[mark] += 1
        labels.append((mark if seen[mark] == 1 else f"{mark}-{seen[mark]}", mark))
    return labels


def _written(source: Source, run: glued.Run) -> str:
    """A reading in words: its first few calls with what is around them."""
    shown = ", ".join(f"`{_around(source, call)}`" for call in run.calls[:3])
    return shown if len(run.calls) < 4 else f"{shown}, …"


def _around(source: Source, call: glued.Candidate) -> str:
    before = re.sub(r"\s+", " ", source.text[max(0, call.offset - 12) : call.offset])
    return f"{before.lstrip()}[^{call.mark}]"


def _short(text: str) -> str:
    words = re.sub(r"\s+", " ", text)
    return words if len(words) <= 60 else f"{words[:59]}…"


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
