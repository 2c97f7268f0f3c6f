"""Hypothesis strategies for the words of the domain, with the awkward cases in them.

Names with blanks, slashes and other alphabets; contexts whose keys come in any order; params
nested and empty; series with NaN, infinities, gaps and only one point.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from store.models import Context, Series

MAX_STEP = 2**53
"""Steps beyond this do not survive the float that clients send them as."""

# No surrogates (they are no UTF-8) and no NUL (no database and no path takes it).
TEXT_ALPHABET = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
texts = st.text(TEXT_ALPHABET, max_size=40)
names = st.one_of(
    st.sampled_from(["loss", "acc", "val/loss", "grad norm", "été", "损失", "a.b", "_"]),
    st.text(TEXT_ALPHABET, min_size=1, max_size=40).filter(lambda name: bool(name.strip())),
)

numbers = st.floats(allow_nan=True, allow_infinity=True, width=64)
finite_numbers = st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False)

json_leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), finite_numbers, texts
)
param_keys = st.text(TEXT_ALPHABET, min_size=1, max_size=12).filter(
    lambda key: not key.startswith("__") and "." not in key
)


def params(max_leaves: int = 12) -> st.SearchStrategy[dict[str, Any]]:
    """A params tree: nested objects, lists, empty ones, null."""
    values = st.recursive(
        json_leaves,
        lambda children: st.one_of(
            st.lists(children, max_size=3), st.dictionaries(param_keys, children, max_size=3)
        ),
        max_leaves=max_leaves,
    )
    return st.dictionaries(param_keys, values, max_size=4)


contexts = st.one_of(
    st.just(Context()),
    st.sampled_from([{"subset": "train"}, {"subset": "val"}, {"b": 1, "a": [1, 2]}]).map(
        Context.of
    ),
    st.dictionaries(st.text(TEXT_ALPHABET, max_size=8), json_leaves, max_size=3).map(
        Context.of
    ),
)


@st.composite
def steps(draw: st.DrawFn, min_size: int = 0, max_size: int = 60) -> NDArray[np.int64]:
    """Ascending steps without repetition: dense, with gaps, or far out."""
    count = draw(st.integers(min_size, max_size))
    start = draw(st.sampled_from([0, 1, 7, 10**9, MAX_STEP - 10_000]))
    gaps = draw(st.lists(st.integers(1, 100), min_size=count, max_size=count))
    ascending: NDArray[np.int64] = start + np.cumsum(np.array(gaps, dtype=np.int64))
    return ascending


@st.composite
def series(draw: st.DrawFn, min_size: int = 0, max_size: int = 60) -> Series:
    """A series with whatever values: NaN, infinities, constant, one point, none."""
    ascending = draw(steps(min_size, max_size))
    count = len(ascending)
    values = draw(st.lists(numbers, min_size=count, max_size=count))
    has_epochs = draw(st.booleans())
    return Series(
        steps=ascending,
        values=np.array(values, dtype=np.float64),
        epochs=np.arange(count) / 10 if has_epochs else np.full(count, np.nan),
        times=1_790_000_000.0 + np.arange(count, dtype=np.float64),
    )
