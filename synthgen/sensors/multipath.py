"""Light that reaches a surface by way of another one, from what one view shows: a single extra bounce.

The view is cut into cells. Each is a small patch that the lamp lights and that scatters light to every
other, as the form factors of radiosity say (Goral et al. 1984, SIGGRAPH), with the patch's own area in the
denominator so that touching patches stay finite. That light has the longer way lamp - patch - point -
camera, so it turns the phase of the point. Whether two patches see each other is not asked, what is outside
of the view does not shine, and further bounces are left out: an approximation of its size, not of its detail.
"""

from __future__ import annotations

import numpy as np

from synthgen.sensors.filters import opencv
from synthgen.sensors.surface import SeenSurface, unit_rays
from synthgen.sensors.unwrapping import turns_per_metre

SENDING_CELLS, RECEIVING_CELLS = 15, 24
"""Rows of cells over the view's shorter side that send light, and that receive it."""
LEAST_COSINE = 0.1
"""Surfaces more grazing than this count as this."""


def second_bounce(
    surface: SeenSurface,
    distance: np.ndarray,
    reflectance: np.ndarray,
    lamp: np.ndarray,
    frequencies_mhz: tuple[int, ...],
) -> tuple[list[np.ndarray], np.ndarray]:
    """How much further every phase is turned, and how much more light there is, by the second bounce.

    Parameters
    ----------
    distance : (h, w) float32 metres along the ray, 0 for nothing
    reflectance : (h, w) float32, of what is scattered and not mirrored
    lamp : (h, w) float32, its light by direction, relative to that of the axis

    Returns
    -------
    (h, w) float32 turns for each frequency, and (h, w) float32 factors on the amplitude.
    """
    cv2 = opencv()
    shape = distance.shape
    rows, columns = _cells(shape, SENDING_CELLS)
    points, normal, cosine, reach = _patches(surface, distance, rows, columns)
    grid = np.ix_(rows, columns)
    axis_cosine = unit_rays(surface.camera)[..., 2][grid].ravel()
    cell_px2 = shape[0] * shape[1] / (len(rows) * len(columns))
    solid_angle = cell_px2 / (surface.camera.fx * surface.camera.fy) * axis_cosine**3
    # The lamp lights a patch with lamp * cosine / reach^2, on an area of solid_angle * reach^2 / cosine.
    power = reflectance[grid].ravel() * lamp[grid].ravel() * solid_angle * (reach > 0)
    area = solid_angle * reach**2 / np.maximum(cosine, LEAST_COSINE)

    rows, columns = _cells(shape, RECEIVING_CELLS)
    grid = np.ix_(rows, columns)
    here, here_normal, here_cosine, here_reach = _patches(surface, distance, rows, columns)
    between2 = np.maximum(
        (here**2).sum(axis=1)[:, None] + (points**2).sum(axis=1) - 2 * (here @ points.T), 1e-6
    )
    between = np.sqrt(between2)
    leaving = np.maximum((normal * -points).sum(axis=1) + here @ normal.T, 0.0)
    arriving = np.maximum(here_normal @ points.T - (here_normal * here).sum(axis=1)[:, None], 0.0)
    light = power * leaving * arriving / (between2 * (np.pi * between2 + area))
    direct = lamp[grid].ravel() * np.maximum(here_cosine, LEAST_COSINE)
    light *= (here_reach**2 / np.maximum(direct, 1e-6))[:, None]
    detour = between + reach - here_reach[:, None]

    def wide(values: np.ndarray) -> np.ndarray:
        small = values.reshape(len(rows), len(columns)).astype(np.float32)
        return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)

    turned, factors = [], []
    for frequency in frequencies_mhz:
        angle = detour * np.float32(np.pi * turns_per_metre(frequency))
        phasor = 1.0 + (light * np.cos(angle)).sum(axis=1) + 1j * (light * np.sin(angle)).sum(axis=1)
        turned.append(wide(np.angle(phasor) / (2 * np.pi)))
        factors.append(np.abs(phasor))
    return turned, wide(np.mean(factors, axis=0))


def _cells(shape: tuple[int, int], shorter: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the middles of cells that are about square."""
    side = max(1.0, min(shape) / shorter)
    counts = [max(1, round(each / side)) for each in shape]
    return tuple(((np.arange(n) + 0.5) * each / n).astype(int) for n, each in zip(counts, shape))


def _patches(
    surface: SeenSurface, distance: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points (n, 3), normals (n, 3), cosines to the camera (n,) and distances (n,) of the cells' middles."""
    grid = np.ix_(rows, columns)
    reach = distance[grid].ravel()
    points = unit_rays(surface.camera)[grid].reshape(-1, 3) * reach[:, None]
    return points, surface.normal[grid].reshape(-1, 3), surface.cosine[grid].ravel(), reach
