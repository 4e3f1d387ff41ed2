"""Examples as records of a TFRecord file: what TensorFlow's readers read, written without it.

    content = pack(examples, vocabulary)              # bytes of one shard, compressed by gzip
    again = list(unpack(content, vocabulary))

    tf.data.TFRecordDataset("train-00000.tfrecord.gz", "GZIP").map(
        lambda record: tf.io.parse_single_example(record, {"points": ...}))

A record is a `tf.train.Example` with these features, for S strokes, P points and T tokens:

    points           float (2 P,)     x, y of every point, in the unit of the ink
    stroke_ends      int64 (S,)       stroke s is points[stroke_ends[s-1] : stroke_ends[s]]
    alignment        int64 (S,)       which token a stroke writes, -1 unknown
    tokens           int64 (T,)       ids in the manifest's vocabulary
    id, writer       bytes (1,)       UTF-8

Written here rather than by TensorFlow, because a worker that has to load it takes 0.4 GB and some
seconds to begin, and because equal examples have to give equal bytes, whatever its version. Around
each record stand its length and two masked CRC32C (tensorflow/core/lib/io/record_writer.h); the
messages are protocol buffers (tensorflow/core/example/example.proto).
"""

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.tex.tokens import Vocabulary

COMPRESSION = 6       # of gzip: 9 takes three times as long for 1 % less
_BYTES, _FLOATS, _INTS = 1, 2, 3          # fields of Feature


def pack(examples: Iterable[Example], vocabulary: Vocabulary) -> bytes:
    """One shard; equal examples give equal bytes. Raises TegashikiError for an unknown token."""
    records = b"".join(_framed(_message(example, vocabulary)) for example in examples)
    return gzip.compress(records, COMPRESSION, mtime=0)


def unpack(content: bytes, vocabulary: Vocabulary, place: str = "shard") -> Iterator[Example]:
    """The examples of a shard; raises TegashikiError where it is damaged."""
    try:
        data = memoryview(gzip.decompress(content))
        at = 0
        while at < len(data):
            length, check = struct.unpack_from("<QI", data, at)
            if check != _masked_crc(bytes(data[at:at + 8])):
                raise ValueError(f"record at byte {at} has no length")
            body = data[at + 12:at + 12 + length]
            at += length + 16
            if at > len(data):
                raise ValueError("ends in the middle of a record")
            yield _example(_features(body), vocabulary)
    except (OSError, EOFError, ValueError, KeyError, IndexError, struct.error,
            zlib.error) as error:
        raise TegashikiError(f"{place}: no shard of ours: {error}; write it again") from None


def _message(example: Example, vocabulary: Vocabulary) -> bytes:
    strokes = example.ink.strokes
    features = {
        "alignment": _ints(example.alignment.tolist()),
        "id": _field(_BYTES, _field(1, example.ink.id.encode())),
        "points": _field(_FLOATS, _field(1, np.concatenate(strokes).astype("<f4").tobytes())),
        "stroke_ends": _ints(np.cumsum([len(stroke) for stroke in strokes]).tolist()),
        "tokens": _ints(vocabulary.encode(example.tokens)),
        "writer": _field(_BYTES, _field(1, example.ink.writer.encode())),
    }
    entries = (_field(1, _field(1, name.encode()) + _field(2, value))
               for name, value in features.items())
    return _field(1, b"".join(entries))


def _example(features: dict[str, bytes | np.ndarray], vocabulary: Vocabulary) -> Example:
    points = features["points"].reshape(-1, 2)                       # (P, 2)
    strokes = tuple(np.split(points, features["stroke_ends"][:-1]))
    ink = Ink(strokes, id=features["id"].decode(), writer=features["writer"].decode())
    tokens = tuple(vocabulary.tokens[number] for number in features["tokens"])
    return Example(ink, tokens, features["alignment"].astype(np.int16))


def _field(number: int, content: bytes) -> bytes:
    """A field of a message whose length is given (wire type 2)."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _ints(values: Iterable[int]) -> bytes:
    return _field(_INTS, _field(1, b"".join(map(_varint, values))))


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; negative ones as their 64-bit complement."""
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _features(message: memoryview) -> dict[str, bytes | np.ndarray]:
    """Feature by name: bytes, float32 or int64, as `_message` wrote it."""
    found: dict[str, bytes | np.ndarray] = {}
    [(_, features)] = _fields(message)
    for _, entry in _fields(features):
        (_, name), (_, feature) = _fields(entry)
        [(kind, values)] = _fields(feature)
        content = b"".join(bytes(value) for _, value in _fields(values))
        found[bytes(name).decode()] = (
            content if kind == _BYTES else np.frombuffer(content, "<f4").astype(np.float32)
            if kind == _FLOATS else _read_ints(content))
    return found


def _fields(message: memoryview) -> list[tuple[int, memoryview]]:
    """(number, content) of each field; only those with a length occur here."""
    found, at = [], 0
    while at < len(message):
        head, at = _read_varint(message, at)
        length, at = _read_varint(message, at)
        if head & 7 != 2 or at + length > len(message):
            raise ValueError("not the message of an example")
        found.append((head >> 3, message[at:at + length]))
        at += length
    return found


def _read_ints(content: bytes) -> np.ndarray:
    values, at = [], 0
    while at < len(content):
        value, at = _read_varint(content, at)
        values.append(value - 2**64 if value >= 2**63 else value)
    return np.array(values, np.int64)


def _read_varint(content: bytes | memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value & (2**64 - 1), at
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")


def _framed(record: bytes) -> bytes:
    length = struct.pack("<Q", len(record))
    return b"".join((length, struct.pack("<I", _masked_crc(length)), record,
                     struct.pack("<I", _masked_crc(record))))


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)     # Castagnoli, reflected
        table.append(value)
    return table


_TABLE = _crc_table()


def _masked_crc(content: bytes) -> int:
    """CRC32C, rotated and shifted so that a CRC of a CRC is not trivial.

    >>> _masked_crc(b"123456789") == (((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) % 2**32)
    True
    """
    crc, table = 0xFFFFFFFF, _TABLE
    for byte in content:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF
