"""What lies on a bed: pillows, the duvet, the turned-down sheet, a folded throw. Lengths are metres.

All cloths of one bed follow the same `Drape`, each a little further out than the one below, so that they
bend over the same edges and share their folds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

from .upholstery import dents


@dataclass(frozen=True, slots=True)
class Drape:
    """How cloth falls over a mattress.

    Attributes
    ----------
    half_width, front_y : the mattress in plan; it has no end towards +y
    radius : of its corners in plan, and of the bend over its edges
    reach : how far folds may stand out from the mattress
    hang : length of the longest hanging cloth, over which folds grow
    folds : (3, 3) height, length and phase of the waves along the rim
    """

    half_width: float
    front_y: float
    radius: float
    reach: float
    hang: float
    folds: np.ndarray

    def lay(self, across: np.ndarray, y: np.ndarray, outset: float) -> tuple[np.ndarray, np.ndarray]:
        """Where cloth comes to lie.

        Parameters
        ----------
        across, y : (m, n) arrays
            Flat coordinates of the cloth, as if the top of the mattress went on for ever.
        outset : how far its outer side lies above the mattress

        Returns
        -------
        points : (m, n, 3), z = outset on the flat top
        drop : (m, n), how far each point lies below the top
        """
        bend = self.radius + outset
        core_x = np.clip(across, -(self.half_width - self.radius), self.half_width - self.radius)
        core_y = np.maximum(y, self.front_y + self.radius)
        out = np.stack([across - core_x, y - core_y], axis=-1)
        distance = np.linalg.norm(out, axis=-1)
        direction = out / np.maximum(distance, 1e-9)[..., None]
        turn = np.clip(distance / bend, 0, math.pi / 2)
        over = np.maximum(distance - bend * math.pi / 2, 0.0)
        drop = bend * (1 - np.cos(turn)) + over
        along = across * direction[..., 1] - y * direction[..., 0]
        heights, lengths, phases = self.folds
        waves = sum(h * np.sin(2 * math.pi * along / s + p) for h, s, p in zip(heights, lengths, phases))
        room = max(self.reach - 0.036, 0.0)  # the same for every layer, so that none cuts another
        swing = room * np.clip(over / self.hang, 0, 1) ** 0.7 * (0.5 + 0.5 * waves)
        flat = bend * np.sin(turn) + swing
        points = np.empty((*across.shape, 3))
        points[..., 0] = core_x + direction[..., 0] * flat
        points[..., 1] = core_y + direction[..., 1] * flat
        points[..., 2] = outset - drop
        return points, drop


def draw_drape(
    rng: np.random.Generator,
    width: float,
    front_y: float,
    *,
    reach: float,
    hang: float,
    radius: float = 0.045,
) -> Drape:
    """A drape over a mattress with folds of its own."""
    lengths = rng.uniform((0.30, 0.18, 0.11), (0.5, 0.28, 0.15))
    folds = np.stack([np.array((0.5, 0.34, 0.16)), lengths, rng.uniform(0, 2 * math.pi, 3)])
    return Drape(width / 2, front_y, radius, reach, hang, folds)


def duvet(
    builder: MeshBuilder,
    rng: np.random.Generator,
    drape: Drape,
    back_y: float,
    hang: float,
    mattress_z: float,
    loft: float,
    material: str,
) -> MeshBuilder:
    """A filled cover from `back_y` to the foot, hanging by `hang`; its highest point is `loft` above the
    mattress. It is plain with soft creases, or quilted in squares."""
    skin = 0.016  # outset of the hanging parts, where the filling is pressed flat
    reach_x, length = drape.half_width + hang, back_y - drape.front_y + hang
    columns, rows = 2 * round(reach_x / 0.027), round(length / 0.03)
    across, y = np.meshgrid(
        np.linspace(-reach_x, reach_x, columns + 1), back_y - np.linspace(0, length, rows + 1), indexing="ij"
    )
    points, drop = drape.lay(across, y, skin)
    plane = np.column_stack([across.ravel(), y.ravel()])
    broad = dents(plane, rng, scale=0.42, waves=9).reshape(across.shape)
    if rng.random() < 0.4:
        pitch = float(rng.uniform(0.22, 0.34))
        u, v = across / pitch + 0.5, (back_y - y) / pitch
        seam = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v))) * pitch
        puff = 0.35 + 0.65 * (1 - np.exp(-((seam / 0.055) ** 1.5)))
        puff *= 0.8 + 0.2 * broad
    else:
        turned = plane @ np.array([[1.0, 0.35], [-0.2, 0.6]])
        creases = 1 - np.abs(2 * dents(turned, rng, scale=0.34, waves=6).reshape(across.shape) - 1)
        fine = dents(plane, rng, scale=0.13, waves=8).reshape(across.shape)
        puff = 0.42 + 0.38 * broad - 0.30 * np.clip((creases - 0.72) / 0.28, 0, 1) ** 2 + 0.10 * fine
    end = np.clip((back_y - y) / 0.055, 0, 1)
    rolled = np.sqrt(1 - (1 - end) ** 2)
    still = np.clip(1 - drop / 0.055, 0, 1)
    lift = (loft - skin) * puff * (0.16 + 0.84 * still)
    lift *= rolled
    normal = _normals(points)
    points = points + normal * lift[..., None]
    points[..., 2] += skin * (rolled - 1) + 0.02 * (broad - 0.5) * np.clip(drop / hang - 0.6, 0, 1)
    limit = drape.half_width + drape.reach
    points[..., 0] = np.clip(points[..., 0], -limit, limit)
    points[..., 1] = np.maximum(points[..., 1], drape.front_y - drape.reach)
    points[..., 2] += mattress_z + loft - points[..., 2].max()
    return hemmed(builder, points, 0.014, material)


def band(
    builder: MeshBuilder,
    rng: np.random.Generator,
    drape: Drape,
    span_y: tuple[float, float],
    hang: float,
    top_z: float,
    outset: float,
    material: str,
) -> MeshBuilder:
    """A strip of cloth across the bed over `span_y`, hanging by `hang` at the sides, its top at `top_z`."""
    total = drape.half_width + hang
    columns = 2 * round(total / 0.03)
    low, high = span_y
    across, y = np.meshgrid(
        np.linspace(-total, total, columns + 1), np.linspace(high, low, 15), indexing="ij"
    )
    plane = np.column_stack([across.ravel(), y.ravel()])
    wobble = dents(plane * (1.0, 0.25), rng, scale=0.4).reshape(across.shape) - 0.5
    points, _ = drape.lay(across, y, outset)
    points[..., 1] += 0.018 * wobble
    ripple = dents(plane, rng, scale=0.16, waves=8).reshape(across.shape)
    points += _normals(points) * (0.006 * (ripple - 1))[..., None]
    points[..., 2] += top_z - points[..., 2].max()
    return hemmed(builder, points, 0.009, material)


def pillow(
    builder: MeshBuilder,
    size: Sequence[float],
    transform: np.ndarray,
    material: str,
    rng: np.random.Generator,
) -> MeshBuilder:
    """A sleeping pillow of `size` (w, d, h) around the origin, then moved: full in the middle, with ears."""
    w, d, h = size
    u, v = np.meshgrid(np.linspace(-1, 1, 29), np.linspace(-1, 1, 21), indexing="ij")
    u, v = np.sin(u * math.pi / 2), np.sin(v * math.pi / 2)  # more lines near the seam
    fill = np.clip((1 - np.abs(u) ** 2.2) * (1 - np.abs(v) ** 2.2), 0, None) ** 0.5
    x = u * w / 2 * (1 - 0.05 * (1 - v**2) ** 2)
    y = v * d / 2 * (1 - 0.08 * (1 - u**2) ** 2)
    corner = np.clip(np.abs(u * v), 0, 1) ** 3  # creases that run from the corners
    angle = np.arctan2(v * d, u * w)
    creases = 0.25 * corner * np.sin(14 * angle + rng.uniform(0, 6.3))
    sag = float(rng.uniform(0.1, 0.3)) * np.exp(-((u - rng.uniform(-0.3, 0.3)) ** 2 + v**2) / 0.18)
    layers = []
    for side in (1, -1):
        flat = np.column_stack([x.ravel(), y.ravel()])
        soft = 0.74 + 0.26 * dents(flat, rng, scale=0.2).reshape(u.shape)
        pressed = 1 - (sag if side > 0 else 0.0)
        height = side * h / 2 * fill * (soft + creases) * pressed
        layers.append(np.stack([x, y, height], axis=-1))
    body = MeshBuilder().surface(layers[0], material).surface(layers[1], material, flip=True)
    rim = np.vstack([layers[0][:-1, 0], layers[0][-1, :-1], layers[0][:0:-1, -1], layers[0][0, :0:-1]])
    body.tube(rim, 0.003, material, segments=5, closed=True)
    return builder.merge(body, transform)


def hemmed(builder: MeshBuilder, top: np.ndarray, thickness: float, material: str) -> MeshBuilder:
    """Cloth whose outer side is `top` (m, n, 3), columns running towards -y, with a rim and a turned-in hem.

    Only a border of the inner side is there: the rest is never seen.
    """
    under = top - _normals(top) * thickness
    builder.surface(top, material, flip=True)
    for line, low, deep in (
        (top[0], under[0], under[2]),
        (top[:, -1], under[:, -1], under[:, -3]),
        (top[-1, ::-1], under[-1, ::-1], under[-3, ::-1]),
        (top[::-1, 0], under[::-1, 0], under[::-1, 2]),
    ):
        middle = (line + low) / 2
        outwards = line - (deep + (line - low))
        outwards /= np.maximum(np.linalg.norm(outwards, axis=-1, keepdims=True), 1e-12)
        rounded = [line, middle + outwards * 0.4 * thickness, low, deep]
        builder.surface(np.stack(rounded), material)
    return builder


def _normals(points: np.ndarray) -> np.ndarray:
    """Unit normals of a cloth whose rows run towards +x and whose columns run towards -y."""
    normal = -np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    return normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
