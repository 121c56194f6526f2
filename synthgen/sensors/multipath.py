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

SENDING_CELLS, RECEIVING_CELLS = 12, 20
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
    (h, w) float32 turns for each frequency, and (h, w) float32 factors on the amplitude (of the last one).
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
    here, here_normal, _, here_reach = _patches(surface, distance, rows, columns)
    between2 = np.maximum(
        (here**2).sum(axis=1)[:, None] + (points**2).sum(axis=1) - 2 * (here @ points.T), 1e-6
    )
    between = np.sqrt(between2)
    leaving = np.maximum((normal * -points).sum(axis=1) + here @ normal.T, 0.0)
    arriving = np.maximum(here_normal @ points.T - (here_normal * here).sum(axis=1)[:, None], 0.0)
    light = power * leaving * arriving / (between2 * (np.pi * between2 + area))
    detour = between + reach - here_reach[:, None]
    # What arrives changes little from cell to cell, but what it compares with, the lamp's own light, does.
    direct = lamp * np.maximum(surface.cosine, LEAST_COSINE)
    per_direct = distance**2 / np.maximum(direct, 1e-6)

    def relative(arriving: np.ndarray) -> np.ndarray:
        small = arriving.reshape(len(rows), len(columns)).astype(np.float32)
        return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR) * per_direct

    turned, factor = [], np.ones(shape, np.float32)
    for frequency in frequencies_mhz:
        angle = detour * np.float32(np.pi * turns_per_metre(frequency))
        along, across = (
            relative((light * np.cos(angle)).sum(axis=1)),
            relative((light * np.sin(angle)).sum(axis=1)),
        )
        factor, angle = cv2.cartToPolar(along + 1, across)
        turned.append(angle * np.float32(0.5 / np.pi))
    return turned, factor


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
