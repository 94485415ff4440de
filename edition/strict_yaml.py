"""temporary"""
from pathlib import Path
from typing import Any
import yaml
from edition.source import Place
class Marks:
    def __init__(self, path: str): self.path = path
    def place(self, path: tuple[str | int, ...]) -> Place: return Place(self.path)
def read_yaml(path: Path) -> tuple[Any, Marks]:
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader), Marks(str(path))
