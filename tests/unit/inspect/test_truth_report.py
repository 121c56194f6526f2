"""`truth_report.json`: what it says, that it fits the dataset, and what `synthgen verify` does with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from synthgen import __version__
from synthgen.frame.bundle import FrameBundle
from synthgen.frame.channels import CHANNELS, DEFAULT_CHANNELS
from synthgen.frame.store import read_frame
from synthgen.inspect.consistency_checks import CHECKS
from synthgen.inspect.truth_report import TRUTH_REPORT, write_truth_report
from synthgen.inspect.verify import verify_dataset
from synthgen.run.folder import claim_folder
from synthgen.storage import Storage, open_storage

MEASURED = (*DEFAULT_CHANNELS, "distance", "position", "disparity", "edge")


@dataclass
class Result:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def synthgen(capfd) -> Callable[..., Result]:
    """Runs a command in this process, as the `synthgen` program would."""
    from synthgen.cli.main import run

    def call(*arguments: object) -> Result:
        capfd.readouterr()
        try:
            run([str(argument) for argument in arguments])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return Result(code, *capfd.readouterr())

    return call


def shorten(bundle: FrameBundle) -> FrameBundle:
    """Scene 1, view 0 has its depth scaled by a thousandth."""
    if (bundle.scene, bundle.view) != (1, 0):
        return bundle
    depth = bundle.channels["depth"] * np.float32(0.999)
    return replace(bundle, channels={**bundle.channels, "depth": depth})


def content(storage: Storage) -> dict:
    return json.loads(storage.read_text(TRUTH_REPORT))


def test_it_counts_what_was_compared(make_dataset, synthgen) -> None:
    storage = make_dataset(channels=MEASURED)
    assert synthgen("verify", storage.root).returncode == 0
    report = content(storage)
    assert report["versions"] == {"synthgen": __version__}
    assert (report["ok"], report["problems"], report["first_problems"]) == (True, 0, [])
    assert report["frames"] == 4
    assert list(report["channels"]) == sorted(MEASURED)
    frames = [read_frame(storage, scene, view) for scene in (0, 1) for view in (0, 1)]
    sky = sum(int(np.isposinf(frame["depth"]).sum()) for frame in frames)
    for name, entry in report["channels"].items():
        assert (entry["frames"], entry["values"]) == (4, 4 * 64 * 48)
        # A pixel whose centre is sky may have a surface at its edge.
        assert entry["invalid"] == {"rgb": 0, "edge": entry["invalid"]}.get(name, sky) <= sky
        assert entry["invalid_share"] == pytest.approx(entry["invalid"] / entry["values"], rel=5e-3)
    keys = {frame["key"] for frame in frames}
    for name, entry in report["checks"].items():
        assert entry["channels"] == list(CHECKS[name].channels)
        assert (entry["limit"], entry["unit"]) == (CHECKS[name].limit, CHECKS[name].unit)
        assert entry["beyond"] == 0 < entry["compared"]
        assert entry["frame"] in keys
    # The position of the worst error can be looked up: here it is found again.
    worst = report["checks"]["position"]
    row, column = worst["pixel"]
    (frame,) = (each for each in frames if each["key"] == worst["frame"])
    K, pose = frame["camera"]["K"], frame["camera"]["world_from_camera"]
    ray = np.linalg.solve(K, [column + 0.5, row + 0.5, 1.0])
    point = ray * float(frame["depth"][row, column])
    place = pose[:3, :3] @ point + pose[:3, 3]
    error = np.linalg.norm(frame["position"][row, column] - place)
    assert worst["worst"] == pytest.approx(error / (np.linalg.norm(point) + np.linalg.norm(place)), rel=5e-3)
    assert report["channels"]["position"]["worst"] == {
        "position": {"error": worst["worst"], "frame": worst["frame"]}
    }
    assert set(report["channels"]["depth"]["worst"]) >= {"distance", "position", "edge", "free_space"}


def test_a_contradiction_is_in_the_report_and_ends_with_code_4(make_dataset, synthgen) -> None:
    storage = make_dataset(channels=("depth", "distance"), alter=shorten)
    result = synthgen("verify", storage.root)
    assert result.returncode == 4
    assert "frames/scene000001/view000.truth.exr: distance: expected depth times the length" in result.stdout
    assert "worst errors: distance 0.001" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("1 problem")
    report = content(storage)
    assert (report["ok"], report["problems"]) == (False, 1)
    assert report["first_problems"][0] in result.stdout
    check = report["checks"]["distance"]
    assert check["frame"] == "scene000001_view000"
    hit = np.isfinite(read_frame(storage, 1, 0)["depth"])
    assert check["beyond"] == np.count_nonzero(hit)
    told = json.loads(synthgen("verify", storage.root, "--json").stdout)
    assert told["checks"] == report["checks"]
    assert told["channels"] == report["channels"]
    assert told["ok"] is False


def test_a_whole_dataset_tells_its_worst_errors_in_few_lines(dataset, synthgen) -> None:
    result = synthgen("verify", dataset.root)
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("worst errors: normal_median ")
    assert "free_space " in result.stdout
    assert len(lines) <= 3
    assert max(map(len, lines)) <= 110 or lines[-1].startswith(dataset.uri)
    assert "all well" in lines[-1]


def test_the_same_dataset_gives_the_same_bytes(make_dataset, pack, tmp_path: Path) -> None:
    storage = pack(make_dataset(channels=tuple(CHANNELS)))
    written = []
    for _ in range(2):
        assert write_truth_report(storage, verify_dataset(storage)) == ""
        written.append(storage.read_bytes(TRUTH_REPORT))
    assert written[0] == written[1]
    assert str(tmp_path) not in written[0].decode()


def test_it_is_no_stray_and_names_the_state_that_it_is_about(make_dataset, pack, synthgen) -> None:
    storage = make_dataset()
    assert synthgen("verify", storage.root).returncode == 0
    unpacked = content(storage)["dataset"]
    assert unpacked["manifest_sha256"] is None
    pack(storage, "webdataset")
    assert synthgen("verify", storage.root).returncode == 0
    packed = content(storage)["dataset"]
    assert packed == {
        "frames_sha256": unpacked["frames_sha256"],
        "manifest_sha256": storage.sha256("manifest.json"),
    }
    pack(storage, "parquet")
    assert content(storage)["dataset"]["manifest_sha256"] != storage.sha256("manifest.json")
    assert synthgen("verify", storage.root).returncode == 0
    assert content(storage)["dataset"]["manifest_sha256"] == storage.sha256("manifest.json")
    make_dataset(alter=lambda bundle: replace(bundle, meta={**bundle.meta, "note": "made again"}))
    pack(storage)
    assert synthgen("verify", storage.root).returncode == 0
    assert content(storage)["dataset"]["frames_sha256"] != unpacked["frames_sha256"]


def test_making_a_dataset_again_deletes_it(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "out")
    recipe = {"scene": {"kind": "indoor"}}
    claim_folder(storage, recipe, "analytic", overwrite=False, argv=[])
    storage.write_text(TRUTH_REPORT, "{}")
    claim_folder(storage, recipe, "analytic", overwrite=True, argv=[])
    assert not storage.exists(TRUTH_REPORT)


def test_a_folder_that_takes_no_file_gets_a_note(dataset: Storage, synthgen) -> None:
    # A folder of that name is in the way of the file, which nobody may write over, root least of all.
    dataset.write_text(f"{TRUTH_REPORT}/taken.txt", "")
    result = synthgen("verify", dataset.root)
    assert result.returncode == 0
    assert result.stderr.startswith(f"synthgen: no {TRUTH_REPORT} written: ")
    assert "all well" in result.stdout


@pytest.mark.parametrize("formats", [("webdataset",), ("parquet",), ("webdataset", "parquet")])
def test_frames_of_exact_shards_are_compared(make_dataset, exact_pack, synthgen, formats) -> None:
    storage = exact_pack(make_dataset(channels=tuple(CHANNELS)), formats)
    whole = verify_dataset(storage).compared
    storage.delete("frames")
    assert synthgen("verify", storage.root).returncode == 0
    report = content(storage)
    assert report["dataset"]["frames_sha256"] is None
    assert {name: entry["compared"] for name, entry in report["checks"].items()} == pytest.approx(
        {name: outcome.compared for name, outcome in whole.checks.items()}, rel=0.2
    )
    assert report["channels"]["depth"]["values"] == 4 * 64 * 48


def test_contradictions_in_shards_alone_are_found(make_dataset, exact_pack) -> None:
    storage = exact_pack(make_dataset(channels=("depth", "distance"), alter=shorten), ("parquet",))
    storage.delete("frames")
    (problem,) = verify_dataset(storage).problems
    assert str(problem).startswith("shards/scene000001_view000: distance: expected depth times the length")


def test_depth_in_millimetres_is_no_measure_for_the_rest(make_dataset, pack, synthgen) -> None:
    storage = pack(make_dataset(channels=tuple(CHANNELS)))
    storage.delete("frames")
    result = synthgen("verify", storage.root)
    assert result.returncode == 0, result.stdout
    assert "nothing compared with depth: the shards have it in whole millimetres only" in result.stdout
    assert content(storage)["checks"] == {}


@pytest.fixture
def exact_pack() -> Callable[..., Storage]:
    """Packs with float32 depth."""
    from synthgen.frame.classes import class_table_json
    from synthgen.pack.packer import pack_dataset
    from synthgen.recipe.model import PackSpec

    def pack(storage: Storage, formats: tuple[str, ...]) -> Storage:
        settings = PackSpec(formats=formats, depth="npy_f32")
        pack_dataset(storage, settings, provenance={"name": "tiny"}, classes=class_table_json())
        return storage

    return pack
