"""The tables of README.md and docs/benchmark.md from the results files: `python benchmarks/table.py`.

`--print` shows them and writes nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LATEST, MILLION = (ROOT / "benchmarks" / "results" / f"{name}.json" for name in ("latest", "million"))
BEGIN, END = "<!-- {}: made by benchmarks/table.py -->", "<!-- end of {} -->"
Json = dict[str, Any]


def main() -> None:
    """Write the tables where they stand."""
    parser = argparse.ArgumentParser(prog="benchmarks/table.py", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--print", action="store_true", help="show the tables and write nothing")
    results, large = (json.loads(file.read_text(encoding="utf-8")) for file in (LATEST, MILLION))
    if parser.parse_args().print:
        print(f"{tables(results)}\n\n{million(large)}")
        return
    for file, text in pages(results, large).items():
        file.write_text(text, encoding="utf-8")


def pages(results: Json, large: Json) -> dict[Path, str]:
    """File → its text with the tables that these results, and those of a million elders, make."""
    fast = speed(results)
    made = {
        ROOT / "README.md": {"speed": fast},
        ROOT / "docs" / "benchmark.md": {"speed": fast, "million": million(large), "around": around(results)},
    }
    texts = {}
    for file, parts in made.items():
        text = file.read_text(encoding="utf-8")
        for name, part in parts.items():
            text = _with(text, name, part)
        texts[file] = text
    return texts


def tables(results: Json) -> str:
    """Both tables."""
    return f"{speed(results)}\n\n{around(results)}"


def speed(results: Json) -> str:
    """The months by number of elders: now, before, and what the machine allows."""
    head = ("living elders", "textbook, ns", f"commit {results['earlier']}, ns", "now, ns", "million a second",
            "textbook / now", f"{results['earlier']} / now", "bound, ns", "now / bound")  # fmt: skip
    lines = [_speed_line(of_size) for of_size in results["sizes"].values()]
    quick = "A quick run, which shows that everything runs and not how fast." if results["quick"] else ""
    notes = [quick, _of(results), results["why_not_earlier"] or ""]
    return "\n\n".join([_table(head, lines), *filter(None, notes)])


def _speed_line(found: Json) -> list[str]:
    now, loop = found["now"]["median"], found["loop"]["median"]
    earlier, textbook = found.get("earlier"), found["textbook"]
    return [
        f"{found['elders']:,.0f}", _range(textbook), _range(earlier) if earlier else "", _range(found["now"]),
        f"{1e3 / now:.2f}", f"{textbook['median'] / now:.0f}", f"{earlier['median'] / now:.1f}" if earlier else "",
        f"{loop:,.0f}", f"{now / loop:.1f}",
    ]  # fmt: skip


def million(found: Json) -> str:
    """What a million elders take: one county in one process, once."""
    lines = [
        ["villages", f"{found['villages']:,}"],
        ["elders at the start", f"{found['at_start']:,}"],
        ["living elders, mean over the months", f"{found['elders']:,.0f}"],
        ["months", f"{found['months']}"],
        ["from nothing to the results, by the clock on the wall", f"{found['wall']:,.0f} s"],
        ["the same in processor time", f"{found['seconds']:,.0f} s"],
        ["of that building", f"{found['building']:.1f} s"],
        ["living elder-months a second", f"{found['elder_months'] / found['seconds'] / 1e6:.2f} million"],
        ["most memory of the process", f"{found['peak_mb'] / 1e3:.1f} GB"],
        ["of that before the county was built", f"{found['before_mb'] / 1e3:.1f} GB"],
    ]
    return f"{_table(('a million elders', ''), lines)}\n\nMeasured once, one core. {_where(found)}"


def around(results: Json) -> str:
    """What stands beside the months: a run's own costs by number of elders, and what does not depend on it."""
    sizes = list(results["sizes"].values())
    head = ["", *(f"{found['elders']:,.0f} elders" for found in sizes)]
    parts: list[tuple[str, Callable[[Json], str]]] = [
        ("collecting, share of a month", lambda s: f"{s['around']['collecting_share']['median']:.1%}"),
        ("building a model, ms", lambda s: _ms(s["around"]["building"])),
        ("branching, ms", lambda s: _ms(s["around"]["branching"])),
        ("results of a run, ms", lambda s: _ms(s["around"]["results"])),
        ("all arrays, bytes a row", lambda s: f"{s['memory']['bytes_a_row']:,.0f}"),
        ("elders' declared state, bytes a row", lambda s: f"{s['memory']['declared_bytes_a_row']:,.0f}"),
        ("most memory of the process, MB", lambda s: f"{s['memory']['peak_mb']:,.0f}"),
        ("one copy of the state, ns an elder", lambda s: f"{s['copy']['median']:.2g}"),
    ]
    lines = [[label, *(text(found) for found in sizes)] for label, text in parts]
    return f"{_table(head, lines)}\n\n{_table(('beside all sizes', 'time'), _beside(results))}"


def _beside(results: Json) -> list[list[str]]:
    warm, cold, store = results["warm"], results["cold"], results["store"]
    runs = results["stored_runs"]
    return [
        ["storing a run, in the process that ran it", f"{_ms(store['worker'])} ms"],
        [f"storing a run, one of {runs}, in the study's process", f"{_ms(store['parent'])} ms"],
        [f"a study of {runs} short runs, a run, beside the runs", f"{_ms(results['study']['beside_runs'])} ms"],
        ["`import coprod_sim`", f"{_ms(warm['imported'])} ms"],
        ["the model imported, since the start", f"{warm['model_imported']['median']:.2f} s"],
        ["first model built, since the start", f"{warm['built']['median']:.2f} s"],
        ["first year stepped, since the start", f"{warm['first_year']['median']:.2f} s"],
        ["first year stepped, nothing compiled yet", f"{cold['first_year']['median']:.2f} s"],
        ["`coprod-sim --help`, the whole process", f"{results['help']['seconds']['median']:.2f} s"],
    ]


def _of(results: Json) -> str:
    """How often, when and where, in a sentence or two."""
    rounds = results["rounds"]
    return (
        f"Medians of {rounds} alternating round{'s' if rounds > 1 else ''} (range of the rounds), nanoseconds per "
        f"living elder and month, runs of {results['months']} months, one core. {_where(results)}"
    )


def _where(results: Json) -> str:
    """When, of which commit, on what machine."""
    on, versions = results["machine"], results["versions"]
    processor = f"{on['processor'] or 'processor unknown'}, {on['cores']} cores"
    memory = f", {on['memory_gb']:.0f} GB" if on["memory_gb"] else ""
    libraries = ", ".join(f"{name} {versions[name]}" for name in ("mesa", "numpy", "numba") if name in versions)
    changed = " with changes" if results["dirty"] else ""
    commit = f"commit {results['commit']}{changed}" if results["commit"] else "no commit known"
    return f"{results['date']}, {commit}; {processor}{memory}; Python {versions['python']}, {libraries}."


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    names = list(head)
    rows = [names, ["---"] + ["---:"] * (len(names) - 1), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _range(found: Json) -> str:
    return f"{found['median']:,.0f} ({found['low']:,.0f}-{found['high']:,.0f})"


def _ms(found: Json) -> str:
    milliseconds = 1e3 * found["median"]
    return f"{milliseconds:,.0f}" if milliseconds >= 10 else f"{milliseconds:.2g}"


def _with(text: str, name: str, table: str) -> str:
    """A page with the table of this name in its place."""
    begin, end = BEGIN.format(name), END.format(name)
    before, rest = text.split(begin)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"


if __name__ == "__main__":
    main()
