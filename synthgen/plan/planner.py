"""Recipe to plan: one `SceneJob` per scene, every random choice drawn, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from pydantic import ValidationError

from synthgen.errors import DataError, UsageError
from synthgen.frame.channels import CHANNELS
from synthgen.plan.assets import PlannedAssets
from synthgen.plan.cameras import problem_of_settings
from synthgen.plan.draws import Draw, EvenNames, Names, draw_of
from synthgen.plan.jobs import UNHASHED, RenderJob, SceneJob, TruthJob, ViewJob
from synthgen.plan.split import split_sequence
from synthgen.recipe.cameras import FROM_FILE
from synthgen.recipe.model import Recipe
from synthgen.recipe.truth import SAMPLED
from synthgen.seeding import seed_for
from synthgen.storage import Storage

PLAN = "plan.jsonl"


def parse_only(text: str) -> dict[str, int]:
    """`scene=3` or `scene=3,view=1` as a map. Raises `UsageError` for anything else."""
    found = re.fullmatch(r"scene=(\d+)(?:,view=(\d+))?", text.replace(" ", ""))
    if found is None:
        raise UsageError(f"--only {text}: expected scene=N or scene=N,view=M")
    return {"scene": int(found[1])} | ({"view": int(found[2])} if found[2] else {})


def plan_recipe(
    recipe: Recipe, *, limit: int | None = None, only: Mapping[str, int] | None = None
) -> Iterator[SceneJob]:
    """The jobs of a recipe in order, made one by one.

    Views are numbered over cameras, then shots, frames and eyes: with 4 views, camera 1 has the views 4 to 7.
    Values are drawn under (seed, "scene", scene, "params", field ...), and those of a camera under
    (seed, "scene", scene, "camera", camera, "view", shot of that camera, field ...), spread evenly over
    scenes and shots (`EvenNames`); a camera that neither moves nor has two eyes makes one view a shot.

    Parameters
    ----------
    limit : make the first scenes only
    only : `{"scene": 3}` or `{"scene": 3, "view": 1}`, to make one scene, or one view of it; the job keeps
        the hash of the whole one, because its frames are the same

    Raises
    ------
    UsageError
        When `only` names a scene or a view that the recipe does not have, or what was drawn for a camera is
        no camera.
    """
    scenes = recipe.scenes if limit is None else min(limit, recipe.scenes)
    if only is not None:
        _check_only(recipe, only, scenes)
    draw_scene, draw_render = draw_of(recipe.scene, "params"), draw_of(recipe.render, "render")
    draw_cameras = [(draw_of(camera), camera.frames, camera.eyes) for camera in recipe.cameras]
    assets = PlannedAssets(recipe, scenes) if recipe.scene.assets else None
    splits = islice(split_sequence(recipe.split.model_dump()), scenes)
    for scene, split in enumerate(splits):
        if only is not None and scene != only["scene"]:
            continue
        names = Names(recipe.seed, "scene", scene)
        params = draw_scene(names)
        del params["assets"]  # what it says stands in the job's own `assets`, chosen
        job = SceneJob.make(
            scene=scene,
            split=split,
            seed=seed_for(recipe.seed, "scene", scene),
            family=params["kind"],
            params=params,
            views=tuple(_views(recipe, scene, draw_cameras)),
            render=_render_job(recipe, draw_render(names)),
            channels=recipe.channels,
            truth=_truth_job(recipe),
            assets=assets.choices(split, names) if assets else {},
            asset_roots=assets.roots if assets else {},
        )
        if only is not None and "view" in only:
            job = job.model_copy(update={"only_views": (only["view"],)})
        yield job


def write_plan(recipe: Recipe, storage: Storage, *, limit: int | None = None) -> int:
    """Write plan.jsonl, one job a line, whole or not at all; returns the number of jobs."""
    count = 0
    with storage.open_write(PLAN) as stream:
        for job in plan_recipe(recipe, limit=limit):
            stream.write(plan_line(job))
            count += 1
    return count


def keep_plan(recipe: Recipe, storage: Storage, *, limit: int | None = None) -> None:
    """See to it that plan.jsonl holds the jobs of a recipe, as many as are asked for or more.

    Plans of one recipe with different limits are beginnings of each other, so a longer one is kept. A file
    that says anything else, cut short or altered, is written again.
    """
    wanted = recipe.scenes if limit is None else min(limit, recipe.scenes)
    there = count_plan(storage)
    kept = min(max(there, wanted), recipe.scenes)
    if there != kept or not _holds(storage, plan_recipe(recipe, limit=kept)):
        write_plan(recipe, storage, limit=kept)


def count_plan(storage: Storage) -> int:
    """Number of scenes in plan.jsonl; 0 when there is none."""
    if not storage.exists(PLAN):
        return 0
    with storage.open_read(PLAN) as stream:
        return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b""))


def plan_line(job: SceneJob) -> bytes:
    """A job as its line in plan.jsonl, with the newline."""
    return job.model_dump_json(exclude={"only_views"}).encode() + b"\n"


def read_plan(storage: Storage) -> Iterator[SceneJob]:
    """The jobs of plan.jsonl, read one by one.

    Raises
    ------
    DataError
        When the file is missing, or a line is cut short, is no job or does not fit its own hash.
    """
    address = storage.address(PLAN)
    with storage.open_read(PLAN) as stream:
        for number, line in enumerate(_lines(stream), 1):
            try:
                job = SceneJob.model_validate_json(line)
            except ValidationError as error:
                problem = error.errors(include_url=False)[0]
                where = ".".join(str(step) for step in problem["loc"])
                message = f"{where}: {problem['msg']}" if where else problem["msg"]
                raise DataError(
                    f"{address}:{number}: expected a scene job ({message}); make the plan again"
                ) from None
            if SceneJob.make(**job_fields(job)).job_hash != job.job_hash:
                raise DataError(
                    f"{address}:{number}: damaged, the job does not fit its hash; make the plan again"
                )
            yield job


def job_fields(job: SceneJob) -> dict[str, Any]:
    """The fields that a job's hash is made of, as `SceneJob.make` takes them."""
    return {name: getattr(job, name) for name in SceneJob.model_fields if name not in ("job_hash", *UNHASHED)}


def _holds(storage: Storage, jobs: Iterator[SceneJob]) -> bool:
    with storage.open_read(PLAN) as stream:
        lines = _lines(stream)
        return all(next(lines, b"") + b"\n" == plan_line(job) for job in jobs)


def _lines(stream: Any) -> Iterator[bytes]:
    # pyarrow's files have no line iterator of their own.
    rest = b""
    while piece := stream.read(1 << 16):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _render_job(recipe: Recipe, drawn: dict[str, Any]) -> RenderJob:
    preset = recipe.render.preset
    given = {name: value for name, value in drawn.items() if value is not None}
    settings = {name: given.get(name, getattr(preset, name)) for name in (
        "samples", "denoise", "max_bounces", "adaptive_threshold", "clamp_indirect",
    )}  # fmt: skip
    look = {name: drawn[name] for name in ("exposure_ev", "white_balance_kelvin", "tone_curve")}
    return RenderJob(**settings, **look)


def _views(
    recipe: Recipe, scene: int, draw_cameras: Sequence[tuple[Draw, int, tuple[str, ...]]]
) -> Iterator[ViewJob]:
    """The views of a scene in order; all those of one shot have what was drawn for it."""
    view = 0
    for index, shot in product(range(len(recipe.cameras)), range(recipe.views)):
        draw, frames, eyes = draw_cameras[index]
        drawn = draw(EvenNames(recipe.seed, scene, index, shot))
        camera = _without_none(drawn)
        if camera["kind"] == FROM_FILE:
            camera["index"] = shot
        first = view
        alone = frames == 1 and len(eyes) == 1
        for frame in range(frames):
            time_s = frame / camera["trajectory"]["fps"] if frame else 0.0
            for eye in eyes:
                yield ViewJob(
                    view=view,
                    camera=camera,
                    shot=None if alone else first,
                    frame=frame,
                    time_s=time_s,
                    eye=eye,
                )
                view += 1
        problem = problem_of_settings(camera)
        if problem:
            raise UsageError(f"{drawn['kind']} camera drawn for scene {scene}, view {first}: {problem}")


def _without_none(drawn: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, dict) else value
        for name, value in drawn.items()
        if value is not None
    }


def _truth_job(recipe: Recipe) -> TruthJob:
    layered = any(CHANNELS[name].layered for name in recipe.channels)
    truth, channels = recipe.truth, recipe.channels
    return TruthJob(
        layers=truth.layers if layered else 0,
        surface=truth.surface,
        subpixel=truth.subpixel if set(SAMPLED) & set(channels) else 0,
        far_m=truth.far_m if "validity" in channels else None,
        geometry=truth.geometry,
        objects=truth.objects,
        contacts=truth.contacts,
    )


def _check_only(recipe: Recipe, only: Mapping[str, int], scenes: int) -> None:
    limits = {"scene": scenes, "view": recipe.views_per_scene}
    for name, limit in limits.items():
        if name in only and not 0 <= only[name] < limit:
            raise UsageError(f"--only {name}={only[name]}: expected a {name} from 0 to {limit - 1}")
