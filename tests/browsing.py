"""Chromium without a screen, as tests look at pages with it."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest


def chromium(what: str, logs: tuple[str, ...] = ("browser",)) -> Any:
    """A driver of selenium, which whoever asks for it quits; skips where there is no Chromium, but fails in CI.

    Args:
        what: is not looked at otherwise.
        logs: that it keeps: browser (the console), performance (the network).
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    service = shutil.which("chromedriver")
    if not program or not service:
        reason = f"Chromium or chromedriver is not installed, so {what} was not looked at in a browser"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in ("headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
                 "disable-component-update", "disable-sync", "disable-dev-shm-usage"):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
