"""One view of the gallery as HTML: its pictures with their legends, and its metadata, folded away."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from synthgen.geometry.models import camera_from_entry
from synthgen.inspect.colour import css, depth_position, depth_ramp, wheel_colour
from synthgen.inspect.pictures import Legend, Scale, group_of, share_text

TILES_IN_A_ROW = 5
"""As many as there are channels in a dataset that asks for none by name."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture as a file beside the page, of a size in pixels; `full` links to it at full size, if any."""

    legend: Legend
    file: str
    width: int
    height: int
    full: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A row of the label table; `share` of the picture's pixels, 0 when the object is out of sight."""

    id: int
    name: str
    class_name: str
    colour: str
    class_colour: str
    share: float


@dataclass(frozen=True, slots=True)
class View:
    """One card: pictures, metadata and labels of a view, or the error that came of reading it."""

    key: str
    scene: str
    split: str
    tiles: tuple[Tile, ...]
    meta: Mapping[str, object]
    labels: tuple[Label, ...]
    error: str = ""


def scale_ticks(low: float, high: float) -> list[float]:
    """Values for the legend: both ends, and what fits between of 1, 2 and 5 times powers of ten.

    Where none fits, the middle of the ramp is named to two digits.
    """

    def place(value: float) -> float:
        return float(depth_position(value, low, high))

    ticks = [low]
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for digit in (1, 2, 5):
            tick = digit * 10.0**power
            if place(tick) - place(ticks[-1]) >= 0.22 and place(tick) <= 0.74:
                ticks.append(tick)
    middle = float(f"{math.sqrt(low * high):.2g}")
    if len(ticks) == 1 and 0.3 < place(middle) < 0.7:
        ticks.append(middle)
    return [*ticks, high]


def flatten(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested JSON as (dotted path, text) rows; lists of numbers and flat entries of lists take one line."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from flatten(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for index, inner in enumerate(value):
            if isinstance(inner, Mapping) and not any(isinstance(part, Mapping) for part in inner.values()):
                text = "; ".join(f"{name} {_text(part)}" for name, part in inner.items())
                yield f"{path}[{index}]", text
            else:
                yield from flatten(inner, f"{path}[{index}]")
    else:
        yield path, _text(value)


def render_card(view: View) -> str:
    """The `<article>` of a view."""
    head = f"<h2>{escape(view.key)}</h2>"
    if view.split:
        head += f'<span class="split">{escape(view.split)}</span>'
    head += f'<span class="brief">{escape(_brief(view.meta))}</span>'
    body = f'<p class="broken">{escape(view.error)}</p>' if view.error else _tiles(view) + _more(view)
    return (
        f'<article class="view" id="{escape(view.key)}" data-split="{escape(view.split)}" '
        f'data-scene="{escape(view.scene)}"><header>{head}</header>{body}</article>'
    )


def card_style() -> str:
    """The parts of the style that are made from the colours of the pictures: ramps and wheel."""
    ramp = [css(colour) for colour in depth_ramp()[::15]]
    turns = np.arange(25) / 24
    # A conic gradient goes clockwise from the top; its first colour belongs to the right.
    wheel = ", ".join(css(np.rint(colour * 255)) for colour in wheel_colour(turns))
    return (
        f".ramp {{ background: linear-gradient(to right, {', '.join(ramp)}); }}\n"
        f".ramp.rising {{ background: linear-gradient(to left, {', '.join(ramp)}); }}\n"
        f".wheel {{ background: radial-gradient(closest-side, #fff, rgb(255 255 255 / 0)), "
        f"conic-gradient(from 90deg, {wheel}); }}\n"
    )


def _brief(meta: Mapping[str, object]) -> str:
    """Camera and exposure in a line: `left eye, 640 x 480, 73.2 deg wide, 1.42 m high, exposure x 1.8`."""
    parts = []
    camera, exposure, shot = (meta.get(name) for name in ("camera", "exposure", "shot"))
    if isinstance(shot, Mapping) and shot["frames"] > 1:
        parts.append(f"frame {shot['frame'] + 1} of {shot['frames']}, {shot['time_s']:.3g} s")
    if isinstance(shot, Mapping) and shot["eye"] != "mono":
        parts.append(f"{shot['eye']} eye")
    if isinstance(camera, Mapping):
        fov = camera_from_entry(camera).fov_deg
        parts += [f"{camera['width']} \u00d7 {camera['height']}", f"{fov:.1f}\u00b0 wide"]
        parts.append(f"{camera['world_from_camera'][2][3]:.2f} m high")
    if isinstance(exposure, Mapping) and isinstance(exposure.get("scale"), int | float):
        parts.append(f"exposure \u00d7 {exposure['scale']:.3g}")
    return ", ".join(parts)


def _tiles(view: View) -> str:
    tiles = "".join(_tile(view, tile) for tile in view.tiles)
    return f'<div class="tiles" style="--tiles:{min(max(len(view.tiles), 1), TILES_IN_A_ROW)}">{tiles}</div>'


def _tile(view: View, tile: Tile) -> str:
    legend = tile.legend
    kind = "photo" if legend.is_photo else "label"
    full = f' data-full="{escape(tile.full)}"' if tile.full else ""
    caption = escape(legend.title)
    described = f"{view.key}, {legend.title.lower()}"
    if legend.note:
        caption += f" <span>\u2013 {escape(legend.note)}</span>"
    keys = "".join(
        f'<span class="key">{_swatch(colour)}{escape(name)}</span>' for colour, name in legend.keys
    )
    if legend.scale is not None:
        scale = legend.scale
        caption += f'<span class="beside">{keys}</span>{_ramp(scale)}'
        described += f", {_short(scale.low)} to {_short(scale.high)} {scale.unit}"
    elif keys:
        caption += f'<span class="keys">{keys}</span>'
    if legend.longest_px is not None:
        longest = f"full colour {_short(legend.longest_px)} px"
        caption += f'<span class="keys"><i class="wheel"></i>{longest}, white is rest</span>'
        described += f", {longest}"
    name, group = escape(legend.name), group_of(legend.name)
    return (
        f'<figure class="tile" data-group="{group}"><button type="button" data-channel="{name}"{full}>'
        f'<img class="{kind}" src="{escape(tile.file)}" width="{tile.width}" height="{tile.height}" '
        f'loading="lazy" decoding="async" alt="{escape(described)}"></button>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _ramp(scale: Scale) -> str:
    """The ramp with round values below it."""
    ticks = scale_ticks(scale.low, scale.high)
    marks = []
    for index, tick in enumerate(ticks):
        place = 100.0 * float(depth_position(tick, scale.low, scale.high))
        end = {0: ' class="first"', len(ticks) - 1: ' class="last"'}.get(index, "")
        unit = f" {escape(scale.unit)}" if index == len(ticks) - 1 else ""
        marks.append(f'<span{end} style="left:{place:.1f}%">{_short(tick)}{unit}</span>')
    ramp = "ramp rising" if scale.rising else "ramp"
    return f'<span class="scale"><i class="{ramp}"></i><span class="ticks">{"".join(marks)}</span></span>'


def _more(view: View) -> str:
    """Everything that the metadata holds, folded away: camera, what was measured, labels, what was drawn."""
    measured = {name: _counted(value) for name, value in view.meta.items() if name not in _ELSEWHERE}
    sections = [_pairs("Camera", view.meta.get("camera")), _pairs("Frame", measured)]
    if view.labels:
        sections.append(_label_table(view.labels))
    sampled = _pairs("What was sampled", view.meta.get("sampled"), "sampled")
    return (
        '<details class="more"><summary>Camera, labels, what was sampled</summary>'
        f'<div class="columns">{"".join(sections)}{sampled}</div></details>'
    )


_ELSEWHERE = {
    "camera", "instances", "sampled", "key", "scene", "view", "split", "schema_version", "channels"
}  # fmt: skip
"""Metadata that has a place of its own on the page."""


def _counted(value: object) -> object:
    """Long tables, of objects and materials, as their number: the page is for eyes, the JSON has the rows."""
    is_table = isinstance(value, list) and any(isinstance(row, Mapping) for row in value)
    return f"{len(value)} in the metadata" if is_table else value


def _pairs(title: str, value: object, kind: str = "") -> str:
    if not value:
        return ""
    rows = ""
    for name, text in flatten(value):
        wide = ' class="wide"' if "\n" in text else ""
        rows += f"<dt>{escape(name)}</dt><dd{wide}>{escape(text)}</dd>" if name else ""
    if not rows:
        rows = f"<dt>value</dt><dd>{escape(_text(value))}</dd>"
    table = f'<div class="scroll"><dl class="pairs">{rows}</dl></div>'
    return f'<section class="{kind}"><h3>{escape(title)}</h3>{table}</section>'


def _label_table(labels: Sequence[Label]) -> str:
    """The objects in sight; of the others only the number, or the page would grow with every scene."""
    rows = []
    seen = [label for label in labels if label.share]
    for label in seen:
        known = _swatch(label.class_colour) if label.class_colour else ""
        rows.append(
            f"<tr><td>{_swatch(label.colour)}{label.id}</td><td>{escape(label.name)}</td>"
            f'<td>{known}{escape(label.class_name)}</td><td class="share">{share_text(label.share)}</td></tr>'
        )
    hidden = len(labels) - len(seen)
    caption = f"<caption>{hidden} more out of sight</caption>" if hidden else ""
    head = '<tr><th>id</th><th>name</th><th>class</th><th class="share">share</th></tr>'
    return (
        f'<section><h3>Labels</h3><div class="scroll"><table class="labels">{caption}'
        f"{head}{''.join(rows)}</table></div></section>"
    )


def _swatch(colour: str) -> str:
    return f'<i class="swatch" style="background:{colour}"></i>'


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        nested = any(isinstance(item, list) for item in value)
        return ("\n" if nested else ", ").join(_text(item) for item in value)
    return str(value)


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
