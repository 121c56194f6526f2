"""Kitchens and bathrooms in Blender: things are sound, tiles cover walls, windows of bathrooms are milky."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from synthgen.recipe.families import family_spec  # noqa: E402
from synthgen.seeding import rng_for  # noqa: E402

pytestmark = pytest.mark.blender

STYLES = ("scandinavian", "classic", "modern", "rustic")
BELOW = ("kitchen_sink",)
"""Hangs in a cut-out: its box begins at its rim."""
PARAMS = {
    "toilet": {"variant": "floor"},
    "wall_unit": {"board_z_m": [0.02]},
    "base_unit": {"unit": "drawers"},
    "hob": {"variant": "gas"},
}
SIZES = {"hob": (0.58, 0.51, 0.042)}
MAX_TRIANGLES = {"dish_rack": 30_000, "utensil_rail": 30_000, "utensil_holder": 30_000, "hood": 8_000}


def _module(name: str):
    family_spec("indoor")  # puts the family on the search path
    return importlib.import_module(f"synthgen_scenes.indoor.{name}")


def _kinds() -> list[str]:
    return [*_module("layout.kitchen_kinds").KINDS, *_module("layout.bathroom_kinds").KINDS]


@pytest.mark.parametrize("kind", _kinds())
def test_things_stay_in_their_boxes_and_differ_by_seed(kind: str) -> None:
    build, shapes = _module("furniture").build_item, set()
    for seed in range(6):
        size = SIZES.get(kind) or _module("layout.catalogue").draw_size(kind, rng_for(seed, "size", kind))
        params = {"style": STYLES[seed % 4], **PARAMS.get(kind, {})}
        made = build(kind, size, rng_for(seed, "item", kind), params)
        low, high = made.bounds()
        w, d, h = size
        assert np.isfinite(made.vertices()).all()
        assert 10 < len(made.triangles()) <= MAX_TRIANGLES.get(kind, 22_000)
        if kind not in BELOW:
            assert (low >= np.array([-w / 2, -d / 2, 0.0]) - 0.012).all(), (seed, low)
            assert (high <= np.array([w / 2, d / 2, h]) + 0.012).all(), (seed, high)
        shapes.add(made.vertices().tobytes())
    assert len(shapes) >= 4


def test_tiles_fill_their_area_and_leave_holes_open() -> None:
    tiling, style = _module("furniture.tiling"), _module("look.wet_style")
    area, hole = (0.0, 2.0, 0.0, 1.5), (0.6, 1.1, 0.7, 1.2)
    for tiles in style.TILES.values():
        made = tiling.tiled(area, tiles, rng_for(1, "tiles"), "bath_tile", "grout", holes=[hole])
        low, high = made.bounds()
        np.testing.assert_allclose([low[0], high[0], low[2], high[2]], area, atol=1e-9)
        assert high[1] < 0.006 and low[1] >= -tiling.SUNK_M - 1e-9
        corners = made.vertices()[made.triangles()]
        facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        middles = corners.mean(axis=1)
        inside = (
            (middles[:, 0] > hole[0]) & (middles[:, 0] < hole[1])
            & (middles[:, 2] > hole[2]) & (middles[:, 2] < hole[3])
        )  # fmt: skip
        assert not inside.any()
        covered = facing[(middles[:, 1] > -0.001) & (facing[:, 1] > 0), 1].sum() / 2
        whole = 2.0 * 1.5 - 0.5 * 0.5
        assert 0.8 * whole < covered < whole  # the rest is joints


def test_windows_of_bathrooms_are_milky_and_their_walls_tiled(session) -> None:
    from synthgen.blender.stage.stage import Stage
    from synthgen.frame.classes import class_table
    from synthgen.plan.draws import resolve
    from synthgen.recipe.families import family_builder

    used: set[str] = set()
    for seed in (1, 3):
        params = {"room": {"kind": "bathroom"}, "windows": {"count": 1}, "architecture": {"opening": 0}}
        spec = resolve(family_spec("indoor").model_validate({"kind": "indoor", **params}), seed, "scene")
        scene = session.reset()
        family_builder("indoor")(Stage(scene, tuple(class_table(spec.classes))), spec, seed)
        used |= {
            slot.material.name
            for each in scene.objects
            if each.type == "MESH"
            for slot in each.material_slots
        }
    names = " ".join(sorted(used))
    assert "window_glass:frosted" in names and "bath_tile" in names and "bath_floor" in names
