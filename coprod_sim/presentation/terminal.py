"""Text in a terminal: names, questions, folders and errors as they are, whatever brackets and colons are in them."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def literal(text: object, style: str = "") -> Text:
    """Text that rich takes for what it is: no markup, no names of emoji, no colours for what looks like a number."""
    return Text(str(text), style)


def say(console: Console, text: object, style: str = "") -> None:
    """Print a line as it is; whoever copies it from the screen gets no breaks but those of the terminal."""
    console.print(literal(text, style), soft_wrap=True)
