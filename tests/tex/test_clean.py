"""Cleaning: raw TeX as data sets write it, and the ids carried over from MathML."""

import pytest

from tegashiki.tex.clean import clean, clean_latex, count_reasons
from tegashiki.tex.problems import CleanError
from tegashiki.tex.tree import is_valid

CLEANED = {
    # raw TeX: normal form
    "$x^2$": "x ^ { 2 }",
    "$$ x $$": "x",
    r"\(x\)": "x",
    "x_1^2": "x _ { 1 } ^ { 2 }",
    "x^2_1": "x _ { 1 } ^ { 2 }",
    r"\frac12": r"\frac { 1 } { 2 }",
    r"\dfrac ab": r"\frac { a } { b }",
    r"\frac {\sqrt x} 2": r"\frac { \sqrt { x } } { 2 }",
    r"\sqrt[3]{x}": r"\sqrt [ 3 ] { x }",
    r" { { - { \mbox { E } } _ { \mbox { q } } } } ": "- E _ { q }",
    r"\left( a \right)": "( a )",
    r"\left. a \right|": "a |",
    r"\left< a \right>": "< a >",
    r"\Bigg( a \bigr)": "( a )",
    r"1\ 000\,000\!\;\quad1": "1 0 0 0 0 0 0 1",
    r"a\lt b\gt c": "a < b > c",
    r"x\gtM": "x > M",
    r"a \le b \ge c \ne d": r"a \leq b \geq c \neq d",
    r"x \to \infty": r"x \rightarrow \infty",
    r"1, \dots, n": r"1 , \ldots , n",
    r"\lbrack a \rbrack": "[ a ]",
    r"\{ a \}": r"\{ a \}",
    r"\mathrm dx": "d x",
    "f'(x)": r"f ^ { \prime } ( x )",
    "f''": r"f ^ { \prime \prime }",
    "{y^{'}}^2": r"y ^ { \prime 2 }",
    "α≤π": r"\alpha \leq \pi",
    "x−1": "x - 1",
    r"\sum\limits_{i}": r"\sum _ { i }",
    r"\int\limits_{a}^b": r"\int \limits _ { a } ^ { b }",
    "|x|": "| x |",
    r"x \parallel y": "x | | y",
    "log(x)": r"\log ( x )",
    "$l o g 5$": r"\log 5",
    "sin x": r"\sin x",
    "sinc x": "s i n c x",
    "a_{tan}": "a _ { t a n }",
    r"\sin x": r"\sin x",
    "x _ {}, y": "x _ { , } y",
}


@pytest.mark.parametrize(("truth", "tex"), CLEANED.items())
def test_raw_tex_becomes_the_normal_form(truth: str, tex: str) -> None:
    tokens = clean_latex(truth)
    assert " ".join(tokens) == tex
    assert is_valid([token for token in tokens if token != r"\limits"])
    assert clean_latex(" ".join(tokens)) == tokens        # clean stays clean


UNCLEAN = {
    "": "empty",
    "$ $": "empty",
    "{ }": "empty",
    "x^": "braces or arguments missing",
    "{x": "braces or arguments missing",
    "x}": "braces or arguments missing",
    r"\frac{1}": "braces or arguments missing",
    "x\\": "not in the vocabulary",
    r"\nabla x": "not in the vocabulary",
    r"\begin{matrix} 1 \\ 2 \end{matrix}": "not in the vocabulary",
    r"\mathbb{R}": "not in the vocabulary",
    "x^{2}^{3}": "no normal form",
    "{}^{2}": "no normal form",
    r"\sqrt{}": "no normal form",
    "x" * 200_000: "too long",
    "{" * 90_000: "braces or arguments missing",
}


@pytest.mark.parametrize(("truth", "reason"), UNCLEAN.items(), ids=range(len(UNCLEAN)))
def test_what_cannot_be_cleaned_says_why_in_one_line(truth: str, reason: str) -> None:
    with pytest.raises(CleanError) as caught:
        clean_latex(truth)
    assert caught.value.reason == reason
    assert "\n" not in str(caught.value)


def test_the_reasons_are_counted_the_most_frequent_first() -> None:
    problems = []
    for truth in UNCLEAN:
        try:
            clean_latex(truth)
        except CleanError as problem:
            problems.append(problem)
    table = count_reasons(problems)
    assert list(table.values()) == sorted(table.values(), reverse=True)
    assert sum(table.values()) == len(UNCLEAN)


def mathml(inside: str) -> str:
    """Elements written short: [mi x] is an <mi> with the id x1, x2, ... by its turn."""
    counts: dict[str, int] = {}
    out = []
    for part in inside.split():
        if ":" in part:
            name, text = part.split(":")
            counts[text] = counts.get(text, 0) + 1
            out.append(f'<{name} xml:id="{text}{counts[text]}">{text}</{name}>')
        else:
            out.append(f"<{part}>")
    return f"<math>{''.join(out)}</math>"


def named(truth: str, inside: str) -> tuple[dict[str, str], bool]:
    """Which symbol each id went to, by its place among equal symbols in the TeX; and agreement."""
    cleaned = clean(truth, mathml(inside))
    assert cleaned.source == "latex"
    symbols = [f"{t}@{list(cleaned.tokens[:i]).count(t) + 1}" for i, t in enumerate(cleaned.tokens)]
    return {name: symbols[place] for name, place in cleaned.places.items()}, cleaned.agreed


def test_the_same_formula_gives_every_sign_its_id() -> None:
    found, agreed = named("x+x^x", "mi:x mo:+ msup mi:x mi:x /msup")
    assert found == {"x1": "x@1", "+1": "+@1", "x2": "x@2", "x3": "x@3"}
    assert agreed


def test_a_script_on_the_wrong_letter_does_not_exchange_equal_letters() -> None:
    """MathBrush: the TeX says {zB}_B, the MathML z_B B."""
    found, agreed = named("{zB}_B", "msub mi:z mi:B /msub mi:B")
    assert found == {"z1": "z@1", "B1": "B@2", "B2": "B@1"}
    assert not agreed


def test_a_swapped_root_is_read_the_other_way_round() -> None:
    """MfrDB: the TeX says the fifth root of 55, the MathML puts the degree first."""
    found, agreed = named(r"\sqrt[5]{55}", "mroot mn:5 mrow mn:5 mn:5 /mrow /mroot")
    assert found == {"51": "5@1", "52": "5@2", "53": "5@3"}
    assert agreed


def test_a_swapped_fraction_is_paired_by_its_signs() -> None:
    found, agreed = named(r"\frac{3}{2}", "mfrac mn:2 mn:3 /mfrac")
    assert found == {"21": "2@1", "31": "3@1"}
    assert not agreed


def test_three_dots_are_the_ink_of_one_token() -> None:
    found, agreed = named(r"1+\cdots", "mn:1 mo:+ mo:. mo:. mo:.")
    assert found == {"11": "1@1", "+1": "+@1"} | dict.fromkeys((".1", ".2", ".3"), r"\cdots@1")
    assert agreed
    found, agreed = named("...", "mo:. mo:. mo:.")
    assert found == {".1": ".@1", ".2": ".@2", ".3": ".@3"}
    assert agreed


def test_signs_that_look_alike_are_one_ink() -> None:
    found, agreed = named(r"2 \cdot 3", "mn:2 mo:. mn:3")
    assert found[".1"] == r"\cdot@1"
    assert agreed


def test_a_lost_or_misread_sign_leaves_the_others_alone() -> None:
    found, agreed = named("a+n_n", "mi:a mo:+ mi:n")
    assert found == {"a1": "a@1", "+1": "+@1", "n1": "n@1"}
    assert not agreed
    found, agreed = named(r"b \rightarrow n", "mi:b mo:? mi:n")
    assert found["?1"] == r"\rightarrow@1"
    assert not agreed


def test_the_mathml_stands_in_where_the_tex_is_broken() -> None:
    cleaned = clean(r"\lim_{x}} y", mathml("msub mo:lim mi:x /msub mi:y"))
    assert cleaned.source == "mathml"
    assert " ".join(cleaned.tokens) == r"\lim _ { x } y"
    assert cleaned.places == {"lim1": 0, "x1": 3, "y1": 5}


def test_the_tex_stands_alone_where_the_mathml_is_broken() -> None:
    cleaned = clean("x", "<math><mi>")
    assert (cleaned.tokens, cleaned.ids, cleaned.agreed) == (("x",), (None,), False)


def test_where_both_are_broken_the_reason_is_that_of_the_tex() -> None:
    with pytest.raises(CleanError) as caught:
        clean("x^", "<math><mtable/></math>")
    assert caught.value.reason == "braces or arguments missing"
    with pytest.raises(CleanError):
        clean("", "")
