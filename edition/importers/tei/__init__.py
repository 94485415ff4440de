"""A volume in TEI → an Edition: Foreign Relations of the United States by its conventions, other TEI sensibly.

docs/tei.md says what becomes what. No text is lost and none is doubled: an element that is not known is
unwrapped and reported. `prove` compares a file with the edition made from it, and with that edition's files.
"""

from edition.importers.tei.proof import Proven, prove, unreadable
from edition.importers.tei.reading import Imported
from edition.importers.tei.volume import read

__all__ = ["Imported", "Proven", "prove", "read", "unreadable"]
