"""Landmark sets as a person has them: read, and every fault named and left out."""

import json
import re

import h5py
import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.signs import augmentation, datasets, landmarks, normal_form, synthetic

WORDS = {"hello": 0, "thanks": 1}


@pytest.fixture
def made():
    return synthetic.made_up(np.random.default_rng(0), signers=2, repeats=1)


def store(folder, samples, words=WORDS, name="901.hdf5"):
    """`samples`: {id: (feature, token)}; None leaves the dataset out."""
    (folder / landmarks.WORDS).write_text(json.dumps(words))
    with h5py.File(folder / name, "w") as file:
        for id, (feature, token) in samples.items():
            group = file.create_group(id)
            if feature is not None:
                group["feature"] = feature
            if token is not None:
                group["token"] = np.array(token)
    return folder


def good(frames=5):
    return np.random.default_rng(1).random((3, frames, 543), np.float32)


def test_what_is_written_is_read(tmp_path, made):
    synthetic.write(made, tmp_path)
    again = landmarks.read(tmp_path)
    assert again.words == made.words and not again.skipped
    ours = {s.id: s for s in made.sequences}
    for one in again.sequences:
        np.testing.assert_array_equal(one.points, ours[one.id].points)
        assert (one.label, one.signer) == (ours[one.id].label, ours[one.id].signer)


FAULTS = {
    "too few landmarks": (np.zeros((3, 5, 542), np.float32), [0], r"\(3, 5, 542\)"),
    "two dimensions": (np.zeros((3, 543), np.float32), [0], r"\(3, 543\)"),
    "no frames": (np.zeros((3, 0, 543), np.float32), [0], "0 frames"),
    "2,000 frames": (np.zeros((3, 2000, 543), np.float32), [0], "2000 frames"),
    "nothing tracked": (np.full((3, 5, 543), np.nan, np.float32), [0], "nothing of hands"),
    "infinite": (np.full((3, 5, 543), np.inf, np.float32), [0], "beyond"),
    "integers": (np.zeros((3, 5, 543), np.int32), [0], "int32"),
    "unknown label": (good(), [7], "unknown label 7"),
    "negative label": (good(), [-1], "unknown label -1"),
    "two labels": (good(), [0, 1], "token"),
    "no feature": (None, [0], "no feature"),
    "no token": (good(), None, "no token"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_and_left_out(tmp_path, name):
    feature, token, reason = FAULTS[name]
    store(tmp_path, {"1": (good(), [0]), "2": (feature, token)})
    signs = landmarks.read(tmp_path)
    assert [s.id for s in signs.sequences] == ["901/1"]
    assert [s.place for s in signs.skipped] == ["901.hdf5: /2"]
    assert re.search(reason, signs.skipped[0].reason)


def test_a_broken_file_is_named_beside_a_good_one(tmp_path):
    store(tmp_path, {"1": (good(), [1])})
    (tmp_path / "902.hdf5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50))
    whole = (tmp_path / "901.hdf5").read_bytes()
    (tmp_path / "903.hdf5").write_bytes(whole[: len(whole) // 2])
    signs = landmarks.read(tmp_path)
    assert len(signs.sequences) == 1
    assert {s.place for s in signs.skipped} >= {"902.hdf5", "903.hdf5"}


def test_no_damage_ends_in_anything_but_a_sentence(tmp_path):
    store(tmp_path, {"1": (good(), [1]), "2": (good(), [0])})
    file = tmp_path / "901.hdf5"
    whole, rng = file.read_bytes(), np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(whole)
        for place in rng.integers(0, 3000, rng.integers(1, 20)):     # the structure is there
            broken[place] = rng.integers(256)
        file.write_bytes(broken)
        try:
            for sequence in landmarks.read(tmp_path).sequences:
                assert not np.isinf(sequence.points).any()
        except TegashikiError as error:
            assert "not one good sequence" in str(error)


@pytest.mark.parametrize("content", ["[]", "{", '{"a": 0, "b": 2}', '{"a": "x"}'])
def test_a_broken_list_of_words_is_refused(tmp_path, content):
    store(tmp_path, {"1": (good(), [1])})
    (tmp_path / landmarks.WORDS).write_text(content)
    with pytest.raises(TegashikiError, match=r"list of words|good sequence"):
        landmarks.read(tmp_path)


def test_nothing_to_read_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(TegashikiError, match=path.name):
            landmarks.read(path)
    store(tmp_path, {"1": (None, [0])})
    with pytest.raises(TegashikiError, match="not one good sequence"):
        landmarks.read(tmp_path)


def test_kaggle_s_long_table():
    table = {"frame": [7, 7, 8], "type": ["pose", "right_hand", "face"],
             "landmark_index": [0, 20, 467], "x": [0.1, 0.2, None], "y": [0.3, 0.4, 0.5],
             "z": [0, 0, 0]}
    points = landmarks.from_columns(table)
    assert points.shape == (2, 543, 3)
    np.testing.assert_allclose(points[0, [489, 542], 1], [0.3, 0.4], rtol=1e-6)
    assert np.isnan(points[1, 467, 0]) and np.isnan(points[1, 489]).all()
    for change in ({"type": ["pose", "tail", "face"]}, {"landmark_index": [0, 20, 468 + 75]}):
        with pytest.raises(landmarks.BadSequenceError):
            landmarks.from_columns(table | change)
    with pytest.raises(landmarks.BadSequenceError, match="columns missing: z"):
        landmarks.from_columns({k: v for k, v in table.items() if k != "z"})


def test_kaggle_s_layout(tmp_path):
    (tmp_path / "train.csv").write_text(
        "path,participant_id,sequence_id,sign\na.parquet,1,2,hello\n")
    (tmp_path / landmarks.WORDS).write_text(json.dumps(WORDS))
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        with pytest.raises(TegashikiError, match="pip install pyarrow"):
            landmarks.read(tmp_path)
        pytest.skip("PARQUET IS NOT TESTED: pyarrow is not installed")
    table = {"frame": [0], "row_id": ["0-pose-0"], "type": ["pose"], "landmark_index": [0],
             "x": [0.5], "y": [0.5], "z": [0.0]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "a.parquet")
    assert landmarks.read(tmp_path).sequences[0].points.shape == (1, 543, 3)


def test_a_body_is_the_same_wherever_it_stands(made):
    points = made.sequences[0].points
    usual = normal_form.normal_form(points)
    moved = points * 0.7 + np.float32([0.2, -0.1, 0])
    np.testing.assert_allclose(normal_form.normal_form(moved)[..., :2], usual[..., :2], atol=1e-3)


def test_left_and_right_handed_signers_look_alike(made):
    points = made.sequences[0].points
    joints = normal_form.normal_form(points, dominant=False)
    other = normal_form.mirror(joints)
    np.testing.assert_array_equal(normal_form.mirror(other), joints)
    leading = normal_form.normal_form(points)
    right, left = (np.isfinite(leading[:, hand]).mean()
                   for hand in (normal_form.RIGHT, normal_form.LEFT))
    assert right >= left


def test_a_body_stored_in_the_face_is_found(made):
    points = made.sequences[0].points.copy()
    pose = points[:, landmarks.POSE].copy()
    frames = len(points)
    with_visibility = np.concatenate([pose, np.ones((frames, 33, 1), np.float32)], axis=-1)
    face = points[:, landmarks.FACE].reshape(frames, -1)
    face_first = np.concatenate([face, with_visibility.reshape(frames, -1)], axis=1)
    shifted = points.copy()
    shifted[:, landmarks.POSE] = face_first[:, :132].reshape(frames, 33, 4)[..., :3]
    shifted[:, landmarks.FACE] = face_first[:, 132:].reshape(frames, 468, 3)
    np.testing.assert_array_equal(normal_form.body_of(points), pose)
    np.testing.assert_array_equal(normal_form.body_of(shifted), pose)


@pytest.mark.parametrize("frames", [1, 2, 999])
def test_any_length_becomes_32_frames_without_nan(frames):
    points = np.full((frames, 543, 3), np.nan, np.float32)
    points[0, 530] = 0.5
    packed = normal_form.pack(normal_form.resample(normal_form.normal_form(points), 32))
    assert packed.shape == (32, 67, 4) and np.isfinite(packed).all()


def test_augmentation_of_strength_0_changes_nothing_and_of_1_everything(made):
    stack = augmentation.stacked([normal_form.normal_form(s.points) for s in made.sequences])
    rng = np.random.default_rng(0)
    still = augmentation.augmented(
        stack, rng, augmentation.AugmentConfig().scaled(0), stack.shape[1])
    np.testing.assert_allclose(still, normal_form.pack(stack), atol=1e-5)
    config = augmentation.AugmentConfig()
    made_twice = [augmentation.augmented(stack, np.random.default_rng(5), config, 32)
                  for _ in range(2)]
    np.testing.assert_array_equal(*made_twice)
    assert made_twice[0].shape == (len(stack), 32, 67, 4) and np.isfinite(made_twice[0]).all()
    moved = made_twice[0][:, :, 15, 0] - normal_form.pack(stack)[:, ::2, 15, 0]
    assert np.abs(moved).mean() > 0.01


def test_made_up_signing_is_seeded_and_fails_to_track_now_and_then(made):
    again = synthetic.made_up(np.random.default_rng(0), signers=2, repeats=1)
    for a, b in zip(made.sequences, again.sequences, strict=True):
        np.testing.assert_array_equal(a.points, b.points)
    assert len({len(s.points) for s in made.sequences}) > 3
    lost = [np.isnan(s.points[:, landmarks.RIGHT_HAND]).all(axis=(1, 2)).mean()
            for s in made.sequences]
    assert 0 < np.mean(lost) < 1


def test_the_real_sets(data_root):
    for name, n, words in (("mp543", 555, 10), ("ksl13", 743, 13)):
        if not (data_root / datasets.FOLDERS[name]).is_dir():
            pytest.skip(f"THE REAL SIGNS ARE NOT TESTED: {name} is not below {data_root}")
        signs = datasets.collect(name)
        assert (len(signs.sequences), len(signs.words), signs.skipped) == (n, words, [])
        for sequence in signs.sequences[:: 25]:
            body = normal_form.body_of(sequence.points)
            shoulders = np.nanmedian(body[:, [11, 12], 1])
            assert shoulders > np.nanmedian(body[:, 0, 1]), sequence.id
