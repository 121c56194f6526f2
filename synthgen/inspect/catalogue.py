"""docs/channels.md, written from the code: `python -m synthgen.inspect.catalogue > docs/channels.md`."""

from __future__ import annotations

from collections.abc import Iterable

from synthgen.frame.channels import CHANNELS, Channel
from synthgen.frame.classes import CLASSES, FIRST_CUSTOM_ID


def channels_markdown() -> str:
    """The page on channels and classes, made from `CHANNELS` and `CLASSES`."""
    return "\n".join(
        [
            "# Channels",
            "",
            "Made from `synthgen/frame/channels.py` and `synthgen/frame/classes.py` by",
            "`python -m synthgen.inspect.catalogue`; do not edit. What the frames and axes mean:",
            "[conventions.md](conventions.md).",
            "",
            *_table(
                ("channel", "dtype", "shape", "unit", "frame", "where nothing is hit"),
                (_channel_row(channel) for channel in CHANNELS.values()),
            ),
            "",
            *(f"* **{channel.name}**: {channel.meaning}" for channel in CHANNELS.values()),
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


def _channel_row(channel: Channel) -> tuple[str, ...]:
    shape = f"(h, w, {len(channel.components)})" if channel.components else "(h, w)"
    named = f"{shape} {', '.join(channel.components)}".strip()
    return (f"`{channel.name}`", channel.dtype, named, channel.unit, channel.frame, channel.invalid)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    print(channels_markdown(), end="")
