"""The command `coprod-sim`: checks its words by the scenario layer alone, and imports the rest when a study begins."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.garbage import uncollected
from coprod_sim.study.errors import StudyError, StudyInterrupted

REFUSED, INTERRUPTED, TERMINATED = 2, 130, 143
LANGUAGE = "language="
MERGE, EXPORT = "merge", "export"
CACHE = "cache"
APP = "app"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code.

    Args:
        argv: its words; None: those of this process.

    Returns:
        0; 2 with one sentence on standard error if something is not allowed or cannot be written; 130 after Ctrl-C; 143
        after SIGTERM.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        language, words = _language(words)
    except ScenarioError as error:
        return _refuse(error)
    with language:
        return _ending_in_words(words, _Ended())


def _ending_in_words(words: Sequence[str], ended: _Ended) -> int:
    """Run a command whose language is spoken; what ends it is said in a sentence."""
    try:
        with ended, warnings.catch_warnings():
            warnings.showwarning = _say_each_once()
            return _command(words)
    except (ScenarioError, StudyError) as error:
        return _refuse(error)
    except (StudyInterrupted, KeyboardInterrupt) as stopped:
        _say_mistake(str(stopped) or "stopped")
        return TERMINATED if ended.terminated else INTERRUPTED
    except BrokenPipeError:
        return _output_closed()
    except MemoryError:
        return _refuse("out of memory; fewer workers, villages or scenarios need less")
    except OSError as error:
        return _refuse(f"{error.filename or 'a file'}: {error.strerror or error}")


def _language(words: Sequence[str]) -> tuple[AbstractContextManager[None], list[str]]:
    """The language to speak, and the other words: it is part of no study."""
    from coprod_sim.presentation.language import ENGLISH, checked, speaking

    asked = [word.removeprefix(LANGUAGE) for word in words if word.startswith(LANGUAGE)]
    if len(asked) > 1:
        raise ScenarioError("language: must be given once, got twice")
    return speaking(checked(*asked or (ENGLISH,))), [word for word in words if not word.startswith(LANGUAGE)]


def _command(words: Sequence[str]) -> int:
    _speak_any_language()
    _stand_somewhere()
    if words and words[0] == MERGE:
        return _merge(words[1:])
    if words and words[0] == EXPORT:
        return _export(words[1:])
    if words and words[0] == CACHE:
        return _cache(words[1:])
    if words and words[0] == APP:
        return _app(words[1:])
    asked = _parsed(words)
    overrides = _overrides(asked.overrides)
    shows: dict[str, Callable[[], str]] = {
        "help": lambda: _texts().usage(),
        "version": lambda: f"coprod-sim {_version()}",
        "levers": lambda: _texts().levers(),
    }
    for name, text in shows.items():
        if getattr(asked, name):
            _refuse_more(f"--{name}", overrides)
            print(text())
            return 0
    if asked.villages_template is not None:
        _refuse_more("--villages-template", overrides)
        return _template(asked.villages_template)
    from coprod_sim.scenario.composing import use_configs

    use_configs(asked.config_dir)
    if asked.cfg is not None:
        from coprod_sim.study.commands import composed

        print(composed(overrides), end="")
        return 0
    return _study(overrides, sweep=asked.multirun)


def _cache(words: Sequence[str]) -> int:
    if list(words) != ["clear"]:
        given = " ".join(words) or "nothing"
        raise ScenarioError(f"{CACHE}: must be `coprod-sim {CACHE} clear`, got {given}")
    from coprod_sim.model.engine import cache

    folder, held = cache.clear()
    print(f"Compiled rules removed: {held / 1e6:.1f} MB in {folder}")
    return 0


def _app(words: Sequence[str]) -> int:
    from coprod_sim.presentation.app import serve

    port, browser = serve.asked(words)
    serve.serve(port, browser=browser)
    return 0


def _refuse_more(flag: str, overrides: Sequence[str]) -> None:
    if overrides:
        raise ScenarioError(f"{flag}: must stand alone, got {overrides[0]!r} beside it")


def _study(overrides: Sequence[str], *, sweep: bool) -> int:
    with uncollected():
        from coprod_sim.study.commands import request_of

        request = request_of(overrides, sweep=sweep)
    if request.dry:
        from coprod_sim.presentation.notes import note
        from coprod_sim.study.foreseen import foreseen

        for words in (foreseen(request), *request.study.notes):
            print(note(words))
        return 0
    from coprod_sim.study.processes import begun

    with uncollected(), nullcontext() if request.cluster or request.folder.exists() else begun(request.workers):
        from coprod_sim.presentation.running import execute

    return REFUSED if execute(request).unwritten else 0


def _folders(words: Sequence[str], what: str) -> tuple[list[Path], Path]:
    """The folders that a command is about, and the one that it is to write."""
    from coprod_sim.study.commands import output_of

    # A folder of results is named after a policy's overrides: it may have an = in its name.
    folders = [word for word in words if not word.startswith(("-", "output=")) and ("=" not in word or _there(word))]
    output = output_of(_overrides([word for word in words if word not in folders]), folders, what)
    return [Path(folder) for folder in folders], output


def _export(words: Sequence[str]) -> int:
    what = f"{EXPORT}: must be given the folder of one study and output=FOLDER"
    folders, output = _folders(words, what)
    if len(folders) != 1:
        raise ScenarioError(f"{what}, got {len(folders)} folders")
    from coprod_sim.study.dictionary import DICTIONARY
    from coprod_sim.study.exporting import export

    print(f"Tables: {export(folders[0], output)}; what each column is: {DICTIONARY}")
    return 0


def _merge(words: Sequence[str]) -> int:
    folders, output = _folders(words, f"{MERGE}: must be given the folders of a study's parts and output=FOLDER")
    from coprod_sim.presentation.running import merge_and_show

    return REFUSED if merge_and_show(folders, output).unwritten else 0


def _there(folder: str) -> bool:
    try:
        return Path(folder).is_dir()
    except (OSError, ValueError):  # no name that a folder can have
        return False


def _template(file: str) -> int:
    from coprod_sim.scenario.villages import write_template

    print(f"Template: {write_template(file)}")
    return 0


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong."""

    def error(self, message: str) -> NoReturn:
        given = message[:1].lower() + message[1:]
        raise ScenarioError(f"{given}; must be one of the flags and keys that `coprod-sim --help` names")


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="coprod-sim", add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--levers", action="store_true")
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("--config-dir", "-cd")
    parser.add_argument("--cfg", choices=("job",))
    parser.add_argument("--villages-template", metavar="FILE")
    for flag in ("--config-dir", "-cd", "--cfg", "--villages-template"):
        if sum(word == flag or word.startswith(f"{flag}=") for word in words) > 1:
            raise ScenarioError(f"{flag}: must be given once, got twice")
    return parser.parse_intermixed_args(list(words))


def _overrides(words: Sequence[str]) -> list[str]:
    from coprod_sim.scenario.composing import quoted

    for word in words:
        if "=" not in word and not word.startswith("~"):
            raise ScenarioError(
                f"must be key=value, a flag, `merge FOLDER…`, `export FOLDER`, `app` or `cache clear`, got {word!r}"
            )
    return [quoted(word) for word in words]


def _texts() -> Any:
    from coprod_sim.presentation import help_texts

    return help_texts


def _version() -> str:
    from importlib.metadata import version

    return version("coprod-sim")


def _speak_any_language() -> None:
    """What a terminal cannot write is written as an escape, and never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _stand_somewhere() -> None:
    try:
        Path.cwd()
    except OSError:
        raise ScenarioError("the working directory is gone: start in a folder that exists") from None


def _refuse(error: Exception | str) -> int:
    _say_mistake(str(error))
    return REFUSED


def _say_mistake(words: str) -> None:
    from coprod_sim.presentation.mistakes import mistake

    _say(mistake(words))


def _say(words: str) -> None:
    """One line on standard error; if that is closed, too, there is nobody to tell."""
    if sys.stderr is None:
        return
    try:
        print(f"coprod-sim: {' '.join(words.split())}", file=sys.stderr)
    except OSError:
        _close(2)


def _say_each_once() -> Callable[..., None]:
    said = set[str]()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        from coprod_sim.presentation.notes import note

        words = note(message.args[0]) if isinstance(message, Warning) and message.args else message
        if str(words) not in said:
            said.add(str(words))
            _say(str(words))

    return show


def _output_closed() -> int:
    """Whoever read the output has gone: what was to be written is written by then, but not said to the end."""
    _close(1)
    return _refuse("the output was closed before all of it was said; what was computed is stored")


def _close(descriptor: int) -> None:
    """Let what is still to be flushed at the end go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)


class _Ended:
    """Within it SIGTERM ends a command as Ctrl-C does: workers are ended and what is finished is kept.

    Attributes:
        terminated: whether SIGTERM came.
    """

    def __init__(self) -> None:
        self.terminated = False
        self._before: Any = None

    def __enter__(self) -> _Ended:
        try:
            self._before = signal.signal(signal.SIGTERM, self._came)
        except ValueError:  # not in the main thread, where somebody else handles signals
            self._before = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)

    def _came(self, *_: object) -> None:
        self.terminated = True
        raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
