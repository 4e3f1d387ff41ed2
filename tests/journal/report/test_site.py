"""The static site: what it holds, what it does not let through, and that a real browser uses it.

Looked at with the eye first, in light and dark, at 1100 and 360 px; these tests keep the structure.
"""

import html.parser
import json
import shutil
from pathlib import Path

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import reader
from tegashiki.journal.format import folder, layout, manifest, metrics
from tegashiki.journal.report import site
from tegashiki.journal.report.site import lineage, notebook
from tegashiki.storage import files

HOSTILE = {
    "text/html": "<b>bold</b><script>window.broken = 1</script>"
    "<img src=x onerror='window.broken=1'><iframe src='http://example.org'></iframe>"
    "<a href='javascript:window.broken=1'>go</a>",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>window.broken = 1</script></svg>'
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": "# A *title*\n![badge](https://example.org/b.svg)"},
    {"cell_type": "code", "metadata": {}, "source": "print('<x>')", "execution_count": 1,
     "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "<script>window.broken=1</script>"},
        {"output_type": "display_data", "data": HOSTILE},
        {"output_type": "display_data", "data": {"image/svg+xml": SVG}},
        {"output_type": "error", "traceback": ["\x1b[31mValueError\x1b[0m: <i>"]},
    ]},
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
    assert front.count('class="s"') == 2 and all(run.id in front for run in runs)
    assert front.index(runs[-1].id) < front.index(runs[0].id)  # the newest first
    page = (home / "run" / f"{runs[1].id}.html").read_text()
    for word in ("Key numbers", "Curves", "Lineage", "Parameters", "Notebook as it ran", "Files",
                 runs[0].id, runs[3].id, "<em>title</em>", f'src="{runs[1].id}/curves.svg"'):
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
    for name in ("index.html", "compare.html", "series/tiny.html", f"run/{failed}.html"):
        backs = set()
        for scheme in ("light", "dark"):
            page = visit(name, 360, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
            assert all(url.startswith(("file:", "data:")) for url in page.asked), page.asked
            assert page.wrong == [] and page.evaluate("window.broken") is None, name
            backs.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.context.close()
        assert len(backs) == 2  # it follows the reader's setting


def test_search_sort_tick_and_compare(visit, built):
    runs = reader.runs(built[0])
    page = visit("index.html")
    page.keyboard.press("/")
    page.keyboard.type("train rate=0.2")
    assert page.inner_text("#found") == "1 of 4 runs"
    page.fill("#search", "")
    page.click("text=status")
    assert page.locator("#runs tbody tr").first.inner_text().count("failed") == 1
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("status")
    assert page.locator("button.compare").is_disabled()
    for run in (runs[1], runs[2]):
        page.check(f"input[value='{run.id}']")
    page.click("button.compare")
    page.wait_for_selector("#compared .chart")
    said = page.inner_text("#compared")
    assert "rate" in said and "0.1" in said and "0.2" in said and "keras" not in said
    assert page.locator("#compared .chart").count() == 2
    assert page.wrong == []
    page = visit("compare.html#00000000,11111111")
    page.wait_for_function("document.getElementById('said').textContent.includes('no run')")


def test_overlaid_curves(visit):
    page = visit("series/tiny.html")
    assert page.locator("#overlay polyline").count() == 2
    page.hover("#overlay svg")
    assert "val_loss" in page.inner_text("#overlay .tip")
    page.select_option("#column", "loss")
    page.select_option("[data-filter='4']", "failed")
    assert page.locator("#overlay polyline").count() == 1
    assert page.locator("#runs tbody tr:visible").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "BODY"
