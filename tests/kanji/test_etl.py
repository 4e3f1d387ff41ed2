"""ETL files, byte by byte on made ones: what is right is read, what is broken says where."""

import struct

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.kanji import etl


def one_bit(character_code, sheet, reading, size, picture):
    """A record of ETL8B2 or ETL9B, from the specification's table and not from our structs."""
    record = bytearray(size)
    record[0:2] = sheet.to_bytes(2, "big")
    record[2:4] = character_code.to_bytes(2, "big")
    record[4:8] = reading
    record[8:512] = np.packbits(picture).tobytes()
    return bytes(record)


def four_bits(character_code, sheet, reading, begin, picture):
    record = bytearray(8199)
    record[0:2] = sheet.to_bytes(2, "big")
    record[2:4] = character_code.to_bytes(2, "big")
    record[4:12] = reading
    record[12:16] = (77).to_bytes(4, "big")  # serial data number
    record[18] = 1  # sex
    record[19] = 30  # age
    flat = picture.ravel()
    record[begin : begin + 8128] = bytes(flat[0::2] << 4 | flat[1::2])
    return bytes(record)


@pytest.fixture
def bits():
    return np.random.default_rng(0).integers(0, 2, (63, 64), dtype=np.uint8)


@pytest.fixture
def greys():
    return np.random.default_rng(1).integers(0, 16, (127, 128), dtype=np.uint8)


@pytest.mark.parametrize(("name", "size"), [("ETL8B2C1", 512), ("ETL9B_1", 576)])
def test_one_bit_a_pixel(tmp_path, bits, name, size):
    path = tmp_path / name
    path.write_bytes(
        b"\0" * size
        + one_bit(0x2422, 1, b"A   ", size, bits)
        + one_bit(0x3B7A, 160, b"JI  ", size, 1 - bits)
    )
    first, second = etl.read(path)
    assert (first.character, first.sheet, first.reading, first.index) == ("あ", 1, "A", 1)
    assert (second.character, second.sheet, second.reading, second.index) == ("字", 160, "JI", 2)
    np.testing.assert_array_equal(first.picture, bits * 255)
    np.testing.assert_array_equal(second.picture, (1 - bits) * 255)


@pytest.mark.parametrize(("name", "begin"), [("ETL8G_01", 60), ("ETL9G_01", 64)])
def test_four_bits_a_pixel(tmp_path, greys, name, begin):
    path = tmp_path / name
    path.write_bytes(four_bits(0x3021, 3, b"A.TSUGU ", begin, greys))
    (record,) = etl.read(path)
    assert (record.character, record.sheet, record.reading) == ("亜", 3, "A.TSUGU")
    np.testing.assert_array_equal(record.picture, greys.astype(int) * 17)


def test_the_layouts_fill_their_records():
    for layout in etl.LAYOUTS.values():
        rows, columns = layout.shape
        assert layout.picture + rows * columns * layout.bits // 8 <= layout.size
        assert layout.header.size <= layout.picture


def test_a_cut_off_file_says_where(tmp_path, bits):
    path = tmp_path / "ETL9B_1"
    path.write_bytes(b"\0" * 576 + one_bit(0x2422, 1, b"    ", 576, bits)[:500])
    with pytest.raises(TegashikiError, match=r"record 1, byte 576: 500 bytes of the 576"):
        list(etl.read(path))


def test_what_was_read_before_the_cut_is_not_lost(tmp_path, bits):
    path = tmp_path / "ETL8B2C1"
    path.write_bytes(b"\0" * 512 + one_bit(0x2422, 1, b"    ", 512, bits) + b"\1")
    stream = etl.read(path)
    assert next(stream).character == "あ"
    with pytest.raises(TegashikiError, match="record 2"):
        next(stream)


def test_a_foreign_file_is_refused(tmp_path):
    path = tmp_path / "ETL8B2C1"
    path.write_bytes(bytes(512) + b"\x89PNG" * 128)
    with pytest.raises(TegashikiError, match=r"record 1, byte 512.*no ASCII"):
        list(etl.read(path))
    path.write_bytes(bytes(512) + b"a line of text\n" * 100)
    with pytest.raises(TegashikiError, match=r"0x6C69|no ETL8B|cut off"):
        list(etl.read(path))


def test_an_empty_file_and_one_dummy_are_refused(tmp_path):
    for content in (b"", bytes(512)):
        path = tmp_path / "ETL8B2C1"
        path.write_bytes(content)
        with pytest.raises(TegashikiError, match="holds no ETL8B record"):
            list(etl.read(path))


def test_the_kind_comes_from_the_name_or_the_size(tmp_path, greys):
    for name, expected in (("ETL8B2C3", "etl8b"), ("ETL9B_5", "etl9b"), ("etl8g_12", "etl8g"),
                           ("ETL9G_50", "etl9g")):  # fmt: skip
        (tmp_path / name).write_bytes(b"x")
        assert etl.layout_of(tmp_path / name).name == expected
    nameless = tmp_path / "data.bin"
    nameless.write_bytes(bytes(576 * 5))
    assert etl.layout_of(nameless).name == "etl9b"
    nameless.write_bytes(four_bits(0x3021, 1, b"        ", 60, greys))
    with pytest.raises(TegashikiError, match="does not say which ETL file"):
        etl.layout_of(nameless)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(TegashikiError, match="check the path"):
        list(etl.read(tmp_path / "ETL9B_1"))


def test_the_specification_in_numbers():
    """Offsets of the official table, from its columns of types."""
    assert struct.calcsize(">HH4s504s") == 512
    assert struct.calcsize(">HH4s504s64x") == 576
    assert struct.calcsize(">HH8sI4B4H2B30x8128s11x") == 8199
    assert struct.calcsize(">HH8sI4B4H2B34x8128s7x") == 8199
    assert struct.calcsize(">HH8sI4B4H2B30x") == 60
    assert struct.calcsize(">HH8sI4B4H2B34x") == 64
