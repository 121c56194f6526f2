"""The page of the gallery as HTML: its head, its filters, and the views, shots and stereo pairs together.

All text from data is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import groupby

from synthgen.inspect.card import View, card_style, render_card
from synthgen.inspect.pictures import group_of


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
            f"<style>{style}{card_style()}</style></head>",
            "<body>",
            f'<div class="wrap">{_head(overview)}</div>',
            _bar(overview, views),
            '<main class="wrap">',
            *(_shot(list(shot)) for _, shot in groupby(views, key=_shot_of)),
            '<p class="none" id="none" hidden>No view fits this choice.</p>',
            "</main>",
            _large(),
            f"<script>{script}</script>",
            "</body></html>\n",
        ]
    )


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
    groups = dict.fromkeys(group_of(tile.legend.name) for view in views for tile in view.tiles)
    boxes = "".join(
        f'<label><input type="checkbox" name="group" value="{name}" checked><span>{name}</span></label>'
        for name in groups
    )
    chosen = f"<fieldset><legend>Channels</legend>{boxes}</fieldset>" if len(groups) > 1 else ""
    return (
        '<nav class="bar" aria-label="Filter"><div class="wrap">'
        f"<fieldset><legend>Split</legend>{radios}</fieldset>{chosen}"
        f'<label><span class="hidden">Scene</span><select id="scene"><option value="">all scenes</option>'
        f"{options}</select></label>"
        f'<span class="shown" id="shown" role="status">{len(views)} views</span></div></nav>'
    )


def _large() -> str:
    return (
        '<dialog id="large" aria-label="Enlarged picture"><img alt=""><div class="under"><span></span>'
        '<button type="button" data-do="back" aria-label="Previous picture">\u2190</button>'
        '<button type="button" data-do="on" aria-label="Next picture">\u2192</button>'
        '<button type="button" data-do="close">Close</button></div></dialog>'
    )


def _shot_of(view: View) -> tuple[str, object]:
    """What consecutive views of one shot have in common; a view of its own has its key."""
    shot = view.meta.get("shot")
    return (view.scene, shot["first_view"]) if isinstance(shot, Mapping) else (view.scene, view.key)


def _shot(views: Sequence[View]) -> str:
    """A shot: its frames one at a time under a strip of small pictures; eyes of a moment side by side."""
    moments = [list(moment) for _, moment in groupby(views, key=_frame_of)]
    cards = "".join(
        f'<div class="moment{" pair" if len(moment) > 1 else ""}">'
        f"{''.join(render_card(view) for view in moment)}</div>"
        for moment in moments
    )
    shot = views[0].meta.get("shot")
    strip = _strip(moments, float(shot["fps"])) if isinstance(shot, Mapping) and len(moments) > 1 else ""
    first = views[0]
    return (
        f'<section class="shot" data-split="{escape(first.split)}" data-scene="{escape(first.scene)}">'
        f"{strip}{cards}</section>"
    )


def _frame_of(view: View) -> object:
    shot = view.meta.get("shot")
    return shot["frame"] if isinstance(shot, Mapping) else view.key


def _strip(moments: Sequence[Sequence[View]], fps: float) -> str:
    """A button with a small picture for each moment of a shot, and one that plays them."""
    frames = []
    for index, moment in enumerate(moments):
        picture = next((tile.file for tile in moment[0].tiles), "")
        image = f'<img src="{escape(picture)}" alt="" loading="lazy" decoding="async">' if picture else ""
        frames.append(f'<button type="button" aria-label="Frame {index + 1}">{image}</button>')
    return (
        f'<header class="film" data-fps="{fps:g}"><button type="button" class="play">Play</button>'
        f'<div class="strip">{"".join(frames)}</div></header>'
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _size(count: int) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
