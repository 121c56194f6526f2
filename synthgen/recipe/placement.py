"""What a recipe says about where a camera stands, and what it should see from there."""

from __future__ import annotations

from synthgen.recipe.fields import Number, Section


class Placement(Section):
    """Where a camera may stand in free space, and how it is held."""

    height_m: Number("Height above the floor.", {"uniform": [1.0, 1.8]}, unit="metres", ge=0.05, le=100)
    clearance_m: Number("Least distance to any surface.", 0.3, unit="metres", ge=0.01, le=10)
    pitch_deg: Number("Upward tilt.", {"uniform": [-18, 4]}, unit="degrees", ge=-89, le=89)
    roll_deg: Number(
        "Clockwise turn about the viewing direction.",
        {"normal": {"mean": 0, "std": 1, "min": -4, "max": 4}},
        unit="degrees",
        ge=-180,
        le=180,
    )
    depth_m: Number(
        "Median depth that the view should have: of the good views of a scene, one that has it is taken, or "
        "the nearest to it. By default the most promising one, whatever its depth.",
        None,
        unit="metres",
        ge=0.1,
        le=1e4,
    )
