"""Who vouches for a run: a signature that no change survives."""

import shutil
import subprocess

import pytest

from tegashiki.cli import main
from tegashiki.journal.format import layout
from tegashiki.storage import files
from tests.journal.notebooks import archived

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="NO ssh-keygen here")


def key(folder, name):
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path],
                   check=True)  # fmt: skip
    return path, path.with_suffix(".pub").read_text()


def test_signed_and_checked(tmp_path, monkeypatch, capsys):
    root = tmp_path / "runs"
    monkeypatch.setenv("TEGASHIKI_RUNS", str(root))
    monkeypatch.chdir(tmp_path)
    run = archived(root, "tiny", "step", {"seed": 1})
    main(["check", "--index"])
    assert main(["check", "--signed"]) == 1
    assert "allowed_signers: missing" in capsys.readouterr().err
    mine, public = key(tmp_path, "mine")
    other, _ = key(tmp_path, "other")
    (root / "allowed_signers").write_text(f"me@example.org {public}")
    assert main(["check", "--signed"]) == 1 and "nobody signed it" in capsys.readouterr().out
    assert main(["sign", run.id, "--key", str(other)]) == 0
    assert main(["check", "--signed"]) == 1
    assert main(["sign", run.id, "--key", str(mine)]) == 0
    assert main(["check", "--signed"]) == 0, capsys.readouterr().out
    assert run.broken() == []
    status = files.read_json(run.folder / layout.STATUS)
    files.write_json(run.folder / layout.STATUS, status | {"seconds": 1.0})
    capsys.readouterr()
    assert main(["check", "--signed"]) == 1
    assert f"{run.id}: signature" in capsys.readouterr().out
