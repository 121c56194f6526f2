"""The catalogue of channels: what each is called, holds and means. docs/channels.md is made from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Channel:
    """One per-pixel channel of a frame."""

    name: str
    dtype: str
    components: tuple[str, ...]
    """Empty for (h, w); `("X", "Y", "Z")` for (h, w, 3)."""
    unit: str
    frame: str
    """Coordinate frame or colour space."""
    invalid: str
    """Value where nothing is hit."""
    meaning: str
    layered: bool = False
    """(h, w, K) with one value per surface along the ray; K is that of the recipe's `truth.layers`."""

    def shape(self, height: int, width: int, layers: int = 1) -> tuple[int, ...]:
        """Array shape at an image size."""
        if self.layered:
            return (height, width, layers)
        return (height, width, len(self.components)) if self.components else (height, width)


CHANNELS: dict[str, Channel] = {
    channel.name: channel
    for channel in (
        Channel(
            "rgb",
            "uint8",
            ("R", "G", "B"),
            "sRGB code value",
            "sRGB, tone-mapped",
            "none",
            "Colour as a camera shows it: the linear render times the exposure in the metadata, "
            "tone curve, sRGB transfer function.",
        ),
        Channel(
            "depth",
            "float32",
            (),
            "metre",
            "camera, planar z",
            "+inf",
            "Distance along the optical axis to the first surface on the ray through the pixel centre. "
            "Perspective cameras only: a panorama or a fisheye gives `distance`.",
        ),
        Channel(
            "normal",
            "float32",
            ("X", "Y", "Z"),
            "unit vector",
            "camera, OpenCV",
            "(0, 0, 0)",
            "Geometric normal of that surface, facing the camera; no bump, no smoothing, no antialiasing.",
        ),
        Channel(
            "instance",
            "uint32",
            (),
            "id",
            "image",
            "0",
            "Object instance hit by that ray; ids and names in the metadata's label table.",
        ),
        Channel(
            "semantic",
            "uint16",
            (),
            "class id",
            "image",
            "1 (sky)",
            "Semantic class of that instance; see synthgen/frame/classes.py.",
        ),
        Channel(
            "distance",
            "float32",
            (),
            "metre",
            "camera, along the ray",
            "+inf",
            "Length of the ray from the camera's centre to that surface.",
        ),
        Channel(
            "position",
            "float32",
            ("X", "Y", "Z"),
            "metre",
            "world",
            "(+inf, +inf, +inf)",
            "Place of that surface in the world. Sky is no place, so no finite value stands for it.",
        ),
        Channel(
            "material",
            "uint16",
            (),
            "id",
            "image",
            "0",
            "Material of that surface; ids and names in the metadata's table `materials`.",
        ),
        Channel(
            "depth_layers",
            "float32",
            (),
            "metre",
            "camera, planar z",
            "+inf",
            "Depth of the first K surfaces along the ray, from the front to the back, whatever they are made "
            "of: both faces of a glass, then what is behind it. Measured as depth is; +inf where there are "
            "fewer.",
            layered=True,
        ),
        Channel(
            "instance_layers",
            "uint32",
            (),
            "id",
            "image",
            "0",
            "Object instances of those surfaces; 0 where there are fewer.",
            layered=True,
        ),
    )
}
"""All channels by name. Each truth channel is one sample per pixel, never an average."""

DEFAULT_CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")
"""What a recipe that names no channels gets."""


def dtype_of(name: str) -> np.dtype:
    """numpy dtype of a channel."""
    return np.dtype(CHANNELS[name].dtype)
