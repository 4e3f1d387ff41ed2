"""A run that is copied elsewhere while it goes on, though the place vanishes and comes back."""

import pytest

from tegashiki import cli
from tegashiki.journal.archive import reader
from tegashiki.journal.format import layout
from tegashiki.journal.session.mirror import MIRROR, Mirror
from tegashiki.storage import files
from tests.journal.notebooks import BEGIN, PARAMETERS, only, write

pytestmark = pytest.mark.process

# Drive is unmounted after the first epoch and mounted again before the third.
TRAINS = """
import os
from pathlib import Path
from tegashiki.journal.session import mirror
mirror._BETWEEN = 0.0
home, away = Path(os.environ["TEGASHIKI_MIRROR"]), Path(os.environ["TEGASHIKI_MIRROR"] + "-away")
last = run.artifact("checkpoints/last.txt", private=True)
done = int(last.read_text()) if last.exists() else 0
for epoch in range(done + 1, epochs + 1):
    last.write_text(str(epoch))
    if epoch == 2 and not done:
        home.rename(away)
    if epoch == 3 and not done:
        away.rename(home)
    run.metrics(epoch=epoch, loss=1 / epoch)
    if epoch == 3 and not done:
        os.abort()          # the machine is taken away
run.result(first=done + 1)
run.finish()
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "drive").mkdir()
    return tmp_path / "drive"


def test_what_vanished_is_made_up_for_and_said_once(tmp_path, home, capsys):
    run = tmp_path / "runs" / "tiny" / "one"
    (run / "artifacts").mkdir(parents=True)
    (run / "metrics.csv").write_text("epoch\n1\n")
    mirror = Mirror(run, home)
    assert mirror.copy()
    home.rename(tmp_path / "away")
    (run / "metrics.csv").write_text("epoch\n1\n2\n")
    assert not mirror.copy() and not mirror.copy()
    assert not home.exists()                       # a folder that is not mounted is not made
    assert capsys.readouterr().out.count("NOT COPIED") == 1
    (tmp_path / "away").rename(home)
    (run / "artifacts" / "last.npz").write_bytes(b"weights")
    assert mirror.copy() and "again" in capsys.readouterr().out
    copied = home / "tegashiki" / "tiny" / "one"
    assert (copied / "metrics.csv").read_text() == "epoch\n1\n2\n"
    (copied / "artifacts" / "last.npz").unlink()   # Drive loses files without an error
    assert mirror.copy() and (copied / "artifacts" / "last.npz").read_bytes() == b"weights"
    assert not list(home.rglob("*.part"))


def test_a_run_goes_on_from_its_copy_on_another_machine(tmp_path, home, monkeypatch):
    monkeypatch.setenv(MIRROR, str(home))
    monkeypatch.setenv("TEGASHIKI_RUNS", str(tmp_path / "lost"))
    path = write(tmp_path / "tiny", "2026-01-01_01_step", [PARAMETERS, BEGIN, TRAINS])
    assert cli.main(["run", str(path), "-p", "epochs=4"]) != 0
    lost = only(tmp_path / "lost")
    copy = home / "tegashiki"
    assert (copy / "tiny" / lost.folder.name / "artifacts/checkpoints/last.txt").read_text() == "3"

    monkeypatch.setenv("TEGASHIKI_RUNS", str(copy))     # another machine, some minutes later
    status = files.read_json(copy / "tiny" / lost.folder.name / layout.STATUS)
    files.write_json(copy / "tiny" / lost.folder.name / layout.STATUS,
                     status | {"heartbeat": "2026-01-01T00:00:00Z", "owner": {"boot": "other"}})
    assert cli.main(["resume", lost.id, "--notebook", str(path)]) == 0
    after = next(run for run in reader.runs(copy) if run.id != lost.id)
    assert after.status == "ok" and after.results == {"first": 4}
    rows = (after.folder / "metrics.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["epoch", "1", "2", "3", "4"]
