"""The model card: every figure that it is given stands in it, and nothing else."""

from tegashiki.evaluation.model_card import write_card

FIGURES = {"n": 12, "exact": 0.5, "raw_exact": 0.25, "top5": 0.75, "model_mb": 3.0}
DESCRIBED = {"network": "stroke_transformer", "config": {"width": 160}}


def card(tmp_path, **more):
    write_card(tmp_path / "card.md", run="aaaa1111", trained="bbbb2222", described=DESCRIBED,
               spelling="packed", data="wide", figures=FIGURES, **more)
    return (tmp_path / "card.md").read_text()


def test_figures_runs_and_licences(tmp_path):
    text = card(tmp_path, used=["crohme"])
    assert "`bbbb2222`" in text and "`aaaa1111`" in text and "12 expressions" in text
    assert "| 50.0% |" in text and "| 25.0% |" in text and "CC BY-NC-SA 3.0" in text
    assert "other ink" not in text and "Drawn by few" not in text


def test_other_ink_and_composed_symbols(tmp_path):
    other = {"n": 100, "exact": 0.32, "top5": 0.53, "token_error_rate": 0.17}
    text = card(tmp_path, elsewhere={"MathWriting, human; all": other},
                composed=[r"\ddot", r"\sec"])
    assert "| MathWriting, human; all | 100 | 32.0% | 53.0% | 17.0% |" in text
    assert r"`\ddot` `\sec`" in text
