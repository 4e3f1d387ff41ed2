"""Pictures from strangers: whatever the format, upright and grey; hostile ones refused at once."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tegashiki.errors import TegashikiError
from tegashiki.image2tex.reading import read_picture

GREY = np.full((40, 60), 230, np.uint8)
GREY[10:30, 8:12] = 20                     # an upright bar left of the middle


def packed(image, kind="PNG", **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def rgba(ink, seen):
    """Ink of one grey on nothing."""
    pixels = np.zeros((*GREY.shape, 4), np.uint8)
    pixels[GREY < 128] = (ink, ink, ink, seen)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("content", [
    packed(Image.fromarray(GREY)),
    packed(Image.fromarray(GREY).convert("RGB"), "JPEG", quality=95),
    packed(Image.fromarray(GREY).convert("CMYK"), "JPEG", quality=95),
    packed(Image.fromarray(GREY).convert("P")),
    packed(Image.fromarray(GREY > 128), "BMP"),
    packed(Image.fromarray(GREY.astype(np.uint16) * 257)),
    packed(Image.fromarray(GREY.astype(np.float32) / 255), "TIFF"),
    packed(Image.fromarray(GREY), "GIF"),
    packed(Image.fromarray(GREY), "WEBP", lossless=True),
    packed(rgba(0, 255)),
], ids=["png", "jpeg", "cmyk", "palette", "1 bit", "16 bit", "float", "gif", "webp", "alpha"])
def test_every_kind_becomes_the_same_grey(content):
    found = read_picture(content)
    assert found.dtype == np.uint8 and found.shape == GREY.shape
    assert found[15:25, 9:11].max() < 70 and found[:, 30:].min() > 180


def test_light_ink_on_nothing_is_seen_on_black():
    found = read_picture(packed(rgba(255, 255)))
    assert found[15:25, 9:11].min() > 180 and found[:, 30:].max() < 70


@pytest.mark.parametrize(("note", "where"), [(3, (slice(10, 30), slice(48, 52))),
                                             (6, (slice(8, 12), slice(10, 30))),
                                             (8, (slice(48, 52), slice(10, 30)))])
def test_a_telephone_held_otherwise(note, where):
    exif = Image.Exif()
    exif[0x0112] = note
    found = read_picture(packed(Image.fromarray(GREY), "JPEG", exif=exif, quality=95))
    assert found[where].max() < 90 and (found < 90).sum() < 150


def chunk(name, content):
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def test_a_bomb_is_refused_before_it_is_unpacked():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    with pytest.raises(TegashikiError, match=r"bomb\.png: .*pixels; at most 64,000,000"):
        read_picture(bomb, "bomb.png")


@pytest.mark.parametrize(("content", "says"), [
    (b"<svg/>", "no picture that can be read"),
    (packed(Image.fromarray(GREY))[:80], "no picture that can be read"),
    (packed(Image.fromarray(GREY), "JPEG")[:300], "no picture that can be read"),
    (b"", "is empty"),
    (b"\0\0\0\x18ftypheic" + bytes(100), "HEIF|no picture"),
])
def test_what_is_no_picture_is_named(content, says):
    with pytest.raises(TegashikiError, match=f"^photo.png: .*({says})"):
        read_picture(content, "photo.png")
