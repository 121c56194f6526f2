"""What a user may say about a `wild` scene. `build.py` reads the same fields with every value drawn."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from synthgen.frame.classes import CLASSES
from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Name, Number, Section, Whole

SETTINGS = ("room", "landscape", "sky")
TIMES = ("day", "low_sun", "dusk", "night")
SKIES = ("clear", "cloudy", "overcast")
"""Skies that are calculated."""
ENVIRONMENTS = (*SKIES, "city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
"""And light fields that come with bpy, `datafiles/studiolights/world/<name>.exr`, all CC0."""
OWN = ("wall", "floor", "ceiling", "window", "ceiling_light", "column", "ground", "plant", "object")
"""Classes of what the family makes."""
AROUND = (
    "void", "sky", "wall", "floor", "ceiling", "door", "window", "skirting", "stairs", "column", "ground",
)  # fmt: skip
"""Classes that no model may stand for."""
MIXES = ("everything", "natural", "built", "printed", "shining")


class Room(Section):
    """The setting `room`: four walls, a floor, a ceiling."""

    width_m: Number("Inside width, along x.", {"log_uniform": [4.0, 30.0]}, unit="metres", ge=3, le=60)
    depth_m: Number("Inside depth, along y.", {"log_uniform": [4.0, 30.0]}, unit="metres", ge=3, le=60)
    height_m: Number("Inside height.", {"log_uniform": [2.6, 8.0]}, unit="metres", ge=2.4, le=20)
    windows: Whole(
        "Openings to the outside; without any, lamps light the room.",
        {"choice": [0, 0, 1, 2, 4]},
        ge=0,
        le=12,
    )


class Landscape(Section):
    """The setting `landscape`: open country around a clearing, 200 m to its edge."""

    relief_m: Number(
        "How far the hills rise above the clearing.", {"log_uniform": [2.0, 40.0]}, unit="metres", ge=0, le=80
    )
    plants: Number("How much grows: 0 nothing, 1 a wood.", {"uniform": [0.0, 1.0]}, ge=0, le=1)
    rocks: Number(
        "How stony it is: 0 not at all, 1 a field of boulders.", {"uniform": [0.0, 1.0]}, ge=0, le=1
    )


class Things(Section):
    """What stands, lies and floats about."""

    standing: Whole(
        "Things that stand, lie or are piled up; before the sky they float too.",
        {"uniform": [24, 60]},
        ge=0,
        le=300,
    )
    floating: Whole("Things in the air.", {"uniform": [10, 36]}, ge=0, le=300)
    piled_share: Number("Share of standing things that carry others.", {"uniform": [0.1, 0.5]}, ge=0, le=1)
    smallest_m: Number("Least extent of a thing near the camera.", 0.12, unit="metres", ge=0.02, le=5)
    largest_m: Number(
        "Greatest extent of a thing near the camera; far things are larger. Sizes in between are drawn "
        "uniformly in the logarithm.",
        {"log_uniform": [1.0, 3.0]},
        unit="metres",
        ge=0.02,
        le=20,
    )
    thin_share: Number("Share of wires, lattices, nets, blades.", {"uniform": [0.1, 0.4]}, ge=0, le=1)
    transparent_share: Number("Share of glass and mirrors.", {"uniform": [0.0, 0.2]}, ge=0, le=1)
    imported: Number(
        "Share of models among the things where the recipe names assets; every class as often, in real size.",
        0.5, ge=0, le=1,
    )  # fmt: skip
    materials: Name(
        "Which materials lead.",
        {"choice": {"everything": 3, "natural": 1, "built": 1, "printed": 1, "shining": 1}},
        names=MIXES,
    )


class Light(Section):
    """Sun, sky and lamps."""

    time: Name(
        "Time of day.",
        {"choice": {"day": 5, "low_sun": 3, "dusk": 1, "night": 1}},
        names=TIMES,
    )
    environment: Name(
        "The sky: calculated (clear, cloudy, overcast), or a light field that comes with Blender.",
        {
            "choice": {
                "clear": 3, "cloudy": 4, "overcast": 1, "city": 1, "courtyard": 1, "forest": 1, "sunrise": 1,
                "sunset": 1,
            }
        },
        names=ENVIRONMENTS,
    )  # fmt: skip
    strength: Number(
        "Brightness of what is outside; 1 is an ordinary one for its time.",
        {"log_uniform": [0.5, 2.0]},
        gt=0,
        le=100,
    )
    yaw_deg: Number(
        "Turn of sky and sun about the vertical.", {"uniform": [0, 360]}, unit="degrees", ge=0, le=360
    )


class Moving(Section):
    """Things in the air that drift to and fro, and turn."""

    count: Whole("Number of moving things; fewer where there is no room for them.", 0, ge=0, le=50)
    speed_m_s: Number(
        "How fast the nearest are, about; far things are quicker.",
        {"uniform": [0.3, 1.5]},
        unit="m/s",
        ge=0.01,
        le=20,
    )


class Spec(SceneSpec):
    """Things of all kinds, sizes and materials in a room, in a landscape or before the sky."""

    asset_classes: ClassVar[tuple[str, ...]] = (
        *(name for name in CLASSES if name not in AROUND), "environment",
    )  # fmt: skip
    classes: ClassVar[tuple[str, ...]] = tuple(dict.fromkeys((*OWN, *asset_classes[:-1])))

    kind: Literal["wild"] = "wild"
    setting: Name("What is around.", {"choice": list(SETTINGS)}, names=SETTINGS)
    room: Room = Field(default=Room(), description="The room, where the setting is one.")
    landscape: Landscape = Field(default=Landscape(), description="The landscape, where the setting is one.")
    things: Things = Field(default=Things(), description="What stands, lies and floats about.")
    light: Light = Field(default=Light(), description="Sun, sky and lamps.")
    moving: Moving = Field(default=Moving(), description="What moves while a camera films.")
