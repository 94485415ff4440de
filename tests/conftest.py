"""What all tests share: properties are tried on the same examples each time, unless asked otherwise.

A change must not fail for what it did not do. `HYPOTHESIS_PROFILE=explore` looks for new examples.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))
