"""tegashiki ls: filters, order, broken runs beside the others."""

import json

import pytest

from tegashiki.cli import main
from tegashiki.journal.format import layout
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def test_ls(capsys):
    good, other = make("one", loss=0.123456), make("two")
    assert main(["ls"]) == 0
    text = capsys.readouterr().out
    assert good.id in text and "loss 0.1235" in text and other.id in text
    main(["ls", "--step", "one", "--status", "ok", "--series", "tiny", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert [run["id"] for run in listed] == [good.id] and listed[0]["results"]["loss"] == 0.123456
    main(["ls", "--status", "failed"])
    assert good.id not in capsys.readouterr().out


def test_ls_shows_broken_runs_beside_the_others(capsys):
    good, bad, empty = make("one"), make("two", loss=1.0), make("three")
    (bad.folder / layout.RESULTS).write_text("{")
    for path in empty.folder.iterdir():
        path.unlink()
    assert main(["ls"]) == 0
    text = capsys.readouterr().out
    assert good.id in text and bad.id in text and f"{empty.id}" in text and "died" in text
    assert main(["ls", "--json"]) == 0
    assert {run["id"] for run in json.loads(capsys.readouterr().out) if "broken" in run} == {
        bad.id,
        empty.id,
    }
