"""Each channel of the catalogue from the renderer through frames and shards to the loader."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import CLASSES, class_table_json
from synthgen.load.dataset import open_dataset
from synthgen.pack.packer import pack_dataset
from synthgen.recipe.model import PackSpec
from synthgen.storage import open_storage
from synthgen.testing.analytic import analytic_bundle, analytic_job
from synthgen.testing.dataset import write_analytic_dataset


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory):
    """The bundles of two scenes with every channel, and the folder in which they are packed."""
    jobs = [analytic_job(scene, 2, channels=tuple(CHANNELS)) for scene in range(2)]
    folder = tmp_path_factory.mktemp("every") / "out"
    storage = open_storage(folder)
    write_analytic_dataset(storage, jobs)
    settings = PackSpec(depth="npy_f32")
    pack_dataset(storage, settings, provenance={"name": "spheres"}, classes=class_table_json())
    return {
        bundle.key: bundle for job in jobs for bundle in (analytic_bundle(job, v) for v in job.views)
    }, folder


def test_every_channel_is_valid(packed) -> None:
    for bundle in packed[0].values():
        ids = {entry.id for entry in bundle.instances}
        classes = {entry.id for entry in CLASSES.values()}
        assert set(bundle.channels) == set(CHANNELS)
        assert not check_channels(bundle.channels, 64, 48, ids, classes, material_ids(bundle.meta))


@pytest.mark.parametrize("file_format", ["frames", "webdataset", "parquet"])
def test_every_channel_comes_back(packed, file_format: str) -> None:
    bundles, folder = packed
    frames = open_dataset(folder, format=file_format)
    assert set(frames.channels) == set(CHANNELS)
    for frame in frames:
        for name, pixels in bundles[frame["key"]].channels.items():
            assert frame[name].dtype == pixels.dtype, name
            tolerance = 2e-5 if name.endswith("normal") else 0
            np.testing.assert_allclose(frame[name], pixels, rtol=0, atol=tolerance, err_msg=name)


BROKEN = {
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
}


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
    found = check_channels(arrays, 64, 48, range(99), range(99), range(99))
    assert any(text.startswith("depth_layers: expected surfaces from front to back") for text in found)
    arrays = dict(bundle.channels, instance_layers=bundle.channels["instance_layers"][..., :2].copy())
    found = check_channels(arrays, 64, 48, range(99), range(99), range(99))
    assert "instance_layers: expected 3 layers (got 2)" in found


@pytest.mark.parametrize("problem", BROKEN)
def test_a_spoiled_pixel_is_found(packed, problem: str) -> None:
    bundle = next(iter(packed[0].values()))
    name, value = BROKEN[problem]
    arrays = {channel: pixels.copy() for channel, pixels in bundle.channels.items()}
    row, column = np.argwhere(np.isfinite(arrays["depth"]))[0]
    arrays[name][row, column] = value
    ids, classes = {entry.id for entry in bundle.instances}, {entry.id for entry in CLASSES.values()}
    found = check_channels(arrays, 64, 48, ids, classes, material_ids(bundle.meta))
    assert any(text.startswith(problem) for text in found), found
