"""The store of artifacts: a folder and a real S3 server, whole or not at all, proved by hashes."""

import hashlib
import json
import threading

import pytest

from tegashiki.cli import main
from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, manifest, paths
from tegashiki.journal.transfer import store as stores
from tegashiki.journal.transfer.store import Store
from tests import s3
from tests.journal.notebooks import archived

CONTENT = b"weights " * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run with one big artifact and one private one, in an archive of its own."""
    monkeypatch.setenv(paths.RUNS, str(tmp_path / "runs"))
    run = archived(tmp_path / "runs", "tiny", "train", {"epochs": 2})
    record = json.loads((run.folder / layout.RUN).read_text())
    (run.folder / layout.RUN).write_text(json.dumps(record | {"private": ["people.npz"]}))
    artifacts = run.folder / layout.ARTIFACTS
    artifacts.mkdir()
    (artifacts / "weights.npz").write_bytes(CONTENT)
    (artifacts / "people.npz").write_bytes(b"theirs" * 4000)
    digest = manifest.write(run.folder, private=["people.npz"])
    status = json.loads((run.folder / layout.STATUS).read_text())
    (run.folder / layout.STATUS).write_text(json.dumps(status | {"manifest_sha256": digest}))
    return type(run)(run.folder)


@pytest.fixture(scope="module")
def bucket():
    """The address of a bucket of a real S3 server on this machine."""
    with s3.bucket() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def where(request, tmp_path):
    """The address of an empty store of each kind."""
    if request.param == "folder":
        return str(tmp_path / "store")
    return request.getfixturevalue("bucket") + "/" + tmp_path.name


def test_what_is_put_comes_back_and_is_kept_once(where, file, tmp_path):
    store = Store(where)
    assert not store.has(SHA, len(CONTENT))
    assert store.put(file, SHA) and not store.put(file, SHA)
    assert store.has(SHA, len(CONTENT)) and not store.has(SHA, 3)
    Store(where).get(SHA, tmp_path / "again" / "w.npz")
    assert (tmp_path / "again" / "w.npz").read_bytes() == CONTENT


def test_a_wrong_hash_is_refused_both_ways_and_leaves_nothing(where, file, tmp_path):
    store = Store(where)
    with pytest.raises(TegashikiError, match="not what its manifest says"):
        store.put(file, "0" * 64)
    store.put(file, SHA)
    with store.system.open(store._path(SHA), "wb") as other:
        other.write(b"something else")
    with pytest.raises(TegashikiError, match="another content"):
        store.get(SHA, tmp_path / "again" / "w.npz")
    assert list((tmp_path / "again").iterdir()) == []
    with pytest.raises(TegashikiError, match="has no 111111111111"):
        store.get("1" * 64, tmp_path / "again" / "w.npz")
    assert list((tmp_path / "again").iterdir()) == []


def test_two_machines_push_at_once(where, file):
    pushed, errors = [], []

    def push():
        try:
            pushed.append(Store(where).put(file, SHA))
        except TegashikiError as error:
            errors.append(error)

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and any(pushed) and Store(where).has(SHA, len(CONTENT))


def test_an_interrupted_transfer_leaves_nothing(file, tmp_path, monkeypatch):
    store = Store(str(tmp_path / "store"))

    def half(source, target, **_):
        with open(target, "wb") as out:
            out.write(CONTENT[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.system, "put_file", half)
    with pytest.raises(TegashikiError, match="No space left"):
        store.put(file, SHA)
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


def test_no_password_of_an_address_is_ever_told(tmp_path):
    with pytest.raises(TegashikiError) as told:
        Store("nosuch://user:hunter2@host/place")
    assert "hunter2" not in str(told.value)


def test_push_prune_and_pull_of_a_run(run, where, capsys):
    assert main(["push", "--store", where]) == 0
    assert "1 files sent" in capsys.readouterr().out          # what is private stays
    assert main(["prune", "--keep", "last=0", "--store", where, "--dry-run"]) == 0
    assert (run.folder / "artifacts/weights.npz").is_file()
    capsys.readouterr()
    assert main(["prune", "--keep", "last=0", "--store", where, "--json"]) == 0
    told = {one["path"]: one for one in json.loads(capsys.readouterr().out)["files"]}
    assert told["artifacts/weights.npz"]["goes"] and not told["artifacts/people.npz"]["goes"]
    assert not (run.folder / "artifacts/weights.npz").exists()
    assert (run.folder / "artifacts/people.npz").exists()
    assert type(run)(run.folder).broken() == []
    assert main(["pull", run.id, "--store", where]) == 0
    assert (run.folder / "artifacts/weights.npz").read_bytes() == CONTENT
    assert type(run)(run.folder).broken() == []


def test_what_would_be_lost_stays_unless_that_is_asked_for(run, capsys):
    assert main(["prune", "--keep", "last=0"]) == 0
    assert "2 artifacts stay because they would be lost" in capsys.readouterr().out
    assert main(["prune", "--keep", "last=1", "--lose"]) == 0
    assert "nothing that the rules do not keep" in capsys.readouterr().out
    assert main(["prune", "--keep", "last=0", "--lose"]) == 0
    assert not (run.folder / layout.ARTIFACTS).exists()
    assert type(run)(run.folder).broken() == []
    (run.folder / layout.RESULTS).write_text("{}\n")
    assert type(run)(run.folder).broken() != []               # it excuses artifacts alone


def test_no_store_is_said_plainly(run, monkeypatch, capsys):
    monkeypatch.delenv(stores.STORE, raising=False)
    assert main(["push"]) == 1
    assert "give --store ADDRESS" in capsys.readouterr().err
    assert main(["prune", "--keep", "newest=3"]) == 1
    assert "is no rule" in capsys.readouterr().err


def test_check_says_what_is_neither_here_nor_there(run, where, capsys):
    assert main(["push", "--store", where]) == 0
    (run.folder / "artifacts/weights.npz").unlink()
    (run.folder / "artifacts/people.npz").unlink()            # private: nobody expects it there
    capsys.readouterr()
    main(["check", run.id, "--store", where, "--read"])
    assert "store:" not in capsys.readouterr().out
    store = Store(where)
    with store.system.open(store._path(SHA), "wb") as other:
        other.write(b"x" * len(CONTENT))
    assert main(["check", run.id, "--store", where, "--read"]) == 1
    assert "weights.npz" in (told := capsys.readouterr().out) and "another content" in told
    store.system.rm_file(store._path(SHA))
    getattr(store.system, "invalidate_cache", lambda: None)()
    assert main(["check", run.id, "--store", where]) == 1
    assert "weights.npz: neither here nor in" in capsys.readouterr().out


def test_each_series_has_its_own_rules(run, tmp_path, capsys):
    assert main(["prune"]) == 1
    assert "no rules" in capsys.readouterr().err
    home = tmp_path / "notebooks" / "tiny"
    home.mkdir(parents=True)
    (home / "2026-01-01_01_train.ipynb").write_text("{}")
    head = 'steps = ["2026-01-01_01_train"]\n'
    best = '[best]\nlabel = "epochs"\nof = {train = "parameters.epochs"}\n'
    (home / "series.toml").write_text(head + 'keep = "last=0,best=1"\n' + best)
    assert main(["prune", "--dry-run"]) == 0
    assert "nothing that the rules do not keep" in capsys.readouterr().out  # it has the best figure
    (home / "series.toml").write_text(head + 'keep = "last=0"\n')
    assert main(["prune", "--dry-run", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) == 2
