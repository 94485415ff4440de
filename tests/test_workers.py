"""Workers after a call that was not gone through to its end."""

from __future__ import annotations

import time

import pytest

from edition.workers import Workers


def work(task: int) -> int:
    if task == 13:
        raise ValueError("an unlucky number")
    time.sleep(0.05)
    return 10 * task


def test_what_was_left_unfinished_is_not_taken_for_the_next_result() -> None:
    with Workers(2, work) as workers:
        for _ in workers(range(1, 8)):
            break  # somebody wants something else meanwhile
        assert dict(workers([20, 21, 22])) == {0: 200, 1: 210, 2: 220}


def test_after_an_error_the_next_results_are_right() -> None:
    with Workers(2, work) as workers:
        with pytest.raises(ValueError, match="unlucky"):
            dict(workers([13, 1, 2, 3]))
        assert dict(workers([4, 5, 6])) == {0: 40, 1: 50, 2: 60}
