"""USD stages of boxes, written as text: no exporter stands between a test and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gltf_files import Box

CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
FACES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
SUN = 'def DistantLight "Sun" {\n    float inputs:intensity = 3\n}'


def write_usd(
    path: Path, boxes: Sequence[Box], *prims: str, unit_m: float = 1.0, up: str = "Z", layers: str = ""
) -> Path:
    """A stage of boxes that are given in metres with z up, and of further prims.

    Parameters
    ----------
    unit_m : metres of a unit of the file
    up : Z or Y
    layers : what stands in its list of sublayers
    """

    def said(point: Sequence[float]) -> str:
        x, y, z = (value / unit_m for value in point)
        return f"({x!r}, {y!r}, {z!r})" if up == "Z" else f"({x!r}, {z!r}, {-y!r})"

    head = (
        f'#usda 1.0\n(\n    metersPerUnit = {unit_m!r}\n    upAxis = "{up}"\n    subLayers = [{layers}]\n)\n'
    )
    meshes = []
    for name, size, centre in boxes:
        points = [[m + step * s for m, step, s in zip(centre, corner, size)] for corner in CORNERS]
        meshes.append(
            f'def Mesh "{name}" {{\n'
            f"    int[] faceVertexCounts = {[4] * len(FACES)}\n"
            f"    int[] faceVertexIndices = {[corner for face in FACES for corner in face]}\n"
            f"    point3f[] points = [{', '.join(said(point) for point in points)}]\n"
            '    uniform token subdivisionScheme = "none"\n'
            "}"
        )
    path.write_text("\n".join([head, *meshes, *prims, ""]), encoding="utf-8")
    return path


def usd_camera(name: str, place: Sequence[float], turn_deg: Sequence[float], focal: float = 24.0) -> str:
    """A camera with a film of 36 x 24; lengths of the film are in tenths of a unit, of all in the same."""
    return (
        f'def Camera "{name}" {{\n'
        f"    float focalLength = {focal}\n"
        "    float horizontalAperture = 36\n    float verticalAperture = 24\n"
        f"    double3 xformOp:translate = {tuple(place)}\n"
        f"    float3 xformOp:rotateXYZ = {tuple(turn_deg)}\n"
        '    uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateXYZ"]\n'
        "}"
    )
