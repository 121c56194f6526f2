"""Node graphs: formulas mean what they say, patterns tile the plane, materials can be made."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytestmark = pytest.mark.blender

SIDE_M = 2.0
PIXELS = 160


@pytest.fixture
def drawn(stage_of, tmp_path) -> Callable[..., np.ndarray]:
    """Renders `formula(graph, x, y)`, a vector, on a square of SIDE_M: (rows, columns, 3), top row first."""
    import bpy

    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.stage.material import new_material
    from synthgen.blender.stage.mesh import MeshBuilder
    from synthgen.plan.jobs import RenderJob

    def draw(formula, pixels: int = PIXELS) -> np.ndarray:
        made = stage_of()
        material, graph = new_material("formula")
        x, y, _ = graph.coordinates("Object").xyz()
        graph.finish(graph.shader("Emission", color=formula(graph, x, y), strength=1.0))
        low, high = -SIDE_M / 2, SIDE_M / 2
        square = MeshBuilder().quad([(low, low, 0), (high, low, 0), (high, high, 0), (low, high, 0)], "m")
        made.stage.add(square, made.stage.instance("object"), {"m": material})
        camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        camera.data.type, camera.data.ortho_scale = "ORTHO", SIDE_M
        camera.location = (0.0, 0.0, 1.0)
        made.scene.collection.objects.link(camera)
        made.scene.camera = camera
        made.scene.render.resolution_x = made.scene.render.resolution_y = pixels
        prepare_passes(made.scene)
        job = RenderJob(samples=1, denoise=False, max_bounces=0, adaptive_threshold=0.0, clamp_indirect=0.0,
                        exposure_ev=0.0, tone_curve="srgb")  # fmt: skip
        return render_colour(made.scene, job, 0, str(tmp_path)).linear

    return draw


def centres(pixels: int) -> tuple[np.ndarray, np.ndarray]:
    step = SIDE_M / pixels
    line = (np.arange(pixels) + 0.5) * step - SIDE_M / 2
    return np.meshgrid(line, line[::-1])


def test_arithmetic_is_that_of_numpy(drawn) -> None:
    # Slow functions only: one sample falls anywhere within the filter's reach around a pixel's centre.
    x, y = centres(40)
    image = drawn(
        lambda graph, x, y: graph.vector(
            (x * 0.5 + 1.0) / (2.5 - y), 0.5 - (x - y).abs().min(0.3) * 0.9, ((x * 2.0).sin() + 1.0).max(0.4)
        ),
        40,
    )
    expected = np.stack(
        [
            (x * 0.5 + 1) / (2.5 - y),
            0.5 - np.minimum(np.abs(x - y), 0.3) * 0.9,
            np.maximum(np.sin(2 * x) + 1, 0.4),
        ],
        -1,
    )
    assert np.abs(image - expected).max() < 0.15
    assert np.abs(image - expected).mean() < 0.03


def test_steps_ramps_and_choices(drawn) -> None:
    x, y = centres(PIXELS)
    image = drawn(
        lambda graph, x, y: graph.vector(
            (x * 2.0).floor() * 0.25 + 0.5, y.ramp(-0.5, 0.5), graph.choose(x < y, 0.2, 0.8) % 0.7
        )
    )
    t = np.clip(y + 0.5, 0, 1)
    expected = np.stack(
        [np.floor(2 * x) * 0.25 + 0.5, t * t * (3 - 2 * t), np.where(x < y, 0.8 % 0.7, 0.2)], -1
    )
    step = 2 * SIDE_M / PIXELS  # near jumps a sample may fall on the other side
    away = (np.abs(2 * x - np.round(2 * x)) > 2 * step) & (np.abs(x - y) > 2 * step)
    assert np.abs(image - expected)[away].max() < 0.06


@pytest.mark.parametrize("pattern", ["planks", "grid", "bond", "herringbone", "basket"])
def test_tilings_are_made_of_whole_pieces(drawn, pattern: str) -> None:
    """Every piece that does not touch the border covers length x width, whichever way it lies."""
    from synthgen.blender.stage import texture

    width, ratio = 0.16, 3

    def lay(graph, x, y):
        if pattern == "planks":
            return texture.planks(graph, x, y, width * ratio, width)
        if pattern in ("grid", "bond"):
            return texture.grid(graph, x, y, width * ratio, width, 0.5 if pattern == "bond" else 0.0)
        return getattr(texture, pattern)(graph, x, y, width, ratio)

    image = drawn(lambda graph, x, y: graph.hash(lay(graph, x, y).piece))
    _, piece = np.unique(np.round(image.reshape(-1, 3), 3), axis=0, return_inverse=True)
    piece = piece.reshape(image.shape[:2])
    border = np.unique(np.concatenate([piece[0], piece[-1], piece[:, 0], piece[:, -1]]))
    counts = np.bincount(piece.ravel()) * (SIDE_M / PIXELS) ** 2
    areas = counts[np.setdiff1d(np.arange(len(counts)), border)]
    assert len(areas) > 15
    assert np.allclose(areas, ratio * width**2, rtol=0.12)


def test_distance_to_the_edge_of_a_piece(drawn) -> None:
    from synthgen.blender.stage import texture

    def edges(graph, x, y):
        laid = texture.herringbone(graph, x, y, 0.2, 4)
        return graph.vector(laid.edge_m, laid.along_m, laid.across_m)

    edge, along, across = np.moveaxis(drawn(edges), -1, 0)
    assert edge.min() >= -1e-6 and 0.09 < edge.max() <= 0.1 + 1e-6
    assert along.min() >= -1e-5 and 0.75 < along.max() <= 0.8 + 1e-5
    inside = np.minimum(np.minimum(along, 0.8 - along), np.minimum(across, 0.2 - across))
    assert np.allclose(edge, inside, atol=1e-5)


def test_srgb() -> None:
    from synthgen.blender.stage.material import srgb

    assert srgb("#000000") == (0.0, 0.0, 0.0)
    assert srgb("#ffffff") == (1.0, 1.0, 1.0)
    assert srgb("#bcbcbc")[1] == pytest.approx(0.5029, abs=1e-3)


def test_board_coordinates_run_along_each_part(stage_of) -> None:
    from synthgen.blender.stage.board import BOARD_ATTRIBUTE, add_board_coordinates
    from synthgen.blender.stage.material import new_material
    from synthgen.blender.stage.mesh import MeshBuilder

    stage_of()
    table = (
        MeshBuilder().box((1.6, 0.8, 0.03), (0, 0, 0.7), "m").box((0.05, 0.05, 0.68), (0.7, 0.3, 0.34), "m")
    )
    mesh = table.to_mesh("table", {"m": new_material("m")[0]})
    add_board_coordinates(mesh, np.random.default_rng(3))
    board = np.empty((len(mesh.vertices), 3), np.float32)
    mesh.attributes[BOARD_ATTRIBUTE].data.foreach_get("vector", board.ravel())
    points = np.array([vertex.co for vertex in mesh.vertices])
    top = points[:, 2] > 0.6825
    for part, axis, length in ((top, 0, 1.6), (~top, 2, 0.68)):
        assert np.ptp(board[part, 0]) == pytest.approx(length, abs=1e-4)
        assert np.ptp(board[part, 0] - points[part, axis]) < 1e-4
    assert np.abs(board[top][0] - points[top][0]).max() > 0.5  # cut from another place of the trunk


def test_parts_are_the_connected_components() -> None:
    from synthgen.blender.stage.board import parts

    rng = np.random.default_rng(5)
    edges = rng.integers(0, 400, (260, 2))
    label = np.arange(400)
    for _ in range(400):  # plain relaxation, slow and sure
        for a, b in edges:
            label[a] = label[b] = min(label[a], label[b])
    found = parts(400, edges)
    expected = np.unique(label, return_inverse=True)[1]
    assert np.array_equal(found, expected)


def test_the_light_field_turns_with_its_yaw(stage_of, tmp_path) -> None:
    from synthgen.blender.camera import set_camera
    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.stage.light import bundled_light_field, light_field
    from synthgen.geometry.camera import PerspectiveCamera
    from synthgen.plan.jobs import RenderJob

    camera = PerspectiveCamera.from_fov(24, 16, 60)
    job = RenderJob(samples=4, denoise=False, max_bounces=0, adaptive_threshold=0.0, clamp_indirect=0.0,
                    exposure_ev=0.0, tone_curve="srgb")  # fmt: skip

    def looking(yaw_deg: float, world_yaw_deg: float, seen: float = 1.0) -> np.ndarray:
        made = stage_of()
        light_field(made.scene, bundled_light_field("courtyard"), yaw_deg=world_yaw_deg, seen=seen)
        forward = np.array([np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg)), 0.0])
        right = np.cross(forward, [0, 0, 1.0])
        pose = np.eye(4)
        pose[:3, :3] = np.column_stack([right, np.cross(forward, right), forward])
        set_camera(made.scene, camera, pose)
        prepare_passes(made.scene)
        return render_colour(made.scene, job, 0, str(tmp_path)).linear

    straight = looking(20.0, 0.0)
    assert np.allclose(looking(110.0, 90.0), straight, rtol=0.02, atol=0.01)
    assert not np.allclose(looking(110.0, 0.0), straight, rtol=0.2, atol=0.1)
    assert np.allclose(looking(20.0, 0.0, seen=0.25), 0.25 * straight, rtol=1e-3)


def test_an_unknown_light_field_is_named() -> None:
    from synthgen.blender.stage.light import bundled_light_field
    from synthgen.errors import RenderError

    with pytest.raises(RenderError, match=r"unknown light field 'forrest'.*did you mean 'forest'"):
        bundled_light_field("forrest")
