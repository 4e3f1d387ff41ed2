"""A drawn formula as a phone would see it on paper: simulated, not photographed.

    photo = photograph(picture, np.random.default_rng(seed))        # uint8 (rows, columns)

In the order in which it happens: ink that is not quite black on paper that is not quite white, the
paper's grain, a sheet seen from an angle, light from one side and the shadow of a hand, a lens out
of focus, the sensor's noise, and JPEG.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PhotoConfig:
    """How bad the photograph may be; each is drawn evenly up to its value unless it says else."""

    margin: float = 0.15          # paper around the formula, of its longer side
    tilt: float = 0.06            # how far each corner is moved, of the picture's sides
    turn: float = 3.0             # degrees
    ink: tuple[float, float] = (20.0, 90.0)        # grey of the ink
    paper: tuple[float, float] = (190.0, 245.0)    # grey of the paper
    grain: float = 4.0            # grey levels, standard deviation, over some pixels
    light: float = 0.35           # share of the light that is lost at the dark side
    shadow: float = 0.35          # share of the light that is lost in a shadow's middle
    blur: tuple[float, float] = (0.4, 1.3)         # pixels, standard deviation
    noise: float = 5.0            # grey levels, standard deviation
    quality: tuple[int, int] = (45, 90)            # of JPEG


def photograph(picture: np.ndarray, rng: np.random.Generator,
               config: PhotoConfig | None = None) -> np.ndarray:
    """What becomes of a grey picture, 0 ink and 255 paper, uint8; of a size of its own."""
    return _taken(picture, rng, config or PhotoConfig())[0]


def photograph_labelled(picture: np.ndarray, labels: np.ndarray, rng: np.random.Generator,
                        config: PhotoConfig | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The photograph, and where the int32 labels of the picture's pixels come to lie in it."""
    import cv2

    photo, around, way = _taken(picture, rng, config or PhotoConfig())
    labels = np.pad(labels, around).astype(np.float32)
    moved = cv2.warpPerspective(labels, way, labels.shape[::-1], flags=cv2.INTER_NEAREST)
    return photo, moved.astype(np.int32)


def _taken(picture: np.ndarray, rng: np.random.Generator, config: PhotoConfig,
           ) -> tuple[np.ndarray, int, np.ndarray]:
    """The photograph, the paper around the picture in pixels, and the camera's homography."""
    import cv2  # of the extra `images`

    around = round(config.margin * max(picture.shape))
    inked = 1 - np.pad(picture, around, constant_values=255).astype(np.float32) / 255
    way = _view(inked.shape, rng, config)
    inked = cv2.warpPerspective(inked, way, inked.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=0)
    ink, paper = rng.uniform(*config.ink), rng.uniform(*config.paper)
    grain = cv2.GaussianBlur(rng.standard_normal(inked.shape).astype(np.float32), (0, 0), 1.2)
    sheet = paper + rng.uniform(0, config.grain) * grain / max(float(grain.std()), 1e-6)
    seen = (sheet + (ink - sheet) * np.clip(inked, 0, 1)) * _light(inked.shape, rng, config)
    seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(*config.blur))
    seen += rng.uniform(0, config.noise) * rng.standard_normal(seen.shape)
    quality = int(rng.integers(*config.quality))
    _, packed = cv2.imencode(".jpg", np.clip(seen, 0, 255).astype(np.uint8),
                             [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), around, way


def _view(shape: tuple[int, int], rng: np.random.Generator, config: PhotoConfig) -> np.ndarray:
    """The homography (3, 3) of a camera that is not quite above the sheet, and a little turned."""
    import cv2

    rows, columns = shape
    corners = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]])
    moved = corners + rng.uniform(-1, 1, (4, 2)) * config.tilt * min(shape)
    angle = np.radians(rng.uniform(-config.turn, config.turn))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([columns, rows]) / 2
    moved = (moved - middle) @ turn.T + middle
    return cv2.getPerspectiveTransform(corners, moved.astype(np.float32))


def _light(shape: tuple[int, int], rng: np.random.Generator, config: PhotoConfig) -> np.ndarray:
    """How much light falls on each pixel, float32 (rows, columns), at most 1."""
    y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32) / max(shape)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * x + np.sin(angle) * y
    along = (along - along.min()) / max(float(np.ptp(along)), 1e-6)
    light = 1 - rng.uniform(0, config.light) * along
    centre, width = rng.uniform(0, 1, 2) * (x.max(), y.max()), rng.uniform(0.1, 0.4)
    shadow = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * width ** 2))
    return light * (1 - rng.uniform(0, config.shadow) * shadow)
