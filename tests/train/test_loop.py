"""A training that is stopped anywhere and resumed ends bit for bit where it would have ended."""

import copy
import itertools
import json
import math

import keras
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import TrainConfig, batches, checkpoint, loop
from tegashiki.train.learner import Learner
from tegashiki.train.validation import Validator
from tests.helpers import assert_close
from tests.toys import bag, formulas

pytestmark = pytest.mark.training

TOKENIZER = PlainTokenizer()
CONFIG = TrainConfig(epochs=4, batch_size=4, learning_rate=1e-2, warmup=3, average=0.9)
STEPS = 5       # of an epoch: 20 formulas
FIGURES = {"epoch", "loss", "token_accuracy", "val_loss", "val_accuracy", "learning_rate",
           "seconds"}


class Killed(BaseException):
    """As little caught by the loop as a signal is."""


def learner_of(config=CONFIG, seed=0, width=16):
    keras.utils.set_random_seed(seed)
    return Learner(bag()(len(TOKENIZER), width), config, jit=False)


def source(epoch):
    return batches.epoch(formulas(), bag(), TOKENIZER, 4, np.random.default_rng([7, epoch]))


def train(learner, folder, source=source, **more):
    def validate():
        return loop.evaluate(learner, batches.epoch(formulas(8), bag(), TOKENIZER, 4))
    return loop.fit(learner, source, validate, folder, STEPS,
                   **{"monitor": "val_accuracy", **more})


def without_time(history):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in history]


def everything(learner):
    return checkpoint.values([*learner.network.variables, *learner.optimizer.variables])


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training that nothing stopped: (learner, its first weights, history, folder)."""
    folder = tmp_path_factory.mktemp("whole")
    learner = learner_of()
    loop.build(learner, next(source(0)))
    first = everything(learner)
    return learner, first, train(learner, folder), folder


@pytest.fixture
def again(whole, tmp_path):
    """The learner of `whole` as it was in the beginning: nothing has to be traced again."""
    learner, first, _, _ = whole
    ended = everything(learner)
    put(learner, first)
    config = learner.config
    yield learner
    learner.config = config
    put(learner, ended)


def put(learner, values):
    variables = [*learner.network.variables, *learner.optimizer.variables]
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


# -- the course of a training -----------------------------------------------------------------


def test_history_has_a_row_an_epoch_and_the_loss_falls(whole):
    _, _, history, _ = whole
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    assert all(set(row) == FIGURES for row in history)
    assert history[-1]["loss"] < history[0]["loss"] - 0.3
    assert history[-1]["learning_rate"] == CONFIG.rate(4 * STEPS - 1, 4 * STEPS)


def test_loss_of_an_epoch_is_the_mean_over_its_tokens(again):
    """Not that of its last batch: Keras begins its figures anew with every batch."""
    again.optimizer.learning_rate = 0.0
    one_by_one, tokens = [], []
    for inputs, targets in source(0):
        again.begin_figures()
        again.test_on_batch(inputs, targets)
        one_by_one.append(again.figures()["token_loss"])
        tokens.append(targets["weights"].sum())
    assert len(set(one_by_one)) == STEPS
    mean = np.average(one_by_one, weights=tokens)
    assert_close(loop.evaluate(again, source(0))["val_loss"], mean)


def test_rate_zero_moves_no_weight(again, tmp_path):
    before = checkpoint.values(again.network.trainable_variables)
    again.config = TrainConfig(epochs=1, learning_rate=0.0, average=0.9)
    train(again, tmp_path)
    for old, new in zip(before, checkpoint.values(again.network.trainable_variables), strict=True):
        assert_close(new, old, "exact")


def test_progress_and_report_are_told(again, tmp_path):
    again.config = TrainConfig(epochs=2, average=0.9)
    told, rows = [], []
    history = train(again, tmp_path, progress=lambda *a: told.append(a),
                    report=lambda **row: rows.append(row))
    assert told[0] == (1, 10, "epoch 1") and told[-1] == (10, 10, "epoch 2") and len(told) == 10
    assert rows == history


# -- resume -----------------------------------------------------------------------------------


def killing(at_epoch, at_batch):
    """The source, but it is killed in the middle of an epoch."""
    def broken(epoch):
        for number, batch in enumerate(source(epoch)):
            if (epoch, number) == (at_epoch, at_batch):
                raise Killed
            yield batch
    return broken


@pytest.mark.parametrize(("epoch", "batch"), [(0, 2), (2, 0), (3, 4)])
def test_killed_and_resumed_equals_never_killed(whole, again, tmp_path, epoch, batch):
    with pytest.raises(Killed):
        train(again, tmp_path, killing(epoch, batch))
    assert (tmp_path / "last.npz").exists() == (epoch > 0)
    if epoch == 0:   # nothing was kept: it begins again, with the same first weights
        put(again, whole[1])
    else:            # what is in memory must not matter
        put(again, [np.zeros_like(value) for value in everything(again)])
    history = train(again, tmp_path)
    assert without_time(history) == without_time(whole[2])
    for ours, theirs in zip(everything(again), whole_end(whole), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert same_file(tmp_path / "best.npz", whole[3] / "best.npz")


def whole_end(whole):
    """What the never stopped training wrote last, as it is on disk."""
    stored = checkpoint.read_arrays(whole[3] / "last.npz")
    learner = whole[0]
    kept = dict(zip((v.path for v in learner.variables), sorted(k for k in stored if k[0] == "v"),
                    strict=True))
    return [*(stored[kept[v.path]] for v in learner.network.variables),
            *(stored[name] for name in sorted(stored) if name[0] == "o")]


def same_file(one, other):
    """Equal weights; the paths in them are Keras's names, which count the objects of a process."""
    one, other = checkpoint.read_arrays(one), checkpoint.read_arrays(other)
    return one.keys() == other.keys() and all(
        np.array_equal(one[k], other[k]) for k in one if k != "paths")


def test_another_process_resumes_to_the_same_end(whole, again, tmp_path):
    """New objects, other first weights, other random state: only the file carries over."""
    with pytest.raises(Killed):
        train(again, tmp_path, killing(2, 1))
    fresh = learner_of(seed=99)
    history = train(fresh, tmp_path)
    assert without_time(history) == without_time(whole[2])
    assert same_file(tmp_path / "best.npz", whole[3] / "best.npz")


def test_what_has_ended_is_not_trained_again(whole, again, tmp_path):
    train(again, tmp_path)
    before = (tmp_path / "last.npz").read_bytes()
    assert without_time(train(again, tmp_path)) == without_time(whole[2])
    assert (tmp_path / "last.npz").read_bytes() == before


# -- stopping and failing ---------------------------------------------------------------------


def test_stops_when_nothing_gets_better_and_stays_stopped(again, tmp_path):
    again.config = TrainConfig(epochs=9, patience=2, average=0.9)
    scores = itertools.chain([0.1, 0.3, 0.2, 0.3], itertools.repeat(0.9))

    def run():
        return loop.fit(again, source, lambda: {"val_exact": next(scores)}, tmp_path, STEPS)
    history = run()
    assert [row["val_exact"] for row in history] == [0.1, 0.3, 0.2, 0.3]
    assert run() == history     # a resume does not get around it


def test_of_equal_epochs_the_later_is_kept(again, tmp_path):
    again.config = TrainConfig(epochs=2)      # no average: best holds the weights themselves
    history = loop.fit(again, source, lambda: {"val_exact": 0.0}, tmp_path, STEPS)
    assert loop.best_of(history) is history[-1]
    best = checkpoint.read_arrays(tmp_path / "best.npz")
    assert_close(best["w0000"], checkpoint.values(again.network.weights)[0], "exact")


def test_of_losses_the_lowest_is_kept(again, tmp_path):
    losses, kept = iter([0.5, 0.2, 0.3]), []
    again.config = TrainConfig(epochs=3)      # no average: best holds the weights themselves

    def validate():
        kept.append(checkpoint.values(again.network.weights)[0])
        return {"val_loss": next(losses)}

    history = loop.fit(again, source, validate, tmp_path, STEPS, monitor="val_loss")
    assert loop.best_of(history, "val_loss")["epoch"] == 2
    assert_close(checkpoint.read_arrays(tmp_path / "best.npz")["w0000"], kept[1], "exact")


def test_loss_that_is_no_number_stops_and_keeps_the_last_good_epoch(again, tmp_path):
    def poisoned(epoch):
        for inputs, targets in source(epoch):
            if epoch == 1:
                inputs = {**inputs, "points": inputs["points"] * np.nan}
            yield inputs, targets

    with pytest.raises(TegashikiError, match=r"epoch 2: the loss is nan; .*last\.npz holds"):
        train(again, tmp_path, poisoned)
    state = checkpoint.load(tmp_path / "last.npz", again)
    assert len(state["history"]) == 1
    assert all(np.isfinite(value).all() for value in everything(again))


def test_figure_to_watch_must_be_there(again, tmp_path):
    with pytest.raises(TegashikiError, match="'val_exakt' is no figure of an epoch; there are"):
        train(again, tmp_path, monitor="val_exakt")


# -- the moving average -----------------------------------------------------------------------


def test_average_is_the_recurrence_and_leaves_the_weights_alone(again):
    kernel = again.network.head.kernel
    average = None
    for inputs, targets in source(0):
        again.train_on_batch(inputs, targets)
        value = np.array(np.asarray(kernel))
        average = value if average is None else 0.9 * average + 0.1 * value
    with again.averaged():
        assert_close(np.asarray(kernel), average)
        assert np.abs(np.asarray(kernel) - value).max() > 1e-3
    assert_close(np.asarray(kernel), value, "exact")


# -- files ------------------------------------------------------------------------------------


def test_checkpoint_of_another_network_is_refused(whole):
    other = learner_of(width=8)
    loop.build(other, next(source(0)))
    before = everything(other)
    with pytest.raises(TegashikiError, match="made by another network or configuration"):
        checkpoint.load(whole[3] / "last.npz", other)
    with pytest.raises(TegashikiError, match="belong to another network or configuration"):
        loop.load_weights(whole[3] / "best.npz", other.network)
    for old, new in zip(before, everything(other), strict=True):
        assert_close(new, old, "exact")     # nothing was half loaded


def test_weights_come_back(whole, again):
    loop.load_weights(whole[3] / "best.npz", again.network)
    best = loop.best_of(whole[2], "val_accuracy")
    figures = loop.evaluate(again, batches.epoch(formulas(8), bag(), TOKENIZER, 4))
    assert figures["val_accuracy"] == best["val_accuracy"]
    assert_close(figures["val_loss"], best["val_loss"])


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_half_a_file_is_no_checkpoint(whole, tmp_path, keep):
    learner, _, _, folder = whole
    content = (folder / "last.npz").read_bytes()
    keep = int(keep * len(content)) if keep < 1 else keep
    for name in ("last.npz", "best.npz"):
        (tmp_path / name).write_bytes(content[:keep])
    with pytest.raises(TegashikiError, match=r"^[^\n]*last\.npz: not a checkpoint [^\n]*$"):
        checkpoint.load(tmp_path / "last.npz", learner)
    with pytest.raises(TegashikiError, match=r"^[^\n]*best\.npz: no weights [^\n]*$"):
        loop.load_weights(tmp_path / "best.npz", learner.network)


def test_pickles_and_other_versions_are_refused(whole, tmp_path):
    learner = whole[0]
    np.savez(tmp_path / "pickle.npz", state=np.array([{"a": 1}], dtype=object))
    with pytest.raises(TegashikiError, match="not a checkpoint"):
        checkpoint.load(tmp_path / "pickle.npz", learner)
    np.savez(tmp_path / "future.npz", state=np.array(json.dumps({"VERSION": 2})))
    with pytest.raises(TegashikiError, match="another VERSION; this code reads 1"):
        checkpoint.load(tmp_path / "future.npz", learner)


def test_writing_that_fails_leaves_the_former_file(tmp_path):
    class Unreadable:
        def __array__(self, dtype=None, copy=None):
            raise OSError("no space left")

    path = tmp_path / "last.npz"
    checkpoint.write_arrays(path, {"a": np.arange(3)})
    with pytest.raises(OSError, match="no space left"):
        checkpoint.write_arrays(path, {"a": np.arange(9), "b": Unreadable()})
    assert checkpoint.read_arrays(path)["a"].tolist() == [0, 1, 2]
    assert [file.name for file in tmp_path.iterdir()] == ["last.npz"]


# -- the learning rate ------------------------------------------------------------------------


def test_rate_rises_then_falls_to_its_share():
    config = TrainConfig(learning_rate=2.0, warmup=4, final_rate=0.1)
    rates = [config.rate(step, 24) for step in range(25)]
    assert rates[:4] == [0.5, 1.0, 1.5, 2.0] and rates[4] == 2.0
    assert all(a > b for a, b in itertools.pairwise(rates[4:]))
    assert math.isclose(rates[-1], 0.2) and config.rate(99, 24) == rates[-1]
    assert math.isclose(rates[14], 2.0 * (0.1 + 0.9 / 2))      # half way down the cosine


def test_rate_of_a_training_shorter_than_its_warm_up():
    assert TrainConfig(learning_rate=1.0, warmup=100).rate(0, 3) == 0.01


def test_config_is_frozen_and_knows_its_keys():
    with pytest.raises(AttributeError):
        copy.copy(CONFIG).epochs = 5
    with pytest.raises(TypeError, match="epoch"):
        TrainConfig(epoch=5)


def test_probe_is_what_the_network_says(again):
    loop.build(again, next(source(0)))
    validate = Validator(again, formulas(12), TOKENIZER, batch_size=12, sample=4)
    probe = validate.probe()
    assert probe["tokens"].shape[0] == probe["log_p"].shape[0] == 8
    assert_close(np.exp(probe["log_p"]).sum(-1), np.ones(probe["tokens"].shape))
    inputs, _ = next(batches.epoch(formulas(12), bag(), TOKENIZER, 12))
    logits = np.asarray(again.network(inputs)["tokens"])[:8]
    assert_close(np.diff(logits, axis=-1), np.diff(probe["log_p"], axis=-1), "model")
