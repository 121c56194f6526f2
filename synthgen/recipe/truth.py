"""What the truth channels of a recipe show."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from synthgen.recipe.fields import FixedName, Section

SURFACES = ("first_hit", "first_opaque")
GEOMETRIES = ("bump", "exact")
OBJECTS = ("none", "boxes", "visible_fraction", "amodal_masks")
CONTACTS = ("unchecked", "checked")
SAMPLED = ("edge", "validity")
"""Channels made from k x k samples within each pixel."""
MAX_LAYERS = 8
MAX_SUBPIXEL = 8


class TruthSpec(Section):
    """How the truth channels are made."""

    layers: Annotated[int, Field(strict=True, ge=1, le=MAX_LAYERS)] = Field(
        default=2, description="How many surfaces along each ray depth_layers and instance_layers hold."
    )
    surface: FixedName(
        "Which surface all other truth channels show: first_hit, where glass is a surface, or first_opaque, "
        "the first that the eye does not look through.",
        "first_hit",
        names=SURFACES,
    )
    subpixel: Annotated[int, Field(strict=True, ge=2, le=MAX_SUBPIXEL)] = Field(
        default=3,
        description="k of the k x k samples within each pixel that edge, and mixed pixels in validity, "
        "are made from.",
    )
    far_m: Annotated[float, Field(strict=True, gt=0, le=1e6, allow_inf_nan=False)] | None = Field(
        default=None, description="Depth from which on validity says 'beyond the far limit'. Unit: metres."
    )
    geometry: FixedName(
        "bump keeps bump maps, which depth does not know of, and marks them in validity; exact takes them "
        "off, so that colour and depth show the same geometry.",
        "bump",
        names=GEOMETRIES,
    )
    objects: FixedName(
        "What the metadata says of each object: none, boxes (2D and 3D boxes and poses), visible_fraction "
        "(also how much of it is hidden), amodal_masks (also its mask as if nothing stood before it).",
        "none",
        names=OBJECTS,
    )
    contacts: FixedName(
        "checked refuses scenes in which a thing runs more than 1 cm into another, or nothing holds it, as "
        "far as the scene's family says how its things meet; unchecked saves the time.",
        "unchecked",
        names=CONTACTS,
    )
