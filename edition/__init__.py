"""Edition: typeset print editions from YAML-annotated documents, with nothing lost."""

__version__ = "0.1.0"
