"""docs/channels.md, written from the code and from what was measured:

python -m synthgen.inspect.catalogue benchmarks/results/truth_cost.json > docs/channels.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from synthgen.frame.channels import CHANNELS, Channel
from synthgen.frame.classes import CLASSES, FIRST_CUSTOM_ID


def channels_markdown(costs: Mapping[str, Any]) -> str:
    """The page on channels and classes, made from `CHANNELS` and `CLASSES`.

    costs : the result of benchmarks/truth_cost.py
    """
    return "\n".join(
        [
            "# Channels",
            "",
            "Made from `synthgen/frame/channels.py` and `synthgen/frame/classes.py` by",
            "`synthgen/inspect/catalogue.py`; do not edit. What the frames and axes mean:",
            "[conventions.md](conventions.md).",
            "",
            *_table(
                ("channel", "dtype", "shape", "unit", "frame", "where nothing is hit"),
                (_channel_row(channel) for channel in CHANNELS.values()),
            ),
            "",
            *(f"* **{channel.name}**: {channel.meaning}" for channel in CHANNELS.values()),
            "",
            *_SURFACES,
            "",
            *_cost(costs),
            "",
            "## Classes",
            "",
            "`nyu40` is the nearest of the 40 classes of NYUv2, 0 where none fits. Things can be counted,",
            f"stuff cannot. Ids from {FIRST_CUSTOM_ID} up belong to scene families of users.",
            "",
            *_table(
                ("id", "class", "nyu40", "kind"),
                (
                    (str(entry.id), entry.name, str(entry.nyu40), "thing" if entry.is_thing else "stuff")
                    for entry in CLASSES.values()
                ),
            ),
            "",
        ]
    )


_SURFACES = (
    "## Which surface",
    "",
    "K is the recipe's `truth.layers`, 1 to 8. The layers always begin at the first surface. All other truth",
    "channels show the surface that `truth.surface` names: `first_hit` (the default; glass is a surface) or",
    "`first_opaque`, the first that the eye does not look through, and sky where there is none. A frame's",
    "metadata has the choice in `sampled.truth`; without that entry it is the first hit.",
    "",
    "The eye looks through a material whose custom property `synthgen_transparent` is true. Without the",
    "property, it looks through one where a camera ray can meet a Transparent, Refraction or Glass closure,",
    "or a Principled one with at least half transmission or less than half alpha. Textures as mix factors",
    "count as any value. A texture as alpha of a Principled closure is a cutout, and opaque. Truth has no",
    "holes where a cutout has some: the whole card is a surface, in every channel.",
    "",
    "A mirror, in `validity`, is a material whose custom property `synthgen_mirror` is true; without the",
    "property, one of which a camera ray meets at least half as Glossy or metallic Principled closure, whose",
    "roughness reaches down to 0.1 and nowhere above 0.3.",
)


def _cost(costs: Mapping[str, Any]) -> list[str]:
    machine, together = costs["machine"], costs["together_by_colour"]
    return [
        "## What they cost",
        "",
        f"Measured by `benchmarks/truth_cost.py` on {machine['cores']} cores ({machine['cpu']}) with bpy",
        f"{machine['versions']['bpy']}: {costs['what']}. A colour render took {costs['colour_s']} CPU s;",
        f"{', '.join(costs['together'])} together take {together:.1%} of that.",
        "",
        *_table(
            ("what", "CPU seconds a view", "share of the colour render"),
            ((row["what"], f"{row['seconds']:.2f}", f"{row['by_colour']:.1%}") for row in costs["costs"]),
        ),
    ]


def _channel_row(channel: Channel) -> tuple[str, ...]:
    shape = f"(h, w, {len(channel.components)})" if channel.components else "(h, w)"
    if channel.layered:
        shape = "(h, w, K)"
    named = f"{shape} {', '.join(channel.components)}".strip()
    return (f"`{channel.name}`", channel.dtype, named, channel.unit, channel.frame, channel.invalid)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    print(channels_markdown(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
