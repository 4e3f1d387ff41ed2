"""The journey of a newcomer: every notebook of the main line through the command line.

Smaller than the quick profile, so that it fits a test; what a reader relies on is looked at
afterwards in the archive, not in memory.
"""

import json

import pytest

from tegashiki import cli
from tegashiki.ink import read_ink
from tegashiki.ink.inkjson import write_json

pytestmark = [pytest.mark.slow, pytest.mark.training, pytest.mark.process,
              pytest.mark.timeout(900)]
SMALL = {"count": 160, "epochs": 3, "units": 16, "decoder_units": 24, "sample": 8, "limit": 6}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The four runs of the series, from one command."""
    root = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEGASHIKI_RUNS", str(root))
        words = [w for name, value in SMALL.items() for w in ("-p", f"{name}={value}")]
        assert cli.main(["run", "ink2tex", *words]) == 0
    return root / "ink2tex"


def the(archive, step):
    """The only run of a step."""
    (folder,) = archive.glob(f"*-{step}-*")
    return folder


def test_all_four_are_ok_and_point_at_each_other(archive):
    ids = {}
    for step in ("preprocess", "overfit", "train", "export"):
        folder = the(archive, step)
        record = json.loads((folder / "run.json").read_text())
        assert json.loads((folder / "status.json").read_text())["status"] == "ok"
        ids[step] = record["id"]
        for upstream in record["upstream"]:
            assert upstream["id"] == ids[upstream["step"]]
    assert ids.keys() == {"preprocess", "overfit", "train", "export"}


def test_there_is_ink_to_see_a_curve_and_a_recogniser(archive):
    assert (the(archive, "preprocess") / "pictures" / "ink.svg").stat().st_size > 10_000
    assert (the(archive, "train") / "pictures" / "curves.svg").is_file()
    rows = (the(archive, "train") / "metrics.csv").read_text().splitlines()
    assert len(rows) == 1 + SMALL["epochs"]
    losses = [float(row.split(",")[rows[0].split(",").index("loss")]) for row in rows[1:]]
    assert losses[-1] < losses[0]
    results = json.loads((the(archive, "export") / "results.json").read_text())
    assert results["n"] == SMALL["limit"]
    assert 0 <= results["exact"] <= results["top5"] <= 1


def test_the_exported_folder_recognises_a_file(archive, tmp_path, capsys):
    folder = the(archive, "export") / "artifacts" / "recognizer"
    from tegashiki.data import bundle

    example = bundle.read(the(archive, "preprocess") / "artifacts" / "test.npz")[0]
    write_json(example.ink, tmp_path / "ink.json")
    assert len(read_ink(tmp_path / "ink.json").strokes) == len(example.ink.strokes)
    capsys.readouterr()
    assert cli.main(["recognize", str(tmp_path / "ink.json"), "--model", str(folder)]) == 0
    assert "%" in capsys.readouterr().out


def test_training_is_refused_without_the_gate(archive, monkeypatch, tmp_path, capsys):
    """The same notebook on data that no overfit run has seen."""
    monkeypatch.setenv("TEGASHIKI_RUNS", str(archive.parent))
    notebooks = "notebooks/ink2tex/2026-11-20_0"
    assert cli.main(["run", f"{notebooks}1_preprocess.ipynb", "-p", "count=60", "-p",
                     "seed=9"]) == 0
    assert cli.main(["run", f"{notebooks}3_train.ipynb", "-p", "epochs=1"]) == 1
    assert "gate" in capsys.readouterr().out.lower()


def test_strokes_are_trained_and_released(archive, monkeypatch):
    """The recogniser's notebooks, a few steps on made ink."""
    monkeypatch.setenv("TEGASHIKI_RUNS", str(archive.parent))
    source = json.loads((the_first(archive, "preprocess") / "run.json").read_text())["id"]
    notebooks = "notebooks/ink2tex/2026-11-20_0"
    given = ["-p", f"preprocess={source}"]
    assert cli.main(["run", f"{notebooks}2_overfit.ipynb", *given, "-p",
                     "network=stroke_transformer", "-p", "spelling=packed", "-p",
                     "learning_rate=0.001"]) == 0
    assert cli.main(["run", f"{notebooks}5_strokes.ipynb", *given, "-p", "width=32", "-p",
                     "encoder_layers=1", "-p", "decoder_layers=1", "-p", "epochs=2", "-p",
                     "steps=10", "-p", "sample=3", "-p", "batch_size=16", "-p", "warmup=4"]) == 0
    assert cli.main(["run", f"{notebooks}6_release.ipynb", *given, "-p", "limit=4"]) == 0
    released = the(archive, "release")
    assert (released / "artifacts" / "recognizer" / "model.int8.tflite").is_file()
    assert json.loads((released / "results.json").read_text())["part"] == "test"


def the_first(archive, step):
    """The earliest run of a step."""
    return min(archive.glob(f"*-{step}-*"))
