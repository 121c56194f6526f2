"""What files of models say about themselves before they are loaded: files they need, triangles, version.

Nothing here decodes geometry. What no header tells, such as the textures of an FBX, the importer finds out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa

from synthgen.assets.archive import check_names
from synthgen.assets.image_header import IMAGE_ENDINGS, check_image
from synthgen.assets.record import AssetRejected

MAX_TRIANGLES_READ = 2_000_000
"""Models that have more are not used: decimating them takes 1 GB of memory and 25 s for each million."""
_NOT_FINITE = "is damaged: a coordinate is no finite number"
MAX_FILES_NEAR = 500
MAX_SEARCHED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Contents:
    """What a model's file says: the other files that it needs, and how many triangles it has at least; None
    where it is silent."""

    needs: tuple[Path, ...] = ()
    triangles: int | None = None


def check_obj(path: Path, inside: Path) -> Contents:
    """A Wavefront OBJ, its MTL files and their textures. Raises `AssetRejected`."""
    libraries: list[str] = []
    used: set[str] = set()
    triangles, vertices = 0, 0
    with open(path, "rb") as stream:
        for line in stream:
            if line.startswith(b"f "):
                triangles += max(0, len(line.split()) - 3)
            elif line.startswith(b"v "):
                vertices += 1
                if b"n" in line.lower():  # nan or inf, of which the importer would make a zero
                    raise AssetRejected(_NOT_FINITE)
            elif line.startswith(b"usemtl "):
                used.add(line[7:].decode("utf-8", "replace").strip())
            elif line.startswith(b"mtllib "):
                libraries.append(line[7:].decode("utf-8", "replace").strip())
    if not vertices or not triangles:
        raise AssetRejected("has no faces; is it an OBJ file?")
    needs: list[Path] = []
    for name in libraries:
        library = _beside(name, path, inside)
        needs.append(library)
        for material, texture in mtl_textures(library.read_bytes()):
            if material not in used:
                continue
            file = _beside(texture, library, inside)
            check_image(file, texture)
            needs.append(file)
    return Contents(tuple(dict.fromkeys(needs)), triangles)


def mtl_textures(data: bytes) -> Iterator[tuple[str, str]]:
    """(material, texture) of all textures in the bytes of an MTL file."""
    material = ""
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.strip().split(None, 1)
        if len(words) == 2 and words[0].lower() == "newmtl":
            material = words[1].strip()
        elif len(words) == 2 and re.fullmatch(r"map_\w+|bump|disp|norm|refl|decal", words[0], re.IGNORECASE):
            # Options, each with numbers or words behind it, stand before the name, which may hold blanks.
            rest = re.sub(
                r"^(?:\s*-(?:(?:o|s|t)(?:\s+[-+.\deE]+){1,3}|mm(?:\s+[-+.\deE]+){2}|\w+\s+\S+))*",
                "",
                words[1],
            )
            yield material, rest.strip().replace("\\", "/")


def check_ply(path: Path, inside: Path) -> Contents:
    """A PLY with faces. Raises `AssetRejected`."""
    with open(path, "rb") as stream:
        head = stream.read(1 << 16)
    header, end, _ = head.partition(b"end_header")
    if not header.startswith(b"ply") or not end:
        raise AssetRejected("is no PLY file (no header)")
    counts = {name.decode(): int(count) for name, count in re.findall(rb"element (\w+) (\d+)", header)}
    if not counts.get("face"):
        raise AssetRejected("has points only, expected faces")
    # A face in binary has at least a count byte and three indices of a byte each.
    if b"format binary" in header and path.stat().st_size < len(header) + 4 * counts["face"]:
        raise AssetRejected(f"is cut short: its header says {counts['face']} faces")
    return Contents(triangles=counts["face"])


def check_stl(path: Path, inside: Path) -> Contents:
    """An STL, binary or text. Raises `AssetRejected`."""
    size = path.stat().st_size
    with open(path, "rb") as stream:
        head = stream.read(1024)
    count = int.from_bytes(head[80:84], "little")
    if head.lstrip().startswith(b"solid") and size != 84 + 50 * count:
        if b"facet" not in head:
            raise AssetRejected("has no facets; is it an STL file?")
        with open(path, "rb") as stream:
            return Contents(triangles=sum(b"endfacet" in line for line in stream))
    if len(head) < 84 or size < 84 + 50 * count:
        raise AssetRejected(f"is cut short: {count} triangles take {84 + 50 * count} bytes (found {size})")
    if not count:
        raise AssetRejected("has no triangles")
    if count <= MAX_TRIANGLES_READ:
        rows = np.memmap(path, np.dtype([("normal", "<3f4"), ("corners", "<9f4"), ("rest", "<u2")]), "r", 84)
        if not np.isfinite(rows["corners"][:count]).all():
            raise AssetRejected(_NOT_FINITE)  # the importer would make zeros of them
    return Contents(triangles=count)


def check_fbx(path: Path, inside: Path) -> Contents:
    """An FBX, binary or text. Raises `AssetRejected`."""
    with open(path, "rb") as stream:
        head = stream.read(1024)
    if not head.startswith(b"Kaydara FBX Binary") and b"FBX" not in head:
        raise AssetRejected("is no FBX file")
    return Contents(files_named_in(path))


def check_usd(path: Path, inside: Path) -> Contents:
    """A USD file or package. Raises `AssetRejected`."""
    with open(path, "rb") as stream:
        head = stream.read(16)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as package:
                check_names(package)
        except zipfile.BadZipFile as error:
            raise AssetRejected(f"is a damaged package ({error})") from None
    elif not head.startswith((b"#usda", b"PXR-USDC")):
        raise AssetRejected("is no USD file")
    return Contents(files_named_in(path))


def check_blend(path: Path, inside: Path) -> Contents:
    """A .blend; whether this Blender is new enough for it the importer sees. Raises `AssetRejected`."""
    blend_version(path)
    return Contents(files_named_in(path))


def files_named_in(path: Path, endings: Container[str] = IMAGE_ENDINGS) -> tuple[Path, ...]:
    """Images, or files of other endings, beside a file or in folders beside it, whose names stand in it.

    It finds the textures of an FBX, a text USD and a .blend without reading their formats. The strings of a
    binary USD are compressed, so its textures are not found: an image that changes is not noticed there.
    """
    near = [*path.parent.glob("*"), *path.parent.glob("*/*")]
    files = sorted(each for each in near if each.suffix.lower() in endings and each != path)[:MAX_FILES_NEAR]
    if not files:
        return ()
    data = _uncompressed(path)
    return tuple(file for file in files if file.name.encode() in data)


def _uncompressed(path: Path) -> bytes:
    kind = _compression(path)
    if kind is None:
        return path.read_bytes()
    try:
        with pa.CompressedInputStream(pa.OSFile(str(path)), kind) as stream:
            return stream.read(MAX_SEARCHED_BYTES)
    except OSError:
        raise AssetRejected("is damaged: it cannot be decompressed") from None


def _compression(path: Path) -> str | None:
    with open(path, "rb") as stream:
        return {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x8b\x08\x00": "gzip"}.get(stream.read(4))


def blend_version(path: Path) -> tuple[int, int]:
    """(major, minor) of the Blender that wrote a .blend. Raises `AssetRejected` when it is none."""
    with open(path, "rb") as stream:
        head = stream.read(32)
    kind = _compression(path)
    if kind is not None:
        try:
            with pa.CompressedInputStream(pa.OSFile(str(path)), kind) as stream:
                head = stream.read(32)
        except OSError:
            raise AssetRejected("is a damaged .blend file") from None
    found = re.match(rb"BLENDER(?:\d\d)?[-_](?:\d\d)?[vV](\d{3,4})", head)
    if found is None:
        raise AssetRejected("is no .blend file")
    return divmod(int(found[1]), 100)


def _beside(name: str, path: Path, inside: Path) -> Path:
    """A file that `path` names. Raises `AssetRejected` when it is missing or outside of `inside`."""
    if PurePosixPath(name).is_absolute() or re.match(r"[A-Za-z]:", name):
        raise AssetRejected(f"{path.name} names {name}, expected a path beside it")
    found = path.parent / name
    if not found.resolve().is_relative_to(inside.resolve()):
        raise AssetRejected(f"{path.name} names {name}, which lies outside of its source")
    if not found.is_file():
        raise AssetRejected(f"{path.name} needs {name}, which is missing")
    return found


Check = Callable[[Path, Path], Contents]
