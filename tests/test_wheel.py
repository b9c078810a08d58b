"""The package as a user installs it: built, installed apart from the checkout, run in an empty folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run in `folder`, with nothing of the checkout on the import path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a new environment that has the wheel, and this environment's dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    programs = folder / "bin"
    made = run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder)
    assert made.returncode == 0, made.stderr
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", programs / "python"]
    done = run(*pip, "install", "--no-index", "--no-deps", "--disable-pip-version-check", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    # A folder named in a .pth file goes on the path, but the .pth files in it are not read: so the
    # dependencies are found, after the wheel's own files, and the checkout's editable install is not.
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_every_file_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    places = {"configs": "coprod_sim/configs", "coprod_sim": "coprod_sim"}
    for source, target in places.items():
        wanted = {
            f"{target}/{path.relative_to(ROOT / source).as_posix()}"
            for path in (ROOT / source).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted, f"{source}/ is empty"
        assert wanted <= inside, sorted(wanted - inside)


def test_the_wheel_is_what_runs(installed: Path, empty: Path) -> None:
    found = run(installed / "python", "-c", "import coprod_sim; print(coprod_sim.__file__)", folder=empty)
    assert found.returncode == 0, found.stderr
    assert Path(found.stdout.strip()).is_relative_to(installed.parent)


def test_a_study_runs_in_an_empty_folder(installed: Path, empty: Path) -> None:
    study = ["county=village_small", "draws={accepted:2}", "workers=1", "output=out"]
    done = run(installed / "coprod-sim", *study, folder=empty)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list((empty / "out").rglob("*.parquet")), done.stdout


def test_a_sweep_is_one_study_in_an_empty_folder(installed: Path, empty: Path) -> None:
    small = ["county=village_small", "population.villages=2", "horizon.months=40", "replications=1", "workers=1"]
    done = run(installed / "coprod-sim", "-m", *small, "incentive=honour,time_bank", folder=empty)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in empty.iterdir()] == ["results"]
    (study,) = (empty / "results").iterdir()
    assert len(list((study / "scenarios").iterdir())) == 3


def test_bad_input_gets_one_sentence_and_leaves_nothing(installed: Path, empty: Path) -> None:
    done = run(installed / "coprod-sim", "no_such_key=1", folder=empty)
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert "no_such_key" in line
    assert list(empty.iterdir()) == []


@pytest.fixture(scope="module")
def open_to_all(wheel: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A Python that any user can run, with the files of the wheel, which nobody can change; and its environment."""
    folder = Path(tempfile.mkdtemp(prefix="coprod_sim-open-"))
    folder.chmod(0o755)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    (folder / "bin").mkdir()
    shutil.copy(base / "bin" / name, folder / "bin" / "python")
    without = shutil.ignore_patterns("test", "site-packages", "idlelib", "tkinter", "ensurepip", "__pycache__")
    shutil.copytree(base / "lib" / name, folder / "lib" / name, ignore=without)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy(library, folder / "lib" / library.name)
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder / "package")
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() or path.parent.name == "bin" else 0o444)
    environment = {
        "PYTHONPATH": os.pathsep.join([str(folder / "package"), sysconfig.get_path("purelib")]),
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
    }
    yield folder / "bin" / "python", environment
    shutil.rmtree(folder)


def as_nobody(python: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a user who may write nowhere but where everybody may."""
    who = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    command = [*who, str(python), *words]
    return subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


ONE_MONTH = """
import coprod_sim as cs
from coprod_sim.model.engine import cache
scenario = cs.load_scenario("village_small", ["population.villages=2", "horizon.months=2", "horizon.reform_month=1"])
model = cs.CoproductionModel(scenario, rng=1)
model.step()
print(cache.folder())
"""


# One pass, which compiles in no time: where what is compiled lies, and what is said of it, is the same for all.
ONE_PASS = """
from coprod_sim.model.engine import cache
from coprod_sim.model.streams import Chance, Stream
assert 0 < Chance(1).uniforms(Stream.ADL, 0, 3).sum() < 3
print(cache.folder())
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can run something as another user")
def test_an_ordinary_user_without_a_home_runs_a_package_that_cannot_be_written(
    open_to_all: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv, of util-linux, is not there")
    python, environment = open_to_all
    private = as_nobody(python, environment, "-c", ONE_MONTH)
    assert private.returncode == 0 and private.stderr == "", private.stderr[-1500:]
    folder = Path(private.stdout.strip())
    assert folder.parent.name.startswith("coprod_sim-") and not folder.parent.exists()  # private, and gone
    unwritable = as_nobody(python, environment | {"COPROD_SIM_CACHE": "/usr"}, "-c", ONE_PASS)
    assert unwritable.returncode == 0, unwritable.stderr[-1500:]
    assert unwritable.stderr.count("CacheWarning") == 1 and "/usr cannot be written" in unwritable.stderr
    elsewhere = Path(unwritable.stdout.strip())
    assert elsewhere.parent.name.startswith("coprod_sim-") and not elsewhere.parent.exists()
    nowhere = as_nobody(python, environment | {"TMPDIR": "/proc"}, "-c", BLIND + ONE_PASS)
    assert nowhere.returncode == 0, nowhere.stderr[-1500:]
    assert nowhere.stdout.strip() == "None" and "compiled anew in each process" in nowhere.stderr


BLIND = """
import tempfile
def full(*_, **__): raise OSError("no room")
tempfile.mkdtemp = full
"""
