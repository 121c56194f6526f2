"""Distributions: what may stand in a recipe wherever a number or a name does.

    {uniform: [a, b]}                             whole numbers where the field wants them, both ends included
    {log_uniform: [a, b]}                         uniform in the logarithm; a > 0
    {normal: [mean, std]}                         clipped to the limits of the field
    {normal: {mean: m, std: s, min: a, max: b}}   clipped to [a, b]
    {choice: [x, y, z]}                           equally likely
    {choice: {values: [x, y], weights: [3, 1]}}   or {choice: {x: 3, y: 1}}

Every distribution is drawn through its quantile function: one number in [0, 1) gives one value. So a value
depends on its own name and seed alone, and the same plan comes out of every version of numpy, whose
generators may change their streams (NEP 19).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

Scalar = float | int | str


@dataclass(frozen=True, slots=True)
class Distribution(ABC):
    """Base of all distributions. `at(u)` is the quantile function, `support` what it may give."""

    @property
    @abstractmethod
    def support(self) -> tuple[Scalar, ...]:
        """The values of a choice, or the least and the greatest value of anything else."""

    @abstractmethod
    def at(self, u: float) -> Scalar:
        """The value below which a share `u` in [0, 1) of the draws lies."""

    def sample(self, rng: np.random.Generator) -> Scalar:
        """Draw one value."""
        return self.at(float(rng.random()))

    @abstractmethod
    def to_json(self) -> dict[str, object]:
        """As it stands in a recipe."""


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Uniform between `low` and `high`; with `whole`, whole numbers and both ends included."""

    low: float
    high: float
    whole: bool = False

    @property
    def support(self) -> tuple[Scalar, ...]:
        return self.low, self.high

    def at(self, u: float) -> Scalar:
        if self.whole:
            return int(self.low) + min(int(u * (self.high - self.low + 1)), int(self.high - self.low))
        return tidy(self.low + u * (self.high - self.low), self.low, self.high)

    def to_json(self) -> dict[str, object]:
        return {"uniform": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class LogUniform(Distribution):
    """Uniform in the logarithm between `low` > 0 and `high`; with `whole`, rounded."""

    low: float
    high: float
    whole: bool = False

    @property
    def support(self) -> tuple[Scalar, ...]:
        return self.low, self.high

    def at(self, u: float) -> Scalar:
        value = tidy(self.low * (self.high / self.low) ** u, self.low, self.high)
        return round(value) if self.whole else value

    def to_json(self) -> dict[str, object]:
        return {"log_uniform": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """Normal, values beyond `low` or `high` set to them; with `whole`, rounded."""

    mean: float
    std: float
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    @property
    def support(self) -> tuple[Scalar, ...]:
        return self.low, self.high

    def at(self, u: float) -> Scalar:
        # The quantile of 0 is -inf; 2**-54 is below every other draw.
        value = self.mean + self.std * NormalDist().inv_cdf(max(u, 2.0**-54)) if self.std else self.mean
        value = tidy(value, self.low, self.high)
        return round(value) if self.whole else value

    def to_json(self) -> dict[str, object]:
        limits = {"min": self.low, "max": self.high}
        finite = {name: limit for name, limit in limits.items() if math.isfinite(limit)}
        return {"normal": {"mean": self.mean, "std": self.std, **finite}}


@dataclass(frozen=True, slots=True)
class Choice(Distribution):
    """One of `values`, each as likely as its share of the `weights`."""

    values: tuple[Scalar, ...]
    weights: tuple[float, ...]

    @property
    def support(self) -> tuple[Scalar, ...]:
        return tuple(value for value, weight in zip(self.values, self.weights) if weight > 0)

    def at(self, u: float) -> Scalar:
        target, reached = u * math.fsum(self.weights), 0.0
        for value, weight in zip(self.values, self.weights):
            reached += weight
            if target < reached:
                return value
        return self.support[-1]

    def to_json(self) -> dict[str, object]:
        if len(set(self.weights)) == 1:
            return {"choice": list(self.values)}
        return {"choice": {"values": list(self.values), "weights": list(self.weights)}}


def tidy(value: float, low: float, high: float) -> float:
    """`value` with 12 significant digits, within the limits.

    The last digits of logarithms and powers differ between machines; what a plan says must not.
    """
    return min(max(float(f"{value:.12g}"), low), high)


def total_variation(values: Sequence[float], distribution: Distribution, bins: int = 10) -> float:
    """How far values are from a continuous distribution, 0 to 1: half of the sum of |share - expected|.

    The bins are equally likely under the distribution; what lies outside of its support has a bin of its own.

    >>> total_variation([0.5, 1.5, 2.5, 3.5], Uniform(0, 4), bins=4)
    0.0
    >>> total_variation([0.5, 0.6, 1.5, 5.0], Uniform(0, 4), bins=4)
    0.5
    """
    inner = [float(distribution.at(index / bins)) for index in range(1, bins)]
    low, high = (float(limit) for limit in distribution.support)
    inside = np.array([value for value in values if low <= value <= high])
    counts = np.bincount(np.searchsorted(inner, inside, side="right"), minlength=bins)
    outside = 1 - len(inside) / len(values)
    return float(np.abs(counts / len(values) - 1 / bins).sum() + outside) / 2


KINDS = ("uniform", "log_uniform", "normal", "choice")


def is_distribution(value: object) -> bool:
    """Whether a value from YAML or JSON is meant as a distribution: a map whose one key names a kind."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in KINDS
