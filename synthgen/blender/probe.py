"""What a fresh process finds when it imports bpy: run by the doctor as a program of its own.

    python -m synthgen.blender.probe MARK '["libGL.so.1"]'

prints one line, MARK and a JSON object: `missing` (libraries of the list that cannot be loaded), and
`version`, `seconds` and `devices` (type, name), or `error`.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time


def report(libraries: list[str]) -> dict[str, object]:
    """Load the libraries, then Blender, and say how it went."""
    found: dict[str, object] = {"missing": [name for name in libraries if not _loads(name)]}
    started = time.perf_counter()
    try:
        import bpy

        found["version"] = bpy.app.version_string
        found["seconds"] = time.perf_counter() - started
        bpy.ops.wm.read_factory_settings(use_empty=True)
        cycles = bpy.context.preferences.addons["cycles"].preferences
        cycles.refresh_devices()
        found["devices"] = sorted({(device.type, device.name) for device in cycles.devices})
    except Exception as error:  # whatever it is, it is the finding
        found["error"] = f"{type(error).__name__}: {error}"
    return found


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(sys.argv[1] + json.dumps(report(json.loads(sys.argv[2]))))
