"""Two views of one scene against each other: the same surfaces, seen from two places or at two times.

A point that one view saw, carried to the other by poses and motion, must not lie before the surface that the
other saw in that direction: light passed there. It is the strong test, since neither view need know what the
other one hit. What lies on that surface must belong to the same instance.

Only places that are calm in both views count, where 3 x 3 samples are on one piece of surface: outlines are
known to a pixel, and a thing that is thinner than a pixel may be missed by every sample. A flying pixel is
none of a thin thing as far as its own view can tell, so its point is asked all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthgen.frame.flow import HIDDEN, VISIBLE
from synthgen.frame.shots import DIRECTIONS
from synthgen.geometry.pose import invert, transform_points
from synthgen.inspect.consistency import Outcome, View, measured, measured_at, turn_px
from synthgen.inspect.consistency_checks import ROUNDING
from synthgen.inspect.consistency_surface import BEND, FLAT_BEND, Surface, points_at, shows_planes

MOST_POINTS = 1 << 12
"""Points of a view that are carried to another one, evenly spread."""
LEAST_STEP = 0.7
"""Neighbouring pixels must be this many pixels apart in the other view, or it may miss what they show."""
LEAST_COSINE = 0.05
"""Surfaces that are seen more edge on than this are left out: their depth is known to a pixel only."""
NEAREST_M = 0.1
"""Points nearer to the other camera than this may be cut off by its near plane."""
FLYING_BEFORE = 2e-2
"""Share of its distance that a flying pixel must be before a surface: one view may show the cover of a book
with a single row of pixels, and another one not at all."""
EVEN_PX = 1.0
"""Most that the flow may change between neighbouring samples to be interpolated: at the pole of a panorama it
turns about."""
CLEARLY_BEHIND = 5e-3
"""Share of its distance by which a point must be behind another instance to be hidden by it for sure."""


@dataclass(frozen=True, slots=True)
class _Met:
    """Points of one view where they meet calm places of another; n of them.

    Attributes
    ----------
    pixels : (n, 2) row and column in their own view
    points, normals : (n, 3) camera frame of the other view
    places : (n, 2) where they appear in the other image
    corners : rows and columns (n, 4) of the samples around
    heights : (n, 4) how far before the planes of these samples the points lie, as a share of their distance;
        negative behind them
    slack : (n,) how far the bend of the other surface may put them there
    """

    pixels: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    places: np.ndarray
    corners: tuple[np.ndarray, np.ndarray]
    heights: np.ndarray
    slack: np.ndarray

    @property
    def on_surface(self) -> np.ndarray:
        """(n,) bool."""
        return (np.abs(self.heights) <= ROUNDING + self.slack[:, None]).all(axis=-1)


def check_pair(here: Surface, other: Surface) -> list[Outcome]:
    """What one view saw against another view of the scene; the pair the other way round is a second call."""
    views = here.view, other.view
    found = list(_poses(*views))
    step = max(1, int(np.ceil(np.sqrt(np.count_nonzero(here.calm) / MOST_POINTS))))
    grid = np.argwhere(here.calm[::step, ::step]) * step
    met = _meet(here, other, grid, is_calm=True)
    flying = _meet(here, other, here.flying, is_calm=False)
    for one, spare in ((met, 0.0), (flying, FLYING_BEFORE)):
        before = np.maximum(one.heights.min(axis=-1, initial=np.inf) - one.slack, 0.0)
        before[before < spare] = 0.0
        doubtful = before > ROUNDING
        if doubtful.any():
            before[doubtful] *= ~_is_relief(*views, one, doubtful)
        found.append(measured_at("free_space", views[0], before, one.pixels, views[1].key))
    return found + list(_on_the_surface(*views, met))


def _is_relief(view: View, seen: View, met: _Met, doubtful: np.ndarray) -> np.ndarray:
    """Whether doubtful points are on relief that both views show, and neither shows in full.

    The other view shows the plane of the point somewhere. Of bevels it may have too few samples: there the
    point's own view shows the plane that the other one saw behind it, on the same instance.
    """
    pixels, behind = met.pixels[doubtful], np.stack(met.corners, axis=-1)[doubtful, 0]
    ids = _ids(view, pixels)
    relief = shows_planes(seen, ids, met.points[doubtful], met.normals[doubtful])
    slanted = np.linalg.norm(met.normals[doubtful] - _normals(seen, behind), axis=-1) > FLAT_BEND
    rest = ~relief & slanted & (ids == _ids(seen, behind))
    points, normals = _carried_planes(seen, view, behind[rest])
    relief[rest] = shows_planes(view, ids[rest], points, normals)
    return relief


def _meet(here: Surface, other: Surface, pixels: np.ndarray, is_calm: bool) -> _Met:
    """Carry the points of (n, 2) pixels to the other view, and keep those that meet a calm place there.

    Parameters
    ----------
    is_calm : whether the pixels are; then their neighbours tell how large they are in the other view
    """
    view, seen = here.view, other.view
    pixels = pixels[~np.isin(_ids(view, pixels), _lost(view, seen))]
    pixels = pixels[_facing(view, pixels) >= LEAST_COSINE]
    carried, turned = _carried_planes(view, seen, pixels)
    places, reach = seen.camera.project(carried), np.linalg.norm(carried, axis=-1)
    corners, fits = _corners(seen, places)
    fits &= (reach >= NEAREST_M) & other.calm[corners].all(axis=-1)
    fits[fits] = ~np.isin(seen.channels["instance"][corners][fits, 0], _lost(view, seen))
    if is_calm:
        fits[fits] = _large_enough(view, seen, pixels[fits], places[fits])
    around = np.stack(corners, axis=-1)
    fits[fits] = (_facing(seen, around[fits].reshape(-1, 2)) >= LEAST_COSINE).reshape(-1, 4).all(axis=-1)
    pixels, carried, turned, places, reach, around = (
        each[fits] for each in (pixels, carried, turned, places, reach, around)
    )
    samples, faces = (made(seen, around.reshape(-1, 2)).reshape(-1, 4, 3) for made in (points_at, _normals))
    heights = ((carried[:, None] - samples) * faces).sum(axis=-1) / reach[:, None]
    bend = np.linalg.norm(faces - faces[:, :1], axis=-1).max(axis=-1, initial=0.0)
    spacing = np.linalg.norm(samples[:, :2] - samples[:, :1:-1], axis=-1).max(axis=-1, initial=0.0)
    slack = BEND * spacing * bend / reach
    return _Met(pixels, carried, turned, places, (around[..., 0], around[..., 1]), heights, slack)


def _normals(view: View, pixels: np.ndarray) -> np.ndarray:
    """(n, 3) float64, camera frame."""
    return view.channels["normal"][pixels[:, 0], pixels[:, 1]].astype(np.float64)


def _facing(view: View, pixels: np.ndarray) -> np.ndarray:
    """(n,) cosines between the normals of (n, 2) pixels and their rays."""
    points = points_at(view, pixels)
    along = -(points * _normals(view, pixels)).sum(axis=-1)
    return along / np.maximum(np.linalg.norm(points, axis=-1), 1e-12)


def _ids(view: View, pixels: np.ndarray) -> np.ndarray:
    return view.channels["instance"][pixels[:, 0], pixels[:, 1]]


def _placed(view: View) -> dict[int, np.ndarray]:
    """(4, 4) world_from_object of what moves, by instance."""
    return {
        int(row["id"]): np.asarray(row["world_from_object"], np.float64)
        for row in view.meta.get("moving", ())
    }


def _lost(view: View, seen: View) -> list[int]:
    """Instances that move, of which only one of two views says where they are."""
    return sorted(set(_placed(view)) ^ set(_placed(seen)))


def _carried(view: View, seen: View, pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(n, 3) points, camera frame of another view, at its time."""
    camera_from_world = invert(seen.world_from_camera)
    carried = transform_points(camera_from_world @ view.world_from_camera, points)
    ids, placed, there = _ids(view, pixels), _placed(view), _placed(seen)
    for label in placed.keys() & there.keys():
        own = ids == label
        motion = there[label] @ invert(placed[label])
        carried[own] = transform_points(camera_from_world @ motion @ view.world_from_camera, points[own])
    return carried


def _carried_planes(view: View, seen: View, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals (n, 3) of pixels in the camera frame of another view, at its time."""
    points = points_at(view, pixels)
    carried = _carried(view, seen, pixels, points)
    return carried, _carried(view, seen, pixels, points + _normals(view, pixels)) - carried


def _corners(seen: View, places: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Rows and columns (n, 4) of the samples around (n, 2) places, and whether all four are in the image.

    The second sample lies across from the third, the first from the fourth.
    """
    height, width = seen.depth.shape
    known = np.isfinite(places).all(axis=-1)
    corner = np.floor(np.where(known[:, None], places, -9.0) - 0.5)
    corner = np.clip(corner, -9, max(height, width) + 9).astype(int)
    columns = corner[:, :1] + np.array([0, 1, 0, 1])
    rows = corner[:, 1:] + np.array([0, 0, 1, 1])
    if np.isfinite(turn_px(seen.camera)):
        columns = np.where(known[:, None], columns % width, columns)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return (np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)), inside.all(axis=-1)


def _large_enough(view: View, seen: View, pixels: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Whether the other view shows what lies between neighbouring pixels with a sample of its own.

    The least singular value of the 2 x 2 matrix of pixels there per pixel here.
    """
    steps = []
    for offset in ((0, 1), (1, 0)):
        beside = pixels + offset  # calm pixels are not at the image's edge
        steps.append(seen.camera.project(_carried(view, seen, beside, points_at(view, beside))) - places)
    across, down = steps
    squares = (across**2).sum(axis=-1) + (down**2).sum(axis=-1)
    area = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]
    least = (squares - np.sqrt(np.maximum(squares**2 - 4 * area**2, 0.0))) / 2
    return least >= LEAST_STEP**2


def _on_the_surface(view: View, seen: View, met: _Met) -> Iterator[Outcome]:
    """What follows where a point is on the surface that the other view saw, or clearly behind it."""
    on_it = met.on_surface
    ids, shown = _ids(view, met.pixels), seen.channels["instance"][met.corners][:, 0]
    same = ids == shown
    yield measured_at("same_instance", view, (~same[on_it]).astype(float), met.pixels[on_it], seen.key)
    direction = _direction(view, seen)
    if direction is None:
        return
    behind = (met.heights < -CLEARLY_BEHIND - met.slack[:, None]).all(axis=-1) & ~same
    codes = view.channels.get(f"occlusion_{direction}")
    if codes is not None:
        code = codes[met.pixels[:, 0], met.pixels[:, 1]]
        sure, expected = (on_it & same) | behind, np.where(on_it, VISIBLE, HIDDEN)
        wrong = (code != expected).astype(float)
        yield measured_at(f"occlusion_{direction}", view, wrong[sure], met.pixels[sure], seen.key)
    there, back = f"flow_{direction}", f"flow_{_OPPOSITE[direction]}"
    if there in view.channels and back in seen.channels:
        kept = on_it & same
        error, told = _way_there_and_back(view.channels[there], seen, back, met)
        kept &= told
        yield measured_at(f"round_trip_{direction}", view, error[kept], met.pixels[kept], seen.key)


_OPPOSITE = dict(zip(DIRECTIONS, reversed(DIRECTIONS)))


def _way_there_and_back(flow: np.ndarray, seen: View, back: str, met: _Met) -> tuple[np.ndarray, np.ndarray]:
    """How far from its pixel a point ends up (n,) that goes there by the flow and back by that of the other
    frame, which is interpolated between its samples; and where all of them are finite."""
    corners = seen.channels[back][met.corners].astype(np.float64)
    beyond = met.places - 0.5 - np.floor(met.places - 0.5)
    across, down = np.moveaxis(beyond, -1, 0)
    weights = np.stack(
        [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down], axis=-1
    )
    told = np.isfinite(corners).all(axis=(1, 2))
    told &= (np.ptp(np.where(told[:, None, None], corners, 0.0), axis=1) <= EVEN_PX).all(axis=-1)
    forth = flow[met.pixels[:, 0], met.pixels[:, 1]].astype(np.float64)
    told &= np.isfinite(forth).all(axis=-1)
    with np.errstate(invalid="ignore"):
        across, down = np.abs(forth + (corners * weights[..., None]).sum(axis=1)).T
        return np.maximum(np.minimum(across, turn_px(seen.camera) - across), down), told


def _direction(view: View, seen: View) -> str | None:
    """Which neighbouring frame of a shot another view is, if it is one."""
    here, there = view.meta.get("shot"), seen.meta.get("shot")
    if here is None or there is None:
        return None
    if (here["first_view"], here["eye"]) != (there["first_view"], there["eye"]):
        return None
    return {1: "forward", -1: "backward"}.get(there["frame"] - here["frame"])


def _poses(view: View, seen: View) -> Iterator[Outcome]:
    """What one view's metadata says of the other: the rig's other eye, the neighbour in time, what moves."""
    pairs, rig = [], view.meta.get("rig")
    if rig is not None and rig["other_view"] == seen.meta["view"]:
        pairs.append((rig["world_from_other"], seen.world_from_camera))
    direction = _direction(view, seen)
    if direction is not None:
        if "neighbours" in view.meta:
            pairs.append((view.meta["neighbours"][direction]["world_from_camera"], seen.world_from_camera))
        there = _placed(seen)
        rows = [row for row in view.meta.get("moving", ()) if int(row["id"]) in there]
        pairs += [(row[direction], there[int(row["id"])]) for row in rows]
    errors = [np.abs(np.asarray(told, np.float64) - found).max() for told, found in pairs]
    yield measured("poses", view, np.array(errors), other=seen.key)
