"""One Blender session for all tests of this folder: bpy is global to the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest


@dataclass
class Set:
    """A stage with what the renders of a test need."""

    scene: object
    stage: object
    override: object = None
    materials: object = None


@pytest.fixture(scope="session")
def session():
    """The Blender session, on the CPU."""
    from synthgen.blender.session import BlenderSession

    return BlenderSession("cpu", 2)


@pytest.fixture
def stage_of(session) -> Callable[[], Set]:
    """Empties Blender and gives a stage that knows the classes `wall` and `object`."""
    from synthgen.blender.stage.stage import Stage

    def make() -> Set:
        scene = session.reset()
        return Set(scene, Stage(scene, ("wall", "object", "void", "sky")))

    return make


@pytest.fixture
def truth_of(tmp_path) -> Callable[..., dict[str, np.ndarray]]:
    """Renders the truth channels of a set for a camera and a pose."""
    from synthgen.blender.camera import set_camera
    from synthgen.blender.layers import RaySurfaces, first_opaque, layer_channels
    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes, render_truth
    from synthgen.blender.render import truth_channels
    from synthgen.frame.channels import DEFAULT_CHANNELS
    from synthgen.frame.classes import CLASSES

    def render(made: Set, camera, pose, wanted=DEFAULT_CHANNELS, surface="first_hit", layers=0):
        if made.override is None:
            made.materials = number_materials(made.scene)
            made.override = prepare_passes(made.scene)
        set_camera(made.scene, camera, pose)
        surfaces = RaySurfaces(partial(render_truth, made.scene, made.override, str(tmp_path)))
        passes = first_opaque(surfaces, made.materials) if surface == "first_opaque" else surfaces.layer(0)
        arrays = truth_channels(passes, camera, pose, made.stage.instances, CLASSES, made.materials, wanted)
        return arrays | (layer_channels(surfaces.first(layers), camera) if layers else {})

    return render
