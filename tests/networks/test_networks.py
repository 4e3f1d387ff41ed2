"""What every network promises, asked of each one by name."""

import re
import subprocess
import sys

import keras
import numpy as np
import pytest

from tegashiki import networks
from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import TrainConfig, batches, known_faults
from tegashiki.train.learner import Learner
from tests.helpers import assert_close
from tests.toys import TINY, formulas, tiny

pytestmark = pytest.mark.training

TOKENIZER = PlainTokenizer()
COUNT = 3


@pytest.fixture(scope="module", params=sorted(TINY))
def network(request):
    keras.utils.set_random_seed(4)
    return tiny(request.param, len(TOKENIZER))


@pytest.fixture(scope="module")
def inputs(network):
    return next(batches.epoch(formulas(COUNT), network, TOKENIZER, COUNT))[0]


@pytest.fixture(scope="module")
def logits(network, inputs):
    return np.array(network(inputs)["tokens"])


@pytest.fixture(scope="module")
def memory(network, inputs):
    return network.encode({k: v for k, v in inputs.items() if k != "tokens"})


def test_logits_are_raw_scores_of_every_token(logits, inputs):
    assert logits.shape == (*inputs["tokens"].shape, len(TOKENIZER)) and logits.dtype == np.float32
    assert logits.min() < 0 < logits.max()


def test_call_is_encode_and_decode(network, inputs, memory, logits):
    assert_close(network.decode(memory, inputs["tokens"])["tokens"], logits)


def test_step_by_step_is_the_same_function(network, inputs, memory, logits):
    state = network.start(memory, rows=COUNT)
    for place in range(inputs["tokens"].shape[1]):
        scores, state = network.step(memory, state, inputs["tokens"][:, place])
        assert_close(scores, logits[:, place], "model")
    assert {k: tuple(v.shape) for k, v in state.items()} == {
        k: tuple(v.shape) for k, v in network.start(memory, rows=COUNT).items()}


def test_beams_share_the_memory_of_one_expression(network, inputs, logits):
    """Rows of a beam: one memory, other tokens in each row, states that can be reordered."""
    one = network.encode({k: v[:1] for k, v in inputs.items() if k != "tokens"})
    tokens = np.int32([[1, 5, 7], [1, 9, 7], [1, 5, 11]])
    whole = np.array(network.decode({k: np.repeat(v, 3, axis=0) for k, v in one.items()},
                                    tokens)["tokens"])
    state = network.start(one, rows=3)
    for place in range(2):
        scores, state = network.step(one, state, tokens[:, place])
        assert_close(scores, whole[:, place], "model")
    order = [2, 0, 1]
    state = {name: np.take(np.array(value), order, axis=0) for name, value in state.items()}
    scores, _ = network.step(one, state, tokens[order, 2])
    assert_close(scores, whole[order, 2], "model")


def test_ink_of_other_rows_and_padding_do_not_matter(network, logits):
    """The same expression alone, in a longer bucket: the same answers."""
    toy, size, length = formulas(COUNT)[1], network.SIZES[1], network.LENGTHS[1]
    inputs, _ = batches.stack([batches.row(
        toy.ink.strokes, *batches.spell(toy, TOKENIZER), network, size, length)], 1)
    longer = np.array(network(inputs)["tokens"])
    short = logits.shape[1]
    assert length > short
    assert_close(longer[0, :short], logits[1], "model")


def test_ink_matters(network, inputs, logits):
    other = {k: v if k == "tokens" else np.roll(v, 1, axis=0) for k, v in inputs.items()}
    assert np.abs(np.array(network(other)["tokens"]) - logits).max() > 1e-4


def test_dropout_only_in_training(inputs, network, logits):
    moving = tiny(network.NAME, len(TOKENIZER), dropout=0.5)
    assert_close(moving(inputs)["tokens"], np.array(moving(inputs)["tokens"]), "exact")
    once, twice = (np.array(moving(inputs, training=True)["tokens"]) for _ in range(2))
    assert np.abs(once - twice).max() > 1e-4


def test_gate_sees_no_fault(network):
    learner = Learner(network, TrainConfig(), jit=False)
    batch = next(batches.epoch(formulas(6), network, TOKENIZER, 8))
    assert known_faults.diagnose(learner, batch, trained=False) == []


def test_description_makes_the_same_network_again(network, inputs):
    description = networks.describe(network)
    again = networks.build(description["network"], description["config"],
                           description["vocabulary_size"])
    again(inputs)
    assert [tuple(w.shape) for w in again.weights] == [tuple(w.shape) for w in network.weights]
    assert networks.describe(again) == description


@pytest.mark.parametrize("name", sorted(TINY))
def test_unknown_key_names_the_network(name):
    with pytest.raises(TegashikiError, match=f"networks.{name}: .*'unitz'"):
        networks.build(name, {"unitz": 3}, 9)


def test_unknown_network_names_the_known():
    with pytest.raises(TegashikiError, match="'baselin'; there are baseline, stroke_transformer"):
        networks.build("baselin", {}, 9)


def test_every_network_is_tested_here():
    assert set(TINY) == set(networks.FEATURES)


def test_definitions_are_free_of_the_backend(checkout):
    """keras.ops only: the same files train on JAX. Export alone knows TensorFlow, and `devices`
    asks the backend that is in use."""
    package = checkout / "tegashiki"
    for path in [*(package / "networks" / f"{name}.py" for name in networks.FEATURES),
                 *sorted((package / "train").glob("*.py"))]:
        text = path.read_text(encoding="utf-8")
        indent = "" if path.stem == "devices" else r"\s*"      # there inside of functions only
        named = rf"^{indent}(?:import|from) +(?:tensorflow|tf|jax|torch)\b.*"
        found = re.findall(named, text, re.M)
        assert not found, f"{path.name}: {found}"


def test_features_need_no_keras():
    """Data workers and the command line load them in a moment."""
    code = ("import sys; from tegashiki.networks import features_of; features_of('baseline'); "
            "import tegashiki.train.batches, tegashiki.decoding.recognizer; "
            "import tegashiki.train.streamed_batches; "
            "print([m for m in ('keras', 'tensorflow') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_weights_are_in_the_order_that_archived_files_have(network, inputs, checkout):
    """Files of weights hold them in the order of `network.weights` and say their paths: attributes
    may be renamed, their order and the names of the classes may not."""
    network(inputs)
    text = (checkout / "tests" / "fixtures" / "weights" / "tiny_networks.txt").read_text()
    archived = [line.split()[1:] for line in text.splitlines()
                if line.startswith(f"{network.NAME} ")]
    size = "9"        # tokens of the network that the file was written from
    found = [[re.sub(r"_\d+(?=/|$)", "", w.path),
              *(size if n == len(TOKENIZER) else str(n) for n in w.shape)] for w in network.weights]
    assert found == archived
