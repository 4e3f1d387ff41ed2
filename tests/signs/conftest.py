"""Made-up signers, and their takes in normal form; a module may have others of its own."""

import numpy as np
import pytest

from tegashiki.signs import augmentation, normal_form, synthetic
from tests.signs.made_up import WORDS


@pytest.fixture(scope="module")
def signs():
    return synthetic.made_up(np.random.default_rng(3), signers=4, repeats=3, words=WORDS)


@pytest.fixture(scope="module")
def stack(signs):
    """(n, T, 67, 3)."""
    return augmentation.stacked([normal_form.normal_form(s.points) for s in signs.sequences])
