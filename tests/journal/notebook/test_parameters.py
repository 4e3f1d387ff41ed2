"""Parameters, forms and secrets: small tables of what is read, what is refused and why."""

import json

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import forms, parameters, secrets, source


def value(source, **given):
    known = parameters.read(source, "nb")
    return parameters.effective(known, given, "nb")


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [
        ("n = 3", "30", 30),
        ("n = -3", " -4 ", -4),
        ("n = 0.5", "1", 1.0),
        ("n = 0.5", "1e-3", 1e-3),
        ("n = True", "false", False),
        ("n = ''", "12", "12"),
        ("n = ''", "a=b", "a=b"),
        ("n: str = 'x'", "", ""),
        ("n = [1, 2]", "[3]", [3]),
        ("n = (1, 2)", "[3]", (3,)),
        ("n = {'a': 1}", "{'b': 2}", {"b": 2}),
        ("n = 'a'  #@param ['a', 'b']", "b", "b"),
        ("n = 'a'  #@param ['a', 'b'] {allow-input: true}", "c", "c"),
        ('n = 3  #@param {type: "slider", min: 1, max: 9, step: 1}', "9", 9),
        ('n = 3  #@param ["3", "4"] {type: "raw"}', "4", 4),
        ('"""About."""\n# a comment\nn = 1', "2", 2),
    ],
)
def test_given_text_takes_the_type_of_the_default(source, given, expected):
    got = value(source, n=given)["n"]
    assert got == expected and type(got) is type(expected)


@pytest.mark.parametrize(
    ("source", "given", "words"),
    [
        ("n = 3", "3.5", "expected int"),
        ("n = 3", "", "expected int"),
        ("n = 3", "(" * 2000, "expected int"),
        ("n = 0.5", " ", "expected float"),
        ("n = [1]", "[", "expected list"),
        ("n = 3", "True", "expected int"),
        ("n = 3", "__import__('os')", "expected int"),
        ("n = 0.5", "inf", "expected float"),
        ("n = True", "1", "expected bool"),
        ("n = [1]", "3", "expected list"),
        ("n = [1]", "[None]", "expected list"),
        ("n = 'a'", 3, "expected str"),
        ("n = 'a'  #@param ['a', 'b']", "c", "expected one of a, b"),
        ('n = 3  #@param {type: "slider", min: 1, max: 9}', "10", "a value >= 1 and <= 9"),
    ],
)
def test_wrong_values_are_refused(source, given, words):
    with pytest.raises(TegashikiError, match=words):
        value(source, n=given)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("n = 1 + x", "n is computed"),
        ("n = None", "no type to check"),
        ("n = float('nan')", "n is computed"),
        ("n = 1e999", "not a finite number"),
        ("import os", "expected `name = value`"),
        ("n, m = 1, 2", "expected `name = value`"),
        ("n = 1\nn = 2", "line 2: n is set twice"),
        ("%matplotlib inline", "line 1"),
        ("n = 'x'  #@param {type: 'integer'}", "expected #@param type integer"),
        ("n = 'x'  #@param ['a']", "expected one of a; correct the default"),
        ("n = 1  #@param {type: 'intger'}", "unknown #@param type 'intger'"),
        ("n = 1  #@param [a, b]", "not literals"),
    ],
)
def test_cells_that_cannot_serve_everyone_are_refused(source, words):
    with pytest.raises(TegashikiError, match=words):
        parameters.read(source, "nb")


def test_defaults_are_effective_values():
    assert value("a = 1\nb = 'x'", a="2") == {"a": 2, "b": "x"}


def test_form_without_form():
    assert forms.read("n = 3  # just a comment") == forms.Form()


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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a readable notebook"),
        ("[]", "not a readable notebook"),
        (json.dumps({"nbformat": 3, "worksheets": []}), "nbformat 4"),
        (json.dumps({"nbformat": 4, "metadata": {}, "cells": 3}), "not a readable notebook"),
        (json.dumps({"nbformat": 4, "metadata": {}, "cells": []}), "no cell tagged"),
    ],
)
def test_broken_notebooks(tmp_path, content, words):
    path = tmp_path / "a.ipynb"
    path.write_text(content)
    with pytest.raises(TegashikiError, match=words):
        source.read(path)


def cells(*tags):
    made = [{"cell_type": "code", "source": "n = 1", "metadata": {"tags": list(t)}} for t in tags]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": made})


def test_exactly_one_tagged_cell(tmp_path):
    path = tmp_path / "2026-01-01_01_my_step.ipynb"
    path.write_text(cells(["parameters"], []))
    found = source.read(path)
    assert (found.step, found.series, [*found.parameters]) == (
        "my_step",
        tmp_path.name,
        ["n"],
    )
    path.write_text(cells(["parameters"], ["parameters"]))
    with pytest.raises(TegashikiError, match="2 cells tagged"):
        source.read(path)


def test_secret_in_the_notebook(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(cells(["parameters"]).replace("n = 1", "n = 1 # ghp_" + "a" * 36))
    with pytest.raises(TegashikiError, match="cell 1: holds what looks like a GitHub token"):
        source.read(path)
