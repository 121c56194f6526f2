"""The bits of the channel `validity`: reasons why a pixel may want care."""

from __future__ import annotations

from types import MappingProxyType

SKY = 1
"""Nothing is hit."""
TRANSPARENT = 2
"""The first surface on the ray is one that the eye looks through, whichever surface the truth shows."""
MIRROR = 4
"""The surface is a mirror: the colour shows another place."""
MIXED = 8
"""More than one surface lies within the pixel: the colour is a mixture."""
BEYOND_FAR = 16
"""The surface lies beyond the recipe's `truth.far_m`."""
BUMP = 32
"""The material has a bump or normal map: the colour shows detail that the geometry does not have."""

VALIDITY_BITS = MappingProxyType(
    {
        "sky": SKY,
        "transparent": TRANSPARENT,
        "mirror": MIRROR,
        "mixed": MIXED,
        "beyond_far": BEYOND_FAR,
        "bump": BUMP,
    }
)
"""All bits by name."""
