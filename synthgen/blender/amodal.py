"""Amodal masks: which pixels would show an instance if nothing stood before it.

An override material lets every ray pass through everything, and Cycles adds up the AOVs of all surfaces on
the way. So one AOV channel counts the surfaces of several instances, one digit each: a surface adds
base^digit, and float32 sums of whole numbers are exact below 2^24. One more channel counts them all; where
the digits of all channels add up to less, one of them was carried into the next, and the instances of those
channels are counted again with a channel each.

Of two surfaces at the same distance Cycles goes on behind both, and counts one: a book between two books
would have no surface left. So instances whose boxes touch are never rendered together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np

from synthgen.blender import compat
from synthgen.blender.camera import set_camera
from synthgen.blender.passes import overridden, plain_pass, render_passes, through_pixel_centres
from synthgen.blender.stage.stage import instance_id
from synthgen.errors import RenderError
from synthgen.frame.objects import ObjectFrame
from synthgen.geometry.camera import Camera
from synthgen.geometry.pose import invert, transform_points
from synthgen.geometry.warp import nearest_pixels, source_camera

MOST_BOUNCES = 1024
"""Through how many surfaces Cycles lets a ray pass at most. 4.5 counts two more, 5.2 one more."""
CHANNEL_BITS = 24
"""Whole numbers of so many bits are exact in float32."""
DIGITS = 3
"""Instances in one channel: up to 255 surfaces of each along a ray are counted without a carry."""
PIXELS_AT_ONCE = 2**24
"""Pixels of all AOVs of a render: about 1 GB in Cycles, in its file and in memory."""
MOST_AOVS = 64
"""The shaders of 4.5 have places for 82 of them and show nothing with more, and each makes their compiling
slower by all the others: two renders with half as many are quicker."""
TOUCHING = 1e-5
"""Boxes with gaps smaller than this share of the distance to the farthest one count as touching; Cycles tells
surfaces apart that lie 1e-7 of their distance from each other."""


def amodal_masks(
    scene: bpy.types.Scene,
    scratch: str,
    camera: Camera,
    world_from_camera: np.ndarray,
    frames: Mapping[int, ObjectFrame],
    instance: np.ndarray,
    oversample: int = 1,
) -> Iterator[tuple[int, np.ndarray]]:
    """Id and (h, w) bool mask of every instance that may have pixels, in no order, not all in memory at once.

    A pixel belongs to a mask if the ray through its centre meets the instance, behind whatever else.

    Parameters
    ----------
    scene : with its objects where they are at the time of the view
    scratch : folder for the renders
    world_from_camera : (4, 4), OpenCV frame
    frames : of all instances that have a surface, at the time of the view
    instance : (h, w) ids of the view's truth
    oversample : that of the truth, for a camera that Cycles has no lens for

    Raises
    ------
    RenderError
        When the truth shows an instance where its mask does not reach.
    """
    lens = source_camera(camera, oversample) or camera
    set_camera(scene, lens, world_from_camera)
    counter = _Counter(
        scene,
        scratch,
        aovs=min(max(1, PIXELS_AT_ONCE // (lens.width * lens.height) - 1), MOST_AOVS - 1),
        pixels=np.s_[:, :] if lens is camera else nearest_pixels(camera, lens)[:2],
    )
    seen = camera.rays().any(axis=-1)  # all, but for the corners around a fisheye's circle
    within = _in_view(frames, lens, world_from_camera)
    for number in np.unique(instance).tolist():
        if number and number not in within:
            raise _beyond(number, instance == number)
    for apart in _groups(within, world_from_camera[:3, 3]):
        for number, reached in counter.masks(apart, DIGITS):
            mask = reached & seen
            beyond = (instance == number) & ~mask
            if beyond.any():
                raise _beyond(number, beyond)
            yield number, mask


def _beyond(number: int, pixels: np.ndarray) -> RenderError:
    return RenderError(
        f"amodal render: {np.count_nonzero(pixels)} pixels show instance {number} and are not in its mask; "
        "is it where it was when the truth was rendered?"
    )


def _in_view(
    frames: Mapping[int, ObjectFrame], lens: Camera, world_from_camera: np.ndarray
) -> dict[int, ObjectFrame]:
    """Those that a ray may meet: whose spheres reach into the cone around the lens's rays."""
    rays = lens.rays()
    rays = rays[rays.any(axis=-1)]
    cone = np.arccos(np.clip(rays[:, 2] / np.linalg.norm(rays, axis=-1), -1, 1).min())
    within = {}
    for number, frame in frames.items():
        middle = transform_points(invert(world_from_camera) @ frame.world_from_object, frame.center_m)
        distance, radius = np.linalg.norm(middle), np.linalg.norm(frame.size_m) / 2
        off_axis = np.arctan2(np.linalg.norm(middle[:2]), middle[2])
        if distance <= radius or off_axis - np.arcsin(radius / distance) <= cone + 1e-3:
            within[number] = frame
    return within


def _groups(frames: Mapping[int, ObjectFrame], eye: np.ndarray) -> list[list[int]]:
    """Ids in as few lists as a greedy colouring finds, the boxes in one list apart from each other.

    Boxes are compared along the world's axes; those that touch the most others go first.
    """
    if not frames:
        return []
    ids = np.array(list(frames))
    corners = np.stack([frames[number].corners_world for number in frames])
    gap = TOUCHING * np.linalg.norm(corners - eye, axis=-1).max()
    low, high = (corners.min(axis=1) - gap / 2).T.copy(), (corners.max(axis=1) + gap / 2).T.copy()
    # One by one: a table of tens of thousands by tens of thousands does not fit into memory.
    touching = [
        np.flatnonzero(((low <= high[:, [index]]) & (high >= low[:, [index]])).all(axis=0))
        for index in range(len(ids))
    ]
    group = np.full(len(ids), -1)
    for index in np.argsort([-len(each) for each in touching], kind="stable"):
        taken = group[touching[index]]
        group[index] = next(number for number in range(len(ids)) if number not in taken)
    return [sorted(ids[group == number].tolist()) for number in range(group.max() + 1)]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many surfaces of some instances each ray meets.

    channels : (h, w) uint32 each, `digits` instances in each, the first one lowest
    counted : (h, w) surfaces of all these instances
    every : (h, w) surfaces that the ray met at all
    """

    ids: Sequence[int]
    digits: int
    channels: Sequence[np.ndarray]
    counted: np.ndarray
    every: np.ndarray

    def of(self, index: int) -> np.ndarray:
        """(h, w) surfaces of the instance ids[index]."""
        bits = CHANNEL_BITS // self.digits
        return self.channels[index // self.digits] >> (bits * (index % self.digits)) & (2**bits - 1)

    def carried(self) -> list[int]:
        """Ids that share a channel with a digit that may have been carried into the next."""
        wrong = sum(self.of(index) for index in range(len(self.ids))) != self.counted
        spoilt = [channel[wrong].any() for channel in self.channels]
        return [number for index, number in enumerate(self.ids) if spoilt[index // self.digits]]


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts surfaces by renders of a scene as its camera stands.

    aovs : how many a render may have
    pixels : those of the render that the view takes
    """

    scene: bpy.types.Scene
    scratch: str
    aovs: int
    pixels: tuple[slice, slice] | tuple[np.ndarray, np.ndarray]

    def masks(self, ids: Sequence[int], digits: int) -> Iterator[tuple[int, np.ndarray]]:
        """Masks of some instances that are rendered without the others."""
        most = self.aovs * 3 * digits
        for start in range(0, len(ids), most):
            counts = self.count(ids[start : start + most], digits)
            half = len(counts.ids) // 2
            if half and (counts.every > MOST_BOUNCES).any():  # rays that ended early; half sees farther
                for part in (counts.ids[:half], counts.ids[half:]):
                    yield from self.masks(part, digits)
                continue
            again = counts.carried()
            for index, number in enumerate(counts.ids):
                if number not in again:
                    yield number, counts.of(index) > 0
            if again:
                yield from self.masks(again, 1)

    def count(self, ids: Sequence[int], digits: int) -> _Counts:
        """One render."""
        aovs = -(-len(ids) // (3 * digits))
        with (
            through_pixel_centres(self.scene, MOST_BOUNCES),
            overridden(self.scene.view_layers[0], _counting_material(aovs), (*_aovs(aovs), _TOTALS_AOV)),
            _only(ids, digits),
        ):
            passes = render_passes(self.scene, self.scratch, "amodal render")
        numbers = {
            name: plain_pass(passes, name)[self.pixels].astype(np.uint32)
            for name in (f"{aov}.{colour}" for aov in (*_aovs(aovs), _TOTALS_AOV) for colour in "RGB")
        }
        totals = [numbers.pop(f"{_TOTALS_AOV}.{colour}") for colour in "RGB"]
        return _Counts(ids, digits, tuple(numbers.values()), counted=totals[0], every=totals[1])


_TOTALS_AOV = "AmodalTotals"
_COUNTED_PROPERTY = "synthgen_amodal"
"""Custom property of an object whose surfaces are counted: 1.0."""


def _aovs(count: int) -> list[str]:
    return [f"Amodal{index}" for index in range(count)]


def _property(index: int) -> str:
    """Custom property of an object with what its surfaces add to the three channels of an AOV."""
    return f"synthgen_amodal{index}"


@contextmanager
def _only(ids: Sequence[int], digits: int) -> Iterator[None]:
    """Only these instances are rendered, each with its digit.

    Cycles puts a mesh into the world's frame where it has one user, and rays into the mesh's frame where it
    has several, with other rounding. So what shares a mesh with the others stays, and is hidden from the
    camera; what brings other objects into the scene stays as it is.
    """
    place = {number: divmod(index, digits) for index, number in enumerate(ids)}
    objects = [made for made in bpy.data.objects if instance_id(made)]
    counted = [made for made in objects if instance_id(made) in place]
    meshes = {made.data for made in counted}
    instances = bpy.context.evaluated_depsgraph_get().object_instances
    instancers = {each.parent.original for each in instances if each.is_instance}
    before = [(made, made.hide_render, made.visible_camera) for made in objects]
    for made in objects:
        if instance_id(made) in place:
            channel, digit = place[instance_id(made)]
            weights = [0.0, 0.0, 0.0]
            weights[channel % 3] = 2.0 ** (CHANNEL_BITS // digits * digit)
            made[_property(channel // 3)], made[_COUNTED_PROPERTY] = weights, 1.0
        elif made in instancers:
            continue
        elif made.data in meshes:
            made.visible_camera = False
        else:
            made.hide_render = True
    try:
        yield
    finally:
        for made, hidden, visible in before:
            made.hide_render, made.visible_camera = hidden, visible
        for made in counted:
            channel, _ = place[instance_id(made)]
            del made[_property(channel // 3)], made[_COUNTED_PROPERTY]


def _counting_material(aovs: int) -> bpy.types.Material:
    """Lets every ray pass; an object's properties go into the AOVs."""
    name = f"synthgen_amodal_{aovs}"
    if name in bpy.data.materials:
        return bpy.data.materials[name]
    material = bpy.data.materials.new(name)
    tree = compat.node_tree(material)
    tree.nodes.clear()
    nodes, links = tree.nodes, tree.links
    passing, output = nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeOutputMaterial")
    links.new(passing.outputs[0], output.inputs["Surface"])
    sources = {
        aov: _attribute(nodes, _property(index)).outputs["Vector"] for index, aov in enumerate(_aovs(aovs))
    }
    totals = nodes.new("ShaderNodeCombineXYZ")
    links.new(_attribute(nodes, _COUNTED_PROPERTY).outputs["Fac"], totals.inputs[0])
    totals.inputs[1].default_value = 1.0
    for aov, source in (sources | {_TOTALS_AOV: totals.outputs[0]}).items():
        written = nodes.new("ShaderNodeOutputAOV")
        written.aov_name = aov
        links.new(source, written.inputs["Color"])
    return material


def _attribute(nodes: bpy.types.Nodes, name: str) -> bpy.types.Node:
    attribute = nodes.new("ShaderNodeAttribute")
    attribute.attribute_type, attribute.attribute_name = "OBJECT", name
    return attribute
