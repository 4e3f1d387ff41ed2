"""Files that two runs of the same wrote differ by what a clock gave, and by nothing else."""

import lzma

import pytest

from tegashiki.journal.report import clock

THEN = "id\tms\tcandidate1\na\t7.78\tx\nb\t8.90\ty\n"


def same(name, one, other):
    return clock.same_file(name, one, other, [], [])


@pytest.mark.parametrize("packed", [False, True])
def test_times_of_single_answers_are_no_difference(packed):
    pack = lzma.compress if packed else bytes
    name = "artifacts/predictions.tsv" + ".xz" * packed
    then = pack(THEN.encode())
    assert same(name, then, pack(THEN.replace("7.78", "9.01").encode()))
    assert not same(name, then, pack(THEN.replace("x", "z").encode()))
    assert not same(name, then, pack(THEN.replace("b\t", "c\t").encode()))


def test_what_cannot_be_unpacked_is_a_difference(monkeypatch):
    then = lzma.compress(THEN.encode())
    assert not same("a.tsv.xz", then, then[:-9])
    assert not same("a.tsv.xz", then, b"no xz")
    monkeypatch.setattr(clock, "LONGEST", 10)
    assert not same("a.tsv.xz", then, lzma.compress(THEN.replace("7.78", "9.01").encode()))
