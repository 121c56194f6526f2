"""docs/assets.md is true: its recipe is planned, its notes are read, its sizes are those of the table."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
from model_files import glb, obj

from synthgen.assets.fetchers import SERVICES
from synthgen.assets.formats import MODEL_FORMATS
from synthgen.assets.notes import read_notes
from synthgen.assets.sizes import SIZES
from synthgen.exr import encode_exr
from synthgen.plan.planner import plan_recipe
from synthgen.recipe.load import load_recipe

PAGE = (Path(__file__).parents[3] / "docs/assets.md").read_text(encoding="utf-8")
RECIPE, NOTES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_recipe_of_the_page_is_planned(tmp_path: Path) -> None:
    for name, count in (("my_chairs", 30), ("my_tables", 30)):
        (tmp_path / name).mkdir()
        for number in range(count):
            document = {"asset": {"version": "2.0", "generator": f"{name} {number}"}}
            (tmp_path / name / f"{number}.glb").write_bytes(glb(document))
    (tmp_path / "my_hdris").mkdir()
    for number in range(12):
        picture = {channel: np.full((2, 4), number, np.float32) for channel in "RGB"}
        (tmp_path / f"my_hdris/{number}.exr").write_bytes(encode_exr(picture))
    with zipfile.ZipFile(tmp_path / "lamps.sh3f", "w") as archive:
        catalogue = ""
        for number in range(20):
            archive.writestr(f"m/{number}/lamp.obj", obj(30 + number))
            catalogue += f"id#{number}=L{number}\nname#{number}=Lamp\nmodel#{number}=/m/{number}/lamp.obj\n"
            catalogue += f"width#{number}=30\ndepth#{number}=30\nheight#{number}=50\n"
        archive.writestr("PluginFurnitureCatalog.properties", catalogue)
    (tmp_path / "my_rooms.yaml").write_text(RECIPE)
    jobs = list(plan_recipe(load_recipe(tmp_path / "my_rooms.yaml")))
    shares = {"chair": 0.5, "table": 1.0, "lamp": 0.3, "environment": 0.5}
    for job in jobs:
        found = {name: round(sum(each.share for each in job.assets[name]), 6) for name in job.assets}
        assert found == shares


def test_the_notes_of_the_page_are_read(tmp_path: Path) -> None:
    (tmp_path / "assets.yaml").write_text(NOTES)
    notes = read_notes(tmp_path / "assets.yaml")
    assert (notes.unit, notes.up, notes.front, notes.category) == ("cm", "+z", "-y", "chair")
    assert notes.files["throne.glb"].size_m == (0.9, 0.8, 1.6)


def test_the_tables_of_the_page_are_whole() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) to ([\d.]+) \| ([\d.]+) to ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert {
        name: ((float(a), float(b)), (float(c), float(d))) for name, a, b, c, d in rows
    } == {name: (each.height_m, each.side_m) for name, each in SIZES.items()}  # fmt: skip
    assert all(ending in PAGE for ending in MODEL_FORMATS)
    assert all(f"assets fetch {service} " in PAGE for service in SERVICES)
