"""`recognize picture.png` and `evaluate image2tex`, with the toy recogniser of the tests."""

import json

import pytest
from PIL import Image

from tegashiki.cli import main
from tegashiki.image2tex.drawing import draw
from tegashiki.ink import write_inkml
from tests.toy_recognizer import FOLDER, examples


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Six drawn formulas, one file that is no picture, one without a label; and their labels."""
    home, lines = tmp_path_factory.mktemp("pictures"), []
    for number, example in enumerate(examples(6, seed=3)):
        Image.fromarray(draw(example.ink.strokes)).save(home / f"p{number}.png")
        lines.append(f"p{number}\t{' '.join(example.tokens)}")
    (home / "p6.JPG").write_bytes(b"no picture")
    Image.fromarray(draw(example.ink.strokes)).save(home / "nobody.bmp")
    labels = home.parent / "labels.tsv"
    labels.write_text("\n".join([*lines, "p6\tx"]) + "\n")
    write_inkml(example.ink, home / "p5.inkml")
    return home, labels


def test_recognize_takes_ink_and_pictures_side_by_side(pictures, capsys):
    home, _ = pictures
    files = [str(home / name) for name in ("p0.png", "p5.inkml", "p6.JPG")]
    assert main(["recognize", *files, "--model", str(FOLDER), "--json"]) == 1
    told = capsys.readouterr()
    rows = [json.loads(row) for row in told.out.splitlines()]
    assert [row["file"] for row in rows] == files[:2]
    assert all(1 <= len(row["candidates"]) <= 5 for row in rows)
    assert f"error: {files[2]}: no picture that can be read" in told.err


def test_evaluate_counts_what_cannot_be_read(pictures, capsys):
    home, labels = pictures
    asked = ["evaluate", "image2tex", "--data", str(home), "--model", str(FOLDER)]
    assert main([*asked, "--labels", str(labels), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 7 and 0 <= figures["exact"] <= 6 / 7
    assert [one["file"] for one in figures["unreadable"]] == ["p6.JPG"]
    assert [one["file"] for one in figures["unlabelled"]] == ["nobody.bmp"]
    assert main(asked) == 1
    assert "give --labels" in capsys.readouterr().err
