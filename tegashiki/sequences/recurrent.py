"""Small recurrent networks from one configuration: forecast, classify, tag, write.

    model = build(Config(cell="lstm", units=32), length=50)         # (b, 50, 1) -> (b, 1)
    model.compile("adam", "mse", jit_compile=False); model.fit(x, y, verbose=0)
    step = stepper(model)      # {"x", "state_0", ...} -> {"y", "state_0", ...}

Inputs are numbers float32 (b, t, features), or ids int32 (b, t) or (b, t, columns) of which each
column has its own embedding and 0 is padding. Outputs are logits or values: (b, outputs) after the
last step, or (b, t, outputs) with `every_step`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers, ops

CELLS = {"simple": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}


@dataclass(frozen=True)
class Config:
    """Sizes of a recurrent network."""

    cell: str = "gru"                   # one of CELLS
    units: int = 64                     # of each layer and direction
    layers: int = 1
    features: int = 1                   # of each step, where the inputs are numbers
    vocabularies: tuple[int, ...] = ()  # size of each column of ids; empty: inputs are numbers
    embeddings: tuple[int, ...] = ()    # of each column; as many
    masked: bool = True                 # id 0 is padding, not a symbol
    outputs: int = 1
    every_step: bool = False            # answer at each step, not only after the last
    bidirectional: bool = False
    stateful: bool = False              # a batch goes on where the one before it ended
    dropout: float = 0.0                # of the inputs of each recurrent layer
    recurrent_dropout: float = 0.0      # of the state
    id_dropout: float = 0.0             # of whole embeddings in the first column
    l2: float = 0.0                     # on the recurrent layers' matrices
    gain: float = 1.0                   # of the orthogonal matrix that a state starts with


def build(config: Config, length: int | None = None, batch: int | None = None) -> keras.Model:
    """The network. `batch` must be given if it is stateful. Unknown cells raise KeyError."""
    c, columns = config, len(config.vocabularies)
    if columns:
        shape = (batch, length) if columns == 1 else (batch, length, columns)
        x = keras.Input(batch_shape=shape, dtype="int32", name="x")
    else:
        x = keras.Input(batch_shape=(batch, length, c.features), name="x")
    h, mask = _embed(x, c)
    for i in range(c.layers):
        last = i == c.layers - 1
        layer = _layer(c, f"recurrent_{i}", c.every_step or not last)
        h = layer(h, mask=mask) if mask is not None else layer(h)
    y = layers.Dense(c.outputs, name="head")(_bare(h))     # (b, outputs) or (b, t, outputs)
    model = keras.Model(x, y)
    model.config = config
    return model


def repeater(config: Config, length: int, compress: bool = True) -> keras.Model:
    """Ids int32 (b, length) -> logits (b, length, outputs) through one vector.

    Embedding, a GRU whose last state is all that remains of the sentence, that vector repeated
    `length` times, a second GRU, and the same dense layer at each step: an encoder and decoder
    without attention. `compress=False` hands every step on instead.
    """
    c = config
    x = keras.Input((length,), dtype="int32", name="x")
    h, mask = _embed(x, c)
    h = layers.GRU(c.units, return_sequences=not compress, name="encoder")(h, mask=mask)
    h = layers.RepeatVector(length)(h) if compress else h
    h = layers.GRU(c.units, return_sequences=True, name="decoder")(h)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(c.outputs), name="head")(_bare(h)))


def stepper(model: keras.Model, length: int = 1, batch: int = 1) -> keras.Model:
    """The same weights with the state as an input and an output, so that a caller may carry it.

    {"x": (batch, length, ...), "state_0": (batch, units), ...} -> {"y", "state_0", ...}. Begin
    with zeros. An LSTM has two states a layer.
    """
    c, columns = model.config, len(model.config.vocabularies)
    tail = (c.features,) if not columns else (columns,) if columns > 1 else ()
    x = keras.Input(batch_shape=(batch, length, *tail), dtype="int32" if columns else "float32",
                    name="x")
    h = x
    if columns:
        ids = [x] if columns == 1 else [x[:, :, i] for i in range(columns)]
        h = [model.get_layer(f"embedding_{i}")(column) for i, column in enumerate(ids)]
        h = layers.Concatenate()(h) if columns > 1 else h[0]
    inputs, outputs = {"x": x}, {}
    for i in range(c.layers):
        layer = _layer(c, f"recurrent_{i}", True, stateful=False, return_state=True)
        before = [keras.Input(batch_shape=(batch, c.units), name=f"state_{len(inputs) - 1 + n}")
                  for n in range(2 if c.cell == "lstm" else 1)]
        h, *after = layer(h, initial_state=before)
        layer.set_weights(model.get_layer(f"recurrent_{i}").get_weights())
        for old, new in zip(before, after, strict=True):
            inputs[old.name], outputs[old.name] = old, new
    h = h if c.every_step else h[:, -1]
    outputs["y"] = model.get_layer("head")(h)
    return keras.Model(inputs, outputs)


def start_again(model: keras.Model, fresh: keras.Model, learning_rate: float) -> None:
    """Give a compiled model the weights of a fresh one and an optimiser without memory.

    So that one compilation serves a whole search.
    """
    model.set_weights(fresh.get_weights())
    for variable in model.optimizer.variables:
        variable.assign(ops.zeros_like(variable))
    model.optimizer.learning_rate = learning_rate


def reach(model: keras.Model, x) -> list[float]:
    """How strongly the answer depends on each input step: mean norm of d y / d x_t, (t,).

    Step 0 is the oldest. Runs on TensorFlow.
    """
    import tensorflow as tf

    x = tf.convert_to_tensor(x, "float32")
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x, training=False)                            # (b, outputs)
        answer = tf.reduce_sum(y[:, -1] if len(y.shape) == 3 else y)
    slopes = tape.gradient(answer, x)                           # (b, t, features)
    return tf.reduce_mean(tf.norm(slopes, axis=-1), axis=0).numpy().tolist()


class Report(keras.callbacks.Callback):
    """Hands each epoch's numbers on: `report(epoch=1, loss=..., val_loss=...)`."""

    def __init__(self, report: Callable[..., None]) -> None:
        super().__init__()
        self._report = report

    def on_epoch_end(self, epoch, logs=None):
        self._report(epoch=epoch + 1, **{name: float(value) for name, value in logs.items()})


def _embed(x, c: Config):
    """Ids to vectors, and which steps count; numbers stay as they are."""
    if not c.vocabularies:
        return x, None
    columns = len(c.vocabularies)
    ids = [x] if columns == 1 else [x[:, :, i] for i in range(columns)]
    h = [layers.Embedding(size, width, name=f"embedding_{i}")(column) for i, (column, size, width)
         in enumerate(zip(ids, c.vocabularies, c.embeddings, strict=True))]
    if c.id_dropout:
        h[0] = layers.Dropout(c.id_dropout, noise_shape=(None, None, 1))(h[0])
    mask = ops.not_equal(ids[0], 0) if c.masked else None        # (b, t)
    return (layers.Concatenate()(h) if columns > 1 else h[0]), mask


def _bare(h):
    """The same values without a mask: which steps a loss counts is for its weights to say.

    Keras would scale the loss by the mask as well, so that padding changes it twice.
    """
    return ops.multiply(h, 1.0)


def _layer(c: Config, name: str, sequences: bool, **changes):
    """One recurrent layer, of both directions if asked."""
    penalty = keras.regularizers.L2(c.l2) if c.l2 else None
    options = {"return_sequences": sequences, "stateful": c.stateful, "dropout": c.dropout,
               "recurrent_dropout": c.recurrent_dropout, "kernel_regularizer": penalty,
               "recurrent_regularizer": penalty,
               "recurrent_initializer": keras.initializers.Orthogonal(c.gain), **changes}
    if c.bidirectional:
        return layers.Bidirectional(CELLS[c.cell](c.units, **options), name=name)
    return CELLS[c.cell](c.units, name=name, **options)
