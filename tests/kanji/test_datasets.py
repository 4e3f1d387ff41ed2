"""Sets as streams: folders, ETL files, splits by writer, and more pictures than fit in memory."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tegashiki.data import sets
from tegashiki.errors import TegashikiError
from tegashiki.kanji import datasets
from tegashiki.kanji.characters import CHARACTERS, INDEX

CHECKOUT = Path(__file__).resolve().parents[2]


def drawn(size=40):
    picture = np.full((size, size), 255, np.uint8)
    cv2.line(picture, (5, 20), (35, 21), 0, 3)
    return picture


@pytest.fixture
def folder(tmp_path):
    for name in ("一", "U+3042", "っ"):
        (tmp_path / name).mkdir()
        for number in (1, 2):
            cv2.imwrite(str(tmp_path / name / f"{number}.png"), drawn())
    return tmp_path


def test_a_folder_by_class_is_a_set(folder):
    found = list(datasets.samples(folder))
    assert sorted(s.character for s in found) == sorted("一一ああっっ")
    pictures = datasets.store(found, folder / "stored", CHARACTERS)
    assert sorted(pictures.labels) == sorted([INDEX["一"], INDEX["あ"], INDEX["つ"]] * 2)
    assert pictures.pictures.shape == (6, 48, 48) and pictures.pictures.max() == 255
    again = datasets.stored(folder / "stored", CHARACTERS)
    np.testing.assert_array_equal(again.pictures, pictures.pictures)


def test_a_name_that_is_no_character_is_said(tmp_path):
    (tmp_path / "letters").mkdir()
    with pytest.raises(TegashikiError, match="rename the folder"):
        list(datasets.samples(tmp_path))


def test_a_broken_picture_is_said(folder):
    (folder / "一" / "3.png").write_bytes(b"\x89PNG broken")
    with pytest.raises(TegashikiError, match=r"3\.png"):
        list(datasets.samples(folder))


def test_an_empty_folder_and_a_broken_store_are_said(tmp_path):
    with pytest.raises(TegashikiError, match="one folder"):
        list(datasets.samples(tmp_path))
    with pytest.raises(TegashikiError, match="store them again"):
        datasets.stored(tmp_path, CHARACTERS)


def test_a_writer_is_in_one_part_wherever_the_set_is_read():
    writers = np.array([str(i) for i in range(200)] * 3)
    parts = datasets.parts(writers, "etl8b")
    for writer in set(writers):
        assert len(set(parts[writers == writer])) == 1
    shuffled = np.random.default_rng(0).permutation(len(writers))
    np.testing.assert_array_equal(datasets.parts(writers[shuffled], "etl8b"), parts[shuffled])
    shares = {name: np.mean(parts == name) for name in ("train", "validation", "test")}
    assert shares["test"] == pytest.approx(0.2, abs=0.08)
    # ETL8B and ETL8G were written on the same forms: the same hands
    np.testing.assert_array_equal(datasets.parts(writers, "etl8g"), parts)
    assert (datasets.parts(writers, "etl9b") != parts).any()


def test_the_random_split_has_every_writer_on_both_sides():
    parts = datasets.random_parts(1000, seed=1)
    assert {name: int((parts == name).sum()) for name in set(parts)} == {
        "test": 200, "validation": 100, "train": 700}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "count", "classes"),
    [
        ("etl8b", 5852, 46),
        ("etl8g", 960, 6),
        ("open100", 4128, 100),
        ("omniglot-katakana", 940, 47),
    ],
)
def test_the_real_sets(name, count, classes):
    if sets.here(name) is None:
        pytest.skip(f"NO DATA: {name} is not under TEGASHIKI_DATA")
    found = list(datasets.samples(name))
    assert len(found) == count
    assert len({sample.character for sample in found}) == classes


STREAM = """
import resource, sys
from pathlib import Path
import numpy as np
from tegashiki.kanji import datasets
from tegashiki.kanji.training import endless
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
picture = np.full((63, 64), 255, np.uint8); picture[20:30, 10:50] = 0
stream = (datasets.Sample("字", str(i % 200), picture, "") for i in range(int(sys.argv[2])))
pictures = datasets.store(stream, Path(sys.argv[1]), ["字"])
batches = endless(pictures, 256, np.random.default_rng(0))
for _ in range(20):
    next(batches)
print(len(pictures), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_memory_does_not_grow_with_the_set(tmp_path):
    """3,000 pictures are stored and read in a few megabytes more than the program itself."""
    done = subprocess.run(
        [sys.executable, "-c", STREAM, str(tmp_path / "s"), "3000"],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    count, megabytes = done.stdout.split()
    assert int(count) == 3_000
    assert float(megabytes) < 40  # the file alone has 7, all of it read once
