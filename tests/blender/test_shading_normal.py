"""Shading normals against closed form: a smooth sphere, a wavy plane, and what is clear."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synthgen.geometry.camera import Camera, PerspectiveCamera, unproject_depth
from synthgen.geometry.distorted import BrownConradyCamera
from synthgen.geometry.fisheye import EquisolidFisheye
from synthgen.geometry.panorama import EquirectangularCamera
from synthgen.geometry.pose import camera_rotation, transform_points, world_from_camera

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 60)
FORWARD = world_from_camera(np.zeros(3), camera_rotation(0))
"""Looks along x; y is to the left, z up."""


@pytest.fixture
def normals_of(tmp_path) -> Callable[..., tuple[np.ndarray, np.ndarray, object]]:
    """Renders (shading normal, geometric normal facing the camera, truth), normals in the camera's frame."""
    import bpy

    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.shading_normal import render_shading_normal
    from synthgen.blender.truth import RaySurfaces, first_opaque

    def render(made, camera: Camera = CAMERA, pose: np.ndarray = FORWARD, through=(), oversample: int = 1):
        materials = number_materials(made.scene)
        prepare_passes(made.scene)
        surfaces = RaySurfaces(made.scene, camera, pose, str(tmp_path), oversample)
        truth = first_opaque(surfaces, materials) if through else surfaces.layer(0)
        through = [bpy.data.materials[name] for name in through]
        view = (camera, pose, truth.normal_world, truth.depth, truth.hit, oversample, through)
        shading = render_shading_normal(made.scene, str(tmp_path), *view)
        geometric = truth.normal_world @ pose[:3, :3]
        geometric[np.einsum("hwc,hwc->hw", geometric, camera.rays()) > 0] *= -1
        return shading, geometric, truth

    return render


def material_of(shader: str, bump: Callable | None = None, name: str = "m", **inputs: object):
    from synthgen.blender.stage.material import new_material

    material, graph = new_material(name)
    if bump:
        inputs["normal"] = graph.bump(bump(*graph.coordinates("Object").xyz()))
    graph.finish(graph.shader(shader, **inputs))
    return material


def wall(made, x: float, material, half: float = 9.0, kind: str = "wall") -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    corners = [(x, half, -half), (x, -half, -half), (x, -half, half), (x, half, half)]
    made.stage.add(MeshBuilder().quad(corners, "m"), made.stage.instance(kind), {"m": material})


def ball(made, segments: int, rings: int, radius: float = 1.0, center=(3.0, 0.0, 0.0)) -> None:
    from synthgen.blender.stage.mesh import MeshBuilder

    angles = np.linspace(-np.pi / 2, np.pi / 2, rings)
    profile = np.column_stack([np.cos(angles), np.sin(angles)]) * radius
    sphere = MeshBuilder().lathe(profile, center, "m", segments=segments)
    made.stage.add(sphere, made.stage.instance("object"), {"m": material_of("Diffuse")})


def degrees_between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.degrees(2 * np.arcsin(np.clip(np.linalg.norm(one - other, axis=-1) / 2, 0, 1)))


def check(normal: np.ndarray, camera: Camera, hit: np.ndarray) -> None:
    assert normal.dtype == np.float32
    assert np.abs(np.linalg.norm(normal[hit], axis=-1) - 1).max() <= 1e-6
    assert not normal[~hit].any()
    assert np.einsum("nc,nc->n", normal[hit].astype(np.float64), camera.rays()[hit]).max() <= 1e-6


CAMERAS = {
    "perspective": PerspectiveCamera(64, 48, 60.0, 50.0, 30.0, 26.0),
    "panorama": EquirectangularCamera(96, 48),
    "fisheye": EquisolidFisheye(64, 48, 32.0, 32.0, 24.0, 120.0),
    "distorted": BrownConradyCamera(64, 48, 50.0, 50.0, 32.0, 24.0, -0.2, 0.05, 0.0, 0.001, 0.001),
}


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS.keys())
def test_a_smooth_ball_is_round_in_shading_and_faceted_in_truth(stage_of, normals_of, camera) -> None:
    made = stage_of()
    center = np.array([2.0, 0.3, 0.1])
    ball(made, 48, 25, center=center)
    pose = world_from_camera(np.zeros(3), camera_rotation(7, -4, 12))
    shading, geometric, truth = normals_of(made, camera, pose, oversample=4)
    check(shading, camera, truth.hit)
    assert 150 < truth.hit.sum() < truth.hit.size

    depth = np.where(truth.hit, truth.depth, 1.0)
    points = transform_points(pose, unproject_depth(camera, depth))
    radial = (points - center) / np.linalg.norm(points - center, axis=-1, keepdims=True)
    # Between its vertices, the normals of a mesh on a sphere point away from the centre, as do the points.
    # At the silhouette they turn away from the camera, and end edge-on.
    radial_camera = radial @ pose[:3, :3]
    facing = truth.hit & (np.einsum("hwc,hwc->hw", radial_camera, camera.rays()) < 0)
    error = degrees_between(shading, radial_camera)[facing]
    faceted = degrees_between(geometric, radial_camera)[facing]
    # A distorted view has the normal of the nearest ray of a finer one, up to an eighth of a pixel away:
    # at the silhouette that is a few degrees.
    assert (error.max() if camera.model != "brown_conrady" else np.quantile(error, 0.95)) <= 0.5
    assert np.median(error) <= 0.15
    assert np.median(faceted) > 1.5 and faceted.max() < 7


def test_waves_of_a_bump_map_have_the_normal_of_the_waves(stage_of, normals_of) -> None:
    made = stage_of()
    height_m, cycle = 0.02, 5.0
    wall(made, 3.0, material_of("Diffuse", lambda x, y, z: (y * cycle).sin() * height_m))
    shading, geometric, truth = normals_of(made)
    check(shading, CAMERA, truth.hit)
    assert truth.hit.all()
    np.testing.assert_allclose(geometric, np.broadcast_to((0.0, 0.0, -1.0), geometric.shape), atol=1e-6)
    # The surface x = 3 - h(y), seen from the origin: its normal is (-1, -h', 0); the camera's x is -y.
    y = -3.0 * CAMERA.rays()[..., 0]
    slope = height_m * cycle * np.cos(cycle * y)
    expected = np.stack([slope, np.zeros_like(y), -np.ones_like(y)], axis=-1)
    expected /= np.linalg.norm(expected, axis=-1, keepdims=True)
    assert degrees_between(expected, geometric).max() > 5
    assert degrees_between(shading, expected).max() < 0.2


def test_what_turns_away_is_brought_back_to_the_edge(stage_of, normals_of) -> None:
    """A smooth ball of few faces: along its silhouette the normals of its vertices point away."""
    made = stage_of()
    ball(made, 7, 5)
    shading, _, truth = normals_of(made)
    check(shading, CAMERA, truth.hit)
    rays = CAMERA.rays() / np.linalg.norm(CAMERA.rays(), axis=-1, keepdims=True)
    edge_on = truth.hit & (np.abs(np.einsum("hwc,hwc->hw", shading, rays)) < 1e-6)
    assert 5 < edge_on.sum() < 0.3 * truth.hit.sum()


def waves(x, y, z):
    return (y * 6.0).sin() * 0.03 + (z * 5.0).sin() * 0.03


@pytest.mark.parametrize("shader", ["Transparent", "Glass", "Refraction"])
def test_the_first_surface_counts_however_clear(stage_of, normals_of, shader: str) -> None:
    made = stage_of()
    wall(made, 5.0, material_of("Diffuse", waves))
    wall(made, 3.0, material_of(shader, name="clear"), half=0.8, kind="object")
    shading, geometric, truth = normals_of(made)
    clear = truth.instance == 2
    assert 200 < clear.sum() < clear.size / 2
    assert degrees_between(shading, geometric)[clear].max() <= 0.01
    assert np.median(degrees_between(shading, geometric)[~clear]) > 3


@pytest.mark.parametrize("shader", ["Transparent", "Glass"])
def test_truth_that_looks_through_glass_has_the_bump_behind_it(stage_of, normals_of, shader: str) -> None:
    made = stage_of()
    wall(made, 5.0, material_of("Diffuse", waves, name="wavy"))
    bare, _, _ = normals_of(made)
    for x in (3.0, 3.1):
        wall(made, x, material_of(shader, waves if shader == "Glass" else None, name=f"clear {x}"), half=0.8)
    through, _, truth = normals_of(made, through=("clear 3.0", "clear 3.1"))
    assert (truth.depth > 4.9).all()
    assert degrees_between(through, bare).max() <= 0.01
    # The glass is whole again.
    shading, geometric, truth = normals_of(made)
    assert (truth.instance == 2).sum() > 200
    assert (degrees_between(shading, geometric)[truth.instance == 2].max() > 3) == (shader == "Glass")


def test_a_material_without_nodes_can_be_looked_through_by_its_property(stage_of, normals_of) -> None:
    import bpy

    made = stage_of()
    wall(made, 5.0, material_of("Diffuse", waves, name="wavy"))
    plain = bpy.data.materials.new("plain")
    plain["synthgen_transparent"] = True
    wall(made, 3.0, plain, half=0.8)
    shading, geometric, truth = normals_of(made, through=("plain",))
    assert (truth.depth > 4.9).all()
    check(shading, CAMERA, truth.hit)
    covered = np.abs(CAMERA.rays()[..., :2]).max(axis=-1) < 0.8 / 3 - 0.02
    assert np.median(degrees_between(shading, geometric)[~covered]) > 3


def test_another_surface_than_that_of_the_truth_has_no_say(stage_of, tmp_path, normals_of) -> None:
    """Truth of a scene with a wavy card in it, materials of one without."""
    from synthgen.blender.shading_normal import render_shading_normal

    made = stage_of()
    wall(made, 5.0, material_of("Diffuse", waves))
    wall(made, 3.0, material_of("Diffuse", waves, name="card"), half=0.8, kind="object")
    _, geometric, truth = normals_of(made)
    next(each for each in made.scene.objects if each.material_slots[0].name == "card").hide_render = True
    view = (CAMERA, FORWARD, truth.normal_world, truth.depth, truth.hit)
    shading = render_shading_normal(made.scene, str(tmp_path), *view)
    card = truth.instance == 2
    assert degrees_between(shading, geometric)[card].max() <= 0.01
    assert np.median(degrees_between(shading, geometric)[~card]) > 3


def test_light_lens_and_settings_play_no_part_and_stay(stage_of, normals_of) -> None:
    import bpy

    made = stage_of()
    wall(made, 3.0, material_of("Diffuse", waves))
    plain, _, _ = normals_of(made)
    made.scene.world = bpy.data.worlds.new("sky")
    made.stage.add_light(bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "POINT")))
    lens, layer = made.scene.camera.data.dof, made.scene.view_layers[0]
    lens.use_dof, lens.aperture_fstop, lens.focus_distance = True, 0.5, 1.0
    made.scene.render.use_motion_blur = True
    made.scene.cycles.samples = 7

    def state() -> dict[str, object]:
        passes = {name: getattr(layer, name) for name in dir(layer) if name.startswith(("use_pass", "pass_"))}
        return passes | {"dof": lens.use_dof, "world": made.scene.world.name}

    before = state()
    shading, _, _ = normals_of(made)
    assert state() == before and lens.use_dof
    np.testing.assert_array_equal(shading, plain)
