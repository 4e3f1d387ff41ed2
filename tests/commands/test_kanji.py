"""The command line on single characters: pictures and ink in, candidates and scores out."""

import json

import cv2
import numpy as np
import pytest

from tegashiki import cli
from tegashiki.kanji.recognizer import RELEASED

pytestmark = pytest.mark.skipif(not (RELEASED / "model.json").is_file(),
                                reason="NO MODEL: models/kanji is empty; run the kanji series")


@pytest.fixture
def folder(tmp_path):
    """十 as a picture and as ink, and a folder by class."""
    picture = np.full((90, 90), 255, np.uint8)
    cv2.line(picture, (10, 40), (80, 40), 0, 4)
    cv2.line(picture, (45, 8), (45, 84), 0, 4)
    (tmp_path / "set" / "十").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "ten.png"), picture)
    cv2.imwrite(str(tmp_path / "set" / "十" / "1.png"), picture)
    ink = {"version": 1, "strokes": [[[10, 40], [80, 40]], [[45, 8], [45, 84]]]}
    (tmp_path / "ten.json").write_text(json.dumps(ink), encoding="utf-8")
    return tmp_path


def test_a_picture_and_ink_are_recognised(folder, capsys):
    files = [str(folder / "ten.png"), str(folder / "ten.json")]
    assert cli.main(["recognize", "--series", "kanji", "--top", "10", "--json", *files]) == 0
    for line in capsys.readouterr().out.splitlines():
        found = json.loads(line)["candidates"]
        assert len(found) == 10
        assert "十" in [one["character"] for one in found]
        shares = [one["probability"] for one in found]
        assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1.001


def test_what_is_perhaps_no_character_is_refused(folder, capsys):
    scribble = np.full((90, 90), 255, np.uint8)
    cv2.polylines(scribble, [np.random.default_rng(2).integers(2, 88, (60, 2))], False, 0, 2)
    cv2.imwrite(str(folder / "scribble.png"), scribble)
    files = [str(folder / "scribble.png"), str(folder / "ten.png")]
    assert cli.main(["recognize", "--series", "kanji", "--json", *files]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["refused"] for line in lines] == [True, False]
    assert all(line["candidates"] for line in lines)  # what it would be is named all the same
    assert cli.main(["recognize", "--series", "kanji", files[0]]) == 0
    assert "perhaps no character" in capsys.readouterr().out


def test_what_is_neither_is_said_and_the_others_are_read(folder, capsys):
    (folder / "note.txt").write_text("x", encoding="utf-8")
    assert cli.main(["recognize", "--series", "kanji", str(folder / "note.txt"),
                     str(folder / "ten.png")]) == 1  # fmt: skip
    caught = capsys.readouterr()
    assert "neither ink" in caught.err and "%" in caught.out


def test_a_folder_by_class_is_scored(folder, capsys):
    assert cli.main(["evaluate", "kanji", "--data", str(folder / "set"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 1 and figures["top10"] == 1 and figures["ms_median"] > 0
    assert {"accuracy", "accuracy_folded", "confusions", "model"} <= set(figures)


def test_labels_are_refused(folder, capsys):
    assert cli.main(["evaluate", "kanji", "--data", str(folder), "--labels", "x.tsv"]) == 1
    assert "takes no --labels" in capsys.readouterr().err
