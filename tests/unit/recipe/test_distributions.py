"""Distributions give what they promise, for every number in [0, 1)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from synthgen.recipe.distributions import Choice, Distribution, LogUniform, Normal, Uniform
from synthgen.recipe.fields import Name, Number, Section, Whole
from synthgen.seeding import rng_for

limits = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(sorted)
positive = st.tuples(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6)).map(sorted)
wholes = st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)).map(sorted)
shares = st.floats(0, 1, exclude_max=True)


class Lamp(Section):
    power_w: Number("Power.", 40, unit="watts", ge=0, le=1000)
    gain: Number("Gain.", 1, gt=0)
    bulbs: Whole("Bulbs.", 1, ge=1, le=9)
    shade: Name("Shade.", "paper", names=("paper", "glass", "linen"))
    tint: Number("Tint; by default from the shade.", None, ge=0, le=1)


@given(limits, shares)
def test_uniform_stays_inside(ends: list[float], u: float) -> None:
    assert ends[0] <= Uniform(*ends).at(u) <= ends[1]


@given(wholes, shares)
def test_whole_uniform_gives_whole_numbers(ends: list[int], u: float) -> None:
    value = Uniform(*ends, whole=True).at(u)
    assert isinstance(value, int) and ends[0] <= value <= ends[1]


@given(positive, shares)
def test_log_uniform_stays_inside(ends: list[float], u: float) -> None:
    assert ends[0] <= LogUniform(*ends).at(u) <= ends[1]


@given(limits, st.floats(-1e6, 1e6), st.floats(0, 1e6), shares)
def test_normal_is_clipped(ends: list[float], mean: float, std: float, u: float) -> None:
    assert ends[0] <= Normal(mean, std, *ends).at(u) <= ends[1]


@given(st.lists(st.tuples(st.integers(), st.sampled_from([0.0, 0.5, 3.0])), min_size=1), shares)
def test_choice_gives_only_what_has_weight(pairs: list[tuple[int, float]], u: float) -> None:
    values, weights = zip(*pairs)
    if any(weights):
        choice = Choice(values, weights)
        assert choice.at(u) in choice.support


def test_both_ends_of_a_whole_uniform_are_drawn_equally_often() -> None:
    rng = rng_for(1, "ends")
    drawn = [Uniform(1, 3, whole=True).sample(rng) for _ in range(6000)]
    assert np.unique(drawn, return_counts=True)[1] == pytest.approx([2000] * 3, rel=0.1)


@pytest.mark.parametrize(
    ("distribution", "mean", "std"),
    [
        (Uniform(2, 6), 4, 4 / 12**0.5),
        (LogUniform(1, np.e), np.e - 1, ((np.e**2 - 1) / 2 - (np.e - 1) ** 2) ** 0.5),
        (Normal(3, 0.5), 3, 0.5),
        (Choice((1, 5), (3, 1)), 2, 3**0.5),
    ],
)
def test_moments(distribution: Distribution, mean: float, std: float) -> None:
    rng = rng_for(2, "moments")
    drawn = np.array([distribution.sample(rng) for _ in range(20000)])
    assert drawn.mean() == pytest.approx(mean, abs=4 * std / 20000**0.5)
    assert drawn.std() == pytest.approx(std, rel=0.03)


@pytest.mark.parametrize(
    "written",
    [
        {"power_w": 60},
        {"power_w": {"uniform": [10, 20]}},
        {"power_w": {"log_uniform": [0.5, 20]}},
        {"power_w": {"normal": [40, 5]}},
        {"power_w": {"normal": {"mean": 40, "std": 5, "min": 30, "max": 50}}},
        {"bulbs": {"uniform": [1, 3]}},
        {"bulbs": {"choice": {1: 5, 3: 1}}},
        {"shade": {"choice": ["paper", "linen"]}},
        {"shade": {"choice": {"values": ["paper", "linen"], "weights": [2, 1]}}},
        {"tint": None},
        {"tint": {"uniform": [0, 1]}},
    ],
)
def test_a_field_reads_its_own_json(written: dict[str, object]) -> None:
    lamp = Lamp.model_validate(written)
    assert Lamp.model_validate(lamp.model_dump()) == lamp
    assert Lamp.model_validate_json(lamp.model_dump_json()) == lamp


def test_short_forms_mean_the_same_as_long_ones() -> None:
    short = Lamp.model_validate(
        {"power_w": {"normal": [40, 5]}, "shade": {"choice": {"paper": 2, "linen": 1}}}
    )
    long = Lamp.model_validate(
        {
            "power_w": {"normal": {"mean": 40, "std": 5, "min": 0, "max": 1000}},
            "shade": {"choice": {"values": ["paper", "linen"], "weights": [2, 1]}},
        }
    )
    assert short == long


@pytest.mark.parametrize(
    ("written", "where", "message"),
    [
        ({"power_w": -1}, ("power_w",), "must be between 0 and 1000 (got -1)"),
        ({"power_w": True}, ("power_w",), "expected a number, or one of"),
        ({"power_w": float("nan")}, ("power_w",), "expected a finite number (got nan)"),
        ({"power_w": {"uniform": [5, 1]}}, ("power_w", "uniform"), "expected [least, greatest] (got [5, 1])"),
        ({"power_w": {"uniform": [5]}}, ("power_w", "uniform"), "expected [least, greatest] (got [5])"),
        (
            {"power_w": {"uniform": [5, 1001]}},
            ("power_w", "uniform", 1),
            "must be between 0 and 1000 (got 1001)",
        ),
        ({"power_w": {"log_uniform": [0, 1]}}, ("power_w", "log_uniform", 0), "must be greater than 0"),
        ({"power_w": {"normal": [1, -1]}}, ("power_w", "normal", "std"), "must be at least 0 (got -1)"),
        ({"power_w": {"normal": {"mean": 1}}}, ("power_w", "normal"), "found no 'std'"),
        (
            {"power_w": {"normal": {"mean": 1, "std": 1, "min": 3, "max": 2}}},
            ("power_w", "normal"),
            "min <= max",
        ),
        (
            {"power_w": {"normal": {"mean": 1, "std": 1, "mni": 3}}},
            ("power_w", "normal", "mni"),
            "mean 'min'?",
        ),
        ({"gain": {"normal": [1, 1]}}, ("gain", "normal"), "expected 'min' too"),
        ({"gain": 0}, ("gain",), "must be greater than 0 (got 0)"),
        ({"power_w": {"choice": []}}, ("power_w", "choice"), "a list with at least one value"),
        (
            {"power_w": {"choice": [1, 2000]}},
            ("power_w", "choice", 1),
            "must be between 0 and 1000 (got 2000)",
        ),
        ({"shade": {"choice": {"paper": -1}}}, ("shade", "choice", "paper"), "a weight must be at least 0"),
        ({"shade": {"choice": {"paper": 0}}}, ("shade", "choice"), "at least one weight above 0"),
        (
            {"shade": {"choice": {"values": ["paper"], "weights": [1, 2]}}},
            ("shade", "choice", "weights"),
            "as many weights as values, 1 (got 2)",
        ),
        ({"shade": {"choice": ["papr"]}}, ("shade", "choice", 0), "did you mean 'paper'?"),
        ({"shade": {"uniform": [0, 1]}}, ("shade", "uniform"), "expected a name, or {choice: [...]}"),
        ({"shade": True}, ("shade",), "expected one of paper, glass, linen (got true)"),
        ({"bulbs": 1.5}, ("bulbs",), "expected a whole number (got 1.5)"),
        ({"bulbs": {"uniform": [1, 2], "normal": [1, 1]}}, ("bulbs",), "expected a map with one key"),
        ({"power_w": {"unifrom": [1, 2]}}, ("power_w", "unifrom"), "did you mean 'uniform'?"),
        ({"power_w": None}, ("power_w",), "(got nothing)"),
    ],
)
def test_every_mistake_has_its_address(
    written: dict[str, object], where: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Lamp.model_validate(written)
    problems = caught.value.errors()
    assert [problem["loc"] for problem in problems] == [where]
    assert message in problems[0]["msg"]


def test_defaults_are_checked() -> None:
    class Wrong(Section):
        size_m: Number("Size.", {"uniform": [0, 5]}, ge=1)

    with pytest.raises(ValidationError, match="must be at least 1"):
        Wrong()
