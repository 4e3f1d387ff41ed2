"""The wide vocabulary: every token has ink, and new structures stand as they should."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from tegashiki.data import symbols
from tegashiki.data.expressmatch import in_place
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.errors import TegashikiError
from tegashiki.synthesis import formula_corpus, formula_grammar, hershey
from tegashiki.synthesis.baseline_estimation import estimate_lines
from tegashiki.synthesis.example_stream import Sources, StreamConfig, Weights, stream
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.glyph_words import ENOUGH, inventory
from tegashiki.synthesis.layout_measurement import measure_layout
from tegashiki.synthesis.layout_priors import PRIORS
from tegashiki.synthesis.line_metrics import symbol_boxes
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize
from tegashiki.synthesis.truncation import whats_there
from tegashiki.synthesis.variation import VariationConfig
from tegashiki.synthesis.writer_style import StyleBank
from tegashiki.tex.nodes import STRUCTURE
from tegashiki.tex.tokens import SPECIAL, wide
from tegashiki.tex.tree import canonical, is_valid, parse

STILL = SynthesisConfig(borrowed=0, distort=None)
MATRIX = r"A = [ \begin{matrix} 1 & - x \\ y _ { 2 } & 0 \end{matrix} ]"
CASES = r"f = \{ \begin{matrix} x & x < 0 \\ 1 \end{matrix}"
TEXT = [MATRIX, CASES, r"\hat { \omega } \approx \overline { K L }", r"\ln x + \max y",
        r"\binom { n } { k } = \mathcal { L }", r"\prod _ { i = 1 } ^ { n } \mathbb{R}"]


@pytest.fixture(scope="module")
def sources():
    """Built-in fonts as writers, and one crude drawing of every token."""
    rng = np.random.default_rng(5)
    bank = hershey.glyph_bank("hand")
    examples = [synthesize(tokens, bank, rng, STILL, style=style) for style in bank.styles
                for tokens in formula_grammar.formulas(
                    rng, 40, formula_grammar.GrammarConfig(longest=30))]
    shape = (np.float32([[0, 0], [30, 40], [60, 10]]),)
    drawings = [IsolatedSymbol(token, shape, f"drawing/{token}")
                for token in wide().tokens[len(SPECIAL):] if token not in STRUCTURE]
    text = formula_corpus.weighted([(tuple(line.split()), 1) for line in TEXT],
                                   known=formula_corpus.WIDE_TEXT)
    return Sources.of(examples, text, drawings, wide(), [tuple(canonical(TEXT[3].split()))])


def boxes(tex, sources, seed=0):
    example = synthesize(tex.split(), sources.bank, np.random.default_rng(seed), STILL)
    return example, symbol_boxes(example)


def test_every_token_has_enough_ink_and_says_where_from(sources):
    found = {token: (count, how) for token, count, how in inventory(sources.bank)}
    assert set(found) == {t for t in wide().tokens[len(SPECIAL):] if t not in STRUCTURE}
    assert min(count for count, _ in found.values()) >= ENOUGH
    assert "composed" in found[r"\ln"][1] and "copy" in found[r"\aleph"][1]
    assert "formula" in found["x"][1] and "drawing" in found[r"\aleph"][1]


def test_a_word_is_written_with_its_writers_letters(sources):
    bank = sources.bank
    for style, numbers in bank.index[r"\ln"].items():
        composed = [n for n in numbers if bank.origins[n] == "composed"]
        for number in composed:
            letters = [{len(bank.strokes(n)) for n in bank.index[letter][style]}
                       for letter in "ln" if style in bank.index[letter]]
            if len(letters) == 2:
                sums = {a + b for a in letters[0] for b in letters[1]}
                assert len(bank.strokes(number)) in sums
    assert any(bank.origins[n] == "composed" for own in bank.index[r"\ln"].values() for n in own)


@pytest.mark.parametrize("seed", range(5))
def test_a_matrix_stands_in_rows_and_columns_between_its_brackets(sources, seed):
    example, box = boxes(MATRIX, sources, seed)
    assert in_place(example)
    opening, closing = (example.tokens.index(token) for token in "[]")
    cells = [box[t] for t in box if opening < t < closing]
    for bracket in (box[opening], box[closing]):
        covered = bracket[3] - bracket[1]
        assert covered > 0.7 * (max(b[3] for b in cells) - min(b[1] for b in cells))
    assert max(b[2] for b in cells) < box[closing][2]


def test_the_brace_of_cases_is_as_tall_as_they_are(sources):
    _, box = boxes(CASES, sources)
    brace, rest = box[2], [box[t] for t in box if t > 2]
    assert brace[3] - brace[1] > 0.7 * (max(b[3] for b in rest) - min(b[1] for b in rest))


@pytest.mark.parametrize(("accent", "sign"), [(r"\hat", -1), (r"\overline", -1), (r"\dot", -1),
                                              (r"\underline", 1)])
def test_a_mark_stands_over_or_under_what_it_belongs_to(sources, accent, sign):
    _, box = boxes(f"{accent} {{ x y }}", sources)
    mark, held = box[0], (box[2], box[3])
    if sign < 0:
        assert mark[3] < min(b[1] for b in held)
    else:
        assert mark[1] > max(b[3] for b in held)
    assert held[0][0] < (mark[0] + mark[2]) / 2 < held[1][2]
    if accent.endswith("line"):
        assert mark[2] - mark[0] > 0.6 * (held[1][2] - held[0][0])


def test_nobodys_drawings_are_lent_at_random_but_always_the_same(sources):
    bank = GlyphBank([*(sources.bank[n] for n in range(len(sources.bank))),
                      *(Glyph("@", (np.float32([[0, -i], [1, 0]]),), f"drawing/{i}")
                        for i in range(1, 60))], shuffled=True)
    random = BufferedRng(np.random.default_rng(0))
    lent = {style: {StyleBank(bank).get(style).number("@", False, random) for _ in range(80)}
            for style in ("plain", "script")}
    assert all(1 < len(numbers) <= 8 for numbers in lent.values())
    assert lent["plain"] != lent["script"]
    assert lent["plain"] == {StyleBank(bank).get("plain").number("@", False, random)
                             for _ in range(80)}


def test_what_is_not_canonical_is_refused(sources):
    with pytest.raises(TegashikiError, match="make the formula canonical first"):
        synthesize(r"\binom { n } { k }".split(), sources.bank, np.random.default_rng(0), STILL)


def test_layout_of_matrices_is_measured_as_it_was_drawn(sources):
    rng = np.random.default_rng(0)
    other = (MATRIX, MATRIX.replace("A", "B"), MATRIX.replace("A", "C"))
    examples = [synthesize(other[i % 3].split(), sources.bank, rng, STILL) for i in range(60)]
    one_formula = measure_layout(estimate_lines(examples[::3]))
    assert "matrix rows" not in one_formula.statistics      # what one formula says is not enough
    statistics = measure_layout(estimate_lines(examples))
    for key in ("matrix rows", "matrix columns", "matrix axis"):
        (expected,), (spread,) = PRIORS[key]
        assert key in statistics.statistics
        assert statistics.find(key).mean[0] == pytest.approx(expected, abs=max(2 * spread, 0.5))


def test_a_stream_in_the_wide_vocabulary(sources):
    config = StreamConfig(Weights(real=0.1, text=0.5, compose=0.3, swap=0.3), truncated=0.2,
                          variation=VariationConfig())
    made = list(itertools.islice(stream(np.random.default_rng(1), sources, config), 150))
    tokens = {token for example in made for token in example.tokens}
    assert tokens <= set(wide().tokens)
    assert {r"\begin{matrix}", r"\mathcal{L}", r"\overline"} <= tokens
    assert all(is_valid(example.tokens) for example in made)


def test_formulas_that_are_measured_on_are_not_drawn(sources):
    plain = StreamConfig(Weights(**dict.fromkeys(vars(Weights()), 0.0) | {"text": 1.0}),
                         truncated=0.0)
    made = itertools.islice(stream(np.random.default_rng(1), sources, plain), 60)
    texts = {" ".join(example.tokens) for example in made}
    assert len(texts) == len(TEXT) - 1 and TEXT[3] not in texts
    assert r"( \begin{matrix} n \\ k \end{matrix} ) = \mathcal{L}" in texts      # \binom


def test_a_matrix_half_written():
    row = parse(MATRIX.split())

    def left(present):
        return " ".join(token for token, _ in whats_there(row, present))

    assert left({0, 1, 2, 4}) == "A = [ 1"
    assert left({0, 1, 2, 4, 9}) == r"A = [ \begin{matrix} 1 \\ y \end{matrix}"
    assert left(set(range(30))) == MATRIX


def test_a_mark_without_its_letter_means_nothing_yet():
    row = parse(r"\hat { x }".split())
    assert [token for token, _ in whats_there(row, {0})] == []
    assert [token for token, _ in whats_there(row, {2})] == ["x"]


def test_text_that_only_one_source_gave_is_left_out(tmp_path):
    text, tags = tmp_path / "wide.txt", tmp_path / "tags.txt"
    text.write_text("5\ta + b\n2\t\\overline { x }\n1\t\\nobody x\n1\t\\omega + 1\n")
    tags.write_text("m5\nb1 m1\nb1\ne1\n")
    assert formula_corpus.read_wide(text, tags).formulas == [
        (r"\overline", "{", "x", "}"), (r"\omega", "+", "1")]
    assert len(formula_corpus.read_wide(text)) == 3
    tags.write_text("m5\nb1\n")
    with pytest.raises(TegashikiError, match="has not one line for each"):
        formula_corpus.read_wide(text, tags)


def test_drawings_with_a_token_and_a_drawer(tmp_path):
    path = tmp_path / "drawings.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in (
        {"id": "a", "drawer": "7", "token": r"\omega", "strokes": [[[0, 0], [1, 2]]]},
        {"id": "b", "token": r"\varepsilon", "strokes": [[[0, 0], [1, 2]]]},
        {"id": "c", "token": None, "strokes": [[[0, 0]]]})))
    samples, skipped = symbols.labelled(path, "made", wide())
    assert [(s.token, s.style) for s in samples] == [(r"\omega", "made/7"),
                                                      (r"\epsilon", "made/b")]
    assert skipped == {"None": 1}


def test_lent_layout_is_measured_and_nothing_else_of_it_is_used(sources):
    lent = [replace(example, ink=replace(example.ink, writer="lent"))
            for example in sources.examples]
    made = Sources.of(sources.examples, vocabulary=wide(), layout=lent)
    assert made.bank.layout_writers == ("lent",) and "lent" not in made.bank.styles
    assert any("lent" in one.writer_means for one in made.bank.statistics.statistics.values())
    assert len(made.examples) == len(sources.examples)
    config = SynthesisConfig(lent_layout=1.0, distort=None)
    tokens = "x ^ { 2 } + y".split()
    assert synthesize(tokens, made.bank, np.random.default_rng(0), config).ink.writer != "lent"
