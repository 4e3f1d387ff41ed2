"""What a run ran on."""

import json

import pytest

from tegashiki.journal.session import environment

pytestmark = pytest.mark.process


def test_environment_and_device():
    found = environment.environment(None)
    assert found["packages"]["numpy"] and found["lock"] is None
    assert environment.device()["cores"] >= 1
    json.dumps([found, environment.device()])
