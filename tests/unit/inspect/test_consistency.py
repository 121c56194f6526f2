"""Truth against itself: true datasets pass with the errors of rounding, each fault is found by its check."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synthgen.frame.bundle import FrameBundle
from synthgen.frame.channels import CHANNELS
from synthgen.frame.flow import HIDDEN, VISIBLE
from synthgen.frame.objects import ObjectFrame, object_rows
from synthgen.frame.rle import encode_rle
from synthgen.frame.store import read_frame, write_frame
from synthgen.frame.validity import MIXED
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.pose import world_from_camera
from synthgen.inspect.consistency import Outcome, View, view_of
from synthgen.inspect.consistency_checks import CHECKS
from synthgen.inspect.consistency_pairs import check_pair
from synthgen.inspect.consistency_surface import Surface, surface_of
from synthgen.inspect.report import VerifyReport
from synthgen.inspect.verify import verify_dataset
from synthgen.plan.jobs import SceneJob
from synthgen.storage import Storage, open_storage
from synthgen.testing.analytic import analytic_bundle, analytic_job
from synthgen.testing.analytic_scene import FIRST_SPHERE_ID, MOVING, SPHERES, SphereScene
from synthgen.testing.dataset import write_analytic_dataset

Alter = Callable[[FrameBundle], FrameBundle]
ORBIT, STEREO = {"kind": "orbit", "frames": 3, "fps": 3}, {"baseline_m": 0.12}
GEOMETRY = ("depth", "normal", "instance")
EVERYTHING = tuple(CHANNELS)
LENSES = {
    "perspective": {"kind": "perspective", "fov_deg": 70.0},
    "panorama": {"kind": "equirectangular"},
    "fisheye": {"kind": "fisheye_equisolid", "fov_deg": 190.0},
    "brown": {"kind": "brown_conrady", "fov_deg": 80.0, "k1": -0.1, "k2": 0.02, "p1": 0.001},
    "kannala": {"kind": "fisheye_kannala_brandt", "fov_deg": 160.0, "k1": -0.02, "k2": 0.001},
}


@pytest.fixture
def verified(tmp_path: Path) -> Callable[..., VerifyReport]:
    """Writes the frames of a job, altered, and verifies them; each time in a new folder."""
    numbers = itertools.count()

    def verify(job: SceneJob, alter: Alter = lambda bundle: bundle) -> VerifyReport:
        return verify_dataset(written(tmp_path / f"out{next(numbers)}", [job], alter))

    return verify


def written(folder: Path, jobs: Sequence[SceneJob], alter: Alter = lambda bundle: bundle) -> Storage:
    storage = open_storage(folder)
    write_analytic_dataset(storage, jobs, alter=alter)
    storage.write_text("run.json", json.dumps({"schema_version": 1, "recipe": {"name": "tiny"}}))
    return storage


def job_of(channels: Sequence[str] = GEOMETRY, **options: object) -> SceneJob:
    return analytic_job(0, width=96, height=72, channels=channels, **{"views": 1, **options})


def walk(channels: Sequence[str] = GEOMETRY, **options: object) -> SceneJob:
    return job_of(channels, trajectory=ORBIT, **options)


def in_view(number: int, change: Alter) -> Alter:
    """Alters one view only."""
    return lambda bundle: change(bundle) if bundle.view == number else bundle


def channel(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Alter:
    """Alters one channel of every view."""

    def alter(bundle: FrameBundle) -> FrameBundle:
        pixels = change(bundle.channels[name].copy()).astype(bundle.channels[name].dtype)
        return replace(bundle, channels={**bundle.channels, name: pixels})

    return alter


def failed(report: VerifyReport) -> set[str]:
    """The checks that found something; every finding stems from one of them."""
    beyond = {name: outcome for name, outcome in report.compared.checks.items() if outcome.beyond}
    told = {CHECKS[name].expected for name in beyond}
    assert {problem.expected.partition(" to within")[0] for problem in report.problems} == told
    return set(beyond)


def test_true_frames_bear_each_other_out(verified) -> None:
    report = verified(walk(EVERYTHING, stereo=STEREO))
    assert [str(problem) for problem in report.problems] == []
    checks = report.compared.checks
    assert set(checks) == set(CHECKS) - {"boxes", "amodal", "box_3d"}  # there are no objects in the metadata
    for name, most in {
        "distance": 1.2e-7,
        "position": 1.2e-7,
        "layers": 0.0,
        "edge": 1e-7,
        "disparity": 2.5e-7,
        "light": 0.51,
        "normal_median": 1e-3,
        "free_space": 5e-7,
        "flow_forward": 2e-5,
        "flow_backward": 2e-5,
        "round_trip_forward": 0.1,
        "poses": 1e-12,
    }.items():
        assert checks[name].worst <= most, name
    # 6 views: their left and right eyes, and twice the frame before for each eye; both ways.
    assert checks["poses"].compared == 2 * 3 + 2 * 2 * 2 * (1 + len(MOVING))
    pixels = 6 * 96 * 72
    assert checks["light"].compared == pixels
    assert 0 < checks["flying"].compared < pixels
    assert checks["distance"].compared == pixels - report.compared.channels["depth"].invalid
    assert 2000 < checks["free_space"].compared < 14 * 4096


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("camera", ["walks", "stands"])
def test_true_frames_of_every_lens_bear_each_other_out(verified, lens: str, camera: str) -> None:
    planar = lens in ("perspective", "brown")
    channels = [
        name
        for name in CHANNELS
        if not name.startswith("disparity") and (planar or not name.startswith("depth"))
    ]
    way = {"trajectory": ORBIT} if camera == "walks" else {"views": 3}
    report = verified(job_of(channels, camera=LENSES[lens], **way))
    assert [str(problem) for problem in report.problems] == []
    checks = report.compared.checks
    assert checks["free_space"].compared > 500
    assert checks["free_space"].worst < 1e-6
    assert checks["same_instance"].compared > 300
    assert ("round_trip_backward" in checks) == (camera == "walks")


def test_distance_stands_in_for_depth(verified) -> None:
    report = verified(walk(("distance", "normal", "instance"), stereo=STEREO))
    assert [str(problem) for problem in report.problems] == []
    assert report.compared.checks["free_space"].worst < 1e-6
    assert "free_space" in report.compared.to_json()["channels"]["distance"]["worst"]


def test_what_moves_is_carried_along_and_without_a_way_it_is_a_contradiction(verified) -> None:
    assert failed(verified(walk())) == set()

    def forget(bundle: FrameBundle) -> FrameBundle:
        return replace(bundle, meta={name: value for name, value in bundle.meta.items() if name != "moving"})

    assert failed(verified(walk(), forget)) == {"free_space"}
    # Where only one of two views knows, what moves is left out.
    assert failed(verified(walk(), in_view(1, forget))) == set()


def test_scaled_depth_is_found_by_whatever_else_knows_the_distance(verified) -> None:
    shorter = channel("depth", lambda depth: depth * np.float32(0.999))
    assert failed(verified(job_of(("depth", "distance")), shorter)) == {"distance"}
    assert failed(verified(job_of(("depth", "position")), shorter)) == {"position"}
    assert failed(verified(walk(GEOMETRY, stereo=STEREO), in_view(3, shorter))) == {"free_space"}
    report = verified(job_of(("depth", "distance")), shorter)
    assert report.compared.checks["distance"].worst == pytest.approx(1e-3, rel=2e-3)
    (problem,) = report.problems
    assert str(problem).startswith(
        "frames/scene000000/view000.truth.exr: distance: expected depth times the length of the ray "
        "to within 5e-07 (found "
    )
    assert "the worst by 0.001 at row " in problem.found


@pytest.mark.parametrize("axis", ["across", "along"])
def test_normals_a_degree_off_are_found(verified, axis: str) -> None:
    c, s = math.cos(math.radians(1)), math.sin(math.radians(1))
    turn = {"across": [[1, 0, 0], [0, c, -s], [0, s, c]], "along": [[c, -s, 0], [s, c, 0], [0, 0, 1]]}[axis]
    report = verified(walk(), in_view(1, channel("normal", lambda normal: normal @ np.array(turn).T)))
    assert failed(report) == {"normal_median"}
    assert report.compared.checks["normal_median"].worst == pytest.approx(1.0, abs=0.1)


def test_flipped_normals_are_found(verified) -> None:
    report = verified(job_of(), channel("normal", lambda normal: -normal))
    assert "expected vectors that face the camera" in str(report.problems[0])


def test_a_moved_camera_is_found(verified) -> None:
    def move(bundle: FrameBundle) -> FrameBundle:
        pose = bundle.world_from_camera.copy()
        pose[:3, 3] += (0.003, 0.0, 0.004)
        return replace(bundle, world_from_camera=pose)

    assert failed(verified(job_of(views=3), in_view(1, move))) == {"free_space"}
    assert failed(verified(job_of(("depth", "position"), views=3), in_view(1, move))) == {"position"}
    # The rig's other eye, and the frames before and after, say where it should be.
    report = verified(walk(GEOMETRY, stereo=STEREO), in_view(2, move))
    assert failed(report) == {"free_space", "poses"}
    assert report.compared.checks["poses"].worst == pytest.approx(0.004)


def test_swapped_ids_are_found(verified) -> None:
    still = [FIRST_SPHERE_ID + index for index in range(SPHERES) if index not in MOVING]

    def swap(instance: np.ndarray) -> np.ndarray:
        return np.select([instance == still[index] for index in range(3)], np.roll(still, 1)[:3], instance)

    report = verified(walk(), in_view(1, channel("instance", swap)))
    assert failed(report) == {"same_instance"}
    assert "against scene000000_view00" in report.problems[0].found


def test_a_flying_pixel_is_found_by_another_view(verified) -> None:
    def fly(bundle: FrameBundle) -> FrameBundle:
        instance, depth = bundle.channels["instance"], bundle.channels["depth"].copy()
        gap = (instance[:, 1:] == 1) & (instance[:, :-1] > 1) & (depth[:, 1:] > 1.3 * depth[:, :-1])
        row, column = np.argwhere(gap)[-1]
        depth[row, column + 1] = depth[row, column : column + 2].mean()
        return replace(bundle, channels={**bundle.channels, "depth": depth})

    # To the right of a sphere, where the right eye sees what the left one does not.
    report = verified(job_of(stereo={"baseline_m": 0.8}), in_view(0, fly))
    assert failed(report) == {"free_space"}
    assert report.compared.checks["free_space"].beyond == 1
    assert report.compared.checks["free_space"].worst > 0.02


def test_depth_averaged_over_outlines_is_found_in_a_single_view(verified) -> None:
    def smooth(depth: np.ndarray) -> np.ndarray:
        near = np.pad(depth, 1, mode="edge")
        five = near[1:-1, :-2], near[1:-1, 2:], near[:-2, 1:-1], near[2:, 1:-1], depth
        mean = np.mean(five, axis=0)
        hit = np.isfinite(mean)
        apart = np.abs(np.where(hit, mean, 0) - np.where(hit, depth, 0))
        return np.where(hit & (apart > 0.03 * depth), mean, depth)

    report = verified(job_of(), channel("depth", smooth))
    assert failed(report) == {"flying"}
    (problem,) = report.problems
    assert problem.expected == (
        "depths on surfaces, not between them, but for a share to within 0.03 of outline pixels"
    )
    assert problem.found == f"{report.compared.checks['flying'].worst:.2g} of outline pixels"


@pytest.mark.parametrize(
    ("name", "change", "checks"),
    [
        ("flow_forward", lambda flow: flow + np.float32([0.1, 0]), {"flow_forward"}),
        ("flow_backward", lambda flow: flow - np.float32([0, 0.1]), {"flow_backward"}),
        ("disparity", lambda disparity: disparity * np.float32(1.01), {"disparity"}),
        ("position", lambda position: position + np.float32(0.002), {"position"}),
        ("distance", lambda distance: distance * np.float32(1.0001), {"distance"}),
        ("instance_layers", lambda ids: np.where(ids == 1, 2, ids), {"layer_ids"}),
        ("occlusion_forward", lambda code: np.where(code == VISIBLE, HIDDEN, code), {"occlusion_forward"}),
        ("occlusion_backward", lambda code: np.where(code == HIDDEN, VISIBLE, code), {"occlusion_backward"}),
    ],
)  # fmt: skip
def test_a_wrong_channel_is_found_by_its_own_check(verified, name, change, checks) -> None:
    report = verified(walk(EVERYTHING, stereo=STEREO), in_view(2, channel(name, change)))
    assert failed(report) == checks
    assert {problem.subject for problem in report.problems} == {name}
    assert {problem.path for problem in report.problems} == {"frames/scene000000/view002.truth.exr"}


def with_objects(bundle: FrameBundle) -> FrameBundle:
    """Rows of all spheres, whose amodal masks are exact."""
    job = job_of(("depth", "instance"))
    scene, pose = SphereScene.at(job.seed, 0.0), bundle.world_from_camera
    _, ids = scene.surfaces(pose[:3, 3], bundle.camera.rays() @ pose[:3, :3].T)
    labels = range(FIRST_SPHERE_ID, FIRST_SPHERE_ID + SPHERES)
    frames = {
        label: ObjectFrame(matrix, np.zeros(3), np.full(3, 2 * radius))
        for label, matrix, radius in zip(labels, scene.world_from_sphere, scene.radii)
    }
    frames[1] = ObjectFrame(
        world_from_camera(np.zeros(3), np.eye(3)), np.zeros(3), np.array([120.0, 120.0, 0])
    )
    masks = [(label, (ids == label).any(axis=-1)) for label in frames]
    rows = object_rows(bundle.channels["instance"], frames, pose, masks)
    return replace(bundle, meta={**bundle.meta, "objects": rows})


def grow(row: dict) -> None:
    row["bbox_2d"][2] += 1


def shrink(row: dict) -> None:
    row["bbox_3d"]["size_m"] = [0.9 * size for size in row["bbox_3d"]["size_m"]]


def miscount(row: dict) -> None:
    row["visible_pixels"] += 1
    row["visible_fraction"] = None


def other_mask(row: dict) -> None:
    mask = np.ones((72, 96), dtype=bool)
    mask[row["bbox_2d"][1] : row["bbox_2d"][3]] = False
    row["amodal_rle"] = encode_rle(mask)


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (grow, {"boxes"}),
        (miscount, {"boxes", "amodal"}),
        (other_mask, {"amodal"}),
        (shrink, {"box_3d"}),
    ],
)
def test_wrong_rows_of_objects_are_found(verified, change, checks) -> None:
    job = job_of(("depth", "instance"))
    report = verified(job, with_objects)
    assert [str(problem) for problem in report.problems] == []
    assert {"boxes", "amodal", "box_3d"} <= set(report.compared.checks)

    def alter(bundle: FrameBundle) -> FrameBundle:
        bundle = with_objects(bundle)
        change(max(bundle.meta["objects"][1:], key=lambda row: row["visible_pixels"]))
        return bundle

    report = verified(job, alter)
    assert failed(report) == checks
    assert {problem.path for problem in report.problems} == {"frames/scene000000/view000.json"}
    assert {problem.subject for problem in report.problems} == {"objects"}


def test_a_lens_read_out_of_another_may_show_a_face_beyond_its_box(verified) -> None:
    job = job_of(("depth", "instance"), camera=LENSES["brown"])

    def alter(bundle: FrameBundle) -> FrameBundle:
        bundle = with_objects(bundle)
        for row in bundle.meta["objects"]:
            shrink(row)
        return bundle

    report = verified(job, alter)
    assert [str(problem) for problem in report.problems] == []
    assert "boxes" in report.compared.checks and "box_3d" not in report.compared.checks


def test_metadata_that_cannot_be_compared_is_a_finding(verified) -> None:
    def spoil(bundle: FrameBundle) -> FrameBundle:
        return replace(bundle, meta={**bundle.meta, "neighbours": {"forward": {}}})

    (problem,) = verified(walk(EVERYTHING), in_view(1, spoil)).problems
    assert str(problem).startswith(
        "frames/scene000000/view001.json: expected metadata that fits the channels (found KeyError("
    )


def test_pieces_of_surface_end_at_outlines_and_not_on_spheres(tmp_path: Path) -> None:
    job = job_of((*GEOMETRY, "validity"))
    bundle = analytic_bundle(job, job.views[0])
    write_frame(storage := open_storage(tmp_path), bundle)
    frame = read_frame(storage, bundle.scene, bundle.view)
    surface = surface_of(view_of(frame))
    instance, mixed = bundle.channels["instance"], (bundle.channels["validity"] & MIXED) > 0
    around = np.lib.stride_tricks.sliding_window_view(instance, (3, 3))
    one_instance = np.zeros_like(mixed)
    one_instance[1:-1, 1:-1] = (around == around[..., :1, :1]).all(axis=(2, 3)) & (around[..., 0, 0] > 0)
    assert not surface.calm[~one_instance].any()
    assert surface.calm[one_instance & (instance == 1)].mean() > 0.99
    assert surface.calm[one_instance & (instance > 1)].mean() > 0.5
    assert len(surface.flying) == 0
    assert len(surface.slopes_deg) > 0.9 * np.count_nonzero((instance == 1) & ~mixed)


def slats(key: str, shift_m: float, before_m: float = 0.0) -> View:
    """A wall of slats with gaps as wide, one of each to a pixel, seen by a camera some way along it.

    Parameters
    ----------
    before_m : how far the front of the slats is off the place where it belongs
    """
    camera = PerspectiveCamera.from_fov(64, 48, 60.0)
    front_m, gap_m = 1.7, 0.009
    pitch_m = 1.02 * front_m / camera.fx
    across = camera.rays()[..., 0] * front_m + shift_m
    depth = np.where((across / pitch_m) % 1 < 0.5, front_m - before_m, front_m + gap_m).astype(np.float32)
    normal = np.broadcast_to(np.float32([0, 0, -1]), (48, 64, 3))
    channels = {"normal": normal, "instance": np.ones((48, 64), np.uint32)}
    pose = world_from_camera(np.array([shift_m, 0, 0]), np.eye(3))
    return View(key, camera, pose, depth, channels, {"view": 0})


def test_slats_finer_than_the_pixels_are_no_contradiction() -> None:
    here, there = surface_of(slats("here", 0.0)), surface_of(slats("there", 0.015))
    fronts = [surface.view.depth[surface.calm] < 1.705 for surface in (here, there)]
    assert all(0.2 < front.mean() < 0.8 for front in fronts)  # each view hits slats in a row, then gaps
    moved = surface_of(slats("moved", 0.015, before_m=0.002))

    def free_space(one: Surface, other: Surface) -> Outcome:
        (found,) = [each for each in check_pair(one, other) if each.check == "free_space" and each.compared]
        return found

    for pair in ((here, there), (there, here)):
        assert free_space(*pair).compared > 100
        assert free_space(*pair).beyond == 0
    # Slats in a wrong place are on a plane of their own.
    assert free_space(moved, here).beyond > 100
    assert free_space(moved, here).worst == pytest.approx((0.002 + 0.009) / 1.7, rel=0.3)
