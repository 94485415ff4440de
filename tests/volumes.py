"""Whole sample volumes: imported, built, and what was found in them, as a table for docs/volumes.md.

    python -m tests.volumes [VOLUME …]

makes each volume and prints its row; without names, all that lie beside the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from edition import manuscript, pipeline
from edition.model import Document, Edition, Table
from edition.walk import walk

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "frus"
HEADS = (
    "volume", "documents", "words", "notes", "page breaks", "tables", "pages", "import, s", "build, s", "import found",
    "build found",
)  # fmt: skip


@dataclass(frozen=True)
class Volume:
    """A volume as an editor gets it: imported, which proves itself, and built, which does as well."""

    name: str
    imported: pipeline.Imported
    built: pipeline.Built
    edition: Edition
    import_seconds: float
    build_seconds: float

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of its row in the table."""
        assert self.imported.found
        documents = list(self.edition.documents)
        return (
            self.name,
            str(len(documents)),
            f"{self.imported.found.words:,}",
            str(self.imported.found.notes),
            str(self.imported.found.page_breaks),
            str(sum(tables_in(document) for document in documents)),
            str(len(self.built.pages.pages)),
            f"{self.import_seconds:.1f}",
            f"{self.build_seconds:.0f}",
            counted(finding.code for finding in self.imported.findings),
            counted(finding.code for finding in self.built.findings),
        )


def tables_in(document: Document) -> int:
    return sum(isinstance(node, Table) for _, node in walk(document))


def counted(codes: Iterable[str]) -> str:
    """`I107 ×3, I110`."""
    return ", ".join(f"{code} ×{times}" if times > 1 else code for code, times in sorted(Counter(codes).items()))


def make(name: str, folder: Path) -> Volume:
    """Import a sample volume into a folder and build it there. Raises EditionError if something is lost."""
    start = monotonic()
    imported = pipeline.import_tei(CORPUS / f"{name}.xml", folder / "edition")
    between = monotonic()
    built = pipeline.build(folder / "edition", folder / "out")
    edition, _ = manuscript.load(folder / "edition")
    return Volume(name, imported, built, edition, between - start, monotonic() - between)


def table(rows: Iterable[Sequence[str]]) -> str:
    """The rows as a table in Markdown, under their heads."""
    lines = [HEADS, tuple("--:" if 0 < turn < 9 else "---" for turn in range(len(HEADS))), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(names: Sequence[str]) -> None:
    rows = []
    for name in names or sorted(path.stem for path in CORPUS.glob("*.xml")):
        with TemporaryDirectory() as folder:
            rows.append(make(name, Path(folder)).row)
        print(f"{name} is made", file=sys.stderr)
    print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
