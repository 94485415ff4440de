"""One document: its front matter, its body, its notes. Knows nothing of the volume around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.manuscript.blocks import read_blocks
from edition.manuscript.fields import FrontMatter, read_fields, read_mapping
from edition.manuscript.inlines import page_of, read_inlines
from edition.manuscript.lines import Lines, lines_of
from edition.manuscript.notes import report_undefined, settle_marks
from edition.manuscript.reading import TOO_DEEP, Reading, Scope, TooDeepError, Within, WithinField
from edition.manuscript.syntax import DEEPEST, PAGE_BREAK
from edition.model import Block, Document, Inline, OriginalPage
from edition.source import Content, Source
from edition.strict_yaml import Mapping

NO_FRONT_MATTER = declare(
    "Y001",
    Severity.ERROR,
    """A document has no front matter.

    A document begins with a line `---`, its fields, at least `id`, and another line `---`.""",
)
NO_REASON = declare(
    "Y002",
    Severity.ERROR,
    """An allowance has no reason.

    `allow: {N001: the source has no call}` silences a rule for this document and says why.""",
)
BAD_START_PAGE = declare(
    "P101",
    Severity.ERROR,
    """A start page cannot be read.

    `start-page: "403"`, or `"[30]"` for a page without a printed number.""",
)

NO_DEFINITION = declare(
    "N104",
    Severity.ERROR,
    """The notes of a division hold something else than notes.

    `notes: |` and under it, indented, the definitions of the notes that the division's title calls:
    `[^1]: text`.""",
)

FENCE = "---"


def load_document(
    source: Source, *, find_image: Callable[[str], str | None] = lambda path: None
) -> tuple[Document, tuple[Finding, ...]]:
    """The document of a source, and what was found that stops nothing.

    `find_image` says what is wrong with the path of an image; without it images are not looked for.
    Raises EditionError with all findings if one of them is an error.
    """
    document, findings = read_document(source, find_image)
    if document is None or has_errors(findings):
        raise EditionError(findings)
    return document, tuple(findings)


def read_document(
    source: Source, find_image: Callable[[str], str | None]
) -> tuple[Document | None, list[Finding]]:
    """The document as far as it could be read, and all that was found."""
    reading = Reading(source, find_image=find_image)
    start, end, body = _split(source.text)
    if not end:
        message = "no front matter" if not start else "the front matter has no end"
        hint = "begin with a line `---`, then `id: …`, then another `---`"
        reading.report(NO_FRONT_MATTER, 0, message, hint=hint)
    fields = read_mapping(source, start, end, reading.findings) if end else None
    front = None
    if fields is not None:
        front = read_fields(FrontMatter, fields, source, reading.findings)
    scope = Scope()
    within = Within(reading, scope)
    title, source_note, headnote = (
        _read_field(fields, key, within) for key in ("title", "source-note", "headnote")
    )
    blocks = _read_body(source, body, within)
    settle_marks(scope, within)
    report_undefined(reading)
    reading.findings.sort(key=_place)
    if front is None or fields is None:
        return None, reading.findings
    reading.check_id(front.id, fields.offset("id"))
    reading.check_language(front.language, fields.offset("language"))
    document = Document(
        id=front.id,
        title=title,
        blocks=blocks,
        notes=tuple(scope.notes.values()),
        number=front.number,
        type=front.type,
        running_title=front.running_title,
        source_note=source_note,
        headnote=headnote,
        date=front.date,
        place=front.place,
        from_=front.from_,
        to=front.to,
        start_page=_start_page(front.start_page, fields, reading),
        language=front.language,
        persons=tuple(front.persons),
        allow=_allowances(front.allow, fields, reading),
        at=reading.place(0),
    )
    return document, reading.findings


def _split(text: str) -> tuple[int, int, int]:
    """Where the front matter begins and ends and where the body begins; end 0 if there is none."""
    first, _, _ = text.partition("\n")
    if first.rstrip(" \t") != FENCE:
        return 0, 0, 0
    start = position = len(first) + 1
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text[position:end].rstrip(" \t") == FENCE:
            return start, position, min(end + 1, len(text))
        position = end + 1
    return start, 0, 0 if start > len(text) else start


def _read_field(fields: Mapping | None, key: str, within: Within) -> tuple[Inline, ...]:
    content = fields.content(key, within.reading.source) if fields else None
    return read_field(content.stripped(), within) if content else ()


def read_field(content: Content, within: Within) -> tuple[Inline, ...]:
    """A field that holds running text."""
    try:
        return read_inlines(content, within)
    except TooDeepError as error:
        _report_depth(error, within.reading)
        return ()


def read_definitions(content: Content, within: Within) -> None:
    """Definitions of notes that stand in a field; anything else there is reported."""
    inside = replace(within, reading=WithinField.of(within.reading, content))
    try:
        blocks = read_blocks(Lines(content.text, lines_of(content.text, 0)), inside)
    except TooDeepError as error:
        _report_depth(error, inside.reading)
        return
    if blocks:
        hint = "`[^1]: …`, and what belongs to it indented by four"
        inside.reading.report(NO_DEFINITION, 0, "this is no definition of a note", hint=hint)


def _read_body(source: Source, start: int, within: Within) -> tuple[Block, ...]:
    try:
        return read_blocks(Lines(source.text, lines_of(source.text, start)), within)
    except TooDeepError as error:
        _report_depth(error, within.reading)
        within.scope.calls.clear()  # their definitions may stand below the place where reading stopped
        within.reading.undefined.clear()
        return ()


def _report_depth(error: TooDeepError, reading: Reading) -> None:
    hint = "nothing below this place was read"
    reading.report(TOO_DEEP, error.offset, f"nested more than {DEEPEST} levels deep", hint=hint)


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.place.line, finding.place.column) if finding.place else (0, 0)


def _start_page(text: str, fields: Mapping, reading: Reading) -> OriginalPage | None:
    if not text:
        return None
    found = PAGE_BREAK.fullmatch(f"[Page {text}]")
    if found is None or found["attributes"]:
        reading.report(BAD_START_PAGE, fields.offset("start-page"), f"`{text[:60]}` is no page number")
        return None
    return page_of(found)


def _allowances(allow: dict[str, str], fields: Mapping, reading: Reading) -> tuple[tuple[str, str], ...]:
    for code, reason in allow.items():
        if not reason.strip():
            offset = fields.offset("allow", code)
            reading.report(NO_REASON, offset, f"{code} is allowed without a reason", hint=f"`{code}: reason`")
    return tuple(allow.items())
