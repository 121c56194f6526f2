"""Where the pixels of a view show one smooth piece of surface, and whether normals fit the depth there.

Two neighbouring pixels are on one piece where they show the same instance and the line between their points
is perpendicular to the mean of their normals: so it is for two points of a plane, and for two points of a
sphere. How far from it depends on how much the normals differ, so facets count as what they stand for, and a
step between two parallel planes never does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.frame.validity import MIXED
from synthgen.geometry.camera import PIXEL_CENTER, pixel_centres
from synthgen.inspect.consistency import View
from synthgen.inspect.consistency_checks import ROUNDING

BEND = 0.6
"""How far the line between two points may lean out of the mean plane, as a share of its length times the
difference of the normals. A fold between two flat facets gives up to a half."""
MOST_BEND = 0.5
"""Length of the difference of two normals, some 29 degrees, from which on a fold is an outline."""
FLAT_BEND = 1e-3
"""The same up to which two pixels are on one plane: there depth has the slope that the normal says."""
ALIKE_BEND = 0.15
"""The same up to which a pixel ought to be on the same piece as a neighbour, or to have one that is."""
BETWEEN = 1e-3
"""Share by which a neighbour of a flying pixel is nearer, and another one farther."""
MOST_PLANES = 1 << 22
"""Most pairs of points and samples whose planes are compared at once; of more samples every few are taken."""
BAND_PIXELS = 1 << 15
"""Pixels at a time: their arrays stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Pieces of surface in a view.

    Attributes
    ----------
    view : with depth, normals and instances
    calm : (h, w) bool, all 3 x 3 pixels around are on one piece with their neighbours: no outline is near
    flying : (n, 2) pixels (row, column) off all pieces: a neighbour of the same instance and slant is on one,
        but not together with them, their depth lies between those of two neighbours, and nowhere else does
        the instance show their plane
    slopes_deg : (m,) angles between the normal and that which depth has, of the m pixels on flat surfaces
    """

    view: View
    calm: np.ndarray
    flying: np.ndarray
    slopes_deg: np.ndarray


class _Pairs:
    """The pairs of neighbours along one axis of an (h, w) image.

    Attributes
    ----------
    joined : (h, w) bool, on one piece with the pixel after it
    alike : (h, w) bool, of the same instance and slant as the pixel after it
    slope : (h, w) float32, squared slope between the pixel's plane and the line to its neighbour before or
        after it, the lesser of the two; +inf where neither lies on one plane with it
    """

    def __init__(self, shape: tuple[int, int], axis: int) -> None:
        self.joined, self.alike = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        self.slope = np.full(shape, np.inf, dtype=np.float32)
        self._first, self._second = (np.s_[:-1], np.s_[1:]) if axis == 0 else (np.s_[:, :-1], np.s_[:, 1:])

    def compare(self, rows: slice, points: np.ndarray, normals: np.ndarray, ids: np.ndarray) -> None:
        """Fill in what some rows of the image tell: planes (3, n, w), and ids (n, w) that are 0 for sky."""
        first, second = self._first, self._second
        line = [plane[second] - plane[first] for plane in points]
        leans = [sum(part * plane[side] for part, plane in zip(line, normals)) for side in (first, second)]
        bend = sum((plane[second] - plane[first]) ** 2 for plane in normals)
        length = sum(part * part for part in line)
        reach = np.sqrt(sum(plane[first] ** 2 for plane in points))
        same = (ids[first] == ids[second]) & (ids[first] > 0)
        # The mean of two normals has at least the length 0.97 up to `MOST_BEND`.
        off = np.abs(leans[0] + leans[1]) / 2
        self.joined[rows][first] = (
            same & (off <= ROUNDING * reach + BEND * np.sqrt(length * bend)) & (bend < MOST_BEND**2)
        )
        self.alike[rows][first] = same & (bend < ALIKE_BEND**2)
        flat = same & (bend < FLAT_BEND**2)
        for side, lean in zip((first, second), leans):
            with np.errstate(divide="ignore", invalid="ignore"):
                slope = np.where(flat, lean * lean / length, np.inf)
            self.slope[rows][side] = np.minimum(self.slope[rows][side], slope)


def surface_of(view: View) -> Surface:
    """Find the pieces of a view that `has_surface`."""
    height, width = shape = view.depth.shape
    across, down = _Pairs(shape, axis=1), _Pairs(shape, axis=0)
    step = max(1, BAND_PIXELS // width)
    for top in range(0, height, step):
        rows = slice(top, min(top + step + 1, height))  # one more, for the pairs between bands
        planes = _planes(view, rows)
        across.compare(rows, *planes)
        down.compare(rows, *planes)
    slope = across.slope + down.slope
    if "validity" in view.channels:
        slope[(view.channels["validity"] & MIXED) > 0] = np.inf
    return Surface(
        view,
        _calm(across.joined, down.joined),
        _flying(view, across, down),
        np.degrees(np.arctan(np.sqrt(slope[np.isfinite(slope)]))),
    )


def _planes(view: View, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points and normals (3, n, w), float64, camera frame, and ids (n, w), 0 where nothing is hit."""
    camera, depth = view.camera, view.depth[rows]
    hit = np.isfinite(depth)
    rays = camera.rays_at(pixel_centres(camera.width, camera.height, rows))
    points = np.moveaxis(rays, -1, 0) * np.where(hit, depth, 0.0)
    normals = np.moveaxis(view.channels["normal"][rows], -1, 0)
    return points, normals.astype(np.float64, order="C"), np.where(hit, view.channels["instance"][rows], 0)


def _calm(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Pixels whose 3 x 3 neighbourhood is joined throughout: 6 pairs across and 6 down."""
    calm = np.zeros_like(across)
    beside, below = across[:, :-2] & across[:, 1:-1], down[:-2] & down[1:-1]
    calm[1:-1, 1:-1] = beside[:-2] & beside[1:-1] & beside[2:]
    calm[1:-1, 1:-1] &= below[:, :-2] & below[:, 1:-1] & below[:, 2:]
    return calm


def _any_neighbour(across: np.ndarray, down: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Pixels that are in a pair across or down with one of the `wanted` pixels, all (h, w) bool."""
    found = np.zeros_like(wanted)
    found[:, :-1] |= across[:, :-1] & wanted[:, 1:]
    found[:, 1:] |= across[:, :-1] & wanted[:, :-1]
    found[:-1] |= down[:-1] & wanted[1:]
    found[1:] |= down[:-1] & wanted[:-1]
    return found


def _flying(view: View, across: _Pairs, down: _Pairs) -> np.ndarray:
    """(n, 2) pixels that are on no piece, though they ought to be, between a nearer and a farther one."""
    depth = view.depth
    on_piece = _any_neighbour(across.joined, down.joined, np.ones_like(across.joined))
    rows, columns = np.nonzero(_any_neighbour(across.alike, down.alike, on_piece) & ~on_piece)
    height, width = depth.shape
    around = np.stack(
        [
            depth[np.clip(rows + down, 0, height - 1), np.clip(columns + right, 0, width - 1)]
            for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1))
        ]
    )
    own = depth[rows, columns]
    between = (around.min(axis=0) < own * (1 - BETWEEN)) & (around.max(axis=0) > own * (1 + BETWEEN))
    rows, columns = rows[between], columns[between]
    pixels = np.stack([rows, columns], axis=-1)
    normals = view.channels["normal"][rows, columns]
    # Twice, since each pixel shows its own plane.
    known = shows_planes(view, view.channels["instance"][rows, columns], points_at(view, pixels), normals, 2)
    return pixels[~known]


def points_at(view: View, pixels: np.ndarray) -> np.ndarray:
    """(n, 3) float64 points, camera frame, of (n, 2) pixels (row, column) with a surface."""
    rows, columns = pixels.T
    rays = view.camera.rays_at(np.stack([columns, rows], axis=-1) + PIXEL_CENTER)
    return rays * view.depth[rows, columns, None].astype(np.float64)


def shows_planes(
    view: View, ids: np.ndarray, points: np.ndarray, normals: np.ndarray, times: int = 1
) -> np.ndarray:
    """Whether a view shows the planes through n points, on samples of the same instances.

    It tells relief that is too fine for the samples from what contradicts them: of the slats of a door one
    view may hit a dozen in a row, and another one the gaps between them; but each shows both planes
    somewhere. A surface in a wrong place is on a plane of its own.

    Parameters
    ----------
    ids, points, normals : (n,), (n, 3) and (n, 3), camera frame of the view
    times : samples that it takes
    """
    found = np.zeros(len(ids), dtype=bool)
    for label in np.unique(ids):
        asked = ids == label
        pixels = np.argwhere((view.channels["instance"] == label) & np.isfinite(view.depth))
        pixels = pixels[:: 1 + len(pixels) * np.count_nonzero(asked) // MOST_PLANES]
        places, faces = points_at(view, pixels), view.channels["normal"][pixels[:, 0], pixels[:, 1]]
        faces = faces.astype(np.float64)
        # (asked, samples): distance of the point from the plane of the sample, and cosine of the two normals.
        off = np.abs(points[asked] @ faces.T - (places * faces).sum(axis=-1))
        near = off <= ROUNDING * np.linalg.norm(points[asked], axis=-1, keepdims=True)
        near &= normals[asked].astype(np.float64) @ faces.T > 1 - FLAT_BEND**2 / 2
        found[asked] = np.count_nonzero(near, axis=-1) >= times
    return found
