"""What the rules of transcription know beside the passage that they read: the same for a whole edition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from edition.model import Edition
from edition.proof.rules.passages import Passage, Passages
from edition.proof.rules.registry import Checks
from edition.proof.rules.spelling import Speller


@dataclass(frozen=True, slots=True)
class Context:
    """The edition's words, and the dictionaries that are there."""

    speller: Speller = field(default_factory=Speller)


@dataclass(frozen=True, slots=True)
class Volume:
    """An edition with the passages of all its documents, in order."""

    edition: Edition
    passages: tuple[Passages, ...]


PassageChecks: TypeAlias = Checks[Passage, Context]
DocumentChecks: TypeAlias = Checks[Passages, Context]
VolumeChecks: TypeAlias = Checks[Volume, Context]
