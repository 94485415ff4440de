"""The content files: the only home of their format. `load` and `save` an edition, or one document.

edition.yaml, documents/*.md, persons.yaml and terms.yaml ↔ model.Edition. docs/content-format.md describes
the format for editors. Knows nothing of numbering, rendering and pages.
"""

from edition.manuscript.document import load_document
from edition.manuscript.style_settings import set_style
from edition.manuscript.volume import VOLUME, KeptDocuments, load
from edition.manuscript.words import load_words
from edition.manuscript.write_volume import save, save_document, save_documents, texts_of

__all__ = [
    "VOLUME",
    "KeptDocuments",
    "load",
    "load_document",
    "load_words",
    "save",
    "save_document",
    "save_documents",
    "set_style",
    "texts_of",
]
