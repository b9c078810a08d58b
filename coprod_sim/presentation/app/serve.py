"""Serves the dashboard on this machine alone: nothing is fetched from outside and nothing is reported to anybody."""

from __future__ import annotations

import importlib.util
import os
import re
import socket

from coprod_sim.presentation.app.texts import say
from coprod_sim.scenario.errors import ScenarioError

HOST, PORT = "127.0.0.1", 8765
MODULE = "coprod_sim.presentation.app.page"
# No reports to Solara's makers; and where one of its files were missing here, it would be asked for at an address of
# this machine at which nobody listens, and not outside.
ENVIRONMENT = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_THEME_SHOW_BANNER": "false",
}


def serve(port: int = PORT, *, browser: bool = True, module: str = MODULE) -> None:
    """Serve until Ctrl-C.

    Args:
        port: of this machine.
        browser: whether to open the page in the browser.
        module: that has the page.

    Raises:
        ScenarioError: the extra is not installed, or the port is taken.
    """
    for package in ("solara", "solara_assets"):
        if not (importlib.util.find_spec(package) or _distribution(package)):
            raise ScenarioError(say("extra_missing", name=package))
    _refuse_taken(port)
    os.environ.update(ENVIRONMENT)
    from solara.__main__ import cli

    from coprod_sim.model.warming import compile_rules

    compile_rules(print)
    print(say("serving", host=HOST, port=port), flush=True)
    words = ["run", module, "--host", HOST, "--port", str(port), "--production", "--no-check-version"]
    cli([*words, "--open" if browser else "--no-open"], standalone_mode=False)


def port_of(given: str) -> int:
    """A port as it was typed.

    Raises:
        ScenarioError: it is none.
    """
    port = int(given) if re.fullmatch(r"[0-9]{1,5}", given) else 0
    if not 1 <= port <= 65535:
        raise ScenarioError(say("port", given=given))
    return port


def _refuse_taken(port: int) -> None:
    with socket.socket() as there:
        if there.connect_ex((HOST, port)) == 0:
            raise ScenarioError(say("port_taken", port=port))
