"""Lines as good as the best: total fit over paragraphs, spaces and letters that give, points that hang.

docs/lines.md explains it. A style turns it on by the custom property `--lines` (`off`, `spaces`, `full`), which is
inherited and may differ from element to element.
"""

from edition.typeset.lines.page_ends import PageEndsMixin as LinesMixin
from edition.typeset.lines.setting import HOOKS

__all__ = ["HOOKS", "LinesMixin"]
