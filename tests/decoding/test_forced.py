"""What a network thinks of given formulas: the same as a beam that finds them."""

import numpy as np
import pytest

from tegashiki.decoding.beam_search import beam_search
from tegashiki.decoding.forced import forced
from tests.decoding.table import LENGTH, Table
from tests.helpers import assert_close

INPUTS = {"which": np.array([3])}


@pytest.mark.parametrize("rows", [1, 2, 5, 100])
def test_it_says_of_a_formula_what_the_beam_says_that_found_it(rows):
    table = Table(6, seed=1)
    found = beam_search(table, INPUTS, 30, LENGTH)
    assert len({len(h.ids) for h in found}) > 1 and len(found) > 5
    assert_close(forced(table, INPUTS, [h.ids for h in found], rows), [h.score for h in found])


def test_of_no_formula_and_of_the_empty_one():
    table = Table(6, seed=1)
    assert forced(table, INPUTS, [], 5).shape == (0,)
    assert_close(forced(table, INPUTS, [()], 5), [table.log_p(3, (1,))[2]])
