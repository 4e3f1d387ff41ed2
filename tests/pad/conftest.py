"""One built pad and one loaded page for all tests of the pad."""

import shutil
from types import SimpleNamespace

import pytest

from tegashiki.decoding.language import write
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.evaluation.personal import middle, observe
from tegashiki.evaluation.writer_memory import Settings, WriterMemory
from tegashiki.pad import build
from tests.pad import browser as pad_browser
from tests.pad.browser import TOY, fitted, opened
from tests.pad.floated import floated
from tests.toy_language import language
from tests.toy_recognizer import examples


@pytest.fixture(scope="session")
def unrounded(tmp_path_factory, written):
    """The toy recogniser with float32 weights, on which engines agree to five digits.

    It remembers, and a language sets the order.
    """
    folder = tmp_path_factory.mktemp("unrounded") / "float"
    shutil.copytree(TOY, folder)
    floated(TOY / "model.int8.tflite", folder / "model.int8.tflite")
    remembering(folder, written)
    write(language(), folder)
    return folder


@pytest.fixture(scope="session")
def toy(tmp_path_factory, written):
    """The toy recogniser with what a memory of a writer's symbols needs."""
    folder = tmp_path_factory.mktemp("toy") / "toy"
    shutil.copytree(TOY, folder)
    remembering(folder, written)
    return folder


def remembering(folder, examples):
    """Put `memory.json` beside a model; the mean is of what it reads in a few examples."""
    recognizer = Recognizer.load(folder)
    mean = middle([observe(recognizer, example) for example in examples[:4]])
    WriterMemory(mean, Settings(share=0.9, width=0.2, near=0.3), "none").write(folder)


@pytest.fixture(scope="session")
def built(browser_tools, tmp_path_factory):
    """The page, built with the toy recogniser; nobody changes it."""
    folder = tmp_path_factory.mktemp("built") / "pad"
    build.build(folder, TOY)
    return folder


@pytest.fixture(scope="session")
def browser(chromium, toy, unrounded):
    """(playwright's browser, address) of a pad with the toy recogniser."""
    with pad_browser.pad(toy, float=unrounded) as address:
        yield chromium, address


@pytest.fixture(scope="session")
def shared(browser):
    """One loaded page, and what went wrong in it."""
    page = browser[0].new_page(viewport={"width": 360, "height": 640})
    state = SimpleNamespace(page=opened(page, browser[1]), wrong=[])
    page.on("pageerror", lambda error: state.wrong.append(str(error)))
    return state


@pytest.fixture
def page(shared):
    """The loaded page, empty again."""
    shared.page.set_viewport_size({"width": 360, "height": 640})
    shared.page.evaluate("""async () => {
      document.querySelector("#notice").hidden = true;
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      pad.recognizer().symbols = null;
      pad.hand.on = false;             // what one test takes is not learned for the next
      pad.line.taken = [];
      const written = pad.ink.strokes.length > 0, before = performance.now() - 1;
      pad.ink.restore({});
      document.querySelector("[data-tool=pen]").click();
      // The page reads what is left, nothing: a test's own question must not come before that.
      for (let i = 0; written && i < 100 && !performance.getEntriesByName("candidates").some(
        ({ startTime }) => startTime >= before); i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }""")
    shared.page.fill("#tex", "")
    yield shared.page
    assert shared.wrong == []


@pytest.fixture(scope="session")
def written():
    """Formulas that the toy can read, as ink."""
    return examples(24, seed=5)


@pytest.fixture(scope="session")
def inks(written):
    """Their strokes as lists, as they lie on the pad."""
    return [fitted(example.ink.strokes) for example in written]
