"""Forms that small objects are made of: soft lathe profiles, vessels, sheets, leaves, bare blocks.

All lengths are metres; profiles are (n, 2) of (radius, height), walked so that outside lies on the right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder

Size = tuple[float, float, float]


def design(
    rng: np.random.Generator,
    params: Mapping[str, object],
    names: Sequence[str],
    by_style: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """One of `names`, or `params["variant"]`; a number is drawn in both cases, so that the rest stays.

    `by_style` narrows the choice for some values of `params["style"]`.
    """
    fitting = (by_style or {}).get(str(params.get("style", "")), names)
    drawn = fitting[int(rng.random() * len(fitting))]
    return str(params.get("variant", drawn))


def tinted(rng: np.random.Generator, role: str, count: int = 6) -> str:
    """A separate variation of a material: `ceramic:3`."""
    return f"{role}:{int(rng.integers(count))}"


def placed(
    x: float = 0.0,
    y: float = 0.0,
    z: float = 0.0,
    *,
    yaw_deg: float = 0.0,
    pitch_deg: float = 0.0,
    roll_deg: float = 0.0,
    scale: float | Sequence[float] = 1.0,
) -> np.ndarray:
    """(4, 4) target_from_source: scale, turn about y (roll), about x (pitch), about z (yaw), then move."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_z = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_y = np.array([[np.cos(roll), 0, np.sin(roll)], [0, 1, 0], [-np.sin(roll), 0, np.cos(roll)]])
    transform = np.eye(4)
    transform[:3, :3] = about_z @ about_x @ about_y @ np.diag(np.broadcast_to(scale, 3))
    transform[:3, 3] = x, y, z
    return transform


def fitted(builder: MeshBuilder, size_m: Size) -> MeshBuilder:
    """A copy stretched to fill the size box exactly: centred in x and y, standing on z = 0."""
    low, high = builder.bounds()
    scale = np.asarray(size_m) / np.maximum(high - low, 1e-9)
    target = np.array([-size_m[0] / 2, -size_m[1] / 2, 0.0])
    transform = np.eye(4)
    transform[:3, :3] = np.diag(scale)
    transform[:3, 3] = target - low * scale
    return builder.transformed(transform)


def soft(profile: Sequence[Sequence[float]], radius: float = 0.003, steps: int = 3) -> np.ndarray:
    """A profile with its corners rounded, (m, 2)."""
    corners = np.asarray(profile, dtype=np.float64)
    line = [corners[0]]
    for before, corner, after in zip(corners[:-2], corners[1:-1], corners[2:]):
        back, ahead = before - corner, after - corner
        length_back, length_ahead = np.linalg.norm(back), np.linalg.norm(ahead)
        if min(length_back, length_ahead) < 1e-9 or back @ ahead < -0.95 * length_back * length_ahead:
            line.append(corner)
            continue
        back, ahead = back / length_back, ahead / length_ahead
        reach_back, reach_ahead = min(radius, 0.42 * length_back), min(radius, 0.42 * length_ahead)
        start, end = corner + back * reach_back, corner + ahead * reach_ahead
        for t in np.linspace(0, 1, steps + 1):
            line.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    line.append(corners[-1])
    return np.array(line)


def spline(points: Sequence[Sequence[float]], count: int) -> np.ndarray:
    """`count` points on a Catmull-Rom curve through `points` (n, k), evenly spaced in its parameter."""
    knots = np.asarray(points, dtype=np.float64)
    padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    place = np.linspace(0, len(knots) - 1, count)
    first = np.minimum(place.astype(int), len(knots) - 2)
    t = (place - first)[:, None]
    a, b, c, d = (padded[first + offset] for offset in range(4))
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def vessel(outer: Sequence[Sequence[float]], wall: float, floor: float) -> np.ndarray:
    """The closed profile of an open vessel: `outer` runs from the foot to the lip, `wall` is its thickness.

    The foot is recessed, as on turned and cast ware.
    """
    line = np.asarray(outer, dtype=np.float64)
    foot_radius, foot_z = line[0]
    recess = min(0.25 * floor, 0.002)
    under = [(0.0, foot_z + recess), (0.84 * foot_radius, foot_z + recess), (0.88 * foot_radius, foot_z)]
    inner = np.column_stack([np.maximum(line[:, 0] - wall, 0.0008), line[:, 1]])
    inner = inner[inner[:, 1] > foot_z + floor * 1.3][::-1]
    inside_radius = max(np.interp(foot_z + floor, line[:, 1], line[:, 0]) - wall, 0.001)
    return np.array([*under, *line, *inner, (inside_radius * 0.9, foot_z + floor), (0.0, foot_z + floor)])


def turned(
    builder: MeshBuilder,
    profile: Sequence[Sequence[float]],
    material: str,
    *,
    at: Sequence[float] = (0.0, 0.0, 0.0),
    radius: float = 0.003,
    steps: int = 2,
    segments: int = 28,
) -> MeshBuilder:
    """Lathe a profile with softened corners."""
    return builder.lathe(soft(profile, radius, steps), at, material, segments=segments)


def disc_profile(radius: float, bottom: float, top: float) -> list[tuple[float, float]]:
    """The profile of a solid disc."""
    return [(0.0, bottom), (radius, bottom), (radius, top), (0.0, top)]


def ring(
    builder: MeshBuilder,
    major: float,
    minor: float,
    material: str,
    transform: np.ndarray,
    *,
    segments: int = 24,
    sides: int = 8,
) -> MeshBuilder:
    """A torus around z, moved by `transform`."""
    angles = np.linspace(math.pi, -math.pi, sides + 1)[::-1]
    profile = np.column_stack([major + minor * np.cos(angles), minor * np.sin(angles)])
    return builder.merge(MeshBuilder().lathe(profile, (0, 0, 0), material, segments=segments), transform)


def ball(
    builder: MeshBuilder,
    center: Sequence[float],
    radii: float | Sequence[float],
    material: str,
    *,
    segments: int = 20,
    rings: int = 10,
    yaw_deg: float = 0.0,
    pitch_deg: float = 0.0,
) -> MeshBuilder:
    """An ellipsoid."""
    angles = np.linspace(-math.pi / 2, math.pi / 2, rings + 1)
    profile = np.column_stack([np.maximum(np.cos(angles), 0.0), np.sin(angles)])
    body = MeshBuilder().lathe(profile, (0, 0, 0), material, segments=segments)
    return builder.merge(body, placed(*center, yaw_deg=yaw_deg, pitch_deg=pitch_deg, scale=radii))


def blocks(
    builder: MeshBuilder,
    low: np.ndarray,
    high: np.ndarray,
    material: str,
    *,
    taper: float = 0.0,
    bottoms: bool = True,
) -> MeshBuilder:
    """Many sharp-edged boxes in one call: `low` and `high` corners (n, 3); `taper` draws the tops in."""
    low, high = (np.asarray(corner, dtype=np.float64).reshape(-1, 3) for corner in (low, high))
    count = len(low)
    points = np.empty((count, 8, 3))
    for index, (i, j) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
        for level in (0, 1):
            inset = taper * level
            points[:, index + 4 * level, 0] = high[:, 0] - inset if i else low[:, 0] + inset
            points[:, index + 4 * level, 1] = high[:, 1] - inset if j else low[:, 1] + inset
            points[:, index + 4 * level, 2] = high[:, 2] if level else low[:, 2]
    one = [(4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    one += [(3, 2, 1, 0)] if bottoms else []
    quads = np.arange(count)[:, None, None] * 8 + np.array(one)[None]
    axes = np.array([(0, 1), (0, 2), (1, 2), (0, 2), (1, 2), (0, 1)])[: len(one)]
    corners = points[:, np.array(one)]
    uv = np.take_along_axis(corners, np.broadcast_to(axes[None, :, None], (*corners.shape[:3], 2)), axis=-1)
    return builder.faces(points, quads.reshape(-1, 4), material, uvs=uv.reshape(-1, 4, 2))


def sheet(
    builder: MeshBuilder,
    points: np.ndarray,
    thickness: float,
    material: str,
    edge_material: str | None = None,
) -> MeshBuilder:
    """A sheet of cloth or paper: (m, n, 3) top points, given a thickness along their normals."""
    along_u, along_v = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(along_u, along_v)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-12)
    below = points - normals * thickness
    builder.surface(points, material).surface(below, edge_material or material, flip=True)
    rim = [(points[0], below[0]), (points[:, -1], below[:, -1])]
    rim += [(points[-1, ::-1], below[-1, ::-1]), (points[::-1, 0], below[::-1, 0])]
    for upper, lower in rim:
        builder.surface(np.stack([lower, upper]), edge_material or material)
    return builder


def leaves(
    builder: MeshBuilder,
    base: np.ndarray,
    direction: np.ndarray,
    up: np.ndarray,
    length: np.ndarray | float,
    width: np.ndarray | float,
    outline: Sequence[float],
    material: str,
    *,
    bend: np.ndarray | float = 0.5,
    fold: float = 0.15,
    columns: int = 3,
    wave: float = 0.0,
    thickness: float = 0.0,
) -> MeshBuilder:
    """Many leaves of one species in one call; u runs across each blade, v from its base to its tip, 0..1.

    Parameters
    ----------
    base, direction, up : (n, 3)
        Where each leaf starts, where it points there, and where its upper side looks.
    length, width : (n,) or float, metres
        Along the midrib, and across at the widest.
    outline : (rows,)
        Half width along the midrib, as a fraction of half of `width`.
    bend : (n,) or float, radians
        How far the tip turns away from `up`.
    fold, wave : float
        Rise of the margins over the midrib, and their ripple, as fractions of the half width.
    thickness : float, metres
        Above zero the leaf is a closed body that bulges below, as on succulents.
    """
    base = np.asarray(base, dtype=np.float64).reshape(-1, 3)
    count, rows = len(base), len(outline)
    length, width, bend = (np.broadcast_to(v, count).astype(np.float64) for v in (length, width, bend))
    tangent = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    normal = up - tangent * np.sum(up * tangent, axis=-1, keepdims=True)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    across = np.cross(tangent, normal)
    s = np.linspace(0, 1, rows)
    angle = bend[:, None] * s[None]
    middle = 0.5 * (angle[:, 1:] + angle[:, :-1])
    step = (length / (rows - 1))[:, None]
    ahead = np.concatenate([np.zeros((count, 1)), np.cumsum(np.cos(middle) * step, axis=1)], axis=1)
    down = np.concatenate([np.zeros((count, 1)), np.cumsum(np.sin(middle) * step, axis=1)], axis=1)
    midrib = base[:, None] + ahead[..., None] * tangent[:, None] - down[..., None] * normal[:, None]
    lift = np.cos(angle)[..., None] * normal[:, None] + np.sin(angle)[..., None] * tangent[:, None]
    t = np.linspace(-1, 1, columns)
    half = 0.5 * width[:, None] * np.asarray(outline)[None]
    side = half[..., None] * t
    ripple = wave * np.sin(s * 11.0)[None, :, None] * np.abs(t) * np.sign(t + 1e-9)
    rise = np.abs(side) * (fold + ripple)
    points = midrib[:, :, None] + side[..., None] * across[:, None, None] + rise[..., None] * lift[:, :, None]
    bulge = (thickness * np.sqrt(np.maximum(np.asarray(outline), 0))[:, None] * (1 - t**2))[None, ..., None]
    layers = [points] if thickness <= 0 else [points, points - bulge * lift[:, :, None]]
    grid = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], axis=-1).reshape(-1, 4)
    uv = np.stack(np.broadcast_arrays((t / 2 + 0.5)[None], s[:, None]), axis=-1).reshape(-1, 2)
    for layer, points in enumerate(layers):
        order = quads if layer == 0 else quads[:, ::-1]
        index = (np.arange(count)[:, None, None] * rows * columns + order[None]).reshape(-1, 4)
        builder.faces(points, index, material, smooth=True, uvs=np.tile(uv[order], (count, 1, 1)))
    return builder
