r"""MathWriting's labels: our tokens written as theirs, and figures counted by hand."""

import html
import re
import tarfile
from pathlib import Path

import pytest

from tegashiki.tex.clean import clean_latex
from tegashiki.tex.mathwriting_form import mathwriting_form
from tegashiki.tex.problems import CleanError
from tegashiki.tex.scores import Figures, Score, among
from tegashiki.tex.tokens import tokenize, wide

FORMS = {
    r"\sin ^ { 2 } x": "s i n ^ { 2 } x",
    r"\liminf \arctan \mod": "l i m i n f a r c t a n m o d",
    r"a \leq b \neq c \geq d": r"a \le b \ne c \ge d",
    r"1 , \ldots \cdots": r"1 , . . . \cdot \cdot \cdot",
    r"\mathcal { L } \mathcal{O} \mathbb{R}": r"L O \mathbb{R}",
    r"\binom { n } { k }": r"( \begin{matrix} n \\ k \end{matrix} )",
    r"\varepsilon \ell \star": r"\epsilon l *",
    "f '": r"f ^ { \prime }",
    "x ^ { 2": "x ^ { 2",                                 # broken: as it is
}


@pytest.mark.parametrize(("tex", "form"), FORMS.items())
def test_our_tokens_are_written_as_theirs(tex: str, form: str) -> None:
    assert mathwriting_form(tex.split()) == form.split()


def test_figures_count_tokens_of_labels() -> None:
    references = [r"\log n".split(), r"a \cdots b".split()]
    hypotheses = [list("logn"), ["a", "b"]]
    figures = Figures.in_mathwriting(references, hypotheses)
    assert figures.errors == (0, 3) and figures.tokens == 4 + 5
    assert (figures.exact, figures.token_error_rate) == (0.5, 3 / 9)
    # the published comparison keeps functions and letters apart
    assert Score.of(references, hypotheses).canonical.errors == (3, 1)
    assert among(references, [[hypotheses[0]], []], 1, mathwriting_form) == 0.5


_LABEL = re.compile(r'type="normalizedLabel">([^<]*)<')


def test_labels_come_back_token_by_token(data_root: Path) -> None:
    """Cleaned into our tokens and written back, a label of MathWriting is itself."""
    path = data_root / "math" / "mathwriting" / "excerpt-train.tar.xz"
    if not path.is_file():
        pytest.skip(f"NO REAL DATA: {path} is missing")
    labels, other = 0, []
    with tarfile.open(path) as archive:
        for member in archive:
            if not member.name.endswith(".inkml"):
                continue
            label = html.unescape(_LABEL.search(archive.extractfile(member).read().decode())[1])
            try:
                back = mathwriting_form(clean_latex(label, wide()))
            except CleanError:
                continue
            labels += 1
            if back != [token for token in tokenize(label) if token not in ("\\ ", "\\\n")]:
                other.append((label, back))
    assert labels == 199
    assert len(other) <= 1, other       # a matrix that ends with an empty row
