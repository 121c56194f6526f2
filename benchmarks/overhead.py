"""What a whole synthgen frame costs beside a bare bpy loop that renders the same colour passes.

A room of 61 objects, 320x240, 1 sample per pixel, 8 views. *Bare*: set the camera, render colour, depth,
normal and object index in one go to a multilayer EXR. *synthgen*: truth render, colour render, conversion,
exposure, checks, PNG and EXR encoding, checksums, atomic writes. The two take turns, each in a process of
its own; the figure is the ratio of their medians.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
VIEWS = 8
FAMILIES = Path(__file__).parents[1] / "tests" / "families"


def job():
    """The fixed scene as a plan would give it."""
    from synthgen.plan.jobs import RenderJob, SceneJob, ViewJob

    placement = {"height_m": 1.5, "clearance_m": 0.05, "pitch_deg": 0.0, "roll_deg": 0.0}
    camera = {"kind": "perspective", "width": 320, "height": 240, "fov_deg": 70.0, "placement": placement}
    return SceneJob.make(
        scene=0,
        split="train",
        seed=5,
        family="plain",
        params={"kind": "plain", "size_m": 6.0, "objects": 60},
        views=tuple(ViewJob(view=index, camera=camera) for index in range(VIEWS)),
        render=RenderJob(
            samples=1,
            denoise=False,
            max_bounces=12,
            adaptive_threshold=0.0,
            clamp_indirect=10.0,
            exposure_ev=0.0,
            tone_curve="soft_shoulder",
        ),
        channels=("rgb", "depth", "normal", "instance", "semantic"),
    )


def time_synthgen() -> list[float]:
    """Seconds of each view, without the build and the search for a viewpoint (the bare loop has neither)."""
    from synthgen.blender.worker import BlenderRenderer
    from synthgen.run.stages import scene_steps
    from synthgen.storage import open_storage

    renderer = BlenderRenderer("cpu", 0, [str(FAMILIES)])
    with tempfile.TemporaryDirectory() as folder:
        seconds = [
            sum(value for name, value in step.seconds.items() if name not in ("build", "viewpoint"))
            for step in scene_steps(job(), renderer, open_storage(folder))
        ]
    renderer.close()
    return seconds


def time_bare() -> list[float]:
    """Seconds of each view of the bare loop, from the same viewpoints."""
    import bpy

    from synthgen.blender.compat import use_multilayer_exr
    from synthgen.blender.session import captured_output
    from synthgen.blender.worker import BlenderRenderer

    renderer = BlenderRenderer("cpu", 0, [str(FAMILIES)])
    scene, places, setting = None, [], job()
    for rendered in renderer.render(setting):
        scene = bpy.context.scene
        places.append(scene.camera.matrix_world.copy())
        del rendered
    layer, cycles = scene.view_layers[0], scene.cycles
    layer.use_pass_z = layer.use_pass_normal = layer.use_pass_object_index = True
    cycles.samples, cycles.max_bounces, cycles.use_denoising, cycles.filter_width = 1, 12, False, 1.5
    use_multilayer_exr(scene.render.image_settings)
    scene.render.image_settings.exr_codec = "ZIP"
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for index, place in enumerate(places):
            started = time.perf_counter()
            scene.camera.matrix_world = place
            scene.render.filepath = f"{folder}/{index}.exr"
            with captured_output():
                bpy.ops.render.render(write_still=True)
            seconds.append(time.perf_counter() - started)
    renderer.close()
    return seconds


def main() -> None:
    """Take turns and write the result."""
    if len(sys.argv) > 1:
        print(json.dumps({"bare": time_bare, "synthgen": time_synthgen}[sys.argv[1]]()))
        return
    runs: dict[str, list[float]] = {"bare": [], "synthgen": []}
    for _ in range(ROUNDS):
        for name, seconds in runs.items():
            command = [sys.executable, __file__, name]
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds.append(statistics.median(json.loads(printed.splitlines()[-1])))
    from machine import write_result

    ratios = [ours / bare for ours, bare in zip(runs["synthgen"], runs["bare"])]
    write_result(
        "overhead",
        {
            "what": "seconds per view, median of 8 views, by round; ratio synthgen / bare",
            "bare_s": runs["bare"],
            "synthgen_s": runs["synthgen"],
            "ratio_median": statistics.median(ratios),
            "ratio_asked": 2.0,
        },
    )


if __name__ == "__main__":
    main()
