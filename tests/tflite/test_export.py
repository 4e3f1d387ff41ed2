"""One file for Python, phone and browser: the same answers as Keras, whole, and nothing Flex."""

import json
import os
import shutil

import keras
import numpy as np
import pytest

from tegashiki.decoding.beam_search import beam_search
from tegashiki.decoding.recognizer import Recognizer, ShapeBucket
from tegashiki.decoding.runtimes import KerasRuntime, LiteRuntime
from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tflite import converter, export, trim
from tegashiki.train import batches
from tests.helpers import TOLERANCES, assert_close
from tests.toys import TINY, bag, formulas, tiny

pytestmark = [pytest.mark.training, pytest.mark.timeout(300)]

TOKENIZER = PlainTokenizer()
WIDTH = 3


def probe_of(network, count=2):
    """Inputs of a few expressions, padded to the first bucket."""
    return next(batches.epoch(formulas(count), network, TOKENIZER, count))[0]


@pytest.fixture(scope="module", params=sorted(TINY))
def exported(request, tmp_path_factory):
    """(network, probe, folder, what export said): each network in all kinds, once."""
    keras.utils.set_random_seed(6)
    network = tiny(request.param, len(TOKENIZER))
    probe = probe_of(network)
    network(probe)
    folder = tmp_path_factory.mktemp(request.param)
    written = export.export(network, folder, probe, network.SIZES[0], WIDTH)
    export.write_description(network, folder, TOKENIZER, network.SIZES[0], WIDTH, epsilon=0.02)
    return network, probe, folder, written


# -- a sound file -----------------------------------------------------------------------------


def test_every_kind_is_written_and_agrees(exported):
    _, _, folder, written = exported
    assert [e.kind for e in written] == ["float32", "float16", "int8"]
    assert sorted(p.name for p in folder.glob("*.tflite")) == sorted(e.path.name for e in written)
    assert written[0].difference < 1e-4 and written[1].difference < TOLERANCES["float16"][0]
    assert all(e.agreement == 1 for e in written[:2])
    assert all(np.isclose(e.megabytes, e.path.stat().st_size / 1e6) for e in written)
    assert written[0].megabytes > written[1].megabytes


def test_only_builtin_operations(exported):
    for one in exported[3]:
        names = converter.operations(one.path)
        assert len(names) > 5 and not [n for n in names if n.startswith("Flex") or n == "CUSTOM"]


def test_signatures_are_named_as_the_docstring_says(exported):
    from ai_edge_litert.interpreter import Interpreter

    _, probe, folder, _ = exported
    signatures = Interpreter(str(folder / "model.float32.tflite")).get_signature_list()
    assert set(signatures) == {"encode", "decode"}
    assert set(signatures["encode"]["inputs"]) == set(probe) - {"tokens"}
    memory = set(signatures["encode"]["outputs"])
    assert all(name.startswith("memory_") for name in memory)
    state = {n for n in signatures["decode"]["inputs"] if n.startswith("state_")}
    assert set(signatures["decode"]["inputs"]) == {"tokens", "parents"} | memory | state
    assert set(signatures["decode"]["outputs"]) == {"log_p"} | state


def test_file_decodes_like_keras(exported):
    """The same beam through both, from the ink to the scores."""
    network, probe, folder, _ = exported
    keras_side = KerasRuntime(network, compiled=False)
    lite = LiteRuntime(folder / "model.float32.tflite")
    one = {name: value[:1] for name, value in probe.items() if name != "tokens"}
    theirs, ours = (beam_search(runtime, one, WIDTH, 6) for runtime in (keras_side, lite))
    assert [h.ids for h in ours] == [h.ids for h in theirs]
    assert_close([h.score for h in ours], [h.score for h in theirs], "model")


def test_recognizer_from_the_folder_gives_candidates(exported):
    _, _, folder, _ = exported
    recognizer = Recognizer.load(folder)
    found = recognizer.candidates(formulas(1)[0].ink, k=3)
    assert len({c.tokens for c in found}) == len(found) <= 3
    assert all(0 <= c.probability <= 1 for c in found)
    again = Recognizer.load(folder, file="model.float32.tflite")
    assert again.runtime is not recognizer.runtime and again.candidates(formulas(1)[0].ink) != []


def test_nothing_half_written_is_left(exported):
    assert {p.name for p in exported[2].iterdir()} == {
        "model.float32.tflite", "model.float16.tflite", "model.int8.tflite", "model.json",
        "vocabulary.txt"}


# -- little ink, small bucket ------------------------------------------------------------------


@pytest.fixture(scope="module")
def bucketed(tmp_path_factory):
    """(network, folder) of a file with two pairs of signatures."""
    keras.utils.set_random_seed(7)
    network = tiny("stroke_transformer", len(TOKENIZER))
    small, size = ShapeBucket(network.SIZES[0], 5), network.SIZES[1]
    pairs = [network.featurize(e.ink.strokes, size) for e in formulas(2)]
    probe = {name: np.stack([pair[name] for pair in pairs]) for name in pairs[0]}
    probe["tokens"] = np.ones((2, 4), np.int32)
    network(probe)
    folder = tmp_path_factory.mktemp("bucketed")
    export.export(network, folder, probe, size, WIDTH, kinds=("float32",), small=[small])
    export.write_description(network, folder, TOKENIZER, size, WIDTH, epsilon=0.02, kind="float32",
                             small=[small])
    return network, folder


def test_small_bucket_has_signatures_of_its_own_and_the_same_weights(bucketed):
    from ai_edge_litert import schema_py_generated as schema
    from ai_edge_litert.interpreter import Interpreter

    network, folder = bucketed
    path = folder / "model.float32.tflite"
    names = {"encode", "decode", "encode_6", "decode_6"}
    assert set(Interpreter(str(path)).get_signature_list()) == names
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(path.read_bytes(), 0))
    constants = sum(len(b.data) for b in model.buffers if b.data is not None)
    assert constants < 1.5 * 4 * network.count_params()


def test_candidates_do_not_depend_on_the_bucket(bucketed):
    network, folder = bucketed
    recognizer = Recognizer.load(folder)
    assert [tuple(bucket) for bucket in recognizer.buckets] == [(6, 5), (12, network.LENGTHS[-1])]
    lengths = set()
    for example in formulas(8):
        recognizer.buckets = [ShapeBucket(12, network.LENGTHS[-1])]
        large = recognizer.candidates(example.ink)
        recognizer.buckets = [ShapeBucket(6, 5), *recognizer.buckets]
        small = recognizer.candidates(example.ink)
        assert [c.tokens for c in small] == [c.tokens for c in large]
        assert_close([c.score for c in small], [c.score for c in large], "model")
        assert [c.strokes for c in small] == [c.strokes for c in large]
        lengths |= {len(c.tokens) for c in large}
    assert max(lengths) > 5         # some had to move to the larger bucket


def test_ink_of_another_size_is_one_line(bucketed):
    network, folder = bucketed
    runtime = LiteRuntime(folder / "model.float32.tflite")
    inputs = network.featurize(formulas(1)[0].ink.strokes, 7)
    with pytest.raises(TegashikiError, match="has no signature for") as found:
        runtime.encode({name: value[None] for name, value in inputs.items()})
    one_line(found)


def test_trimming_changes_no_answer_and_aligns_constants(exported):
    _, probe, folder, _ = exported
    from ai_edge_litert import schema_py_generated as schema

    path = folder / "model.int8.tflite"
    content = path.read_bytes()
    again = folder.with_name("again.tflite")
    again.write_bytes(trim.trimmed(content))
    assert again.stat().st_size <= len(content)
    one = {name: value[:1] for name, value in probe.items() if name != "tokens"}
    theirs, ours = (LiteRuntime(file).encode(one) for file in (path, again))
    assert all(np.array_equal(theirs[name], ours[name]) for name in theirs)
    buffers = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0)).buffers
    model = schema.Model.GetRootAsModel(content, 0)
    starts = [model.Buffers(i)._tab.Vector(model.Buffers(i)._tab.Offset(4))
              for i, buffer in enumerate(buffers) if buffer.data is not None]
    assert len(starts) > 5 and all(start % 16 == 0 for start in starts)


# -- a file that is not what it should be -----------------------------------------------------


@pytest.fixture
def copied(exported, tmp_path):
    shutil.copytree(exported[2], tmp_path, dirs_exist_ok=True)
    return tmp_path


def one_line(found):
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("keep", [0, 3, 1000, 0.5, 0.98])
def test_truncated_file_is_one_line(copied, keep):
    path = copied / "model.int8.tflite"
    size = path.stat().st_size
    os.truncate(path, int(keep * size) if keep < 1 else keep)
    with pytest.raises(TegashikiError, match=r"model\.int8\.tflite: ") as found:
        Recognizer.load(copied)
    one_line(found)


@pytest.mark.parametrize("content", [b"<html>404</html>" * 99, b"\0" * 5000])
def test_file_of_something_else_is_one_line(copied, content):
    (copied / "model.int8.tflite").write_bytes(content)
    with pytest.raises(TegashikiError, match=r"model\.int8\.tflite: ") as found:
        Recognizer.load(copied)
    one_line(found)


def test_missing_files_are_one_line(copied, tmp_path):
    with pytest.raises(TegashikiError, match="no exported recogniser") as found:
        Recognizer.load(tmp_path / "nowhere")
    one_line(found)
    (copied / "model.int8.tflite").unlink()
    with pytest.raises(TegashikiError, match=r"model\.int8\.tflite: ") as found:
        Recognizer.load(copied)
    one_line(found)


def test_another_vocabulary_is_refused(copied):
    path = copied / "vocabulary.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[10], lines[11] = lines[11], lines[10]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(TegashikiError, match=r"vocabulary\.txt: not the vocabulary of this model"):
        Recognizer.load(copied)


@pytest.mark.parametrize(("change", "message"), [
    ({"VERSION": 2}, "not of VERSION 1"), ({"spelling": "runes"}, "'runes' is unknown"),
    ({"network": "perceptron"}, "no network is called 'perceptron'"),
    ({"vocabulary": "0" * 64}, "not the vocabulary of this model"),
    ({"size": None}, "'size' is missing; export again")])
def test_description_that_does_not_fit_is_refused(copied, change, message):
    path = copied / "model.json"
    description = json.loads(path.read_text(encoding="utf-8")) | change
    description = {k: v for k, v in description.items() if v is not None}
    path.write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(TegashikiError, match=message):
        Recognizer.load(copied)


# -- faults planted in the export -------------------------------------------------------------


def bag_of(width=8):
    """A network that converts in a moment, and its probe."""
    network = bag()(len(TOKENIZER), width)
    probe = probe_of(network)
    network(probe)
    return network, probe


def weightless(network, probe):
    """The silent trap: a tf.Module that holds the Keras model, its functions saved as they are."""
    import tensorflow as tf

    one = {k: v[:1] for k, v in probe.items() if k != "tokens"}
    memory = network.encode(one)
    state = network.start(memory, WIDTH)

    def spec(name, value):
        return tf.TensorSpec(tuple(value.shape), tf.as_dtype(value.dtype), name=name)

    def encode(**given):
        return {f"memory_{k}": v for k, v in network.encode(given).items()}

    def step(**given):
        sides = [{k.removeprefix(p): v for k, v in given.items() if k.startswith(p)}
                 for p in ("memory_", "state_")]
        logits, new = network.step(*sides, given["tokens"])
        return {"log_p": tf.nn.log_softmax(logits), **{f"state_{k}": v for k, v in new.items()}}

    functions = [
        tf.function(encode).get_concrete_function(**{k: spec(k, v) for k, v in one.items()}),
        tf.function(step).get_concrete_function(
            tokens=tf.TensorSpec((WIDTH,), tf.int32, name="tokens"),
            parents=tf.TensorSpec((WIDTH,), tf.int32, name="parents"),
            **{f"memory_{k}": spec(f"memory_{k}", v) for k, v in memory.items()},
            **{f"state_{k}": spec(f"state_{k}", v) for k, v in state.items()})]
    module = tf.Module()
    module.network = network
    module.encode, module.decode = functions
    return module, dict(zip(("encode", "decode"), functions, strict=True))


def test_file_without_weights_is_found_out(tmp_path, monkeypatch):
    import tensorflow as tf

    network, probe = bag_of(width=400)      # its weights are larger than such a file

    def save(network, endpoints, folder):
        module, signatures = weightless(network, probe)
        tf.saved_model.save(module, str(folder), signatures=signatures)

    monkeypatch.setattr(converter, "save", save)
    with pytest.raises(TegashikiError, match=r"parameters as float32.* the weights are not in it"):
        export.export(network, tmp_path, probe, network.SIZES[0], WIDTH, kinds=("float32",))
    assert list(tmp_path.iterdir()) == []


def test_file_of_another_network_is_found_out(tmp_path, monkeypatch):
    (network, probe), (other, _) = bag_of(), bag_of()
    made = export._endpoints
    monkeypatch.setattr(export, "_endpoints", lambda _, *rest: made(other, *rest))
    save = converter.save
    monkeypatch.setattr(converter, "save", lambda _, *rest: save(other, *rest))
    with pytest.raises(TegashikiError, match="log probabilities differ from Keras by"):
        export.export(network, tmp_path, probe, network.SIZES[0], WIDTH, kinds=("float32",))
    assert list(tmp_path.iterdir()) == []
