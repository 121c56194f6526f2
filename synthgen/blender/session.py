"""`BlenderSession`: the one Blender of this process: version, device, reset, captured output.

bpy is global to a process and does not survive a fork: a session lives in a worker that was spawned.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from synthgen.errors import EnvironmentProblem, RenderError

try:
    import bpy
except ImportError as error:
    from synthgen.blender.availability import require_bpy

    require_bpy()
    raise EnvironmentProblem(
        f"bpy is installed but cannot be loaded: {error}; `synthgen doctor` names the missing system package"
    ) from None

GPU_LADDER = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")
"""Compute device types, the quickest first."""

_CYCLES_ERROR = re.compile(
    r"\b(error|failed to|out of memory|out of SVM stack space|cannot find|unable to)\b", re.IGNORECASE
)
_HARMLESS = re.compile(r"ALSA|EGL|libdecor|color management|thumbnail", re.IGNORECASE)


class BlenderSession:
    """Owns the process's Blender.

    Parameters
    ----------
    device : auto, cpu, cuda, optix, hip, metal or oneapi. `auto` takes the quickest GPU, else the CPU; a
        GPU that is asked for and not there is an `EnvironmentProblem`, never a silent fall-back.
    threads : Cycles' CPU threads; 0 takes all cores
    """

    def __init__(self, device: str = "auto", threads: int = 0) -> None:
        self.version = bpy.app.version_string.split()[0]
        self._threads = threads
        self.device_type = _choose_device(device.upper())

    def reset(self) -> bpy.types.Scene:
        """Empty the file and return its scene, set up for Cycles on this session's device."""
        with captured_output():
            bpy.ops.wm.read_factory_settings(use_empty=True)
        if self.device_type != "CPU":
            _enable_device(self.device_type)
        scene = bpy.context.scene
        scene.render.engine = "CYCLES"
        scene.cycles.device = "CPU" if self.device_type == "CPU" else "GPU"
        if self._threads:
            scene.render.threads_mode = "FIXED"
            scene.render.threads = self._threads
        return scene


def _choose_device(wanted: str) -> str:
    if wanted == "CPU":
        return "CPU"
    found = [kind for kind in GPU_LADDER if _devices_of(kind)]
    if wanted == "AUTO":
        return found[0] if found else "CPU"
    if wanted not in found:
        have = ", ".join([*(kind.lower() for kind in found), "cpu"])
        raise EnvironmentProblem(
            f"device {wanted.lower()}: no such device on this machine (found {have}); "
            "choose one of those with --device, or auto"
        )
    return wanted


def _cycles_preferences() -> bpy.types.AddonPreferences:
    if "cycles" not in bpy.context.preferences.addons:
        bpy.ops.preferences.addon_enable(module="cycles")
    return bpy.context.preferences.addons["cycles"].preferences


def _devices_of(kind: str) -> list[object]:
    try:
        with captured_output():
            devices = _cycles_preferences().get_devices_for_type(kind)
    except (TypeError, ValueError):  # this build of Blender does not know the kind
        return []
    return [device for device in devices or [] if device.type == kind]


def _enable_device(kind: str) -> None:
    preferences = _cycles_preferences()
    preferences.compute_device_type = kind
    preferences.refresh_devices()
    for device in preferences.devices:
        device.use = device.type == kind


class CapturedOutput:
    """What the process printed inside a `captured_output` block; `text` is filled when the block ends."""

    text = ""


@contextmanager
def captured_output() -> Iterator[CapturedOutput]:
    """Catch stdout and stderr at file-descriptor level, where Blender's C++ code prints."""
    captured = CapturedOutput()
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as sink:
        saved = [(fd, os.dup(fd)) for fd in (1, 2)]
        try:
            for fd, _ in saved:
                os.dup2(sink.fileno(), fd)
            yield captured
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for fd, copy in saved:
                os.dup2(copy, fd)
                os.close(copy)
            sink.seek(0)
            captured.text = sink.read().decode(errors="replace")


def raise_on_cycles_error(output: str, doing: str) -> None:
    """Raise `RenderError` when Blender's output of a render holds an error line.

    Cycles reports missing textures, shader compile errors and exhausted memory on the console only. Blender
    5.2 also reports each texture of tiles that no surface of a render shows, by the name that stands for all
    of its tiles; the truth render shows none.
    """
    tiles = len(re.findall(r"Image file \S*<(?:UDIM|UVTILE)>\S* does not exist", output))
    for line in output.splitlines():
        if tiles and line.endswith(f"Failed to load {tiles} image files"):
            continue
        if _CYCLES_ERROR.search(line) and not _HARMLESS.search(line):
            raise RenderError(f"{doing}: Cycles reported: {line.strip()}")
