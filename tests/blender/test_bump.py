"""Bump is found wherever it hides, and taken off; what the geometry has stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import camera_rotation, world_from_camera

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 60)
FORWARD = world_from_camera(np.zeros(3), camera_rotation(0))
"""Looks along x, straight onto the plane x = 3."""


def bumped(graph):
    """A normal of waves along all axes."""
    _, y, z = graph.coordinates("Object").xyz()
    return graph.bump((y * 7.0).sin() * 0.03 + (z * 5.0).sin() * 0.03)


def normal_map(graph, space: str = "TANGENT"):
    from synthgen.blender.stage.material import Wire

    node = graph.node("ShaderNodeNormalMap", space=space)
    graph.connect(node.inputs["Color"], graph.noise_vector(graph.coordinates("Object"), 2.0))
    return Wire(graph, node.outputs[0])


def bevel(graph):
    from synthgen.blender.stage.material import Wire

    node = graph.node("ShaderNodeBevel", samples=4)
    graph.connect(node.inputs["Radius"], 0.8)
    return Wire(graph, node.outputs[0])


def past_reroutes(graph):
    from synthgen.blender.stage.material import Wire

    wire = bumped(graph)
    for _ in range(2):
        node = graph.node("NodeReroute")
        graph.connect(node.inputs[0], wire)
        wire = Wire(graph, node.outputs[0])
    return wire


def on_top_of_another(graph):
    upper = bumped(graph)
    graph.connect(upper.socket.node.inputs["Normal"], normal_map(graph))
    return upper


def mixed_with_a_fixed_one(graph):
    return graph.vector_math("NORMALIZE", bumped(graph) + graph.coordinates("Normal") * 0.5)


def in_a_group(graph, depth: int = 1, inner=bumped):
    import bpy

    from synthgen.blender.stage.material import NodeGraph, Wire

    tree = bpy.data.node_groups.new("group", "ShaderNodeTree")
    tree.interface.new_socket("Normal", in_out="OUTPUT", socket_type="NodeSocketVector")
    inside = NodeGraph(tree)
    wire = in_a_group(inside, depth - 1, inner) if depth > 1 else inner(inside)
    inside.connect(inside.node("NodeGroupOutput").inputs[0], wire)
    return Wire(graph, graph.node("ShaderNodeGroup", node_tree=tree).outputs[0])


def in_a_group_of_a_group(graph):
    return in_a_group(graph, 2)


def object_space_map(graph):
    return normal_map(graph, "OBJECT")


BUMPS = (
    bumped, normal_map, object_space_map, past_reroutes, on_top_of_another, mixed_with_a_fixed_one,
    in_a_group, in_a_group_of_a_group,
)  # fmt: skip


@pytest.fixture
def plane_of(stage_of, tmp_path) -> Callable[..., tuple]:
    """A plane of a material and the function that renders its (shading, geometric) normals."""
    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.shading_normal import render_shading_normal
    from synthgen.blender.stage.mesh import MeshBuilder
    from synthgen.blender.truth import RaySurfaces

    def build(write, cells: int = 1):
        from synthgen.blender.stage.material import new_material

        made = stage_of()
        material, graph = new_material("m")
        write(graph)
        line = np.linspace(-9.0, 9.0, cells + 1)
        up, left = np.meshgrid(line, line, indexing="ij")
        grid = np.stack([np.full_like(up, 3.0), left, up], axis=-1)
        plane = MeshBuilder().surface(grid, "m", with_uv=True)
        made.stage.add(plane, made.stage.instance("wall"), {"m": material})

        def normals() -> tuple[np.ndarray, np.ndarray]:
            number_materials(made.scene)
            prepare_passes(made.scene)
            truth = RaySurfaces(made.scene, CAMERA, FORWARD, str(tmp_path)).layer(0)
            view = (CAMERA, FORWARD, truth.normal_world, truth.depth, truth.hit)
            geometric = truth.normal_world @ FORWARD[:3, :3]
            geometric[geometric[..., 2] > 0] *= -1
            return render_shading_normal(made.scene, str(tmp_path), *view), geometric

        return material, normals

    return build


@pytest.mark.parametrize("normal", BUMPS)
def test_bump_is_found_and_taken_off(plane_of, normal) -> None:
    from synthgen.blender.bump import has_bump, remove_bump

    material, normals = plane_of(
        lambda graph: graph.finish(graph.principled(base_color=(0.5, 0.5, 0.5), normal=normal(graph)))
    )
    assert has_bump(material)
    shading, geometric = normals()
    assert np.abs(shading - geometric).max() > 0.1
    remove_bump([material])
    assert not has_bump(material)
    shading, after = normals()
    np.testing.assert_array_equal(after, geometric)
    assert np.abs(shading - geometric).max() <= 5e-5  # Blender 5.2 rounds normals


def test_bump_as_a_factor_goes_too(plane_of) -> None:
    """The Fresnel node sees bump as well; without it, only the distance from the axis is left."""
    from synthgen.blender.bump import has_bump, remove_bump

    def write(graph) -> None:
        facing = graph.fresnel(1.5)
        graph.connect(facing.socket.node.inputs["Normal"], bumped(graph))
        graph.finish(graph.blend(facing, graph.shader("Diffuse"), graph.shader("Glossy")))

    material, _ = plane_of(write)
    assert has_bump(material)
    remove_bump([material])
    assert not has_bump(material)


def test_a_bevel_is_bump_too(stage_of) -> None:
    from synthgen.blender.bump import has_bump, remove_bump
    from synthgen.blender.stage.material import new_material

    stage_of()
    material, graph = new_material("m")
    graph.finish(graph.shader("Diffuse", normal=bevel(graph)))
    assert has_bump(material)
    remove_bump([material])
    assert not has_bump(material) and material.node_tree.nodes["Diffuse BSDF"].inputs["Normal"].is_linked


@pytest.mark.parametrize("unused", ["no height", "no strength", "muted", "not linked", "no tree"])
def test_a_bump_node_that_does_nothing_is_no_bump(stage_of, unused: str) -> None:
    import bpy

    from synthgen.blender.bump import has_bump
    from synthgen.blender.stage.material import new_material

    stage_of()
    if unused == "no tree":
        material = bpy.data.materials.new("m")
        assert not has_bump(material)
        return
    material, graph = new_material("m")
    normal = bumped(graph)
    node = normal.socket.node
    if unused == "no height":
        graph.tree.links.remove(node.inputs["Height"].links[0])
    elif unused == "no strength":
        node.inputs["Strength"].default_value = 0.0
    elif unused == "muted":
        node.mute = True
    graph.finish(graph.shader("Diffuse", normal=None if unused == "not linked" else normal))
    assert not has_bump(material)


@pytest.mark.parametrize("method", ["BUMP", "BOTH", "DISPLACEMENT"])
def test_displacement_as_bump_goes_and_true_displacement_stays(plane_of, tmp_path, method: str) -> None:
    import bpy

    from synthgen.blender.bump import has_bump, remove_bump
    from synthgen.blender.camera import set_camera
    from synthgen.blender.passes import plain_pass, prepare_passes, render_passes, through_pixel_centres

    def write(graph) -> None:
        graph.finish(graph.shader("Diffuse"))
        node = graph.node("ShaderNodeDisplacement")
        graph.feed(node, ((graph.coordinates("Object").xyz()[1] * 3.0).sin(), 0.0, 0.2))
        output = graph.tree.get_output_node("CYCLES")
        graph.tree.links.new(node.outputs[0], output.inputs["Displacement"])

    def depth() -> np.ndarray:
        scene = bpy.context.scene
        prepare_passes(scene)
        set_camera(scene, CAMERA, FORWARD)
        scene.view_layers[0].use_pass_z = True
        with through_pixel_centres(scene):
            return plain_pass(render_passes(scene, str(tmp_path), "depth"), "Depth.Z")

    material, normals = plane_of(write, cells=60)
    material.displacement_method = method
    assert has_bump(material) == (method != "DISPLACEMENT")
    before = depth()
    assert (np.ptp(before) > 0.2) == (method != "BUMP")
    remove_bump([material])
    assert not has_bump(material)
    np.testing.assert_array_equal(depth(), before)
    if method == "BUMP":
        shading, geometric = normals()
        assert np.abs(shading - geometric).max() <= 5e-5
