"""The proof of a build, with what earlier proofs found: parts that did not change are not proven again."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from edition.cache import Cache, key_of, program
from edition.source import Source
from edition.workers import in_order

if TYPE_CHECKING:
    from edition.pages import PagedEdition
    from edition.proof import PartProof, Proof
    from edition.resolved import ResolvedEdition
    from edition.styles import Style

OWN = ("proof/**/*.py", "walk.py", "numerals.py")
"""The sources that a proof depends on."""


def prove_build(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    pdf: bytes,
    *,
    style: Style,
    directory: Path,
    names: dict[str, str],
    cache: Cache,
    jobs: int,
) -> Proof:
    """Compare the finished PDF with the manuscript. `names` are what its files are called in the edition's folder."""
    from edition.proof import Kept, prove

    key = key_of(program(*OWN), str(directory.resolve()), style.name) + "-proofs"
    kept = Kept(_KeptProofs(cache))
    if (content := cache.get(key)) is not None:
        try:
            kept.read_json(content)
        except ValueError:
            kept = Kept(_KeptProofs(cache))
    proof = prove(
        resolved,
        paged,
        pdf,
        html={part.key: part.html for part in paged.parts},
        families=[family.name for family in style.families],
        sources=[Source(path, Path(path).read_text("utf-8-sig", errors="replace")) for path in names],
        names=names,
        kept=kept,
        run=partial(in_order, jobs),
    )
    cache.put(key, kept.to_json().encode())
    return proof


class _KeptProofs(MutableMapping[str, "PartProof"]):
    """Proofs of parts by their keys, in a cache."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def _name(self, key: str) -> str:
        return key_of(program(*OWN), key) + "-proof"

    def __getitem__(self, key: str) -> PartProof:
        from edition.proof import PartProof

        content = self.cache.get(self._name(key))
        if content is None:
            raise KeyError(key)
        try:
            return PartProof.from_json(content)
        except ValueError as error:
            raise KeyError(key) from error

    def __setitem__(self, key: str, proof: PartProof) -> None:
        self.cache.put(self._name(key), proof.to_json().encode())

    def __delitem__(self, key: str) -> None:
        raise NotImplementedError("what is kept goes by itself")

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("what is kept is not known")

    def __len__(self) -> int:
        raise NotImplementedError("what is kept is not known")
