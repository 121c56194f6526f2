"""Which split a scene belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def split_sequence(shares: Mapping[str, float]) -> Iterator[str]:
    """Splits of the scenes 0, 1, 2 ...: each scene goes to the split that lags furthest behind its share.

    So the first n scenes hold each split's share of n to within one scene, for every n: a plan can be cut
    short or grown and the scenes that stay keep their split. Drawing a split at random for each scene would
    leave small datasets without any validation scene. Which rooms land in which split is random all the
    same, because the rooms are.

    Parameters
    ----------
    shares : split to share, adding up to 1
    """
    names = [name for name, share in shares.items() if share > 0]
    counts = dict.fromkeys(names, 0)
    total = 0
    while True:
        total += 1
        name = max(names, key=lambda each: shares[each] * total - counts[each])
        counts[name] += 1
        yield name
