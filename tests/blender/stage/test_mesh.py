"""Solids of `MeshBuilder`: closed, turned outwards, of the size that was asked for."""

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from synthgen.blender.stage.mesh import MeshBuilder  # noqa: E402
from synthgen.blender.stage.solids import rounded_rectangle  # noqa: E402

pytestmark = pytest.mark.blender

CIRCLE = np.column_stack([np.cos(a := np.linspace(0, 2 * np.pi, 24, endpoint=False)), np.sin(a)])
LOOP = np.column_stack([CIRCLE, np.zeros(24)])

SOLIDS = {
    "sharp box": (lambda b: b.box((1, 2, 3), (4, 5, 6), "wood", bevel=0), 6.0),
    "rounded box": (lambda b: b.box((1, 2, 3), (0, 0, 0), "wood", bevel=0.002), 6.0),
    "soft box": (lambda b: b.block((0, 0, 0), (1, 1, 1), "wood", bevel=0.02, segments=4), 1.0),
    "cylinder": (lambda b: b.cylinder(1, 2, (0, 0, 0), "wood", bevel=0.01, segments=96), 2 * np.pi),
    "upright rod": (lambda b: b.tube([(0, 0, 0), (0, 0, 1)], 0.5, "wood", segments=96), np.pi / 4),
    "lying rod": (lambda b: b.tube([(0, 0, 0), (1, 1, 0)], 0.5, "wood", segments=96), np.pi / 4 * 2**0.5),
    "ring": (lambda b: b.tube(LOOP, 0.1, "wood", segments=32, closed=True), 2 * np.pi**2 * 0.01),
    "bar": (lambda b: b.sweep([(0, 0, 0), (0, 2, 0)], rounded_rectangle(1, 0.5, 0.01), "wood"), 1.0),
    "prism": (lambda b: b.prism([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)], 0, 1, "wood"), 3.0),
    "tabletop": (lambda b: b.prism(rounded_rectangle(2, 1, 0.03), 0, 0.5, "wood", bevel=0.005), 1.0),
}


def volume(builder: MeshBuilder) -> float:
    a, b, c = np.moveaxis(builder.vertices()[builder.triangles()], 1, 0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


@pytest.mark.parametrize("name", SOLIDS)
def test_solids_are_closed_turned_outwards_and_of_the_right_volume(name):
    build, expected = SOLIDS[name]
    builder = build(MeshBuilder())
    assert volume(builder) == pytest.approx(expected, rel=0.02)
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    assert volume(builder.transformed(mirror)) == pytest.approx(expected, rel=0.02)


def test_a_rounded_box_keeps_its_faces_flat_and_its_edges_smooth():
    mesh = (
        MeshBuilder()
        .box((1, 1, 1), (0, 0, 0), "wood", bevel=0.1)
        .to_mesh("box", {"wood": bpy.data.materials.new("wood")})
    )
    corners = np.array([tuple(normal.vector) for normal in mesh.corner_normals])
    vertices = np.array([tuple(mesh.vertices[loop.vertex_index].co) for loop in mesh.loops])
    inner = np.clip(vertices, -0.4, 0.4)
    assert np.abs(corners - (vertices - inner) / 0.1).max() < 0.25
    on_top = np.isclose(vertices[:, 2], 0.5)
    assert np.abs(corners[on_top] - (0, 0, 1)).max() < 0.06
    bpy.data.meshes.remove(mesh)


def test_texture_coordinates_are_metres_along_the_grain():
    mesh = (
        MeshBuilder()
        .box((2, 0.1, 0.02), (0, 0, 0), "wood", bevel=0)
        .to_mesh("board", {"wood": bpy.data.materials.new("wood")})
    )
    uv = np.array([tuple(loop.vector) for loop in mesh.uv_layers[0].uv])
    top = [i for polygon in mesh.polygons if polygon.normal.z > 0.9 for i in polygon.loop_indices]
    assert np.ptp(uv[top], axis=0) == pytest.approx((2.0, 0.1), abs=1e-5)
    bpy.data.meshes.remove(mesh)
