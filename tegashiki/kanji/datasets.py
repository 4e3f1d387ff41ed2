"""Pictures of single characters by somebody's hand: where they come from, and who wrote them.

    for sample in samples("etl8b"): print(sample.character, sample.writer, sample.picture.shape)
    pictures = store(samples("ETL9B_1"), Path("cache"), CHARACTERS)   # on disk, not in memory

A set is a known name of `tegashiki.data.sets`, an ETL file or a folder of them, a folder with one
sub-folder a class (its name is the character, or its code as U+3042), or an .npz of this project's
data. Everything is a stream: one picture is in memory at a time, and `Pictures` is a map of a file.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tegashiki.data import sets, splits
from tegashiki.errors import TegashikiError
from tegashiki.kanji import etl
from tegashiki.kanji.characters import canonical
from tegashiki.kanji.normal_form import SIZE, of_picture

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
KATAKANA47 = (
    "アイウエオカキクコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲン"
)
FORMS = {"etl8b": "etl8", "etl8g": "etl8", "etl9b": "etl9", "etl9g": "etl9"}  # the same hands
_CODE = re.compile(r"(?:U\+|u|0x)?([0-9A-Fa-f]{4,5})")


@dataclass(frozen=True, eq=False)
class Sample:
    """One picture as its set has it."""

    character: str  # as the set says it; small kana still small
    writer: str  # "" where unknown; unique within its set
    picture: np.ndarray  # uint8 (rows, columns[, colours])
    place: str  # file and number, for messages


@dataclass(frozen=True, eq=False)
class Pictures:
    """Many in normal form, in memory or as a map of a file."""

    pictures: np.ndarray  # uint8 (n, 48, 48), ink 255
    labels: np.ndarray  # int32 (n,), index into `characters`
    writers: np.ndarray  # str (n,)
    characters: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, chosen: np.ndarray) -> "Pictures":
        """Those that a mask or a list of numbers chooses; they are read into memory."""
        return Pictures(
            self.pictures[chosen], self.labels[chosen], self.writers[chosen], self.characters
        )


def samples(source: str | os.PathLike) -> Iterator[Sample]:
    """Every picture of a set, one at a time. Raises TegashikiError for what is no set."""
    path = sets.find(source)
    if path.is_dir():
        yield from _folder(path)
    elif path.suffix == ".npz":
        yield from _archive(path)
    else:
        yield from _etl(path)


def _etl(path: Path) -> Iterator[Sample]:
    for record in etl.read(path):
        yield Sample(record.character, str(record.sheet), record.picture, f"{path}: {record.index}")


def _folder(path: Path) -> Iterator[Sample]:
    if (path / "kmnist_classmap.csv").is_file():
        yield from _kmnist(path)
        return
    files = sorted(p for p in path.iterdir() if p.is_file() and p.suffix in ("", ".bin"))
    if files:
        for file in files:
            yield from _etl(file)
        return
    classes = sorted(p for p in path.iterdir() if p.is_dir())
    if not classes:
        raise TegashikiError(
            f"{path}: holds no ETL file and no folder of a class; give one folder "
            "a character, called as the character or its code (U+3042)"
        )
    for folder in classes:
        character = _named(folder)
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in PICTURES:
                yield Sample(character, "", read_picture(file), str(file))


def _named(folder: Path) -> str:
    if len(folder.name) == 1:
        return folder.name
    match = _CODE.fullmatch(folder.name)
    if match is None:
        raise TegashikiError(
            f"{folder}: the name is no character and no code such as U+3042; rename the folder"
        )
    return chr(int(match[1], 16))


def read_picture(path: str | os.PathLike) -> np.ndarray:
    """uint8 (rows, columns) or (rows, columns, 3 or 4). Raises TegashikiError if it cannot."""
    from PIL import Image, UnidentifiedImageError  # matplotlib brings it

    from tegashiki.storage.files import read_limited

    content = read_limited(path, str(path))
    try:
        with Image.open(io.BytesIO(content)) as image:
            if max(image.size) > 4096:
                raise TegashikiError(
                    f"{path}: {image.size[0]} x {image.size[1]} pixels, at most 4096 "
                    "a side; cut out one character"
                )
            return np.asarray(image.convert("L" if image.mode in ("1", "L", "I;16") else "RGBA"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise TegashikiError(
            f"{path}: no picture that can be read ({error}); give PNG, JPEG, BMP, GIF or WebP"
        ) from None


def _archive(path: Path) -> Iterator[Sample]:
    """The .npz files of this project's data: by the arrays that they hold."""
    with np.load(path, allow_pickle=False) as arrays:
        names = set(arrays.files)
        if {"bits", "shape", "label", "drawer"} <= names:
            width = int(arrays["shape"][1])
            bits, label, drawer = arrays["bits"], arrays["label"], arrays["drawer"]
            for i, row in enumerate(bits):
                yield Sample(
                    KATAKANA47[label[i]],
                    str(drawer[i]),
                    np.unpackbits(row, axis=-1)[:, :width] * np.uint8(255),
                    f"{path}: {i}",
                )
        elif {"images28", "images64", "classes"} <= names:
            classes = arrays["classes"]
            for side in ("28", "64"):
                pictures, label = arrays["images" + side], arrays["label" + side]
                writer = arrays["index" + side]
                for i, picture in enumerate(pictures):
                    yield Sample(
                        str(classes[label[i]]), str(writer[i]), picture, f"{path}: images{side} {i}"
                    )
        elif {"images", "classes"} <= names:
            classes, pictures = arrays["classes"], arrays["images"]
            for c, of_class in enumerate(pictures):
                for w, picture in enumerate(of_class):
                    yield Sample(str(classes[c]), str(w + 1), picture, f"{path}: {c} {w}")
        else:
            raise TegashikiError(
                f"{path}: holds {', '.join(sorted(names))}, which is no set known "
                "here; give a folder with one sub-folder a character"
            )


def _kmnist(path: Path) -> Iterator[Sample]:
    with (path / "kmnist_classmap.csv").open(encoding="utf-8", newline="") as file:
        names = [row["char"] for row in csv.DictReader(file)]
    with (
        np.load(path / "kmnist-test-imgs.npz") as images,
        np.load(path / "kmnist-test-labels.npz") as labels,
    ):
        pictures, label = images["arr_0"], labels["arr_0"]
    for i, picture in enumerate(pictures):
        yield Sample(names[label[i]], "", picture, f"{path}: {i}")


def store(stream: Iterable[Sample], folder: Path, characters: Sequence[str]) -> Pictures:
    """Bring a stream to normal form and to disk; what is no character of the list is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    index = {character: i for i, character in enumerate(characters)}
    labels, writers = [], []
    with (folder / "pictures.u8").open("wb") as file:
        for sample in stream:
            label = index.get(canonical(sample.character))
            if label is None:
                continue
            file.write(np.round(of_picture(sample.picture) * 255).astype(np.uint8).tobytes())
            labels.append(label)
            writers.append(sample.writer)
    np.save(folder / "labels.npy", np.int32(labels))
    np.save(folder / "writers.npy", np.array(writers, str))
    return stored(folder, characters)


def stored(folder: Path, characters: Sequence[str]) -> Pictures:
    """What `store` wrote, the pictures as a map of their file. Raises TegashikiError if broken."""
    try:
        labels, writers = np.load(folder / "labels.npy"), np.load(folder / "writers.npy")
        pictures = (
            np.memmap(folder / "pictures.u8", np.uint8, "r", shape=(len(labels), SIZE, SIZE))
            if len(labels)
            else np.zeros((0, SIZE, SIZE), np.uint8)
        )
    except (OSError, ValueError) as error:
        raise TegashikiError(f"{folder}: no stored pictures ({error}); store them again") from None
    return Pictures(pictures, labels, writers, tuple(characters))


def joined(several: Sequence[Pictures]) -> Pictures:
    """Several sets of one list of characters as one, in memory."""
    return Pictures(
        np.concatenate([one.pictures for one in several]),
        np.concatenate([one.labels for one in several]),
        np.concatenate([one.writers for one in several]),
        several[0].characters,
    )


def parts(
    writers: Sequence[str], name: str, test: float = 0.2, validation: float = 0.1
) -> np.ndarray:
    """ "train", "validation" or "test" for each picture, by who wrote it; str (n,).

    A writer is in one part wherever the set is read and however it is ordered. `name`, the set's,
    keeps writer 3 of one set apart from writer 3 of another; sets of the same forms go together.
    """
    fractions = {"test": test, "validation": validation, "train": 1 - test - validation}
    return np.array(splits.assign(map(str, writers), fractions, salt=FORMS.get(name, name)))


def random_parts(count: int, seed: int, test: float = 0.2, validation: float = 0.1) -> np.ndarray:
    """The same shares by lot over pictures: what a writer wrote stands on all sides."""
    place = np.random.default_rng(seed).permutation(count)
    ends = round(test * count), round((test + validation) * count)
    return np.where(place < ends[0], "test", np.where(place < ends[1], "validation", "train"))
