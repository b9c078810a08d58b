"""axe-core in a browser that a test drives: what a page does to those who do not see it, or do not see it well.

Its one file comes with `npm ci` in `tools/axe` (CONTRIBUTING.md), which only tests need.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[1] / "tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
IMPACTS = ("serious", "critical")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  found => done(found.violations.flatMap(
    one => one.nodes.map(node => [one.id, one.impact, node.target.join(" "), node.html]))),
  error => done([['axe', 'critical', String(error), '']]));
"""


def serious(driver: Any) -> list[tuple[str, str, str]]:
    """What axe-core calls serious or critical on the page that is shown.

    Skips where axe-core is not installed, but fails in CI.

    Args:
        driver: of selenium, with the page loaded.

    Returns:
        (rule, selector of the element, the first of its HTML), one for each element and rule.
    """
    if not FILE.is_file():
        reason = "axe-core is not installed (npm ci in tools/axe), so the page was not looked at with it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    driver.execute_script(FILE.read_text(encoding="utf-8"))
    driver.set_script_timeout(300)
    found = driver.execute_async_script(RUN)
    return [(rule, where, html[:300]) for rule, impact, where, html in found if impact in IMPACTS]
