"""The truth render: the first surfaces along the ray through each pixel's centre.

One Cycles render with one sample per pixel gives them all. An override material lets the first surfaces of a
ray pass and writes each one's place, normal and ids into AOVs of its own. Depth is then the exact
intersection of the pixel's ray with the plane of the face that was hit, in float64: Cycles' own depth pass
has the float32 noise of its ray tracing, 10 to 100 times as much. Ids are float32 in AOVs, so they are exact
up to 2^24; Blender's own object index ends at 32,767.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.camera import set_camera
from synthgen.blender.materials import OBJECT_PROPERTY, MaterialTable
from synthgen.blender.passes import overridden, render_passes, through_pixel_centres, vector_pass
from synthgen.blender.stage.stage import INSTANCE_PROPERTY
from synthgen.errors import RenderError
from synthgen.geometry.camera import Camera, pixel_centres
from synthgen.geometry.warp import nearest_pixels, source_camera

LARGEST_CORRECTION = 1e-3
"""The face's plane is trusted where it moves a point by less than this share of its depth. A face seen
edge-on has no intersection to speak of; there the point itself counts."""
LARGEST_WARP = 0.2
"""The same where the point is that of the nearest ray, up to half a source pixel away: a table top seen at
one degree changes its depth by a tenth from one coarse pixel to the next."""
CHUNK = 4
"""Layers rendered at once while it is not known how many are needed."""
MAX_SURFACES = 64
"""How many transparent surfaces one ray may meet before the view is given up."""


@dataclass(frozen=True, slots=True)
class SurfaceTruth:
    """One surface along each ray, in Blender's terms: world frame, objects and slots.

    depth : (h, w) float64, metres as the camera measures it; +inf where nothing is hit
    normal_world : (h, w, 3) float64, unit, world frame, as the face has it; (0, 0, 0) where nothing is hit
    instance : (h, w) uint32, instance of the object, 0 where nothing is hit
    made : (h, w) uint32, number of the object in the material table, 0 where nothing is hit
    slot : (h, w) uint32, material slot of the face
    """

    depth: np.ndarray
    normal_world: np.ndarray
    instance: np.ndarray
    made: np.ndarray
    slot: np.ndarray

    @property
    def hit(self) -> np.ndarray:
        """(h, w) bool."""
        return self.made > 0

    def replaced(self, other: SurfaceTruth, where: np.ndarray) -> SurfaceTruth:
        """`other` in some pixels, this in the rest."""
        return SurfaceTruth(
            depth=np.where(where, other.depth, self.depth),
            normal_world=np.where(where[..., None], other.normal_world, self.normal_world),
            instance=np.where(where, other.instance, self.instance),
            made=np.where(where, other.made, self.made),
            slot=np.where(where, other.slot, self.slot),
        )


class RaySurfaces:
    """The surfaces along the rays of one view; layers are rendered when they are first asked for.

    Parameters
    ----------
    scene : built
    camera, world_from_camera : the view; a camera that Cycles has no lens for takes the face that the nearest
        ray of another lens hits, `oversample` times as fine
    scratch : folder for the render
    rows : rows of the image to render; all of them where it is not given
    prepare : called before each render, puts things where they are at the time of the view
    """

    def __init__(
        self,
        scene: bpy.types.Scene,
        camera: Camera,
        world_from_camera: np.ndarray,
        scratch: str,
        oversample: int = 1,
        rows: slice = slice(None),
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        self._prepare = prepare
        self.world_from_camera = world_from_camera
        self._scene, self._scratch = scene, scratch
        source = source_camera(camera, oversample)
        self._lens, self._rows, self._nearest = camera, rows, None
        if source is not None:
            self._lens, self._rows = source, slice(None)
            self._nearest = [part[rows] for part in nearest_pixels(camera, source)]
        rays = camera.rays_at(pixel_centres(camera.width, camera.height, rows))
        self._seen = rays.any(axis=-1)  # all, but for the corners around a fisheye's circle
        self._rays_world = rays @ world_from_camera[:3, :3].T
        self._layers: list[SurfaceTruth] = []

    def layer(self, index: int) -> SurfaceTruth:
        """The surface with this number along each ray, from 0."""
        if index >= len(self._layers):
            self._render(1 if index == 0 else max(CHUNK, index + 1 - len(self._layers)))
        return self._layers[index]

    def first(self, count: int) -> list[SurfaceTruth]:
        """The first `count` surfaces."""
        if count > len(self._layers):
            self._render(count - len(self._layers))
        return self._layers[:count]

    def _render(self, count: int) -> None:
        start = len(self._layers)
        self._prepare()
        set_camera(self._scene, self._lens, self.world_from_camera)
        aovs = [_aov(name, index) for index in range(start, start + count) for name in _AOVS]
        with (
            overridden(self._scene.view_layers[0], _truth_material(start, count), aovs),
            through_pixel_centres(self._scene, start + count),
            _border(self._scene, self._lens, self._rows),
        ):
            passes = render_passes(self._scene, self._scratch, "truth render")
        for index in range(start, start + count):
            self._layers.append(self._surface(passes, index))

    def _surface(self, passes: dict[str, np.ndarray], index: int) -> SurfaceTruth:
        ids, normal, place = (self._warped(vector_pass(passes, _aov(name, index))) for name in _AOVS)
        instance, made, slot = np.moveaxis(np.rint(ids).astype(np.uint32), -1, 0)
        hit = self._seen & (made > 0)
        lost = hit & ((instance == 0) | (made == 1))
        if lost.any():
            count = int(lost.sum())
            raise RenderError(f"truth render: {count} pixels show an object that belongs to no instance")
        depth = _depth_on_faces(
            self._rays_world,
            place - self.world_from_camera[:3, 3],
            normal.astype(np.float64),
            LARGEST_CORRECTION if self._nearest is None else LARGEST_WARP,
        )
        return SurfaceTruth(
            depth=np.where(hit, depth, np.inf),
            normal_world=np.where(hit[..., None], normal, 0.0),
            instance=np.where(hit, instance, 0),
            made=np.where(hit, made - 1, 0),
            slot=np.where(hit, slot, 0),
        )

    def _warped(self, pixels: np.ndarray) -> np.ndarray:
        """Of a lens that Cycles lacks: what the nearest rays show."""
        if self._nearest is None:
            return pixels
        rows, columns, seen = self._nearest
        return np.where(seen[..., None], pixels[rows, columns], 0)


def first_opaque(surfaces: RaySurfaces, materials: MaterialTable) -> SurfaceTruth:
    """The first surface along each ray whose material the eye does not look through.

    Raises
    ------
    RenderError
        When a ray meets more than `MAX_SURFACES` transparent surfaces.
    """
    found = surfaces.layer(0)
    for index in range(1, MAX_SURFACES + 1):
        behind = found.hit & materials.transparent[materials.ids(found.made, found.slot)]
        if not behind.any():
            return found
        found = found.replaced(surfaces.layer(index), behind)
    raise RenderError(f"truth render: {behind.sum()} pixels look through more than {MAX_SURFACES} surfaces")


def _depth_on_faces(rays: np.ndarray, place: np.ndarray, normal: np.ndarray, limit: float) -> np.ndarray:
    """(h, w) float64 multiples of the (h, w, 3) rays at which they meet the planes of the faces.

    `place` is a point of each face, from the camera's centre, world axes: right to float32 across the face,
    and near the ray along it. Where the plane moves it by more than `limit` of its depth, the point counts.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        measured = np.einsum("hwc,hwc->hw", place, rays) / np.einsum("hwc,hwc->hw", rays, rays)
        exact = np.einsum("hwc,hwc->hw", place, normal) / np.einsum("hwc,hwc->hw", rays, normal)
        trusted = np.abs(exact - measured) <= limit * measured
    return np.where(trusted, exact, measured)


@contextmanager
def _border(scene: bpy.types.Scene, camera: Camera, rows: slice) -> Iterator[None]:
    """Render some rows of the image only."""
    start, stop, _ = rows.indices(camera.height)
    render = scene.render
    render.use_border = render.use_crop_to_border = stop - start < camera.height
    render.border_min_x, render.border_max_x = 0.0, 1.0
    # Blender counts rows from below and cuts fractions off.
    render.border_min_y = (camera.height - stop + 0.25) / camera.height
    render.border_max_y = (camera.height - start + 0.25) / camera.height
    try:
        yield
    finally:
        render.use_border = False


_AOVS = ("Ids", "Normal", "Position")
_ID_ATTRIBUTES = (
    ("OBJECT", INSTANCE_PROPERTY),
    ("OBJECT", OBJECT_PROPERTY),
    ("GEOMETRY", "material_index"),
)
"""Where the red, green and blue of the ids come from. A mesh without `material_index` uses slot 0."""


def _aov(name: str, index: int) -> str:
    return f"True{name}{index}"


def _truth_material(start: int, count: int) -> bpy.types.Material:
    """Lets the first surfaces of a ray pass, stops it at the last one asked for, and writes down `count`.

    Cycles adds up the AOVs of all surfaces that a ray passes, so each surface writes into its own, and 0 into
    those of the others.
    """
    name = f"synthgen_truth_{start}_{count}"
    if name in bpy.data.materials:
        return bpy.data.materials[name]
    material = bpy.data.materials.new(name)
    tree = compat.node_tree(material)
    tree.nodes.clear()
    nodes, links = tree.nodes, tree.links
    passed = nodes.new("ShaderNodeLightPath").outputs["Transparent Depth"]
    sources = _truth_outputs(nodes, links)
    for index in range(start, start + count):
        here = _compared(nodes, links, passed, "COMPARE", index)
        for each in _AOVS:
            written = nodes.new("ShaderNodeVectorMath")
            written.operation = "SCALE"
            links.new(sources[each], written.inputs[0])
            links.new(here, written.inputs["Scale"])
            aov = nodes.new("ShaderNodeOutputAOV")
            aov.aov_name = _aov(each, index)
            links.new(written.outputs[0], aov.inputs["Color"])
    mix = nodes.new("ShaderNodeMixShader")
    links.new(_compared(nodes, links, passed, "GREATER_THAN", start + count - 1.5), mix.inputs[0])
    links.new(nodes.new("ShaderNodeBsdfTransparent").outputs[0], mix.inputs[1])
    links.new(nodes.new("ShaderNodeEmission").outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], nodes.new("ShaderNodeOutputMaterial").inputs["Surface"])
    return material


def _compared(
    nodes: bpy.types.Nodes,
    links: bpy.types.NodeLinks,
    source: bpy.types.NodeSocket,
    operation: str,
    value: float,
) -> bpy.types.NodeSocket:
    """1 where `source` compares so with `value` (equality to within a half), else 0."""
    node = nodes.new("ShaderNodeMath")
    node.operation = operation
    node.inputs[1].default_value, node.inputs[2].default_value = value, 0.5
    links.new(source, node.inputs[0])
    return node.outputs[0]


def _truth_outputs(nodes: bpy.types.Nodes, links: bpy.types.NodeLinks) -> dict[str, bpy.types.NodeSocket]:
    """What each AOV shows."""
    ids = nodes.new("ShaderNodeCombineXYZ")
    for socket, (kind, name) in zip(ids.inputs, _ID_ATTRIBUTES):
        attribute = nodes.new("ShaderNodeAttribute")
        attribute.attribute_type, attribute.attribute_name = kind, name
        links.new(attribute.outputs["Fac"], socket)
    # One more than the object's number, so that an object without a number is not taken for the sky.
    counted = nodes.new("ShaderNodeVectorMath")
    counted.operation, counted.inputs[1].default_value = "ADD", (0.0, 1.0, 0.0)
    links.new(ids.outputs[0], counted.inputs[0])
    geometry = nodes.new("ShaderNodeNewGeometry")
    return {
        "Position": geometry.outputs["Position"],
        "Normal": geometry.outputs["True Normal"],
        "Ids": counted.outputs[0],
    }
