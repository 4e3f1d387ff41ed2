"""Which runs are meant: conditions, order, dates, as ls uses them."""

import json

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.journal.archive import select
from tegashiki.journal.format import layout
from tegashiki.storage import files
from tests.archived import trained


def listed(capsys, *words):
    capsys.readouterr()
    assert main(["ls", "--json", *words]) == 0
    return [run["id"] for run in json.loads(capsys.readouterr().out)]


def test_ls_filters_and_sorts(runs, capsys):
    a = trained([3.0, 2.0], seed=1, exact=0.2)
    b = trained([3.0, 1.0], seed=2, exact=0.5)
    c = trained([3.0, 1.5], seed=3)
    assert listed(capsys, "--where", "exact>=0.2", "--where", "loss<1.5") == [b.id]
    assert listed(capsys, "--where", "seed!=2") == [a.id, c.id]
    assert listed(capsys, "--sort", "loss") == [b.id, c.id, a.id]
    assert listed(capsys, "--sort", "exact", "--reverse") == [b.id, a.id, c.id]
    assert listed(capsys, "--sort", "loss", "--reverse", "--limit", "1") == [a.id]
    assert listed(capsys, "--limit", "1") == [c.id]
    today = a.outcome["started"][:10]
    assert len(listed(capsys, "--since", today, "--until", today)) == 3
    assert listed(capsys, "--until", "2020") == [] == listed(capsys, "--since", "2999-01")
    for wrong in (["--where", "loss"], ["--since", "yesterday"], ["--sort", "nothing"]):
        assert main(["ls", *wrong]) == 1
    assert capsys.readouterr().err.count("error: --") == 3
    assert select.value(a, "profile") is None and select.value(b, "step") == "train"


def test_ls_refuses_a_name_that_no_run_has_and_shows_reasons(runs, capsys):
    trained([2.0, 1.0])
    failed = journal.begin("tiny", "train", seed=9)
    failed.result(loss=0.5)
    failed.abandon()
    assert main(["ls", "--where", "nosuch>3"]) == 1
    assert "none of these runs has 'nosuch'" in capsys.readouterr().err
    assert main(["ls"]) == 0
    assert "begin() was called again before finish(); loss 0.5" in capsys.readouterr().out


def test_ls_shows_the_heartbeat_of_what_goes_on(runs, capsys):
    run = journal.begin("tiny", "step")
    status = files.read_json(run.folder / layout.STATUS) | {"cells": {"done": 2, "total": 9}}
    files.write_json(run.folder / layout.STATUS, status)
    main(["ls", "--status", "running"])
    assert "cell 3/9, heartbeat" in capsys.readouterr().out
