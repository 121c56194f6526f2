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

    @property
    def ending(self) -> str:
        """Which of a frame's files holds it: `rgb.png`, `hdr.exr` (light, half floats) or `truth.exr`."""
        return {"uint8 RGB": "rgb.png", "float16 RGB": "hdr.exr"}.get(
            f"{self.dtype} {''.join(self.components)}", "truth.exr"
        )


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
            "Colour as a camera shows it: the linear render times exposure and white balance in the "
            "metadata, tone curve, sRGB transfer function.",
        ),
        Channel(
            "depth",
            "float32",
            (),
            "metre",
            "camera, planar z",
            "+inf",
            "Distance along the optical axis to the first surface on the ray through the pixel centre. "
            "Cameras without planar depth (panoramas, fisheyes) give `distance`.",
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
        Channel(
            "hdr",
            "float16",
            ("R", "G", "B"),
            "scene-linear radiance",
            "linear Rec. 709",
            "none",
            "The colour render before white balance, exposure, tone curve and rounding to 8 bits.",
        ),
        Channel(
            "albedo",
            "float16",
            ("R", "G", "B"),
            "reflectance",
            "linear Rec. 709",
            "(0, 0, 0)",
            "Diffuse reflectance, averaged over the pixel as colour is.",
        ),
        Channel(
            "diffuse_illumination",
            "float16",
            ("R", "G", "B"),
            "scene-linear radiance",
            "linear Rec. 709",
            "(0, 0, 0)",
            "Light that the diffuse reflectance sends to the camera: hdr = albedo * diffuse_illumination + "
            "residual. Where the recipe denoises, it is denoised too, by itself. 0 where the albedo is 0.",
        ),
        Channel(
            "residual",
            "float16",
            ("R", "G", "B"),
            "scene-linear radiance",
            "linear Rec. 709",
            "none",
            "Everything else in hdr: gloss, glass, glowing things, sky, and what denoising the colour and "
            "the illumination each by itself leaves. May be negative.",
        ),
        Channel(
            "shading_normal",
            "float32",
            ("X", "Y", "Z"),
            "unit vector",
            "camera, OpenCV",
            "(0, 0, 0)",
            "Normal that shading uses, with bump maps and smooth shading, facing the camera; one sample. One "
            "that would face away is turned back to edge-on.",
        ),
        Channel(
            "validity",
            "uint8",
            (),
            "bit mask",
            "image",
            "1 (sky)",
            "Why a pixel may want care, a sum of 1 sky, 2 transparent in front, 4 mirror, 8 mixed pixel "
            "(more than one surface within the pixel), 16 beyond the far limit, 32 bump-only detail.",
        ),
        Channel(
            "edge",
            "float32",
            ("min", "max"),
            "metre",
            "as depth, or distance where the camera has no depth",
            "(+inf, +inf)",
            "Least and greatest depth within the pixel, of k x k samples and the one through its centre.",
        ),
        Channel(
            "flow_forward",
            "float32",
            ("X", "Y"),
            "pixel",
            "image, right and down",
            "sky moves as a point at infinity",
            "From a pixel's centre to where its surface point appears in the next frame; (+inf, +inf) where "
            "that frame's lens cannot see it.",
        ),
        Channel(
            "flow_backward",
            "float32",
            ("X", "Y"),
            "pixel",
            "image, right and down",
            "sky moves as a point at infinity",
            "The same to the frame before.",
        ),
        Channel(
            "occlusion_forward",
            "uint8",
            (),
            "code",
            "image",
            "0, 1 or 2",
            "What becomes of that surface point in the next frame: 0 seen, 1 hidden behind something, "
            "2 outside of the image.",
        ),
        Channel(
            "occlusion_backward",
            "uint8",
            (),
            "code",
            "image",
            "0, 1 or 2",
            "The same in the frame before.",
        ),
        Channel(
            "disparity",
            "float32",
            (),
            "pixel",
            "image",
            "0 (infinitely far)",
            "Stereo: how far left of this column the surface point appears in the right view, for a left "
            "view; how far right of it in the left view, for a right view. fx * baseline / depth.",
        ),
    )
}
"""All channels by name. Each truth channel is one sample per pixel, never an average."""

DEFAULT_CHANNELS = ("rgb", "depth", "normal", "instance", "semantic")
"""What a recipe that names no channels gets."""


def dtype_of(name: str) -> np.dtype:
    """numpy dtype of a channel."""
    return np.dtype(CHANNELS[name].dtype)
