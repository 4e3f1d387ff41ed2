"""The format: every field documented, old versions readable."""

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import index, reader
from tegashiki.journal.format import layout, metrics
from tegashiki.storage import files
from tests.archived import make

pytestmark = pytest.mark.usefixtures("runs")


def test_every_column_and_file_is_documented(checkout):
    text = (checkout / "runs" / "README.md").read_text()
    for name in index.COLUMNS:
        assert f"`{name}`" in text, name
    names = [value for key, value in vars(layout).items() if key.isupper() and "." in str(value)]
    fields = journal_fields()
    for name in [*(n for n in names if isinstance(n, str)), *fields]:
        assert f"`{name}" in text, name


def journal_fields():
    run = make(loss=1.0)
    fields = {*run.record, *run.outcome, *files.read_json(run.folder / layout.MANIFEST)}
    return fields | {*run.record["code"], *run.record["environment"], *run.record["device"]}


def test_folders_of_version_1_stay_readable(checkout):
    """A run made on the day the format was stated; it is never made anew."""
    root = checkout / "tests" / "journal" / "archive_version_1"
    (run,) = reader.runs(root)
    assert (run.status, run.broken()) == ("ok", [])
    assert run.parameters == {"epochs": 2, "rate": 0.25, "seed": 7}
    assert run.results == {"loss": 0.125}
    assert metrics.read(run.folder / layout.METRICS)[1] == {"epoch": 2, "loss": 0.125}
    assert run.artifact("weights.txt").read_text() == "0.5\n"
    with pytest.raises(TegashikiError, match="not here"):
        run.artifact("secret.txt")
    assert index.text(root) == (root / "index.csv").read_text()
