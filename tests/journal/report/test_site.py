"""The static site: what it holds, what it does not let through, and that a real browser uses it.

Looked at with the eye first, in light and dark, at 1100 and 360 px; these tests keep the structure.
"""

import html.parser
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import folder, layout, manifest, metrics, notes
from tegashiki.journal.report import site
from tegashiki.journal.report.site import lineage, notebook
from tegashiki.storage import files

SAID = "It is good for nothing at all.\n"
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
HOSTILE = {
    "text/html": "<b>bold</b><script>window.broken = 1</script>"
    "<img src=x onerror='window.broken=1'><iframe src='http://example.org'></iframe>"
    "<a href='javascript:window.broken=1'>go</a>",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>window.broken = 1</script></svg>'
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": "# A *title*\n![badge](https://example.org/b.svg)"
     "\n\n**Question:** what is it *good* for?\n\n## Part\n[up](#Part), [away](#Nowhere)"},
    {"cell_type": "code", "metadata": {}, "source": "print('<x>')", "execution_count": 1,
     "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "<script>window.broken=1</script>"},
        {"output_type": "display_data", "data": HOSTILE},
        {"output_type": "display_data", "data": {"image/svg+xml": SVG}},
        {"output_type": "error", "traceback": ["\x1b[31mValueError\x1b[0m: <i>"]},
    ]},
    {"cell_type": "code", "metadata": {}, "source": "run.figure(f, 'curves')", "execution_count": 2,
     "outputs": [{"output_type": "stream", "name": "stdout", "text": SAID}]},
]  # fmt: skip


def made(root, step, losses=(), status="ok", upstream=(), reason=None, **parameters):
    record = folder.record("tiny", step, "tegashiki", parameters)
    code = {"commit": "c" * 40, "dirty": False, "patch": None, "left_out": []}
    device = {"processor": "<cpu>", "cores": 2, "memory_gb": 1, "accelerators": []}
    record |= {"code": code, "environment": {"packages": {"keras": "3"}}, "device": device}
    record |= {"profile": "quick", "began": True, "finished": True}
    record["upstream"] = [
        {"step": run.step, "series": "tiny", "id": run.id, "asked": "latest",
         "manifest_sha256": run.outcome["manifest_sha256"]} for run in upstream
    ]  # fmt: skip
    notebook = json.dumps({"nbformat": 4, "metadata": {}, "cells": CELLS})
    path, state = folder.create(root, record, "launcher", notebook, b"")
    table = metrics.Metrics(path / layout.METRICS)
    for epoch, loss in enumerate(losses, 1):
        table.add({"epoch": epoch, "loss": loss, "val_loss": loss * 1.1})
    if losses:
        (path / layout.PICTURES / "curves.svg").write_text(SVG)
    files.write_json(path / layout.RESULTS, {"loss": losses[-1] if losses else 0.5})
    state.close(status, reason, exit_code=0, manifest_sha256=manifest.write(path))
    return reader.ArchivedRun(path)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("site")
    root = home / "runs"
    first = made(root, "first", n="</script><script>window.broken=1</script>")
    train = made(root, "train", [3.0, 2.0, 1.0], upstream=[first], rate=0.1)
    made(root, "train", [3.0, 2.5, 2.0], "failed", [first], "<b>no</b>", rate=0.2)
    made(root, "last", upstream=[train])
    (root / "README.md").write_text("no run")
    return root, site.build(root, home / "site").folder


def test_pages_and_what_stands_in_them(built):
    root, home = built
    runs = reader.runs(root)
    front = (home / "index.html").read_text()
    assert front.count('class="entry') == 3 and all(run.id in front for run in runs)
    assert front.index(runs[-1].id) < front.index(runs[0].id)  # the newest first
    assert "what is it good for?" in front and "It is good for nothing at all." in front
    assert f'src="run/{runs[1].id}/pictures/curves.svg"' in front
    table = (home / "runs.html").read_text()
    assert table.count('class="s"') == 2 and all(run.id in table for run in runs)
    page = (home / "run" / f"{runs[1].id}.html").read_text()
    for word in ("Key numbers", "Curves", "Lineage", "Parameters", "Notebook as it ran", "Files",
                 runs[0].id, runs[3].id, "<em>title</em>",
                 f'src="{runs[1].id}/pictures/curves.svg"', f"tegashiki verify {runs[1].id}"):
        assert word in page, word  # fmt: skip
    assert "&lt;b&gt;no&lt;/b&gt;" in (home / "run" / f"{runs[2].id}.html").read_text()


class Outside(html.parser.HTMLParser):
    """Collects what a page loads or runs."""

    def __init__(self):
        super().__init__()
        self.loads, self.acts, self.scripts = [], [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name.startswith("on") or (value or "").startswith("javascript:"):
                self.acts.append((tag, name))
            if (name == "src" or tag == "link") and (value or "").startswith(("http", "//")):
                self.loads.append((tag, value))
        if tag in ("iframe", "object", "embed", "form", "base"):
            self.acts.append((tag, ""))
        if tag == "script":
            self.scripts.append(dict(attributes).get("src"))


def test_nothing_acts_and_nothing_is_fetched(built):
    _, home = built
    for path in home.rglob("*.html"):
        page = Outside()
        page.feed(path.read_text())
        assert (page.loads, page.acts) == ([], []), path
        assert all(name and name.endswith(".js") for name in page.scripts), path
        assert "default-src 'none'" in path.read_text()
    for path in home.glob("data/*.js"):
        assert "</script" not in path.read_text()


def test_sanitiser():
    assert notebook.clean("<svg onload=x()><p style='x'>a</p>") == "<p>a</p>"
    assert notebook.clean("<a href='https://example.org'>b</a>").count("href") == 1
    assert notebook.render(Path("none.ipynb")).startswith("<p>The notebook cannot be read")


def test_lineage_survives_a_circle():
    column, arrows = lineage.around("a", {"a": ["b"], "b": ["a"]})
    assert set(column) == {"a", "b"} and arrows


def test_only_what_changed_is_written(built, tmp_path):
    root, home = built
    shutil.copytree(root, tmp_path / "runs")
    shutil.copytree(home, tmp_path / "site")
    root, home = tmp_path / "runs", tmp_path / "site"
    assert site.build(root, home).written == 0
    stamps = {path: path.stat().st_mtime_ns for path in home.rglob("run/*.html")}
    more = made(root, "other", [1.0])
    again = site.build(root, home)
    assert (again.written, again.kept) == (1, 4)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())
    assert more.id in (home / "index.html").read_text()
    notes.change(more.folder, why="to see it", add=["odd"])
    assert site.build(root, home).written == 1 and "to see it" in (home / "index.html").read_text()
    shutil.rmtree(more.folder)
    site.build(root, home)
    assert not (home / "run" / f"{more.id}.html").exists()
    assert more.id not in (home / "index.html").read_text()
    broken = reader.runs(root)[0]
    (broken.folder / "run.json").write_text("{")
    (home / ".built.json").write_text("{}")
    site.build(root, home)
    assert "cannot be read" in (home / "run" / f"{broken.id}.html").read_text()


def test_a_folder_of_other_things_is_left_alone(built, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(TegashikiError, match="holds other things"):
        site.build(built[0], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture
def visit(chromium, built):
    contexts = []

    def visit(name, width=1100, scheme="light"):
        context = chromium.new_context(viewport={"width": width, "height": 740},
                                       color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: page.wrong.append(said.text))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(f"file://{built[1]}/{name}")
        page.wait_for_load_state()
        return page

    yield visit
    for context in contexts:
        context.close()


def test_every_page_in_a_browser(visit, built):
    failed = reader.runs(built[0])[2].id
    for name in ("index.html", "runs.html", "compare.html", "series/tiny.html", "verdicts.html",
                 f"run/{failed}.html"):
        backs = set()
        for scheme in ("light", "dark"):
            page = visit(name, 360, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
            assert all(url.startswith(("file:", "data:")) for url in page.asked), page.asked
            assert page.wrong == [] and page.evaluate("window.broken") is None, name
            backs.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.context.close()
        assert len(backs) == 2  # it follows the reader's setting


def test_search_filter_sort_tick_and_compare(visit, built):
    runs = reader.runs(built[0])
    page = visit("runs.html")
    page.keyboard.press("/")
    page.keyboard.type("train 0.2")
    assert page.inner_text("#found") == "1 of 4 runs"
    page.fill("#search", "200.0%")  # a loss of 2.0, in percent
    assert page.inner_text("#found") == "1 of 4 runs"
    page.fill("#search", "")
    page.fill("#filter", "rate > 0.1 and step = train")
    assert page.inner_text("#found") == "1 of 4 runs"
    page.fill("#filter", "nosuch > 1")
    assert "no column" in page.inner_text("#found")
    page.fill("#filter", "step = train")
    page.click("th >> text=status")
    assert page.locator("#runs tbody tr").first.inner_text().count("failed") == 1
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("status")
    again = visit(page.url.rpartition("/")[2])  # all of it stands in the address
    assert again.inner_text("#found") == "2 of 4 runs"
    assert again.locator("#runs tbody tr").first.inner_text().count("failed") == 1
    page.click("#columns summary")
    page.check("#choices label:has-text('rate') input")
    assert "rate" in page.inner_text("#runs thead")
    assert page.locator("button.compare").is_disabled()
    for run in (runs[1], runs[2]):
        page.check(f"input[value='{run.id}']")
    page.click("button.compare")
    page.wait_for_selector("#compared canvas")
    said = page.inner_text("#compared")
    assert "rate" in said and "0.1" in said and "0.2" in said and "keras" not in said
    assert page.locator("#compared .curves canvas").count() == 2
    assert page.locator("#compared img").count() == 2  # the same picture, side by side
    assert page.wrong == []
    page = visit("compare.html#00000000,11111111")
    page.wait_for_function("document.getElementById('said').textContent.includes('no run')")


def test_curves_of_a_series(visit):
    page = visit("series/tiny.html")
    page.wait_for_selector("#overlay canvas")
    assert page.locator("#overlay .legend a").count() == 2
    for control in ("Log axis", "Seeds as mean and band"):
        page.check(f"label:has-text('{control}') input")
    page.select_option("label:has-text('Curve') select", "loss")
    page.hover("#overlay .stage")
    assert "at epoch" in page.inner_text("#overlay .tip")
    page.select_option("label:has-text('Step') select", "train")
    assert page.wrong == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "BODY"


def test_every_link_leads_somewhere(built):
    _, home = built
    for path in home.rglob("*.html"):
        page = path.read_text()
        named = set(re.findall(r' id="([^"]*)"', page))
        for link in re.findall(r'(?:href|src)="([^"]*)"', page):
            place, _, part = link.partition("#")
            if link.startswith(("http", "data:")):
                continue
            assert not place or (path.parent / unquote(place)).exists(), (path, link)
            assert place or part in named, (path, link)
    assert "nb-Part" in page or "nb-Part" in next(home.glob("run/*.html")).read_text()


def test_axe_finds_nothing_serious(visit, built):
    if not AXE.is_file():
        pytest.skip("NO AXE: node_modules lacks axe-core; run `npm ci`")
    train = reader.runs(built[0])[1].id
    for name in ("index.html", "runs.html", f"run/{train}.html"):
        page = visit(name)
        page.wait_for_timeout(100)
        page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
        found = page.evaluate("""async () => (await axe.run()).violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html.slice(0, 99)).join(" | ")}`)""")
        assert found == [], name
        page.context.close()
