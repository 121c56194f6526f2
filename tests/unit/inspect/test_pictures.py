"""Pictures of every channel: what they show, and that their legends tell the truth."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.frame.channels import CHANNELS
from synthgen.frame.validity import MIXED, SKY, TRANSPARENT
from synthgen.inspect import colour
from synthgen.inspect.pictures import MAX_WIDTH_PX, Legend, frame_pictures, group_of
from synthgen.testing.analytic import MATERIALS, analytic_bundle, analytic_job


@pytest.fixture(scope="module")
def frame() -> dict[str, object]:
    """The second frame of a stereo shot with every channel, as `read_frame` gives it."""
    trajectory = {"kind": "walk", "frames": 2, "fps": 4}
    job = analytic_job(channels=tuple(CHANNELS), trajectory=trajectory, stereo={"baseline_m": 0.1})
    bundle = analytic_bundle(job, job.views[2])
    return {**bundle.channels, "meta": bundle.meta}


def pictures(frame: dict[str, object]) -> dict[str, tuple[Legend, np.ndarray]]:
    return {legend.name: (legend, pixels) for legend, pixels in frame_pictures(frame)}


def only(frame: dict[str, object], name: str, pixels: np.ndarray) -> tuple[Legend, np.ndarray]:
    """The one picture of a frame that has this channel alone."""
    ((legend, picture),) = frame_pictures({name: pixels, "meta": frame["meta"]})
    return legend, picture


def test_every_channel_has_a_picture_of_its_size_and_a_title_of_its_own(frame) -> None:
    made = pictures(frame)
    assert {name.partition(".")[0] for name in made} == set(CHANNELS)
    assert len({legend.title for legend, _ in made.values()}) == len(made)
    for legend, pixels in made.values():
        assert (pixels.shape, pixels.dtype) == ((48, 64, 3), np.uint8), legend.name
    assert {group_of(name) for name in made} == {"basics", "surfaces", "light", "motion", "stereo"}


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_picture_needs_no_other_channel_and_no_metadata_but_its_tables(frame, name: str) -> None:
    made = pictures({name: frame[name], "meta": {}})
    assert made and all(pixels.shape == (48, 64, 3) for _, pixels in made.values())


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_wide_pictures_are_made_smaller(frame, name: str) -> None:
    wide = np.repeat(np.repeat(frame[name], 21, axis=0), 21, axis=1)
    for _, pixels in frame_pictures({name: wide, "meta": frame["meta"]}):
        assert MAX_WIDTH_PX / 2 < pixels.shape[1] <= MAX_WIDTH_PX


def test_the_second_surface_stands_beside_the_first_in_the_same_colours(frame) -> None:
    made = pictures(frame)
    (first, _), (second, behind) = made["depth_layers.1"], made["depth_layers.2"]
    assert first.scale == second.scale
    none = np.isinf(frame["depth_layers"][..., 1])
    assert (behind[none] == colour.NOTHING_COLOUR).all() and not none.all()
    assert second.keys == ((colour.css(colour.NOTHING_COLOUR), f"none {100 * none.mean():.1f} %"),)
    assert "instance_layers.2" in made and "depth_layers.3" not in made


def test_edges_are_bright_and_sky_is_sky(frame) -> None:
    edge = np.full((4, 4, 2), 2.0, np.float32)
    edge[0] = np.inf
    edge[1, :, 1] = (2.001, 2.01, 2.1, 4.0)
    edge[2, 0] = (2.0, np.inf)
    legend, pixels = only(frame, "edge", edge)
    assert legend.scale.rising and legend.scale.low == pytest.approx(1e-3)
    assert (pixels[0] == colour.SKY_COLOUR).all()
    lightness = pixels.astype(int).sum(axis=-1)
    assert (np.diff(lightness[1]) > 0).all() and lightness[2, 0] >= lightness[1, 3]
    assert lightness[3, 0] <= lightness[1, 0]


def test_disparity_has_the_palette_of_depth(frame) -> None:
    made = pictures(frame)
    (legend, pixels), depth = made["disparity"], made["depth"][1]
    assert legend.scale.unit == "px" and legend.scale.rising
    assert np.abs(pixels.astype(int) - depth).max() <= 12


def test_light_is_darker_than_the_colour_and_names_its_brightest(frame) -> None:
    light = np.full((6, 6, 3), 0.2, np.float16)
    light[2, 2] = 40.0
    meta = {"exposure": {"scale": 2.0, "tone_curve": "srgb"}}
    ((legend, pixels),) = frame_pictures({"hdr": light, "meta": meta})
    assert legend.note.endswith("brightest 80 \u00d7 white")
    encoded = 1.055 * (0.2 * 2 / 8) ** (1 / 2.4) - 0.055
    assert pixels[0, 0].tolist() == [round(255 * encoded)] * 3
    assert pixels[2, 2].tolist() == [255, 255, 255]


def test_flow_is_scaled_to_the_frame_and_rest_stays_white(frame) -> None:
    flow = np.zeros((10, 10, 2), np.float32)
    legend, pixels = only(frame, "flow_forward", flow)
    assert (pixels == 255).all() and legend.keys == ()
    flow[..., 0], flow[0, 0] = 30.0, np.inf
    legend, pixels = only(frame, "flow_forward", flow)
    assert legend.longest_px == 30 and pixels[5, 5].tolist() == [255, 0, 0]
    assert legend.keys == ((colour.css(colour.NOTHING_COLOUR), "out of the lens 1.0 %"),)


def test_legends_name_the_codes_that_occur_with_their_shares(frame) -> None:
    codes = np.zeros((10, 10), np.uint8)
    assert only(frame, "occlusion_forward", codes)[0].keys == ()
    codes[0], codes[1, :5] = 1, 2
    words = [word for _, word in only(frame, "occlusion_forward", codes)[0].keys]
    assert words == ["hidden 10.0 %", "outside 5.0 %"]
    bits = np.zeros((10, 10), np.uint8)
    bits[:3], bits[0, :2] = SKY, TRANSPARENT | MIXED
    words = [word for _, word in only(frame, "validity", bits)[0].keys]
    assert words == ["sky 28.0 %", "transparent 2.0 %", "mixed 2.0 %"]


def test_materials_are_named(frame) -> None:
    legend, pixels = pictures(frame)["material"]
    names = {entry["name"] for entry in MATERIALS} | {"none"}
    assert {word for _, word in legend.keys} == names
    assert {colour.css(shown) for shown in np.unique(pixels.reshape(-1, 3), axis=0)} == {
        shown for shown, _ in legend.keys
    }
