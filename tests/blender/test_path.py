"""Camera paths: clear of everything at all times, inside of the region, as fast and as far as asked.

Distances are computed here from the boxes and spheres that the rooms are made of, not by Blender.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from synthgen.errors import RenderError
from synthgen.geometry.camera import PerspectiveCamera
from synthgen.geometry.motion import RigidMotion
from synthgen.geometry.trajectory import Curve, Standing, Trajectory, Travelling
from synthgen.seeding import rng_for

pytestmark = pytest.mark.blender

CAMERA = PerspectiveCamera.from_fov(64, 48, 70)
PLACEMENT = {"height_m": 1.4, "clearance_m": 0.3, "pitch_deg": -6.0, "roll_deg": 1.0}
FPS, FRAMES = 24.0, 24
TRAJECTORIES = {
    "static": {},
    "handheld": {"shake_m": 0.02, "shake_deg": 1.0},
    "orbit": {"sweep_deg": 40.0},
    "walk": {"speed_m_s": 1.0, "shake_m": 0.005, "shake_deg": 0.3},
    "drive": {"speed_m_s": 0.8},
}


@dataclass
class Box:
    """A solid box with its middle at `center`, turned about the vertical."""

    size: tuple[float, float, float]
    center: tuple[float, float, float]
    turn_deg: float = 0.0

    def distance(self, points: np.ndarray) -> np.ndarray:
        """(n,) metres from (n, 3) points; 0 inside."""
        turn = math.radians(self.turn_deg)
        dx, dy, dz = (points - np.array(self.center)).T
        local = np.stack(
            [math.cos(turn) * dx + math.sin(turn) * dy, math.cos(turn) * dy - math.sin(turn) * dx, dz], 1
        )
        return np.linalg.norm(np.maximum(np.abs(local) - np.array(self.size) / 2, 0.0), axis=1)


@dataclass
class Room:
    """A closed room of a given size, one corner at the origin, with boxes in it."""

    made: object
    size: tuple[float, float, float]
    boxes: list[Box] = field(default_factory=list)
    outline: np.ndarray | None = None

    @property
    def region(self):
        """Its floor, or the part of it within `outline`."""
        from synthgen.blender.stage.stage import CameraRegion

        width, depth, height = self.size
        whole = np.array([[0.0, 0.0], [width, 0.0], [width, depth], [0.0, depth]])
        return CameraRegion(whole if self.outline is None else self.outline, 0.0, height)

    def distance(self, points: np.ndarray) -> np.ndarray:
        """(n,) metres from (n, 3) points to the nearest surface or region's edge; negative outside."""
        walls = np.minimum(points, np.array(self.size) - points).min(axis=1)
        return np.min([walls, *(box.distance(points) for box in self.boxes)], axis=0)

    def find(
        self, kind: str, seed: int = 0, frames: int = FRAMES, taken=(), moving=(), baseline_m=0.0, **changes
    ):
        import bpy

        from synthgen.blender.path import find_path

        trajectory = {"kind": kind, "frames": frames, "fps": FPS, "shutter": 0.0, **TRAJECTORIES[kind]}
        trajectory |= {name: value for name, value in changes.items() if name not in PLACEMENT}
        placement = PLACEMENT | {name: value for name, value in changes.items() if name in PLACEMENT}
        depsgraph = bpy.context.evaluated_depsgraph_get()
        where = self.made.scene, depsgraph, self.region, CAMERA, placement
        rng = rng_for(seed, "path")
        return find_path(*where, trajectory, frames, rng, taken, moving, baseline_m)


@dataclass
class Ball:
    """Something that moves."""

    motion: RigidMotion
    radius_m: float

    def position_m(self, time_s: float) -> np.ndarray:
        return self.motion.position_m(time_s)


def add(made, box: Box, *, inward: bool = False) -> None:
    """A box as an instance of its own; `inward` turns its faces to the inside, as a room's."""
    from synthgen.blender.stage.mesh import MeshBuilder

    corners = (
        np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * np.array(box.size) / 2
    )
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    builder = MeshBuilder().faces(corners, [face[::-1] for face in faces] if inward else faces, "paint")
    made.stage.add(
        builder,
        made.stage.instance("wall" if inward else "object"),
        {"paint": None},
        box.center,
        box.turn_deg,
    )


@pytest.fixture
def room_of(stage_of) -> Callable[..., Room]:
    """A room of a size with boxes."""

    def make(size: tuple[float, float, float], boxes: list[Box] = ()) -> Room:
        made = stage_of()
        add(made, Box(size, tuple(side / 2 for side in size)), inward=True)
        for box in boxes:
            add(made, box)
        return Room(made, size, list(boxes))

    return make


@pytest.fixture
def cluttered(room_of) -> Room:
    """Shelves along two walls, a cupboard, a pillar in the middle, a table, something small up in the air."""
    boxes = [
        Box((0.4, 0.35, 0.6 + 0.2 * each), (0.4 + 0.55 * each, 3.7, 0.3 + 0.1 * each)) for each in range(8)
    ]
    boxes += [Box((0.3, 0.5, 1.8), (5.0, 0.6 + 0.8 * each, 0.9), 5.0 * each) for each in range(4)]
    boxes += [Box((1.0, 0.8, 2.2), (0.6, 0.5, 1.1)), Box((0.3, 0.3, 2.6), (2.6, 2.1, 1.3), 30.0)]
    boxes += [Box((0.9, 0.7, 0.75), (1.3, 2.4, 0.375), 20.0), Box((0.1, 0.1, 0.1), (3.7, 1.6, 1.5))]
    return room_of((5.4, 4.2, 2.6), boxes)


def moments(frames: int = FRAMES, per_frame: int = 10) -> np.ndarray:
    """From one frame before the first to one after the last, finer than frames."""
    return np.arange(-per_frame, frames * per_frame + 1) / (per_frame * FPS)


def places_of(path, times: np.ndarray) -> np.ndarray:
    return np.array([path.world_from_camera(float(each))[:3, 3] for each in times])


def speeds_of(path, times: np.ndarray) -> np.ndarray:
    steps = np.diff(places_of(path, times)[:, :2], axis=0)
    return np.linalg.norm(steps, axis=1) / np.diff(times)


@pytest.mark.parametrize("kind", TRAJECTORIES)
@pytest.mark.parametrize("frames", [FRAMES, 120])
def test_paths_keep_their_clearance_at_all_times(cluttered: Room, kind: str, frames: int) -> None:
    for seed in range(2):
        path = cluttered.find(kind, seed, frames)
        places = places_of(path, moments(frames))
        assert cluttered.distance(places).min() >= 0.3 - 1e-5
        # The straight lines from frame to frame meet nothing either.
        stops = places_of(path, moments(frames, 1))
        between = np.linspace(stops[:-1], stops[1:], 20).reshape(-1, 3)
        assert cluttered.distance(between).min() > 0.2


@pytest.mark.parametrize("kind", TRAJECTORIES)
def test_a_path_is_rigid_and_its_viewpoint_is_the_first_frame(cluttered: Room, kind: str) -> None:
    path = cluttered.find(kind, 1)
    for time_s in moments(per_frame=1):
        rotation = path.world_from_camera(float(time_s))[:3, :3]
        assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(rotation) == pytest.approx(1.0)
    first = path.world_from_camera(0.0)
    assert (path.viewpoint.world_from_camera == first).all()
    assert math.radians(path.viewpoint.yaw_deg) == pytest.approx(math.atan2(first[1, 2], first[0, 2]))
    assert path.viewpoint.score > 0.1


@pytest.mark.parametrize("kind", TRAJECTORIES)
def test_same_seed_same_path_and_other_seeds_other_paths(cluttered: Room, kind: str) -> None:
    one, again, other = (cluttered.find(kind, seed) for seed in (4, 4, 5))
    for time_s in moments(per_frame=1):
        first, second, third = (each.world_from_camera(float(time_s)) for each in (one, again, other))
        assert (first == second).all() and not np.allclose(first, third, atol=1e-3)


def test_speeds_are_those_that_are_asked(cluttered: Room) -> None:
    times = moments()
    for speed in (0.3, 1.2):
        np.testing.assert_allclose(
            speeds_of(cluttered.find("drive", speed_m_s=speed), times), speed, rtol=1e-2
        )
        walked = speeds_of(cluttered.find("walk", speed_m_s=speed), times)
        assert walked.mean() == pytest.approx(speed, rel=0.05)
    assert (places_of(cluttered.find("drive"), times)[:, 2] == 1.4).all()
    assert np.ptp(places_of(cluttered.find("walk"), times)[:, 2]) > 0.01


def test_an_orbit_sweeps_the_angle_about_the_point_ahead(cluttered: Room) -> None:
    path = cluttered.find("orbit", 2, radius_m=1.2, sweep_deg=50.0)
    level = 1.2 * math.cos(math.radians(6))
    first, last = path.world_from_camera(0.0), path.world_from_camera((FRAMES - 1) / FPS)
    turned = math.acos(np.clip(first[:2, 2] @ last[:2, 2] / math.cos(math.radians(6)) ** 2, -1, 1))
    assert math.degrees(turned) == pytest.approx(50.0)
    for time_s in moments():
        pose = path.world_from_camera(float(time_s))
        ahead = pose[:3, 3] + 1.2 * pose[:3, 2]
        assert ahead == pytest.approx(first[:3, 3] + 1.2 * first[:3, 2])
        assert np.linalg.norm(ahead[:2] - pose[:2, 3]) == pytest.approx(level)


def test_a_hand_shakes_about_its_place(cluttered: Room) -> None:
    times = moments(240, 2)
    places = places_of(cluttered.find("handheld", frames=240), times)
    spread = math.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert 0.01 < spread < 0.03
    assert (places_of(cluttered.find("static"), times) == places_of(cluttered.find("static"), times)[0]).all()


def test_walkers_go_around_the_table_though_their_eyes_are_above_it(cluttered: Room) -> None:
    table = cluttered.boxes[-2]
    for seed in range(4):
        places = places_of(cluttered.find("walk", seed, 96), moments(96, 4))
        assert table.distance(places * (1, 1, 0) + (0, 0, 0.5)).min() > 0.15


def test_paths_begin_where_no_other_view_is(cluttered: Room) -> None:
    taken = []
    for seed in range(4):
        taken.append(cluttered.find("walk", 20 + seed, taken=taken).viewpoint)
    for index, one in enumerate(taken):
        for other in taken[:index]:
            apart = np.linalg.norm(one.position_m - other.position_m)
            turned = abs(math.remainder(one.yaw_deg - other.yaw_deg, 360.0))
            assert apart > 0.7 or turned > 30


def test_long_walks_turn_around_in_a_corridor(room_of) -> None:
    boxes = [Box((0.3, 0.15, 0.4), (0.5 + each, 0.1, 1.5)) for each in range(5)]
    corridor = room_of((6.0, 1.7, 2.6), boxes)
    places = places_of(corridor.find("walk", 1, 360), moments(360))
    assert corridor.distance(places).min() >= 0.3 - 1e-5
    assert np.ptp(places[:, 0]) > 2.0
    assert np.linalg.norm(np.diff(places[:, :2], axis=0), axis=1).sum() > 14


def test_a_tiny_room_is_gone_around_in(room_of) -> None:
    boxes = [Box((0.1, 0.1, 0.3), (0.06 + 0.2 * each, 0.06, 1.3)) for each in range(6)]
    tiny = room_of((1.5, 1.4, 2.4), boxes)
    for kind in ("walk", "drive"):
        path = tiny.find(kind, 0, 120, speed_m_s=0.7, clearance_m=0.2)
        places = places_of(path, moments(120))
        assert tiny.distance(places).min() >= 0.2 - 1e-5
        assert np.linalg.norm(np.diff(places[:, :2], axis=0), axis=1).sum() > 3.0


def test_what_moves_is_kept_away_from(cluttered: Room) -> None:
    ahead = RigidMotion((3.4, 2.6, 1.4), velocity_m_s=(0.8, -1.0, 0.0))
    around = RigidMotion((1.9, 1.6, 1.4), sway_m=(0.6, 0.0, 0.0), sway_period_s=1.5)
    balls = [Ball(ahead, 0.25), Ball(around, 0.15)]
    times = moments(48, 1)
    alone = []
    for seed, kind in enumerate(TRAJECTORIES):
        for moving in (balls, []):
            places = places_of(cluttered.find(kind, seed, 48, moving=moving), times)
            away = [np.linalg.norm(places - each.position_m(times), axis=1) - each.radius_m for each in balls]
            if moving:
                assert np.min(away) >= 0.3
            else:
                alone.append(np.min(away))
    assert min(alone) < 0.3, "they would be in the way"


@pytest.mark.parametrize("kind", TRAJECTORIES)
def test_both_eyes_of_a_rig_keep_their_clearance(cluttered: Room, kind: str) -> None:
    for seed in range(3):
        path = cluttered.find(kind, seed, baseline_m=0.6, clearance_m=0.15)
        poses = np.array([path.world_from_camera(float(each)) for each in moments()])
        for aside_m in (0.0, 0.6):
            assert cluttered.distance(poses[:, :3, 3] + aside_m * poses[:, :3, 0]).min() >= 0.15 - 1e-4


def test_paths_stay_in_their_region(cluttered: Room) -> None:
    cluttered.outline = np.array([[0.2, 1.0], [4.6, 1.0], [4.6, 2.2], [2.2, 2.2], [2.2, 3.4], [0.2, 3.4]])
    for kind in TRAJECTORIES:
        x, y, _ = places_of(cluttered.find(kind, 1, 48, clearance_m=0.2), moments(48)).T
        lower = np.min([x - 0.2, 4.6 - x, y - 1.0, 2.2 - y], axis=0)
        upper = np.min([x - 0.2, 2.2 - x, y - 1.0, 3.4 - y], axis=0)
        corner = np.hypot(np.maximum(2.2 - x, 0), np.maximum(2.2 - y, 0))  # where both parts meet, inwards
        joint = np.where((x < 2.2) & (y < 2.2), np.min([x - 0.2, y - 1.0, corner], axis=0), -1.0)
        assert np.max([lower, upper, joint], axis=0).min() >= 0.2 - 1e-5


def test_what_is_in_the_way_of_a_trajectory(room_of) -> None:
    import bpy

    from synthgen.blender.free_space import FreeSpace, Times
    from synthgen.blender.scene_rays import SceneRays

    wall = Box((0.02, 3.0, 2.6), (2.5, 1.5, 1.3))
    room = room_of((5.0, 4.5, 2.6), [wall])
    rays = SceneRays(bpy.context.evaluated_depsgraph_get())
    around = Curve.through(
        np.array(
            [[2.2, 1.0], [2.2, 2.0], [2.2, 3.0], [2.3, 3.35], [2.7, 3.35], [2.8, 3.0], [2.8, 2.0], [2.8, 1.0]]
        )
    )

    def obstacle(motion, frames: int, clearance_m: float, moving=(), baseline_m=0.0) -> str | None:
        space = FreeSpace(rays, room.region, clearance_m, Times(frames, frames + 1.0), moving, baseline_m)
        return space.obstacle(Trajectory(motion))

    # From one frame before the first to one after the last takes a second.
    def way(frames: int) -> Travelling:
        return Travelling(around, 1.4, around.length_m, around.length_m / (frames + 1), (0.0, 0.1))

    assert obstacle(way(24), 24, 0.2) is None
    assert obstacle(way(2), 2, 0.2) == "that have a surface between one frame and the next"
    assert obstacle(way(24), 24, 0.32) == "that come nearer than 0.32 m to a surface or to the region's edge"
    stand = Standing(np.array([1.0, 1.0, 1.4]), 0.0)
    passing = Ball(RigidMotion((1.5, 1.0, 1.4), velocity_m_s=(0.0, 1.0, 0.0)), 0.2)
    assert obstacle(stand, 24, 0.25, [passing]) is None
    assert obstacle(stand, 24, 0.35, [passing]) == "that come nearer than 0.35 m to something that moves"
    # It looks along +x, so the right eye of a rig is towards y = 0.
    assert obstacle(stand, 24, 0.25, baseline_m=0.7) is None
    assert "0.25 m to a surface or to the region's edge" in obstacle(stand, 24, 0.25, baseline_m=0.8)
    beside = Ball(RigidMotion((1.0, 0.5, 1.4)), 0.2)
    assert obstacle(stand, 24, 0.25, [beside]) is None
    assert "something that moves" in obstacle(stand, 24, 0.25, [beside], baseline_m=0.1)
    before = Standing(np.array([2.3, 1.0, 1.4]), 90.0)
    assert obstacle(before, 24, 0.1) is None
    assert obstacle(before, 24, 0.1, baseline_m=0.4) == "that have a surface between the two eyes"
    room.outline = np.array([[0.9, 0.0], [5.0, 0.0], [5.0, 4.5], [0.9, 4.5]])
    assert "region's edge" in obstacle(stand, 24, 0.25)


def test_in_the_plain_family_as_well(session, families) -> None:
    import bpy

    from synthgen.blender.path import find_path
    from synthgen.blender.stage.stage import Stage
    from synthgen.recipe.families import add_scene_paths, family_builder, family_spec

    add_scene_paths([families])
    scene = session.reset()
    spec = family_spec("plain").model_validate({"kind": "plain", "objects": 14})
    region = family_builder("plain")(Stage(scene, spec.classes), spec, 3).camera_region
    depsgraph = bpy.context.evaluated_depsgraph_get()
    things = [each for each in scene.objects if each.type == "MESH"][1:]
    assert len(things) == 14
    for seed, (kind, more) in enumerate(TRAJECTORIES.items()):
        asked = {"kind": kind, "frames": 48, "fps": FPS, **more}
        rng = rng_for(seed, "path")
        path = find_path(scene, depsgraph, region, CAMERA, PLACEMENT, asked, 48, rng)
        places = places_of(path, moments(48))
        assert np.abs(places[:, :2]).max() <= 2.7 + 1e-5
        for index, thing in enumerate(things):
            if index % 2:
                turn_deg = math.degrees(thing.rotation_euler.z)
                away = Box((0.4, 0.4, 0.4), tuple(thing.location), turn_deg).distance(places)
            else:
                away = np.linalg.norm(places - np.array(thing.location), axis=1) - 0.25
            assert away.min() >= 0.3 - 1e-5


def test_message_when_nothing_fits(room_of) -> None:
    closet = room_of((1.1, 1.0, 2.4), [Box((0.1, 0.1, 0.3), (0.1, 0.1, 1.3))])
    with pytest.raises(RenderError) as caught:
        closet.find("walk", speed_m_s=2.0, clearance_m=0.45)
    message = str(caught.value)
    assert message.startswith(
        "no path for a camera at height_m 1.40 with the trajectory walk (frames 24, fps 24"
    )
    assert "speed_m_s 2" in message and "tries: " in message
    assert "lower speed_m_s or frames, lower clearance_m, change height_m" in message
    with pytest.raises(
        RenderError, match=r"tries: .*that come nearer than 0\.20 m.*; lower sweep_deg or radius"
    ):
        closet.find("orbit", radius_m=3.0, sweep_deg=90.0, clearance_m=0.2)
    with pytest.raises(RenderError, match="above or too near to the ceiling"):
        closet.find("drive", height_m=2.3)
    with pytest.raises(
        RenderError, match=r"goes 6\d\d\d m in 10000 frames, expected at most 5000 m; raise fps"
    ):
        closet.find("drive", frames=10_000, speed_m_s=15.0, clearance_m=0.2)
