"""The pad in a real browser: the same answers as Python, and what a person does with it."""

import io
import json
import shutil
import zipfile

import numpy as np
import pytest

from tegashiki.data.labelled import read_labelled
from tegashiki.ink import inkjson
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import normalize
from tegashiki.ink.simplify import simplify
from tegashiki.networks.features import StrokeFeatures
from tegashiki.synthesis import formula_grammar
from tegashiki.tex.packing import pack
from tegashiki.tex.tree import canonical
from tegashiki.tflite.export import load_recognizer
from tests.pad import browser as pad_browser
from tests.pad.browser import RELEASED, TOY, draw, fitted, opened, read, until
from tests.pad.floated import floated
from tests.toy_recognizer import examples

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def unrounded(tmp_path_factory):
    """The toy recogniser with float32 weights: engines agree on it to five digits."""
    folder = tmp_path_factory.mktemp("unrounded") / "float"
    shutil.copytree(TOY, folder)
    floated(TOY / "model.int8.tflite", folder / "model.int8.tflite")
    return folder


@pytest.fixture(scope="module")
def chromium():
    """Playwright's browser; loudly skipped without one."""
    try:
        pad_browser.needed()
    except pad_browser.Missing as missing:
        pytest.skip(str(missing))
    with pad_browser.chromium() as opened_browser:
        yield opened_browser


@pytest.fixture(scope="module")
def browser(chromium, unrounded):
    """(playwright's browser, address) of a pad with the toy recogniser."""
    with pad_browser.pad(TOY, float=unrounded) as address:
        yield chromium, address


@pytest.fixture(scope="module")
def shared(browser):
    """One loaded page, and what went wrong in it."""
    page = browser[0].new_page(viewport={"width": 360, "height": 640})
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    return opened(page, browser[1])


@pytest.fixture
def page(shared):
    """The loaded page, empty again."""
    shared.evaluate("""() => {
      document.querySelector("#notice").hidden = true;
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      pad.recognizer().memory = [];
      pad.recognizer().symbols = null;
      pad.ink.change([]);
    }""")
    shared.fill("#tex", "")
    yield shared
    assert shared.wrong == []


@pytest.fixture(scope="module")
def written():
    """Formulas that the toy can read, as ink."""
    return examples(24, seed=5)


def shown(page):
    """TeX of the candidates on the screen."""
    return page.eval_on_selector_all("#candidates button", "all => all.map(b => b.dataset.latex)")


def ink_of(example):
    """Its strokes as lists, on the pad."""
    return fitted(example.ink.strokes)


# -- the same in Python and here ------------------------------------------------------------------


def assert_same(page, model, inks, tolerance):
    """The same candidates with the same scores and strokes; how many differed beyond the first."""
    python, different = load_recognizer(model), 0
    for ink in inks:
        here = read(page, [stroke.tolist() for stroke in ink.strokes])
        there = python.candidates(ink, 5)
        assert here[0]["tex"] == there[0].tex
        different += [c["tex"] for c in here] != [c.tex for c in there]
        both = {c.tex: c.score for c in there}
        for candidate in here:
            if candidate["tex"] in both:
                assert candidate["score"] == pytest.approx(both[candidate["tex"]], abs=tolerance)
        belongs = sorted(stroke for owned in there[0].strokes for stroke in owned)
        assert len(belongs) == sum(len(symbol["strokes"]) for symbol in here[0]["symbols"])
    return different


def test_the_same_candidates_as_python(browser, unrounded, written):
    page = opened(browser[0].new_page(), browser[1], model="float/")
    assert assert_same(page, unrounded, [example.ink for example in written], 1e-3) == 0
    page.close()


def test_the_same_best_candidate_as_python_from_int8(page, written):
    # int8: activations are rounded on the way, here and there to slightly different sides
    inks = [example.ink for example in written]
    assert assert_same(page, TOY, inks, 0.3) <= len(inks) // 3


def test_normal_form_simplification_and_features_are_python_s_to_the_bit(page):
    rng = np.random.default_rng(2)
    inks = [[rng.integers(0, 9, (rng.integers(1, 30), 2)).astype(np.float32) * scale
             for _ in range(rng.integers(1, 6))] for scale in (1, 37.3, 1e-3) for _ in range(8)]
    inks.append([np.float32([[3, 3]])])
    inks.append([np.float32([[0, 0], [5, 0], [0, 0], [5, 0]]), np.float32([[1, 1]] * 4)])
    found = page.evaluate("""async (inks) => {
      const { normalize, simplify, featurize } = await import("./engine.js");
      return inks.map((ink) => {
        const strokes = normalize(ink.map((s) => Float32Array.from(s.flat())))
          .map((s) => simplify(s, 0.04));
        const { points, boxes } = featurize(strokes, 8);
        return { strokes: strokes.map((s) => [...s]), points: [...points], boxes: [...boxes] };
      });
    }""", [[stroke.tolist() for stroke in ink] for ink in inks])
    for ink, here in zip(inks, found, strict=True):
        strokes = [simplify(s, 0.04) for s in normalize(Ink(tuple(ink))).strokes]
        assert [s.ravel().tolist() for s in strokes] == here["strokes"]
        features = StrokeFeatures.featurize(strokes, 8)
        np.testing.assert_allclose(np.array(here["points"]), features["points"].ravel(), atol=1e-6)
        np.testing.assert_allclose(np.array(here["boxes"]), features["boxes"].ravel(), atol=1e-6)


def test_tex_is_packed_as_in_python(page):
    formulas = [list(tokens) for tokens in formula_grammar.formulas(np.random.default_rng(8), 60)]
    typed = [r"x^2_i", r"\frac12", "f''", r"f'^2", r"{ab}^2", r"\sqrt[3]x", r"x^{}", r"\sqrt[]{x}",
             r"\left( a \right)", r"a\le b", r"{{x}}", r"\sum_{n=1}^\infty n"]
    packed = page.evaluate("""async (all) => {
      const { pack } = await import("./recognizer.js");
      return all.map((tex) => pack(tex));
    }""", [" ".join(tokens) for tokens in formulas] + typed)
    for tokens, here in zip(formulas, packed, strict=False):
        assert pack(canonical(tokens))[0] == here, tokens
    meant = ["x _ { i } ^ { 2 }", r"\frac { 1 } { 2 }", r"f ^ { \prime \prime }",
             r"f ^ { \prime 2 }", "a b ^ { 2 }", r"\sqrt [ 3 ] { x }", "x", r"\sqrt { x }",
             "( a )", r"a \leq b", "x", r"\sum _ { n = 1 } ^ { \infty } n"]
    assert packed[len(formulas):] == [pack(tex.split())[0] for tex in meant]


@pytest.mark.parametrize("tex", ["", r"\frac{1}", "x^", "{x", "x}", "x^2^3", r"\foo", "^2",
                                 r"\sqrt"])
def test_what_is_no_formula_is_refused_with_a_reason(page, tex):
    assert page.evaluate("""async (tex) => {
      const { pack } = await import("./recognizer.js");
      try { pack(tex); } catch (problem) { return `${problem.code}: ${problem.message}`; }
    }""", tex).startswith("formula: ")


# -- writing and taking ---------------------------------------------------------------------------


def test_every_stroke_brings_candidates_and_nothing_moves(page, written):
    before = page.locator("#surface").bounding_box()
    draw(page, ink_of(written[0]))
    assert page.locator("#surface").bounding_box() == before
    assert len(set(shown(page))) == len(shown(page)) == 5
    assert shown(page)[0].replace(" ", "") == "".join(written[0].tokens)
    assert page.locator("#candidates button .katex").count() == 5


def test_keys_take_undo_and_redo(page, written):
    draw(page, ink_of(written[1]))
    second = shown(page)[1]
    page.keyboard.press("2")
    assert page.input_value("#tex") == second and shown(page) == []
    page.keyboard.press("Control+z")
    page.wait_for_selector("#candidates button")
    assert page.input_value("#tex") == "" and shown(page)[1] == second
    page.keyboard.press("Control+y")
    assert page.input_value("#tex") == second
    draw(page, ink_of(written[0]))
    page.click("#candidates button >> nth=0")
    assert page.input_value("#tex").startswith(second + " ")
    assert page.locator("#rendered .katex").count() == 1


def test_typed_text_is_never_html(page):
    page.fill("#tex", r'<img src=x onerror="document.title=1"> \href{javascript:alert(1)}{x}')
    assert page.locator("#rendered img, #rendered a, #rendered script").count() == 0
    page.fill("#tex", r"<b>\frac{1")
    assert page.get_attribute("#tex", "aria-invalid") == "true"
    assert page.inner_text("#rendered") == r"<b>\frac{1"
    page.fill("#tex", r"\frac{1}{x}")
    assert page.get_attribute("#tex", "aria-invalid") == "false"


def test_copies_in_four_shapes(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill("#tex", "x^2")
    copied = []
    for shape in ("tex", "inline", "display", "mathml"):
        page.click(f"[data-copy={shape}]")
        page.wait_for_timeout(50)
        copied.append(page.evaluate("() => navigator.clipboard.readText()"))
    assert copied[:3] == ["x^2", "$x^2$", "$$x^2$$"]
    assert copied[3].startswith("<math") and "<msup>" in copied[3]


def test_a_symbol_lights_its_strokes_and_can_be_pinned(page, written):
    example = next(e for e in written if len(e.ink.strokes) > 2)
    draw(page, ink_of(example))
    page.locator("#preview [data-place][tabindex]").first.focus()
    page.keyboard.press("Enter")
    symbols = page.locator("#alternatives .symbols button")
    other = symbols.evaluate_all("all => all.map(b => b.ariaLabel)")
    chosen = next(i for i, symbol in enumerate(other) if symbol not in "".join(shown(page)[0])
                  and not symbol.endswith(("{", "[")))
    symbols.nth(chosen).click()
    page.wait_for_selector("#preview .pinned")
    assert all(other[chosen] in tex for tex in shown(page)), (other[chosen], shown(page))


def test_pins_are_heeded_one_after_the_other(page, written):
    """Whatever the network would rather read there, and wherever it looks."""
    inks = [ink_of(example) for example in written[:6]]
    heeded = page.evaluate("""async (inks) => {
      const { SYMBOLS } = await import("./recognizer.js");
      const recognizer = pad.recognizer(), heeded = [];
      for (const strokes of inks) {
        recognizer.reset();
        strokes.forEach((points, i) => recognizer.addStroke(points, i));
        let found = await recognizer.candidates(5);
        for (const { token, strokes: mine, alternatives } of found[0].symbols) {
          const other = alternatives.find((a) => a.token !== token && a.token in SYMBOLS)?.token;
          if (!other || !mine.length) continue;
          recognizer.correct({ strokes: mine }, other);
          found = await recognizer.candidates(5);
          const written = ({ symbols }, pin) => symbols.some((s) =>
            s.token === pin.token && pin.strokes.every((id) => s.strokes.includes(id)));
          heeded.push(recognizer.pins.every((pin) => found.every((one) => written(one, pin))));
        }
      }
      recognizer.reset();
      return heeded;
    }""", inks)
    assert len(heeded) > 10 and all(heeded), "".join("ny"[one] for one in heeded)


def test_masks_leave_only_what_is_wanted(page, written):
    draw(page, ink_of(next(e for e in written if {"x", "a", "b"} & set(e.tokens))))
    page.select_option("#symbols", "digit operator")
    page.wait_for_timeout(1500)
    kept = page.evaluate("""async () => {
      const { SYMBOLS } = await import("./recognizer.js");
      const found = await pad.recognizer().candidates(5);
      return found.flatMap((c) => c.symbols.map((s) => SYMBOLS[s.token])).filter(Boolean);
    }""")
    page.select_option("#symbols", "")
    assert kept and "letter" not in kept


def test_scratching_out_erasing_and_the_lasso(page):
    bar = [[40 + 4 * i, 60] for i in range(20)]
    far = [[200 + 4 * i, 110] for i in range(15)]
    zigzag = [[35 + 45 * (1 - abs(i % 8 - 4) / 4) * 2, 55 + i / 4] for i in range(60)]
    draw(page, [bar, far, zigzag])
    assert page.evaluate("() => pad.ink.strokes.length") == 1
    page.keyboard.press("Control+z")
    assert page.evaluate("() => pad.ink.strokes.length") == 2
    page.keyboard.press("e")
    draw(page, [[[60, 40], [60, 60], [60, 90]]])
    assert page.evaluate("() => pad.ink.strokes.length") == 1
    box = page.locator("#surface").bounding_box()
    page.keyboard.press("l")
    for name, x, y in (("move", 190, 90), ("down", 0, 0), ("move", 300, 90), ("move", 300, 130),
                       ("move", 190, 130), ("up", 0, 0)):
        getattr(page.mouse, name)(*((box["x"] + x, box["y"] + y) if name == "move" else ()))
    assert len(page.evaluate("() => pad.surface.selected")) == 1
    before = page.evaluate("() => pad.ink.strokes[0].points[0][0]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => pad.ink.strokes[0].points[0][0]") == before + 4
    page.keyboard.press("Delete")
    assert page.evaluate("() => pad.ink.strokes.length") == 0
    page.keyboard.press("p")


def test_fingers_and_palms(page):
    touches = """(events) => {
      const canvas = document.getElementById("surface"), box = canvas.getBoundingClientRect();
      for (const [type, id, name, x, y] of events) canvas.dispatchEvent(new PointerEvent(name, {
        pointerType: type, pointerId: id, bubbles: true, cancelable: true, buttons: 1,
        button: name === "pointermove" ? -1 : 0, clientX: box.left + x, clientY: box.top + y }));
      return pad.ink.strokes.map((s) => s.points.length);
    }"""
    two = [["touch", 1, "pointerdown", 20, 20], ["touch", 2, "pointerdown", 90, 90],
           ["touch", 1, "pointermove", 20, 40], ["touch", 2, "pointermove", 90, 20],
           ["touch", 2, "pointerup", 90, 20], ["touch", 1, "pointerup", 20, 60]]
    assert page.evaluate(touches, two) == [3], "the second finger writes nothing"
    palm = [["touch", 3, "pointerdown", 50, 90], ["pen", 4, "pointerdown", 90, 20],
            ["touch", 3, "pointermove", 50, 95], ["pen", 4, "pointermove", 90, 50],
            ["touch", 3, "pointerup", 50, 95], ["pen", 4, "pointerup", 90, 60],
            ["touch", 5, "pointerdown", 60, 90], ["touch", 5, "pointerup", 60, 95]]
    assert page.evaluate(touches, palm) == [3, 3], "only the pen wrote"


# -- "Not right?" ---------------------------------------------------------------------------------


def test_a_correction_helps_at_once_and_is_kept_only_if_asked(page, written, tmp_path):
    example = next(e for e in written if len(e.tokens) == 3 and len(e.ink.strokes) > 1)
    strokes = ink_of(example)
    draw(page, strokes)
    wanted = shown(page)[1]
    for keep in (False, True):
        page.click("#wrong")
        page.fill("#truth", "x^")
        assert "cannot be read" in page.inner_text("#truth-problem")
        page.fill("#truth", wanted)
        page.set_checked("#keep", keep)
        page.click("#correction button[value=ok]")
        until(page, "() => pad.ink.strokes.length === 0")
        kept = page.evaluate("() => JSON.parse(localStorage.getItem('tegashiki.pairs') ?? '[]')")
        assert len(kept) == keep
        draw(page, strokes)
        assert shown(page)[0] == wanted, "this person's symbols are remembered"
    page.click("#open-settings")
    with page.expect_download() as download:
        page.click("#export-pairs")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        ink = inkjson.read_json(archive.read(archive.namelist()[0]), "kept.json")
    assert ink.truth == wanted and len(ink.strokes) == len(strokes)
    kept, left_out = read_labelled(download.value.path())
    assert ("".join(kept[0].tokens), left_out) == (wanted.replace(" ", ""), [])
    page.click("#forget")
    assert page.evaluate("() => Object.keys(localStorage).length") == 0
    page.keyboard.press("Escape")


def test_a_full_browser_is_said_and_the_correction_used(page, written):
    draw(page, ink_of(written[0]))
    page.evaluate("""() => {
      globalThis.given = Storage.prototype.setItem;
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    page.click("#wrong")
    page.fill("#truth", "x+1")
    page.set_checked("#keep", True)
    page.click("#correction button[value=ok]")
    page.wait_for_selector("#notice:not([hidden])")
    assert "no room left" in page.inner_text("#notice") and page.input_value("#tex") == "x+1"
    page.evaluate("() => { Storage.prototype.setItem = globalThis.given; }")
    assert page.evaluate("() => Object.keys(localStorage).length") == 0


# -- odd ink --------------------------------------------------------------------------------------


def test_odd_ink_is_read_or_said_to_be_too_much(page):
    assert len(read(page, [[[5, 5]]])) >= 1
    angle = np.linspace(0, 60, 5000)
    spiral = np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1).tolist()
    assert len(read(page, [spiral])) >= 1
    page.evaluate("""() => pad.ink.change(Array.from({ length: 200 }, (_, i) =>
      ({ id: 1000 + i, points: [[i, 10, 0, 0.5], [i + 1, 30, 0.1, 0.5]] })))""")
    until(page, "() => document.querySelector('#status').textContent.includes('64')")
    assert page.evaluate("() => pad.ink.strokes.length") == 200
    refused = page.evaluate("""() => {
      const codes = [];
      for (const bad of [[], [[1, NaN]], [[1]], [["a", 2]]]) {
        try { pad.recognizer().addStroke(bad); } catch (problem) { codes.push(problem.code); }
      }
      return codes;
    }""")
    assert refused == ["ink"] * 4


def test_only_the_newest_question_is_answered(page):
    answers = page.evaluate("""async () => {
      const recognizer = pad.recognizer();
      recognizer.reset();
      const asked = [];
      for (let i = 0; i < 6; i++) {
        recognizer.addStroke([[10 * i, 0], [10 * i + 5, 30]]);
        asked.push(recognizer.candidates(5));
      }
      return (await Promise.all(asked)).map((answer) => answer !== null);
    }""")
    assert answers == [False] * 5 + [True]


# -- what may go wrong around it ------------------------------------------------------------------


@pytest.mark.parametrize(("change", "complaint"), [
    ("hash", "damaged"), ("missing", "could not be loaded"), ("nonsense", "cannot be used"),
])
def test_a_bad_model_is_said_and_the_ink_stays(browser, change, complaint):
    page = browser[0].new_page()
    if change == "hash":
        page.route("**/*.tflite", lambda route: route.fulfill(body=b"TFL3" * 1000))
    elif change == "missing":
        page.route("**/*.tflite", lambda route: route.fulfill(status=404))
    else:
        page.route("**/model.json", lambda route: route.fulfill(body="{}"))
    opened(page, browser[1])
    assert complaint in page.inner_text("#notice")
    page.mouse.move(200, 400)
    page.mouse.down()
    page.mouse.move(240, 420)
    page.mouse.up()
    assert page.evaluate("() => pad.ink.strokes.length") == 1
    page.unroute_all()
    page.click("#notice .again")
    page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
    page.wait_for_selector("#candidates button")
    page.close()


def test_without_webassembly_and_storage_the_page_still_works(browser):
    page = browser[0].new_page()
    page.add_init_script("""delete globalThis.WebAssembly;
      Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } });""")
    # the worker has a WebAssembly of its own: the page's thread is asked
    opened(page, browser[1], worker="off")
    assert "WebAssembly" in page.inner_text("#notice")
    page.fill("#tex", "x")
    assert page.locator("#rendered .katex").count() == 1
    page.close()


def test_it_works_offline_after_the_first_load(browser):
    context = browser[0].new_context()
    page = opened(context.new_page(), browser[1], sw="on")
    until(page, """async () => {
      const [name] = await caches.keys();
      const kept = name ? await (await caches.open(name)).keys() : [];
      return navigator.serviceWorker.controller && kept.some(({ url }) => url.endsWith(".wasm"));
    }""")
    context.set_offline(True)
    opened(page, browser[1], sw="on")
    assert page.get_attribute("body", "data-ready") == "yes"
    context.close()


def test_japanese_english_dark_and_light(browser, page):
    english = page.inner_text("#wrong")
    page.click("#language")
    assert page.inner_text("#wrong") == "違いますか？" != english
    assert page.get_attribute("html", "lang") == "ja"
    page.click("#language")
    colours = []
    for _ in range(3):
        page.click("#theme")
        colours.append(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert len(set(colours)) == 2
    page.evaluate("() => localStorage.clear()")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_everything_that_can_be_pressed_has_a_name(page, written):
    draw(page, ink_of(written[0]))
    unnamed = page.evaluate("""() => [...document.querySelectorAll(
      "button, textarea, select, [role=button], canvas, input")].filter((node) =>
      !(node.ariaLabel || node.textContent.trim() || node.labels?.length))
      .map((node) => node.outerHTML)""")
    assert unnamed == []


def test_the_released_model_gives_the_same_best_candidate(public_set, chromium):
    if not (RELEASED / "model.json").is_file():
        pytest.skip("NO MODEL: models/ink2tex is not released yet")
    from tegashiki.data import crohme

    chosen = [e.ink for e in crohme.read(public_set("crohme"), "test2014")[0][::100]]
    with pad_browser.pad(RELEASED) as address:
        loaded = opened(chromium.new_page(), address)
        assert assert_same(loaded, RELEASED, chosen, 0.3) <= len(chosen) // 4


def test_the_embedding_of_the_readme(browser):
    page = browser[0].new_page()
    page.goto(browser[1] + "licences.txt")
    tex = page.evaluate("""async () => {
      const { create } = await import("/recognizer.js");
      const recognizer = await create({ model: "/model/" });
      recognizer.addStroke([[10, 20], [12, 40], [14, 60]]);
      const [best] = await recognizer.candidates(5);
      recognizer.correct(0, "1");
      const [pinned] = await recognizer.candidates(5);
      recognizer.close();
      return [best.latex, pinned.latex, JSON.stringify(recognizer.toJSON("1"))];
    }""")
    assert len(tex[0]) and "1" in tex[1]
    assert inkjson.read_json(json.loads(json.dumps(tex[2])).encode()).truth == "1"
    page.close()
