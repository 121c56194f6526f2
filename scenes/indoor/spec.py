"""What a user may say about an `indoor` scene. `build.py` reads the same fields with every value drawn."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from synthgen.frame.classes import CLASSES
from synthgen.recipe.families import SceneSpec
from synthgen.recipe.fields import Name, Number, Section, Whole

ROOM_KINDS = (
    "living_room", "bedroom", "office", "dining_room", "hallway", "classroom", "attic", "kitchen", "bathroom",
)  # fmt: skip
PLANS = ("rectangle", "l_shape", "t_shape", "bay", "u_shape")
STYLES = ("scandinavian", "classic", "modern", "rustic")
TIMES = ("day", "dusk", "night")
LAMPS = ("on", "off", "auto")
SKIES = ("clear", "cloudy", "overcast")
"""Skies that are calculated."""
ENVIRONMENTS = (*SKIES, "city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
"""And the light fields that come with bpy, `datafiles/studiolights/world/<name>.exr`, all CC0."""


class Room(Section):
    """The shell: what the room is for, its plan and its size."""

    kind: Name(
        "What the room is for; decides which furniture stands in it.",
        {"choice": list(ROOM_KINDS)},
        names=ROOM_KINDS,
    )
    plan: Name(
        "Shape of the floor; a rectangle where the room is too small for it.",
        {"choice": {"rectangle": 5, "l_shape": 2, "t_shape": 0.7, "bay": 1, "u_shape": 0.5}},
        names=PLANS,
    )
    width_m: Number("Inside width, along x.", {"uniform": [3.2, 6.5]}, unit="metres", ge=2.2, le=15)
    depth_m: Number("Inside depth, along y.", {"uniform": [3.0, 6.0]}, unit="metres", ge=2.2, le=15)
    height_m: Number("From the floor to the ceiling.", {"uniform": [2.4, 3.1]}, unit="metres", ge=2.1, le=6)


class Windows(Section):
    """Openings to the daylight."""

    count: Whole("Number of windows.", {"uniform": [1, 3]}, ge=0, le=6)


class Light(Section):
    """Daylight through the windows, and lamps."""

    time: Name(
        "Time of day: how much of the light comes from outside.",
        {"choice": {"day": 6, "dusk": 2, "night": 1}},
        names=TIMES,
    )
    environment: Name(
        "What is outside: a calculated sky (clear, cloudy, overcast), or a light field of Blender's.",
        {
            "choice": {
                "city": 2, "courtyard": 2, "forest": 2, "sunrise": 2, "sunset": 2, "clear": 1, "cloudy": 1,
                "overcast": 1,
            }
        },
        names=ENVIRONMENTS,
    )  # fmt: skip
    environment_strength: Number(
        "Brightness of the light outside; 1 is an ordinary one, whatever the light field.",
        {"log_uniform": [0.5, 2.0]},
        gt=0,
        le=100,
    )
    environment_yaw_deg: Number(
        "Turn of the light field about the vertical.", {"uniform": [0, 360]}, unit="degrees", ge=0, le=360
    )
    lamps: Name("Ceiling and standing lamps; auto lights them at dusk and night.", "auto", names=LAMPS)
    lamp_strength: Number(
        "Brightness of the lamps; 1 is that of ordinary ones, such as 3000 lumens from a ceiling.",
        {"log_uniform": [0.7, 1.4]},
        gt=0,
        le=100,
    )
    lamp_kelvin: Number(
        "Colour temperature of the lamps.", {"uniform": [2700, 4200]}, unit="kelvin", ge=1800, le=10000
    )


class Furniture(Section):
    """The large things."""

    density: Number("How full the room is: 0 empty, 1 as much as fits.", {"uniform": [0.45, 0.9]}, ge=0, le=1)


class Clutter(Section):
    """The small things: books, cups, bowls, boxes, cushions, plants."""

    density: Number(
        "How much lies about: 0 nothing, 1 every surface is used.", {"uniform": [0.3, 0.8]}, ge=0, le=1
    )


class Architecture(Section):
    """What is built in. Each number is the share of rooms that have it, where there is a place for it."""

    opening: Number(
        "Rooms that open into another one: a doorway, a wide opening, a door ajar or of glass.",
        0.5, ge=0, le=1,
    )  # fmt: skip
    steps: Number("Of wide openings, those with a step or two up to the other room.", 0.3, ge=0, le=1)
    stairs: Number("A staircase along a wall; hallways have one three times as often.", 0.1, ge=0, le=1)
    columns: Number("Columns and posts.", 0.12, ge=0, le=1)
    beams: Number("Beams below the ceiling; rustic rooms have some more often.", 0.12, ge=0, le=1)
    alcoves: Number("Niches in walls, and chimney breasts with alcoves beside them.", 0.3, ge=0, le=1)
    half_walls: Number("Walls of half height that divide a room.", 0.06, ge=0, le=1)


class FloatingObjects(Section):
    """Things of the family wild in the free air: shapes and materials that no habit of rooms explains."""

    count: Whole("Number of things in the air; fewer where there is no room for them.", 0, ge=0, le=100)
    smallest_m: Number("Least extent of a thing.", 0.08, unit="metres", ge=0.02, le=2)
    largest_m: Number("Greatest extent of a thing.", 0.5, unit="metres", ge=0.02, le=2)
    thin_share: Number("Share of wires, lattices, nets, blades.", 0.25, ge=0, le=1)
    transparent_share: Number("Share of glass and mirrors.", 0.1, ge=0, le=1)


class Moving(Section):
    """Things that move about: balls, balloons, paper planes, drones, mobiles, robot vacuums."""

    count: Whole("Number of moving things; fewer where there is no room for them.", 0, ge=0, le=50)
    speed_m_s: Number("How fast they are, about.", {"uniform": [0.3, 1.0]}, unit="m/s", ge=0.01, le=5)


class Spec(SceneSpec):
    """A furnished room with daylight, made without any download."""

    classes: ClassVar[tuple[str, ...]] = tuple(name for name in CLASSES if name not in ("void", "ground"))
    asset_classes: ClassVar[tuple[str, ...]] = (
        "appliance", "bag", "basket", "bed", "bench", "bin", "book", "bottle", "bowl", "box", "cabinet",
        "ceiling_light", "chair", "clock", "cup", "desk", "dresser", "environment", "keyboard", "lamp",
        "laptop", "mirror", "monitor", "nightstand", "picture", "plant", "plate", "pot", "shelf", "shoes",
        "sofa", "stool", "suitcase", "table", "television", "toy", "vase", "wardrobe",
    )  # fmt: skip

    kind: Literal["indoor"] = "indoor"
    room: Room = Field(default=Room(), description="What the room is for, its plan and its size.")
    style: Name("Which shapes, materials and colours go together.", {"choice": list(STYLES)}, names=STYLES)
    windows: Windows = Field(default=Windows(), description="Openings to the daylight.")
    light: Light = Field(default=Light(), description="Daylight and lamps.")
    furniture: Furniture = Field(default=Furniture(), description="The large things.")
    clutter: Clutter = Field(default=Clutter(), description="The small things.")
    architecture: Architecture = Field(
        default=Architecture(), description="What is built in, and rooms that open into each other."
    )
    floating_objects: FloatingObjects = Field(
        default=FloatingObjects(), description="What hangs in the air against all habit."
    )
    moving: Moving = Field(default=Moving(), description="What moves while a camera films.")
    wear: Number(
        "Scratches, stains and faded colours: 0 new, 1 worn out.", {"uniform": [0.0, 0.5]}, ge=0, le=1
    )
