"""Distance from the phases of several modulation frequencies: which whole turns each of them has behind it.

A phase repeats every c / (2 f). With the frequencies as multiples m_i of their greatest common divisor, the
numbers x_j = m_j phase_ref - m_ref phase_j would be whole without noise, the same for all distances between
two repetitions of any phase. So a table over the x_j says for which whole turns the phases miss each other
least: the maximum-likelihood choice for noise that is the same in every phase. Where noise is large the table
says another one, and the distance is off by metres, as that of a device is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

LIGHT_M_MHZ = 299.792458
"""Speed of light, metres times megahertz (exact)."""
REACH_M = 10.0
"""Distances up to here are told apart as far as the frequencies can."""
SLACK_TURNS = 0.2
"""Noise up to which a phase that just wrapped around, or is about to, is understood."""
BINS = 192
"""Of the table, along each axis: 0.02 turns for the frequencies of the devices here."""


@dataclass(frozen=True, slots=True)
class TurnTable:
    """What to add for the whole turns, by the binned numbers x_j (flat, the first axis slowest).

    Attributes
    ----------
    offset_m : distance that the whole turns make, weighted as the phases are
    misfit : turns, by how much the phases miss each other: an estimate of the noise of each
    """

    offset_m: np.ndarray
    misfit: np.ndarray


def turns_per_metre(frequency_mhz: float) -> float:
    """How many turns the phase makes in a metre of distance, there and back."""
    return 2.0 * frequency_mhz / LIGHT_M_MHZ


def joint_frequency_mhz(frequencies_mhz: tuple[int, ...]) -> float:
    """The one frequency whose phase would give the distance as exactly as all of them: their root sum square.

    Every phase has the same noise, so distances are weighted with the square of the frequency.
    """
    return math.sqrt(sum(each**2 for each in frequencies_mhz))


def unwrapped(phases: list[np.ndarray], frequencies_mhz: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Distances in metres along the ray, and how much the phases disagree in turns.

    Parameters
    ----------
    phases : (h, w) float32 for each frequency, turns, 0 to 1
    frequencies_mhz : ascending, whole numbers
    """
    total = joint_frequency_mhz(frequencies_mhz) ** 2
    distance = np.zeros(phases[0].shape, np.float32)
    for phase, frequency in zip(phases, frequencies_mhz, strict=True):
        distance += phase * np.float32(frequency**2 / total / turns_per_metre(frequency))
    if len(phases) == 1:
        return distance, np.zeros_like(distance)
    *multiples, last = _multiples(frequencies_mhz)
    flat = np.zeros(phases[0].shape, np.int32)
    for phase, multiple in zip(phases[:-1], multiples, strict=True):
        scale = np.float32(BINS / (multiple + last))
        place = (phases[-1] * multiple + (1.0 - phase) * last) * scale
        flat = flat * BINS + np.clip(place, 0, BINS - 1).astype(np.int32)
    table = _turn_table(frequencies_mhz)
    return distance + table.offset_m[flat], table.misfit[flat]


def _multiples(frequencies_mhz: tuple[int, ...]) -> list[int]:
    shared = math.gcd(*frequencies_mhz)
    return [each // shared for each in frequencies_mhz]


@lru_cache(maxsize=16)
def _turn_table(frequencies_mhz: tuple[int, ...]) -> TurnTable:
    multiples = np.array(_multiples(frequencies_mhz), np.float64)
    others, last = multiples[:-1], multiples[-1]
    turns = _possible_turns(frequencies_mhz)
    weights = np.square(frequencies_mhz) / joint_frequency_mhz(frequencies_mhz) ** 2
    offsets = turns @ (weights / [turns_per_metre(each) for each in frequencies_mhz])
    order = np.argsort(offsets, kind="stable")
    # phase_i = m_i t - n_i for some t, so x_j = m_ref n_j - m_j n_ref.
    centres = last * turns[:, :-1] - others * turns[:, -1:]
    axes = [(np.arange(BINS) + 0.5) * (each + last) / BINS - last for each in others]
    places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(others))
    # Of noise of variance 1 in each phase, the x_j have this covariance; its whitening gives the misfit.
    covariance = np.outer(others, others) + last**2 * np.eye(len(others))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance)).T
    places, centres = (places @ whitening).astype(np.float32), (centres @ whitening).astype(np.float32)
    least = np.full(len(places), np.inf, np.float32)
    offset = np.zeros(len(places), np.float32)
    for each in order:
        apart = np.square(places - centres[each]).sum(axis=-1)
        nearer = apart < least - 1e-6
        least[nearer], offset[nearer] = apart[nearer], offsets[each]
    return TurnTable(offset, np.sqrt(least / len(others)))


def _possible_turns(frequencies_mhz: tuple[int, ...]) -> np.ndarray:
    """(n, k) whole turns of each frequency that occur up to `REACH_M`, with some noise."""
    found = set()
    per_metre = [turns_per_metre(each) for each in frequencies_mhz]
    for distance in np.arange(0.0, REACH_M, SLACK_TURNS / 4 / per_metre[-1]).tolist():
        choices = [
            {math.floor(distance * each - SLACK_TURNS), math.floor(distance * each + SLACK_TURNS)}
            for each in per_metre
        ]
        found.update(product(*choices))
    # Noise turns single phases back below 0, but no distance is less than 0.
    found = {turns for turns in found if max(turns) >= 0}
    return np.array(sorted(found), np.float64)
