"""The output folder is refused when it is not ours, not this recipe's, or in use."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from synthgen import __version__
from synthgen.errors import DataError, EnvironmentProblem, UsageError
from synthgen.recipe.load import change_recipe
from synthgen.run.folder import check_worker_device, check_worker_versions, locked, read_run
from synthgen.storage import Storage, open_storage


def test_the_record_of_a_run(dataset):
    run = read_run(dataset)
    assert run["recipe"]["seed"] == 3
    assert run["versions"]["synthgen"] == __version__
    assert run["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert run["renderer"] == "synthgen.testing.analytic:AnalyticRenderer"
    assert run["argv"]


def test_a_changed_recipe_names_its_differences(dataset, render, make_recipe):
    before = dataset.read_bytes("run.json")
    with pytest.raises(UsageError, match=r"another recipe \(seed: 3 -> 4\); .*--out.*--overwrite"):
        render(dataset, make_recipe(seed=4))
    assert dataset.read_bytes("run.json") == before
    assert dataset.exists("frames/scene000001/view001.truth.exr")


@pytest.mark.parametrize("name", ["synthgen", "bpy"])
def test_another_version_is_refused_with_both_named(name, dataset, render):
    run = read_run(dataset)
    here = run["versions"][name]
    if here is None:
        pytest.skip("a driver without bpy leaves it to its workers")
    run["versions"][name] = "0.0.7"
    dataset.write_text("run.json", json.dumps(run))
    with pytest.raises(UsageError, match=rf"begun with {name} 0\.0\.7, here is {here}"):
        render(dataset)


def test_a_foreign_folder_is_never_touched(render, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").write_text("dear")
    storage = open_storage(tmp_path / "photos")
    for overwrite in (False, True):
        with pytest.raises(UsageError, match=r"expected an empty folder .*found holiday\.jpg"):
            render(storage, overwrite=overwrite)
    assert os.listdir(tmp_path / "photos") == ["holiday.jpg"]


def test_overwrite_deletes_what_is_ours_and_nothing_else(dataset, render, make_recipe):
    dataset.write_text("notes.txt", "mine")
    dataset.write_text("shards/train-00000.tar", "old")
    summary = render(dataset, make_recipe(seed=4, scenes=1), overwrite=True)
    assert summary.done == 1
    assert dataset.read_text("notes.txt") == "mine"
    assert not dataset.exists("shards")
    assert dataset.list("completions") == ["completions/scene000000.json"]
    assert read_run(dataset)["recipe"]["seed"] == 4


def test_a_file_where_the_folder_should_be(render, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(EnvironmentProblem, match=r"expected a folder \(found a file\)"):
        render(open_storage(tmp_path / "out"))
    with pytest.raises(EnvironmentProblem, match="expected a folder"):
        render(open_storage(tmp_path / "out" / "below"))


def test_a_folder_that_cannot_be_made(render):
    # Not even root makes folders in /proc.
    with pytest.raises(EnvironmentProblem, match="/proc/synthgen"):
        render(open_storage("/proc/synthgen"))


def test_a_folder_whose_name_is_too_long(render, tmp_path):
    with pytest.raises(EnvironmentProblem, match=r"(?i)x{300}.*file name too long"):
        render(open_storage(tmp_path / ("x" * 300)))


def test_a_damaged_run_record(dataset, render):
    dataset.write_text("run.json", '{"schema')
    with pytest.raises(DataError, match="expected the record of a run"):
        render(dataset)
    dataset.write_text("run.json", '{"schema_version": 1, "recipe": {}}')
    with pytest.raises(DataError, match=r"expected the record of a run \(found no renderer, versions\)"):
        render(dataset)
    dataset.write_text("run.json", '{"schema_version": 9}')
    with pytest.raises(DataError, match=r"expected schema_version 1 \(got 9\)"):
        render(dataset)


def test_a_remote_folder_is_refused_before_anything_is_written(render):
    import pyarrow.fs as pafs

    remote = Storage("mock://bucket/out", "bucket/out", pafs._MockFileSystem())
    with pytest.raises(UsageError, match="needs a local folder"):
        render(remote)


def test_a_lock_is_held_by_a_living_process_only(dataset, render):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from synthgen.run.folder import locked; from synthgen.storage import open_storage\n"
            "with locked(open_storage(sys.argv[1])): print('held', flush=True); sys.stdin.read()",
            str(dataset.local_path()),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match=rf"another run \(process {holder.pid}\) writes to this folder"):
            render(dataset)
    finally:
        holder.kill()
        holder.communicate()
    assert dataset.exists("run.lock")  # left behind by a process that was killed: no obstacle
    assert render(dataset).skipped == 2
    assert not dataset.exists("run.lock")


def test_the_lock_is_released_by_an_exception(tmp_path):
    storage = open_storage(tmp_path)
    with pytest.raises(ZeroDivisionError), locked(storage):
        raise ZeroDivisionError
    with locked(storage):
        assert storage.read_text("run.lock") == str(os.getpid())


def test_a_worker_with_another_version_is_refused(dataset):
    run = {"versions": {"synthgen": "0.1.0", "bpy": "4.5.15"}}
    check_worker_versions(dataset, run, {"synthgen": "0.1.0", "bpy": "4.5.15", "python": "3.11.2"}, "node7")
    with pytest.raises(EnvironmentProblem, match=r"node7: has bpy 5\.2\.3, this run was begun with 4\.5\.15"):
        check_worker_versions(dataset, run, {"synthgen": "0.1.0", "bpy": "5.2.3"}, "node7")
    with pytest.raises(EnvironmentProblem, match="has bpy not installed"):
        check_worker_versions(dataset, run, {"synthgen": "0.1.0", "bpy": None}, "node7")


def test_the_first_worker_settles_bpy_where_the_driver_has_none(dataset):
    run = read_run(dataset)
    run["versions"] = {"synthgen": __version__, "bpy": None}
    check_worker_versions(dataset, run, {"synthgen": __version__, "bpy": "4.5.15"}, "node1")
    assert read_run(dataset)["versions"]["bpy"] == "4.5.15"
    with pytest.raises(EnvironmentProblem, match=r"node2: has bpy 5\.2\.3, this run was begun with 4\.5\.15"):
        check_worker_versions(dataset, run, {"synthgen": __version__, "bpy": "5.2.3"}, "node2")


def test_devices_of_two_kinds_do_not_mix(dataset):
    run = read_run(dataset)
    run.pop("device", None)
    check_worker_device(dataset, run, "optix", "node1")
    assert read_run(dataset)["device"] == "optix"
    check_worker_device(dataset, run, "optix", "node2")
    with pytest.raises(EnvironmentProblem, match="node3: renders on cpu, this dataset was begun on optix"):
        check_worker_device(dataset, run, "cpu", "node3")


def test_edited_code_of_a_family_is_refused(dataset, render, make_recipe):
    run = read_run(dataset)
    run["family"] = "0123456789abcdef"
    dataset.write_text("run.json", json.dumps(run))
    with pytest.raises(UsageError, match=r"code of the scene family '\w+' has changed.*--overwrite"):
        render(dataset, make_recipe())


def test_other_pack_settings_are_told_how_to_pack_again(dataset, render, make_recipe):
    other = change_recipe(make_recipe(), ["pack.rgb=jpeg"])
    with pytest.raises(UsageError, match=r"pack\.rgb: 'png' -> 'jpeg'.*synthgen pack .* --set"):
        render(dataset, other)
