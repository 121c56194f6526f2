"""The comparisons by name: what is compared, and how far off it may be."""

from __future__ import annotations

from dataclasses import dataclass

from synthgen.frame.shots import DIRECTIONS


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison.

    Attributes
    ----------
    channels : that are compared
    unit : of the error; empty for a share of the value itself, or of a point's distance from the camera
    limit : greatest error that is none; None for what is only told
    expected : fits into "expected ... to within 1e-06"
    about : the part of the metadata that is to be borne out, where it is no channel
    of_frames : whether the error is a number of a whole frame, made from all values that are compared
    """

    name: str
    channels: tuple[str, ...]
    unit: str
    limit: float | None
    expected: str
    about: str = ""
    of_frames: bool = False

    @property
    def subject(self) -> str:
        """What a finding names: that part of the metadata, or the first of the channels."""
        return self.about or self.channels[0]


ROUNDING = 1e-5
"""Share of its distance by which a point may lie off the plane that another sample saw. Depth and normals are
float32, and Blender's world is, so a plane is known to some 1e-6 of its distance."""

_SURFACE = ("depth", "normal", "instance")

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check("distance", ("distance", "depth"), "", 5e-7, "depth times the length of the ray"),
        Check("position", ("position", "depth"), "", 2e-6, "the point at that depth, seen from that pose"),
        Check("layers", ("depth_layers", "depth"), "", 5e-7, "the depth of the surface that is shown"),
        Check(
            "layer_ids",
            ("instance_layers", "instance"),
            "px",
            0,
            "the instance of the surface that is shown",
        ),
        Check("edge", ("edge", "depth"), "", 1e-6, "least and greatest depth around that at the centre"),
        Check("disparity", ("disparity", "depth"), "", 1e-6, "fx * baseline / depth"),
        Check(
            "light",
            ("hdr", "albedo", "diffuse_illumination", "residual"),
            "half-float steps",
            1,
            "albedo * diffuse_illumination + residual",
        ),
        Check("boxes", ("instance",), "px", 0, "boxes and counts of the visible pixels", "objects"),
        Check("amodal", ("instance",), "px", 0, "amodal masks around the visible pixels", "objects"),
        Check(
            "box_3d", ("depth", "instance"), "", 1e-4, "every point of an object within its box", "objects"
        ),
        *(
            Check(name, ("normal", "depth"), unit, limit, expected, of_frames=True)
            for name, unit, limit, expected in (
                ("normal_median", "deg", 0.2, "the slope of the depth, in the median pixel"),
                ("normal_p99", "deg", None, "the slope of the depth, in 99 % of the pixels"),
                ("normal_share", "of flat pixels", 0.25, "the slope of the depth, but for a share"),
            )
        ),
        Check(
            "flying",
            _SURFACE,
            "of outline pixels",
            0.03,
            "depths on surfaces, not between them, but for a share",
            of_frames=True,
        ),
        Check("poses", (), "m", 1e-9, "the poses that the other view has", "camera"),
        Check("free_space", _SURFACE, "", ROUNDING, "nothing before the surface that another view saw"),
        Check("same_instance", ("instance",), "px", 0, "the instance that another view saw there"),
        *(
            check
            for direction in DIRECTIONS
            for check in (
                Check(
                    f"flow_{direction}",
                    (f"flow_{direction}", "depth"),
                    "px",
                    0.01,
                    "what depth and poses give",
                ),
                Check(
                    f"occlusion_{direction}",
                    (f"occlusion_{direction}",),
                    "px",
                    0,
                    "what the other view shows there",
                ),
                Check(
                    f"round_trip_{direction}",
                    ("flow_forward", "flow_backward"),
                    "px",
                    0.25,
                    "the way back from the other frame",
                ),
            )
        ),
    )
}
"""All checks by name."""
