r"""Raw TeX, MathML and MathWriting's labels in the wide vocabulary."""

import html
import re
import tarfile
from pathlib import Path

import pytest

from tegashiki.tex.clean import clean, clean_latex, clean_mathml
from tegashiki.tex.problems import CleanError
from tegashiki.tex.tokens import wide
from tegashiki.tex.tree import is_valid

CLEANED = {
    # accents
    r"\bar x": r"\overline { x }",
    r"\widehat{AB}": r"\hat { A B }",
    r"\overrightarrow{AB}": r"\vec { A B }",
    r"\hat{\omega} \approx \overline{K}": r"\hat { \omega } \approx \overline { K }",
    # matrices
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}^T":
        r"( \begin{matrix} a & b \\ c & d \end{matrix} ) ^ { T }",
    r"\left[\begin{array}{c|c} 1 & 0 \\[2pt] \hline 0 & 1\\ \end{array}\right]":
        r"[ \begin{matrix} 1 & 0 \\ 0 & 1 \end{matrix} ]",
    r"\begin{vmatrix} a \\ [b] \end{vmatrix}": r"| \begin{matrix} a \\ [ b ] \end{matrix} |",
    r"|x|=\begin{cases} x & \text{if } x>0\\ -x\end{cases}":
        r"| x | = \{ \begin{matrix} x & i f x > 0 \\ - x \end{matrix}",
    r"\begin {matrix} a \cr b \end {matrix}": r"\begin{matrix} a \\ b \end{matrix}",
    r"\begin{equation*} a &= b \end{equation*}": "a = b",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}":
        r"\begin{matrix} a & = b \\ & = c \end{matrix}",
    r"\begin{matrix} \begin{matrix} 1 \\ 2 \end{matrix} & 3 \end{matrix}":
        r"\begin{matrix} \begin{matrix} 1 \\ 2 \end{matrix} & 3 \end{matrix}",
    r"\sum_{\substack{i<n\\j<m}}": r"\sum _ { \begin{matrix} i < n \\ j < m \end{matrix} }",
    # what stands above each other
    r"{n \choose k}": r"( \begin{matrix} n \\ k \end{matrix} )",
    r"\dbinom{n}{k}": r"( \begin{matrix} n \\ k \end{matrix} )",
    r"{dQ \over T}": r"\frac { d Q } { T }",
    r"x^{a \over b}": r"x ^ { \frac { a } { b } }",
    r"\underset{x \in X}{\max} f": r"\max _ { x \in X } f",
    r"A \overset{!}{=} \stackrel{def}{=} B": "A = ^ { ! } = ^ { d e f } B",
    r"A \xrightarrow{f} B": r"A \longrightarrow ^ { f } B",
    # fonts, names, signs
    r"\mathbb{R}^n \Bbb Z \mathbb{E F}": r"\mathbb{R} ^ { n } \mathbb{Z} \mathbb{E} \mathbb{F}",
    r"\mathcal{L}_X \mathscr F {\cal O} \mathfrak{g}":
        r"\mathcal{L} _ { X } \mathcal{F} \mathcal{O} g",
    r"\varepsilon\vartheta\varphi": r"\epsilon \vartheta \varphi",
    r"\|x\| \lVert y \rVert \parallel": r"\| x \| \| y \| \|",
    r"\left< x, y \right>": r"\langle x , y \rangle",
    r"90^\circ 45\degree 5\%": r"9 0 ^ { \circ } 4 5 ^ { \circ } 5 \%",
    r"a \not= b \not\in C": r"a \neq b \notin C",
    r"a \equiv b \pmod{n}": r"a \equiv b ( \mod n )",
    r"\operatorname{tr} A \operatorname*{max}": r"t r A \max",
    r"\arg z \limsup \Re": r"a r g z \lim \sup R e",
    "ω∂ℝ𝒪∖ε": r"\omega \partial \mathbb{R} \mathcal{O} \backslash \epsilon",
    r"a\hspace{1em}b\label{eq}\textcolor{red}{c}\phantom{x}": "a b c",
    # as MathWriting writes
    r"O(nlogn)": r"O ( n \log n )",
    r"lim_{n\longrightarrow\infty}": r"\lim _ { n \longrightarrow \infty }",
    r"\mathbb{E}[logX!]=-cos\theta-lnx": r"\mathbb{E} [ \log X ! ] = - \cos \theta - \ln x",
    r"limPr(A_{n})": r"\lim P r ( A _ { n } )",
    r"w_{1}\cdot\cdot\cdot w_{p},...": r"w _ { 1 } \cdots w _ { p } , \ldots",
    r"e^{\cdot^{\cdot^{\cdot}}}": r"e ^ { \cdot ^ { \cdot ^ { \cdot } } }",
    r"constant single": "c o n s t a n t s i n g l e",
    r"x\#\&y": r"x \# \& y",
}


@pytest.mark.parametrize(("truth", "tex"), CLEANED.items())
def test_raw_tex_becomes_the_normal_form(truth: str, tex: str) -> None:
    tokens = clean_latex(truth, wide())
    assert " ".join(tokens) == tex
    assert is_valid(tokens)
    assert clean_latex(" ".join(tokens), wide()) == tokens        # clean stays clean


UNCLEAN = {
    r"\underbrace{x}": "not in the vocabulary",
    r"\mathbb{1}": "not in the vocabulary",
    r"a \\ b": "braces or arguments missing",
    r"\begin{matrix} a": "braces or arguments missing",
    r"\end{matrix}": "braces or arguments missing",
    r"\begin{tikzpicture} a \end{tikzpicture}": "not in the vocabulary",
    r"\begin{matrix}" * 5_000: "braces or arguments missing",
    r"\substack{" * 9_000: "braces or arguments missing",
    r"\overset": "empty",
    r"\begin{matrix} & \end{matrix}": "empty",
}


@pytest.mark.parametrize(("truth", "reason"), UNCLEAN.items(), ids=range(len(UNCLEAN)))
def test_what_cannot_be_cleaned_says_why_in_one_line(truth: str, reason: str) -> None:
    with pytest.raises(CleanError) as caught:
        clean_latex(truth, wide())
    assert caught.value.reason == reason
    assert "\n" not in str(caught.value)


READINGS = {
    "<mover accent='true'><mi>x</mi><mo>‾</mo></mover>": r"\overline { x }",
    "<mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>&rarr;</mo></mover>": r"\vec { A B }",
    "<munder><mi>x</mi><mo>&#x332;</mo></munder>": r"\underline { x }",
    "<munder><mi>max</mi><mi>x</mi></munder>": r"\max _ { x }",
    "<mover><mo>=</mo><mo>!</mo></mover>": "= ^ { ! }",
    "<mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd/></mtr><mlabeledtr><mtd><mi>q</mi></mtd>"
    "</mlabeledtr></mtable><mo>]</mo>": r"[ \begin{matrix} 1 \\ q \end{matrix} ]",
    "<mi mathvariant='double-struck'>R</mi><mi mathvariant='script'>L</mi><mi>ℕ</mi>":
        r"\mathbb{R} \mathcal{L} \mathbb{N}",
    "<mo>&Sum;</mo><mi>Σ</mi><mi>&phi;</mi>": r"\sum \Sigma \varphi",
}


@pytest.mark.parametrize(("inside", "tex"), READINGS.items())
def test_mathml_becomes_the_normal_form(inside: str, tex: str) -> None:
    assert " ".join(clean_mathml(f"<math>{inside}</math>", wide()).tokens) == tex


def test_ids_go_to_accents_and_into_matrices() -> None:
    mathml = ("<math><mover><mi xml:id='x'>x</mi><mo xml:id='hat'>^</mo></mover><mtable><mtr><mtd>"
              "<mn xml:id='1'>1</mn></mtd></mtr><mtr><mtd><mn xml:id='2'>2</mn></mtd></mtr>"
              "</mtable></math>")
    cleaned = clean(r"\hat x\begin{matrix} 1\\2 \end{matrix}", mathml, wide())
    assert (cleaned.source, cleaned.agreed) == ("latex", True)
    assert {name: cleaned.tokens[place] for name, place in cleaned.places.items()} == {
        "x": "x", "hat": r"\hat", "1": "1", "2": "2"}


_LABEL = re.compile(r'type="normalizedLabel">([^<]*)<')


def test_every_label_of_the_mathwriting_excerpt_has_a_normal_form(data_root: Path) -> None:
    path = data_root / "math" / "mathwriting" / "excerpt-train.tar.xz"
    if not path.is_file():
        pytest.skip(f"NO REAL DATA: {path} is missing")
    labels, failed = 0, {}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.endswith(".inkml"):
                text = archive.extractfile(member).read().decode("utf-8")
                label = html.unescape(_LABEL.search(text)[1])
                labels += 1
                try:
                    assert is_valid(clean_latex(label, wide()))
                except CleanError as error:
                    failed[label] = str(error)
    assert labels == 200
    assert len(failed) <= 1, failed         # {y^{*}}^{2} needs braces that are no argument's
