"""What rules found in documents, kept for the next time: a document that did not change is not read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b

from edition.findings import Finding
from edition.proof.part_proof import finding_from, finding_to
from edition.source import Source


class KeptFindings:
    """What one set of rules found in documents: to be had again while their text, words and language are the same."""

    def __init__(self) -> None:
        self.under: tuple[str, ...] = ()
        """The language, words and dictionaries of the edition."""
        self.before: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        """By the path of a document's file, what stands for its text, and the findings."""
        self.found: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        """What was asked for, likewise."""
        self.words: dict[str, dict[str, bool]] = {}
        """By language, which words its dictionary knows."""

    @property
    def changed(self) -> bool:
        return self.found != self.before

    def begin(self, *under: str) -> None:
        if under != self.under:
            self.under, self.before = under, {}
            self.words.clear()

    def of(
        self, files: Sequence[Source | None], check: Callable[[list[int]], list[tuple[Finding, ...]]]
    ) -> list[tuple[Finding, ...]]:
        """What is found in documents: the same as long as their files are. `check` is given numbers of some."""
        texts = [blake2b(file.text.encode(errors="replace")).hexdigest() if file else "" for file in files]
        before = [self.before.get(file.path) if file else None for file in files]
        found = [kept[1] if kept and kept[0] == text else None for text, kept in zip(texts, before, strict=True)]
        missing = [number for number, its in enumerate(found) if its is None]
        for number, its in zip(missing, check(missing), strict=True):
            found[number] = its
        whole = [its or () for its in found]
        entries = zip(files, texts, whole, strict=True)
        self.found = {file.path: (text, its) for file, text, its in entries if file}
        return whole

    def to_json(self) -> str:
        found = [(path, text, list(map(finding_to, its))) for path, (text, its) in self.found.items()]
        return json.dumps([self.under, found, self.words], separators=(",", ":"))

    @classmethod
    def from_json(cls, content: str | bytes) -> KeptFindings:
        """Raises ValueError for anything but what `to_json` gave."""
        kept = cls()
        try:
            under, found, words = json.loads(content)
            kept.under, kept.words = tuple(under), dict(words)
            kept.before = {path: (text, tuple(map(finding_from, its))) for path, text, its in found}
        except (TypeError, KeyError, IndexError, AttributeError) as error:
            raise ValueError("not what the rules found") from error
        return kept
