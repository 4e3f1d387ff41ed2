"""The browser's answers are Python's: normal form, features, TeX, candidates."""

import numpy as np
import pytest

from tegashiki.decoding.recognizer import Recognizer
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import normalize
from tegashiki.ink.simplify import simplify
from tegashiki.networks.features import StrokeFeatures
from tegashiki.synthesis import formula_grammar
from tegashiki.tex import alphabets
from tegashiki.tex.packing import pack
from tegashiki.tex.tree import canonical
from tests.pad import browser as pad_browser
from tests.pad.browser import RELEASED, TOY, opened, read

pytestmark = pytest.mark.browser


def assert_same(page, model, inks, tolerance):
    """The same candidates with the same scores and strokes; how many differed beyond the first."""
    python, different = Recognizer.load(model), 0
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


@pytest.mark.parametrize("alphabet", [["1", "x", "+"], "school"])
def test_the_same_candidates_within_an_alphabet(page, written, alphabet):
    known = alphabets.read(alphabet) if isinstance(alphabet, str) else {*alphabet}
    python = Recognizer.load(TOY).within(known)
    page.evaluate("(alphabet) => { pad.recognizer().alphabet = alphabet; }", alphabet)
    try:
        for ink in [example.ink for example in written][:6]:
            here = read(page, [stroke.tolist() for stroke in ink.strokes])
            assert here[0]["tex"] == python.candidates(ink, 5)[0].tex
            tokens = {token for candidate in here for token in candidate["tokens"]}
            assert tokens <= known | {"_", "^", "{", "}"}
    finally:
        page.evaluate("() => { pad.recognizer().alphabet = null; }")


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


def test_the_released_model_gives_the_same_best_candidate(public_set, chromium):
    if not (RELEASED / "model.json").is_file():
        pytest.skip("NO MODEL: models/ink2tex is not released yet")
    from tegashiki.data import crohme

    chosen = [e.ink for e in crohme.read(public_set("crohme"), "test2014")[0][::100]]
    with pad_browser.pad(RELEASED) as address:
        loaded = opened(chromium.new_page(), address)
        assert assert_same(loaded, RELEASED, chosen, 0.3) <= len(chosen) // 4
