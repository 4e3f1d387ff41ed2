"""Characters that nobody wrote: KanjiVG's strokes disturbed as ink, and outlines of fonts.

    maker = Maker.from_sources(("kanjivg", "fonts"), CHARACTERS)
    pictures, labels = maker.batch(256, np.random.default_rng(1))     # uint8 (256, 48, 48), int64

A character from strokes: bent, shifted and slanted by `tegashiki.ink.distort`, with strokes joined,
shortened, let run on and rounded at their corners, drawn with a pen of some width. A character from
a font: made thinner or thicker and warped. Both then pass a poor scanner: blur, few pixels, 1 bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.kanji import fonts, kanjivg
from tegashiki.kanji.normal_form import BOX, SIZE

HEIGHT = 3.0  # a character is so many units of the distortion high
TWICE = 2 * SIZE  # drawn at twice the size and halved: smooth edges for little
_SHIFT = 5  # binary digits of a pixel's part, as OpenCV's drawing takes them


@dataclass(frozen=True)
class InkConfig:
    """How strokes are disturbed. Shares are of characters, amounts in character heights."""

    distortion: DistortConfig = DistortConfig(  # noqa: RUF009 - frozen
        rotate=4.5, shear=0.13, scale=0.14, perspective=0.08, warp=0.15, warp_length=3.5,
        stroke_rotate=5.5, stroke_scale=0.12, stroke_shift=0.08, stroke_bend=0.07, jitter=0.006
    )  # fmt: skip
    joined: float = 0.25  # share in which neighbouring strokes are joined now and then
    shortened: float = 0.4  # share whose strokes begin late or end early
    rounded: float = 0.5  # share whose corners are rounded
    pen: tuple[float, float] = (1.2, 5.0)  # width, pixels of 48

    def scaled(self, factor: float) -> "InkConfig":
        """The same, every distortion times `factor`."""
        return replace(self, distortion=self.distortion.scaled(factor))


class Maker:
    """Draws characters without end, from strokes and from fonts."""

    def __init__(
        self,
        characters: Sequence[str],
        strokes: dict[int, list[np.ndarray]],
        glyphs: dict[int, list[np.ndarray]],
        config: InkConfig | None = None,
    ) -> None:
        self.characters, self.strokes, self.glyphs = tuple(characters), strokes, glyphs
        self.config = config or InkConfig()
        made = strokes.keys() | glyphs.keys()
        missing = [c for i, c in enumerate(self.characters) if i not in made]
        if missing:
            raise TegashikiError(
                f"no source for {len(missing)} characters ({''.join(missing[:20])}); put KanjiVG "
                "under the data root, or install a Japanese font (pip install matplotlib-fontja, "
                "or Debian's fonts-ipaexfont-gothic)"
            )

    @classmethod
    def from_sources(
        cls, sources: Sequence[str], characters: Sequence[str], config: InkConfig | None = None
    ) -> "Maker":
        """`sources`: `kanjivg`, `fonts` or both; what is not on this machine is left out."""
        index = {character: i for i, character in enumerate(characters)}
        strokes, glyphs = {}, {}
        if "kanjivg" in sources and kanjivg.here() is not None:
            for character, ink in kanjivg.read(wanted=characters).items():
                strokes[index[character]] = [
                    resample(s * (HEIGHT / kanjivg.BOX)) for s in ink.strokes
                ]
        if "fonts" in sources:
            for font in fonts.here():
                for character, i in index.items():
                    if (picture := fonts.glyph(font, character)) is not None:
                        glyphs.setdefault(i, []).append(picture)
        return cls(characters, strokes, glyphs, config)

    def batch(
        self,
        count: int,
        rng: np.random.Generator,
        labels: np.ndarray | None = None,
        share: float = 0.35,
    ) -> tuple[np.ndarray, np.ndarray]:
        """uint8 (count, 48, 48) and int64 (count,). `share`: of fonts, where there are both.

        `labels`: which characters to draw; by default any, all as often.
        """
        if labels is None:
            labels = rng.integers(0, len(self.characters), count)
        pictures = np.stack([self.one(int(label), rng, share) for label in labels])
        return pictures, np.asarray(labels, np.int64)

    def one(self, label: int, rng: np.random.Generator, share: float = 0.35) -> np.ndarray:
        """A character, uint8 (48, 48), ink 255."""
        strokes, glyphs = self.strokes.get(label), self.glyphs.get(label)
        if strokes is None or (glyphs and rng.random() < share):
            picture = draw_glyph(glyphs[int(rng.integers(len(glyphs)))], rng)
        else:
            picture = draw_strokes(strokes, rng, self.config)
        return scanned(picture, rng)


def resample(stroke: np.ndarray, step: float = 0.13) -> np.ndarray:
    """Points at equal distances along a stroke, 3 to 24 of them, float32 (points, 2)."""
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    count = int(np.clip(np.ceil(along[-1] / step), 3, 24))
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, stroke[:, k]) for k in (0, 1)], axis=1).astype(np.float32)


def draw_strokes(
    strokes: Sequence[np.ndarray], rng: np.random.Generator, config: InkConfig
) -> np.ndarray:
    """Strokes as another hand would write them, uint8 (96, 96)."""
    amount = rng.uniform(0.2, 1.4)  # calm and hasty hands
    bent = distort(strokes, rng, config.distortion.scaled(amount))
    if rng.random() < config.shortened:
        bent = [_trimmed(stroke, rng) for stroke in bent]
    if rng.random() < config.rounded:
        bent = [_rounded(stroke) for stroke in bent]
    if rng.random() < config.joined and len(bent) > 1:
        bent = _joined(bent, rng)
    points = np.concatenate(bent)
    low, high = points.min(axis=0), points.max(axis=0)
    width = rng.uniform(*config.pen) ** 2 / config.pen[1]  # thin pens are commoner
    width = max(width, config.pen[0])
    # what normal form makes of it, give or take a pixel: a scan is cut less exactly
    box = 2 * (BOX + rng.uniform(-2, 1) - width)
    scale = box / max(float((high - low).max()), 1e-6)
    offset = SIZE - (low + high) / 2 * scale + rng.uniform(-1.5, 1.5, 2)
    picture = np.zeros((TWICE, TWICE), np.uint8)
    lines = [
        np.round((stroke * scale + offset) * (1 << _SHIFT)).astype(np.int32) for stroke in bent
    ]
    cv2.polylines(picture, lines, False, 255, max(1, round(2 * width)), cv2.LINE_AA, _SHIFT)
    return picture


def _trimmed(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Begins a little late or early, ends a little early or late."""
    stroke = stroke.copy()
    first, last = rng.uniform(-0.12, 0.10, 2)
    reach = min(len(stroke) - 1, 3)
    stroke[0] -= first * (stroke[0] - stroke[reach])
    stroke[-1] -= last * (stroke[-1] - stroke[-1 - reach])
    return stroke


def _rounded(stroke: np.ndarray) -> np.ndarray:
    """Each point the mean of itself and its neighbours; the ends stay."""
    if len(stroke) < 4:
        return stroke
    smooth = stroke.copy()
    smooth[1:-1] = (stroke[:-2] + stroke[1:-1] + stroke[2:]) / 3
    smooth[2:-2] = (smooth[1:-3] + smooth[2:-2] + smooth[3:-1]) / 3
    return smooth


def _joined(strokes: Sequence[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Some neighbours written without lifting the pen, if the way between them is short."""
    joined = [strokes[0]]
    for stroke in strokes[1:]:
        way = float(np.hypot(*(stroke[0] - joined[-1][-1])))
        if way < 0.45 * HEIGHT and rng.random() < 0.3:
            joined[-1] = np.concatenate([joined[-1], stroke])
        else:
            joined.append(stroke)
    return joined


def draw_glyph(glyph: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A font's character, warped, thinner or thicker, uint8 (96, 96)."""
    kind = rng.random()
    if kind < 0.45:  # most fonts are bolder than pens
        thin = cv2.erode(np.pad(glyph, 2), np.ones((2, 2) if kind < 0.3 else (3, 3), np.uint8))
        if thin.sum() > 0.4 * glyph.sum():  # else nothing but crumbs is left
            glyph = thin
    elif kind < 0.6:
        glyph = cv2.dilate(np.pad(glyph, 2), np.ones((3, 3), np.uint8))
    height, width = glyph.shape
    box = 2 * (BOX + rng.uniform(-2, 1))
    scale = box / max(height, width)
    # the picture's pixel (x, y) comes from the glyph's A (x, y) + a smooth field
    turn, slant = np.radians(rng.normal(0, 4.5)), rng.normal(0, 0.13)
    stretch = np.exp(rng.normal(0, 0.13, 2)) / scale
    matrix = np.array([[np.cos(turn), -np.sin(turn) + slant], [np.sin(turn), np.cos(turn)]])
    matrix *= stretch[:, None]
    field = cv2.resize(
        rng.normal(0, 2.6, (4, 4, 2)).astype(np.float32),
        (TWICE, TWICE),
        interpolation=cv2.INTER_CUBIC,
    )
    x, y = _GRID + field.transpose(2, 0, 1)
    map_x = (matrix[0, 0] * x + matrix[0, 1] * y + width / 2).astype(np.float32)
    map_y = (matrix[1, 0] * x + matrix[1, 1] * y + height / 2).astype(np.float32)
    return cv2.remap(glyph, map_x, map_y, cv2.INTER_LINEAR)


def warped(form: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A real picture in normal form, uint8 (48, 48), as the same hand might have made it again."""
    turn, slant = np.radians(rng.normal(0, 4)), rng.normal(0, 0.08)
    stretch = np.exp(rng.normal(0, 0.05, 2))
    matrix = np.array([[np.cos(turn), -np.sin(turn) + slant], [np.sin(turn), np.cos(turn)]])
    matrix *= stretch[:, None]
    middle = SIZE / 2 - 0.5
    field = cv2.resize(
        rng.normal(0, 1.0, (4, 4, 2)).astype(np.float32),
        (SIZE, SIZE),
        interpolation=cv2.INTER_CUBIC,
    )
    x, y = np.mgrid[:SIZE, :SIZE][::-1].astype(np.float32) - middle + field.transpose(2, 0, 1)
    map_x = (matrix[0, 0] * x + matrix[0, 1] * y + middle).astype(np.float32)
    map_y = (matrix[1, 0] * x + matrix[1, 1] * y + middle).astype(np.float32)
    moved = cv2.remap(form, map_x, map_y, cv2.INTER_LINEAR)
    return cv2.convertScaleAbs(moved, alpha=255 / max(int(moved.max()), 1))


_GRID = np.mgrid[:TWICE, :TWICE][::-1].astype(np.float32) - SIZE + 0.5  # x, y from the middle


def scanned(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 (48, 48) of (96, 96): halved, and now and then blurred, coarse or in one bit."""
    kind = rng.random()
    if kind < 0.2:  # as of 28 pixels
        coarse = int(rng.integers(12, 44))
        picture = cv2.resize(picture, (coarse, coarse), interpolation=cv2.INTER_AREA)
        small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    else:
        small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    if 0.2 < kind < 0.35:
        small = cv2.GaussianBlur(small, (3, 3), 0)
    elif kind > 0.8:
        small = np.where(
            small > int(small.max()) * rng.uniform(0.25, 0.6), np.uint8(255), np.uint8(0)
        )
    return cv2.convertScaleAbs(small, alpha=255 / max(int(small.max()), 1))
