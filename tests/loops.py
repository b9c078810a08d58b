"""Many cases of one check as one test: all that fail are listed, and none hides those after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

WHAT_FAILS = (Exception, pytest.fail.Exception)  # the second: what `pytest.raises` fails with


def check_each(cases: Iterable[Any], check: Callable[..., None]) -> None:
    """Call a check with every case, or with the parts of one that is a tuple; fail with the list of all that fail."""
    listed, failed = list(cases), []
    for case in listed:
        try:
            check(*case if isinstance(case, tuple) else (case,))
        except WHAT_FAILS as error:
            failed.append(f"{case}: {type(error).__name__}: {error}")
    if failed or not listed:
        pytest.fail(f"{len(failed)} of {len(listed)} fail\n" + "\n".join(failed), pytrace=False)


def for_each(cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make a check of one case one test of all of them: `check_each`."""
    listed = list(cases)

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            check_each(listed, check)

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        return test

    return decorate
