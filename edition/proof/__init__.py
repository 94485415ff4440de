"""The proof of every build: the finished PDF read back and compared with the manuscript.

`prove` takes the resolved edition, its pages with their labels and the bytes of the PDF. It shares no code with
what made them: the walker of the manuscript and the reader of drawings are its own. Layout says what a piece of
the drawing belongs to, never what it reads. What was laid out by itself is proven by itself, and such a proof can
be kept for the next build.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TypeAlias

import pikepdf

from edition.findings import Severity, declare
from edition.pages import Label, PagedEdition, Part
from edition.proof.drawing import DrawnPage, Piece, Shift, UnreadableError
from edition.proof.expectation import Expectation, Share, expect, proof_key, share_out
from edition.proof.finished import Finished
from edition.proof.furniture import FurnitureProof, furniture_from, furniture_to, prove_furniture
from edition.proof.geometry import moved_by
from edition.proof.interpreter import Under
from edition.proof.joining import Drawings, Proof, join
from edition.proof.part_proof import PartProof
from edition.proof.proving import anchors_of, prove_part, verify
from edition.proof.streams import Key
from edition.resolved import ResolvedEdition
from edition.source import Source

__all__ = ["FurnitureProof", "Kept", "PartProof", "Proof", "Run", "prove"]

UNREADABLE = declare(
    "C040",
    Severity.ERROR,
    """The finished PDF has something that the proof cannot read.

    An operator, a font or an object that the builder is not known to write. What cannot be read cannot be proven,
    so nothing is written. This is a fault of the builder, or a feature of CSS that it has not met yet.
    """,
)

Run: TypeAlias = Callable[[Callable[[int], PartProof], Sequence[int]], Iterable[PartProof]]
"""Calls a function with some numbers, here or in processes forked for it; gives what it returns, in order."""


@dataclass
class Kept:
    """What earlier proofs found, by key; new ones are put in. What it holds may be of any age and any edition."""

    parts: MutableMapping[str, PartProof] = field(default_factory=dict)
    furniture: dict[str, FurnitureProof] = field(default_factory=dict)
    """Of pages; afterwards only what the last proof needed."""
    begun: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    """By the key of a part, the streams that begin in it: its labels need not be loaded for that. Afterwards only
    what the last proof needed."""

    def to_json(self) -> str:
        """Furniture and beginnings; the proofs of parts each have a `to_json` of their own."""
        return json.dumps([[*map(furniture_to, self.furniture.values())], self.begun], separators=(",", ":"))

    def read_json(self, text: str | bytes) -> None:
        """Take in what `to_json` gave; raises ValueError for anything else."""
        try:
            furniture, begun = json.loads(text)
            proofs = [furniture_from(value) for value in furniture]
            self.begun |= {part: tuple(Key(*key) for key in keys) for part, keys in begun.items()}
            self.furniture |= {proof.key: proof for proof in proofs}
        except (TypeError, KeyError, IndexError, AttributeError) as error:
            raise ValueError("not what a proof keeps") from error


FEW = 24
"""So many pages are proven sooner than processes are started for them."""


def prove(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    pdf: bytes,
    *,
    families: Iterable[str],
    sources: Iterable[Source] = (),
    names: Mapping[str, str] | None = None,
    html: str | Mapping[str, str] = "",
    kept: Kept | None = None,
    run: Run = map,
) -> Proof:
    """Prove that a PDF says what the manuscript says.

    `families` are those that the style allows; `sources` are the manuscript's files, with the paths that places
    name; `names` say what these paths are called in the places file. With the `html` that was typeset, of parts
    by their keys, findings of what was lost name the stage where it was. A part's proof that was `kept` is taken
    where the PDF bears it out; the other parts are proven by `run`.
    """
    try:
        with Finished(pdf) as finished:
            if len(finished.pages) != len(paged.pages):
                message = f"the PDF has {len(finished.pages)} pages, not {len(paged.pages)}"
                return Proof((UNREADABLE.at(None, message),))
            expectation = expect(resolved, families=families, sources=sources, names=names)
            proving = _ByParts if paged.parts else _InOneRun
            return proving(resolved, paged, finished, expectation, html).prove(kept or Kept(), run)
    except UnreadableError as error:
        return Proof((UNREADABLE.at(None, str(error), folio=paged.pages[error.page].folio),))
    except pikepdf.PdfError as error:
        return Proof((UNREADABLE.at(None, f"the PDF cannot be opened: {error}"),))


class _Proving:
    """One proof: the parts and the furniture, each by itself, then both together."""

    parts: tuple[Part, ...]

    def __init__(
        self,
        resolved: ResolvedEdition,
        paged: PagedEdition,
        finished: Finished,
        expectation: Expectation,
        html: str | Mapping[str, str],
    ) -> None:
        self.resolved = resolved
        self.paged = paged
        self.finished = finished
        self.expectation = expectation
        self.html = html

    def joined(
        self,
        shares: Sequence[Share],
        proofs: Sequence[PartProof],
        furniture: Sequence[FurnitureProof],
        shifts: Sequence[Shift],
        drawings: Drawings,
    ) -> Proof:
        parts = list(zip(self.parts, shares, proofs, strict=True))
        return join(self.resolved, self.paged, self.expectation, parts, furniture, shifts, drawings)

    def anchors(self, part: Part) -> dict[str, int]:
        return anchors_of(self.paged.pages[part.first : part.first + part.pages])


class _InOneRun(_Proving):
    """Of a book that was laid out in one run: it is one part, and its furniture stands among its text."""

    def prove(self, kept: Kept, run: Run) -> Proof:
        labels = self.paged.labels
        assert labels is not None, "pages without labels cannot be proven"
        assert isinstance(self.html, str)
        wholes = self.finished.wholes()
        part = Part("", 0, len(wholes), lambda: labels)
        self.parts = (part,)
        pages = [_divided(whole, page.artifacts) for whole, page in zip(wholes, labels.pages, strict=True)]
        [share] = share_out(self.expectation, self.parts)
        bodies = [body for body, _ in pages]
        proof = prove_part(part, share, bodies, self.anchors(part), html=self.html)
        furniture = [
            prove_furniture(drawn, page.artifacts, self.expectation.families)
            for (_, drawn), page in zip(pages, labels.pages, strict=True)
        ]
        shifts = [(0.0, 0.0)] * len(wholes)
        return self.joined([share], [proof], furniture, shifts, lambda index: (*pages[index], wholes[index]))


def _divided(whole: DrawnPage, artifacts: Sequence[Label]) -> tuple[DrawnPage, DrawnPage]:
    """Body and furniture of a page that was drawn as a whole; pieces stay the same."""
    body: list[Piece] = []
    furniture: list[Piece] = []
    for piece in whole.pieces:
        number = piece.artifact
        is_furniture = number is not None and number < len(artifacts) and artifacts[number].element < 0
        (furniture if is_furniture else body).append(piece)
    return replace(whole, pieces=body), replace(whole, pieces=furniture, pictures=[], paint=[])


class _ByParts(_Proving):
    """Of a book that was put together from parts."""

    def prove(self, kept: Kept, run: Run) -> Proof:
        self.parts = self.paged.parts
        held = {index for part in self.parts for index in range(part.first, part.first + part.pages)}
        for page in self.paged.pages:
            if page.index not in held and self.finished.has_body(page.index):
                raise UnreadableError(page.index, "the page has a text, but no part of the book stands there")
        shifts = [self.finished.shift(index) for index in range(len(self.paged.pages))]
        shares = share_out(self.expectation, self.parts, kept.begun)
        proofs = self.proofs(shares, kept, run)
        under = {
            part.first + number: page.paint
            for part, proof in zip(self.parts, proofs, strict=True)
            for number, page in enumerate(proof.pages)
        }
        furniture = [
            self.furniture(index, _shifted(under.get(index, ()), shift), kept.furniture)
            for index, shift in enumerate(shifts)
        ]
        kept.furniture.clear()
        kept.furniture.update((proof.key, proof) for proof in furniture)
        return self.joined(shares, proofs, furniture, shifts, self.drawings)

    def proofs(self, shares: Sequence[Share], kept: Kept, run: Run) -> list[PartProof]:
        """The parts' proofs, those that hold from what is kept."""
        keys = [proof_key(part, share) for part, share in zip(self.parts, shares, strict=True)]
        found: dict[int, PartProof] = {}
        for number, (part, key) in enumerate(zip(self.parts, keys, strict=True)):
            before = kept.parts.get(key)
            if before is not None and verify(self.finished, part, before):
                found[number] = before
        missing = [number for number in range(len(self.parts)) if number not in found]

        def prove_one(number: int) -> PartProof:
            return self.part(self.parts[number], shares[number])

        is_worth_it = sum(self.parts[number].pages for number in missing) > FEW
        proofs = run(prove_one, missing) if is_worth_it else map(prove_one, missing)
        for number, proof in zip(missing, proofs, strict=True):
            found[number] = kept.parts[keys[number]] = proof
        return [found[number] for number in range(len(self.parts))]

    def part(self, part: Part, share: Share) -> PartProof:
        drawn = self.finished.bodies(part.first, part.pages)
        html = self.html if isinstance(self.html, str) else self.html.get(part.key, "")
        evidence = self.finished.evidence(part.first, drawn)
        return prove_part(part, share, drawn, self.anchors(part), evidence=evidence, html=html)

    def furniture(self, index: int, under: Under, known: Mapping[str, FurnitureProof]) -> FurnitureProof:
        """The proof of a page's furniture, which stands on what is painted under it."""
        labels = self.paged.furniture[index]
        made_from = self.finished.drawing(index, furniture=True), labels, under, sorted(self.expectation.families)
        key = sha256(repr(made_from).encode()).hexdigest()
        before = known.get(key)
        if before is not None and self.finished.holds(index, before.evidence, furniture=True):
            return before
        drawn = self.finished.furniture(index, under)
        evidence = self.finished.evidence(index, [drawn], furniture=True)
        return prove_furniture(drawn, labels, self.expectation.families, key, evidence)

    def drawings(self, index: int) -> tuple[DrawnPage, DrawnPage, DrawnPage]:
        [body] = self.finished.bodies(index, 1)
        return body, self.finished.furniture(index), self.finished.whole(index)


def _shifted(paint: Under, shift: Shift) -> Under:
    return [(moved_by(box, shift), colour) for box, colour in paint]
