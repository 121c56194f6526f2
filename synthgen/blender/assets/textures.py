"""The images of a model's materials: all there, not too large, and inside of the model's own file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import bpy

from synthgen.assets.image_header import check_image, check_image_bytes
from synthgen.assets.record import AssetRejected
from synthgen.blender.assets.normalise import Changes


def settle_textures(materials: Iterable[bpy.types.Material], most_px: int, changes: Changes) -> None:
    """Pack all images into the data, those larger than `most_px` made smaller first.

    Displacement that would move the surface is drawn as bump: the mesh is the geometry.

    Raises
    ------
    AssetRejected
        When an image is missing or cannot be read; names its file.
    """
    images: dict[str, bpy.types.Image] = {}
    for material in materials:
        if material.displacement_method != "BUMP":
            material.displacement_method = "BUMP"
        for image in _images(material.node_tree):
            images.setdefault(image.name, image)
    for _, image in sorted(images.items()):
        _settle(image, most_px, changes)


def _images(tree: bpy.types.NodeTree | None) -> Iterator[bpy.types.Image]:
    """Images of all nodes, those of node groups too."""
    seen, waiting = set(), [tree]
    while waiting:
        tree = waiting.pop()
        if tree is None or tree in seen:
            continue
        seen.add(tree)
        for node in tree.nodes:
            if node.type == "GROUP":
                waiting.append(node.node_tree)
            elif getattr(node, "image", None) is not None:
                yield node.image


def _settle(image: bpy.types.Image, most_px: int, changes: Changes) -> None:
    if image.source == "GENERATED":
        return
    name = bpy.path.basename(image.filepath) or image.name
    if image.source != "FILE":
        kind = {"MOVIE": "a film", "SEQUENCE": "a sequence of images", "TILED": "tiled"}
        raise AssetRejected(f"texture {name}: is {kind.get(image.source, image.source)}, expected one image")
    if image.packed_file is None:
        path = Path(bpy.path.abspath(image.filepath, library=image.library))
        if not path.is_file():
            raise AssetRejected(f"texture {name}: is missing (expected at {path.parent.name}/{path.name})")
        check_image(path, name)
    else:
        check_image_bytes(image.packed_file.data, name)
    width, height = image.size  # reading the size loads the image
    if not width or not height:
        raise AssetRejected(f"texture {name}: cannot be read")
    if max(width, height) > most_px:
        factor = most_px / max(width, height)
        image.scale(max(1, round(width * factor)), max(1, round(height * factor)))
        changes.note(f"made smaller: {name}, {width} x {height} to {image.size[0]} x {image.size[1]} px")
        image.pack()
    elif image.packed_file is None:
        image.pack()
