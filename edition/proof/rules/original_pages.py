"""Rules of original pages: where their breaks stand, and whether any is missing from document to document.

Their order inside a document is for `resolve` to check, which knows all anchors (P001 to P005).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edition.findings import Severity
from edition.model import Document, PageBreak
from edition.numerals import counted
from edition.proof.rules.context import Context, DocumentChecks, PassageChecks, Volume, VolumeChecks
from edition.proof.rules.passages import Passage, Passages, breaks_of
from edition.proof.rules.registry import Hit
from edition.walk import walk

passages = PassageChecks()
documents = DocumentChecks()
volumes = VolumeChecks()

_LETTERS = re.compile(r"[^\W_]*")


def word_at(text: str, offset: int) -> str:
    """The letters around an offset without a sign between them."""
    before = _LETTERS.match(text[:offset][::-1])
    after = _LETTERS.match(text, offset)
    return (before[0][::-1] if before else "") + (after[0] if after else "")


@passages.rule("P201", Severity.WARNING)
def page_break_in_a_word(passage: Passage, context: Context) -> Iterator[Hit]:
    """An original page's break stands inside a word.

    That is right where the source divides the word at the end of its page: a word that the dictionary has in one
    piece is passed over. More often a space was lost beside the break, so that two words run together.
    """
    for offset, page_break in breaks_of(passage):
        before, after = passage.text[offset - 1 : offset] if offset else "", passage.text[offset : offset + 1]
        if before.isalnum() and after.isalnum():
            word = word_at(passage.text, offset)
            language = passage.language_at(offset)
            if context.speller.speaks(language) and context.speller.knows(word, language):
                continue
            yield Hit(page_break.at, f"the break of page {page_break.page} stands inside the word “{word}”")
        elif before in ",;:.!?" and before and after.isalnum():
            yield Hit(page_break.at, f"no space stands beside the break of page {page_break.page}")


@volumes.rule("P203", Severity.INFO)
def page_missing_between_documents(volume: Volume, context: Context) -> Iterator[Hit]:
    """Original pages are missing between two documents.

    The document's start page is not the last one of the document before, nor the one after it. The pages between
    are empty or left out, or a page break was lost.
    """
    last = None
    for document in volume.edition.documents:
        start = counted(document.start_page.number) if document.start_page else None
        if start and last and start.numerals == last.numerals and start.value > last.value + 1:
            skipped = start.value - last.value - 1
            pages = f"page {last.value + 1} is" if skipped == 1 else f"{skipped} pages are"
            yield Hit(document.at, f"{pages} missing between page {last.written} and start page {start.written}")
        breaks = [
            counted(node.page.number) for _, node in walk(document, notes=False) if isinstance(node, PageBreak)
        ]
        last = next((page for page in reversed(breaks) if page), start or None)


@documents.rule("P204", Severity.INFO)
def no_start_page(passages: Passages, context: Context) -> Iterator[Hit]:
    """A document has original pages and no start page.

    The text above its first page break is on no page of the source. If it begins within a page, give that page as
    `start-page`.
    """
    document = passages.document
    if document.start_page is not None:
        return
    first = next((node for _, node in walk(document, notes=False) if isinstance(node, PageBreak)), None)
    if first is not None and not _opens(document, first):
        yield Hit(document.at, f"document {document.id} has page breaks and no start page")


def _opens(document: Document, first: PageBreak) -> bool:
    """Whether a page break stands before all words of a document's text."""
    for _, node in walk(document, notes=False):
        if node is first:
            return True
        if getattr(node, "text", "").strip() and node not in document.title:
            return False
    return False


@documents.rule("P202", Severity.INFO)
def page_break_in_a_note(passages: Passages, context: Context) -> Iterator[Hit]:
    """An original page's break stands in a note.

    It says where the note went on in the source, while the text around it is still on the page before. If the
    break belongs to the text, move it there.
    """
    in_text = {id(node) for _, node in walk(passages.document, notes=False) if isinstance(node, PageBreak)}
    for _, node in walk(passages.document):
        if isinstance(node, PageBreak) and id(node) not in in_text:
            yield Hit(node.at, f"the break of page {node.page} stands in a note")
