"""A picture from a stranger as grey pixels, upright, or a message that says what to do.

    picture = read_picture("photo.jpg")          # uint8 (rows, columns), 0 black
    picture = read_picture(content)              # the bytes of a file

PNG, JPEG, BMP, GIF, WebP and TIFF, and HEIF where the extra `heif` is installed. Turned as its EXIF
note says; what is transparent is seen on white paper; 16 bits become 8; CMYK, palettes
and 1 bit become grey. Only the first frame counts.
"""

import io
import os
import warnings
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.storage.files import read_limited

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic", ".heif")
MAX_BYTES = 40 * 2**20          # of the file; a phone's photograph has 3 to 12 MB
MAX_PIXELS = 64_000_000         # unpacked; a phone's photograph has 12 to 50 million
MAX_SIDE = 20_000               # pixels
USED = 4_000                    # the longest side that is worked on
_DEEP = ("I;16", "I;16B", "I;16L", "I", "F")


def is_picture(file: str | os.PathLike) -> bool:
    """Whether a file is called as a picture.

    >>> is_picture("a.PNG"), is_picture("a.inkml")
    (True, False)
    """
    return Path(file).suffix.lower() in ENDINGS


def read_picture(source: str | os.PathLike | bytes, name: str | None = None) -> np.ndarray:
    """The picture as uint8 (rows, columns). `name`: what messages call it.

    Raises TegashikiError for what is no picture, what is damaged, and what is too large to be one
    formula, before its pixels are unpacked.
    """
    from PIL import Image

    name = name or ("picture" if isinstance(source, bytes) else str(source))
    content = read_limited(source, name, MAX_BYTES)
    _learn_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")          # of odd metadata; sizes are checked below
            with Image.open(io.BytesIO(content)) as image:
                _check_size(name, image.size)
                return _grey(image)
    except TegashikiError:
        raise
    except Image.DecompressionBombError:
        raise TegashikiError(f"{name}: more than twice {Image.MAX_IMAGE_PIXELS:,} pixels; at most "
                             f"{MAX_PIXELS:,} are unpacked; make it smaller") from None
    except Exception as error:       # decoders raise whatever a damaged file leads them to
        if _is_heif(content) and ".heif" not in Image.registered_extensions():
            raise TegashikiError(f"{name}: HEIF, which needs the package pillow-heif; install it, "
                                 "or save the picture as JPEG") from None
        raise TegashikiError(f"{name}: no picture that can be read ({error}); give PNG, JPEG, BMP, "
                             "GIF, WebP or TIFF") from None


def _check_size(name: str, size: tuple[int, int]) -> None:
    columns, rows = size
    if min(size) < 1 or max(size) > MAX_SIDE or columns * rows > MAX_PIXELS:
        raise TegashikiError(f"{name}: {columns} x {rows} pixels; at most {MAX_PIXELS:,} pixels "
                             f"and {MAX_SIDE:,} a side are unpacked; make it smaller or cut out "
                             "one formula")


def _grey(image) -> np.ndarray:  # noqa: ANN001  (PIL is imported where it is used)
    from PIL import Image, ImageOps

    if image.mode in _DEEP:
        image = Image.fromarray(_eight_bits(np.asarray(image)))
    elif image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = _on_paper(clear) if clear.getextrema()[3][0] < 255 else clear
    turned = ImageOps.exif_transpose(image).convert("L")
    if max(turned.size) > USED:
        turned.thumbnail((USED, USED), Image.Resampling.BOX)
    return np.asarray(turned, dtype=np.uint8)


def _on_paper(clear):  # noqa: ANN001
    """On white, or on black where what is seen is nearly white: light ink on nothing."""
    from PIL import Image

    pixels = np.asarray(clear)
    seen = pixels[pixels[..., 3] > 127][:, :3]
    light = len(seen) > 0 and float(np.median(seen)) > 170
    paper = Image.new("RGBA", clear.size, "black" if light else "white")
    paper.alpha_composite(clear)
    if exif := clear.info.get("exif"):
        paper.info["exif"] = exif
    return paper


def _eight_bits(deep: np.ndarray) -> np.ndarray:
    """Any range of numbers in 0..255: 16 bits and shares by their scale, others by their span."""
    values = np.nan_to_num(deep.astype(np.float64))
    if deep.dtype.kind == "f" and values.min() >= 0 and values.max() <= 1:
        return (255 * values).astype(np.uint8)
    if values.min() >= 0 and 255 < values.max() <= 65535:
        return (values / 257).astype(np.uint8)
    if values.min() >= 0 and values.max() <= 255:
        return values.astype(np.uint8)
    span = max(float(np.ptp(values)), 1e-9)
    return (255 * (values - values.min()) / span).astype(np.uint8)


def _is_heif(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:11] in (b"hei", b"hev", b"mif", b"msf", b"avi")


def _learn_heif() -> None:
    """Let Pillow read HEIF, as iPhones write it, where pillow-heif is installed."""
    try:
        import pillow_heif
    except ImportError:
        return
    pillow_heif.register_heif_opener()
