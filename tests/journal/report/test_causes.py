"""Runs beside each other: ls, curves, diff; every kind of cause is planted and is named."""

import json

from tegashiki.cli import main
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tegashiki.journal.report import causes
from tegashiki.storage import files
from tests.archived import trained
from tests.journal.notebooks import archived


def change(run, **fields):
    path = run.folder / layout.RUN
    files.write_json(path, files.read_json(path) | fields)


def test_every_cause(runs, capsys):
    earlier = [archived(runs, "tiny", "first", {"n": n}) for n in (1, 2)]
    a, b = (archived(runs, "tiny", "train", {"rate": r, "seed": s}, upstream=[up])
            for r, s, up in zip((0.5, 0.1), (1, 2), earlier, strict=True))  # fmt: skip
    for run, n in ((a, 1), (b, 2)):
        environment = {"python": f"3.11.{n}", "platform": "Linux", "packages": {"keras": str(n)}}
        device = {"processor": "x", "memory_gb": 1, "accelerators": [], "cores": n}
        change(run, environment=environment | {"settings": {}}, device=device,
               data=[{"name": "set", "place": "set", "bytes": 1, "sha256": str(n) * 64}])
        cells = [{"cell_type": "code", "source": s, "metadata": {}} for s in ("1", f"x = {n}")]
        content = {"nbformat": 4, "metadata": {}, "cells": cells}
        (run.folder / layout.NOTEBOOK).write_text(json.dumps(content))
    a, b = (reader.ArchivedRun(run.folder) for run in (a, b))
    found = causes.between(a, b, None)
    assert {cause.kind for cause in found} == {*causes.KINDS} - {"code"}
    assert main(["diff", a.id, b.id]) == 0
    said = capsys.readouterr().out
    for word in ("parameter rate: 0.5 and 0.1", "seed root: 1 and 2", "notebook cell 2",
                 "data set: 11111111", "environment keras: 1 and 2", "device cores: 1 and 2",
                 f"upstream first: {earlier[0].id} and {earlier[1].id}",
                 "curves are equal in every digit"):  # fmt: skip
        assert word in said, word
    assert main(["diff", a.id, a.id, "--json"]) == 0
    same = json.loads(capsys.readouterr().out)
    assert same["causes"] == [] and same["parted"] is None


def test_diff_says_where_curves_part(runs, capsys):
    a, b = trained([3.0, 2.0, 1.0]), trained([3.0, 2.0, 0.5], seed=2)
    main(["diff", a.id, b.id])
    said = capsys.readouterr().out
    assert "curves part at epoch 3: loss 1.0 and 0.5" in said and "loss: 1 and 0.5" in said
