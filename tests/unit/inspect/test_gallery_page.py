"""The gallery opens from the disk, holds every view, and shows text from data as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from synthgen.errors import UsageError
from synthgen.frame.bundle import FrameBundle, Instance
from synthgen.frame.channels import CHANNELS
from synthgen.inspect.card import flatten, scale_ticks
from synthgen.inspect.gallery import make_gallery
from synthgen.inspect.pictures import shrink_mean, shrink_nearest
from synthgen.png import decode_png
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_job
from synthgen.testing.dataset import write_analytic_dataset

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&"


class Page(HTMLParser):
    """Tags with their attributes, and the text, of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all tags of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(storage: Storage, **options: int) -> Page:
    """Make the gallery and read it."""
    path = Path(make_gallery(storage, **options))
    assert path == storage.local_path("gallery/index.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page


def test_every_view_has_its_five_pictures_and_they_exist(dataset: Storage) -> None:
    page = page_of(dataset)
    keys = [entry["id"] for entry in page.all("article")]
    assert keys == [f"scene00000{scene}_view00{view}" for scene in (0, 1) for view in (0, 1)]
    pictures = [entry for entry in page.all("img") if entry.get("src")]
    assert len(pictures) == 4 * 5
    for picture in pictures:
        assert dataset.local_path(f"gallery/{picture['src']}").stat().st_size > 0
        assert (picture["width"], picture["height"]) == ("64", "48")
        assert picture["loading"] == "lazy"
        assert picture["alt"]
    assert {entry["data-split"] for entry in page.all("article")} == {"train", "val"}


def test_the_page_needs_nothing_from_outside(dataset: Storage) -> None:
    html = Path(make_gallery(dataset)).read_text(encoding="utf-8")
    assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", html.replace("<!doctype html>", ""))
    page = Page(html)
    assert page.all("link") == []
    assert [entry.get("src") for entry in page.all("script")] == [None]
    links = [entry["data-full"] for entry in page.all("button") if "data-full" in entry]
    assert len(links) == 4
    assert all(dataset.local_path(f"gallery/{link}").is_file() for link in links)


def test_text_from_data_stays_text(make_dataset: Callable[..., Storage]) -> None:
    def alter(bundle: FrameBundle) -> FrameBundle:
        named = tuple(Instance(entry.id, HOSTILE, entry.class_name) for entry in bundle.instances)
        return replace(bundle, instances=named, meta={**bundle.meta, "sampled": {HOSTILE: HOSTILE}})

    storage = make_dataset(quarantined={(1, 1): HOSTILE}, alter=alter)
    page = page_of(storage)
    assert page.text.count(HOSTILE) >= 3
    assert len(page.all("script")) == 1
    assert not any("onerror" in entry for entry in page.all("img"))
    assert "tiny & <b>bold</b>" in page.text
    assert page.all("b") == []


def test_head_counts_and_names_what_was_set_aside(make_dataset: Callable[..., Storage]) -> None:
    page = page_of(make_dataset(quarantined={(1, 1): "every pixel is sky"}))
    assert "2 train, 1 val" in page.text
    assert "1 set aside in quarantine" in page.text
    assert "scene000001_view001 every pixel is sky" in page.text
    assert "renderer analytic" in page.text


def test_pictures_show_the_truth_in_its_colours(dataset: Storage) -> None:
    make_gallery(dataset)
    normals = decode_png(dataset.read_bytes("gallery/scene000000_view000.normal.png"))
    depth = decode_png(dataset.read_bytes("gallery/scene000000_view000.depth.png"))
    assert normals.shape == depth.shape == (48, 64, 3)
    # The floor's normal points up: green is far above red and blue there.
    floor = normals[-1, 0].astype(int)
    assert floor[1] > max(floor[0], floor[2]) + 60


def test_a_limit_takes_views_from_all_over(make_dataset: Callable[..., Storage]) -> None:
    steps = []
    storage = make_dataset(scenes=4, views=2)
    make_gallery(storage, limit=4, progress=lambda done, total: steps.append((done, total)))
    page = Page(storage.read_text("gallery/index.html"))
    assert [entry["data-scene"] for entry in page.all("article")] == [f"scene00000{n}" for n in range(4)]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(UsageError, match="expected at least 1"):
        make_gallery(storage, limit=0)


def test_making_it_again_leaves_no_old_pictures_and_the_same_bytes(dataset: Storage) -> None:
    page_of(dataset)
    first = {path: dataset.read_bytes(path) for path in dataset.list("gallery")}
    dataset.write_text("gallery/old.png", "old")
    page_of(dataset)
    assert {path: dataset.read_bytes(path) for path in dataset.list("gallery")} == first
    page_of(dataset, limit=1)
    assert len(dataset.list("gallery")) == 5 + 1


def test_a_damaged_frame_becomes_a_card_that_says_so(dataset: Storage) -> None:
    data = dataset.read_bytes("frames/scene000000/view001.truth.exr")
    dataset.write_bytes("frames/scene000000/view001.truth.exr", data[:100])
    page = page_of(dataset)
    assert len(page.all("article")) == 4
    assert "view001.truth.exr: expected a whole OpenEXR file" in page.text


def test_datasets_with_few_channels_show_what_they_have(make_dataset: Callable[..., Storage]) -> None:
    page = page_of(make_dataset(scenes=1, views=1, channels=("depth",)))
    assert [entry["data-channel"] for entry in page.all("button") if "data-channel" in entry] == ["depth"]


def test_every_channel_has_its_pictures_and_can_be_left_out_by_group(
    make_dataset: Callable[..., Storage],
) -> None:
    storage = make_dataset(scenes=1, views=1, channels=tuple(CHANNELS))
    page = page_of(storage)
    shown = [entry["data-channel"] for entry in page.all("button") if "data-channel" in entry]
    assert {name.partition(".")[0] for name in shown} == set(CHANNELS)
    assert len(list(storage.list("gallery"))) == len(shown) + 1
    groups = {entry["data-group"] for entry in page.all("figure")}
    boxes = [entry["value"] for entry in page.all("input") if entry["name"] == "group"]
    assert set(boxes) == groups == {"basics", "surfaces", "light", "motion", "stereo"}
    style = Path(storage.local_path("gallery/index.html")).read_text(encoding="utf-8")
    assert all(f'main[data-off~="{group}"]' in style for group in groups)


def test_a_page_of_basics_offers_no_choice_of_groups(dataset: Storage) -> None:
    page = page_of(dataset)
    assert [entry for entry in page.all("input") if entry["name"] == "group"] == []


def shot_page(tmp_path: Path, **options: object) -> Page:
    storage = open_storage(tmp_path / "out")
    write_analytic_dataset(storage, [analytic_job(0, 2, channels=("rgb", "depth"), **options)])
    return page_of(storage)


def test_frames_of_a_shot_share_a_strip(tmp_path: Path) -> None:
    page = shot_page(tmp_path, trajectory={"kind": "walk", "frames": 3, "fps": 12})
    sections = [entry for entry in page.all("section") if entry.get("class") == "shot"]
    assert len(sections) == 2 and len(page.all("article")) == 6
    films = [entry for entry in page.all("header") if entry.get("class") == "film"]
    assert [entry["data-fps"] for entry in films] == ["12", "12"]
    labels = [entry["aria-label"] for entry in page.all("button") if "aria-label" in entry]
    assert [text for text in labels if text.startswith("Frame ")] == ["Frame 1", "Frame 2", "Frame 3"] * 2
    assert "frame 3 of 3, 0.167 s" in page.text


def test_the_eyes_of_a_moment_stand_side_by_side(tmp_path: Path) -> None:
    page = shot_page(tmp_path, stereo={"baseline_m": 0.1})
    pairs = [entry for entry in page.all("div") if entry.get("class") == "moment pair"]
    assert len(pairs) == 2 and len(page.all("article")) == 4
    assert not any(entry.get("class") == "film" for entry in page.all("header"))
    assert page.text.count("left eye") == page.text.count("right eye") == 2


def test_a_limit_takes_whole_shots(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "out")
    shot = {"trajectory": {"kind": "walk", "frames": 2, "fps": 4}, "stereo": {"baseline_m": 0.1}}
    write_analytic_dataset(storage, [analytic_job(scene, 2, channels=("depth",), **shot) for scene in (0, 1)])
    shown = [entry["id"][6:] for entry in page_of(storage, limit=9).all("article")]
    assert shown == [f"{scene:05d}_view00{view}" for scene in (0, 1) for view in range(4)]
    assert len(page_of(storage, limit=3).all("article")) == 3


def test_long_tables_of_the_metadata_are_counted(make_dataset: Callable[..., Storage]) -> None:
    rows = [{"id": index, "amodal_rle": {"size": [48, 64], "counts": "0" * 500}} for index in range(40)]
    storage = make_dataset(scenes=1, views=1, alter=lambda b: replace(b, meta={**b.meta, "objects": rows}))
    page = page_of(storage)
    assert "40 in the metadata" in page.text and "0000000" not in page.text


def test_a_folder_without_frames_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected finished frames"):
        make_gallery(open_storage(tmp_path))


@pytest.mark.parametrize(("near", "far"), [(0.4, 3.2), (2.26, 38.6), (1.0, 1000.0), (2.0, 2.1), (5.0, 9.9)])
def test_the_legend_has_both_ends_and_round_depths_between(near: float, far: float) -> None:
    ticks = scale_ticks(near, far)
    assert (ticks[0], ticks[-1]) == (near, far)
    assert ticks == sorted(ticks)
    assert 2 <= len(ticks) <= 6
    assert all(float(f"{tick:.2g}") == pytest.approx(tick) for tick in ticks[1:-1])


def test_the_legend_prefers_round_depths_and_falls_back_to_the_middle() -> None:
    assert scale_ticks(2.26, 38.6) == pytest.approx([2.26, 5.0, 10.0, 38.6])
    assert scale_ticks(1.96, 5.5) == pytest.approx([1.96, 3.3, 5.5])


def test_truth_shrinks_without_mixing_and_colour_by_the_mean() -> None:
    ids = np.arange(1300 * 4, dtype=np.uint32).reshape(4, 1300)
    small = shrink_nearest(ids, 640)
    assert small.shape[1] <= 640
    assert np.isin(small, ids).all()
    rgb = np.zeros((6, 6, 3), np.uint8)
    rgb[::2] = 200
    assert shrink_mean(rgb, 3).tolist() == np.full((3, 3, 3), 100).tolist()
    assert shrink_mean(rgb, 6) is rgb


def test_metadata_is_flattened_to_rows() -> None:
    meta = {"a": {"b": 0.123456789, "c": [1, 2]}, "m": [[1.0, 0.0], [0.0, 1.0]], "l": [{"x": 1, "y": [2, 3]}]}
    rows = {"a.b": "0.123457", "a.c": "1, 2", "m": "1, 0\n0, 1", "l[0]": "x 1; y 2, 3"}
    assert dict(flatten(meta)) == rows
