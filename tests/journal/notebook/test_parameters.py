"""Parameters, forms and secrets: small tables of what is read, what is refused and why."""

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import forms, parameters


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
