"""How Sphinx makes the site: `make docs`.

The source folder is the checkout, not docs/, so that README, CONTRIBUTING, CHANGELOG and experiments/README.md are
pages of the site where they lie, and a link between two files is the same on the site and in the repository.
"""

from __future__ import annotations

import re
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

project = "coprod_sim"
author = project_copyright = "The coprod_sim contributors"
release = version = version_of("coprod-sim")

root_doc = "docs/index"
source_suffix = {".md": "markdown"}
include_patterns = [
    "*.md",
    "docs/*.md",
    "experiments/README.md",
    "notebooks/README.md",
    "coprod_sim/evidence/sources.md",
]
# Folders that hold no page are not looked through: environments and results are large.
READ = ("docs", "experiments", "notebooks", "coprod_sim")
exclude_patterns = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in READ]

extensions = [
    "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode", "sphinx-mathjax-offline",
]  # fmt: skip
nitpicky = True
nitpick_ignore_regex = [
    # Python, NumPy, pandas, Mesa: their inventories would be fetched, and the site is built without a network. Names of
    # annotations that are imported for type checkers alone stand without their module, and so fall here as well.
    (r"py:.*", r"(?!coprod_sim\.).*"),
    # Types within the package that no page documents: what they hold is said in the docstring that uses them.
    (r"py:(class|obj)", r"coprod_sim\.(model|scenario|study|analysis)\..*"),
]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4  # links to headings, as forges make them

default_role = "code"  # docstrings are written with single backticks
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
highlight_language = "text"

html_theme = "furo"
html_title = "coprod_sim"
html_extra_path = ["site_root"]  # the way in, since the root page is in a folder
html_copy_source = False
html_show_sourcelink = False


def reachable(app: Any, name: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """For readers without a mouse or a screen: what scrolls can be focused, headings of the sidebar have a level."""
    if "body" in context:
        context["body"] = re.sub(r'<pre>|<div class="table-wrapper', lambda tag: with_focus(tag[0]), context["body"])
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def with_focus(tag: str) -> str:
    """The beginning of a tag, with the attribute that lets the keyboard reach it."""
    name, rest = re.fullmatch(r"(<\w+)(.*)", tag).groups()  # type: ignore[union-attr]
    return f'{name} tabindex="0"{rest}'


def setup(app: Any) -> None:
    app.connect("html-page-context", reachable, priority=900)  # after the theme has made its navigation
