"""MathML as it is met: every element, missing ids, named entities, and what is broken."""

import pytest

from tegashiki.tex.clean import clean_mathml
from tegashiki.tex.mathml import read_mathml
from tegashiki.tex.problems import CleanError

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

READINGS = {
    # the children of <math>: the tokens in normal form
    "<mi>x</mi><mo>=</mo><mn>12</mn>": "x = 1 2",
    "<mrow><mrow><mi>x</mi></mrow></mrow>": "x",
    "<msub><mi>x</mi><mn>1</mn></msub>": "x _ { 1 }",
    "<msup><mi>x</mi><mn>2</mn></msup>": "x ^ { 2 }",
    "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>": "x _ { 1 } ^ { 2 }",
    "<munder><mo>lim</mo><mi>n</mi></munder>": r"\lim _ { n }",
    "<mover><mi>x</mi><mn>2</mn></mover>": "x ^ { 2 }",
    "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>": r"\sum _ { i } ^ { n }",
    "<mfrac><mn>1</mn><mi>x</mi></mfrac>": r"\frac { 1 } { x }",
    "<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>": r"\sqrt { x + 1 }",
    "<mroot><mi>x</mi><mn>3</mn></mroot>": r"\sqrt [ 3 ] { x }",
    "<mfenced><mi>x</mi><mi>y</mi></mfenced>": "( x , y )",
    "<mfenced open='[' close='}' separators='; |'><mi>x</mi><mi>y</mi><mi>z</mi><mi>t</mi>"
    "</mfenced>": None,                                            # ; is not in the vocabulary
    "<mfenced open='|' close='|' separators=''><mi>x</mi><mi>y</mi></mfenced>": "| x y |",
    "<mtext>all </mtext><mspace width='1em'/><mi>z</mi>": "a l l z",
    "<mstyle displaystyle='true'><mi>x</mi></mstyle>": "x",
    "<semantics><mi>x</mi><annotation>y</annotation></semantics>": "x",
    "<mi>&pi;</mi><mo>&lt;</mo><mo>&#x2265;</mo><mo>&times;</mo>": r"\pi < \geq \times",
    "<mi>x</mi><!-- a note --><mi>y</mi>": "x y",
    "<mo>{</mo><mi>x</mi><mo>\\}</mo>": r"\{ x \}",
    "<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>": r"\sin x",
    "<mi>x</mi><mo>&InvisibleTimes;</mo><mi>y</mi>": "x y",
    "<msup><mi>f</mi><mo>′</mo></msup>": r"f ^ { \prime }",
    "<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>": "a b ^ { 2 }",
    "<msup><msub><mi>x</mi><mn>1</mn></msub><mn>2</mn></msup>": "x _ { 1 } ^ { 2 }",
    "<msup><msup><mi>y</mi><mo>\\prime</mo></msup><mn>2</mn></msup>": r"y ^ { \prime 2 }",
}


@pytest.mark.parametrize(("inside", "tex"), READINGS.items())
@pytest.mark.parametrize("attribute", ["", f' xmlns="{NAMESPACE}"'])
def test_every_element_is_read(inside: str, tex: str | None, attribute: str) -> None:
    text = f"<math{attribute}>{inside}</math>"
    if tex is None:
        with pytest.raises(CleanError, match="vocabulary"):
            clean_mathml(text)
    else:
        assert " ".join(clean_mathml(text).tokens) == tex


def test_a_prefix_for_the_namespace_changes_nothing() -> None:
    text = f'<m:math xmlns:m="{NAMESPACE}"><m:msqrt><m:mi>x</m:mi></m:msqrt></m:math>'
    assert clean_mathml(text).tokens == (r"\sqrt", "{", "x", "}")


def test_ids_stay_with_what_a_pen_draws() -> None:
    text = (
        '<math><mroot xml:id="root"><mfrac xml:id="bar"><mi xml:id="a">a</mi><mi>b</mi></mfrac>'
        '<mn xml:id="n">12</mn></mroot></math>'
    )
    assert [pair for pair in read_mathml(text) if pair[1]] == [
        (r"\sqrt", "root"), ("1", "n"), ("2", "n"), (r"\frac", "bar"), ("a", "a"),
    ]  # fmt: skip
    cleaned = clean_mathml(text)
    assert cleaned.places == {"root": 0, "n": 2, "bar": 6, "a": 8}
    assert all(cleaned.ids[place] == name for name, place in cleaned.places.items())
    assert cleaned.ids.count("n") == 2


def test_ids_follow_their_signs_when_scripts_change_places() -> None:
    text = (
        '<math><msub><msup><mi xml:id="x">x</mi><mn xml:id="two">2</mn></msup>'
        '<mn xml:id="one">1</mn></msub></math>'
    )
    cleaned = clean_mathml(text)
    assert " ".join(cleaned.tokens) == "x _ { 1 } ^ { 2 }"
    assert [name for name in cleaned.ids if name] == ["x", "one", "two"]


BOMB = (
    '<!DOCTYPE math [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<math><mi>&b;</mi></math>"
)
BROKEN = {
    "": "mathml is not xml",
    "no xml": "mathml is not xml",
    "<math><mi>x</math>": "mathml is not xml",
    "<math><mi>&unheardof;</mi></math>": "mathml is not xml",
    BOMB: "mathml is not xml",
    "<math><mi>x</mi>" + " " * 2_000_000 + "</math>": "mathml too long",
    "<math><mfrac><mi>x</mi></mfrac></math>": "mathml argument missing",
    "<math><msup><mi>x</mi><mn>1</mn><mn>2</mn></msup></math>": "mathml argument missing",
    "<math><mtable/></math>": "mathml element",
    "<math>" + "<mrow>" * 5_000 + "</mrow>" * 5_000 + "</math>": "too deep",
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.items(), ids=range(len(BROKEN)))
def test_what_is_broken_or_hostile_gives_one_line_and_a_reason(text: str, reason: str) -> None:
    with pytest.raises(CleanError) as caught:
        read_mathml(text)
    assert caught.value.reason == reason
    message = str(caught.value)
    assert message.startswith("mathml: ") and "\n" not in message and len(message) < 300


@pytest.mark.parametrize(("text", "reason"), {
    "<math/>": "empty",
    "<math><mi>q</mi><mi>Q</mi></math>": "not in the vocabulary",
    "<math><msup><mrow/><mn>2</mn></msup></math>": "no normal form",
}.items())  # fmt: skip
def test_what_has_no_normal_form_says_why(text: str, reason: str) -> None:
    with pytest.raises(CleanError) as caught:
        clean_mathml(text)
    assert caught.value.reason == reason
