"""README.md of a dataset: a Hugging Face dataset card that says what the numbers mean and how to read them.

Its front matter tells `datasets.load_dataset(OUT)` which files make up which split.
"""

from __future__ import annotations

import json

from synthgen.pack.licences import LICENCES, licence_of_frames
from synthgen.pack.manifest import Manifest
from synthgen.storage import Storage

CARD = "README.md"
LICENSE = "cc0-1.0"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def write_card(storage: Storage, manifest: Manifest) -> None:
    """Write the card of a packed dataset."""
    storage.write_text(CARD, dataset_card(manifest))


def dataset_card(manifest: Manifest) -> str:
    """The text of the card. Equal manifests give equal cards."""
    return "\n".join([*_front_matter(manifest), "", *_body(manifest), ""])


def _front_matter(manifest: Manifest) -> list[str]:
    size = next((name for limit, name in _SIZES if manifest.frames < limit), "1M<n<10M")
    tasks = ["depth-estimation"]
    if any(channel.name in ("instance", "semantic") for channel in manifest.channels):
        tasks.append("image-segmentation")
    ending = _preferred_ending(manifest)
    lines = [
        "---",
        *_licence(manifest),
        f"pretty_name: {json.dumps(manifest.name, ensure_ascii=False)}",
        "task_categories:",
        *(f"- {task}" for task in tasks),
        "tags:",
        *(f"- {tag}" for tag in ("synthetic", "blender", "depth", "synthgen")),
        "size_categories:",
        f"- {size}",
        "configs:",
        "- config_name: default",
        "  data_files:",
    ]
    for split in manifest.splits:
        lines += [f"  - split: {split}", f"    path: shards/{split}-*.{ending}"]
    return [*lines, "---"]


def _body(manifest: Manifest) -> list[str]:
    splits = ", ".join(f"{count} {name}" for name, count in manifest.splits.items())
    lines = [
        f"# {manifest.name}",
        "",
        f"{manifest.frames} rendered frames ({splits}), split by scene. Made by synthgen with Blender; "
        "exact depth, normals and labels, one sample per pixel, nothing interpolated.",
        "",
        "| channel | array | unit | where nothing is hit | stored as | worst error |",
        "|---|---|---|---|---|---|",
    ]
    for channel in manifest.channels:
        shape = f"(h, w, {len(channel.components)})" if channel.components else "(h, w)"
        shape = "(h, w, K)" if channel.layered else shape
        for stored in channel.stored:
            lines.append(
                f"| {channel.name} | {shape} {channel.dtype} | {channel.unit} | {channel.invalid} "
                f"| `{stored.field}`: {stored.stored} | {stored.worst_error} |"
            )
    lines += ["", "## Conventions", ""]
    lines += [f"* {name}: {text}" for name, text in manifest.conventions.items()]
    lines += ["", "## Read it", "", "```python", *_reading_lines(manifest), "```", ""]
    if any(stored.codec == "png48" for channel in manifest.channels for stored in channel.stored):
        lines += ["Pillow, and so Hugging Face `datasets`, reads 8 of the 16 bits of normals.", ""]
    lines += ["## Where it comes from", ""]
    seed, recipe_hash = manifest.provenance.get("seed"), manifest.provenance.get("recipe_hash")
    versions = manifest.provenance.get("versions")
    if seed is not None:
        lines.append(f"* seed {seed}, recipe {recipe_hash}; the whole recipe is in `manifest.json`")
    if isinstance(versions, dict):
        lines.append("* " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())))
    lines.append(_origin(manifest))
    return lines


def _licence(manifest: Manifest) -> list[str]:
    stricter = licence_of_frames(manifest.provenance.get("assets", ()))
    if stricter is None:
        return [f"license: {LICENSE}"]
    return ["license: other", f"license_name: {json.dumps(stricter)}", f"license_link: {LICENCES}"]


def _origin(manifest: Manifest) -> str:
    made = "* Rendered from procedural geometry and materials and from CC0 images of the sky"
    assets = manifest.provenance.get("assets", ())
    if not assets:
        return f"{made}, so the frames are given to the public domain (CC0-1.0)."
    counted = f"{len(assets)} imported assets" if len(assets) > 1 else "1 imported asset"
    return f"{made}, and from {counted}, whose makers and terms [{LICENCES}]({LICENCES}) lists."


def _reading_lines(manifest: Manifest) -> list[str]:
    lines = [
        "import synthgen",
        f'frames = synthgen.open_dataset("path/to/this/folder", split="{next(iter(manifest.splits))}")',
        'frame = frames[0]                   # frame["depth"]: (h, w) float32 metres, frame["camera"]["K"]',
    ]
    if "parquet" in manifest.formats:
        lines += ["", "import datasets", 'rows = datasets.load_dataset("path/to/this/folder")']
    return lines


def _preferred_ending(manifest: Manifest) -> str:
    return "parquet" if "parquet" in manifest.formats else "tar"
