"""Something else → documents: one module a format. Importers know the model and never one another."""

from edition.importers import plain_text, tei

__all__ = ["plain_text", "tei"]
