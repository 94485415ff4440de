"""Rules of references: what their words name against where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edition.findings import Severity
from edition.model import Reference
from edition.numerals import Count, counted
from edition.proof.rules.context import Context, PassageChecks
from edition.proof.rules.passages import Passage
from edition.proof.rules.registry import Hit

passages = PassageChecks()

_NUMBERS = re.compile(r"\b(?:\d{1,4}|[ivxlcm]{1,9})\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(\d{1,4})\s?[-–]\s?(\d{1,4})\b")
_TARGET = re.compile(r"#(?:page|pg)[-_](\w+)$")
_OTHER = re.compile(r"\b(note|document|doc\.|no\.)\s*(\d{1,4})\b", re.IGNORECASE)


@passages.rule("R201", Severity.WARNING)
def page_that_its_words_do_not_name(passage: Passage, context: Context) -> Iterator[Hit]:
    """A reference names another original page than the one that it leads to.

    `[p. 400](#page-401)`: one of the two is wrong. Of a span (`pp. 403–6`) every page in it counts as named.
    References whose words name no page are passed over.
    """
    for mark, reference in passage.marks(Reference):
        target = _TARGET.search(reference.target)
        page = counted(target[1]) if target else None
        if page is None:
            continue
        named = _pages_named(passage.text[mark.start : mark.end], page)
        if named and page not in named:
            numbers = ", ".join(dict.fromkeys(count.written for count in named[:3]))
            yield Hit(reference.at, f"the reference names page {numbers} and leads to page {page.written}")


def _pages_named(words: str, like: Count) -> list[Count]:
    """The pages that the words of a reference name, counted in numerals like those of its target.

    After `p.` all numbers are pages; else the words must be nothing but numbers and what stands between them.
    """
    _, sign, after = re.split(r"(\bpp?\.|\bpages?\b)", words, maxsplit=1) if _says_page(words) else ("", "", words)
    if not sign and re.sub(r"[\d\s.,;:–()-]", "", words) and like.numerals == "arabic":
        return []
    named = [count for number in _NUMBERS.findall(after) if (count := counted(number))]
    for first, last in _SPAN.findall(after):
        end = int(first[: max(0, len(first) - len(last))] + last)
        if 0 < end - int(first) < 500:
            named += [Count("arabic", number) for number in range(int(first), end + 1)]
    return [count for count in named if count.numerals == like.numerals]


def _says_page(words: str) -> bool:
    return bool(re.search(r"\bpp?\.|\bpages?\b", words))


@passages.rule("R202", Severity.WARNING)
def number_that_its_words_do_not_name(passage: Passage, context: Context) -> Iterator[Hit]:
    """A reference names another note or document than the one that it leads to.

    `[note 3](#d12-n4)`, `[document 12](#d13)`: one of the two is wrong. Ids that end in no number are passed over.
    """
    for mark, reference in passage.marks(Reference):
        named = _OTHER.search(passage.text[mark.start : mark.end])
        if named is None or not reference.target.startswith("#"):
            continue
        kind = "n" if named[1].lower() == "note" else "d"
        target = re.search(rf"(?:^#|-){kind}0*(\d+)$", reference.target)
        if target and int(target[1]) != int(named[2]):
            yield Hit(reference.at, f"the reference names {named[0]} and leads to `{reference.target}`")
