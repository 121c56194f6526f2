"""`build`: a `wild` scene in Blender, from a drawn spec and a seed."""

from __future__ import annotations

from typing import Any

from synthgen.blender.stage.stage import BuiltScene, CameraRegion, Stage

from .layout.arrange import arrange
from .layout.imported import Imports
from .light import light_outside, light_room
from .look.palette import Palette
from .settings.landscape import make_landscape, scatter
from .settings.open_sky import make_sky
from .settings.room import add_pillars, make_room
from .staging import add_things


def build(stage: Stage, spec: Any, seed: int) -> BuiltScene:
    """Build a scene of things in a room, in a landscape or before the sky.

    Parameters
    ----------
    stage : an empty stage
    spec : the family's `Spec` with every value drawn
    seed : decides everything that the spec leaves open
    """
    palette = Palette(str(spec.things.materials), seed)
    imports = Imports(stage.assets, float(spec.things.imported)) if stage.assets.classes else None
    around: dict[str, object] = {}
    if spec.setting == "room":
        space, plan = make_room(stage, spec, seed)
        things, taken = arrange(space, spec, seed, imports)
        around["pillars"] = add_pillars(stage, plan, taken, seed)
        around["light"] = light_room(stage, plan, spec, taken, seed)
    elif spec.setting == "landscape":
        space, terrain, around = make_landscape(stage, spec, seed)
        things, taken = arrange(space, spec, seed, imports)
        around["scattered"] = scatter(stage, spec, terrain, taken, palette, str(around["cover"]), seed)
        around["light"] = light_outside(stage, spec, seed)
    else:
        space = make_sky()
        things, _ = arrange(space, spec, seed, imports)
        around["light"] = light_outside(stage, spec, seed)
    return BuiltScene(
        camera_region=CameraRegion(space.outline_m, 0.0, space.ceiling_m),
        sampled={
            "setting": spec.setting,
            **around,
            "things": add_things(stage, things, palette),
            "materials": palette.names(),
        },
    )
