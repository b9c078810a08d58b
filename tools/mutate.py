"""Whether tests notice a rule that was changed: mutations of rules, each against the tests that concern its rule.

    make mutate
    python tools/mutate.py --seed 2 --number 50

Each mutation is applied alone to a copy of the package in a temporary folder, where nothing is compiled. A test file
concerns a rule if it names it, or a function that calls it. A mutant that gives the same values as the rule on a sample
of inputs (`mutations.is_noticed`), or that stands in SAME below, is not counted, and another is drawn.

No library fits: mutmut passes over functions with decorators, as all rules have, cosmic-ray runs one and the same test
command for every mutant, and mutatest, which would draw a sample, is not kept any longer.
"""

from __future__ import annotations

import os

if __name__ == "__main__":
    os.environ["NUMBA_DISABLE_JIT"] = "1"  # before numba is imported

import argparse
import ast
import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from mutations import ROOT, Mutation, draw, functions, is_noticed
from rich.console import Console
from rich.progress import track

TESTS = ROOT / "tests"
NUMBER, SEED, CORES = 200, 1, 2
LIMIT = 300  # seconds for one mutant's tests: what takes longer runs in circles, which is noticed
COPIED = ("coprod_sim", "tests", "pyproject.toml")
NO_TABLE = shutil.ignore_patterns("__pycache__")
# Files whose tests are not of rules: they read the source itself, hold results to what they were, compare compiled code
# with uncompiled, or draw millions of numbers or run whole models, which takes minutes uncompiled.
OTHERS = {
    "analysis", "baselines", "bits", "chance", "cli", "docs", "engine_cache", "engine_checking", "exchanged_rules",
    "experiments", "expectation_and_smoothness", "explaining", "history", "history_matching", "indicators", "kill",
    "levers", "lifecourse", "mesa", "missing", "model", "mutate", "numbers_declared", "official_sheet", "own_rules",
    "patterns", "random_numbers", "recommendations", "registry", "report", "schema", "stress_and_switches", "study",
    "visibility", "what_policies_cannot_change", "wheel",
}  # fmt: skip
# Mutants that are the rule in other words, though a sample shows a difference: (rule, before, after) with a reason.
SAME: dict[tuple[str, str, str], str] = {
    ("taught", "0.0", "1.0"): "rounds are never below 0, and none leaves more than all unknown",
    ("chance_unnamed", "SMALLEST", "SMALLEST * 1.25"): "costs are probabilities of log-odds from -40 on, far larger",
}
COLUMNS = ("outcome", "rule", "file", "line", "kind", "before", "after", "tests")


def main() -> int:
    """Draw, run, print and write a table."""
    asked = _asked()
    console = Console()
    left_out: list[Mutation] = []
    drawn = draw(asked.seed, asked.number, lambda mutation: _is_counted(mutation, left_out))
    if asked.list:
        for mutation in drawn:
            print(*_row("drawn", mutation).values(), sep=" | ")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copies = _copies(Path(folder), asked.cores)
        files = sorted({file for mutation in drawn for file in concerned(mutation.rule)})
        failing = _failing_unchanged(copies, files)
        if failing:
            console.print(f"these fail before anything is changed: {', '.join(failing)}")
            return 2
        rows = []
        for row in track(_run(drawn, copies), "mutants", total=len(drawn), console=console):
            rows.append(row)
            if row["outcome"] == "survived":
                _tell_of_survivor(console, row)
    _write(asked.table, rows + [_row("same values", mutation) for mutation in left_out])
    _tell(console, rows, len(left_out), asked, time.monotonic() - begun)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/mutate.py", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--number", type=int, default=NUMBER)
    parser.add_argument("--cores", type=int, default=CORES)
    parser.add_argument("--table", type=Path, default=ROOT / "build" / "mutants.csv")
    parser.add_argument("--list", action="store_true", help="show what would be tried, and try nothing")
    return parser.parse_args()


def _is_counted(mutation: Mutation, left_out: list[Mutation]) -> bool:
    counted = (mutation.rule, mutation.before, mutation.after) not in SAME and is_noticed(mutation)
    if not counted:
        left_out.append(mutation)
    return counted


# Which tests concern a rule.


@cache
def concerned(rule: str) -> tuple[str, ...]:
    """Test files that name a rule or whatever calls it, the nearest first."""
    callers, found, near = _callers(), [], [rule]
    seen = {rule}
    while near:
        found += [file for file, names in _names_of_tests().items() if names & set(near) and file not in found]
        near = sorted(set().union(*(callers.get(name, set()) for name in near)) - seen)
        seen |= set(near)
    return tuple(found)


@cache
def _callers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, function in functions(("rule", "row_step", "compiled_pass")).items():
        for called in _names(function.node) - {name}:
            found.setdefault(called, set()).add(name)
    return found


@cache
def _names_of_tests() -> dict[str, set[str]]:
    files = sorted(path for path in TESTS.glob("test_*.py") if path.stem.removeprefix("test_") not in OTHERS)
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    return {name: _names(ast.parse(text)) for name, text in texts.items() if "from coprod_sim.model" in text}


def _names(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


# Running.


def _copies(folder: Path, number: int) -> list[Path]:
    """Copies of the package and its tests; what they read beside stands there as in the checkout."""
    copies = [folder / str(place) for place in range(number)]
    for copy in copies:
        copy.mkdir()
        for entry in ROOT.iterdir():
            if entry.name not in COPIED and not entry.name.startswith("."):
                (copy / entry.name).symlink_to(entry)
        shutil.copytree(ROOT / "coprod_sim", copy / "coprod_sim", ignore=NO_TABLE)
        shutil.copytree(TESTS, copy / "tests", ignore=NO_TABLE)
        shutil.copy(ROOT / "pyproject.toml", copy)
    return copies


def _failing_unchanged(copies: list[Path], files: list[str]) -> list[str]:
    """Test files that fail in a copy as it is; each copy also gets its compiled text of modules here."""
    failing = []
    with ThreadPoolExecutor(len(copies)) as pool:
        for copy, done in zip(copies, pool.map(_imported_from, copies), strict=True):
            if not done.startswith(str(copy)):
                failing.append(f"{copy} imports {done}")
        ways = [copies[place % len(copies)] for place in range(len(files))]
        passed = pool.map(lambda one: _passes(one[0], (one[1],), keep=True), zip(ways, files, strict=True))
        failing += [file for file, fine in zip(files, passed, strict=True) if not fine]
    return failing


def _imported_from(copy: Path) -> str:
    command = [sys.executable, "-c", "import coprod_sim; print(coprod_sim.__file__)"]
    done = subprocess.run(command, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _passes(copy: Path, files: tuple[str, ...], keep: bool = False) -> bool:
    """Whether the tests of some files pass in a copy."""
    command = [sys.executable, *([] if keep else ["-B"]), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += ["-m", "not slow", *(f"tests/{file}" for file in files)]
    try:
        run = subprocess.run(command, cwd=copy, env=_environment(copy), capture_output=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def _environment(copy: Path) -> dict[str, str]:
    # CI: properties are tried on the same examples every time.
    return {**os.environ, "PYTHONPATH": str(copy), "CI": "1"}


def _run(drawn: list[Mutation], copies: list[Path]) -> Iterator[dict[str, str]]:
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(mutation: Mutation) -> dict[str, str]:
        copy = free.get()
        try:
            return _row("killed" if _is_killed(mutation, copy) else "survived", mutation)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(one, drawn)


def _is_killed(mutation: Mutation, copy: Path) -> bool:
    files = concerned(mutation.rule)
    if not files:
        return False
    path = copy / mutation.path
    written = path.read_bytes()
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()  # it is known by the second in which the file was written
    try:
        path.write_bytes(mutation.applied(written))
        return not _passes(copy, files)
    finally:
        path.write_bytes(written)


# Telling.


def _row(outcome: str, mutation: Mutation) -> dict[str, str]:
    tests = " ".join(file.removesuffix(".py") for file in concerned(mutation.rule))
    what = (mutation.rule, mutation.path, mutation.line, mutation.kind, mutation.before, mutation.after)
    return dict(zip(COLUMNS, map(str, (outcome, *what, tests)), strict=True))


def _write(table: Path, rows: list[dict[str, str]]) -> None:
    table.parent.mkdir(parents=True, exist_ok=True)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def _tell(console: Console, rows: list[dict[str, str]], left_out: int, asked: argparse.Namespace, took: float) -> None:
    kinds, killed = Counter(row["kind"] for row in rows), Counter(r["kind"] for r in rows if r["outcome"] == "killed")
    console.print("; ".join(f"{kind} {killed[kind]}/{kinds[kind]}" for kind in sorted(kinds)), highlight=False)
    console.print(
        f"seed {asked.seed}: {killed.total()} of {len(rows)} killed, {len(rows) - killed.total()} survived; "
        f"{left_out} of the same values left out; {took / 60:.0f} minutes; table: {asked.table}",
        highlight=False,
        soft_wrap=True,
    )


def _tell_of_survivor(console: Console, row: dict[str, str]) -> None:
    console.print(f"{row['file']}:{row['line']} {row['rule']} ({row['kind']})", highlight=False, soft_wrap=True)
    console.print(f"    {row['before']}\n    {row['after']}", highlight=False, markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
