"""Board coordinates: for every vertex, where it lies in the piece of wood that its part was cut from.

A table is many boards, and the grain of each runs along its own length. A mesh knows its parts: faces that
share vertices belong together (`MeshBuilder.box` welds its corners). Textures read the mesh attribute.
"""

from __future__ import annotations

import bpy
import numpy as np

BOARD_ATTRIBUTE = "board"
_PREFERENCE = np.array([1.0, 0.98, 1.02])  # a cube is no board: ties go to the upright, then to x


def add_board_coordinates(mesh: bpy.types.Mesh, rng: np.random.Generator) -> None:
    """Write the vector attribute `board`: metres, x along the longest side of the vertex's part.

    The origin differs from part to part, so that no two boards show the same grain.
    """
    points = np.empty((len(mesh.vertices), 3), dtype=np.float32)
    mesh.vertices.foreach_get("co", points.ravel())
    edges = np.empty((len(mesh.edges), 2), dtype=np.int32)
    mesh.edges.foreach_get("vertices", edges.ravel())
    coordinates = board_coordinates(points, edges, rng)
    attribute = mesh.attributes.new(BOARD_ATTRIBUTE, "FLOAT_VECTOR", "POINT")
    attribute.data.foreach_set("vector", coordinates.astype(np.float32).ravel())


def board_coordinates(points: np.ndarray, edges: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Board coordinates (n, 3) of points (n, 3), metres, whose parts are joined by edges (m, 2)."""
    part = parts(len(points), edges)
    count = int(part.max()) + 1 if len(part) else 0
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    np.minimum.at(low, part, points)
    np.maximum.at(high, part, points)
    longest = ((high - low) * _PREFERENCE).argmax(axis=1)
    order = (longest[:, None] + np.arange(3)) % 3
    origin = rng.uniform(0.0, 40.0, (count, 3))
    return np.take_along_axis(points, order[part], axis=1) + origin[part]


def parts(count: int, edges: np.ndarray) -> np.ndarray:
    """The connected part of each of `count` vertices: (count,) int64, numbered by first vertex."""
    label = np.arange(count)
    while len(edges):
        low = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
        joined = label.copy()
        np.minimum.at(joined, edges[:, 0], low)
        np.minimum.at(joined, edges[:, 1], low)
        np.minimum.at(joined, label[edges[:, 0]], low)  # hook whole trees, so that long strips join quickly
        np.minimum.at(joined, label[edges[:, 1]], low)
        joined = joined[joined]
        if np.array_equal(joined, label):
            break
        label = joined
    return np.unique(label, return_inverse=True)[1].ravel()
