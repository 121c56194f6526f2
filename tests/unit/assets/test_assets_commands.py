"""`synthgen assets list | check | fetch` as a user meets them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from model_files import glb, obj

from synthgen.assets.catalogue import Catalogue


@pytest.fixture
def synthgen(capfd, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process: exit code, output, errors."""
    from synthgen.cli.main import run

    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            run(["assets", *(str(argument) for argument in arguments)])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capfd.readouterr()

    return call


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    """A folder with a good chair and two bad ones."""
    folder = tmp_path / "lib/chairs"
    folder.mkdir(parents=True)
    (folder / "good.glb").write_bytes(glb())
    (folder / "empty.glb").write_bytes(b"")
    (folder / "bare.obj").write_text(obj(mtllib="gone.mtl"))
    (folder / "assets.yaml").write_text("licence: CC BY 4.0\ncreator: Jane\n")
    return tmp_path / "lib"


def test_check_lists_what_can_be_used_and_what_cannot(synthgen, lib: Path) -> None:
    code, out, _ = synthgen("check", lib)
    assert code == 0
    assert out.splitlines() == [
        "chair: 1 usable",
        "  lib/chairs/good.glb, 12 triangles, CC-BY-4.0, by Jane",
        "rejected: 2",
        "  lib/chairs/bare.obj: bare.obj needs gone.mtl, which is missing",
        "  lib/chairs/empty.glb: is empty (0 bytes)",
    ]


def test_check_says_by_its_exit_code_that_nothing_can_be_used(synthgen, lib: Path, tmp_path: Path) -> None:
    (lib / "chairs/good.glb").unlink()
    code, out, _ = synthgen("check", lib)
    assert (code, out.splitlines()[0]) == (4, "rejected: 2")
    (tmp_path / "none").mkdir()
    code, out, _ = synthgen("check", tmp_path / "none")
    assert (code, out) == (4, "nothing that is an asset was found\n")
    code, _, error = synthgen("check", tmp_path / "missing")
    assert code == 2
    assert "missing: expected a folder of assets, or a .sh3f file (found nothing)" in error


def test_folders_of_one_name_are_told_apart(synthgen, lib: Path, tmp_path: Path) -> None:
    other = tmp_path / "other/lib"
    other.mkdir(parents=True)
    (other / "stool.glb").write_bytes(glb({"asset": {"version": "2.0", "generator": "other"}}))
    _, out, _ = synthgen("check", lib, other, "--json")
    found = json.loads(out)
    assert found["usable"]["chair"][0]["id"] == "lib/chairs/good.glb"
    assert found["usable"]["(no class)"][0]["id"] == "lib-2/stool.glb"
    assert len(found["rejected"]) == 2


def test_list_writes_a_catalogue_and_knows_what_is_built_in(synthgen, lib: Path, tmp_path: Path) -> None:
    code, _, _ = synthgen("list", lib, "--output", tmp_path / "catalogue.jsonl")
    assert code == 0
    assert [each.id for each in Catalogue.read(tmp_path / "catalogue.jsonl").records] == [
        "lib/chairs/good.glb"
    ]
    _, out, _ = synthgen("list")
    if importlib.util.find_spec("bpy"):
        assert out.startswith("environment: 8 usable\n  builtin/city.exr, CC0-1.0")
    else:
        assert "comes with bpy, which is not installed" in out


def test_fetch_names_what_it_does_not_know(synthgen, tmp_path: Path) -> None:
    for arguments, words in (
        (("polyhavn",), "unknown service 'polyhavn'; known: ambientcg, objaverse, polyhaven; did you mean"),
        (("polyhaven", "--kind", "hdris"), "unknown kind of assets 'hdris'"),
        (("objaverse", "--kind", "textures"), "objaverse has no textures, expected models"),
        (("objaverse", "--category", "chiar"), "unknown class 'chiar'"),
    ):
        code, _, error = synthgen("fetch", *arguments, "--out", tmp_path / "lib")
        assert code == 2
        assert words in error
    assert not (tmp_path / "lib").exists()


def test_every_command_has_help(synthgen) -> None:
    for name in ("list", "check", "fetch"):
        code, out, _ = synthgen(name, "--help")
        assert (code, "Usage" in out) == (0, True)
