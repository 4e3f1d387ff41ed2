"""Which devices a training has and how it uses them: one, or several that share each batch.

    devices = choose()                       # before any variable is made
    run.log(devices.said); run.result(**devices.record)     # `fit` says it too
    with devices.scope():
        learner = Learner(network, config, jit=devices.jit)

One definition for all: TensorFlow runs it on a processor or a GPU, and on several GPUs by
`tf.distribute`; JAX by `keras.distribution`, on a TPU too. Every replica takes its share of the
rows, sums are divided by the counts of the whole batch, and the gradient is clipped after it has
been summed, so that several devices compute what one does, up to rounding.
"""

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras

from tegashiki.errors import TegashikiError

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Devices:
    """What was found and what was chosen."""

    backend: str               # "tensorflow" or "jax"
    kind: str                  # "CPU", "GPU", "TPU"
    names: tuple[str, ...]     # those that are used, as the backend calls them
    precision: str             # "float32" or "bfloat16": what layers compute in
    strategy: Any = None       # of tf.distribute, where there are several

    @property
    def jit(self) -> bool:
        """Whether to compile by XLA: not for several devices of tf.distribute."""
        return self.strategy is None

    @property
    def record(self) -> dict[str, Any]:
        """For the results of a run."""
        return {"backend": self.backend, "device_kind": self.kind, "devices": len(self.names),
                "precision": self.precision}

    @property
    def said(self) -> str:
        """One line for a person."""
        shared = f", which share each batch: {', '.join(self.names)}" if len(self.names) > 1 else ""
        return (f"{self.backend} on {len(self.names)} {self.kind}{shared}; layers compute in "
                f"{self.precision}, weights are float32")

    def scope(self) -> contextlib.AbstractContextManager:
        """Variables made within it are on every device."""
        return self.strategy.scope() if self.strategy else contextlib.nullcontext()


def choose(precision: str = "auto", at_most: int | None = None) -> Devices:
    """Accelerators if there are any, all of them or `at_most`; else processors.

    `precision`: "auto" is bfloat16 on accelerators and float32 on processors, where bfloat16
    brings nothing. Sets Keras' policy and, under JAX, its distribution. Raises TegashikiError for
    an unknown precision.
    """
    if precision not in PRECISIONS:
        raise TegashikiError(f"precision: {precision!r} is unknown; give {', '.join(PRECISIONS)}")
    backend = keras.backend.backend()
    kind, names = _jax_devices() if backend == "jax" else _tensorflow_devices()
    names = names[:at_most]
    if precision == "auto":
        precision = "float32" if kind == "CPU" else "bfloat16"
    keras.mixed_precision.set_global_policy(
        "float32" if precision == "float32" else "mixed_bfloat16")
    strategy = None
    if backend == "jax":
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(devices=keras.distribution.list_devices()[:len(names)]))
    elif len(names) > 1:
        import tensorflow as tf

        strategy = tf.distribute.MirroredStrategy(list(names))
    return Devices(backend, kind, tuple(names), precision, strategy)


def in_use() -> Devices:
    """What a training that starts now uses, whether `choose` was asked or not."""
    backend = keras.backend.backend()
    kind, names = _jax_devices() if backend == "jax" else _tensorflow_devices()
    strategy, count = None, 1
    if backend == "jax":
        layout = keras.distribution.distribution()
        count = layout.device_mesh.devices.size if layout is not None else 1
    else:
        import tensorflow as tf

        if tf.distribute.has_strategy():
            strategy = tf.distribute.get_strategy()
            count = strategy.num_replicas_in_sync
    precision = keras.mixed_precision.global_policy().compute_dtype
    return Devices(backend, kind, tuple(names[:count]), precision, strategy)


def _jax_devices() -> tuple[str, list[str]]:
    import jax

    devices = jax.devices()           # accelerators, where there are any
    return devices[0].platform.upper(), [str(device) for device in devices]


def _tensorflow_devices() -> tuple[str, list[str]]:
    import tensorflow as tf

    for kind in ("GPU", "CPU"):
        if found := tf.config.list_logical_devices(kind):
            return kind, [device.name for device in found]
    raise TegashikiError("TensorFlow finds neither GPU nor CPU; install tegashiki[cpu] again")


def total(value: Any) -> Any:
    """The sum over all replicas of what is a sum over the rows of one."""
    context = _replica()
    return value if context is None else context.all_reduce("SUM", value)


def share(data: Any) -> Any:
    """Of a batch the rows of this replica. Raises ValueError if they cannot be shared evenly."""
    context = _replica()
    if context is None:
        return data
    count, mine = context.num_replicas_in_sync, context.replica_id_in_sync_group

    def rows(value: Any) -> Any:
        if value is None:                # the weights that Keras would take, and we do not give
            return None
        if value.shape[0] % count:
            raise ValueError(f"batch of {value.shape[0]} rows on {count} devices; make it a "
                             "multiple")
        size = value.shape[0] // count
        return value[mine * size:(mine + 1) * size]

    return keras.tree.map_structure(rows, data)


def clip_together(gradients: Sequence[Any], clip: Any) -> list[Any]:
    """`clip` of the gradient of the whole batch, a share of it for each replica to be summed."""
    context = _replica()
    if context is None:
        return clip(gradients)
    count = context.num_replicas_in_sync
    return [part / count for part in clip(context.all_reduce("SUM", list(gradients)))]


def _replica() -> Any:
    """The context of tf.distribute within a replica of several, else None."""
    tf = sys.modules.get("tensorflow") if keras.backend.backend() == "tensorflow" else None
    context = tf.distribute.get_replica_context() if tf else None
    return context if context is not None and context.num_replicas_in_sync > 1 else None
