"""Which words are known: those of a dictionary of their language, and those of the edition's own list.

Dictionaries are Hunspell's, looked for where systems keep them and in the package that reads them, which brings
American English, Russian and Swedish. Where a language has none nothing is said of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spylls.hunspell import Dictionary

FOLDERS = ("/usr/share/hunspell", "/usr/share/myspell", "/usr/share/myspell/dicts")
USUAL_REGIONS = {"en": "US", "sv": "SE", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "pt": "PT", "nl": "NL"}
"""The region whose dictionary serves a language that names none; `xx_XX` is tried for all others."""


class Speller:
    """Answers whether a word is known; each word is looked up once."""

    def __init__(self, own: Iterable[str] = (), known: dict[str, dict[str, bool]] | None = None) -> None:
        self.own = frozenset(own)
        """The edition's own words, as written; one with small letters covers its forms with capitals."""
        self.known = known if known is not None else {}
        """By language, the words that were looked up."""

    def again(self) -> Speller:
        """One that knows what this one does, and learns by itself."""
        return Speller(self.own, {language: dict(words) for language, words in self.known.items()})

    def learn(self, known: dict[str, dict[str, bool]]) -> None:
        """Take over what another one knows."""
        for language, words in known.items():
            self.known.setdefault(language, {}).update(words)

    def speaks(self, language: str) -> bool:
        """Whether there is a dictionary of a language (BCP 47)."""
        return _path(language) is not None  # read only when a word is looked up: that takes a while

    def knows(self, word: str, language: str) -> bool:
        """Whether a word is known, as it is or in small letters. True where there is no dictionary."""
        known = self.known.setdefault(language, {})
        if word not in known:
            known[word] = self._look_up(word, language)
        return known[word]

    def _look_up(self, word: str, language: str) -> bool:
        word = word.replace("’", "'")
        if word in self.own or word.lower() in self.own:
            return True
        dictionary = _dictionary(language)
        return dictionary is None or bool(dictionary.lookup(word)) or bool(dictionary.lookup(word.lower()))

    def suggests(self, word: str, language: str) -> str | None:
        """The first word that a dictionary has instead."""
        dictionary = _dictionary(language)
        return next(iter(dictionary.suggest(word)), None) if dictionary else None


def dictionaries(languages: Iterable[str]) -> tuple[str, ...]:
    """Stand for the dictionaries of some languages: what was found with others may be wrong with these."""
    paths = [_path(language) for language in sorted(set(languages))]
    return tuple(f"{path} {path.stat().st_mtime_ns}" if path else "" for path in paths)


@cache
def _dictionary(language: str) -> Dictionary | None:
    path = _path(language)
    if path is None:
        return None
    from spylls.hunspell import Dictionary

    try:
        return Dictionary.from_files(str(path.with_suffix("")))
    except (OSError, ValueError, LookupError, AttributeError):  # a system's broken dictionary is none
        return None


@cache
def _path(language: str) -> Path | None:
    """The `.dic` file for a language: of its region, or where it names none of the usual one."""
    found = re.fullmatch(r"([a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-([A-Z]{2}))?(?:-.*)?", language)
    if found is None:
        return None
    name, region = found[1], found[2] or USUAL_REGIONS.get(found[1], found[1].upper())
    spec = find_spec("spylls")
    roots = [Path(root) for root in FOLDERS]
    if spec and spec.submodule_search_locations:
        roots.append(Path(spec.submodule_search_locations[0]) / "hunspell" / "data" / name)
    names = [f"{name}_{region}.dic", *([] if found[2] else [f"{name}.dic"])]
    return next((root / file for root in roots for file in names if (root / file).is_file()), None)
