"""Hypothesis strategies for whole editions: every construct of the model, nested, with nasty texts.

What they make is in the model's normal form, and sound: calls have notes, ids stand once, spans of tables
form a grid. `editions()` is the entry; the others serve tests of single stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from edition.model import (
    CONTAINER_KINDS,
    DIVISION_KINDS,
    GENERATED_KINDS,
    NEW_PAGES,
    SPAN_ATTRIBUTES,
    SPAN_KINDS,
    Block,
    Cell,
    Container,
    Division,
    Document,
    Edition,
    Emphasis,
    Enclosure,
    Entry,
    Generated,
    Heading,
    Image,
    Inline,
    Item,
    ItemList,
    LineBreak,
    Named,
    Note,
    NoteCall,
    NotePolicy,
    OriginalPage,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Strong,
    StyleChoice,
    Table,
    Text,
)

QUICK = settings(
    deadline=None,
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
"""For properties of whole documents: shrinking one would take minutes, and the first found is small enough."""

NASTY = (
    "1861. In that year", "12) twelfth", "S[umner] W[elles]", "[Page 404]", "[Page [30]]", "[Page ", "[^1]",
    "[^1]: no note", ":", ": no item", ":::", "::: signed", "# 5", "#", "-", "- no item", "+ 3", "* star",
    "*", "**", "* * *", "****", "5*3*2", "snake_case_", "_", "{}", "{.center}", "{#id}", "|", "| a | b |",
    "|---|", "\\", "\\\\", "\\[", "\\*", "\\a", "<b>bold</b>", "&amp;", "&", "<https://a.org>", "> quoted",
    "https://a.org/x_y", "“curly” ‘quotes’", "\u00a0", "a\u00a0b", "[", "]", "](", "](#x)", "]{", "]{.sc}",
    "![", "!", "![a](b.png)", "(see below)", "{", "}", "`code`", "~~struck~~", "[a]: url", "---", "===", "...",
    "½ ℔ № †", "ά Ж", "é", "e\u0301", "\U0001f4dc", "\u200bzero", "a  b", "'", '"', "%", "@", "$x$",
)  # fmt: skip
_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
WORDS = st.sampled_from(("the", "Ambassador", "of", "Mr. Young", "1940", "p. 3", "July 6,", "a", "—")) | st.text(
    st.sampled_from("abc ABC019*_[](){}|:#>-+!\\^&;,.'\"~`é\u00a0"), min_size=1, max_size=8
)
LINE = st.lists(WORDS | st.sampled_from(NASTY) | st.text(_LETTERS, max_size=6), max_size=5).map(" ".join)
"""One line of anything."""
NUMBERS = ("404", "1", "xiv", "404a", "A-3", "405", "1234", "torn", "12 bis")
LABELS = ("1", "12", "12a", "*", "†", "**", "a_b", "[x", "a{b", "n|1", "\\", "1:")
MARKS = ("", "", "*", "†", '"', "\\", "a b", "}", "|")
LANGUAGES = ("", "", "fr", "de-AT", "zh-Hant")
TARGETS = ("#d1", "#page-5", "vol#page-5", "https://a.org/x_(y)?a=b|c", "http://a.org/<x>\\y((", "#é*")


@dataclass
class Ids:
    """Ids that were given, so that each stands once."""

    given: dict[str, int] = field(default_factory=dict)

    def next(self, prefix: str) -> str:
        self.given[prefix] = self.given.get(prefix, 0) + 1
        return f"{prefix}{self.given[prefix]}"


@dataclass(frozen=True)
class Around:
    """What a part of a document may use: ids, labels of notes in scope, paths of images, levels left."""

    ids: Ids = field(default_factory=Ids)
    labels: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    depth: int = 2

    def inside(self, labels: tuple[str, ...] | None = None) -> Around:
        return Around(self.ids, self.labels if labels is None else labels, self.images, self.depth - 1)


def normal_form(inlines: Sequence[Inline], *, ends: bool = True) -> tuple[Inline, ...]:
    """Neighbouring texts joined, none empty, no space at the ends or beside a line break."""
    joined: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + inline.text)
        else:
            joined.append(inline)
    kept: list[Inline] = []
    for index, inline in enumerate(joined):
        if isinstance(inline, Text):
            text = inline.text
            if (ends and index == 0) or (index and isinstance(joined[index - 1], LineBreak)):
                text = text.lstrip(" ")
            last = index + 1 == len(joined)
            if (ends and last) or (not last and isinstance(joined[index + 1], LineBreak)):
                text = text.rstrip(" ")
            inline = Text(text)
        if inline != Text(""):
            kept.append(inline)
    return tuple(kept) if len(kept) == len(joined) else normal_form(kept, ends=ends)


# Inlines


@st.composite
def original_pages(draw: st.DrawFn) -> OriginalPage:
    return OriginalPage(draw(st.sampled_from(NUMBERS)), draw(st.booleans()))


@st.composite
def page_breaks(draw: st.DrawFn, around: Around) -> PageBreak:
    identifier = around.ids.next("pg") if draw(st.booleans()) else ""
    return PageBreak(draw(original_pages()), identifier, draw(st.sampled_from(("", "", "0468", "a b}"))))


@st.composite
def spans(draw: st.DrawFn, around: Around) -> Span:
    names = draw(st.lists(st.sampled_from(SPAN_ATTRIBUTES), unique=True, max_size=2))
    values = {name: draw(LINE) if name != "lang" else draw(st.sampled_from(("fr", "de-AT"))) for name in names}
    inner = draw(inlines(around.inside(), ends=False))
    return Span(draw(st.sampled_from(SPAN_KINDS)), inner, tuple(sorted(values.items())))


@st.composite
def references(draw: st.DrawFn, around: Around) -> Reference:
    inner = draw(inlines(around.inside(), ends=False, references_too=False))
    return Reference(draw(st.sampled_from(TARGETS)), inner)


@st.composite
def inlines(
    draw: st.DrawFn, around: Around, *, ends: bool = True, references_too: bool = True
) -> tuple[Inline, ...]:
    """Running text, possibly none; `ends`: whether it must not have white space at its ends."""
    kinds = [LINE.map(Text), LINE.map(Text), st.just(LineBreak()), page_breaks(around)]
    if around.labels:
        kinds.append(st.sampled_from(around.labels).map(NoteCall))
    if around.images:
        kinds.append(st.builds(Image, st.sampled_from(around.images), LINE))
    if around.depth > 0:
        inner = inlines(around.inside(), ends=False, references_too=references_too)
        kinds += [inner.map(Emphasis), inner.map(Strong)]
        if references_too:
            kinds += [spans(around), references(around)]
    return normal_form(draw(st.lists(st.one_of(kinds), max_size=5)), ends=ends)


def texts(around: Around) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Running text that is not empty."""
    return inlines(around).map(lambda found: found or (Text("x"),))


# Blocks


@st.composite
def paragraphs(draw: st.DrawFn, around: Around) -> Paragraph | PageBreak:
    content = draw(texts(around))
    only = [i for i in content if not (isinstance(i, Text) and not i.text.strip(" "))]
    if all(isinstance(inline, PageBreak) for inline in only):
        return only[0] if only and isinstance(only[0], PageBreak) else Paragraph((Text("x"),))
    return Paragraph(content, draw(st.sampled_from(("", "", "center", "left", "right"))))


@st.composite
def item_lists(draw: st.DrawFn, around: Around) -> ItemList:
    labels = texts(around) if draw(st.booleans()) else st.just(())
    item = st.builds(Item, blocks(around.inside()), labels)
    return ItemList(tuple(draw(st.lists(item, min_size=1, max_size=3))))


@st.composite
def enclosures(draw: st.DrawFn, around: Around) -> Enclosure:
    labels = draw(note_labels())
    within = around.inside(labels)
    identifier = around.ids.next("e") if draw(st.booleans()) else ""
    language = draw(st.sampled_from(LANGUAGES))
    return Enclosure(draw(blocks(within)), draw(notes(within)), identifier, language)


@st.composite
def simple_tables(draw: st.DrawFn, around: Around) -> Table:
    """Tables that pipes can show: a cell a place, at most a paragraph in it."""
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    head = draw(st.integers(0, 1))
    rows: list[Row | PageBreak] = []
    for number in range(height):
        if number and draw(st.integers(0, 4)) == 0:
            rows.append(draw(page_breaks(around)))
        cells = draw(st.lists(paragraphs(around.inside()), min_size=width, max_size=width))
        plain = [Paragraph(cell.inlines) if isinstance(cell, Paragraph) else cell for cell in cells]
        rows.append(Row(tuple(Cell((cell,), head=number < head) for cell in plain)))
    sides = draw(st.lists(st.sampled_from(("", "left", "right", "center")), min_size=width, max_size=width))
    caption = draw(inlines(around.inside()))
    return Table(tuple(rows), head, caption, tuple(sides) if any(sides) else ())


@st.composite
def spanning_tables(draw: st.DrawFn, around: Around) -> Table:
    """Tables with spans, braces and blocks in their cells."""
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    taken = [[False] * width for _ in range(height)]
    rows: list[Row | PageBreak] = []
    for number in range(height):
        if draw(st.integers(0, 4)) == 0:
            rows.append(draw(page_breaks(around)))
        rows.append(Row(tuple(draw(_spanning_cells(around, taken, number)))))
    caption = draw(inlines(around.inside()))
    return Table(tuple(rows), draw(st.integers(0, height)), caption)


@st.composite
def _spanning_cells(draw: st.DrawFn, around: Around, taken: list[list[bool]], number: int) -> list[Cell]:
    cells, row = [], taken[number]
    for column in range(len(row)):
        if row[column]:
            continue
        free = 1
        while column + free < len(row) and not row[column + free]:
            free += 1
        columns = draw(st.integers(1, free))
        height = draw(st.integers(1, len(taken) - number))
        for lower in taken[number : number + height]:
            lower[column : column + columns] = [True] * columns
        cells.append(
            Cell(
                draw(blocks(around.inside(), most=2)),
                columns,
                height,
                draw(st.booleans()),
                draw(st.sampled_from(("", "center", "left", "right"))),
                draw(st.sampled_from(("", "", "left", "right"))),
            )
        )
    return cells


@st.composite
def headings(draw: st.DrawFn, around: Around) -> Heading:
    identifier = around.ids.next("h") if draw(st.booleans()) else ""
    return Heading(draw(st.integers(1, 6)), draw(inlines(around)), identifier)


def blocks(around: Around, *, most: int = 4) -> st.SearchStrategy[tuple[Block, ...]]:
    """Blocks of every kind, possibly none."""
    kinds: list[st.SearchStrategy[Block]] = [paragraphs(around), paragraphs(around), page_breaks(around)]
    if around.depth > 0:
        inner, language = blocks(around.inside()), st.sampled_from(LANGUAGES)
        kinds += [
            headings(around),
            item_lists(around),
            st.builds(Quote, inner, language),
            st.builds(Container, st.sampled_from(CONTAINER_KINDS), inner, language),
            enclosures(around),
            simple_tables(around),
            spanning_tables(around),
        ]
    return st.lists(st.one_of(kinds), max_size=most).map(tuple)


def note_labels() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(LABELS), unique=True, max_size=3).map(tuple)


@st.composite
def notes(draw: st.DrawFn, around: Around) -> tuple[Note, ...]:
    """The notes of a scope, one for each of its labels; they may call one another."""
    within = around.inside()
    return tuple(
        Note(label, draw(blocks(within, most=2)), draw(st.sampled_from(MARKS))) for label in around.labels
    )


# The volume


@st.composite
def documents(draw: st.DrawFn, around: Around | None = None) -> Document:
    base = around or Around()
    around = Around(base.ids, draw(note_labels()), base.images, base.depth)
    field_texts = inlines(around)
    return Document(
        id=around.ids.next(draw(st.sampled_from(("d", "doc-", "D_1.")))),
        title=draw(field_texts),
        blocks=draw(blocks(around)),
        notes=draw(notes(around)),
        number=draw(LINE),
        type=draw(LINE),
        running_title=draw(LINE),
        source_note=draw(field_texts),
        headnote=draw(field_texts),
        date=draw(st.sampled_from(("", "1861-04-10", "no", "012", "12:30", "861.24", "~", "null", "0x1f"))),
        place=draw(LINE),
        from_=draw(LINE),
        to=draw(LINE),
        start_page=draw(st.none() | original_pages()),
        language=draw(st.sampled_from(LANGUAGES)),
        persons=tuple(draw(st.lists(LINE, max_size=2))),
        allow=tuple(draw(st.dictionaries(st.sampled_from(("N001", "P002")), _REASONS, max_size=2)).items()),
    )


_REASONS = LINE.map(lambda reason: reason.strip() or "so printed")
_SETTINGS = st.dictionaries(st.sampled_from(("page-size", "measure", "leading")), LINE, max_size=2)


@st.composite
def entries(draw: st.DrawFn, around: Around, depth: int) -> tuple[Entry, ...]:
    """Contents: generated parts, documents, and divisions of them."""
    kinds: list[st.SearchStrategy[Entry]] = [
        documents(around),
        st.builds(Generated, st.sampled_from(GENERATED_KINDS), LINE, st.integers(0, 9)),
    ]
    if depth:
        kinds.append(divisions(around, depth))
    return tuple(draw(st.lists(st.one_of(kinds), max_size=2)))


@st.composite
def divisions(draw: st.DrawFn, around: Around, depth: int) -> Division:
    identifier = around.ids.next("ch") if draw(st.booleans()) else ""
    within = Around(around.ids, draw(note_labels()), around.images, 1)
    title = draw(inlines(within))
    contents = draw(entries(around, depth - 1))
    kind = draw(st.sampled_from(DIVISION_KINDS))
    return Division(kind, title, contents, identifier, draw(notes(within)), draw(LINE))


@st.composite
def named(draw: st.DrawFn, ids: Ids, prefix: str) -> tuple[Named, ...]:
    number = draw(st.integers(0, 2))
    return tuple(Named(ids.next(prefix), draw(LINE) or "x", draw(LINE)) for _ in range(number))


@st.composite
def editions(draw: st.DrawFn, *, images: tuple[str, ...] = (), depth: int = 2) -> Edition:
    """Whole editions. `images` are paths that exist in the folder; `depth` bounds nesting."""
    around = Around(images=images, depth=depth)
    settings = tuple(sorted(draw(_SETTINGS).items()))
    return Edition(
        title=draw(LINE) or "Untitled",
        contents=draw(entries(around, 2)),
        id=draw(st.sampled_from(("", "frus1940v03"))),
        subtitle=draw(LINE),
        running_title=draw(LINE),
        volume=draw(LINE),
        editors=tuple(draw(st.lists(LINE, max_size=2))),
        place=draw(LINE),
        publisher=draw(LINE),
        year=draw(st.sampled_from(("", "1958", "[1958]", "c. 1958"))),
        imprint="\n\n".join(draw(st.lists(LINE, max_size=2))),
        language=draw(st.sampled_from(("en", "en-US", "fr"))),
        style=StyleChoice(draw(st.sampled_from(("reading", "frus", "own style"))), settings),
        notes=draw(
            st.builds(
                NotePolicy,
                st.sampled_from(("source", "document", "chapter", "page", "volume")),
                st.sampled_from(("foot", "end")),
            )
        ),
        original_pages=draw(st.sampled_from(("inline", "margin", "facsimile", "hidden"))),
        new_pages=draw(st.sampled_from(NEW_PAGES)),
        outline_pages=draw(st.booleans()),
        persons=draw(named(around.ids, "p")),
        terms=draw(named(around.ids, "t")),
    )
