"""Several simple recurrent networks of one size trained at once: three seeds for the time of one.

    nets = SideBySide(seeds=[0, 1, 2], units=60, learning_rate=0.001)
    nets.epoch(x, y, order)              # x (n, t, 1), y (n, 1), order (updates, batch) of rows
    nets.answers(x)                      # (networks, n)

A network: h_t = tanh(x_t W + h_{t-1} U + b), y = h_T v + c; squared error, Adam. Each has weights
and an optimiser of its own, so they learn as if alone; only the matrix products are shared. A whole
epoch is one compiled call, which for networks this small is most of the time.
"""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

Weights = dict[str, tf.Tensor]
Pair = tuple[tf.Tensor, tf.Tensor]   # answers and state

_NAMES = ("W", "U", "b", "v", "c")


class SideBySide:
    """Networks that differ in their seed, and where given in learning rate and penalty."""

    def __init__(
        self, seeds: Sequence[int], units: int = 60,
        learning_rate: float | Sequence[float] = 0.001, penalty: float | Sequence[float] = 0.0,
    ) -> None:  # fmt: skip
        """`penalty`: on the squared matrices W and U. Rates and penalties: one, or one a seed."""
        starts = [_start(np.random.default_rng(seed), units) for seed in seeds]
        self.weights = {name: tf.Variable(np.stack([start[name] for start in starts]))
                        for name in _NAMES}
        self._moments = [{name: tf.Variable(tf.zeros_like(w)) for name, w in self.weights.items()}
                         for _ in range(2)]
        self._step = tf.Variable(0.0)
        each = lambda value: tf.constant(  # noqa: E731
            np.broadcast_to(np.float32(value), len(seeds)).reshape(-1, 1, 1))
        self._rate, self._penalty = each(learning_rate), each(penalty)
        self.count, self.units = len(seeds), units

    def epoch(
        self, x: np.ndarray, y: np.ndarray, order: np.ndarray, *, carried: bool = False,
        twice: bool = False, dropout: float = 0.0, seed: int = 0,
    ) -> np.ndarray:  # fmt: skip
        """One update for each row of `order` (updates, batch); mean loss of each network.

        x (n, t, 1) and y (n, 1) serve all networks; x (networks, n, t, 1) gives each its own.
        `carried`: the state goes on from one update into the next, its gradient does not.
        `twice`: each window is read a first time for its state alone. `dropout`: of the last
        state.
        """
        return self._epoch(*self._given(x, y), tf.constant(order, tf.int32), carried, twice,
                           dropout, tf.constant(seed)).numpy()

    def answers(
        self, x: np.ndarray, *, carried: bool = False, twice: bool = False,
        state: np.ndarray | None = None,
    ) -> np.ndarray:  # fmt: skip
        """What each network says to each row of x (n, t, 1), float (networks, n).

        `carried`: rows are read in order, each from the state after the one before; the first from
        `state` (networks, 1, units), or from zeros.
        """
        if carried:
            return self._in_order(x, twice, state)[0].numpy()
        x = np.broadcast_to(np.float32(x), (self.count, *x.shape[-3:]))
        return self._read_all(tf.constant(x), twice).numpy()

    def state_after(
        self, x: np.ndarray, *, twice: bool = False, state: np.ndarray | None = None
    ) -> np.ndarray:
        """The state after the rows of x in order, (networks, 1, units); `state` as in `answers`."""
        return self._in_order(x, twice, state)[1].numpy()

    def alone(self, history: np.ndarray, steps: int) -> np.ndarray:
        """Each network on its own answers after a window (t,), float (networks, steps)."""
        window = tf.constant(np.broadcast_to(np.float32(history)[None, None, :, None],
                                             (self.count, 1, len(history), 1)))
        return self._alone(window, steps).numpy()

    def _in_order(self, x: np.ndarray, twice: bool, state: np.ndarray | None) -> Pair:
        x = np.broadcast_to(np.float32(x), (self.count, *x.shape[-3:]))
        first = np.zeros((self.count, 1, self.units), np.float32) if state is None else state
        return self._read_in_order(tf.constant(x), twice, tf.constant(first))

    def _given(self, x: np.ndarray, y: np.ndarray) -> tuple[tf.Tensor, tf.Tensor]:
        x, y = np.float32(x), np.float32(y)
        x = np.broadcast_to(x, (self.count, *x.shape[-3:]))
        return tf.constant(x), tf.constant(np.broadcast_to(y, (self.count, *y.shape[-2:])))

    def _read(self, weights: Weights, x: tf.Tensor, state: tf.Tensor) -> Pair:
        """Answers (networks, b, 1) to x (networks, b, t, 1), and the state (networks, b, units)."""
        for at in tf.range(x.shape[2]):
            now = tf.gather(x, at, axis=2)                          # (networks, b, 1)
            state = tf.tanh(now @ weights["W"] + state @ weights["U"] + weights["b"])
        return state @ weights["v"] + weights["c"], state

    @tf.function(jit_compile=True)
    def _epoch(
        self, x: tf.Tensor, y: tf.Tensor, order: tf.Tensor, carried: bool, twice: bool,
        dropout: float, seed: tf.Tensor,
    ) -> tf.Tensor:  # fmt: skip
        batch = order.shape[1]
        total = tf.zeros(self.count)
        state = tf.zeros((self.count, batch, self.units))
        for update in tf.range(order.shape[0]):
            rows, due = (tf.gather(part, order[update], axis=1) for part in (x, y))
            weights = {name: w.read_value() for name, w in self.weights.items()}
            with tf.GradientTape() as tape:
                tape.watch(weights)
                before = state if carried else tf.zeros_like(state)
                if twice:
                    before = self._read(weights, rows, before)[1]
                said, after = self._read(weights, rows, before)
                if dropout:
                    noise = tf.random.stateless_uniform(after.shape, tf.stack([seed, update]))
                    thinned = after * tf.cast(noise > dropout, after.dtype) / (1 - dropout)
                    said = thinned @ weights["v"] + weights["c"]
                loss = tf.reduce_mean((said - due) ** 2, axis=(1, 2))
                bound = sum(tf.reduce_sum(weights[name] ** 2, axis=(1, 2)) for name in ("W", "U"))
                whole = tf.reduce_sum(loss + self._penalty[:, 0, 0] * bound)
            self._move(tape.gradient(whole, weights))
            total += loss
            state = tf.stop_gradient(after)
        return total / order.shape[0]

    def _move(self, slopes: Weights) -> None:
        """One step of Adam (Kingma and Ba 2015), elementwise: each network's is its own."""
        self._step.assign_add(1.0)
        for name, slope in slopes.items():
            first, second = (moment[name] for moment in self._moments)
            first.assign(0.9 * first + 0.1 * slope)
            second.assign(0.999 * second + 0.001 * slope**2)
            mean = first / (1 - 0.9**self._step)
            size = tf.sqrt(second / (1 - 0.999**self._step)) + 1e-7
            self.weights[name].assign_sub(self._rate * mean / size)

    @tf.function(jit_compile=True)
    def _read_all(self, x: tf.Tensor, twice: bool) -> tf.Tensor:
        weights, state = dict(self.weights), tf.zeros((self.count, x.shape[1], self.units))
        if twice:
            state = self._read(weights, x, state)[1]
        return self._read(weights, x, state)[0][:, :, 0]

    @tf.function(jit_compile=True)
    def _read_in_order(self, x: tf.Tensor, twice: bool, state: tf.Tensor) -> Pair:
        said = tf.zeros((x.shape[1], self.count))
        for row in tf.range(x.shape[1]):
            window = tf.gather(x, [row], axis=1)
            if twice:
                state = self._read(dict(self.weights), window, state)[1]
            answer, state = self._read(dict(self.weights), window, state)
            said = tf.tensor_scatter_nd_update(said, [[row]], [answer[:, 0, 0]])
        return tf.transpose(said), state

    @tf.function(jit_compile=True)
    def _alone(self, window: tf.Tensor, steps: int) -> tf.Tensor:
        said = tf.zeros((steps, self.count))
        for step in tf.range(steps):
            state = tf.zeros((self.count, 1, self.units))
            answer = self._read(dict(self.weights), window, state)[0]       # (networks, 1, 1)
            said = tf.tensor_scatter_nd_update(said, [[step]], [answer[:, 0, 0]])
            window = tf.concat([window[:, :, 1:], answer[:, :, None]], axis=2)
        return tf.transpose(said)


def _start(rng: np.random.Generator, units: int) -> dict[str, np.ndarray]:
    """Glorot's uniform for W and v, an orthogonal U, zeros for the rest: as Keras starts."""
    square, triangle = np.linalg.qr(rng.normal(size=(units, units)))
    limit = np.sqrt(6 / (1 + units))
    made = {"W": rng.uniform(-limit, limit, (1, units)), "U": square * np.sign(np.diag(triangle)),
            "b": np.zeros((1, units)), "v": rng.uniform(-limit, limit, (units, 1)),
            "c": np.zeros((1, 1))}
    return {name: value.astype(np.float32) for name, value in made.items()}
