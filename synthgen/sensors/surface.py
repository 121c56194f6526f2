"""`SeenSurface`: what a device needs to know of the surfaces in a view, whatever of it the frame holds.

Devices work in the near infrared, where things have another brightness than to the eye: black dyes are often
bright, and two whites may differ. So the reflectance of each material is its albedo times a gain that the
material keeps, log-normal with the spread `INFRARED_SPREAD`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle
from synthgen.geometry.camera import Camera
from synthgen.seeding import rng_for

ALBEDO = 0.5
"""Reflectance where the frame has no `albedo`."""
ROUGHNESS, METALLIC, TRANSMISSION = 0.6, 0.0, 0.0
"""Of surfaces where the frame has neither these channels nor a table of materials that states them."""
INFRARED_SPREAD = 0.35
"""Standard deviation of the natural logarithm of a material's infrared gain."""
LEAST_REFLECTANCE, GREATEST_REFLECTANCE = 0.01, 0.95
LOBE_DEG, LOBE_PER_ROUGHNESS_DEG = 3.0, 25.0
"""Half width of the highlight of glossy surfaces: around the normal, as a device's lamp and lens are close to
each other compared with the distance."""
GLOSSY = 0.3
"""Roughness up to which a surface has such a highlight."""
OPTIONAL = (
    "normal",
    "albedo",
    "instance",
    "depth_layers",
    "instance_layers",
    "roughness",
    "metallic",
    "transmission",
)
"""Inputs with a default; `depth` has none."""


@dataclass(frozen=True, slots=True)
class SeenSurface:
    """The surfaces of a view, (h, w) each, all float32 but `instance`.

    Attributes
    ----------
    camera : of the frame
    depth : planar z in metres (what the camera measures, where it has no planar depth), +inf for nothing
    cosine : of the angle between the surface's normal and the way to the camera, 0 to 1
    normal : (h, w, 3) unit, OpenCV camera frame, facing the camera; 0 for nothing
    reflectance : 0 to 1, in the infrared where `infrared` was asked for
    roughness, metallic, transmission : 0 to 1, as of a Principled BSDF
    instance : (h, w) uint32; 0 for nothing
    layers : (h, w, K) depths of the surfaces along the ray, nearest first, +inf where there are fewer
    layer_instances : (h, w, K) uint32, to which instance each of them belongs; 0 where unknown
    assumed : names out of `OPTIONAL` that the frame lacked
    """

    camera: Camera
    depth: np.ndarray
    cosine: np.ndarray
    normal: np.ndarray
    reflectance: np.ndarray
    roughness: np.ndarray
    metallic: np.ndarray
    transmission: np.ndarray
    instance: np.ndarray
    layers: np.ndarray
    layer_instances: np.ndarray
    assumed: tuple[str, ...]

    @property
    def hit(self) -> np.ndarray:
        """(h, w) bool: where there is a surface."""
        return np.isfinite(self.depth)

    @property
    def scattered(self) -> np.ndarray:
        """(h, w) share of light that is scattered in all directions: polished metal sends it elsewhere."""
        return self.reflectance * (1 - self.metallic * (1 - self.roughness))

    @property
    def highlight(self) -> np.ndarray:
        """(h, w) bool: where a glossy surface throws a device's own light back into its lens."""
        lobe = np.radians(LOBE_DEG + LOBE_PER_ROUGHNESS_DEG * self.roughness)
        return self.hit & (self.roughness < GLOSSY) & (self.cosine > np.cos(lobe))


def seen_surface(bundle: FrameBundle, infrared: bool = True) -> SeenSurface:
    """Gather what a frame says of its surfaces; what it lacks gets the defaults above.

    Without normals, they are those of the triangles between a pixel and its neighbours.

    Raises
    ------
    UsageError
        When the frame has no depth, or one with NaN, negative or no pixels.
    """
    channels = bundle.channels
    depth = checked_depth(bundle)
    camera, hit = bundle.camera, np.isfinite(depth)
    assumed = []

    def given(name: str, default: float) -> np.ndarray:
        if name in channels:
            return np.asarray(channels[name], np.float32)
        stated = _of_material(bundle, name, default)
        if stated is not None:
            return stated
        assumed.append(name)
        return np.full(depth.shape, default, np.float32)

    if "normal" in channels:
        normal = np.asarray(channels["normal"], np.float32)
    else:
        assumed.append("normal")
        normal = normals_of_depth(camera, depth)
    albedo = given("albedo", ALBEDO)
    if "instance" in channels:
        instance = np.asarray(channels["instance"], np.uint32)
    else:
        assumed.append("instance")
        instance = hit.astype(np.uint32)
    if "depth_layers" in channels:
        layers = np.asarray(channels["depth_layers"], np.float32)
    else:
        assumed.append("depth_layers")
        layers = depth[..., None]
    if "instance_layers" in channels and layers.shape == channels["instance_layers"].shape:
        layer_instances = np.asarray(channels["instance_layers"], np.uint32)
    else:
        assumed.append("instance_layers")
        layer_instances = np.zeros(layers.shape, np.uint32)
    reflectance = albedo @ np.full(3, 1 / 3, np.float32) if albedo.ndim == 3 else albedo
    if infrared:
        reflectance = reflectance * _infrared_gain(bundle, instance)
    cosine = -np.einsum("hwc,hwc->hw", normal, unit_rays(camera))
    return SeenSurface(
        camera=camera,
        depth=depth,
        cosine=np.where(hit, np.clip(cosine, 0.0, 1.0), 0.0).astype(np.float32),
        normal=normal,
        reflectance=np.where(hit, np.clip(reflectance, LEAST_REFLECTANCE, GREATEST_REFLECTANCE), 0.0).astype(
            np.float32
        ),
        roughness=given("roughness", ROUGHNESS),
        metallic=given("metallic", METALLIC),
        transmission=given("transmission", TRANSMISSION),
        instance=instance,
        layers=layers,
        layer_instances=layer_instances,
        assumed=tuple(assumed),
    )


@lru_cache(maxsize=8)
def unit_rays(camera: Camera) -> np.ndarray:
    """(h, w, 3) float32, read-only: unit vectors through the pixel centres; 0 where the lens sees nothing."""
    rays = camera.rays()
    length = np.linalg.norm(rays, axis=-1, keepdims=True)
    unit = (rays / np.where(length > 0, length, 1.0)).astype(np.float32)
    unit.flags.writeable = False
    return unit


def checked_depth(bundle: FrameBundle) -> np.ndarray:
    """(h, w) float32 depth of a frame.

    Raises
    ------
    UsageError
        As `seen_surface` says.
    """
    if "depth" not in bundle.channels:
        raise UsageError(f"{bundle.key}: sensors need the channel depth (found {_listed(bundle)})")
    depth = np.asarray(bundle.channels["depth"], np.float32)
    expected = (bundle.camera.height, bundle.camera.width)
    if depth.shape != expected or 0 in expected:
        raise UsageError(f"{bundle.key}: expected depth of (h, w) = {expected} (got {depth.shape})")
    wrong = np.count_nonzero(np.isnan(depth) | (depth <= 0))
    if wrong:
        raise UsageError(
            f"{bundle.key}: expected depth in metres above 0, +inf where nothing is hit "
            f"(found {wrong} pixels that are NaN, 0 or less)"
        )
    return depth


def normals_of_depth(camera: Camera, depth: np.ndarray) -> np.ndarray:
    """(h, w, 3) float32 unit normals facing the camera, from the nearer of both neighbours in each direction.

    The cross product of two differences of points; (0, 0, 0) where nothing is hit.
    """
    hit = np.isfinite(depth)
    points = camera.rays() * np.where(hit, depth, 0.0)[..., None]
    filled = np.where(hit, depth, np.inf)
    tangents = [_tangent(points, filled, axis) for axis in (1, 0)]
    normal = np.cross(*tangents)
    normal *= np.sign(-(normal * points).sum(axis=-1, keepdims=True))
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    facing = -points / np.maximum(np.linalg.norm(points, axis=-1, keepdims=True), 1e-12)
    unit = np.where(length > 0, normal / np.where(length > 0, length, 1.0), facing)
    return np.where(hit[..., None], unit, 0.0).astype(np.float32)


def _tangent(points: np.ndarray, depth: np.ndarray, axis: int) -> np.ndarray:
    # Towards the neighbour on either side that is nearer in depth: the other may lie on another surface.
    pad = [(0, 0), (0, 0)]
    pad[axis] = (1, 1)
    padded = np.pad(depth, pad, constant_values=np.inf)
    padded_points = np.pad(points, [*pad, (0, 0)])
    size = depth.shape[axis]
    sides = [np.take(padded, range(start, start + size), axis=axis) for start in (0, 2)]
    places = [np.take(padded_points, range(start, start + size), axis=axis) for start in (0, 2)]
    with np.errstate(invalid="ignore"):
        apart = [np.where(np.isfinite(side), np.abs(side - depth), np.inf) for side in sides]
    use_second = (apart[1] < apart[0])[..., None]
    difference = np.where(use_second, places[1] - points, points - places[0])
    none = ~np.isfinite(np.minimum(*apart))[..., None]
    return np.where(none, 0.0, difference)


def _of_material(bundle: FrameBundle, name: str, default: float) -> np.ndarray | None:
    """A property out of the metadata's table of materials, by the channel `material`; None without them."""
    rows = bundle.meta.get("materials")
    if "material" not in bundle.channels or not isinstance(rows, list | tuple):
        return None
    if not any(name in row for row in rows):
        return None
    table = np.full(max(row["id"] for row in rows) + 1, default, np.float32)
    for row in rows:
        table[row["id"]] = row.get(name, default)
    return table[np.minimum(bundle.channels["material"], len(table) - 1)]


def _infrared_gain(bundle: FrameBundle, instance: np.ndarray) -> np.ndarray:
    """(h, w) float32: of each pixel's material, or of its instance where materials are unknown."""
    ids = np.asarray(bundle.channels.get("material", instance))
    known = np.flatnonzero(np.bincount(ids.ravel()))
    gains = np.ones(int(known[-1]) + 1, np.float32)
    for each in known.tolist():
        gains[each] = np.exp(INFRARED_SPREAD * rng_for(bundle.scene, "infrared", each).standard_normal())
    return gains[ids]


def _listed(bundle: FrameBundle) -> str:
    return ", ".join(bundle.channels) or "none"
