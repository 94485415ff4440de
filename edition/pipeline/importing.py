"""Something else becomes content files: raw text, a volume in TEI, and the small edition to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from edition import manuscript
from edition.files import Folder, write_files
from edition.findings import EditionError, Finding, Severity, declare
from edition.model import Edition, Entry, Generated
from edition.source import Place, Source

if TYPE_CHECKING:
    from edition.importers.tei import Proven

NOT_EMPTY = declare(
    "F021",
    Severity.ERROR,
    """A new edition needs a folder that is not there yet, or is empty.

    Nothing that is there is overwritten.
    """,
)


UNTITLED = declare(
    "I020",
    Severity.INFO,
    """An edition was made around imported documents.

    Raw text does not say what volume it is from. The new `edition.yaml` has a title to be replaced, and the
    documents in the order of their files.
    """,
)
NOT_IN_CONTENTS = declare(
    "I021",
    Severity.INFO,
    """Imported documents are not in the contents yet.

    The edition was there before, and its `edition.yaml` is left as it is. Where its contents name no pattern
    that fits the new files, add them.
    """,
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The files that an import wrote, its report, and what was proven to be in them."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    found: Proven | None = None
    """Of TEI, which is compared with the files; raw text is not."""


def new(directory: Path) -> tuple[Path, ...]:
    """Write a small edition to start from. Raises EditionError if something is there already."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise EditionError([NOT_EMPTY.at(Place(str(directory)), "it is not empty", hint="choose another folder")])
    starter = files("edition").joinpath("starter")
    names = ("edition.yaml", "documents/d1.md", "documents/d2.md")
    return write_files(directory, {name: starter.joinpath(name).read_bytes() for name in names}, force=False)


def import_text(sources: Sequence[Path], into: Path, *, force: bool = False) -> Imported:
    """Turn files of raw text into documents of the edition in `into`, which is made if it is not there.

    Raises EditionError, and then has written nothing.
    """
    from edition.importers import plain_text

    imported = plain_text.read(_raw_texts(sources))
    findings = list(imported.findings)
    if (into / "edition.yaml").exists():
        files = manuscript.save_documents(imported.documents, into, force=force)
        findings.append(
            NOT_IN_CONTENTS.at(Place(str(into / "edition.yaml")), "the contents may not name the new documents")
        )
    else:
        contents: tuple[Entry, ...] = (Generated("title-page"), Generated("contents"), *imported.documents)
        files = manuscript.save(Edition("Untitled Edition", contents), into, force=force)
        findings.append(UNTITLED.at(Place(str(into / "edition.yaml")), "give the new edition its title"))
    return Imported(files, tuple(findings))


def _raw_texts(paths: Sequence[Path]) -> list[Source]:
    """Files of raw text. Raises EditionError with what is wrong with each that cannot be read."""
    problems: list[Finding] = []
    texts = [Folder(path.parent).read(path.name, problems) for path in paths]
    if problems:
        raise EditionError(problems)
    return [text for text in texts if text]


def import_tei(source: Path, into: Path, *, force: bool = False) -> Imported:
    """Turn a TEI volume into an edition in `into`, with the pictures that lie beside it.

    What is going to be written is read again and compared with the TEI file first: see `tei.prove`. Raises
    EditionError, also where something is lost on the way, and then has written nothing.
    """
    from edition.importers import tei

    imported = tei.read(source)
    texts = manuscript.texts_of(imported.edition, into)
    pictures = {name: (source.parent / name).read_bytes() for name in imported.images}
    try:
        loaded = _read_again({**texts, **pictures}, into)
    except EditionError as error:
        raise tei.unreadable(source, error) from error
    found = tei.prove(source, imported.edition, loaded)
    if source.parent.resolve() == into.resolve():
        pictures = {}
    return Imported(write_files(into, {**texts, **pictures}, force=force), imported.findings, found)


def _read_again(contents: Mapping[str, str | bytes], into: Path) -> Edition:
    """The edition that some files make, read from a folder that goes away; findings name them as in `into`."""
    with TemporaryDirectory(prefix="edition-") as folder:
        for name, content in contents.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        edition, _ = manuscript.load(Path(folder), label=into.as_posix())
    return edition
