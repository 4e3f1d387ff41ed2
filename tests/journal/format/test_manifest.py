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
