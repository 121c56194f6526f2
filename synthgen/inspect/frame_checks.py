"""One finished frame against its record, its job and its own metadata; every file is read once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from synthgen.errors import DataError
from synthgen.frame.bundle import frame_key
from synthgen.frame.channels import CHANNELS
from synthgen.frame.checks import check_channels, material_ids
from synthgen.frame.classes import FIRST_CUSTOM_ID
from synthgen.frame.records import FileRecord
from synthgen.frame.store import FRAMES, META_ENDING, files_of, frame_path, read_frame
from synthgen.geometry.camera import PIXEL_CENTER, Camera
from synthgen.geometry.models import camera_from_entry
from synthgen.inspect.report import Finding, finding_from_check
from synthgen.plan.jobs import SceneJob, ViewJob
from synthgen.storage import Storage

ROTATION_TOLERANCE = 1e-6
"""Greatest deviation of R R^T from the identity and of det R from 1."""


@dataclass(frozen=True, slots=True)
class FrameCheck:
    """Outcome of one frame: its findings, the bytes read, and the loaded frame where nothing is wrong."""

    findings: tuple[Finding, ...]
    bytes: int
    frame: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class HeldFiles(Storage):
    """A storage whose files were read already, so that hashing and decoding share one read."""

    held: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def read_bytes(self, path: str) -> bytes:
        """The content that was read before. Raises `DataError` when there is none."""
        if path not in self.held:
            raise DataError(f"{self.address(path)}: expected a file (found nothing)")
        return self.held[path]


def expected_files(job: SceneJob, view: int) -> list[str]:
    """Paths that a frame of this job must have."""
    return [frame_path(job.scene, view, ending) for ending in files_of(job.channels)]


def check_frame(
    storage: Storage,
    job: SceneJob,
    view: ViewJob,
    record: Mapping[str, FileRecord],
    classes: Mapping[str, int],
) -> FrameCheck:
    """Check one frame against the completion record's files.

    Parameters
    ----------
    record : path -> size and SHA-256
    classes : class name -> id
    """
    findings = [
        Finding(path, "an entry in the completion record", "none")
        for path in expected_files(job, view.view)
        if path not in record
    ]
    held: dict[str, bytes] = {}
    for path, entry in record.items():
        try:
            held[path] = storage.read_bytes(path)
        except DataError:
            findings.append(Finding(path, f"a file of {entry.bytes} bytes", "nothing"))
            continue
        findings += _check_content(path, held[path], entry)
    size = sum(len(data) for data in held.values())
    if findings:
        return FrameCheck(tuple(findings), size)

    try:
        frame = read_frame(
            HeldFiles(storage.uri, storage.root, storage.filesystem, held), job.scene, view.view
        )
    except DataError as error:
        return FrameCheck((_finding_from_error(storage, job, view, error),), size)
    except (KeyError, TypeError, ValueError) as error:
        path = frame_path(job.scene, view.view, "json")
        return FrameCheck((Finding(path, "the metadata of a frame", repr(error)),), size)
    findings += check_meta(job, view, frame["meta"])
    wrong_camera = check_camera(frame_path(job.scene, view.view, "json"), frame["camera"])
    findings += wrong_camera
    camera = None if wrong_camera else camera_from_entry(frame["camera"])
    key = frame_key(job.scene, view.view)
    for finding in check_pixels(key, frame, classes, camera):
        findings.append(replace(finding, path=path_in_frame(key, finding.subject)))
    return FrameCheck(tuple(findings), size, None if findings else frame)


def path_in_frame(key: str, name: str) -> str:
    """The file of a durable frame that holds a channel, or its metadata for any other name."""
    scene, _, view = key.partition("_")
    return f"{FRAMES}/{scene}/{view}.{CHANNELS[name].ending if name in CHANNELS else META_ENDING}"


def check_meta(job: SceneJob, view: ViewJob, meta: Mapping[str, object]) -> list[Finding]:
    """The metadata against the job and the file's name."""
    path = frame_path(job.scene, view.view, "json")
    hashes = meta.get("hashes")
    pairs = [
        ("key", frame_key(job.scene, view.view), meta.get("key")),
        ("scene", job.scene, meta.get("scene")),
        ("view", view.view, meta.get("view")),
        ("split", job.split, meta.get("split")),
        ("channels", sorted(job.channels), meta.get("channels")),
        ("hashes.job", job.job_hash, hashes.get("job") if isinstance(hashes, Mapping) else None),
    ]
    camera = meta.get("camera")
    for name in ("width", "height"):
        if name in view.camera and isinstance(camera, Mapping):
            pairs.append((f"camera.{name}", view.camera[name], camera.get(name)))
    return [Finding(path, str(want), str(have), name) for name, want, have in pairs if want != have]


def check_camera(path: str, camera: Mapping[str, object]) -> list[Finding]:
    """Whether a loaded camera is one: its model, K with positive focal lengths, a rigid world_from_camera."""
    findings = []
    K, pose = np.asarray(camera["K"]), np.asarray(camera["world_from_camera"])
    if camera.get("pixel_center") != PIXEL_CENTER:
        have = str(camera.get("pixel_center"))
        findings.append(Finding(path, str(PIXEL_CENTER), have, "camera.pixel_center"))
    if K.shape != (3, 3) or not np.isfinite(K).all():
        findings.append(Finding(path, "(3, 3) finite numbers", str(K.tolist()), "camera.K"))
    else:
        lower = [K[1, 0], *K[2]]
        if min(K[0, 0], K[1, 1]) <= 0 or lower != [0.0, 0.0, 0.0, 1.0]:
            expected = "[[fx > 0, s, cx], [0, fy > 0, cy], [0, 0, 1]]"
            findings.append(Finding(path, expected, str(K.tolist()), "camera.K"))
    if not findings:
        findings += _check_model(path, camera)
    if pose.shape != (4, 4) or not np.isfinite(pose).all():
        findings.append(
            Finding(path, "(4, 4) finite numbers", str(pose.tolist()), "camera.world_from_camera")
        )
        return findings
    rotation = pose[:3, :3]
    deviation = float(np.abs(rotation @ rotation.T - np.eye(3)).max())
    determinant = float(np.linalg.det(rotation))
    if deviation > ROTATION_TOLERANCE or abs(determinant - 1.0) > ROTATION_TOLERANCE:
        found = f"a deviation of {deviation:.2g} from orthonormal, determinant {determinant:.6f}"
        findings.append(
            Finding(path, "a rotation, R R^T = I and det R = +1", found, "camera.world_from_camera")
        )
    if pose[3].tolist() != [0.0, 0.0, 0.0, 1.0]:
        findings.append(
            Finding(path, "a last row 0 0 0 1", str(pose[3].tolist()), "camera.world_from_camera")
        )
    return findings


def _check_model(path: str, camera: Mapping[str, object]) -> list[Finding]:
    try:
        made = camera_from_entry(camera)
    except DataError as error:
        return [Finding(path, "a camera model with its values", str(error), "camera.model")]
    problem = made.problem()
    if problem is not None:
        return [Finding(path, f"a {made.model} camera that can be rendered", problem, "camera.K")]
    if not np.array_equal(made.K, camera["K"]):
        return [Finding(path, str(made.K.tolist()), str(np.asarray(camera["K"]).tolist()), "camera.K")]
    return []


def check_pixels(
    path: str, frame: Mapping[str, object], classes: Mapping[str, int], camera: Camera | None = None
) -> list[Finding]:
    """The arrays of a loaded frame: dtypes, shapes, finite depth, ids of the label table.

    Parameters
    ----------
    path : what to call the frame in a finding
    frame : as `synthgen.frame.store.read_frame` and `synthgen.open_dataset` give it
    classes : class name -> id
    camera : of the frame; without it, what needs its rays goes unchecked
    """
    meta, size = frame["meta"], frame["camera"]
    channels = {name: frame[name] for name in meta["channels"] if name in frame}
    instances = {int(entry["id"]): str(entry["class"]) for entry in meta["instances"]}
    known = set(classes.values())
    if "semantic" in channels and not set(instances.values()) <= set(classes):
        # A family of the user's own that is not installed here: its names cannot be looked up.
        known |= {label for label in np.unique(channels["semantic"]).tolist() if label >= FIRST_CUSTOM_ID}
    texts = check_channels(
        channels, int(size["width"]), int(size["height"]), instances, known, material_ids(meta), camera
    )
    findings = [finding_from_check(path, text) for text in texts]
    if not findings and "instance" in channels and "semantic" in channels:
        findings += _check_classes(path, channels["instance"], channels["semantic"], instances, classes)
    return findings


def _check_content(path: str, data: bytes, entry: FileRecord) -> Iterator[Finding]:
    if len(data) != entry.bytes:
        yield Finding(path, f"{entry.bytes} bytes", f"{len(data)} bytes")
        return
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry.sha256:
        yield Finding(path, f"sha256 {entry.sha256[:16]}...", f"{digest[:16]}...")


def _check_classes(
    path: str,
    instance: np.ndarray,
    semantic: np.ndarray,
    instances: Mapping[int, str],
    classes: Mapping[str, int],
) -> list[Finding]:
    """Every pixel of an instance must carry the class that the label table gives that instance."""
    findings = []
    packed, counts = np.unique(instance.astype(np.uint64) << np.uint64(16) | semantic, return_counts=True)
    for value, count in zip(packed.tolist(), counts.tolist()):
        label, class_id = value >> 16, value & 0xFFFF
        name = instances.get(label)
        if name in classes and classes[name] != class_id:
            expected = f"class {classes[name]} ({name}) on instance {label}"
            findings.append(Finding(path, expected, f"class {class_id} on {count} pixels", "semantic"))
    return findings


def _finding_from_error(storage: Storage, job: SceneJob, view: ViewJob, error: DataError) -> Finding:
    text = str(error)
    for path in expected_files(job, view.view):
        address = f"{storage.address(path)}: "
        if text.startswith(address):
            expected, _, found = text.removeprefix(address).removeprefix("expected ").partition(" (")
            return Finding(path, expected, found.removesuffix(")").removeprefix("found "))
    return Finding(frame_path(job.scene, view.view, "json"), "a whole frame", text)
