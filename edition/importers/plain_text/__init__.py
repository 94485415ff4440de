"""Raw text → documents: what a page of a digital edition leaves when its text is copied.

A line with the file number, the title, paragraphs with `[Page 404]` and with calls glued to words as plain
digits, a signature, and the notes as a list numbered anew. Everything inferred is reported with what it was
inferred from; where two readings are close the text stays as it is. No character is lost: whatever has no
other meaning is text.
"""

from edition.importers.plain_text.reading import Imported, read

__all__ = ["Imported", "read"]
