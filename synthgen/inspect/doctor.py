"""`synthgen doctor`: can this machine render, pack and load, and if not, what is to be done? Is truth exact?

Blender is imported in a process of its own, so that a crash in it is a finding and the doctor stays light.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from synthgen.blender.availability import WHEELS, require_bpy
from synthgen.errors import EnvironmentProblem, SynthgenError
from synthgen.exr import encode_exr, read_exr
from synthgen.storage import open_storage

Status = Literal["ok", "warn", "fail"]

PROBE_SECONDS = 120
"""How long Blender may take to start; a second is usual, a cold network disk is slower."""
DEBIAN_PACKAGES = {
    "libX11.so.6": "libx11-6",
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXext.so.6": "libxext6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
}
"""Libraries that the bpy wheels need from the system -> the Debian or Ubuntu package that brings each."""
LEAST_MEMORY = 2_000_000_000
LEAST_DISK = 2_000_000_000
LEAST_SHARED_MEMORY = 128_000_000
"""Bytes below which the doctor warns. A container's usual 64 MB of /dev/shm are too few for Ray."""

PROOF_SECONDS = 600
"""How long the known scenes may take; ten seconds are usual."""

PROBE = "synthgen.blender.probe"
PROOF = "synthgen.blender.proof"
_MARK = "synthgen-answer:"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report; `advice` is empty when there is nothing to do."""

    name: str
    status: Status
    found: str
    advice: str = ""


def run_doctor(out: str | os.PathLike[str] | None = None) -> list[Check]:
    """Examine this machine and this Python environment.

    Parameters
    ----------
    out : a folder or URI whose free room and permission are examined too

    Returns
    -------
    Checks in a fixed order. `fail` means that something that is installed does not work; what is merely
    absent (bpy on a training box) is a `warn`.
    """
    checks = [check_python(sys.version_info[:2])]
    checks += check_blender(probe_blender())
    checks += [_check_package("ray", "`synthgen render --executor inline` works without it")]
    checks += [*_check_libraries(), check_exr(), _check_cores(), _check_memory(), _check_shared_memory()]
    if out is not None:
        checks.append(check_disk(out))
    return [check for check in checks if check is not None]


def check_python(version: tuple[int, int]) -> Check:
    """Whether bpy has a wheel for a Python version."""
    found = f"{version[0]}.{version[1]} at {sys.executable}"
    if version in WHEELS:
        return Check("python", "ok", f"{found}, bpy {WHEELS[version]} has a wheel for it")
    known = " and ".join(f"{major}.{minor} (bpy {name})" for (major, minor), name in WHEELS.items())
    return Check("python", "warn", found, f"to render, use Python {known}; everything else works here")


def probe_blender() -> dict[str, object] | None:
    """What a fresh process finds when it imports bpy; None where bpy is not installed.

    Returns
    -------
    dict with `missing` (libraries that cannot be loaded), and `version`, `seconds` and `devices`, a list of
    (type, name), or `error`.
    """
    if importlib.util.find_spec("bpy") is None:
        return None
    libraries = json.dumps(sorted(DEBIAN_PACKAGES)) if sys.platform == "linux" else "[]"
    return {"missing": []} | _ask_blender(PROBE, PROBE_SECONDS, libraries)


def prove_truth() -> dict[str, object]:
    """Render known scenes in a fresh process and compare their truth with an exact ray caster.

    Returns
    -------
    dict with `bpy` (version), `device` and `proofs`, each with `name`, `what`, `passed`, `pixels`,
    `edge_pixels` and `measures` (`name`, `value`, `limit`, `unit`, `passed`); synthgen/blender/proof.py says
    how they are taken.

    Raises
    ------
    EnvironmentProblem
        When bpy is not installed, or Blender ended without an answer.
    """
    require_bpy()
    answer = _ask_blender(PROOF, PROOF_SECONDS)
    if "error" in answer:
        raise EnvironmentProblem(
            f"the proof of the truth ended early: {answer['error']}; `synthgen doctor` examines the machine"
        )
    return answer


def proof_table(answer: Mapping[str, object]) -> str:
    """What `prove_truth` found as text: the worst depth of each scene, and every limit that is not held."""
    proofs = answer["proofs"]
    width = max(len(proof["name"]) for proof in proofs)
    lines = [f"{'scene':{width}}  depth error  limit  verdict"]
    for proof in proofs:
        depth = next(each for each in proof["measures"] if each["name"] == "depth")
        error, verdict = _figure(depth["value"]), "ok" if proof["passed"] else "FAIL"
        lines.append(f"{proof['name']:{width}}  {error:11}  {depth['limit']:g}  {verdict:7}  {proof['what']}")
        for each in proof["measures"]:
            if not each["passed"]:
                found = f"{each['name']}: {_figure(each['value'])} {each['unit']}"
                lines.append(f"{'':{width}}  {found}, at most {each['limit']:.3g}")
    held = sum(proof["passed"] for proof in proofs)
    lines.append(f"{held} of {len(proofs)} scenes hold every limit (bpy {answer['bpy']}, {answer['device']})")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.3g}"


def _ask_blender(module: str, seconds: float, *arguments: str) -> dict[str, object]:
    """Run a module of the Blender room: the JSON object that it prints after a mark, or one with `error`."""
    command = [sys.executable, "-m", module, _MARK, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"it took more than {seconds:g} s"}
    for line in done.stdout.splitlines():
        if line.startswith(_MARK):
            return json.loads(line.removeprefix(_MARK))
    return {"error": _describe_crash(done.returncode, done.stderr)}


def check_blender(probe: Mapping[str, object] | None) -> list[Check]:
    """Checks of bpy and of the devices that Cycles can render on, from what `probe_blender` found."""
    if probe is None:
        advice = "to render: pip install 'synthgen[render]'; loading, packing and verifying work without it"
        return [Check("bpy", "warn", "not installed", advice)]
    if "error" in probe:
        error = str(probe["error"]).strip().splitlines()[-1]
        return [Check("bpy", "fail", error, _advice_for(error, probe["missing"]))]
    seconds = float(probe["seconds"])
    devices = [(str(kind), str(name)) for kind, name in probe["devices"]]
    accelerators = [f"{kind} {name}" for kind, name in devices if kind != "CPU"]
    cpus = [name for kind, name in devices if kind == "CPU"]
    return [
        Check("bpy", "ok", f"{probe['version']}, imported in {seconds:.1f} s"),
        Check("devices", "ok", "; ".join([*accelerators, *(f"CPU {name}" for name in cpus)]) or "CPU"),
    ]


def check_exr() -> Check:
    """Whether an EXR survives writing and reading, infinity included."""
    pixels = np.array([[0.1, np.inf], [1e-7, 65504.5]], dtype=np.float32)
    version = _version("openexr")
    try:
        same = np.array_equal(read_exr(encode_exr({"depth": pixels}))["depth"], pixels)
    except SynthgenError as error:
        return Check(
            "openexr", "fail", f"{version}: {error}", "reinstall it: pip install --force-reinstall openexr"
        )
    if not same:
        return Check("openexr", "fail", f"{version} changes pixels", "install another version of openexr")
    return Check("openexr", "ok", f"{version}, float32 survives a round trip")


def check_disk(out: str | os.PathLike[str]) -> Check:
    """Free room at an output folder, and whether it can be written."""
    try:
        storage = open_storage(out)
        free = storage.free_bytes()
    except (SynthgenError, OSError) as error:
        return Check("disk", "fail", str(error), "choose another folder with --out")
    if free is None:
        return Check("disk", "ok", f"{storage.uri} is remote")
    folder = storage.local_path()
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Check("disk", "fail", f"{folder} cannot be written", "choose another folder with --out")
    status: Status = "ok" if free >= LEAST_DISK else "warn"
    advice = "" if status == "ok" else "a frame of 640 x 480 takes about 2 MB, and as much again when packed"
    return Check("disk", status, f"{_gigabytes(free)} free at {storage.uri}", advice)


def missing_library(error: str) -> str | None:
    """The library that the dynamic loader's message names: `libXi.so.6: cannot open shared object file`."""
    match = re.search(r"([\w+.-]+\.so[\w.]*): cannot open shared object file", error)
    return match[1] if match else None


def _advice_for(error: str, missing: object) -> str:
    """The packages to install for missing libraries, or how to see more."""
    libraries = {str(name) for name in missing} if isinstance(missing, list) else set()
    named = missing_library(error)
    if named:
        libraries.add(named)
    if libraries:
        packages = sorted({DEBIAN_PACKAGES[name] for name in libraries if name in DEBIAN_PACKAGES})
        unknown = sorted(name for name in libraries if name not in DEBIAN_PACKAGES)
        advice = f"on Debian or Ubuntu: apt-get install {' '.join(packages)}" if packages else ""
        return "; ".join(part for part in (advice, f"find {', '.join(unknown)}" if unknown else "") if part)
    if "numpy" in error.lower():
        return "bpy needs its own numpy: pip install --force-reinstall 'synthgen[render]'"
    return f"see the whole message: {sys.executable} -c 'import bpy'"


def _describe_crash(code: int, output: str) -> str:
    last = output.strip().splitlines()[-1:] or ["no output"]
    if code < 0:
        return f"it crashed with {signal.Signals(-code).name} ({last[0]})"
    return f"it ended with exit code {code} ({last[0]})"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _check_package(package: str, advice: str) -> Check:
    version = _version(package)
    return Check(package, "ok", version) if version else Check(package, "warn", "not installed", advice)


def _check_libraries() -> Iterator[Check]:
    yield Check("numpy", "ok", _version("numpy"))
    yield Check("pyarrow", "ok", _version("pyarrow"))


def _check_cores() -> Check:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Check("cores", "ok", f"{usable} of {os.cpu_count() or usable}")


def _check_memory() -> Check | None:
    """Memory that is available now, and the container's limit where there is one; None off Linux."""
    try:
        rows = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        available, total = (int(rows[name].split()[0]) * 1024 for name in ("MemAvailable", "MemTotal"))
    except (OSError, KeyError, ValueError):
        return None
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        available, total = min(available, limit - used), min(total, limit)
    except (OSError, ValueError):
        pass
    enough = available >= LEAST_MEMORY
    advice = "" if enough else "a worker takes about 1 GB; close programs, or use --workers 1"
    found = f"{_gigabytes(available)} available of {_gigabytes(total)}"
    return Check("memory", "ok" if enough else "warn", found, advice)


def _check_shared_memory() -> Check | None:
    """Room in /dev/shm, where Ray keeps its objects; None where there is no such folder."""
    try:
        free = shutil.disk_usage("/dev/shm").free
    except OSError:
        return None
    enough = free >= LEAST_SHARED_MEMORY
    advice = "" if enough else "Ray becomes slow; in a container: docker run --shm-size 2g"
    return Check("/dev/shm", "ok" if enough else "warn", f"{_gigabytes(free)} free", advice)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
