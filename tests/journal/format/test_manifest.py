"""manifest.json finds what was damaged."""

import pytest

from tegashiki.journal.format import layout, manifest
from tegashiki.storage import files
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def change(path, **changes):
    files.write_json(path, files.read_json(path) | changes)


@pytest.mark.parametrize("damage", ["change", "remove", "add", "manifest"])
def test_manifest_finds_damage(damage):
    run = make(loss=0.5)
    path = run.folder / "results.json"
    if damage == "change":
        path.write_text('{"loss": 0.1}')
    elif damage == "remove":
        path.unlink()
    elif damage == "add":
        (run.folder / "more.txt").touch()
    else:
        change(run.folder / layout.MANIFEST, files=[])
    assert run.broken()


def test_a_line_of_gitignore_means_one_file():
    assert manifest._pattern("artifacts/a b[1]!.npz") == r"/artifacts/a\ b\[1\]\!.npz"


def test_the_digest_is_that_of_the_file_and_any_change_is_told():
    run = make()
    sealed = {"manifest_sha256": manifest.write(run.folder)}
    assert sealed["manifest_sha256"] == files.sha256(run.folder / layout.MANIFEST)
    assert manifest.broken(run.folder, sealed) == []
    (run.folder / layout.LOG).write_text("another word\n")
    assert manifest.broken(run.folder, sealed) == ["log.txt: changed since the run"]
