"""Assets on the way into scenes: shares, splits, light fields, metadata, and the licences of the dataset."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gltf_files import Box, write_gltf

from synthgen.assets.catalogue import split_of
from synthgen.assets.folder import FolderSource
from synthgen.errors import RenderError
from synthgen.exr import encode_exr
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.classes import class_table_json
from synthgen.frame.records import Completion, write_completion
from synthgen.frame.store import write_frame
from synthgen.pack.packer import pack_dataset
from synthgen.plan.jobs import SceneJob
from synthgen.plan.planner import PLAN, plan_line, plan_recipe
from synthgen.recipe.families import add_scene_paths
from synthgen.recipe.load import load_recipe
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage

if TYPE_CHECKING:
    from synthgen.blender.assets.shelf import AssetShelf

pytestmark = pytest.mark.blender

SPLITS = {"train": 0.5, "val": 0.5}
HEAD = """\
name: shop
seed: 4
scenes: 4
split: {train: 0.5, val: 0.5}
cameras: [{kind: perspective, width: 32, height: 24, fov_deg: 90}]
render: {samples: 1, max_bounces: 1, denoise: false, device: cpu}
scene:
  kind: shop
"""


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory) -> Iterator[None]:
    add_scene_paths([Path(__file__).parents[1] / "unit/assets/scenes"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYNTHGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def chairs(folder: Path, count: int, licence: str = "") -> Path:
    """A folder of different chairs."""
    folder.mkdir(parents=True)
    for number in range(count):
        high = 0.8 + 0.02 * number
        boxes: list[Box] = [
            ("seat", (0.5, 0.5, 0.45), (0, 0, 0.225)),
            ("back", (0.5, 0.1, high), (0, 0.2, high / 2)),
        ]
        write_gltf(folder / f"chair{number}.glb", boxes)
    if licence:
        (folder / "assets.yaml").write_text(f"licence: {licence}\ncreator: Jane | Doe\n")
    return folder


def light_field(path: Path, radiance: float = 0.5) -> Path:
    """An EXR of 8 x 4 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_exr({name: np.full((4, 8), radiance, np.float32) for name in "RGB"}))
    return path


def planned(folder: Path, scene: str, head: str = HEAD) -> list[SceneJob]:
    path = folder / "shop.yaml"
    path.write_text(head + scene)
    return list(plan_recipe(load_recipe(path)))


def shelf_of(job: SceneJob) -> AssetShelf:
    from synthgen.blender.assets.shelf import AssetShelf

    return AssetShelf(job.assets, job.asset_roots)


def test_things_come_by_share_and_what_is_left_is_the_family_s(session, tmp_path: Path) -> None:
    chairs(tmp_path / "a", 6)
    chairs(tmp_path / "b", 3).joinpath("chair1.glb").write_bytes(b"changed below")
    chairs(tmp_path / "c", 12)
    (job, *_) = planned(
        tmp_path, "  assets: {chair: [builtin, {folder: a, share: 0.3}, {folder: c, share: 0.5}]}\n"
    )
    shelf, rng = shelf_of(job), np.random.default_rng(0)
    drawn = Counter((model.id[0] if (model := shelf.pick("chair", rng)) else "own") for _ in range(2000))
    assert drawn["a"] / 2000 == pytest.approx(0.3, abs=0.04)
    assert drawn["c"] / 2000 == pytest.approx(0.5, abs=0.04)
    assert drawn["own"] / 2000 == pytest.approx(0.2, abs=0.04)
    for model in shelf.models("chair"):
        number = int(re.search(r"chair(\d+)", model.id)[1])
        assert model.size_m == pytest.approx((0.5, 0.5, 0.8 + 0.02 * number), abs=1e-5)
    assert shelf.pick("lamp", rng) is None
    assert shelf.used == [] and shelf.to_json() == {}  # looking at sizes is no use of them


def test_the_others_take_the_share_of_what_cannot_be_imported(session, tmp_path: Path) -> None:
    chairs(tmp_path / "c", 5)
    write_gltf(tmp_path / "c/chair9.glb", [("tower", (0.5, 0.5, 9.0), (0, 0, 4.5))])
    one_split = HEAD.replace("{train: 0.5, val: 0.5}", "{train: 1}")
    (job, *_) = planned(tmp_path, "  assets: {chair: [{folder: c, share: 0.6}]}\n", one_split)
    shelf = shelf_of(job)
    models = shelf.models("chair")
    assert len(models) == 5
    assert sum(model.share for model in models) == pytest.approx(0.6)
    (rejected,) = shelf.to_json()["assets_rejected"]
    assert rejected["id"] == "c/chair9.glb"
    assert rejected["reason"].startswith("size 0.5 x 0.5 x 9 (w x d x h) is no chair in any unit")
    for path in (tmp_path / "c").glob("chair[0-8].glb"):
        path.unlink()
    monopoly = planned(tmp_path, "  assets: {chair: {folder: c}}\n", one_split)[0]
    with pytest.raises(RenderError, match=r"assets of the class chair: none of 1 can be used \(size 0\.5 x"):
        shelf_of(monopoly).models("chair")
    assert (
        shelf_of(planned(tmp_path, "  assets: {chair: [builtin, {folder: c}]}\n", one_split)[0]).models(
            "chair"
        )
        == []
    )


def test_light_fields_of_the_user_come_by_share(session, tmp_path: Path) -> None:
    for number in range(4):
        light_field(tmp_path / f"sky/field{number}.exr", 0.1 + number)
    one_split = HEAD.replace("{train: 0.5, val: 0.5}", "{train: 1}")
    (job, *_) = planned(tmp_path, "  assets: {environment: [{folder: sky, share: 0.7}]}\n", one_split)
    shelf, rng = shelf_of(job), np.random.default_rng(1)
    drawn = Counter(shelf.environment(rng) for _ in range(400))
    assert drawn[None] / 400 == pytest.approx(0.3, abs=0.08)
    assert set(drawn) == {None, *(tmp_path / "sky").iterdir()}
    assert shelf.to_json() == {"assets": [f"sky/field{number}.exr" for number in range(4)]}
    # One is gone, one has changed, one is no image any more behind its header.
    (tmp_path / "sky/field0.exr").unlink()
    light_field(tmp_path / "sky/field1.exr", 9.0)
    session.reset()
    shelf = shelf_of(job)
    assert {shelf.environment(rng) for _ in range(50)} == {None, *(tmp_path / "sky").glob("field[23].exr")}
    reasons = {each["id"]: each["reason"] for each in shelf.to_json()["assets_rejected"]}
    assert reasons["sky/field0.exr"] == "cannot be read (No such file or directory)"
    assert "has changed since it was planned" in reasons["sky/field1.exr"]
    cut = light_field(tmp_path / "sky/field4.exr", 5.0)
    cut.write_bytes(cut.read_bytes()[:-60] + bytes(20))
    for path in (tmp_path / "sky").glob("field[123].exr"):
        path.unlink()
    (broken, *_) = planned(tmp_path, "  assets: {environment: {folder: sky}}\n", one_split)
    with pytest.raises(
        RenderError, match=r"class environment: none of 1 can be used \(field4\.exr cannot be read"
    ):
        shelf_of(broken).environment(rng)


def test_a_run_goes_on_with_what_can_be_used(session, tmp_path: Path) -> None:
    """A folder with a bit of everything that goes wrong, and two chairs, one of them in inches."""
    from synthgen.blender.worker import BlenderRenderer

    folder = chairs(tmp_path / "c", 1)
    write_gltf(folder / "inches.glb", [("seat", (20, 20, 18), (0, 0, 9)), ("back", (20, 4, 36), (0, 8, 18))])
    whole = (folder / "chair0.glb").read_bytes()
    (folder / "cut.glb").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.glb").write_bytes(b"")
    (folder / "plain.obj").write_text("mtllib gone.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (folder / "huge.stl").write_bytes(b"scan".ljust(80) + (10_000_000).to_bytes(4, "little"))
    os.truncate(folder / "huge.stl", 84 + 50 * 10_000_000)  # nothing of it is on the disk
    (folder / "damaged.usdc").write_bytes(b"PXR-USDC" + bytes(40))
    (folder / "newer.blend").write_bytes(b"BLENDER17-01v0999" + bytes(1000))
    with zipfile.ZipFile(folder / "outside.usdz", "w") as package:
        package.writestr("../../evil.usda", "#usda 1.0\n")
    one_split = HEAD.replace("{train: 0.5, val: 0.5}", "{train: 1}")
    job = planned(tmp_path, "  chairs: 10\n  assets: {chair: {folder: c}}\n", one_split)[0]
    renderer = BlenderRenderer("cpu", 2)
    (view,) = renderer.render(job)
    renderer.close()
    assert view.bundle.meta["assets"] == ["c/chair0.glb", "c/inches.glb"]
    # What files say about themselves was found out by the plan; the rest by importing.
    reasons = {each["id"]: each["reason"] for each in view.bundle.meta["assets_rejected"]}
    assert set(reasons) == {"c/damaged.usdc", "c/newer.blend"}
    assert reasons["c/damaged.usdc"].startswith("cannot be imported")
    assert reasons["c/newer.blend"].startswith("was saved by Blender 9.99, newer than")
    rejected = {each.path: each.reason for each in FolderSource(folder).scan().rejected}
    assert {path: reason.split(" ")[0:2] for path, reason in rejected.items()} == {
        "cut.glb": ["is", "cut"],
        "empty.glb": ["is", "empty"],
        "plain.obj": ["plain.obj", "needs"],
        "huge.stl": ["has", "10,000,000"],
        "outside.usdz": ["the", "entry"],
    }
    assert not (tmp_path.parent / "evil.usda").exists()


@pytest.fixture(scope="module")
def rendered(session, tmp_path_factory) -> Path:
    """A dataset of four scenes with chairs of one licence and, here and there, a light field of another."""
    from synthgen.blender.worker import BlenderRenderer

    tmp_path = tmp_path_factory.mktemp("rendered")
    chairs(tmp_path / "c", 12, "CC BY 4.0")
    light_field(tmp_path / "sky/noon.exr")
    (tmp_path / "sky/assets.yaml").write_text("licence: CC0\n")
    light_field(tmp_path / "sky/dusk.exr", 0.2)
    jobs = planned(
        tmp_path, "  assets: {chair: [{folder: c, share: 0.8}], environment: [builtin, {folder: sky}]}\n"
    )
    storage = open_storage(tmp_path / "out")
    storage.write_bytes(PLAN, b"".join(plan_line(job) for job in jobs))
    renderer = BlenderRenderer("cpu", 2)
    for job in jobs:
        bundles: list[FrameBundle] = [view.bundle for view in renderer.render(job)]
        views = {bundle.view: write_frame(storage, bundle) for bundle in bundles}
        write_completion(storage, Completion(job.scene, job.split, job.job_hash, views, {}))
    renderer.close()
    pack_dataset(storage, PackSpec(), provenance={"name": "shop"}, classes=class_table_json())
    return tmp_path / "out"


def test_frames_name_their_assets_and_no_asset_is_in_two_splits(rendered: Path) -> None:
    by_split: dict[str, set[str]] = {"train": set(), "val": set()}
    for path in sorted(rendered.glob("frames/*/*.json")):
        meta = json.loads(path.read_text())
        shown = set(meta["sampled"]["built"]["things"]) - {"own"}
        assert shown == {name for name in meta["assets"] if name.startswith("c/")}
        by_split[meta["split"]] |= set(meta["assets"])
        for name in meta["assets"]:
            assert split_of(name, SPLITS) == meta["split"]
    assert len(by_split["train"]) > 3 and len(by_split["val"]) > 3
    assert not by_split["train"] & by_split["val"]


def test_licences_flow_to_the_dataset(rendered: Path) -> None:
    text = (rendered / "LICENSES.md").read_text()
    used = {
        name for path in rendered.glob("frames/*/*.json") for name in json.loads(path.read_text())["assets"]
    }
    rows = dict(re.findall(r"^\| (\S+) \| ([^|]*) \|", text, re.MULTILINE))
    assert set(rows) - {"asset"} == used
    assert all(maker == "Jane / Doe" for name, maker in rows.items() if name.startswith("c/"))
    assert "## CC-BY-4.0\n\n<https://creativecommons.org/licenses/by/4.0/>" in text
    assert not any(word in text for word in (str(rendered.parent), "chair0.glb |  |"))
    card = (rendered / "README.md").read_text()
    assert 'license: other\nlicense_name: "CC-BY-4.0"\nlicense_link: LICENSES.md\n' in card
    assert (
        f"from {len(used)} imported assets, whose makers and terms [LICENSES.md](LICENSES.md) lists" in card
    )
    manifest = json.loads((rendered / "manifest.json").read_text())
    assert {row["id"] for row in manifest["provenance"]["assets"]} == used
