"""Serves the dashboard on this machine alone: nothing is fetched from outside and nothing is reported to anybody."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
from collections.abc import Sequence
from contextlib import suppress

from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.language import ENGLISH, spoken
from coprod_sim.scenario.errors import ScenarioError

HOST, PORT, MOST_PORT = "127.0.0.1", 8765, 65_535
MODULE = "coprod_sim.presentation.app.page"
# No reports to Solara's makers; and where one of its files were missing here, it would be asked for at an address of
# this machine at which nobody listens, and not outside.
ENVIRONMENT = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_THEME_SHOW_BANNER": "false",
}


_served = {"language": ENGLISH}


def served_in() -> str:
    """The language in which the page is served, unless its address asks for another one."""
    return _served["language"]


def serve(port: int = PORT, *, browser: bool = True, module: str = MODULE) -> None:
    """Serve until Ctrl-C, in the language that is spoken.

    Args:
        port: of this machine.
        browser: whether to open the page in the browser.
        module: that has the page.

    Raises:
        ScenarioError: the extra is not installed, or the port is taken.
    """
    for package in ("solara", "solara_assets"):
        if importlib.util.find_spec(package) is None:
            raise ScenarioError(say("extra_missing", name=package))
    _refuse_taken(port)
    os.environ.update(ENVIRONMENT)
    _served["language"] = spoken()
    from click.exceptions import Abort  # comes with solara
    from solara.__main__ import cli

    from coprod_sim.model.warming import compile_rules

    compile_rules(lambda sentence: print(sentence, flush=True))
    print(say("serving", host=HOST, port=port), flush=True)
    words = ["run", module, "--host", HOST, "--port", str(port), "--production", "--no-check-version"]
    with suppress(Abort):  # Ctrl-C, or the process was asked to end
        cli([*words, "--open" if browser else "--no-open"], standalone_mode=False)


def asked(words: Sequence[str]) -> tuple[int, bool]:
    """Port, and whether to open the browser, from the words of `coprod-sim app`.

    Raises:
        ScenarioError: other words than port=N and browser=true or false, or a port that is none.
    """
    port, browser = PORT, True
    for word in words:
        key, _, given = word.partition("=")
        if key == "port":
            if not re.fullmatch(r"[0-9]{1,5}", given) or not 1 <= int(given) <= MOST_PORT:
                raise ScenarioError(say("port", most=MOST_PORT, given=given))
            port = int(given)
        elif key == "browser":
            if given not in ("true", "false"):
                raise ScenarioError(say("browser", given=given))
            browser = given == "true"
        else:
            raise ScenarioError(say("app_words", given=word))
    return port, browser


def _refuse_taken(port: int) -> None:
    with socket.socket() as there:
        if there.connect_ex((HOST, port)) == 0:
            raise ScenarioError(say("port_taken", port=port))
