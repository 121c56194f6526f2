"""PBR texture sets, found by how people name files: `wood_diff_1k.jpg`, `Wood051_1K-JPG_NormalGL.jpg`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

ROLES: dict[str, str] = {
    "color": "color", "colour": "color", "col": "color", "basecolor": "color", "base color": "color",
    "albedo": "color", "diff": "color", "diffuse": "color",
    "normal": "normal_gl", "nrm": "normal_gl", "norm": "normal_gl", "nor": "normal_gl",
    "nor gl": "normal_gl", "normal gl": "normal_gl", "normalgl": "normal_gl",
    "nor dx": "normal_dx", "normal dx": "normal_dx", "normaldx": "normal_dx",
    "rough": "roughness", "roughness": "roughness",
    "metal": "metallic", "metallic": "metallic", "metalness": "metallic",
    "ao": "ambient_occlusion", "ambientocclusion": "ambient_occlusion",
    "ambient occlusion": "ambient_occlusion",
    "disp": "displacement", "displacement": "displacement", "height": "displacement",
    "arm": "packed", "orm": "packed",
    "opacity": "opacity", "alpha": "opacity", "emission": "emission", "emissive": "emission",
}  # fmt: skip
"""What the last words of a name say about a map. `normal_gl` has green up, as Blender wants it; `packed` has
occlusion, roughness and metallic in red, green and blue."""

_NOISE = re.compile(r"\d+k|jpe?g|png|exr|tiff?|webp")
"""Words that say nothing about the map: resolution and format."""


def role_of(stem: str) -> tuple[str, str] | None:
    """(name of the set, role) of a file's stem, or None when it is no map of a set.

    >>> role_of("wood_floor_nor_gl_1k")
    ('wood_floor', 'normal_gl')
    >>> role_of("Wood051_1K-JPG_Color")
    ('Wood051', 'color')
    """
    words = [word for word in re.split(r"[ ._\-]+", stem) if word and not _NOISE.fullmatch(word.lower())]
    for count in (2, 1):
        role = ROLES.get(" ".join(words[-count:]).lower())
        if role is not None and len(words) > count:
            return "_".join(words[:-count]), role
    return None


def find_sets(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """Sets among files: folder and name of the set, to role, to path. A role that two files claim goes to the
    first in order of name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(paths):
        whole = PurePosixPath(path)
        named = role_of(whole.stem)
        if named is not None:
            found.setdefault((whole.parent / named[0]).as_posix(), {}).setdefault(named[1], path)
    return found
