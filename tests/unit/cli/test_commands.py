"""The command line as a user meets it: exit codes and one-line errors, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

GOOD = """\
name: tiny
scenes: 3
views: 2
scene: {kind: indoor}
cameras: [{kind: perspective, width: 64, height: 48}]
"""


@dataclass
class Result:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def synthgen(capfd, monkeypatch) -> Callable[..., Result]:
    """Runs a command in this process, as the `synthgen` program would."""
    from synthgen.cli.main import run

    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: object, cwd: Path | None = None) -> Result:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        capfd.readouterr()
        try:
            run([str(argument) for argument in arguments])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return Result(code, *capfd.readouterr())

    return call


def refused(result: Result, code: int, *words: str) -> str:
    """Check an expected failure: the code, one or more lines on stderr with the words, no traceback."""
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr
    return result.stderr


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_version_names_the_packages(synthgen) -> None:
    result = synthgen("--version")
    assert result.returncode == 0
    assert result.stdout.startswith("synthgen ")
    assert "OpenEXR" in result.stdout


def test_ctrl_c_while_the_program_loads_leaves_no_traceback() -> None:
    script = """if True:
        import os, signal, sys

        class CtrlC:
            def find_spec(self, name, path=None, target=None):
                if name == "synthgen.recipe.load":
                    os.kill(os.getpid(), signal.SIGINT)

        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.meta_path.insert(0, CtrlC())
        sys.argv = ["synthgen", "list"]
        from synthgen.__main__ import run
        run()
    """
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "\nsynthgen: interrupted\n")


def test_every_verb_has_help(synthgen) -> None:
    listing = synthgen("--help").stdout
    for verb in (
        "validate",
        "plan",
        "render",
        "pack",
        "verify",
        "stats",
        "gallery",
        "schema",
        "list",
        "doctor",
    ):
        assert verb in listing
        assert synthgen(verb, "--help").returncode == 0


def test_a_missing_recipe_is_one_line(synthgen, tmp_path: Path) -> None:
    error = refused(synthgen("render", tmp_path / "none.yaml"), 2, "none.yaml", "found nothing")
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", ("tiny.yaml:1:",)),
        ("", ("tiny.yaml", "empty")),
        (GOOD + "vews: 3\n", ("tiny.yaml:6:1", "vews", "did you mean 'views'?")),
        (GOOD.replace("indoor", "indor"), ("tiny.yaml:4:", "did you mean 'indoor'?")),
        (GOOD.replace("width: 64", "width: wide"), ("cameras[0].width", "'wide'")),
        (GOOD.replace("width: 64", "width: 64, fov_deg: 0"), ("cameras[0].fov_deg", "got 0")),
        (GOOD.replace("width: 64", "width: 64, fov_deg: {uniform: [80, 60]}"), ("cameras[0].fov_deg", "80")),
        (GOOD + "render: {samples: 0}\n", ("tiny.yaml:6:", "render.samples", "got 0")),
        (GOOD + "sensors: [kinect_v1]\n", ("sensors[0]", "kinect_v1")),
    ],
)
def test_a_bad_recipe_names_its_place(synthgen, recipe: Path, text: str, words: tuple[str, ...]) -> None:
    recipe.write_text(text, encoding="utf-8")
    refused(synthgen("validate", recipe), 2, *words)


def test_all_problems_are_reported_at_once(synthgen, recipe: Path) -> None:
    recipe.write_text(GOOD + "render: {samples: 0, devise: cpu}\nsplit: {train: 2}\n", encoding="utf-8")
    error = refused(synthgen("validate", recipe), 2, "render.samples", "render.devise", "split")
    assert len(error.splitlines()) == 3


def test_dry_run_shows_counts_and_touches_nothing(synthgen, recipe: Path) -> None:
    before = sorted(recipe.parent.rglob("*"))
    result = synthgen("render", recipe, "--dry-run", cwd=recipe.parent)
    assert result.returncode == 0, result.stderr
    assert "3 scenes" in result.stdout
    assert "6 frames" in result.stdout
    assert sorted(recipe.parent.rglob("*")) == before


def test_plan_prints_jobs_with_constants_only(synthgen, recipe: Path) -> None:
    result = synthgen("plan", recipe, "--json", "--limit", "2")
    jobs = [json.loads(line) for line in result.stdout.splitlines()]
    assert [job["scene"] for job in jobs] == [0, 1]
    assert isinstance(jobs[0]["views"][0]["camera"]["fov_deg"], float)
    assert "uniform" not in result.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--workers", "0"), ("--workers",)),
        (("--workers", "many"), ("--workers", "many")),
        (("--executor", "slurm"), ("--executor", "slurm")),
        (("--device", "tpu"), ("--device", "tpu")),
        (("--only", "scene=9"), ("--only scene=9",)),
        (("--only", "first"), ("--only first",)),
        (("--set", "render.samples=0"), ("--set render.samples=0",)),
        (("--scenes", "/nowhere"), ("--scenes /nowhere",)),
        (("--seed", "-1"), ("--seed -1",)),
        (("--out", "ftp://x/y"), ("ftp://x/y",)),
        (("--out", ""), ("got nothing",)),
        (("--scene-timeout-s", "nan"), ("--scene-timeout-s",)),
    ],
)
def test_a_bad_option_is_named(
    synthgen, recipe: Path, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refused(synthgen("render", recipe, *options, cwd=recipe.parent), 2, *words)


def test_a_folder_that_is_not_ours_is_never_touched(synthgen, recipe: Path) -> None:
    folder = recipe.parent / "thesis"
    folder.mkdir()
    (folder / "chapter1.tex").write_text("years of work", encoding="utf-8")
    for option in ("--resume", "--overwrite"):
        refused(synthgen("render", recipe, "--out", folder, option), 2, "thesis")
    assert [path.name for path in folder.iterdir() if path.name != "run.lock"] == ["chapter1.tex"]


def test_an_output_that_cannot_be_a_folder(synthgen, recipe: Path) -> None:
    blocker = recipe.parent / "file"
    blocker.write_text("", encoding="utf-8")
    refused(synthgen("render", recipe, "--out", blocker), 3, "file")
    refused(synthgen("render", recipe, "--out", blocker / "inside"), 3, "file")


def test_a_plan_that_cannot_be_written_is_one_line(synthgen, recipe: Path) -> None:
    refused(synthgen("plan", recipe, "-o", recipe.parent), 2, "--output", "got a folder")
    refused(synthgen("plan", recipe, "-o", "/proc/nowhere/plan.jsonl"), 3, "/proc/nowhere")


def test_packing_again_changes_nothing_but_how_it_is_packed(synthgen, tmp_path: Path) -> None:
    for setting in ("seed=4", "render.samples=3", "packs.rgb=jpeg"):
        refused(synthgen("pack", tmp_path, "--set", "pack.rgb=jpeg", "--set", setting), 2, f"--set {setting}")


@pytest.mark.parametrize("verb", ["verify", "gallery", "stats", "pack"])
def test_a_missing_dataset_is_named(synthgen, tmp_path: Path, verb: str) -> None:
    refused(synthgen(verb, tmp_path / "none"), 2, "none", "found nothing")


def test_unknown_verbs_and_options_are_usage_errors(synthgen) -> None:
    assert synthgen("rendr").returncode == 2
    assert synthgen("render", "indoor", "--sampels", "3").returncode == 2


def test_bundled_recipes_go_by_bare_names(synthgen, tmp_path: Path) -> None:
    result = synthgen("validate", "indoor", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    refused(synthgen("validate", "indor", cwd=tmp_path), 2, "did you mean 'indoor'?")
