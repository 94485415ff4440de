"""TEI written for tests, imported; every import here is proven to lose nothing and to load as it was saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edition import manuscript
from edition.findings import Finding
from edition.importers import tei
from edition.model import Document, Edition

HEADER = """
<teiHeader><fileDesc>
  <titleStmt>
    <title type="complete">Papers of the Harbour Office, 1901, Letters, Volume II</title>
    <title type="series">Papers of the Harbour Office, 1901</title>
    <title type="volumenumber">Volume II</title><title type="volume">Letters</title>
    <editor>Ada Quill</editor>
  </titleStmt>
  <publicationStmt>
    <publisher>Harbour Press</publisher><pubPlace>Tidewater</pubPlace><date>1903</date>
  </publicationStmt>
  <sourceDesc><p>Set from the copy in the office.</p></sourceDesc>
</fileDesc></teiHeader>
"""


@dataclass(frozen=True)
class Sample:
    """An imported file, and the edition as it was saved and loaded again."""

    edition: Edition
    findings: tuple[Finding, ...]
    folder: Path

    def saved(self, name: str = "d1") -> str:
        return (self.folder / "documents" / f"{name}.md").read_text(encoding="utf-8")

    def body(self, name: str = "d1") -> str:
        """What stands under the front matter."""
        return self.saved(name).split("\n---\n", 1)[1].strip("\n")

    def document(self, name: str = "d1") -> Document:
        return next(document for document in self.edition.documents if document.id == name)

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


def written(text: str, header: str = HEADER, attributes: str = "") -> str:
    """A TEI file around what stands in its `text`."""
    namespaces = 'xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0"'
    root = f"<TEI {namespaces} {attributes}>{header}<text>{text}</text></TEI>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def sample(folder: Path, text: str, **options: str) -> Sample:
    """Import a file with this `text`, and hold what every import promises."""
    path = folder / "volume.xml"
    path.write_text(written(text, **options), encoding="utf-8")
    return imported(path, folder / "edition")


def imported(path: Path, into: Path) -> Sample:
    """Import a file: nothing is lost, and what was saved loads without findings as the same edition."""
    made = tei.read(path)
    for picture in made.images:
        (into / picture).parent.mkdir(parents=True, exist_ok=True)
        (into / picture).write_bytes((path.parent / picture).read_bytes())
    manuscript.save(made.edition, into)
    loaded, findings = manuscript.load(into)
    assert findings == ()
    tei.prove(path, made.edition, loaded)
    return Sample(loaded, made.findings, into)


def letter(content: str, head: str = "<head>A Letter</head>", attributes: str = 'xml:id="d1" n="1"') -> str:
    """A body with one document."""
    return f'<body><div type="document" {attributes}>{head}{content}</div></body>'
