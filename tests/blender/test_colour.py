"""The colour render's intrinsic parts against closed form: a plane under a sun, and what is not diffuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synthgen.frame.intrinsics import ColourParts, intrinsic_channels
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import world_from_camera
from synthgen.plan.jobs import RenderJob

pytestmark = pytest.mark.blender

COLOUR = (0.8, 0.4, 0.2)
SUN = np.array([3.0, 2.0, 1.0])
SUN_FROM_ABOVE_DEG = 40.0
CAMERA = PerspectiveCamera.from_fov(32, 24, 40)
FROM_ABOVE = world_from_camera(np.array([0.0, 0.0, 4.0]), np.diag([1.0, -1.0, -1.0]))


def render_job(**changed: object) -> RenderJob:
    usual = {
        "samples": 4,
        "denoise": False,
        "max_bounces": 3,
        "adaptive_threshold": 0.0,
        "clamp_indirect": 0.0,
    }
    return RenderJob(**usual | {"exposure_ev": 0.0, "tone_curve": "srgb"} | changed)


def closure(kind: str, **inputs: object):
    from synthgen.blender.stage.material import new_material

    material, graph = new_material(kind)
    graph.finish(graph.shader(kind, **inputs))
    return material


@pytest.fixture
def seen_from_above(stage_of, tmp_path) -> Callable[..., Callable[..., ColourParts]]:
    """A square of a material below the camera, with sky around it, under a sun; gives its renders."""
    import bpy

    from synthgen.blender import compat
    from synthgen.blender.camera import set_camera
    from synthgen.blender.colour import render_colour
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.stage.mesh import MeshBuilder

    def build(material, sky: float = 0.0, floor: float = 0.0, sun_deg: float = 0.0, **inputs: object):
        made = stage_of()
        painted = {"m": closure(material, **inputs)}
        square = MeshBuilder().quad([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], "m")
        made.stage.add(square, made.stage.instance("object"), painted)
        if floor:
            painted = {"m": closure("Diffuse", color=(floor, floor, floor))}
            below = MeshBuilder().quad([(-9, -9, -2), (9, -9, -2), (9, 9, -2), (-9, 9, -2)], "m")
            made.stage.add(below, made.stage.instance("wall"), painted)
        sun = bpy.data.lights.new("sun", "SUN")
        sun.energy, sun.color, sun.angle = 1.0, SUN, np.radians(sun_deg)
        lamp = bpy.data.objects.new("sun", sun)
        lamp.rotation_euler[0] = np.radians(SUN_FROM_ABOVE_DEG)
        made.stage.add_light(lamp)
        made.scene.world = bpy.data.worlds.new("sky")
        compat.node_tree(made.scene.world).nodes["Background"].inputs[0].default_value = (sky, sky, sky, 1)
        prepare_passes(made.scene)
        set_camera(made.scene, CAMERA, FROM_ABOVE)

        def render(job: RenderJob, intrinsics: bool = True) -> ColourParts:
            return render_colour(made.scene, job, 3, str(tmp_path), intrinsics)

        return render

    return build


SQUARE = (slice(8, 16), slice(12, 20))
AROUND = (slice(0, 24), slice(0, 2))


def test_a_matt_plane_under_a_sun(seen_from_above) -> None:
    parts = seen_from_above("Diffuse", color=COLOUR)(render_job())
    irradiance = SUN * np.cos(np.radians(SUN_FROM_ABOVE_DEG))
    assert np.abs(parts.albedo[SQUARE] - COLOUR).max() <= 1e-6
    assert np.abs(parts.illumination[SQUARE] - irradiance / np.pi).max() <= 1e-5
    assert np.abs(parts.linear - parts.albedo * parts.illumination).max() <= 1e-6
    for part in (parts.linear, parts.albedo, parts.illumination):
        assert not part[AROUND].any()


@pytest.mark.parametrize("clamp", [0.0, 0.05])
def test_bounced_light_is_illumination_too(seen_from_above, clamp: float) -> None:
    render = seen_from_above("Diffuse", sky=0.5, floor=0.6, color=COLOUR)
    parts = render(render_job(samples=8, clamp_indirect=clamp))
    direct = render(render_job(samples=8, max_bounces=0))
    assert parts.albedo.min() > 0.15 and parts.illumination[AROUND].min() > 0.2
    assert parts.illumination[AROUND].mean() > direct.illumination[AROUND].mean()
    assert np.abs(parts.linear - parts.albedo * parts.illumination).max() <= 1e-6


@pytest.mark.parametrize("kind", ["Principled", "Translucent", "Subsurface"])
def test_what_counts_as_diffuse(seen_from_above, kind: str) -> None:
    inputs = {"color": COLOUR}
    if kind != "Translucent":
        inputs = {"base_color": COLOUR, "roughness": 1.0, "specular_ior_level": 0.0}
    if kind == "Subsurface":
        inputs |= {"subsurface_weight": 1.0, "subsurface_scale": 0.01}
    name = "Translucent" if kind == "Translucent" else "Principled"
    parts = seen_from_above(name, sky=0.5, **inputs)(render_job(samples=16))
    assert np.abs(parts.albedo[SQUARE] - COLOUR).max() <= 1e-5
    assert parts.illumination[SQUARE].min() > 0.1
    assert np.abs(parts.linear - parts.albedo * parts.illumination)[SQUARE].max() <= 1e-5


NOT_DIFFUSE = {
    "mirror": ("Principled", {"base_color": COLOUR, "metallic": 1.0, "roughness": 0.01}),
    "glossy": ("Glossy", {"color": COLOUR, "roughness": 0.3}),
    "glass": ("Glass", {"color": COLOUR}),
    "emission": ("Emission", {"color": COLOUR, "strength": 5.0}),
}


@pytest.mark.parametrize(("kind", "inputs"), NOT_DIFFUSE.values(), ids=NOT_DIFFUSE.keys())
def test_what_is_not_diffuse_is_all_residual(seen_from_above, kind: str, inputs: dict) -> None:
    render = seen_from_above(kind, sky=0.5, floor=0.6, **inputs)
    channels = intrinsic_channels(render(render_job()))
    assert channels["hdr"][SQUARE].min() > 0.02
    assert not channels["albedo"][SQUARE].any() and not channels["diffuse_illumination"][SQUARE].any()
    np.testing.assert_array_equal(channels["residual"][SQUARE], channels["hdr"][SQUARE])


def test_sky_is_all_residual(seen_from_above) -> None:
    channels = intrinsic_channels(seen_from_above("Diffuse", sky=0.5, color=COLOUR)(render_job()))
    assert (channels["hdr"][AROUND] == 0.5).all()
    assert not channels["albedo"][AROUND].any() and not channels["diffuse_illumination"][AROUND].any()
    np.testing.assert_array_equal(channels["residual"][AROUND], channels["hdr"][AROUND])


def test_gloss_on_a_matt_body_is_residual(seen_from_above) -> None:
    inputs = {"base_color": COLOUR, "roughness": 0.5}
    parts = seen_from_above("Principled", sky=0.5, **inputs)(render_job(samples=32))
    gloss = (parts.linear - parts.albedo * parts.illumination)[SQUARE]
    assert gloss.min() > 0 and gloss.mean() > 0.01
    assert (
        np.ptp(gloss.mean(axis=(0, 1)) / (SUN + 0.5)) < 0.05
    )  # it has the colour of the light, not of the body


@pytest.mark.parametrize("denoise", [False, True])
@pytest.mark.parametrize("adaptive", [0.0, 0.1])
def test_the_colour_is_the_same_with_and_without_the_parts(seen_from_above, denoise, adaptive) -> None:
    inputs = {"base_color": COLOUR, "roughness": 0.3, "transmission_weight": 0.3, "subsurface_weight": 0.4}
    render = seen_from_above("Principled", sky=0.5, floor=0.6, **inputs)
    job = render_job(samples=32, denoise=denoise, adaptive_threshold=adaptive, clamp_indirect=0.7)
    alone, parts = render(job, intrinsics=False), render(job)
    assert alone.albedo is None and alone.illumination is None
    assert parts.linear.std() > 0.01
    np.testing.assert_array_equal(alone.linear, parts.linear)
    channels = {name: pixels.astype(np.float64) for name, pixels in intrinsic_channels(parts).items()}
    sum_ = channels["albedo"] * channels["diffuse_illumination"] + channels["residual"]
    assert np.abs(channels["hdr"] - sum_).max() <= 2**-12  # half a rounding of numbers below 1


def test_the_denoiser_cleans_the_illumination_too(seen_from_above) -> None:
    render = seen_from_above("Diffuse", floor=0.6, sun_deg=120.0, color=COLOUR)
    reference = render(render_job(samples=1024)).illumination
    noisy, clean = render(render_job(samples=2)), render(render_job(samples=2, denoise=True))
    noise, left = (np.sqrt(np.square(each.illumination - reference).mean()) for each in (noisy, clean))
    assert left < 0.3 * noise
    np.testing.assert_array_equal(clean.albedo, noisy.albedo)
    again = render(render_job(samples=2, denoise=True))
    np.testing.assert_array_equal(clean.illumination, again.illumination)


def test_a_compositor_of_the_scene_has_no_say(seen_from_above) -> None:
    import bpy

    from synthgen.blender import compat

    render = seen_from_above("Diffuse", sky=0.5, color=COLOUR)
    job = render_job(denoise=True)
    plain = render(job)
    tree, result = compat.compositor(bpy.context.scene)
    constant = tree.nodes.new("CompositorNodeRGB")
    tree.links.new(constant.outputs[0], result)
    for intrinsics in (False, True):
        np.testing.assert_array_equal(render(job, intrinsics).linear, plain.linear)
    np.testing.assert_array_equal(render(job).illumination, plain.illumination)


def test_no_pass_is_left_on(seen_from_above) -> None:
    import bpy

    render = seen_from_above("Diffuse", color=COLOUR)
    layer = bpy.context.scene.view_layers[0]

    def passes() -> set[str]:
        return {name for name in dir(layer) if name.startswith("use_pass_") and getattr(layer, name)}

    before = passes()
    render(render_job(samples=1, denoise=True))
    assert passes() == before and not bpy.context.scene.render.use_compositing
