"""Verbs about synthgen itself: schema, list, doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from synthgen.cli.options import Json, ScenePaths
from synthgen.errors import ExitCode, UsageError, unknown_name
from synthgen.frame.channels import CHANNELS
from synthgen.inspect.doctor import proof_table, prove_truth, run_doctor
from synthgen.recipe.families import add_scene_paths, known_families
from synthgen.recipe.load import bundled_recipes
from synthgen.recipe.model import CAMERAS, DEPTH_CODECS, FORMATS, QUALITIES, SENSORS
from synthgen.recipe.schema import schema_text


def schema(scenes: ScenePaths = None) -> None:
    """Print the JSON Schema of recipes, for editors."""
    add_scene_paths(scenes or ())
    sys.stdout.write(schema_text())


def list_names(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="recipes, scenes, cameras, channels ...")] = "",
    scenes: ScenePaths = None,
) -> None:
    """List what a recipe may name: recipes, scenes, cameras, channels, sensors, formats, depth, quality."""
    add_scene_paths(scenes or ())
    tables = {
        "recipes": bundled_recipes(),
        "scenes": known_families(),
        "cameras": sorted(CAMERAS),
        "channels": list(CHANNELS),
        "sensors": sorted(SENSORS),
        "formats": list(FORMATS),
        "depth": list(DEPTH_CODECS),
        "quality": list(QUALITIES),
    }
    if what and what not in tables:
        raise UsageError(unknown_name("list", what, tables))
    for name, entries in tables.items():
        if what == name:
            print("\n".join(entries))
        elif not what:
            print(f"{name:9} {', '.join(entries) or '(none)'}")


list_names.__name__ = "list"


def doctor(
    out: Annotated[str | None, typer.Option(metavar="URI", help="Also check this output folder.")] = None,
    truth: Annotated[
        bool, typer.Option("--truth", help="Instead, render known scenes and compare them with exact truth.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check this machine: Python, bpy, devices, Ray, libraries, memory and disk. Or check its truth."""
    if truth and out is not None:
        raise UsageError("--out: expected either --out or --truth (got both)")
    if truth:
        answer = prove_truth()
        print(json.dumps(answer, indent=1) if as_json else proof_table(answer))
        passed = all(proof["passed"] for proof in answer["proofs"])
        raise typer.Exit(ExitCode.DONE if passed else ExitCode.VERIFICATION)
    checks = run_doctor(out)
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        for check in checks:
            print(f"{check.status:5} {check.name}: {check.found}")
            if check.advice:
                print(f"      {check.advice}")
    if any(check.status == "fail" for check in checks):
        raise typer.Exit(ExitCode.ENVIRONMENT)


VERBS: tuple[Callable[..., None], ...] = (schema, list_names, doctor)
