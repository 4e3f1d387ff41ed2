"""What tests of all rooms share: tolerances, each with the reason for its size, and a mark.

    from tests.helpers import assert_close
    assert_close(ours, theirs, "float32")
"""

import shutil

import numpy as np
import pytest

needs_node = pytest.mark.skipif(shutil.which("node") is None,
                                reason="NO NODE: the page's side cannot be asked")

# kind -> (relative, absolute)
TOLERANCES = {
    "exact": (0.0, 0.0),  # integers, copies, text round trips
    "float64": (1e-12, 1e-12),  # the same formula in another order of operations
    "float32": (1e-5, 1e-6),  # one pass of float32 arithmetic; also six digits of a loss
    "text": (1e-4, 1e-4),  # coordinates written with a few decimals and read again
    "model": (1e-4, 1e-5),  # the same network by two float32 engines (Keras, LiteRT)
    "float16": (2e-2, 5e-3),  # weights stored with 11 bits
    "int8": (2e-1, 1.5e-1),  # weights stored with 8 bits, one scale a channel
}


def assert_close(actual, expected, kind="float32"):
    """Fail, showing where, unless the two arrays agree as well as `kind` promises."""
    rtol, atol = TOLERANCES[kind]
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=rtol, atol=atol)


def close(actual, expected, kind="float32"):
    """Whether the two agree as well as `kind` promises."""
    rtol, atol = TOLERANCES[kind]
    return bool(np.allclose(actual, expected, rtol=rtol, atol=atol))
