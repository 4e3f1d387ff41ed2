"""tegashiki show: one run in words and as JSON."""

import json

import pytest

from tegashiki.cli import main
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def test_show(capsys):
    run = make(loss=0.5)
    assert main(["show", "latest"]) == 0
    page = capsys.readouterr().out
    assert all(word in page for word in (run.id, "loss", "0.5", "seed", "results.json", "cores"))
    assert main(["show", run.id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["parameters"] == {"seed": 1}
    assert main(["show", "nope"]) == 1
    assert capsys.readouterr().err.startswith("error: nope: no such run")
