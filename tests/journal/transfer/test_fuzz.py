"""The reader, given anything: it refuses with a reason and leaves nothing, or takes it in whole.

What is tried is made by hypothesis: any JSON in any place of any file of a run, and any byte of a
bundle changed. Only TegashikiError may come out, and every command goes on beside a bad run.
"""

import json
import shutil
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tegashiki import journal
from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import check, index, reader
from tegashiki.journal.format import layout, manifest
from tegashiki.journal.transfer import bundle, ingest
from tegashiki.storage import files

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=12)
    | st.sampled_from(["../x", "0" * 8, "ok", "launcher", "9999-01-01T00:00:00Z", "a\x00b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner,
                                                                max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = (layout.RUN, layout.STATUS, layout.MANIFEST, layout.RESULTS, layout.VERIFY)
MANY = settings(max_examples=120, deadline=None, derandomize=True,
                suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    home = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEGASHIKI_RUNS", str(home / "runs"))
        patch.chdir(home)
        run = journal.begin("tiny", "step", seed=1)
        run.metrics(epoch=1, loss=0.5)
        run.result(loss=0.5, parts=[{"a": 1}])
        run.artifact("end.txt").write_text("0.5")
        run.finish()
    return reader.runs(home / "runs")[0]


def places(value, here=()):
    """Every place in a JSON document, the whole of it first."""
    yield here
    for key, item in value.items() if isinstance(value, dict) else (
            enumerate(value) if isinstance(value, list) else ()):
        yield from places(item, (*here, key))


def put(value, place, new):
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = put(copy[place[0]], place[1:], new)
    return copy


def changed(run, home, data):
    """A copy of the run with one place of one file changed, and hashes that fit."""
    folder = shutil.copytree(run.folder, home / "tiny" / run.name)
    name = data.draw(st.sampled_from(NAMES))
    path = folder / name
    content = json.loads(path.read_text()) if path.is_file() else {"version": 2}
    place = data.draw(st.sampled_from(list(places(content))))
    path.write_text(json.dumps(put(content, place, data.draw(VALUES))), encoding="utf-8")
    if name in (layout.RUN, layout.RESULTS):
        digest = manifest.write(folder)
        status = files.read_json(folder / layout.STATUS)
        files.write_json(folder / layout.STATUS, status | {"manifest_sha256": digest})
    return folder


@MANY
@given(data=st.data())
def test_any_json_anywhere(original, tmp_path, data):
    home, archive = tmp_path / "away", tmp_path / "runs"
    for old in (home, archive):
        shutil.rmtree(old, ignore_errors=True)
    folder = changed(original, home, data)
    try:
        taken, _ = ingest.ingest(folder, archive)
        assert taken.fault is None and taken.broken() == []
    except TegashikiError as error:
        assert "\n" not in str(error)[:80]
        assert not [path for path in archive.rglob("*") if path.is_file()]
    # The same folder in a tree: every reader goes on, and the bad run is named.
    check.whole(home)
    index.text(home)
    reader.sound(home)
    reader.good(home, "tiny", "step")


@MANY
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_any_byte_of_a_bundle(original, tmp_path, at, byte):
    archive = tmp_path / "runs"
    shutil.rmtree(archive, ignore_errors=True)
    path = bundle.write(original, tmp_path)
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    try:
        taken, _ = ingest.ingest(path, archive)
        assert taken.broken() == []
    except TegashikiError:
        assert not [path for path in archive.rglob("*") if path.is_file()]


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (layout.RUN, DEEP), (layout.STATUS, DEEP), (layout.MANIFEST, DEEP), (layout.RESULTS, DEEP),
        (layout.RUN, '{"version": 2}'), (layout.RUN, "[]"), (layout.RUN, "\x00"),
        (layout.RESULTS, '{"loss": NaN}'), (layout.RESULTS, "5"), (layout.NOTEBOOK, DEEP),
        (layout.VERIFY, DEEP), (layout.RIGHTS, '{"version": 1}'), (layout.METRICS, '"'),
        (layout.STATUS, '{"version": 2, "status": "ok"}'),
    ],
)  # fmt: skip
def test_every_command_beside_a_bad_run(original, tmp_path, monkeypatch, capsys, name, text):
    home = tmp_path / "runs"
    monkeypatch.setenv("TEGASHIKI_RUNS", str(home))
    monkeypatch.chdir(tmp_path)
    bad = shutil.copytree(original.folder, home / "tiny" / original.name)
    (bad / name).write_text(text, encoding="utf-8")
    good = journal.begin("tiny", "step", seed=2)
    good.result(loss=0.25)
    good.finish()
    before = journal.begin("tiny", "next", seed=1).upstream("step")
    assert before.id == good.id
    for words in (["ls"], ["ls", "--json"], ["ls", "--sort", "loss"], ["show", good.id],
                  ["check"], ["check", "--index"], ["bundle", original.id], ["site", "out"],
                  ["diff", original.id, good.id], ["curves", original.id], ["show", original.id],
                  ["verify", original.id, "--dry"], ["resume", original.id]):  # fmt: skip
        main(words)  # an exit code and a sentence, never a traceback
    out = capsys.readouterr()
    assert original.id in out.out + out.err
    assert (tmp_path / "out" / "index.html").is_file()
    with zipfile.ZipFile(bundle.write(reader.find(home, good.id), tmp_path)) as made:
        assert made.testzip() is None
