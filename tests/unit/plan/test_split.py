"""Every prefix of a plan holds each split's share."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from synthgen.plan.split import split_sequence


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any))
def test_no_prefix_is_off_by_more_than_a_scene(parts: list[int]) -> None:
    shares = {name: part / sum(parts) for name, part in zip(("train", "val", "test"), parts)}
    counts: Counter[str] = Counter()
    for total, name in enumerate(islice(split_sequence(shares), 500), 1):
        counts[name] += 1
        assert all(abs(counts[each] - share * total) <= 1 + 1e-9 for each, share in shares.items())


def test_small_datasets_come_out_right() -> None:
    shares = {"train": 0.8, "val": 0.1, "test": 0.1}
    assert Counter(islice(split_sequence(shares), 10)) == {"train": 8, "val": 1, "test": 1}
    assert list(islice(split_sequence(shares), 4)) == ["train", "train", "train", "val"]


def test_a_split_without_a_share_gets_nothing() -> None:
    assert set(islice(split_sequence({"train": 1.0, "val": 0.0, "test": 0.0}), 100)) == {"train"}
