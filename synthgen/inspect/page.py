"""The HTML of the gallery: nouns that describe it, and their rendering. All text from data is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files

from synthgen.geometry.models import camera_from_entry
from synthgen.inspect.colour import SKY_COLOUR, css, depth_position, depth_ramp


@dataclass(frozen=True, slots=True)
class DepthScale:
    """Ends of the colour ramp in metres, and the share of sky (0 to 1)."""

    near_m: float
    far_m: float
    sky_ratio: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a view: channel, title, file beside the page, size in pixels.

    `keys` are (colour, name) pairs below it; `full` links to the picture at full size, where there is one.
    """

    channel: str
    title: str
    file: str
    width: int
    height: int
    note: str = ""
    scale: DepthScale | None = None
    keys: tuple[tuple[str, str], ...] = ()
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


@dataclass(frozen=True, slots=True)
class Overview:
    """The head of the page. `quarantined` holds (key, reason)."""

    name: str
    address: str
    scenes: int
    frames: int
    bytes: int
    splits: Mapping[str, int]
    versions: Mapping[str, str]
    shards: int = 0
    quarantined: tuple[tuple[str, str], ...] = field(default=())


def render_page(overview: Overview, views: Sequence[View]) -> str:
    """The whole page as HTML; styles and script stand inside it, pictures in files beside it."""
    resources = files("synthgen.inspect")
    style = resources.joinpath("gallery.css").read_text(encoding="utf-8")
    script = resources.joinpath("gallery.js").read_text(encoding="utf-8")
    title = escape(overview.name)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title} - gallery</title>",
            f"<style>{style}{_ramp_style()}</style></head>",
            "<body>",
            f'<div class="wrap">{_head(overview)}</div>',
            _bar(overview, views),
            '<main class="wrap">',
            *(_card(view) for view in views),
            '<p class="none" id="none" hidden>No view fits this choice.</p>',
            "</main>",
            _large(),
            f"<script>{script}</script>",
            "</body></html>\n",
        ]
    )


def scale_ticks(near_m: float, far_m: float) -> list[float]:
    """Depths for the legend: both ends, and what fits between of 1, 2 and 5 times powers of ten.

    Where none fits, the middle of the ramp is named to two digits.
    """

    def place(depth_m: float) -> float:
        return float(depth_position(depth_m, near_m, far_m))

    ticks = [near_m]
    for power in range(math.floor(math.log10(near_m)), math.ceil(math.log10(far_m)) + 1):
        for digit in (1, 2, 5):
            tick = digit * 10.0**power
            if place(tick) - place(ticks[-1]) >= 0.22 and place(tick) <= 0.74:
                ticks.append(tick)
    middle = float(f"{math.sqrt(near_m * far_m):.2g}")
    if len(ticks) == 1 and 0.3 < place(middle) < 0.7:
        ticks.append(middle)
    return [*ticks, far_m]


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


def _head(overview: Overview) -> str:
    splits = ", ".join(f"{count} {name}" for name, count in overview.splits.items())
    versions = ", ".join(f"{name} {version}" for name, version in sorted(overview.versions.items()))
    facts = [
        ("Scenes", _number(overview.scenes)),
        ("Frames", f"{_number(overview.frames)} <small>{escape(splits)}</small>"),
        ("Shards", _number(overview.shards) if overview.shards else "<small>not packed</small>"),
        ("Size of the frames", _size(overview.bytes)),
        ("Made with", f"<small>{escape(versions)}</small>"),
    ]
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return (
        f'<header class="top"><h1>{escape(overview.name)}</h1><p>{escape(overview.address)}</p>'
        f'<dl class="facts">{rows}</dl>{_quarantine(overview.quarantined)}</header>'
    )


def _quarantine(quarantined: Sequence[tuple[str, str]]) -> str:
    if not quarantined:
        return ""
    rows = "".join(f"<li><code>{escape(key)}</code> {escape(reason)}</li>" for key, reason in quarantined)
    return (
        f'<details class="aside"><summary>{len(quarantined)} set aside in quarantine</summary>'
        f"<ul>{rows}</ul></details>"
    )


def _bar(overview: Overview, views: Sequence[View]) -> str:
    splits = [name for name in overview.splits if any(view.split == name for view in views)]
    radios = "".join(
        f'<label><input type="radio" name="split" value="{escape(value)}"{" checked" if not value else ""}>'
        f"<span>{escape(value or 'all')}</span></label>"
        for value in ["", *splits]
    )
    scenes = dict.fromkeys(view.scene for view in views)
    options = "".join(f'<option value="{escape(name)}">{escape(name)}</option>' for name in scenes)
    return (
        '<nav class="bar" aria-label="Filter"><div class="wrap">'
        f"<fieldset><legend>Split</legend>{radios}</fieldset>"
        f'<label><span class="hidden">Scene</span><select id="scene"><option value="">all scenes</option>'
        f"{options}</select></label>"
        f'<span class="shown" id="shown" role="status">{len(views)} views</span></div></nav>'
    )


def _card(view: View) -> str:
    head = f"<h2>{escape(view.key)}</h2>"
    if view.split:
        head += f'<span class="split">{escape(view.split)}</span>'
    head += f'<span class="brief">{escape(_brief(view.meta))}</span>'
    body = f'<p class="broken">{escape(view.error)}</p>' if view.error else _tiles(view) + _more(view)
    return (
        f'<article class="view" id="{escape(view.key)}" data-split="{escape(view.split)}" '
        f'data-scene="{escape(view.scene)}"><header>{head}</header>{body}</article>'
    )


def _brief(meta: Mapping[str, object]) -> str:
    """Camera and exposure in a line: `640 x 480, 73.2 deg, 1.42 m high, exposure x 1.8`."""
    parts = []
    camera, exposure = meta.get("camera"), meta.get("exposure")
    if isinstance(camera, Mapping):
        fov = camera_from_entry(camera).fov_deg
        parts += [f"{camera['width']} \u00d7 {camera['height']}", f"{fov:.1f}\u00b0 wide"]
        parts.append(f"{camera['world_from_camera'][2][3]:.2f} m high")
    if isinstance(exposure, Mapping) and isinstance(exposure.get("scale"), int | float):
        parts.append(f"exposure \u00d7 {exposure['scale']:.3g}")
    return ", ".join(parts)


def _tiles(view: View) -> str:
    tiles = "".join(_tile(view, tile) for tile in view.tiles)
    return f'<div class="tiles" style="--tiles:{max(len(view.tiles), 1)}">{tiles}</div>'


def _tile(view: View, tile: Tile) -> str:
    kind = "photo" if tile.channel == "rgb" else "label"
    full = f' data-full="{escape(tile.full)}"' if tile.full else ""
    caption = escape(tile.title)
    described = f"{view.key}, {tile.title.lower()}"
    if tile.scale is not None:
        caption += _legend(tile.scale)
        described += f", {_metres(tile.scale.near_m)} to {_metres(tile.scale.far_m)} m"
    elif tile.note:
        caption += f" <span>\u2013 {escape(tile.note)}</span>"
    if tile.keys:
        named = "".join(
            f'<span class="key">{_swatch(colour)}{escape(name)}</span>' for colour, name in tile.keys
        )
        caption += f'<span class="keys">{named}</span>'
    return (
        f'<figure class="tile"><button type="button" data-channel="{escape(tile.channel)}"{full}>'
        f'<img class="{kind}" src="{escape(tile.file)}" width="{tile.width}" height="{tile.height}" '
        f'loading="lazy" decoding="async" alt="{escape(described)}"></button>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _legend(scale: DepthScale) -> str:
    """The ramp with round depths below it, and the sky's own colour beside the title."""
    ticks = scale_ticks(scale.near_m, scale.far_m)
    marks = []
    for index, tick in enumerate(ticks):
        place = 100.0 * float(depth_position(tick, scale.near_m, scale.far_m))
        end = {0: ' class="first"', len(ticks) - 1: ' class="last"'}.get(index, "")
        unit = " m" if index == len(ticks) - 1 else ""
        marks.append(f'<span{end} style="left:{place:.1f}%">{_metres(tick)}{unit}</span>')
    sky = ""
    if scale.sky_ratio > 0:
        sky = f' <span class="sky">\u2013 {_swatch(css(SKY_COLOUR))}sky {_share(scale.sky_ratio)}</span>'
    return f'{sky}<span class="scale"><i class="ramp"></i><span class="ticks">{"".join(marks)}</span></span>'


def _more(view: View) -> str:
    """Everything that the metadata holds, folded away: camera, what was measured, labels, what was drawn."""
    elsewhere = {
        "camera",
        "instances",
        "sampled",
        "key",
        "scene",
        "view",
        "split",
        "schema_version",
        "channels",
    }
    measured = {name: value for name, value in view.meta.items() if name not in elsewhere}
    sections = [_pairs("Camera", view.meta.get("camera")), _pairs("Frame", measured)]
    if view.labels:
        sections.append(_label_table(view.labels))
    sampled = _pairs("What was sampled", view.meta.get("sampled"), "sampled")
    return (
        '<details class="more"><summary>Camera, labels, what was sampled</summary>'
        f'<div class="columns">{"".join(sections)}{sampled}</div></details>'
    )


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
            f'<td>{known}{escape(label.class_name)}</td><td class="share">{_share(label.share)}</td></tr>'
        )
    hidden = len(labels) - len(seen)
    caption = f"<caption>{hidden} more out of sight</caption>" if hidden else ""
    head = '<tr><th>id</th><th>name</th><th>class</th><th class="share">share</th></tr>'
    return (
        f'<section><h3>Labels</h3><div class="scroll"><table class="labels">{caption}'
        f"{head}{''.join(rows)}</table></div></section>"
    )


def _large() -> str:
    return (
        '<dialog id="large" aria-label="Enlarged picture"><img alt=""><div class="under"><span></span>'
        '<button type="button" data-do="back" aria-label="Previous picture">\u2190</button>'
        '<button type="button" data-do="on" aria-label="Next picture">\u2192</button>'
        '<button type="button" data-do="close">Close</button></div></dialog>'
    )


def _swatch(colour: str) -> str:
    return f'<i class="swatch" style="background:{colour}"></i>'


def _ramp_style() -> str:
    stops = ", ".join(css(colour) for colour in depth_ramp()[::15])
    return f".scale .ramp {{ background: linear-gradient(to right, {stops}); }}"


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        nested = any(isinstance(item, list) for item in value)
        return ("\n" if nested else ", ").join(_text(item) for item in value)
    return str(value)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _metres(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _share(ratio: float) -> str:
    return "< 0.1 %" if ratio < 0.001 else f"{100 * ratio:.1f} %"


def _size(count: int) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
