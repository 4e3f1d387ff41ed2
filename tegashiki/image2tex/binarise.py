"""What of a picture is ink: paper and light taken away, at a size where the pen has one width.

    ink = binarise(picture)              # uint8 (rows, columns), grey, dark on light or the reverse
    ink.mask.shape, ink.scale            # bool; pixels of the mask per pixel of the picture

The pen's width is the unit in which a line is thinned and traced, so the picture is brought to a
size at which it is about `PEN` pixels.
"""

from dataclasses import dataclass

import numpy as np

from tegashiki.errors import TegashikiError

PEN = 4.0                 # pixels of the mask; fewer lose small loops, more cost time
_KEPT = (2.5, 5.5)        # a pen of this width is left as it is
_ENLARGED = 2.5           # at most; a hair line on a large sheet needs no finer pixels
_MOST = 16_000_000        # pixels of the mask
_EVEN = 8                 # grey levels along the border of a picture without light and shadow
_OUTLIERS = (0.05, 99.95) # per cent: the darkest and lightest details of a page
_RARE = 99.9              # per cent of a page's pixels that are not its darkest ink
_SHALLOW = 0.45           # of the darkest ink: less is a shadow
_DUST = 0.6               # of the pen's width, squared: a smaller spot is no dot
_FAINT = 24               # grey levels between ink and paper; less is an empty page


@dataclass(frozen=True, eq=False)
class InkMask:
    """Where ink is."""

    mask: np.ndarray      # bool (rows, columns)
    pen: float            # width of the pen, pixels of the mask
    scale: float          # pixels of the mask per pixel of the picture


def binarise(picture: np.ndarray, clean: bool = False) -> InkMask:
    """The ink of a grey picture, uint8 (rows, columns); `clean`: flat paper, known to be so.

    Raises TegashikiError for a picture without ink, or one that is ink all over.
    """
    import cv2

    grey = np.ascontiguousarray(picture)
    if grey.ndim != 2 or not grey.size:
        raise TegashikiError("picture: not grey; read it with `image2tex.reading`")
    flat = grey if clean else flatten(grey)
    photographed = flat is not grey
    dark = _deep(_dark_on_light(flat)) if photographed else _dark_on_light(flat)
    pen = _pen(_ink_of(dark))
    scale = 1.0 if _KEPT[0] <= pen <= _KEPT[1] else PEN / pen
    scale = min(scale, _ENLARGED, float(np.sqrt(_MOST / dark.size)))
    if scale != 1.0:
        size = [max(round(side * scale), 1) for side in dark.shape[::-1]]
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        dark = cv2.resize(dark, size, interpolation=way)
    mask = _ink_of(dark)
    pen = _pen(mask)
    return InkMask(_without_dust(mask, pen) if photographed else mask, pen, scale)


def flatten(grey: np.ndarray) -> np.ndarray:
    """The picture as if its paper were evenly lit: divided by the paper's own light.

    The paper is what remains when everything thin is closed, as light as its surroundings. A
    picture with light ink on dark ground is turned over first. A picture whose border is all of one
    grey was drawn or scanned: it is returned as it is.
    """
    import cv2

    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.ptp(border) <= _EVEN:
        return grey
    step = max(max(grey.shape) // 500, 1)
    small = cv2.resize(grey, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    if _light_ink(small):
        grey, small = 255 - grey, 255 - small
    reach = max(min(small.shape) // 8, 9) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    paper = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, kernel)
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 4)
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    flat = np.minimum(255.0 * grey / np.maximum(paper, 1), 255)
    return cv2.GaussianBlur(flat.astype(np.uint8), (0, 0), 0.8)


def _light_ink(small: np.ndarray) -> bool:
    """Whether what differs most from its surroundings is lighter than they are."""
    import cv2

    around = cv2.GaussianBlur(small, (0, 0), max(small.shape) / 40)
    low, high = np.percentile(small.astype(np.int16) - around, _OUTLIERS)
    return bool(high > -low)


def _dark_on_light(grey: np.ndarray) -> np.ndarray:
    """The picture with its rarer class dark: ink covers less than half of any page."""
    import cv2

    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    dark = grey <= level
    if dark.all() or not dark.any() or (
            float(grey[~dark].mean()) - float(grey[dark].mean()) < _FAINT):
        raise TegashikiError("picture: no ink on it; give one with a written formula")
    return grey if dark.mean() <= 0.5 else 255 - grey


def _deep(dark: np.ndarray) -> np.ndarray:
    """With whatever is only a shadow, or the paper's grain, made white.

    Where ink is rare, Otsu's level divides the paper from its own shadows.
    """
    deepest = 255 - np.percentile(dark, 100 - _RARE)
    return np.where(255 - dark.astype(np.float32) < _SHALLOW * deepest, 255, dark).astype(np.uint8)


def _without_dust(mask: np.ndarray, pen: float) -> np.ndarray:
    import cv2

    _, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= (_DUST * pen) ** 2
    kept[0] = False
    return kept[parts]


def _ink_of(dark: np.ndarray) -> np.ndarray:
    import cv2

    _, mask = cv2.threshold(dark, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return mask > 0


def _pen(mask: np.ndarray) -> float:
    """The width of the lines, pixels.

    Across a line of width w the distance to its edge is w / 4 in the mean; a blob counts once.
    """
    import cv2

    padded = np.pad(mask, 1).astype(np.uint8)
    far = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[padded > 0]
    return float(max(4.0 * (far.mean() - 0.25), 1.0)) if len(far) else 1.0
