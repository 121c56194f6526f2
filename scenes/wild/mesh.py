"""Blender meshes from the pieces of a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bpy
import numpy as np

from synthgen.blender.stage.board import add_board_coordinates
from synthgen.blender.stage.mesh import MeshBuilder

from .solids.solid import Solid


def mesh_of(
    pieces: Sequence[Solid],
    name: str,
    materials: Mapping[str, bpy.types.Material],
    boards: np.random.Generator | None,
) -> bpy.types.Mesh:
    """The mesh of a thing.

    Parameters
    ----------
    materials : by part
    boards : draws where each piece was cut from, for materials that follow it; None where there are none
    """
    builder = MeshBuilder()
    for piece in pieces:
        # One block of points for each piece: faces of all sizes share them.
        start = 0
        for number, faces in enumerate(piece.faces):
            points = piece.points if number == 0 else np.empty((0, 3))
            uvs = None if piece.uvs is None else piece.uvs[number]
            builder.faces(points, faces - start, piece.part, smooth=piece.smooth, uvs=uvs)
            start = len(piece.points)
    mesh = builder.to_mesh(name, materials)
    if boards is not None:
        add_board_coordinates(mesh, boards)
    return mesh
