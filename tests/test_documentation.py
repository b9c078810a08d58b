"""The documentation as a site: it builds without a warning, every link between pages holds, nothing is fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe import serious
from browsing import chromium

ROOT = Path(__file__).resolve().parent.parent
# Pages of each kind: of text, of tables, of formulas, of pictures, of the programming interface, of answers.
PAGES = ("index.html", "docs/index.html", "docs/start.html", "docs/levers.html", "docs/concepts.html",
         "docs/gallery.html", "docs/api.html", "experiments/README.html")  # fmt: skip
OUTSIDE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
# Attributes by which a page makes a browser load something; of links only those that are loaded with the page.
LOADED = {"src", "srcset", "poster", "data"}
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}


class Resources(HTMLParser):
    """What a browser loads with a page, and what stands in its style elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.styles: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._style = tag == "style"
        self.found += [value or "" for name, value in attrs if name in LOADED]
        self.styles += [value or "" for name, value in attrs if name == "style"]
        if tag == "link" and RELATIONS & set((given.get("rel") or "").lower().split()):
            self.found.append(given.get("href") or "")

    def handle_data(self, data: str) -> None:
        if self._style:
            self.styles.append(data)


def from_outside(page: str) -> list[str]:
    """Addresses of other machines that a browser would ask when it shows a page."""
    reader = Resources()
    reader.feed(page)
    return [found for found in reader.found if OUTSIDE.match(found)] + [
        address for style in reader.styles for address in of_style(style)
    ]


def of_style(style: str) -> list[str]:
    named = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", style, flags=re.IGNORECASE)
    return [address for address in named if OUTSIDE.match(address)]


def test_what_a_page_fetches_is_found() -> None:
    fetched = '<link rel="stylesheet" href="https://a/b.css"><script src="//a/b.js"></script><style>@import "http://a/";</style>'
    assert len(from_outside(fetched)) == 3
    assert not from_outside(
        '<a href="https://a/">a link</a><img src="_images/a.png"><link rel="canonical" href="https://a/">'
    )


def test_every_page_has_its_place_in_the_site() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(\w+)$", "\n".join(re.findall(r"```{toctree}(.*?)```", index, flags=re.DOTALL)), re.M))
    assert listed == {page.stem for page in (ROOT / "docs").glob("*.md")} - {"index"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-c", "docs", "-b", "html", "-W", "-n", "--keep-going", "-q"]
    command += ["-d", str(folder / "doctrees"), ".", str(folder / "html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.mark.slow
def test_the_site_is_made_and_fetches_nothing_from_outside(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 35 and (site / "index.html").exists() and (site / "docs" / "index.html").exists()
    found = {page.name: from_outside(page.read_text(encoding="utf-8")) for page in pages}
    found |= {style.name: of_style(style.read_text(encoding="utf-8")) for style in site.rglob("*.css")}
    assert not {name: addresses for name, addresses in found.items() if addresses}
    concepts = (site / "docs" / "concepts.html").read_text(encoding="utf-8")
    (formulas,) = re.findall(r'src="([^"]*tex-chtml[^"]*)"', concepts)
    assert (site / "docs" / formulas.split("?")[0]).resolve().exists()  # mathematics comes with the site


@pytest.mark.slow
def test_the_site_has_the_programming_interface_and_the_answers(site: Path) -> None:
    api = (site / "docs" / "api.html").read_text(encoding="utf-8")
    assert 'id="coprod_sim.run_study"' in api and 'id="coprod_sim.CoproductionModel.step"' in api
    source = (site / "_modules" / "coprod_sim" / "study" / "runner.html").read_text(encoding="utf-8")
    assert 'id="run_study"' in source and "_modules/coprod_sim/study/runner.html#run_study" in api
    assert 'id="recommendations"' in (site / "experiments" / "README.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_screen_reader_has_all_of_it(site: Path) -> None:
    driver = chromium("the documentation")
    try:
        found = {}
        for page in PAGES:
            for width in (1280, 390):
                size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                driver.get((site / page).as_uri())
                found[page, width] = serious(driver)
    finally:
        driver.quit()
    assert {where: there for where, there in found.items() if there} == {}


def test_what_is_said_of_failed_patterns_has_the_numbers_of_their_answer() -> None:
    said = (ROOT / "docs/patterns.md").read_text(encoding="utf-8").partition("## What fails")[2]
    said = " ".join(said.partition("## What each datum")[0].split())
    answer = (ROOT / "experiments/answers/patterns.md").read_text(encoding="utf-8")
    quoted = set(re.findall(r"−?[\d.,]+ \(−?[\d.,]+ to −?[\d.,]+\)", said))
    assert len(quoted) > 15
    assert {one for one in quoted if one not in answer} == set()
