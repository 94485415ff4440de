"""A volume in TEI → an Edition: Foreign Relations of the United States by its conventions, other TEI sensibly.

docs/tei.md says what becomes what. No text is lost and none is doubled: an element that is not known is
unwrapped and reported. `streams` says what a TEI file and an Edition hold, so that the two can be compared.
"""

from edition.importers.tei.reading import Imported
from edition.importers.tei.volume import read

__all__ = ["Imported", "read"]
