"""log.txt: bounded, however the text arrives."""

import pytest

from tegashiki.journal.format.log import TAIL, Log

pytestmark = pytest.mark.process


@pytest.mark.parametrize("at_once", [1, 7, 250_000])
def test_log_counts_what_it_leaves_out_however_it_arrives(tmp_path, at_once):
    said = "".join(f"line {i}\n" for i in range(40_000))
    log = Log(tmp_path / "log.txt", limit=120_000)
    for at in range(0, len(said), at_once):
        log.write(said[at : at + at_once])
    log.close()
    text = (tmp_path / "log.txt").read_text()
    kept, _, end = text.partition("\n[... ")
    dropped, _, end = end.partition(" bytes left out here ...]\n")
    assert said.startswith(kept) and said.endswith(end) and len(end) == TAIL
    assert len(kept) + int(dropped) + len(end) == len(said)
