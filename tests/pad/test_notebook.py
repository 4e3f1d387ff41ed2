"""The pad below a notebook's cell: the kernel's half, and both in a real JupyterLab."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from tegashiki import Pad
from tegashiki.ink.format import Ink
from tegashiki.ink.inkjson import read_json
from tegashiki.pad import notebook
from tests.pad.browser import CHECKOUT, TOY

STROKES = [[[10.0, 20.0], [12.0, 40.0], [14.0, 60.0]], [[30.0, 40.0], [50.0, 41.0]]]


@pytest.fixture
def pad():
    """A pad and the messages that it sends."""
    found = Pad(model=TOY)
    found.sent = []
    found.send = lambda content, buffers=None: found.sent.append((content, buffers or []))
    yield found
    found.close()


def test_the_kernel_reads_what_is_asked(pad):
    pad._asked(None, {"ask": "candidates", "id": "1", "strokes": STROKES}, [])
    [(answer, _)] = pad.sent
    assert answer["id"] == "1" and len(answer["candidates"]) == 5
    assert answer["candidates"][0]["probability"] >= answer["candidates"][1]["probability"]


def test_bad_ink_is_answered_with_the_reason(pad):
    pad._asked(None, {"ask": "candidates", "id": "2", "strokes": [[["a", 1]]]}, [])
    assert "stroke" in pad.sent[0][0]["problem"]


def test_ink_is_the_project_s_ink_both_ways(pad):
    pad.set_state({"ink": {"version": 1, "strokes": STROKES}})
    assert isinstance(pad.ink, Ink) and [len(s) for s in pad.ink.strokes] == [3, 2]
    assert pad.get_state("ink")["ink"]["strokes"] == STROKES
    pad.clear()
    assert pad.ink.strokes == ()


def test_collecting_walks_through_the_formulas(tmp_path):
    collection = Pad.collect([r"\frac{1}{2}", "x^2"], writer="me", model=TOY)
    for tex in (r"\frac{1}{2}", "x^2"):
        assert collection.asked == tex
        collection.ink = Ink(strokes=(np.float32([[0, 0], [1, 1]]),))
        collection.value = "whatever was read"
    assert collection.asked == "" and [ink.truth for ink in collection.inks] == [
        r"\frac{1}{2}", "x^2"]
    paths = collection.save(tmp_path)
    assert [read_json(path).writer for path in paths] == ["me", "me"]
    collection.close()


def test_the_picture_that_stays_is_of_the_ink():
    assert notebook.svg(Ink(strokes=(np.float32([[0, 0], [2, 1]]),))).count("<polyline") == 1
    assert "polyline" not in notebook.svg(Ink(strokes=()))


def test_colab_is_told_which_manager_shows_it(monkeypatch):
    colab = SimpleNamespace(enable_custom_widget_manager=lambda: None,
                            _widgets=SimpleNamespace(_installed_url="https://manager.test/"))
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *what, **how: shown.append(how))
    pad = Pad(model=TOY)
    pad._ipython_display_()
    pad.close()
    [(_, manager)] = shown[0]["metadata"].items()
    assert manager["colab"]["custom_widget_manager"]["url"] == "https://manager.test/"


def test_importing_the_package_stays_light():
    code = ("import sys, tegashiki; assert not {'anywidget', 'numpy', 'tensorflow'} & set("
            "sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=CHECKOUT, timeout=60)


# -- in a real JupyterLab -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab in an empty folder; its end is the test's end."""
    folder = tmp_path_factory.mktemp("lab")
    cells = ["from tegashiki import Pad", f"pad = Pad(model={str(TOY)!r})\npad",
             "print('where', pad.where, 'tex', pad.tex, len(pad.ink.strokes), pad.value)"]
    (folder / "pad.ipynb").write_text(json.dumps({
        "cells": [{"cell_type": "code", "metadata": {}, "source": source, "outputs": [],
                   "execution_count": None, "id": f"cell{i}"} for i, source in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3",
                                    "language": "python"}},
        "nbformat": 4, "nbformat_minor": 5}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "JUPYTER_CONFIG_DIR":
                   str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                   "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
                   "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                   "JUPYTER_DATA_DIR": str(folder / "data"), "IPYTHONDIR": str(folder / "ipython")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root",
         "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
         "--LabApp.news_url=", "--LabApp.check_for_updates_class="
         "jupyterlab.NeverCheckForUpdate"], env=environment, cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(lambda: answers(address + "api", server), 90, "JupyterLab does not answer")
        yield folder, address
    finally:
        end(server)


def answers(address: str, server: subprocess.Popen) -> bool:
    """Whether the server answers; it must not have ended."""
    assert server.poll() is None, "JupyterLab ended"
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


def end(server: subprocess.Popen) -> None:
    """End the server and its kernels, gently at first."""
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    server.terminate()
    _, alive = psutil.wait_procs(family, timeout=10)
    for process in alive:
        process.kill()
    server.wait(10)


def wait_for(done: Callable[[], bool], seconds: float, problem: str) -> None:
    """Ask until it is so; AssertionError with the problem after that many seconds."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, problem
        time.sleep(0.2)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.process
@pytest.mark.timeout(400)
def test_writing_in_jupyterlab(chromium, lab):
    folder, address = lab
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    try:
        page.goto(address + "lab/tree/pad.ipynb?reset", wait_until="commit", timeout=60_000)
        page.wait_for_selector(".jp-Cell", timeout=150_000)
        wait_for(lambda: connected(address), 90, "the page is not connected to a kernel")
        page.wait_for_timeout(1_000)            # the page hears of it a moment later
        write_and_take(page, folder / "pad.ipynb")
    finally:
        page.close()


def connected(address: str) -> bool:
    """Whether the page is connected to its kernel, and this has nothing to do."""
    try:
        with urllib.request.urlopen(address + "api/kernels", timeout=5) as answer:
            kernels = json.load(answer)
    except OSError:             # it answers 500 while a kernel is being started
        return False
    return any(k["connections"] and k["execution_state"] == "idle" for k in kernels)


def run_all(page) -> None:
    """Press Run All Cells until it is heeded: JupyterLab drops it without a word, whatever it
    shows, while it does not know its kernel; or asks for one."""
    prompt = page.locator(".jp-Cell .jp-InputArea-prompt").first
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for accept in page.locator(".jp-Dialog button.jp-mod-accept").all():
            accept.click(timeout=5_000)
        page.click("text=Run >> nth=0")
        page.click("text=Run All Cells")
        for _ in range(25):
            if prompt.inner_text().strip() != "[ ]:":       # [*]: while it runs, then a number
                return
            page.wait_for_timeout(200)
    raise AssertionError("JupyterLab runs no cell")


def write_and_take(page, path) -> None:
    """Run the cells, write on the pad, press the first candidate, read it in the kernel, save."""
    surface = page.locator("tegashiki-pad canvas")
    for _ in range(3):       # a busy machine may draw the first output before the widget's manager
        run_all(page)
        deadline = time.monotonic() + 60
        while not surface.count() and time.monotonic() < deadline:
            page.wait_for_timeout(200)
        if surface.count():
            break
    assert surface.count() == 1, page.inner_text("body")[-2000:]
    box = surface.bounding_box()
    for (x, y), *rest in STROKES:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        page.mouse.up()
    first = page.locator("tegashiki-pad li button").first
    first.wait_for(timeout=30_000)
    page.wait_for_timeout(1000)      # what answers the last stroke, not one before it
    latex = first.get_attribute("data-latex")
    first.click()
    page.wait_for_timeout(500)
    page.locator(".jp-Cell").nth(2).click()
    page.keyboard.press("Control+Enter")
    said = page.locator(".jp-Cell").nth(2).locator(".jp-OutputArea-output")
    wanted = f"where browser tex {latex} 2 {latex}".split()
    deadline = time.monotonic() + 30
    while said.inner_text().split() != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    assert said.inner_text().split() == wanted
    page.keyboard.press("Control+s")
    deadline = time.monotonic() + 20
    while "where browser" not in path.read_text() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    saved = path.read_text()
    assert "tegashiki-saved" in saved and "svg+xml;base64" in saved
    assert len(saved) < 200_000, "neither model nor library is written into the notebook"
