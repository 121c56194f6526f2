"""The scenes of the proof: each is known twice, as meshes for Blender and as shapes for the ray caster.

Every body is an instance of its own with a material of its own, in order: instance, object and material of
the body at place i all have the id i + 1. Poses are uneven on purpose, so that no edge runs along a row of
pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
import mathutils
import numpy as np

from synthgen.blender import proof_materials as paint
from synthgen.blender.stage import light, ware
from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.stage import Stage
from synthgen.geometry.camera import Camera, PerspectiveCamera
from synthgen.geometry.distorted import BrownConradyCamera, KannalaBrandtFisheye
from synthgen.geometry.fisheye import EquisolidFisheye, PolynomialFisheye
from synthgen.geometry.mesh_shape import Mesh
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import camera_rotation, world_from_camera
from synthgen.geometry.shapes import Box, Cylinder, Placed, Quad, Shape, Sphere, Torus, stairs
from synthgen.geometry.warp import source_camera

BODY_CLASS = "object"
WIRE_PX = 0.3
"""How thick the wire is where the camera sees it."""
GLASS_LAYERS = 8
OVERSAMPLE = 4
"""Of cameras that Cycles has no lens for."""
_KEY = "all"

MakeMaterial = Callable[[str], bpy.types.Material]


@dataclass(frozen=True, slots=True)
class Body:
    """One object.

    shape : what rays must meet, world frame; None for what is no surface
    mesh : the same for Blender, object frame
    material : makes its material, given a name
    seen_through : whether `first_opaque` looks through it
    flat : whether its faces are flat and larger than a pixel, so that normals are compared
    smooth : the curved shape that the mesh stands for, and by how much its facets may miss it, metres
    world_from_object : (4, 4); None for where the mesh is
    """

    shape: Shape | None
    mesh: MeshBuilder
    material: MakeMaterial
    seen_through: bool = False
    flat: bool = True
    smooth: Shape | None = None
    facets_miss_by_m: float = 0.0
    world_from_object: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class ProofScene:
    """Bodies before a camera.

    surfaces : what of the truth is compared: first_hit, first_opaque or both
    layers : how many surfaces along each ray are compared
    lamps : put into the scene beside the bodies; a lamp is no surface
    oversample : of a camera that Cycles has no lens for, whose pixels see what the nearest rays of a lens hit
        that is so many times as fine; 0 for all others
    """

    name: str
    what: str
    bodies: tuple[Body, ...]
    camera: Camera
    world_from_camera: np.ndarray
    surfaces: tuple[str, ...] = ("first_hit",)
    layers: int = 0
    lamps: Callable[[Stage], object] | None = None
    oversample: int = 0

    def populate(self, stage: Stage) -> None:
        """Put everything into an empty stage."""
        for index, body in enumerate(self.bodies, 1):
            made = stage.add(
                body.mesh, stage.instance(BODY_CLASS), {_KEY: body.material(f"body.{index:02d}")}
            )
            if body.world_from_object is not None:
                made.matrix_world = mathutils.Matrix(body.world_from_object.tolist())
        if self.lamps is not None:
            self.lamps(stage)


def proof_scenes(width: int, height: int) -> tuple[ProofScene, ...]:
    """All scenes at an image size; the cameras of the last ones have sizes near it.

    Parameters
    ----------
    width, height : pixels; 64 x 48 proves as much as a large image does, pixel for pixel
    """
    camera = PerspectiveCamera.from_fov(width, height, 60)
    return (
        _plane(camera),
        _sphere(camera),
        _torus(camera),
        _box(camera),
        _stairs(camera),
        _wire(camera),
        _glass(camera),
        *_leaves(camera),
        _mirror(camera),
        _glow(camera),
        _fog(camera),
        *(_room(name, each) for name, each in proof_cameras(width, height).items()),
    )


def proof_cameras(width: int, height: int) -> dict[str, Camera]:
    """Cameras of every model that the room is seen with: off centre, uneven, portrait, wide."""
    w, h = float(width), float(height)
    return {
        "off_centre": PerspectiveCamera(width, height, 0.8 * w, 0.8 * w, 0.14 * w, 0.85 * h),
        "fx_above_fy": PerspectiveCamera(width, height, 1.1 * w, 0.7 * w, 0.31 * w, 0.62 * h),
        "fy_above_fx": PerspectiveCamera(width, height, 0.6 * w, 0.9 * w, 0.43 * w, 0.41 * h),
        "portrait": PerspectiveCamera.from_fov(height, width, 70),
        "wide": PerspectiveCamera.from_fov(width, height // 3, 110),
        "equirectangular": EquirectangularCamera(2 * height, height),
        "equirectangular_uneven": EquirectangularCamera(width - 13, height),
        "equisolid": EquisolidFisheye(height, width, 0.32 * h, 0.42 * h, 0.58 * w, 220.0),
        "equisolid_cropped": EquisolidFisheye(width, height, 0.94 * w, 0.5 * w, 0.5 * h, 180.0),
        "equidistant": PolynomialFisheye(height, height, h / math.pi, 0.5 * h, 0.5 * h, 180.0),
        "polynomial": PolynomialFisheye(width, height, 0.3 * w, 0.47 * w, 0.55 * h, 200.0, 0.02, -0.04, 0.01),
        "brown_conrady": BrownConradyCamera(
            width, height, 0.8 * w, 0.85 * w, 0.47 * w, 0.55 * h, -0.15, 0.03, 0.001, -0.002, 0.0
        ),
        "kannala_brandt": KannalaBrandtFisheye(
            width, height, 0.3 * w, 0.31 * w, 0.47 * w, 0.55 * h, 180.0, 0.02, -0.01, 0.002, 0.0
        ),
    }


# -- bodies ---------------------------------------------------------------------------------------------


def _quad_body(corner: Sequence[float], u: Sequence[float], v: Sequence[float],
               material: MakeMaterial = paint.matt, *, seen_through: bool = False) -> Body:  # fmt: skip
    corner, u, v = (np.asarray(each, dtype=np.float64) for each in (corner, u, v))
    mesh = MeshBuilder().quad([corner, corner + u, corner + u + v, corner + v], _KEY)
    return Body(Quad(corner, u, v), mesh, material, seen_through)


def _box_body(
    box: Box,
    material: MakeMaterial = paint.matt,
    *,
    seen_through: bool = False,
    moved: np.ndarray | None = None,
) -> Body:
    mesh = MeshBuilder().block(box.low, box.high, _KEY, bevel=0)
    shape = box if moved is None else Placed(box, moved)
    return Body(shape, mesh, material, seen_through, world_from_object=moved)


def _round_body(mesh: MeshBuilder, smooth: Shape, facets_miss_by_m: float) -> Body:
    """A curved shape in facets: the mesh is met exactly, as Blender has it, in float32."""
    vertices = mesh.vertices().astype(np.float32).astype(np.float64)
    return Body(
        Mesh(vertices, mesh.triangles()),
        mesh,
        paint.matt,
        flat=False,
        smooth=smooth,
        # 5 % since it is measured along the ray, a micrometre for corners in float32.
        facets_miss_by_m=1.05 * facets_miss_by_m + 1e-6,
    )


def _moved(position: Sequence[float], yaw_deg: float, pitch_deg: float, roll_deg: float,
           scale: Sequence[float] = (1.0, 1.0, 1.0)) -> np.ndarray:  # fmt: skip
    turned = world_from_camera(np.asarray(position), camera_rotation(yaw_deg, pitch_deg, roll_deg))
    return turned @ np.diag([*scale, 1.0])


def _pose(yaw_deg: float, pitch_deg: float, roll_deg: float) -> np.ndarray:
    return world_from_camera(np.array([0.05, -0.11, 0.07]), camera_rotation(yaw_deg, pitch_deg, roll_deg))


def _wall(x: float) -> Body:
    """A wall across the view, a little askew."""
    return _quad_body((x - 1.0, -8.0, -6.0), (2.0, 16.0, 0.5), (0.5, -0.25, 12.0))


# -- scenes ---------------------------------------------------------------------------------------------


def _plane(camera: Camera) -> ProofScene:
    # Corners that float32 holds, so that the plane in Blender is this one.
    ground = _quad_body((-16, -64, -0.75), (80, 0, 0.625), (0, 128, -2))
    pose = _pose(4.7, -6.3, 5.1)
    return ProofScene("plane", "a tilted plane to 64 m, with a horizon", (ground,), camera, pose)


def _sphere(camera: Camera) -> ProofScene:
    centre, radius, around, rows = np.array([3.1, 0.23, 0.11]), 0.9, 64, 32
    tilt = np.linspace(-math.pi / 2, math.pi / 2, rows + 1)
    profile = np.column_stack([np.cos(tilt) * radius, np.sin(tilt) * radius])
    profile[[0, -1], 0] = 0.0
    mesh = MeshBuilder().lathe(profile, centre, _KEY, segments=around)
    off = radius * (1 - math.cos(math.hypot(math.pi / around, math.pi / 2 / rows)))
    what = "a sphere of 2,048 facets, shaded smooth, before a wall"
    bodies = (_round_body(mesh, Sphere(centre, radius), off), _wall(6.0))
    return ProofScene("sphere", what, bodies, camera, _pose(3.3, -1.9, 7.7))


def _torus(camera: Camera) -> ProofScene:
    major, minor, around, across = 0.8, 0.3, 96, 40
    a = np.linspace(0, 2 * math.pi, around, endpoint=False)[:, None]
    b = np.linspace(0, 2 * math.pi, across, endpoint=False)
    out = major + minor * np.cos(b)
    points = np.stack(np.broadcast_arrays(out * np.cos(a), out * np.sin(a), minor * np.sin(b)), axis=-1)
    mesh = MeshBuilder().surface(points, _KEY, closed_u=True, closed_v=True)
    place = _moved((2.9, 0.13, -0.07), 21.0, 52.0, 13.0)
    off = (major + minor) * (1 - math.cos(math.pi / around)) + minor * (1 - math.cos(math.pi / across))
    ring = _round_body(mesh.transformed(place), Placed(Torus((0, 0, 0), major, minor), place), off)
    what = "a torus of 3,840 facets, which hides parts of itself, under a sky"
    return ProofScene("torus", what, (ring,), camera, _pose(-2.1, 1.3, -9.2))


def _box(camera: Camera) -> ProofScene:
    bodies = (
        _box_body(Box((-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)),
                  moved=_moved((3.2, 0.5, 0.1), 33.0, 21.0, 12.0, (1.3, 0.6, 0.9))),
        _box_body(Box((-0.3, -0.2, -0.4), (0.3, 0.4, 0.5)),
                  moved=_moved((2.6, -0.9, -0.3), -48.0, 7.0, -31.0, (-1.1, 0.8, 1.2))),
        _wall(5.0),
    )  # fmt: skip
    what = "boxes whose objects are turned, stretched and mirrored, before a wall"
    return ProofScene("box", what, bodies, camera, _pose(1.7, 2.3, 6.1))


def _stairs(camera: Camera) -> ProofScene:
    steps = stairs((2.03, -1.11, -1.37), 6, tread_m=0.31, riser_m=0.19, width_m=2.3)
    bodies = (*(_box_body(step) for step in steps), _wall(7.0))
    what = "six steps from half above, then a wall"
    return ProofScene("stairs", what, bodies, camera, _pose(6.3, -11.7, 3.9))


def _wire(camera: PerspectiveCamera) -> ProofScene:
    distance, sides, slope = 2.4, 24, np.array([0.1, 0.55, 1.0])
    radius = WIRE_PX / 2 * distance / camera.fx
    centre = np.array([distance, 0.05, 0.02])
    unit = slope / np.linalg.norm(slope)
    mesh = MeshBuilder().tube([centre - 3 * unit, centre + 3 * unit], radius, _KEY, segments=sides)
    wire = _round_body(mesh, Cylinder(centre, slope, radius, 3.0), radius * (1 - math.cos(math.pi / sides)))
    what = f"a wire {WIRE_PX} px thick across the image, before a wall"
    return ProofScene("wire", what, (wire, _wall(4.0)), camera, _pose(0.9, 1.1, 2.7))


def _glass(camera: Camera) -> ProofScene:
    def sheet(corner: Sequence[float], width: float, height: float, lean: float) -> Body:
        return _quad_body(corner, (lean, width, 0.2), (0.3, -0.1, height), ware.pane, seen_through=True)

    def pane(position: Sequence[float], yaw: float) -> Body:
        box = Box((-0.5, -0.6, -0.04), (0.6, 0.5, 0.04))
        return _box_body(box, ware.glass, seen_through=True, moved=_moved(position, yaw, 4.0, 3.0))

    bodies = (
        pane((1.9, 0.15, 0.05), 14.0),
        sheet((2.6, -1.1, -0.6), 1.6, 1.1, 0.35),
        pane((3.2, -0.5, -0.1), -23.0),
        sheet((4.1, -0.8, -1.3), 2.1, 2.4, -0.4),
        sheet((4.8, -2.1, -0.3), 3.1, 1.2, 0.2),
        _quad_body((6.9, -3.0, -5.0), (0.7, 4.1, 0.1), (0.0, 0.2, 10.0)),
    )
    what = f"five panes, two of them thick, before a wall and a sky: the first {GLASS_LAYERS} surfaces"
    return ProofScene(
        "glass", what, bodies, camera, _pose(1.3, -2.4, 4.4), ("first_hit", "first_opaque"), GLASS_LAYERS
    )


def _leaves(camera: Camera) -> tuple[ProofScene, ProofScene]:
    def card(position: Sequence[float], yaw: float, pitch: float, material: MakeMaterial) -> Body:
        place = _moved(position, yaw, pitch, 11.0)
        corner, u, v = place[:3, 3], 0.9 * place[:3, 0], 0.7 * place[:3, 1]
        return _quad_body(corner, u, v, material, seen_through=material is paint.mixed_cutout)

    cards = (
        card((2.1, 0.7, 0.3), 21.0, 17.0, paint.cutout),
        card((2.9, 0.6, -0.1), -18.0, 23.0, paint.mixed_cutout),
        card((2.5, -0.1, 0.6), 32.0, -21.0, paint.cutout),
        card((3.6, -0.3, -0.1), 13.0, 9.0, paint.declared_cutout),
    )
    both = ("first_hit", "first_opaque")
    pose = _pose(2.9, 1.7, -5.3)
    sky = ProofScene("leaves_sky", "alpha-cutout cards under a sky", cards, camera, pose, both)
    wall = ProofScene("leaves_wall", "the same before a wall", (*cards, _wall(5.0)), camera, pose, both)
    return sky, wall


def _mirror(camera: Camera) -> ProofScene:
    bodies = (
        _quad_body((3.1, -1.3, -0.8), (0.6, 2.2, 0.1), (0.1, -0.2, 1.7), ware.mirror),
        _box_body(Box((-2.0, -1.0, -1.0), (-1.0, 1.0, 1.0))),  # behind the camera: the mirror shows it
        _wall(6.0),
    )
    both = ("first_hit", "first_opaque")
    what = "a mirror before a wall, with a box behind the camera"
    return ProofScene("mirror", what, bodies, camera, _pose(3.1, 0.7, 4.9), both)


def _glow(camera: Camera) -> ProofScene:
    bodies = (
        _quad_body((3.3, -1.1, -0.4), (0.2, 1.9, 0.1), (0.3, 0.1, 1.1), paint.glowing),
        _wall(5.0),
    )

    def lamps(stage: Stage) -> None:
        stage.add_light(light.area("panel", (2.0, 0.2, 0.1), (1.0, 0.0, 0.0), 0.6, 0.4, power_w=50.0))
        stage.add_light(light.point("bulb", (2.2, -0.5, 0.3), power_w=50.0, radius_m=0.2))

    what = "a glowing panel before a wall; an area and a point lamp before both are no surfaces"
    both = ("first_hit", "first_opaque")
    return ProofScene("glow", what, bodies, camera, _pose(1.9, 2.6, -3.7), both, lamps=lamps)


def _fog(camera: Camera) -> ProofScene:
    cube = MeshBuilder().block((2.0, -0.9, -0.7), (3.0, 0.6, 0.8), _KEY, bevel=0)
    bodies = (
        _quad_body((4.1, -2.0, -1.0), (0.6, 3.1, 0.2), (0.2, -0.2, 2.2)),
        Body(None, cube, paint.fog),
    )
    what = "a cube of fog before a card and a sky: no surface, rays pass"
    both = ("first_hit", "first_opaque")
    return ProofScene("fog", what, bodies, camera, _pose(2.2, -1.6, 5.8), both)


def _room(name: str, camera: Camera) -> ProofScene:
    """A closed room around the camera with two boxes in it."""
    bodies = (
        _box_body(Box((-3.0, -2.0, -1.5), (2.0, 4.0, 2.5))),
        _box_body(Box((-0.4, -0.3, -0.6), (0.4, 0.3, 0.6)), moved=_moved((1.1, 0.9, -0.7), 27.0, 5.0, 8.0)),
        _box_body(Box((-0.3, -0.5, -0.2), (0.3, 0.5, 0.2)), moved=_moved((-1.4, 0.3, 0.6), -35.0, 14.0, 3.0)),
    )
    pose = _pose(33.0, -17.0, 8.0)
    oversample = 0 if source_camera(camera, 1) is None else OVERSAMPLE
    what = f"two boxes in a closed room, {camera.model}"
    return ProofScene(f"camera_{name}", what, bodies, camera, pose, oversample=oversample)
