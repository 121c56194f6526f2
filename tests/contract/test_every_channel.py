"""Each channel of the catalogue from the renderer through frames and shards to the loader."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from synthgen.frame.bundle import FrameBundle, frame_key
from synthgen.frame.channels import CHANNELS
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import CLASSES, class_table_json
from synthgen.frame.flow import VISIBLE, flow_to
from synthgen.frame.shots import DIRECTIONS, moved_instances
from synthgen.geometry.models import camera_from_entry
from synthgen.load.dataset import open_dataset
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.analytic import BASELINE_M, analytic_bundle, analytic_job
from synthgen.testing.dataset import write_analytic_dataset

STILLS = {"views": 2}
SHOTS = {
    "views": 1,
    "trajectory": {"kind": "orbit", "frames": 3, "fps": 8},
    "stereo": {"baseline_m": 0.2},
}


@pytest.fixture(scope="module", params=[STILLS, SHOTS], ids=["stills", "shots"])
def packed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The bundles of two scenes with every channel, and the folder in which they are packed."""
    jobs = [analytic_job(scene, channels=tuple(CHANNELS), **request.param) for scene in range(2)]
    folder = tmp_path_factory.mktemp("every") / "out"
    storage = open_storage(folder)
    write_analytic_dataset(storage, jobs)
    settings = PackSpec(depth="npy_f32")
    pack_dataset(storage, settings, provenance={"name": "spheres"}, classes=class_table_json())
    return {
        bundle.key: bundle for job in jobs for bundle in (analytic_bundle(job, v) for v in job.views)
    }, folder


def problems(bundle: FrameBundle, arrays: Mapping[str, np.ndarray]) -> list[str]:
    """What the checks find in these arrays of a bundle."""
    ids, classes = {entry.id for entry in bundle.instances}, {entry.id for entry in CLASSES.values()}
    return check_channels(arrays, 64, 48, ids, classes, material_ids(bundle.meta), bundle.camera)


def test_every_channel_is_valid(packed) -> None:
    for bundle in packed[0].values():
        assert set(bundle.channels) == set(CHANNELS)
        assert problems(bundle, bundle.channels) == []


@pytest.mark.parametrize("file_format", ["frames", "webdataset", "parquet"])
def test_every_channel_comes_back(packed, file_format: str) -> None:
    bundles, folder = packed
    frames = open_dataset(folder, format=file_format)
    assert set(frames.channels) == set(CHANNELS) and len(frames) == len(bundles)
    for frame in frames:
        for name, pixels in bundles[frame["key"]].channels.items():
            assert frame[name].dtype == pixels.dtype, name
            tolerance = 2e-5 if name.endswith("normal") else 0
            np.testing.assert_allclose(frame[name], pixels, rtol=0, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("file_format", ["frames", "webdataset", "parquet"])
def test_flow_of_loaded_frames_leads_to_the_neighbours_poses(packed, file_format: str) -> None:
    for frame in open_dataset(packed[1], format=file_format):
        camera, meta = camera_from_entry(frame["camera"]), frame["meta"]
        for direction in DIRECTIONS:
            flow = flow_to(
                camera,
                frame["depth"],
                frame["camera"]["world_from_camera"],
                camera,
                np.array(meta["neighbours"][direction]["world_from_camera"]),
                frame["instance"],
                moved_instances(meta["moving"], direction),
            )
            np.testing.assert_allclose(frame[f"flow_{direction}"], flow, rtol=0, atol=1e-4)


@pytest.mark.parametrize("file_format", ["frames", "webdataset", "parquet"])
def test_frames_of_a_shot_name_each_other(packed, file_format: str) -> None:
    frames = {frame["key"]: frame for frame in open_dataset(packed[1], format=file_format)}
    shots = [frame for frame in frames.values() if "shot" in frame["meta"]]
    assert len(shots) in (0, len(frames))
    for frame in shots:
        scene, meta = frame["meta"]["scene"], frame["meta"]
        other = frames[frame_key(scene, meta["rig"]["other_view"])]
        pose = other["camera"]["world_from_camera"]
        np.testing.assert_allclose(meta["rig"]["world_from_other"], pose, rtol=0, atol=1e-12)
        assert meta["shot"]["frame"] == other["meta"]["shot"]["frame"]
        assert {meta["shot"]["eye"], other["meta"]["shot"]["eye"]} == {"left", "right"}
        for direction, step in (("forward", 2), ("backward", -2)):
            neighbour = frames.get(frame_key(scene, meta["view"] + step))
            if neighbour is None:
                assert meta["shot"]["frame"] in (0, 2)
                continue
            said = meta["neighbours"][direction]
            assert said["time_s"] == neighbour["meta"]["shot"]["time_s"]
            np.testing.assert_array_equal(said["world_from_camera"], neighbour["camera"]["world_from_camera"])
            for row, then in zip(meta["moving"], neighbour["meta"]["moving"]):
                assert row["id"] == then["id"]
                np.testing.assert_array_equal(row[direction], then["world_from_object"])


BROKEN = {
    "normal: expected vectors that face the camera": ("normal", (0, 0, 1)),
    "distance: expected no NaN": ("distance", np.nan),
    "distance: expected at least the depth": ("distance", 0.001),
    "position: expected no NaN": ("position", np.nan),
    "position: expected a value exactly where depth": ("position", np.inf),
    "material: ids not in the table of materials": ("material", 77),
    "material: expected a value exactly where depth": ("material", 0),
    "depth_layers: expected no NaN": ("depth_layers", np.nan),
    "depth_layers: expected > 0": ("depth_layers", -1),
    "depth_layers: expected nothing before the first surface": ("depth_layers", 1e6),
    "instance_layers: ids not in the label table": ("instance_layers", 99),
    "instance_layers: expected an id wherever a layer": ("instance_layers", 0),
    "hdr: expected finite light": ("hdr", np.inf),
    "hdr: expected albedo * diffuse_illumination + residual (1 pixel differ)": ("hdr", 3.0),
    "albedo: expected finite light": ("albedo", np.nan),
    "albedo: expected >= 0": ("albedo", -0.1),
    "diffuse_illumination: expected finite light": ("diffuse_illumination", np.inf),
    "residual: expected finite light": ("residual", np.nan),
    "shading_normal: expected finite vectors": ("shading_normal", np.nan),
    "shading_normal: expected unit length": ("shading_normal", (0, 0, -0.9)),
    "shading_normal: expected one wherever depth is finite": ("shading_normal", 0),
    "shading_normal: expected vectors that face the camera": ("shading_normal", (0, 0, 1)),
    "validity: expected no other bits than sky, transparent": ("validity", 64),
    "validity: expected the bit sky exactly where depth is +inf": ("validity", 1),
    "edge: expected no NaN": ("edge", np.nan),
    "edge: expected > 0": ("edge", (0, 100)),
    "edge: expected the least before the greatest": ("edge", (90, 0.1)),
    "edge: expected the least at most the depth": ("edge", (90, 100)),
    "edge: expected the greatest at least the depth": ("edge", (0.1, 0.2)),
    "disparity: expected finite values": ("disparity", np.nan),
    "disparity: expected >= 0": ("disparity", -1),
    "disparity: expected 0 exactly where depth is +inf": ("disparity", 0),
} | {
    problem.format(direction): (name.format(direction), value)
    for direction in DIRECTIONS
    for problem, name, value in (
        ("flow_{0}: expected no NaN", "flow_{0}", (0, np.nan)),
        ("flow_{0}: expected (+inf, +inf) where it is not finite", "flow_{0}", (np.inf, 0)),
        ("flow_{0}: expected (+inf, +inf) where it is not finite (found 1 pixel)", "flow_{0}", -np.inf),
        ("flow_{0}: expected a finite one wherever occlusion_{0} is not 2", "flow_{0}", np.inf),
        ("occlusion_{0}: expected 0, 1 or 2", "occlusion_{0}", 3),
    )
}  # fmt: skip
"""What the checks say -> the channel, and what one pixel that shows a surface is set to."""


def test_every_channel_as_tensors(packed) -> None:
    torch = pytest.importorskip("torch")
    from synthgen.load.torch import tensors_of

    frame = open_dataset(packed[1], format="webdataset")[0]
    sample = tensors_of(frame)
    assert sample["distance"].shape == (1, 48, 64) and sample["position"].shape == (3, 48, 64)
    assert sample["depth_layers"].shape == sample["instance_layers"].shape == (3, 48, 64)
    assert sample["material"].dtype == sample["instance_layers"].dtype == torch.int64
    for name in ("distance", "position", "depth_layers"):
        assert torch.isfinite(sample[name]).all() and sample[name].dtype == torch.float32
    np.testing.assert_array_equal(sample["instance_layers"][1], frame["instance_layers"][..., 1])


def test_layers_must_be_in_order_and_as_many(packed) -> None:
    bundle = next(iter(packed[0].values()))
    arrays = dict(bundle.channels, depth_layers=bundle.channels["depth_layers"][..., ::-1])
    found = problems(bundle, arrays)
    assert any(text.startswith("depth_layers: expected surfaces from front to back") for text in found)
    arrays = dict(bundle.channels, instance_layers=bundle.channels["instance_layers"][..., :2].copy())
    found = problems(bundle, arrays)
    assert "instance_layers: expected 3 layers (got 2)" in found


@pytest.mark.parametrize("problem", BROKEN)
def test_a_spoiled_pixel_is_found(packed, problem: str) -> None:
    bundle = next(iter(packed[0].values()))
    name, value = BROKEN[problem]
    arrays = {channel: pixels.copy() for channel, pixels in bundle.channels.items()}
    seen = np.isfinite(arrays["depth"])
    for direction in DIRECTIONS:
        seen &= arrays[f"occlusion_{direction}"] == VISIBLE
    row, column = np.argwhere(seen)[0]
    arrays[name][row, column] = value
    found = problems(bundle, arrays)
    assert any(text.startswith(problem) for text in found), found


def test_disparity_of_another_baseline_is_found(packed) -> None:
    bundle = next(iter(packed[0].values()))
    baseline_m = bundle.meta["rig"]["baseline_m"] if "rig" in bundle.meta else BASELINE_M
    disparity = bundle.channels["disparity"].copy()
    disparity[-3:, :5] *= 1.01
    product = f"{bundle.camera.fx * baseline_m:.6g}"
    expected = f"disparity: expected {product} px m / depth, one number for the frame (15 pixels differ)"
    assert expected in problems(bundle, dict(bundle.channels, disparity=disparity))


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("validity", 8, "validity: expected the bit sky exactly where depth is +inf (1 pixel differ)"),
        ("disparity", 3, "disparity: expected 0 exactly where depth is +inf (1 pixel differ)"),
        ("edge", (1, 2), "edge: expected the greatest at least the depth (1 pixel less)"),
        (
            "shading_normal",
            (0, 0, -1),
            "shading_normal: expected one wherever depth is finite (1 pixel differ)",
        ),
    ],
)
def test_a_surface_in_the_sky_is_found(packed, name: str, value: object, problem: str) -> None:
    bundle = next(iter(packed[0].values()))
    arrays = dict(bundle.channels, **{name: bundle.channels[name].copy()})
    row, column = np.argwhere(np.isinf(arrays["depth"]))[0]
    arrays[name][row, column] = value
    assert problem in problems(bundle, arrays)
