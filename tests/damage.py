"""What a fuzzer feeds the command: words, configs, files of villages and stored studies, damaged at random."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coprod_sim.scenario.composing import options
from coprod_sim.scenario.schema import LEVER_GROUPS, declarations

DECLARED = [(f"{group}.{name}", declared) for group, name, declared in declarations()]
NUMBERS = ("0", "1", "-1", "2.5", "1e400", "-1e400", "nan", "inf", "9" * 400, "0x10", "1_000", "٣", "1e-320", "")
WORDS = (
    "null", "true", "no", "~", "???", "${seed}", "${oc.env:HOME}", "[1,2]", "{}", "{0:1,0:2}", "{a:{b:{c:1}}}", "a b",
    "'", '"', "\\", "=", "=1+1", "名称", "\u202e", "[" * 30, "{" * 300, "x" * 30_000, "choice(1,2)", "range(0,1e9)",
    "glob(*)", "interval(0,1)", "shuffle(1,2)", "sort(3,2)", "int(x)", "extend_list(1)", "a,b", "!!python/x", "../..",
    "/dev/zero", "\udcff", "'\udcff'", "9" * 4000, "%s", "{0:1e999}", "@x", "?", "*", "#", ";", "\t", "🙂",
)  # fmt: skip
RUN = ("replications", "seed", "draws", "workers", "cluster", "output", "baseline", "scenarios", "sweep", "question",
       "part", "experiment", "county", "hydra", "hydra/launcher", "hydra.run.dir")  # fmt: skip
STRUCTURED = (
    "draws={accepted:1000000}", "draws={accepted:-1}", "draws={sobol:{samples:1e9,over:{motives.feel:null}}}",
    "draws={latin_hypercube:{samples:1000000,over:{motives.feel:[0,1]}}}", "draws=[{horizon.months:3}]",
    "draws=[{county.name:x}]", "draws=[{motives.feel:1e999}]", "draws=[[1]]", "draws={a:1,b:2}", "draws=accepted",
    "sweep={grid:{access.fee:[0,1e999]}}", "sweep={grid:{}}", "sweep={zipped:{access.fee:[1],funding:[a,b]}}",
    "sweep={fractional_factorial:{factors:{access.fee:[0,1]},resolution:99}}", "sweep=3", "sweep={hack:{}}",
    "replications=1000000000", "replications={indicator:x,half_width:1,at_most:3}", "replications={}",
    "replications={indicator:helper_rate,half_width:1e-9,at_most:1000000000}", "workers=100000", "workers=1.5",
    "population.villages=20000", "population.villages=20001", "population.elders_per_village=1000",
    "horizon.months=600", "horizon.reform_month=120", "horizon.reform_month=36", "horizon.state_window=120",
    "scenarios={'':[]}", "scenarios={a:[county=xinyu]}", "scenarios={a:[horizon.months=24]}", "scenarios=[a]",
    "scenarios={no:[access.fee=1]}", "scenarios={a:[access.fee]}", "scenarios={a:[seed=3]}", "part=1/0", "part=9/2",
    "baseline=nobody", "cluster=tcp://127.0.0.1:1", "cluster=nonsense", "county.villages=/dev/zero",
    "county.villages=/", "county.villages=nowhere.csv", "county.sheet=x", "output=/dev/null/x",
)  # fmt: skip
FLAGS = ("-m", "--multirun", "--cfg", "--cfg=job", "--cfg=all", "--levers", "--version", "--help", "--resolve", "-rm",
         "--config-name", "--config-path=/", "--config-dir", "--config-dir=/", "--config-dir=configs", "--info",
         "--experimental-rerun=x.pickle", "-p", "--", "-", "merge", "flagship", "--run", "--shell-completion",
         "--villages-template", "--villages-template=/nowhere/t.csv", "--villages-template=t.doc")  # fmt: skip

EXPERIMENT = """# @package _global_
question: What does money early change?
population:
  villages: 2
  elders_per_village: 20
horizon:
  months: 38
replications: 2
scenarios:
  early: [funding=front_loaded]
  both: [funding=front_loaded, 'access.fee={0: 2.2, 37: 0}']
sweep:
  grid:
    access.fee: [0, 5]
draws:
  - {motives.feel: 0.4}
"""
COUNTY = "# @package _global_\ncounty:\n  name: mine\npopulation:\n  villages: 3\n"
LEVERS = "fee: 5\nhome_delivery: true\n"
VILLAGES = "name,elders,hamlets,collective_income\nA,120,2,60000\nB,45,1,\n丙村,80,3,1000\n"
SCENARIO = "schema: 4\npopulation:\n  villages: 2\nincentive:\n  time_bank: {0: false, 40: true}\n"
POISON = (
    "hydra: {callbacks: {x: {_target_: os.mkdir, path: proof}}}", "hydra: {run: {dir: proof}}",
    "hydra: {job_logging: {handlers: {x: {class: logging.FileHandler, filename: proof}}}}",
    "defaults: [{override /hydra/launcher: basic}]", "defaults: [{override /hydra/job_logging: default}]",
    "defaults: [{/hydra/callbacks@hydra.callbacks: x}]", "defaults: {a: b}", "defaults: [none_such]",
    "a: !!python/object/apply:os.mkdir [proof]", "a: !!python/name:os.system", "a: &x [1, 2]\nb: *x", "no: 1",
    "2020-01-01: 3", "question: 3", "question: [a]", "motives: null", "county: xinyu", "population: 3", "- a\n- b",
    "scenarios: [a]", "scenarios: {a: b}", "scenarios: {1: []}", "scenarios: {yes: []}", "seed: x", "seed: 1e400",
    "\tx: 1", "x: [", "x: {", "'", "? [1]\n: 2", "a: b: c", "%TAG x", "---\na: 1\n---\nb: 2", "_target_: os.mkdir",
    "searchpath: [pkg://os]", "dry: maybe", "output: [x]", "baseline: 3", "draws: {accepted: x}", "sweep: [1]",
    "population: {villages: 1e400}", "funding: {shortfall: 0.1}", "population: {villages: ${oc.env:HOME}}",
    "replications: ${replications}", "question: ${oc.env:HOME}", "seed: 010", "seed: 0x" + "f" * 5000, "seed: 1:30",
    "defaults: [sub/x]",
    "draws: [{motives.feel: " + "9" * 4000 + "}]", "seed: " + "9" * 4000, "defaults: [county: xinyu]", "seed: 9",
    "[" * 200, "a: " + "[" * 100 + "]" * 100, "x: " + "9" * 5000, "\x00",
)  # fmt: skip


@dataclass
class Case:
    """One call: its words, and what there is in its folder."""

    words: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    store: str = ""  # how a stored study in `stored` was damaged


def case(seed: int) -> Case:
    """The case of a number: always the same."""
    rng = random.Random(seed)
    kind = rng.choice((_words, _words, _config, _config, _villages, _scenario_file, _store))
    return kind(rng)


def _value(rng: random.Random) -> str:
    return rng.choice((*NUMBERS, *WORDS))


def _override(rng: random.Random) -> str:
    which = rng.random()
    if which < 0.2:
        return rng.choice(STRUCTURED)
    if which < 0.35:
        group = rng.choice((*LEVER_GROUPS, "county", "experiment"))
        return f"{group}={rng.choice((*options(group), _value(rng)))}"
    if which < 0.5:
        return f"{rng.choice(RUN)}={_value(rng)}"
    key, declared = rng.choice(DECLARED)
    if rng.random() < 0.4 and declared.low is not None and declared.high is not None:
        return f"{key}={rng.uniform(declared.low, declared.high):.3g}"
    if rng.random() < 0.1:
        key = _mutated(key.encode(), rng).decode(errors="replace")
    return f"{rng.choice(('', '', '', '', '+', '++', '~'))}{key}={_value(rng)}"


def _words(rng: random.Random) -> Case:
    words = [_override(rng) for _ in range(rng.randint(0, 4))]
    if rng.random() < 0.35:
        words.insert(rng.randint(0, len(words)), rng.choice(FLAGS))
    if rng.random() < 0.1:
        words.append(_value(rng))
    return Case(words)


def _config(rng: random.Random) -> Case:
    name, content = rng.choice((("experiment", EXPERIMENT), ("county", COUNTY), ("access", LEVERS)))
    for _ in range(rng.randint(1, 3)):
        content = rng.choice((_poisoned, _poisoned, _shuffled, _bitten))(content, rng)
    data = content.encode(errors="surrogatepass") if rng.random() < 0.9 else content.encode("utf-16")
    beside = [] if name == "experiment" else ["experiment=pairing"]
    words = ["--config-dir", "own", f"{name}=mine", *beside, *([_override(rng)] if rng.random() < 0.2 else [])]
    return Case(words, {f"own/{name}/mine.yaml": data})


def _poisoned(content: str, rng: random.Random) -> str:
    lines = content.splitlines()
    lines.insert(rng.randint(1, len(lines)), rng.choice(POISON))
    return "\n".join(lines)


def _shuffled(content: str, rng: random.Random) -> str:
    lines = content.splitlines()
    rng.shuffle(lines)
    return "\n".join(lines)


def _bitten(content: str, rng: random.Random) -> str:
    return _mutated(content.encode(errors="replace"), rng).decode(errors="replace")


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut, doubled or put elsewhere."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made) + 1)
        upto = min(at + rng.choice((1, 1, 3, 20)), len(made))
        what: Callable[[], object] = rng.choice((
            lambda at=at, upto=upto: made.__delitem__(slice(at, upto)),
            lambda at=at, upto=upto: made.__setitem__(slice(at, at), made[at:upto]),
            lambda at=at: made.__setitem__(slice(at, at), rng.randbytes(rng.randint(1, 4))),
            lambda at=at: made.__setitem__(slice(at, at), rng.choice((b"\n", b",", b'"', b"\t", b":", b" ", b"\x00"))),
        ))  # fmt: skip
        what()
    return bytes(made)


def _villages(rng: random.Random) -> Case:
    data = _mutated(VILLAGES.encode(rng.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))), rng)
    name = rng.choice(("v.csv", "v.csv", "v.xlsx", "v.csv.gz", "v"))
    return Case([f"county.villages={name}", rng.choice(("experiment=pairing", "county.sheet=x"))], {name: data})


def _scenario_file(rng: random.Random) -> Case:
    # No command reads a saved scenario; its reader is that of configs.
    return Case(["--config-dir", "own", "county=mine"], {"own/county/mine.yaml": _bitten(SCENARIO, rng).encode()})


def _store(rng: random.Random) -> Case:
    return Case([], store=str(rng.randrange(10**9)))


def damage(folder: Path, seed: str) -> None:
    """Damage a stored study in one or two of its files."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 2)):
        file = rng.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
        rng.choice((_cut, _bite, _remove, _empty, _swap, _json))(file, rng)


def _cut(file: Path, rng: random.Random) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: rng.randrange(len(data) + 1)])


def _bite(file: Path, rng: random.Random) -> None:
    file.write_bytes(_mutated(file.read_bytes(), rng))


def _remove(file: Path, _: random.Random) -> None:
    file.unlink()


def _empty(file: Path, _: random.Random) -> None:
    file.write_bytes(b"")


def _swap(file: Path, rng: random.Random) -> None:
    others = sorted(path for path in file.parent.iterdir() if path.is_file())
    data = rng.choice(others).read_bytes()
    file.unlink()
    if rng.random() < 0.2:
        file.mkdir()
    else:
        file.write_bytes(data)


def _json(file: Path, rng: random.Random) -> None:
    """A key of a JSON file gone, or of another kind."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return _cut(file, rng)
    place = content
    while isinstance(place, dict) and place:
        key = rng.choice(sorted(place))
        if rng.random() < 0.5 or not isinstance(place[key], dict):
            place[key] = rng.choice((None, 3, "x", [], {}, True, 1e308))
            break
        place = place[key]
    file.write_text(json.dumps(content), encoding="utf-8")
    return None


def laid(made: Case, folder: Path, stored: Path) -> None:
    """Lay a case's files in a folder."""
    for name, content in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if made.store:
        shutil.copytree(stored, folder / "stored")
        damage(folder / "stored", made.store)
