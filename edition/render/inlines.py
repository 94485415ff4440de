"""Running text as HTML: words, spans, references, calls of notes, marks of original pages.

The state of one pass over the edition lives here, as all of it depends on what was said before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from markupsafe import Markup

from edition.model import (
    Emphasis,
    Image,
    Inline,
    LineBreak,
    NoteCall,
    PageBreak,
    Reference,
    Span,
    Strong,
    Text,
)
from edition.render.shape import is_span
from edition.resolved import ResolvedEdition, ResolvedNote, Scope
from edition.walk import mention_anchor

INLINE_TAGS = {"sup": "sup", "sub": "sub", "u": "u", "del": "del", "add": "ins"}
"""Spans that HTML has an element for; the others are `span`."""


def element(tag: str, content: str, **attributes: str) -> Markup:
    """An element around content that is HTML already; empty attributes are left out, `class_` is `class`."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value
    )
    return Markup(f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>")


class InlineRenderer:
    """Renders running text in reading order; it counts enclosures, calls and anchors on its way."""

    def __init__(self, resolved: ResolvedEdition) -> None:
        self.resolved = resolved
        self.edition = resolved.edition
        self.facsimile = self.edition.original_pages == "facsimile"
        self.notes_at_end = self.edition.notes.place == "end"
        self.calls: dict[str, int] = {}
        """How often each note has been called so far."""
        self.placed: set[str] = set()
        """Notes that stand somewhere already, or wait for the end of their document."""
        self.held: list[Markup] | None = None
        """Notes called in the label of an item, while it is rendered: they stand in the text beside it."""
        self.anchors: set[str] = set()
        """Anchors of page breaks and mentions given so far: where a number repeats, the first break keeps it."""
        self.in_front: frozenset[str] = frozenset()
        """Anchors of the front matter, whose folios are roman."""
        self.new_pages = False
        """Whether references print the page that they lead to, too."""
        self.scope: Scope = ""
        self.document_id: str = ""
        self.enclosures = 0
        self.level = 1
        """The level of the innermost head above."""
        self.in_flow = True
        """Whether a facsimile break may break the page here: not in notes, cells and heads."""
        self.end_notes: list[ResolvedNote] = []
        self.original_page: str = ""
        """The original page that the text has reached."""
        self.started: set[str] = set()
        """Documents whose original page has been begun, by themselves or by a division that they open."""
        self.opened: set[str] = set()
        """Documents whose page has been begun, in the same way."""

    def inlines(self, inlines: Iterable[Inline]) -> Markup:
        if self.new_pages:
            return self.with_new_pages(tuple(inlines))
        return Markup("").join([self.inline(inline) for inline in inlines])

    def with_new_pages(self, inlines: tuple[Inline, ...]) -> Markup:
        """Running text whose references print new pages; of two that are a span, the second prints both."""
        rendered = []
        begun: Reference | None = None
        for number, inline in enumerate(inlines):
            if not isinstance(inline, Reference):
                rendered.append(self.inline(inline))
            elif is_span(inlines[number : number + 3]) and begun is None:
                begun = inline
                rendered.append(self.reference(inline))
            else:
                rendered.append(self.reference(inline, since=begun or inline))
                begun = None
        return Markup("").join(rendered)

    def inline(self, inline: Inline) -> Markup:
        match inline:
            case Text(text):
                return Markup(escape(text, quote=False))
            case Emphasis(children):
                return element("em", self.inlines(children))
            case Strong(children):
                return element("strong", self.inlines(children))
            case Span():
                return self.span(inline)
            case LineBreak():
                return Markup("<br/>")
            case Reference():
                return self.reference(inline)
            case NoteCall():
                return self.call(inline)
            case PageBreak():
                return self.page_break(inline)
            case Image():
                return element("img", "", src=inline.path, alt=inline.alternative or "picture")

    def span(self, span: Span) -> Markup:
        tag = INLINE_TAGS.get(span.kind, "span")
        name = "" if tag != "span" else span.kind
        content = self.inlines(span.inlines)
        anchor = mention_anchor(self.document_id, span) if span.kind in self.resolved.mentions else ""
        if anchor in self.anchors:  # the second part of a span that a facsimile break cuts
            anchor = ""
        if anchor:
            self.anchors.add(anchor)
        if anchor and span.kind == "index" and content:
            content += element("span", "", id=f"{anchor}.end")
        return element(tag, content, class_=name, id=anchor, lang=span.get("lang"))

    def reference(self, reference: Reference, since: Reference | None = None) -> Markup:
        """A reference; with `since` it prints the new page, too, or the span from that reference on."""
        content = self.inlines(reference.inlines)
        target = self.resolved.targets.get(reference.target)
        if target is None:
            return content
        if "://" in target:
            return element("a", content, class_="reference", href=target)
        first = self.resolved.targets.get(since.target) if since else None
        if first is None:
            return element("a", content, class_="reference", href=f"#{target}")
        kind = "new-page" if target in self.resolved.page_anchors else "new-page of-document"
        names = f"reference {kind}" + (" in-front" if target in self.in_front else "")
        return element(
            "a", content, class_=names, href=f"#{target}", data_since=f"#{first}" if first != target else ""
        )

    def page_break(self, mark: PageBreak, classes: str = "") -> Markup:
        anchor = mark.anchor if mark.anchor not in self.anchors else mention_anchor(self.document_id, mark)
        self.anchors.add(mark.anchor)
        names = f"page-break {classes}".strip()
        page = mark.page
        self.original_page = str(page)
        return element("span", "", class_=names, id=anchor, data_page=str(page), data_number=page.number)

    def call(self, call: NoteCall) -> Markup:
        note = self.resolved.notes.get((self.scope, call.label))
        if note is None:  # only an edition that no loader has checked: print what is there
            return Markup(escape(f"[^{call.label}]"))
        count = self.calls[note.id] = self.calls.get(note.id, 0) + 1
        link = element("a", escape(note.mark), class_="call", id=f"{note.id}-r{count}", href=f"#{note.id}")
        if note.id in self.placed:
            return link
        if self.notes_at_end:
            self.placed.add(note.id)
            self.end_notes.append(note)
            return link
        held, self.held = self.held, None
        rendered = self.note(note)
        self.held = held
        if held is None:
            return link + rendered
        held.append(rendered)
        return link

    def note(self, note: ResolvedNote) -> Markup:
        """A note, wherever it is called."""
        raise NotImplementedError

    def without_breaks(self, render_content: Callable[[], Markup]) -> Markup:
        """Content in which no facsimile break may break the page."""
        before, self.in_flow = self.in_flow, False
        content = render_content()
        self.in_flow = before
        return content

    def head(self, inlines: tuple[Inline, ...]) -> Markup:
        """Inlines of a head, a label or a caption, which is never broken in two."""
        return self.without_breaks(lambda: self.inlines(inlines))
