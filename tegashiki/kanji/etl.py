"""The binary files of the ETL character database, as they are distributed, read as a stream.

    for record in read("ETL9B_1"):
        print(record.character, record.sheet, record.picture.shape)      # 字 1 (63, 64)

Layouts from the official specification (AIST, http://etlcdb.db.aist.go.jp). All numbers are
big-endian. ETL8B2 and ETL9B are pictures of 64 x 63 with 1 bit a pixel, 1 is ink; the first record
of a file is a dummy. ETL8G and ETL9G are 128 x 127 with 4 bits a pixel, 15 is full ink.

    ETL8B2   512 bytes   0 sheet u16, 2 JIS u16, 4 reading 4 bytes, 8 picture 504
    ETL9B    576 bytes   0 sheet u16, 2 JIS u16, 4 reading 4 bytes, 8 picture 504, 512 unused 64
    ETL8G   8199 bytes   0 sheet u16, 2 JIS u16, 4 reading 8 bytes, 12 serial u32, 16 quality u8,
                        17 quality of group u8, 18 sex u8, 19 age u8, 20 industry u16,
                        22 occupation u16, 24 gathered u16, 26 scanned u16, 28 y u8, 29 x u8,
                        30 unused 30, 60 picture 8128, 8188 unused 11
    ETL9G   8199 bytes   the same up to 29, 30 unused 34, 64 picture 8128, 8192 unused 7

`sheet` numbers the form that somebody filled in: one number, one hand. It is what splits by writer
go by. The research-use licence of the database does not let pictures be passed on.
"""

import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.kanji.characters import from_jis

HOME = "http://etlcdb.db.aist.go.jp"


@dataclass(frozen=True)
class Layout:
    """How the records of one kind of file are laid out."""

    name: str
    header: struct.Struct  # sheet, JIS code, reading
    picture: int  # where the picture begins, bytes
    size: int  # of a record, bytes
    bits: int  # of a pixel
    shape: tuple[int, int]  # rows, columns
    dummies: int  # records before the first real one


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("etl8b", struct.Struct(">HH4s"), 8, 512, 1, (63, 64), 1),
        Layout("etl9b", struct.Struct(">HH4s"), 8, 576, 1, (63, 64), 1),
        Layout("etl8g", struct.Struct(">HH8s"), 60, 8199, 4, (127, 128), 0),
        Layout("etl9g", struct.Struct(">HH8s"), 64, 8199, 4, (127, 128), 0),
    )
}
_NAME = re.compile(r"ETL_?([89])([BG])", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Record:
    """One character as somebody wrote it in a box of a form."""

    character: str
    sheet: int  # number of the form, 1 and up
    reading: str  # as the form spells it, often blank
    picture: np.ndarray  # uint8 (rows, columns), 0 is paper and 255 full ink
    index: int  # its place in the file, the dummy counted


def layout_of(path: str | os.PathLike) -> Layout:
    """The layout of a file: by its name, as the database names its files, else by its size.

    Raises TegashikiError if neither tells.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise TegashikiError(f"{path}: cannot be read: {error.strerror}; check the path") from None
    if match := _NAME.search(path.name):
        return LAYOUTS[f"etl{match[1]}{match[2].lower()}"]
    fitting = [k for k in LAYOUTS.values() if size and size % k.size == 0]
    if len(fitting) == 1:
        return fitting[0]
    raise TegashikiError(
        f"{path}: {size} bytes and a name that does not say which ETL file it is; "
        "call it as the database does (ETL8B2C1, ETL8G_01, ETL9B_1, ETL9G_01)"
    )


def read(path: str | os.PathLike, kind: str | None = None) -> Iterator[Record]:
    """Yield the records of a file; one record is in memory at a time.

    `kind`: one of LAYOUTS, by default what the name says. Raises TegashikiError, with the place,
    for a truncated file, a code that is no character, and a file of something else.
    """
    path = Path(path)
    layout = layout_of(path) if kind is None else LAYOUTS[kind]
    with path.open("rb") as file:
        index = 0
        while content := file.read(layout.size):
            if len(content) < layout.size:
                raise TegashikiError(
                    f"{path}: record {index}, byte {index * layout.size}: {len(content)} bytes of "
                    f"the {layout.size} of an {layout.name.upper()} record; the file is cut off or "
                    f"not of that kind; get it again from {HOME}"
                )
            if index >= layout.dummies:
                yield _record(path, layout, content, index)
            index += 1
    if index <= layout.dummies:
        raise TegashikiError(
            f"{path}: holds no {layout.name.upper()} record; get it again from {HOME}"
        )


def _record(path: Path, layout: Layout, content: bytes, index: int) -> Record:
    sheet, code, reading = layout.header.unpack_from(content)
    place = f"{path}: record {index}, byte {index * layout.size}"
    try:
        character = from_jis(code)
    except ValueError:
        raise TegashikiError(
            f"{place}: 0x{code:04X} is no character of JIS X 0208, so this is no "
            f"{layout.name.upper()} file; check which file it is"
        ) from None
    if max(reading) > 0x7F:
        raise TegashikiError(
            f"{place}: the reading of {character} is {reading!r}, no ASCII, so this is no "
            f"{layout.name.upper()} file; check which file it is"
        )
    picture = _picture(content, layout)
    return Record(character, sheet, reading.decode("ascii").strip(" \0"), picture, index)


def _picture(content: bytes, layout: Layout) -> np.ndarray:
    rows, columns = layout.shape
    packed = np.frombuffer(content, np.uint8, rows * columns * layout.bits // 8, layout.picture)
    if layout.bits == 1:
        return np.unpackbits(packed).reshape(rows, columns) * np.uint8(255)
    halves = np.stack([packed >> 4, packed & 15], axis=-1)  # the high half comes first
    return halves.reshape(rows, columns) * np.uint8(17)
