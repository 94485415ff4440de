"""Running text: what stands in a paragraph, a head or a cell, as inlines in the model's normal form.

White space becomes single spaces, and none stands beside a line break or at the edge of italics: an editor
would have typed it so. Knows no blocks; of a note only where it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.elements import (
    RENDERINGS,
    SPACE,
    XML,
    Piece,
    has_words,
    id_of,
    index_entries,
    kind_of,
    name_of,
    pieces,
    plain,
    renderings_of,
    role_of,
    words_of,
)
from edition.importers.tei.notes import prints_call
from edition.importers.tei.reading import Report
from edition.importers.tei.references import Targets
from edition.importers.tei.survey import LANGUAGE_TAG, Survey
from edition.importers.tei.tidy import add_line, tidy
from edition.model import (
    SPAN_KINDS,
    Emphasis,
    Image,
    Inline,
    LineBreak,
    NoteCall,
    Reference,
    Span,
    SpanKind,
    Strong,
    Text,
)

RENDERING = declare(
    "I109",
    Severity.WARNING,
    """A rendering is not known.

    docs/tei.md lists the words of `rend` that become something. The text stays as it is, without the look.
    """,
)
NO_PICTURE = declare(
    "I110",
    Severity.WARNING,
    """A picture is missing.

    The file names a picture that does not lie in its folder, so the edition shows none; head and description
    of the figure are kept as text. Put the picture there under that name and import again, or add it to the
    document: `![What it shows](plates/map.png)`.
    """,
)


@dataclass
class RunningText:
    """Makes inlines of pieces of the file."""

    survey: Survey
    targets: Targets
    has_picture: Callable[[str], bool]
    language: str = ""

    @property
    def report(self) -> Report:
        return self.survey.report

    def read(self, run: Iterable[Piece]) -> tuple[Inline, ...]:
        """A whole block's inlines."""
        return self.tidy(self.inlines(run))

    def tidy(self, inlines: Iterable[Inline]) -> tuple[Inline, ...]:
        """Inlines in the normal form, words parted at page breaks."""
        return tidy(inlines, self.survey.glued)

    def inlines(self, run: Iterable[Piece]) -> list[Inline]:
        """The inlines as they stand, white space at their edges included."""
        made: list[Inline] = []
        before: Piece = ""
        space: list[Inline] = []
        # From a raised sign to the note that it calls: it comes after the call.
        for piece in run:
            if isinstance(piece, str):
                written = Text(SPACE.sub(" ", piece))
                is_call = not isinstance(before, str) and prints_call(before)
                (space if is_call else made).append(written)
            elif role_of(piece) == "piece-line":
                add_line(made, self._within(piece))
            else:
                made += [*self._element(piece), *space]
                space = []
            before = piece
        return made

    def _within(self, element: etree._Element) -> list[Inline]:
        return self._foreign(element, self.inlines(pieces(element)))

    def _element(self, element: etree._Element) -> list[Inline]:
        if self.survey.notes.is_call(element):
            return self._call(element)
        if element in self.survey.notes.elsewhere or prints_call(element):
            return []
        match role_of(element):
            case "page-break":
                return [self.survey.breaks[element]]
            case "line-break":
                return [] if element.get("break") == "no" else [LineBreak()]
            case "rendered":
                return self._rendered(element)
            case "span":
                return self._span(element)
            case "named":
                return self._named(element)
            case "reference":
                return self._reference(element)
            case "gap":
                return self._gap(element)
            case "graphic":
                return self.picture(element, "")
            case "choice":
                return self._choice(element)
            case "index":
                passage = (("passage", "begin"),) if element in self.survey.passages else ()
                return [Span("index", (), (("entry", e), *passage)) for e in index_entries(element)]
            case "mark":
                ends = self.survey.ends.get(element, ())
                made = [Span("index", (), (("entry", e), ("passage", "end"))) for e in ends]
                return [*made, *self._within(element)]
            case "furniture":
                return []
            case "note":  # a source note, printed where it stands
                return [Text(" "), *self._within(element), Text(" ")]
            case None:
                self.report.unknown(element)
        return self._within(element)

    # Elements

    def _call(self, element: etree._Element) -> list[Inline]:
        return [NoteCall(self.survey.notes.calls[element].label, self.report.place(element))]

    def _rendered(self, element: etree._Element) -> list[Inline]:
        inner = self._within(element)
        words = renderings_of(element)
        if name_of(element) == "seg":
            words = [*words, *words_of(element, "type")] if "margin" in words_of(element, "type") else words
        for word in reversed(words):
            if word not in RENDERINGS:
                self.report.count(RENDERING, element, f"the rendering `{word[:40]}` is not known")
                continue
            inner = _wrapped(RENDERINGS[word], inner)
        return inner

    def _span(self, element: etree._Element) -> list[Inline]:
        kind = kind_of(element)
        inner = self.inlines(pieces(element))
        if kind == "foreign":
            return self._foreign(element, inner) if self.language_of(element) else [Emphasis(tuple(inner))]
        if kind == "unclear" and element.get("reason"):
            return [Span("unclear", tuple(inner), (("reason", SPACE.sub(" ", element.get("reason") or "")),))]
        return _wrapped(kind, self._foreign(element, inner))

    def _named(self, element: etree._Element) -> list[Inline]:
        """A name that refers to someone is a span; one that refers to nobody is text."""
        inner = self._within(element)
        refer = next((element.get(name) for name in ("corresp", "ref", "key") if element.get(name)), "")
        ref = str(refer).split()[0].removeprefix("#") if refer and str(refer).strip() else ""
        if not ref or not re.fullmatch(r"[\w.:/#-]+", ref) or id_of(element):
            return inner
        return [Span(_span_kind(kind_of(element)), tuple(inner), (("ref", ref),))]

    def _reference(self, element: etree._Element) -> list[Inline]:
        """A reference; in another one, where none can stand, its words."""
        written = str(element.get("target") or "")
        inside = any(role_of(outer) == "reference" for outer in element.iterancestors())
        target = "" if inside else self.targets.bind(written, element)
        inner = self._within(element)
        if not target:
            return inner
        if not plain(element):
            return (
                [*inner, Reference(target, (Text(target.removeprefix("#")),))]
                if name_of(element) == "ptr"
                else inner
            )
        return [Reference(target, tuple(inner), self.report.place(element))]

    def _gap(self, element: etree._Element) -> list[Inline]:
        reason = SPACE.sub(" ", str(element.get("reason") or "")).strip()
        attributes = (("reason", reason),) if reason else ()
        inner = self._within(element)
        return [Span("gap", tuple(inner) if has_words([element]) else (Text("…"),), attributes)]

    def _choice(self, element: etree._Element) -> list[Inline]:
        """The first reading, and the others after it as supplied; notes are called after them."""
        made: list[Inline] = []
        first = True
        for reading in (child for child in element if isinstance(child.tag, str)):
            read = self._element(reading)
            if role_of(reading) == "note" or not plain(reading):
                made += read
            else:
                made += read if first else [Text(" "), Span("supplied", tuple(read))]
                first = False
        return made

    def picture(self, element: etree._Element, alternative: str) -> list[Inline]:
        """A `graphic`, where its file is there."""
        url = str(element.get("url") or "").strip()
        if url and self.has_picture(url):
            return [Image(url, alternative, self.report.place(element))]
        hint = "put it beside the TEI file and import again"
        self.report.add(NO_PICTURE, element, f"picture `{url[:80]}` is missing", hint=hint)
        return self._within(element)

    # Languages

    def _foreign(self, element: etree._Element, inner: list[Inline]) -> list[Inline]:
        """The inlines marked with the language that the element says they are in."""
        language = self.language_of(element)
        if not language or not plain(element):
            return inner
        return [Span("foreign", tuple(inner), (("lang", language),))]

    def language_of(self, element: etree._Element) -> str:
        """The language that an element says it is in; empty where that is the volume's."""
        language = str(element.get(f"{XML}lang") or "")
        return language if LANGUAGE_TAG.fullmatch(language) and language != self.language else ""

    def in_language(self, element: etree._Element, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """A block's inlines marked with the language of its element."""
        return self.tidy(self._foreign(element, list(inlines)))


def _span_kind(kind: str) -> SpanKind:
    return next(known for known in SPAN_KINDS if known == kind)


def _wrapped(kind: str, inner: Sequence[Inline]) -> list[Inline]:
    if kind == "i":
        return [Emphasis(tuple(inner))]
    if kind == "b":
        return [Strong(tuple(inner))]
    return [Span(_span_kind(kind), tuple(inner))] if kind else list(inner)
