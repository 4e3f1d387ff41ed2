"""The curves of runs: points, terminal, SVG, and where two part."""

import json
from xml.etree import ElementTree

from tegashiki.cli import main
from tegashiki.journal.report import curves, divergence, svg
from tests.archived import trained


def test_curves(runs, capsys, tmp_path):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.5, 2.0], seed=2)
    capsys.readouterr()
    assert main(["curves", a.id, b.id]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("loss") and "A" in drawn and "B" in drawn and "last 2" in drawn
    assert main(["curves", a.id, b.id, "--svg", str(tmp_path / "both.svg")]) == 0
    tree = ElementTree.fromstring((tmp_path / "both.svg").read_text())
    lines = [e for e in tree.iter() if e.tag.endswith("polyline")]
    assert [line.get("data-label") for line in lines] == [f"{a.id} train", f"{b.id} train"]
    assert "http" not in (tmp_path / "both.svg").read_text().replace("http://www.w3.org/", "")
    capsys.readouterr()
    main(["curves", a.id, "--json"])
    assert json.loads(capsys.readouterr().out)["runs"][f"{a.id} train"][0] == [1.0, 3.0]
    assert main(["curves", a.id, "--column", "exact"]) == 1
    assert "no curve 'exact'; the runs have: loss" in capsys.readouterr().err


def test_curves_of_odd_numbers(runs):
    run = trained([float("nan"), 2.0, float("inf")])
    assert curves.of(run)["loss"] == [(2.0, 2.0)]
    one = {"flat": [(1.0, 5.0)]}
    assert "A" in curves.terminal(one) and "<circle" in svg.chart(one, "loss")
    assert svg.chart({"none": []}, "loss") == "" == svg.sparkline([])


def test_where_curves_part(runs):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.0, 1.0], seed=2)
    assert divergence.first(a, b) is None  # the clock does not count
    c = trained([3.0, 2.0 + 1e-16 * 4, 1.0])
    found = divergence.first(a, c)
    assert (found.over, found.at, found.column) == ("epoch", 2.0, "loss")
    assert divergence.first(a, trained([3.0, 2.0])).at == 3.0  # stopped early
    assert divergence.first(a, trained([3.0, float("nan"), 1.0])).at == 2.0
