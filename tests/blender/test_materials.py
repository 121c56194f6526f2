"""What a material does to the eye, by rule and by the eye of whoever wrote this list."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

pytestmark = pytest.mark.blender


@pytest.fixture
def indoor(stage_of):
    """A material of the indoor family by its role."""
    from synthgen.recipe.families import family_builder

    stage_of()
    family_builder("indoor")
    draw = import_module("synthgen_scenes.indoor.look.palette").draw_palette

    def material(role: str, wear: float = 0.5):
        return draw("modern", wear, 7, lamps_on=False).material(role)

    return material


@pytest.mark.parametrize(
    ("role", "mirror", "transparent"),
    [
        ("mirror", True, False),
        ("chrome", True, False),
        ("metal_brushed", False, False),
        ("metal", False, False),
        ("brass", False, False),
        ("screen", False, False),
        ("window_glass", False, True),
        ("glass", False, True),
        ("ceramic", False, False),
        ("wood", False, False),
        ("bulb", False, False),
    ],
)
@pytest.mark.parametrize("wear", [0.0, 1.0])
def test_indoor_materials_are_what_a_person_calls_them(indoor, role, mirror, transparent, wear) -> None:
    from synthgen.blender.materials import is_mirror, is_transparent

    material = indoor(role, wear)
    assert (is_mirror(material), is_transparent(material)) == (mirror, transparent)


def test_the_roughness_and_the_metal_of_a_mirror(stage_of) -> None:
    from synthgen.blender.materials import is_mirror
    from synthgen.blender.stage.material import new_material

    stage_of()

    def principled(formula) -> bool:
        material, graph = new_material("m")
        noise = graph.noise(graph.coordinates("Object"))
        graph.finish(graph.principled(**formula(graph, noise)))
        return is_mirror(material)

    assert principled(lambda graph, noise: {"metallic": 1.0, "roughness": 0.1})
    assert not principled(lambda graph, noise: {"metallic": 1.0, "roughness": 0.11})
    assert principled(lambda graph, noise: {"metallic": 0.5, "roughness": 0.0})
    assert not principled(lambda graph, noise: {"metallic": 0.4, "roughness": 0.0})
    # A texture counts as any value between 0 and 1, also after arithmetic.
    assert principled(lambda graph, noise: {"metallic": noise, "roughness": noise * 0.2 + 0.05})
    assert principled(lambda graph, noise: {"metallic": 1.0, "roughness": noise.ramp(0.4, 0.6, 0.02, 0.3)})
    assert principled(lambda graph, noise: {"metallic": 1.0, "roughness": graph.choose(noise, 0.02, 0.2)})
    assert not principled(lambda graph, noise: {"metallic": noise * 0.4, "roughness": 0.0})
    assert not principled(lambda graph, noise: {"metallic": 1.0, "roughness": noise})
    assert not principled(lambda graph, noise: {"metallic": 1.0, "roughness": noise * 0.2 + 0.15})
    assert not principled(lambda graph, noise: {"metallic": 1.0, "roughness": noise.ramp(0.4, 0.6, 0.2, 0.3)})


def test_the_share_of_a_mirror(stage_of) -> None:
    from synthgen.blender.materials import is_mirror
    from synthgen.blender.stage.material import new_material

    stage_of()

    def mixed(factor) -> bool:
        material, graph = new_material("m")
        polished = graph.shader("Glossy", roughness=0.0)
        graph.finish(graph.blend(factor(graph), graph.shader("Diffuse"), polished))
        return is_mirror(material)

    assert mixed(lambda graph: 0.5)
    assert not mixed(lambda graph: 0.4)
    assert mixed(lambda graph: graph.noise(graph.coordinates("Object")))
    assert not mixed(lambda graph: graph.fresnel(1.5))  # lacquer: 4 % head-on
    assert mixed(lambda graph: graph.fresnel(20.0))
    assert not mixed(lambda graph: graph.ray("Is Diffuse Ray"))
    assert mixed(lambda graph: graph.ray("Is Camera Ray"))


def test_properties_overrule_the_shader(stage_of) -> None:
    from synthgen.blender.materials import is_mirror, is_transparent
    from synthgen.blender.stage import ware

    stage_of()
    silvered, clear = ware.mirror("silvered"), ware.glass("clear")
    assert is_mirror(silvered) and not is_mirror(clear)
    silvered["synthgen_mirror"], clear["synthgen_mirror"] = False, True
    assert not is_mirror(silvered) and is_mirror(clear)
    assert is_transparent(clear) and not is_transparent(silvered)


def test_the_table_has_a_row_for_each_material(stage_of) -> None:
    import bpy

    from synthgen.blender.materials import NO_MATERIAL, number_materials
    from synthgen.blender.stage import ware
    from synthgen.blender.stage.mesh import MeshBuilder

    made = stage_of()
    thing = made.stage.instance("object")
    materials = {
        "plain": bpy.data.materials.new("plain"),
        "pane": ware.pane("pane"),
        "mirror": ware.mirror("mirror"),
        "steel": ware.coated_metal("steel", (0.5, 0.5, 0.5)),
    }
    for index, name in enumerate(materials):
        made.stage.add(MeshBuilder().box((1, 1, 1), (2 * index, 0, 0), name), thing, materials)
    made.stage.add_object(bpy.data.objects.new("bare", bpy.data.meshes.new("bare")), thing)
    table = number_materials(made.scene)

    rows = {row["name"]: row for row in table.to_json()}
    expected = {
        "plain": (False, False, False),
        "pane": (True, False, False),
        "mirror": (False, True, False),
        "steel": (False, False, True),
        NO_MATERIAL: (False, False, False),
    }
    assert {name: (row["transparent"], row["mirror"], row["bump"]) for name, row in rows.items()} == expected
    assert [row["id"] for row in table.to_json()] == list(range(1, len(expected) + 1))
    for column in ("transparent", "mirror", "bump"):
        by_id = getattr(table, column)
        assert by_id.dtype == np.bool_ and not by_id[0]
        assert all(by_id[row["id"]] == row[column] for row in rows.values())
