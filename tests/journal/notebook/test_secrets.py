"""What is a secret by its name, its form or its randomness."""

import pytest

from tegashiki.journal.notebook import secrets


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("token", "x"),
        ("HF_TOKEN", "x"),
        ("api_key", "x"),
        ("password", "x"),
        ("note", "ghp_" + "a1" * 18),
        ("note", "https://me:" + "hunter2@example.org/x"),
        ("note", "q7R4tZ9bK2mW8xV5nJ3c"),
        ("note", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("note", ["fine", "AKIA" + "ABCDEFGH12345678"]),
        ("note", {"nested": "hf_" + "aB3" * 8}),
    ],
)
def test_secrets_are_recognised(name, text):
    assert secrets.reason(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tokens", 40),
        ("token_limit", 40),
        ("token", ""),
        ("monkey", "x"),
        ("data", "CROHME2014TrainTestSets"),
        ("path", "data/math/crohme/inkml.tar.xz"),
        ("first", "3f9a1c2b"),
        ("sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("preprocess", "20261120T233046Z-step-3d60fc88"),
        ("model", "EfficientNetV2B0Imagenet1k"),
        ("formula", r"\frac{a}{b} + \sqrt{x^{2}}"),
        ("text", "手書きは式である"),
    ],
)
def test_ordinary_values_pass(name, text):
    assert secrets.reason(name, text) is None


def test_mask():
    assert secrets.mask("use hf_" + "a" * 30 + " here") == "use [secret removed] here"
