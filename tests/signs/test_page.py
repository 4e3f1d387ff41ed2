"""The page that reads one sign, in Chromium: made-up bodies as recorded landmarks."""

import json

import numpy as np
import pytest

from tegashiki.pad.build import Beside, build
from tegashiki.pad.serve import serving
from tegashiki.signs import kernel_ridge, normal_form, synthetic
from tegashiki.signs import page as signs_page
from tegashiki.signs.recognizer import SignRecognizer
from tests.pad.browser import TOY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made():
    return synthetic.made_up(np.random.default_rng(8), signers=2, repeats=1,
                             words=("hello", "help", "yes"))


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    """The loaded page, and what went wrong in it."""
    folder = tmp_path_factory.mktemp("page") / "pad"
    build(folder, TOY, beside=[Beside("signs", "手話", "signs", signs_page.WEB, signs_page.MODEL)])
    with serving(folder) as address:
        opened = chromium.new_page(viewport={"width": 360, "height": 700})
        opened.wrong, opened.asked = [], []
        opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.goto(address + "signs/index.html")
        opened.wait_for_selector("body[data-ready=yes]", timeout=60_000)
        opened.address = address
        yield opened
        opened.close()


def replay(page, path):
    page.evaluate("delete document.body.dataset.replayed")
    page.set_input_files("#file", path)
    page.wait_for_selector(f"body[data-replayed='{path.name}']", timeout=30_000)
    return page.locator("#candidates li span").all_text_contents()


def test_recorded_landmarks_are_read_as_python_reads_them(page, made, tmp_path):
    reader = SignRecognizer.load(signs_page.MODEL)
    for number, sequence in enumerate(made.sequences[::2]):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(signs_page.recording(sequence.points, fps=60)))
        shown = replay(page, path)
        expected = reader.candidates(sequence.points)
        assert shown[0].startswith(expected[0].word)
        assert float(shown[0].split()[-2]) == pytest.approx(100 * expected[0].probability, abs=1)
        assert page.locator("#word").text_content().startswith(expected[0].word)
    assert not page.wrong
    assert all(url.startswith((page.address, "blob:", "data:")) for url in page.asked)


def test_the_normal_form_is_python_s(page, made):
    points = made.sequences[1].points
    given = signs_page.recording(points)
    packed = page.evaluate("""({ frames, aspect }) => Array.from(tegashikiSigns.packedOf(frames.map(
      (frame) => Float32Array.from(frame.flatMap((j) => j ?? [NaN, NaN, NaN]))), aspect))""", given)
    expected = normal_form.pack(normal_form.resample(
        normal_form.normal_form(points), kernel_ridge.FRAMES))
    np.testing.assert_allclose(np.reshape(packed, expected.shape), expected, atol=1e-4)


def test_what_is_no_recording_is_refused_by_name(page, tmp_path):
    path = tmp_path / "other.json"
    path.write_text('{"frames": [[1, 2]]}')
    page.set_input_files("#file", path)
    page.locator("#status", has_text="other.json").wait_for(timeout=10_000)
    assert not page.wrong


def test_without_mediapipe_the_page_says_where_it_is_from(page, tmp_path):
    path = tmp_path / "film.webm"
    path.write_bytes(b"no film")
    page.set_input_files("#file", path)
    page.locator("#help", has_text="tasks-vision").wait_for(timeout=10_000)
    assert "holistic_landmarker.task" in page.locator("#help").text_content()
    assert not page.wrong
