"""The example of a cluster with TLS: it works, and nobody without the key gets in."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.parallel.cluster import cluster
from tests.journal.notebooks import CHECKOUT, environment
from tests.toy_recognizer import FOLDER, examples

EXAMPLE = CHECKOUT / "examples" / "cluster" / "tls_on_localhost.sh"


@pytest.mark.slow
@pytest.mark.timeout(400)       # five processes import everything: minutes on a busy machine
@pytest.mark.process
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_two_workers_with_tls(tmp_path):
    pytest.importorskip("distributed")
    from tegashiki.ink import write_inkml

    (tmp_path / "inks").mkdir()
    for number, example in enumerate(examples(5, seed=3)):
        write_inkml(example.ink, tmp_path / "inks" / f"{number}.inkml")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    words = [EXAMPLE, sys.executable, "-m", "tegashiki.cli", "recognize", tmp_path / "inks",
             "--model", FOLDER, "--out", tmp_path / "answers.tsv"]
    done = subprocess.run(words, env=environment(tmp_path) | {"PYTHON": sys.executable,
                                                              "PORT": str(port)},
                          cwd=CHECKOUT, capture_output=True, text=True, timeout=340, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len((tmp_path / "answers.tsv").read_text().splitlines()) == 6


def test_without_a_key_tls_is_refused_before_anything_is_sent(monkeypatch):
    pytest.importorskip("distributed")
    for name in os.environ:
        if name.startswith("DASK_"):
            monkeypatch.delenv(name)
    with pytest.raises(TegashikiError, match="no scheduler answers"):
        with cluster("tls://127.0.0.1:1", workers=0):
            pass
