"""What the package offers: every `__all__` is what its module exports and what is documented; examples hold."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from pathlib import Path

import pytest

import coprod_sim as cs

ROOT = Path(__file__).resolve().parent.parent
TEXTS = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "coprod_sim").rglob("*.py"))}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


WITH_ALL = [path for path, text in TEXTS.items() if re.search(r"^__all__ =", text, re.MULTILINE)]
WITH_EXAMPLES = [path for path, text in TEXTS.items() if ">>> " in text]


def bound_in(path: Path) -> set[str]:
    """Public names that a module binds at its top, by definition, assignment or import."""
    found: set[str] = set()
    for node in ast.parse(TEXTS[path]).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("path", WITH_ALL, ids=module_name)
def test_all_names_what_is_there(path: Path) -> None:
    module = importlib.import_module(module_name(path))
    assert len(set(module.__all__)) == len(module.__all__)
    assert not [name for name in module.__all__ if not hasattr(module, name)]
    assert path.parent == ROOT / "coprod_sim" or set(module.__all__) <= bound_in(path)


def test_the_package_offers_what_it_imports_and_nothing_else() -> None:
    tree = ast.parse(TEXTS[ROOT / "coprod_sim" / "__init__.py"])
    typed = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.name: node.module for node in typed.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported == {name: f"coprod_sim.{place}" for name, place in cs._PLACES.items()}
    assert cs.__all__ == sorted(imported) == [name for name in dir(cs) if name != "__version__"]
    public = {name for name in vars(cs) if not name.startswith("_")}
    folders = {path.stem for path in (ROOT / "coprod_sim").iterdir()}
    assert public - folders - {"annotations", "importlib", "Any", "TYPE_CHECKING"} <= set(cs.__all__)


def test_every_public_name_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    named = re.findall(r"^\.\. auto\w+:: coprod_sim\.(\w+)(?:\(\))?$", page, flags=re.MULTILINE)
    assert sorted(named) == sorted(cs.__all__)
    silent = [name for name in cs.__all__ if not (getattr(cs, name).__doc__ or "").strip()]
    assert not silent


def test_examples_in_docstrings_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # an example may write results/
    tried = {}
    for path in WITH_EXAMPLES:
        result = doctest.testmod(importlib.import_module(module_name(path)), report=True)
        tried[module_name(path)] = result.attempted
        assert not result.failed, f"{module_name(path)}: {result.failed} examples fail, printed above"
    assert sum(tried.values()) > 20 and all(tried.values()), tried
