"""One Blender session for all tests of this folder: bpy is global to the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest


@dataclass
class Set:
    """A stage with what the renders of a test need."""

    scene: object
    stage: object
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
    from synthgen.blender.channels import layer_channels, truth_channels
    from synthgen.blender.materials import number_materials
    from synthgen.blender.passes import prepare_passes
    from synthgen.blender.truth import RaySurfaces, first_opaque
    from synthgen.frame.channels import DEFAULT_CHANNELS
    from synthgen.frame.classes import CLASSES

    def render(made: Set, camera, pose, wanted=DEFAULT_CHANNELS, surface="first_hit", layers=0):
        if getattr(made, "materials", None) is None:
            made.materials = number_materials(made.scene)
            prepare_passes(made.scene)
        surfaces = RaySurfaces(made.scene, camera, pose, str(tmp_path))
        truth = first_opaque(surfaces, made.materials) if surface == "first_opaque" else surfaces.layer(0)
        arrays = truth_channels(truth, camera, pose, made.stage.instances, CLASSES, made.materials, wanted)
        return arrays | (layer_channels(surfaces.first(layers)) if layers else {})

    return render
