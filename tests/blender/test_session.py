"""The Blender session: captured output, errors from the console, devices, determinism."""

from __future__ import annotations

import os

import numpy as np
import pytest

from synthgen.errors import EnvironmentProblem, RenderError

pytestmark = pytest.mark.blender


def test_output_is_caught_at_the_file_descriptor() -> None:
    from synthgen.blender.session import captured_output

    with captured_output() as output:
        os.write(1, b"from C++\n")
        os.write(2, b"and its errors\n")
    assert output.text == "from C++\nand its errors\n"


def test_output_is_restored_after_an_exception(capfd) -> None:
    from synthgen.blender.session import captured_output

    with pytest.raises(ValueError), captured_output():
        raise ValueError
    os.write(1, b"visible again")
    assert capfd.readouterr().out == "visible again"


@pytest.mark.parametrize(
    "line",
    [
        "Error: Out of memory in CUDA queue",
        "ERROR (cycles): Shader graph: out of memory",
        "Failed to load image file",
        'Cycles: out of SVM stack space, shader "large" too big.',
    ],
)
def test_an_error_line_of_cycles_becomes_an_exception(line: str) -> None:
    from synthgen.blender.session import raise_on_cycles_error

    with pytest.raises(RenderError, match="colour render: Cycles reported"):
        raise_on_cycles_error(f"Fra:1 Mem:10M\n{line}\nSaved: view.exr", "colour render")


def test_ordinary_render_output_is_no_error() -> None:
    from synthgen.blender.session import raise_on_cycles_error

    raise_on_cycles_error("Fra:1 Mem:10M (Peak 12M) | Time:00:00.1 | Sample 1/1\nSaved: 'x.exr'", "render")


@pytest.mark.parametrize("device", ["cuda", "optix", "hip", "metal", "oneapi"])
def test_a_gpu_that_is_not_there_is_named(device: str) -> None:
    from synthgen.blender.session import GPU_LADDER, BlenderSession, _devices_of

    if any(_devices_of(kind) for kind in GPU_LADDER):
        pytest.skip("this machine has a GPU")
    with pytest.raises(EnvironmentProblem, match=f"device {device}: no such device.*found cpu"):
        BlenderSession(device)


def test_reset_leaves_nothing_behind(session) -> None:
    import bpy

    for _ in range(3):
        scene = session.reset()
        mesh = bpy.data.meshes.new("mesh")
        scene.collection.objects.link(bpy.data.objects.new("object", mesh))
        bpy.data.materials.new("material")
    session.reset()
    kinds = ("objects", "meshes", "materials", "images", "lights", "cameras")
    assert {kind: len(getattr(bpy.data, kind)) for kind in kinds} == dict.fromkeys(kinds, 0)


def test_a_missing_image_file_is_refused(stage_of) -> None:
    import bpy

    from synthgen.blender.scene_checks import check_scene
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    material = {"grey": bpy.data.materials.new("grey")}
    made.stage.add(MeshBuilder().box((1, 1, 1), (0, 0, 0), "grey"), made.stage.instance("object"), material)
    image = bpy.data.images.new("wood", 1, 1)
    image.source, image.filepath = "FILE", "/nowhere/wood.png"
    with pytest.raises(RenderError, match="image 'wood': its file is missing"):
        check_scene(made.scene, made.stage.instances)


def test_an_object_outside_of_all_instances_is_refused(stage_of) -> None:
    import bpy

    from synthgen.blender.scene_checks import check_scene

    made = stage_of()
    made.stage.instance("wall")
    made.scene.collection.objects.link(bpy.data.objects.new("stray", bpy.data.meshes.new("stray")))
    with pytest.raises(RenderError, match="object 'stray' belongs to no instance"):
        check_scene(made.scene, made.stage.instances)


@pytest.mark.parametrize("method", ["BUMP", "DISPLACEMENT", "BOTH"])
def test_a_material_that_moves_its_surface_is_refused(stage_of, method) -> None:
    import bpy

    from synthgen.blender import compat
    from synthgen.blender.scene_checks import check_scene
    from synthgen.blender.stage.mesh import MeshBuilder

    made, material = stage_of(), bpy.data.materials.new("waves")
    tree = compat.node_tree(material)
    moved = tree.nodes.new("ShaderNodeDisplacement")
    tree.links.new(moved.outputs[0], tree.get_output_node("CYCLES").inputs["Displacement"])
    material.displacement_method = method
    made.stage.add(
        MeshBuilder().box((1, 1, 1), (0, 0, 0), "waves"), made.stage.instance("object"), {"waves": material}
    )
    if method == "BUMP":
        check_scene(made.scene, made.stage.instances)
        return
    with pytest.raises(RenderError, match=r"material 'waves' on 'object\.000' displaces the surface"):
        check_scene(made.scene, made.stage.instances)


def test_colour_is_bit_identical_between_renders(stage_of, tmp_path) -> None:
    import bpy

    from synthgen.blender.camera import set_camera
    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.stage.mesh import MeshBuilder
    from synthgen.geometry.camera import PerspectiveCamera
    from synthgen.geometry.pose import camera_rotation, world_from_camera
    from synthgen.plan.jobs import RenderJob

    job = RenderJob(
        samples=4,
        denoise=True,
        max_bounces=2,
        adaptive_threshold=0.05,
        clamp_indirect=10.0,
        exposure_ev=0.0,
        tone_curve="srgb",
    )

    def render() -> np.ndarray:
        made = stage_of()
        box = MeshBuilder().box((1, 1, 1), (3, 0, 0), "grey")
        made.stage.add(box, made.stage.instance("object"), {"grey": bpy.data.materials.new("grey")})
        lamp = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
        made.stage.add_light(lamp)
        prepare_passes(made.scene)
        camera = PerspectiveCamera.from_fov(64, 48, 60)
        set_camera(made.scene, camera, world_from_camera(np.array([0, 0, 1.0]), camera_rotation(0, -15)))
        return render_colour(made.scene, job, 11, str(tmp_path)).linear

    np.testing.assert_array_equal(render(), render())
