"""Files of models into Blender, in a scene of their own that leaves nothing behind."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import MappingProxyType

import bpy

from synthgen.assets.mesh_header import blend_version
from synthgen.assets.record import AssetRejected
from synthgen.blender.session import captured_output

_GLTF_ADDON = "io_scene_gltf2"
_MISSING_TEXTURE = re.compile(r"Couldn't open image file '([^']+)'")
"""What the importer of USD says, which then makes no image."""


@contextmanager
def scratch_scene() -> Iterator[bpy.types.Scene]:
    """An empty scene that operators work in. All data blocks that are made within the block are removed."""
    before = {made.session_uid for made in _data_blocks()}
    scene = bpy.data.scenes.new("scratch")
    try:
        with bpy.context.temp_override(
            scene=scene, view_layer=scene.view_layers[0], collection=scene.collection
        ):
            yield scene
    finally:
        bpy.data.batch_remove([made for made in _data_blocks() if made.session_uid not in before])


def _data_blocks() -> Iterator[bpy.types.ID]:
    for field in bpy.types.BlendData.bl_rna.properties:
        if field.type == "COLLECTION" and field.identifier != "all_ids":  # which Blender 5 has as well
            yield from getattr(bpy.data, field.identifier)


def load_objects(path: Path, scene: bpy.types.Scene) -> None:
    """Bring the objects of a file into a scratch scene, without their animations.

    No script of the file runs: of a .blend objects alone are read, and drivers go before they are evaluated.

    Raises
    ------
    AssetRejected
        When Blender cannot read it.
    """
    before = {made.session_uid for made in _data_blocks()}
    with captured_output() as output:
        try:
            LOADERS[path.suffix.lower()](path, scene)
        except AssetRejected:
            raise
        except Exception as error:  # the importers are programs of others: they raise whatever they meet
            reason = " ".join(str(error).split()).removeprefix("Error: ")
            reason = reason.replace(f"{path.parent}/", "")  # it goes into metadata: no machine's folders
            raise AssetRejected(f"cannot be imported ({reason or type(error).__name__})") from None
    missing = _MISSING_TEXTURE.search(output.text)
    if missing:
        raise AssetRejected(f"texture {Path(missing[1]).name}: is missing (expected at {missing[1]})")
    for made in _data_blocks():
        if made.session_uid not in before and getattr(made, "animation_data", None) is not None:
            made.animation_data_clear()
    if not scene.objects:
        text = output.text.replace(f"{path.parent}/", "")
        said = [line.strip() for line in text.splitlines() if "rror" in line]
        raise AssetRejected(f"cannot be imported ({said[-1] if said else 'Blender found nothing in it'})")


def _gltf(path: Path, scene: bpy.types.Scene) -> None:
    if _GLTF_ADDON not in bpy.context.preferences.addons:
        bpy.ops.preferences.addon_enable(module=_GLTF_ADDON)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # its log goes to Python's streams
        bpy.ops.import_scene.gltf(filepath=str(path))


def _blend(path: Path, scene: bpy.types.Scene) -> None:
    written_by, here = blend_version(path), bpy.app.version[:2]
    if written_by > here:
        raise AssetRejected(
            f"was saved by Blender {written_by[0]}.{written_by[1]}, newer than {here[0]}.{here[1]}; "
            "save it with an older one, or export it as .glb"
        )
    with bpy.data.libraries.load(str(path), link=False) as (there, here_):
        here_.objects = list(there.objects)
    for made in here_.objects:
        if made is not None:
            scene.collection.objects.link(made)


LOADERS: MappingProxyType[str, Callable[[Path, bpy.types.Scene], None]] = MappingProxyType(
    {
        ".glb": _gltf,
        ".gltf": _gltf,
        ".obj": lambda path, scene: bpy.ops.wm.obj_import(filepath=str(path)),
        ".fbx": lambda path, scene: bpy.ops.wm.fbx_import(filepath=str(path), use_anim=False),
        ".ply": lambda path, scene: bpy.ops.wm.ply_import(filepath=str(path)),
        ".stl": lambda path, scene: bpy.ops.wm.stl_import(filepath=str(path)),
        ".usd": lambda path, scene: bpy.ops.wm.usd_import(filepath=str(path)),
        ".usda": lambda path, scene: bpy.ops.wm.usd_import(filepath=str(path)),
        ".usdc": lambda path, scene: bpy.ops.wm.usd_import(filepath=str(path)),
        ".usdz": lambda path, scene: bpy.ops.wm.usd_import(filepath=str(path)),
        ".blend": _blend,
    }
)
"""What brings a file of a format into the scene of the context: z up, the front to -y."""
