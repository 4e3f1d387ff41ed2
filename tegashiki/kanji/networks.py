"""Picture of a character -> logits: a small network of our own, and the source's transfer learning.

    model = small(len(CHARACTERS))                     # (batch, 48, 48, 1) in 0..1 -> (batch, 3111)
    model = transfer(46, TransferConfig(frozen=True))  # MobileNetV3Small cut before its top

`small` begins with eight fixed edge filters, the gradient-direction maps that the recognition of
kanji has used since the 1980s: they cost little and need not be learned. It ends with a bottleneck:
between a wide layer and 3,111 classes stand `neck` numbers, which decide how large the file is.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.kanji.normal_form import SIZE


@dataclass(frozen=True)
class SmallConfig:
    """The small network; the defaults are the released one's."""

    widths: tuple[int, int] = (64, 128)  # channels at 12 and at 6 pixels
    neck: int = 256  # numbers between the picture and the classes
    dropout: float = 0.0  # before the neck


@dataclass(frozen=True)
class TransferConfig:
    """MobileNetV3Small, an ImageNet network, under a new head."""

    size: int = 48  # the picture is resized to this, pixels; 32 and more
    frozen: bool = False  # the base stays as it came
    weights: str = "none"  # "imagenet" (downloads), "none", or the path of an .h5 file
    pooling: str = "average"  # "average" over places, or "flatten": every place for itself
    head: int = 0  # a hidden layer of the head; 0: none
    regular: str = "dropout"  # "dropout", "normalisation" or "none", before the classes
    augment: float = 1.0  # strength of rotation, zoom and shift in training; 0: none
    channels: int = 3  # 3: grey three times, as ImageNet's filters want it; 1: one


def small(classes: int, config: SmallConfig | None = None):
    """Keras model: float32 (batch, 48, 48, 1), ink 1 -> logits float32 (batch, classes)."""
    import keras
    from keras import layers

    config = config or SmallConfig()
    inputs = keras.Input((SIZE, SIZE, 1), name="picture")
    x = layers.Conv2D(
        8, 5, padding="same", use_bias=False, name="edges", kernel_initializer=edges,
        trainable=False)(inputs)  # (b, 48, 48, 8)  # fmt: skip
    x = layers.AveragePooling2D(4)(layers.ReLU()(x))  # (b, 12, 12, 8)
    for width in config.widths:
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.MaxPooling2D(2)(x)  # (b, 6, 6, 64), (b, 3, 3, 128)
    x = layers.Flatten()(x)  # (b, 1152)
    x = layers.Dropout(config.dropout)(x) if config.dropout else x
    x = layers.Dense(config.neck, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))  # (b, neck)
    outputs = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs)  # no name: several stand side by side in `average`


def average(members):
    """One network whose answer is the mean of its members' log probabilities, as logits."""
    import keras
    from keras import ops

    inputs = keras.Input((SIZE, SIZE, 1), name="picture")
    answers = [ops.log_softmax(member(inputs)) for member in members]
    return keras.Model(inputs, sum(answers[1:], answers[0]) / len(answers), name="average")


def edges(shape, dtype=None):
    """Eight 5 x 5 filters, each the slope of a Gaussian in one of eight directions.

    f_k(x, y) = (x cos(k pi/4) + y sin(k pi/4)) exp(-(x^2 + y^2) / 2)
    """
    y, x = np.mgrid[-2:3, -2:3].astype(np.float32)
    filters = [
        (x * np.cos(k * np.pi / 4) + y * np.sin(k * np.pi / 4)) * np.exp(-(x * x + y * y) / 2)
        for k in range(shape[-1])
    ]
    kernel = np.stack(filters, axis=-1)[:, :, None]  # (5, 5, 1, 8)
    return (kernel / np.abs(kernel).sum(axis=(0, 1, 2)) * 2).astype(np.float32)


def transfer(classes: int, config: TransferConfig | None = None, seed: int = 0):
    """Keras model as `small`: MobileNetV3Small cut before its top, with a new head.

    Augmentation is part of the model: rotation, then zoom, then shift, active in training only.
    Raises TegashikiError if the weights do not fit.
    """
    import keras
    from keras import layers

    config = config or TransferConfig()
    inputs = keras.Input((SIZE, SIZE, 1), name="picture")
    x = inputs
    if config.augment:
        x = augmentation(config.augment, seed)(x)
    if config.size != SIZE:
        x = layers.Resizing(config.size, config.size)(x)
    # The base was trained on 0 to 255, bright paper: ink 1 becomes black.
    x = layers.Rescaling(-255.0, 255.0)(x)
    if config.channels == 3:
        x = layers.Concatenate()([x, x, x])
    base = _base(config)
    base.trainable = not config.frozen
    # Its batch normalisation keeps ImageNet's statistics: folded weights have no others.
    x = base(x, training=False if config.weights != "none" else None)
    x = layers.GlobalAveragePooling2D()(x) if config.pooling == "average" else layers.Flatten()(x)
    if config.head:
        x = layers.Dense(config.head, activation="relu")(x)
    if config.regular == "dropout":
        x = layers.Dropout(0.2, seed=seed)(x)
    elif config.regular == "normalisation":
        x = layers.BatchNormalization()(x)
    outputs = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs)


def augmentation(strength: float, seed: int = 0):
    """Rotation by 10 degrees, zoom by 10 %, shift by 8 %, each at most, times `strength`."""
    import keras
    from keras import layers

    fill = {"fill_mode": "constant", "fill_value": 0.0}
    return keras.Sequential(
        [
            layers.RandomRotation(strength * 10 / 360, seed=seed, **fill),
            layers.RandomZoom(strength * 0.10, strength * 0.10, seed=seed + 1, **fill),
            layers.RandomTranslation(strength * 0.08, strength * 0.08, seed=seed + 2, **fill),
        ],
        name="augmentation",
    )


def _base(config: TransferConfig):
    import keras

    shape = (config.size, config.size, config.channels)
    weights = {"none": None, "imagenet": "imagenet"}.get(config.weights, config.weights)
    if weights not in (None, "imagenet") and not Path(weights).is_file():
        raise TegashikiError(
            f"{weights}: no weights here; give the path of MobileNetV3Small's .h5 "
            'without its top, "imagenet" to download it, or "none"'
        )
    try:
        return keras.applications.MobileNetV3Small(
            input_shape=shape, include_top=False, weights=weights, include_preprocessing=True
        )
    except ValueError as error:
        raise TegashikiError(
            f"MobileNetV3Small with {config.channels} channels and weights "
            f"{config.weights}: {error}"
        ) from None
