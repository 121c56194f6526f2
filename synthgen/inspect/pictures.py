"""The pictures of a loaded frame: one or two of each channel, in colours that can be read, with legends."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.frame.channels import CHANNELS, DEFAULT_CHANNELS
from synthgen.frame.checks import depth_statistics
from synthgen.frame.exposure import encode_srgb, tone_map
from synthgen.frame.validity import VALIDITY_BITS
from synthgen.inspect import colour
from synthgen.inspect.survey import class_ids

MAX_WIDTH_PX = 640
"""Pictures wider than this are made smaller for the page."""
KEYS = 5
"""Classes or materials named below a picture; the rest stand in the metadata."""
DARKER_STOPS = 3
"""How much darker than the colour the light of a frame is shown, so that lamps and windows have detail."""
GREY_WALL = 0.5
"""Reflectance of the wall on which the diffuse illumination is shown."""

Frame = Mapping[str, object]
Key = tuple[str, str]
"""(colour, name) of a thing in a picture."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends of the colour ramp, in `unit`.

    `rising` is True where large values are bright, as of a disparity; depth has it the other way round.
    """

    low: float
    high: float
    unit: str = "m"
    rising: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """What a picture is and how to read it.

    Attributes
    ----------
    name : of the channel, with a number for one of several: `depth_layers.2`
    is_photo : whether it holds soft colours, which shrink by averaging and may be JPEG
    note : a few words beside the title
    keys : what its flat colours stand for
    longest_px : motion that has the full colours of the wheel, for flow alone
    """

    name: str
    title: str
    is_photo: bool = False
    note: str = ""
    scale: Scale | None = None
    keys: tuple[Key, ...] = ()
    longest_px: float | None = None


Pictures = Iterator[tuple[Legend, np.ndarray]]
"""Legends, each with its (h, w, 3) uint8 sRGB."""


def frame_pictures(frame: Frame) -> Pictures:
    """The pictures of all channels of a frame, as `read_frame` gives it, in the order of the catalogue."""
    for name in CHANNELS:
        if name in frame:
            yield from _PAINTERS[name](frame, name)


def group_of(name: str) -> str:
    """Which group of channels a picture belongs to: basics, surfaces, light, motion or stereo."""
    channel = CHANNELS[name.partition(".")[0]]
    if channel.name in DEFAULT_CHANNELS:
        return "basics"
    if channel.dtype == "float16":
        return "light"
    if channel.name.startswith(("flow", "occlusion")):
        return "motion"
    return "stereo" if channel.name == "disparity" else "surfaces"


def shrink_nearest(pixels: np.ndarray, max_width: int = MAX_WIDTH_PX) -> np.ndarray:
    """Truth made smaller by leaving out pixels: (h, w, ...) -> at most `max_width` wide, never mixed."""
    step = -(-pixels.shape[1] // max_width)
    return pixels[step // 2 :: step, step // 2 :: step]


def shrink_mean(rgb: np.ndarray, max_width: int = MAX_WIDTH_PX) -> np.ndarray:
    """Colour made smaller by averaging whole blocks: (h, w, 3) uint8 -> at most `max_width` wide."""
    step = -(-rgb.shape[1] // max_width)
    if step == 1 or min(rgb.shape[:2]) < step:
        return rgb
    height, width = rgb.shape[0] // step, rgb.shape[1] // step
    blocks = rgb[: height * step, : width * step].reshape(height, step, width, step, 3)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)


def share_text(ratio: float) -> str:
    """`12.3 %`."""
    return "< 0.1 %" if ratio < 0.001 else f"{100 * ratio:.1f} %"


def classes_of(meta: Mapping[str, object]) -> dict[str, int]:
    """Class name -> id, with the family's own classes where the metadata names the family."""
    sampled = meta.get("sampled")
    scene = sampled.get("scene") if isinstance(sampled, Mapping) else None
    return class_ids(scene if isinstance(scene, Mapping) else {})


def _colour(frame: Frame, name: str) -> Pictures:
    yield Legend(name, "Colour", is_photo=True), shrink_mean(frame[name])


def _depth(frame: Frame, name: str) -> Pictures:
    depth = frame[name]
    scale = _depth_scale(depth)
    pixels = colour.colour_depth(shrink_nearest(depth), scale.low, scale.high)
    title = {"depth": "Depth", "distance": "Distance along the ray"}[name]
    yield Legend(name, title, scale=scale, keys=_empty(np.isinf(depth), colour.SKY_COLOUR, "sky")), pixels


def _depth_layers(frame: Frame, name: str) -> Pictures:
    """The first surface, and the second beside it in the same colours."""
    shown = frame[name][..., :2]
    scale = _depth_scale(shown)
    for index, (depth, nothing, title) in enumerate(_layers(shown)):
        pixels = colour.colour_depth(shrink_nearest(depth), scale.low, scale.high, nothing)
        keys = _empty(np.isinf(depth), nothing, "none")
        yield Legend(f"{name}.{index + 1}", f"Depth, {title}", scale=scale, keys=keys), pixels


def _instance_layers(frame: Frame, name: str) -> Pictures:
    for index, (ids, nothing, title) in enumerate(_layers(frame[name][..., :2])):
        pixels = colour.colour_instance(shrink_nearest(ids), nothing)
        keys = _empty(ids == 0, nothing, "none")
        yield Legend(f"{name}.{index + 1}", f"Instances, {title}", keys=keys), pixels


def _layers(layers: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[int, int, int], str]]:
    titles = ("first surface", "second surface")
    for index, title in enumerate(titles[: layers.shape[-1]]):
        yield layers[..., index], (colour.NOTHING_COLOUR if index else colour.SKY_COLOUR), title


def _normal(frame: Frame, name: str) -> Pictures:
    title = {"normal": "Normals", "shading_normal": "Shading normals"}[name]
    note = {"normal": "red right, green up", "shading_normal": "with bumps and smoothing"}[name]
    yield Legend(name, title, note=note), colour.colour_normal(shrink_nearest(frame[name]))


def _instance(frame: Frame, name: str) -> Pictures:
    pixels = colour.colour_instance(shrink_nearest(frame[name]))
    yield Legend(name, "Instances", note="one colour an object"), pixels


def _semantic(frame: Frame, name: str) -> Pictures:
    names = {class_id: word for word, class_id in classes_of(frame["meta"]).items()}
    keys = _largest(frame[name], colour.class_colour, names, "class")
    yield Legend(name, "Classes", keys=keys), colour.colour_semantic(shrink_nearest(frame[name]))


def _material(frame: Frame, name: str) -> Pictures:
    names = {int(entry["id"]): str(entry["name"]) for entry in frame["meta"].get("materials", ())}
    names[0] = "none"
    keys = _largest(frame[name], _material_colour, names, "material")
    yield Legend(name, "Materials", keys=keys), colour.colour_instance(shrink_nearest(frame[name]))


def _material_colour(material: int) -> tuple[int, int, int]:
    return colour.label_colour(material) if material else colour.SKY_COLOUR


def _position(frame: Frame, name: str) -> Pictures:
    """Places in colours that come again after a power of ten of metres, which suits the extent in sight."""
    places = frame[name][np.isfinite(frame[name]).all(axis=-1)].astype(np.float64)
    extent = float(np.ptp(np.quantile(places, (0.25, 0.75), axis=0), axis=0).max()) if len(places) else 0.0
    period_m = 10.0 ** round(math.log10(max(extent, 1e-3) / 3))
    pixels = colour.colour_position(shrink_nearest(frame[name]), period_m)
    yield Legend(name, "Position", note=f"x red, y green, z blue, again every {period_m:g} m"), pixels


def _edge(frame: Frame, name: str) -> Pictures:
    with np.errstate(invalid="ignore"):  # sky within the whole pixel: inf - inf
        extent = frame[name][..., 1] - frame[name][..., 0]
    known = extent[np.isfinite(extent) & (extent > 0)]
    low, high = np.quantile(known, (0.05, 0.999)) if known.size else (1e-3, 1.0)
    low = 10.0 ** max(math.floor(math.log10(low)), -4)
    scale = Scale(low, max(float(high), 10 * low), rising=True)
    pixels = colour.colour_size(shrink_nearest(extent), scale.low, scale.high)
    yield Legend(name, "Depths within a pixel", scale=scale), pixels


def _disparity(frame: Frame, name: str) -> Pictures:
    size = frame[name]
    known = size[size > 0]
    low, high = np.quantile(known, (0.02, 0.98)) if known.size else (1.0, 2.0)
    scale = Scale(float(low), max(float(high), 1.05 * float(low)), "px", rising=True)
    shown = shrink_nearest(np.where(size > 0, size, np.nan))
    pixels = colour.colour_size(shown, scale.low, scale.high)
    keys = _empty(size == 0, colour.SKY_COLOUR, "sky")
    yield Legend(name, "Disparity", scale=scale, keys=keys), pixels


def _hdr(frame: Frame, name: str) -> Pictures:
    scale, curve = _exposure(frame)
    pixels = tone_map(frame[name], scale / 2**DARKER_STOPS, curve)
    peak = float((frame[name] * scale).max())
    note = f"{DARKER_STOPS} stops darker than the colour; brightest {peak:.3g} \u00d7 white"
    yield Legend(name, "Light", is_photo=True, note=note), shrink_mean(pixels)


def _albedo(frame: Frame, name: str) -> Pictures:
    shown = encode_srgb(np.clip(frame[name].astype(np.float32), 0, 1))
    pixels = np.rint(shown * 255).astype(np.uint8)
    yield Legend(name, "Albedo", is_photo=True, note="diffuse reflectance"), shrink_mean(pixels)


def _illumination(frame: Frame, name: str) -> Pictures:
    scale, curve = _exposure(frame)
    pixels = tone_map(frame[name], scale * GREY_WALL, curve)
    yield Legend(name, "Diffuse illumination", is_photo=True, note="as on a grey wall"), shrink_mean(pixels)


def _residual(frame: Frame, name: str) -> Pictures:
    pixels = colour.colour_residual(frame[name], _exposure(frame)[0])
    note = "middle grey is 0, darker is negative"
    yield Legend(name, "Residual", is_photo=True, note=note), shrink_mean(pixels)


def _validity(frame: Frame, name: str) -> Pictures:
    names = {bit: word.replace("_", " ") for word, bit in VALIDITY_BITS.items()}
    keys = []
    for bit, shown in colour.BIT_COLOURS.items():
        share = float((frame[name] & bit > 0).mean())
        if share:
            keys.append((colour.css(shown), f"{names[bit]} {share_text(share)}"))
    pixels = colour.colour_validity(shrink_nearest(frame[name]), _backdrop(frame, name))
    yield Legend(name, "Validity", keys=tuple(keys), note="" if keys else "nothing to mind"), pixels


def _flow(frame: Frame, name: str) -> Pictures:
    length = np.linalg.norm(frame[name].astype(np.float64), axis=-1)
    known = length[np.isfinite(length)]
    longest = max(float(np.quantile(known, 0.99)) if known.size else 0.0, 0.01)
    title = {"flow_forward": "Flow to the next frame", "flow_backward": "Flow to the frame before"}[name]
    pixels = colour.colour_flow(shrink_nearest(frame[name]), longest)
    keys = _empty(~np.isfinite(length), colour.NOTHING_COLOUR, "out of the lens")
    yield Legend(name, title, keys=keys, longest_px=longest), pixels


def _occlusion(frame: Frame, name: str) -> Pictures:
    titles = {"occlusion_forward": "Seen in the next frame", "occlusion_backward": "Seen in the frame before"}
    keys = []
    for code, word in ((1, "hidden"), (2, "outside")):
        share = float((frame[name] == code).mean())
        if share:
            keys.append((colour.css(colour.OCCLUSION_COLOURS[code]), f"{word} {share_text(share)}"))
    pixels = colour.colour_occlusion(shrink_nearest(frame[name]), _backdrop(frame, name))
    yield Legend(name, titles[name], keys=tuple(keys), note="" if keys else "all of it"), pixels


_PAINTERS: dict[str, Callable[[Frame, str], Pictures]] = {
    "rgb": _colour,
    "depth": _depth,
    "normal": _normal,
    "instance": _instance,
    "semantic": _semantic,
    "distance": _depth,
    "position": _position,
    "material": _material,
    "depth_layers": _depth_layers,
    "instance_layers": _instance_layers,
    "hdr": _hdr,
    "albedo": _albedo,
    "diffuse_illumination": _illumination,
    "residual": _residual,
    "shading_normal": _normal,
    "validity": _validity,
    "edge": _edge,
    "flow_forward": _flow,
    "flow_backward": _flow,
    "occlusion_forward": _occlusion,
    "occlusion_backward": _occlusion,
    "disparity": _disparity,
}


def _depth_scale(depth: np.ndarray) -> Scale:
    """The ramp reaches from the 2nd to the 98th percentile of the finite depths, at least 5 % apart."""
    statistics = depth_statistics(depth)
    near = statistics.get("depth_p02_m", 1.0)
    return Scale(near, max(statistics.get("depth_p98_m", 2.0), near * 1.05))


def _empty(mask: np.ndarray, shown: tuple[int, int, int], word: str) -> tuple[Key, ...]:
    """The key of what has no value, where there is such a thing."""
    return ((colour.css(shown), f"{word} {share_text(float(mask.mean()))}"),) if mask.any() else ()


def _largest(
    ids: np.ndarray,
    colour_of: Callable[[int], tuple[int, int, int]],
    names: Mapping[int, str],
    kind: str,
) -> tuple[Key, ...]:
    """Colour and name of the ids that cover most of the picture."""
    found, counts = np.unique(ids, return_counts=True)
    order: Sequence[int] = found[np.argsort(-counts, kind="stable")[:KEYS]].tolist()
    return tuple((colour.css(colour_of(label)), names.get(label, f"{kind} {label}")) for label in order)


def _exposure(frame: Frame) -> tuple[np.ndarray, str]:
    """Scale of each channel, as the frame's colour has it, and the tone curve."""
    exposure = frame["meta"].get("exposure", {})
    gains = np.array(exposure.get("white_balance", (1.0, 1.0, 1.0)), np.float32)
    return float(exposure.get("scale", 1.0)) * gains, str(exposure.get("tone_curve", ""))


def _backdrop(frame: Frame, name: str) -> np.ndarray:
    """(h, w, 3) uint8 to lay flat colours on, pixel for pixel: the colour, or a middle grey without one."""
    if "rgb" in frame:
        return shrink_nearest(frame["rgb"])
    return np.full((*shrink_nearest(frame[name]).shape, 3), 128, np.uint8)
