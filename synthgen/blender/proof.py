"""The proof of the truth: known scenes through the real truth render, compared with an exact ray caster.

Expected values come from `synthgen.geometry.shapes` in float64; what is compared are the channels as a frame
stores them. Two kinds of pixels are told apart, from the expected values alone:

* *Edge pixels*: among the 3 x 3 pixels around it is one of another instance, or one on another face that
  does not join this pixel's face between the two (a step; a crease is none). There a ray that is off by a
  ten-thousandth of a pixel, as float32 makes it, may meet another surface. They are compared all the same,
  but 0.1 % of them (one pixel in a small image) may differ, and none may have a depth between surfaces.
* *All other pixels*: every one must hold every limit.

A camera that Cycles has no lens for shows the surface that the nearest ray of a finer lens hits, half a pixel
of that lens off at most. Its creases are edges too, and as many edge pixels may differ as edges pass so near.

No scene shows a flat face under less than a degree: corners in float32 move such a plane along the ray by
more than 1e-5 of the depth. All stand within 64 m of the world's origin, for the same reason.

    python -m synthgen.blender.proof MARK

prints one line, MARK and a JSON object: `bpy`, `device` and the `proofs`. The doctor runs it as a program.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import bpy
import numpy as np

from synthgen.blender.camera import CLIP_START_M
from synthgen.blender.channels import layer_channels, truth_channels
from synthgen.blender.materials import number_materials
from synthgen.blender.passes import prepare_passes
from synthgen.blender.proof_scenes import BODY_CLASS, Body, ProofScene, proof_scenes
from synthgen.blender.session import BlenderSession
from synthgen.blender.stage.stage import Stage
from synthgen.blender.truth import RaySurfaces, first_opaque
from synthgen.frame.classes import CLASSES, SKY, VOID
from synthgen.geometry.camera import Camera, pixel_centres
from synthgen.geometry.pose import invert, transform_points
from synthgen.geometry.shapes import Hits, cast

DEPTH = 1e-5
"""Relative error of a depth, for every pixel that is no edge pixel."""
MEDIAN = 1e-6
EDGES = 1e-3
"""Share of the edge pixels that may differ; one pixel may in any case."""
NORMAL_DEG = 0.01
REPROJECTION_PX = 1e-3
NEARBY_PX = 0.02
BETWEEN = 0.25
"""An edge pixel's depth lies between surfaces if it is farther than this share, per pixel of `NEARBY_PX`,
from every surface that rays so near to the pixel's centre meet: 0.5 %."""
FACING = 0.5
"""Least cosine between ray and normal at which facets are compared with the curved shape they stand for."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number and the largest that it may be; NaN, where there was nothing to compare, is a failure."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def passed(self) -> bool:
        return self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Proof:
    """What one scene has shown.

    pixels : compared, of which `edge_pixels` are edge pixels
    """

    name: str
    what: str
    pixels: int
    edge_pixels: int
    measures: tuple[Measure, ...]

    @property
    def passed(self) -> bool:
        return all(measure.passed for measure in self.measures)

    def to_json(self) -> dict[str, object]:
        """Plain values; what was not there to be compared is null."""
        rows = [asdict(each) | {"passed": each.passed} for each in self.measures]
        for row in rows:
            row["value"] = row["value"] if math.isfinite(row["value"]) else None
        return {
            "name": self.name,
            "what": self.what,
            "passed": self.passed,
            "pixels": self.pixels,
            "edge_pixels": self.edge_pixels,
            "measures": rows,
        }


def prove(session: BlenderSession, width: int = 64, height: int = 48) -> list[Proof]:
    """Render every proof scene and compare it, in the order of `proof_scenes`.

    Raises
    ------
    RenderError
        When Cycles reports an error.
    """
    return [compare(scene, render(session, scene)) for scene in proof_scenes(width, height)]


def render(session: BlenderSession, proof: ProofScene) -> dict[str, dict[str, np.ndarray]]:
    """The truth channels of each of the scene's `surfaces`."""
    scene = session.reset()
    stage = Stage(scene, (BODY_CLASS,))
    proof.populate(stage)
    return _truth(scene, stage, proof)


def compare(proof: ProofScene, found: dict[str, dict[str, np.ndarray]]) -> Proof:
    """Hold the channels of `render` against the ray caster; the worst of each measure counts."""
    worst: dict[str, Measure] = {}
    edge_pixels = 0
    for surface, arrays in found.items():
        expected = _expect(proof, surface)
        edge_pixels += int(expected.edges.sum())
        for each in _measures(proof, expected, arrays):
            if each.name not in worst or not each.value <= worst[each.name].value:
                worst[each.name] = each
    pixels = len(found) * int(proof.camera.rays().any(axis=-1).sum())
    return Proof(proof.name, proof.what, pixels, edge_pixels, tuple(worst.values()))


def _truth(scene: bpy.types.Scene, stage: Stage, proof: ProofScene) -> dict[str, dict[str, np.ndarray]]:
    """Channels by surface from the same calls that make a frame; the one place that knows them."""
    camera, pose = proof.camera, proof.world_from_camera
    materials = number_materials(scene)
    prepare_passes(scene)
    with tempfile.TemporaryDirectory(prefix="synthgen-") as scratch:
        along = RaySurfaces(scene, camera, pose, scratch, max(proof.oversample, 1))
        layered = layer_channels(along.first(proof.layers)) if proof.layers else {}
        shown = {"first_hit": along.layer(0)}
        if "first_opaque" in proof.surfaces:
            shown["first_opaque"] = first_opaque(along, materials)
    wanted = ("distance", "position", "material")
    return {
        name: truth_channels(shown[name], camera, pose, stage.instances, CLASSES, materials, wanted) | layered
        for name in proof.surfaces
    }


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the ray caster says.

    bodies : those that are surfaces here, in the order of `hits.shape`
    rays : (h, w, 3), world frame
    hits : (h, w, K) surfaces; the first is the one that the truth must show
    instance : (h, w, K) ids of their bodies
    edges : (h, w) bool, edge pixels of any of them
    """

    bodies: list[Body]
    rays: np.ndarray
    hits: Hits
    instance: np.ndarray
    edges: np.ndarray


def _expect(proof: ProofScene, surface: str) -> _Expected:
    opaque_only = surface == "first_opaque"
    there = [
        (number, body)
        for number, body in enumerate(proof.bodies, 1)
        if body.shape is not None and not (opaque_only and body.seen_through)
    ]
    numbers, bodies = [number for number, _ in there], [body for _, body in there]
    rays = proof.camera.rays() @ proof.world_from_camera[:3, :3].T
    count = 1 if opaque_only else max(proof.layers, 1)
    origin = proof.world_from_camera[:3, 3]
    hits = cast([body.shape for body in bodies], origin, rays, count, CLIP_START_M)
    borrowed = proof.oversample > 0
    edges = np.any([find_edges(rays, hits, layer, creases=borrowed) for layer in range(count)], axis=0)
    return _Expected(bodies, rays, hits, np.array([*numbers, 0])[hits.shape], edges)


def _measures(proof: ProofScene, expected: _Expected, arrays: dict[str, np.ndarray]) -> Iterator[Measure]:
    depth, distance = arrays["depth"], expected.hits.distance
    wrong = _wrong_ids(proof.camera, expected, arrays)
    length = np.maximum(np.linalg.norm(expected.rays, axis=-1), 1.0)
    error = np.maximum.reduce(
        [
            _relative(depth, distance[..., 0]),
            _relative(arrays["distance"], length * distance[..., 0]),
            _misplaced(proof, expected, arrays["position"]),
        ]
    )
    if distance.shape[-1] > 1:
        wrong |= (arrays["instance_layers"] != expected.instance).any(axis=-1)
        error = np.maximum(error, _relative(arrays["depth_layers"], distance).max(axis=-1))
    edges = expected.edges
    inner = error[~edges & np.isfinite(distance[..., 0])]
    differing = (edges & (wrong | (error > DEPTH))).sum()
    yield Measure("depth", _worst(inner), DEPTH, "relative")
    yield Measure("median depth", float(np.median(inner)) if inner.size else math.nan, MEDIAN, "relative")
    yield Measure("wrong ids", float((wrong & ~edges).sum()), 0.0, "pixels")
    share = 0.5 / proof.oversample if proof.oversample else EDGES
    most = max(1.0, math.floor(share * edges.sum()))
    yield Measure("edge pixels that differ", float(differing), most, "pixels")
    yield Measure("between surfaces", float(_between(proof, expected, depth)), 0.0, "pixels")
    yield Measure("reprojection", _reprojection(proof, arrays["position"]), REPROJECTION_PX, "px")
    yield from _normals(proof, expected, arrays["normal"])
    yield from _curved(proof, expected, depth)


# -- edges ----------------------------------------------------------------------------------------------


def _around(pixels: np.ndarray) -> Iterator[np.ndarray]:
    """The (h, w, ...) pixels shifted so that each of the eight neighbours takes a pixel's place."""
    height, width = pixels.shape[:2]
    padded = np.pad(pixels, [(1, 1), (1, 1), *[(0, 0)] * (pixels.ndim - 2)], mode="edge")
    for row, column in ((r, c) for r in range(3) for c in range(3) if (r, c) != (1, 1)):
        yield padded[row : row + height, column : column + width]


def find_edges(rays: np.ndarray, hits: Hits, layer: int, creases: bool = False) -> np.ndarray:
    """(h, w) bool, the edge pixels of one layer, as this module tells them.

    Two faces join between two pixels if each pixel shows the nearer of both planes (a ridge), or each the
    farther (a valley). Otherwise one face hides the other: a step.

    Parameters
    ----------
    rays : (h, w, 3), those of the hits, in the same frame
    creases : whether another face counts however it joins
    """
    distance, shape = hits.distance[..., layer], hits.shape[..., layer]
    face, normal = hits.face[..., layer], hits.normal[..., layer, :]
    found = np.zeros(distance.shape, dtype=bool)
    neighbours = zip(*(_around(each) for each in (distance, shape, face, normal, rays)))
    for their_distance, their_shape, their_face, their_normal, their_ray in neighbours:
        mine_there = _plane_along(distance, normal, rays, their_ray)
        theirs_here = _plane_along(their_distance, their_normal, their_ray, rays)
        slack = 1 + 1e-9
        ridge = (distance <= theirs_here * slack) & (their_distance <= mine_there * slack)
        valley = (distance * slack >= theirs_here) & (their_distance * slack >= mine_there)
        found |= (shape != their_shape) | ((face != their_face) & (creases | (~ridge & ~valley)))
    return found


def _plane_along(distance: np.ndarray, normal: np.ndarray, ray: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where the plane that `ray` meets at `distance` is met by another ray; +inf where it is not."""
    with np.errstate(divide="ignore", invalid="ignore"):
        along = distance * (normal * ray).sum(axis=-1) / (normal * other).sum(axis=-1)
    return np.where(along > 0, along, np.inf)


def _between(proof: ProofScene, expected: _Expected, depth: np.ndarray) -> int:
    """How many edge pixels have a depth that no surface nearby has."""
    camera, pose = proof.camera, proof.world_from_camera
    centres = pixel_centres(camera.width, camera.height)[expected.edges]
    nearby_px = 0.75 / proof.oversample if proof.oversample else NEARBY_PX
    offsets = np.stack(np.meshgrid(*[(-nearby_px, 0.0, nearby_px)] * 2), axis=-1).reshape(-1, 1, 2)
    rays = camera.rays_at(centres + offsets) @ pose[:3, :3].T
    near = cast([body.shape for body in expected.bodies], pose[:3, 3], rays, 1, CLIP_START_M).distance[..., 0]
    return int((_relative(depth[expected.edges], near).min(axis=0) > BETWEEN * nearby_px).sum())


# -- measures -------------------------------------------------------------------------------------------


def _relative(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Relative error; 0 where both are infinite, +inf where only one is."""
    with np.errstate(invalid="ignore"):
        error = np.abs(found.astype(np.float64) - expected) / expected
    both = np.isfinite(found) & np.isfinite(expected)
    return np.where(both, error, np.where(np.isfinite(found) == np.isfinite(expected), 0.0, np.inf))


def _misplaced(proof: ProofScene, expected: _Expected, position: np.ndarray) -> np.ndarray:
    """(h, w) distance of (h, w, 3) places from where they must be, relative to that from the camera."""
    distance = expected.hits.distance[..., 0]
    both = np.isfinite(distance) & np.isfinite(position).all(axis=-1)
    along = expected.rays[both] * distance[both, None]
    off = np.zeros(distance.shape)
    off[both] = np.linalg.norm(position[both] - proof.world_from_camera[:3, 3] - along, axis=-1)
    off[both] /= np.linalg.norm(along, axis=-1)
    return off


def _worst(values: np.ndarray) -> float:
    return float(values.max()) if values.size else math.nan


def _wrong_ids(camera: Camera, expected: _Expected, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """(h, w) bool: an id is not that of the body, or a channel has a surface where none is."""
    instance = expected.instance[..., 0]
    nothing = np.where(camera.rays().any(axis=-1), CLASSES[SKY].id, CLASSES[VOID].id)
    return (
        (arrays["instance"] != instance)
        | (arrays["material"] != instance)
        | (arrays["semantic"] != np.where(instance > 0, CLASSES[BODY_CLASS].id, nothing))
        | (np.isfinite(arrays["depth"]) != (instance > 0))
        | (np.isfinite(arrays["position"]).all(axis=-1) != (instance > 0))
        | (arrays["normal"].any(axis=-1) != (instance > 0))
    )


def _reprojection(proof: ProofScene, position: np.ndarray) -> float:
    """How far the places of surfaces, world frame, project from the centres of their pixels."""
    camera = proof.camera
    hit = np.isfinite(position).all(axis=-1)
    points = transform_points(invert(proof.world_from_camera), position[hit].astype(np.float64))
    off = camera.project(points) - pixel_centres(camera.width, camera.height)[hit]
    return _worst(np.linalg.norm(off, axis=-1))


def _normals(proof: ProofScene, expected: _Expected, found: np.ndarray) -> Iterator[Measure]:
    """The angle on flat faces, where the 3 x 3 pixels around lie on one face."""
    shape, face = expected.hits.shape[..., 0], expected.hits.face[..., 0]
    flat = np.array([*(body.flat for body in expected.bodies), False])[shape]
    for their_shape, their_face in zip(_around(shape), _around(face)):
        flat &= (their_shape == shape) & (their_face == face)
    if not flat.any():
        return
    wanted = expected.hits.normal[..., 0, :] @ proof.world_from_camera[:3, :3]
    wanted = np.where(((wanted * proof.camera.rays()).sum(axis=-1) > 0)[..., None], -wanted, wanted)
    sine = np.linalg.norm(np.cross(found, wanted), axis=-1)
    angle = np.degrees(np.arctan2(sine, (found * wanted).sum(axis=-1)))
    yield Measure("normal", _worst(angle[flat]), NORMAL_DEG, "degrees")


def _curved(proof: ProofScene, expected: _Expected, depth: np.ndarray) -> Iterator[Measure]:
    """How far from a curved shape the facets are met that stand for it, at right angles to it."""
    length = np.linalg.norm(expected.rays, axis=-1)
    for index, body in enumerate(expected.bodies):
        if body.smooth is None:
            continue
        ideal = cast([body.smooth], proof.world_from_camera[:3, 3], expected.rays, 1, CLIP_START_M)
        cosine, facet_cosine = (
            np.abs((hits.normal[..., 0, :] * expected.rays).sum(axis=-1)) / np.where(length > 0, length, 1.0)
            for hits in (ideal, expected.hits)
        )
        there = (expected.hits.shape[..., 0] == index) & (np.minimum(cosine, facet_cosine) > FACING)
        off = np.abs(depth[there] - ideal.distance[..., 0][there]) * (length * cosine)[there]
        yield Measure("curved shape", _worst(off), body.facets_miss_by_m, "m")


if __name__ == "__main__":
    session = BlenderSession()
    proofs = [proof.to_json() for proof in prove(session)]
    print(sys.argv[1] + json.dumps({"bpy": session.version, "device": session.device_type, "proofs": proofs}))
