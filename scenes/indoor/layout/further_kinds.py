"""What stands in hallways, classrooms and attics, and what is built in: rows of the catalogue, the places
that carry things, the room that things take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .kinds import Box, Kind, Size, Surface

KINDS: dict[str, Kind] = {
    # built in
    "column": Kind("column", (0.22, 0.45), None, (2.0, 6.0), "free"),
    "half_wall": Kind("wall", (0.1, 0.16), (0.7, 1.7), (0.85, 1.25), "wall"),
    "chimney_breast": Kind("wall", (1.1, 1.7), (0.42, 0.6), (2.0, 6.0), "wall", 0.5),
    "niche": Kind("wall", (0.35, 1.0), (0.11, 0.15), (0.4, 1.4), "in_wall"),
    "cable": Kind("object", (0.08, 0.08), (0.012, 0.012), (0.08, 0.08), "wall_mounted"),
    # hallways
    "coat_rack": Kind("rack", (0.6, 1.3), (0.06, 0.28), (0.09, 0.32), "wall_mounted"),
    "coat": Kind("clothes", (0.40, 0.56), (0.13, 0.20), (0.72, 1.12), "wall_mounted"),
    "hanging_bag": Kind("bag", (0.26, 0.38), (0.09, 0.14), (0.5, 0.8), "wall_mounted"),
    "coat_stand": Kind("rack", (0.46, 0.58), None, (1.68, 1.85), "corner"),
    "hat": Kind("clothes", (0.27, 0.34), (0.25, 0.30), (0.10, 0.14), "surface", moved=True),
    "shoe_cabinet": Kind("cabinet", (0.6, 1.2), (0.19, 0.36), (0.80, 1.15), "wall", 0.5),
    "shoe_bench": Kind("bench", (0.7, 1.1), (0.32, 0.38), (0.44, 0.50), "wall", 0.5),
    "console_table": Kind("table", (0.8, 1.35), (0.28, 0.38), (0.74, 0.86), "wall", 0.45),
    "umbrella_stand": Kind("umbrella", (0.22, 0.30), None, (0.72, 0.92), "corner"),
    "shoes": Kind("shoes", (0.21, 0.26), (0.27, 0.30), (0.09, 0.34), "free", moved=True),
    "tote_bag": Kind("bag", (0.30, 0.42), (0.12, 0.18), (0.30, 0.46), "free", moved=True),
    # classrooms
    "school_desk": Kind("desk", (0.65, 1.35), (0.5, 0.56), (0.70, 0.76), "free"),
    "school_chair": Kind("chair", (0.40, 0.45), (0.46, 0.52), (0.78, 0.86), "free", moved=True),
    "board": Kind("board", (1.8, 4.4), (0.09, 0.12), (1.15, 1.32), "wall_mounted"),
    "poster": Kind("picture", (0.35, 1.1), (0.003, 0.02), (0.45, 1.2), "wall_mounted"),
    "backpack": Kind("bag", (0.28, 0.36), (0.18, 0.24), (0.38, 0.48), "free", moved=True),
    "paper_bin": Kind("bin", (0.24, 0.32), None, (0.28, 0.40), "corner"),
    "globe": Kind("object", (0.26, 0.34), None, (0.36, 0.46), "surface"),
    "pen_cup": Kind("cup", (0.075, 0.095), None, (0.16, 0.20), "surface"),
    "notebook": Kind("book", (0.15, 0.22), (0.21, 0.30), (0.006, 0.016), "surface", moved=True),
    "strip_light": Kind("ceiling_light", (1.1, 1.55), (0.12, 0.32), (0.05, 0.9), "ceiling"),
    # attics
    "trunk": Kind("box", (0.72, 1.05), (0.42, 0.55), (0.42, 0.56), "free", moved=True),
    "suitcase": Kind("suitcase", (0.52, 0.72), (0.36, 0.46), (0.17, 0.25), "free", moved=True),
    "crate": Kind("box", (0.42, 0.60), (0.30, 0.40), (0.24, 0.34), "free", moved=True),
    "moving_box": Kind("box", (0.38, 0.62), (0.32, 0.44), (0.28, 0.42), "free", moved=True),
    "rolled_rug": Kind("rug", (1.2, 1.9), (0.17, 0.24), (0.17, 0.24), "free", moved=True),
}

EDGE_M = 0.02
MANTEL_M = 0.16
"""How far the shelf and the frame of a fireplace stand out from their chimney breast."""


def _top(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    x, y = w / 2 - EDGE_M, d / 2 - EDGE_M
    return [Surface(-x, x, -y, y, h, 0.9, "top")]


def _mantel(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    if "mantel_z_m" not in params:
        return []
    w, d, _ = size_m
    reach = 0.42 * w
    return [
        Surface(
            -reach, reach, -d / 2 + 0.01, -d / 2 + MANTEL_M - 0.01, float(params["mantel_z_m"]), 0.4, "mantel"
        )
    ]


def _niche(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    free = 0.7 * h if params.get("arched") else h
    return [Surface(-w / 2 + 0.02, w / 2 - 0.02, -d / 2 + 0.004, d / 2 - 0.006, 0.0, free - 0.02, "niche")]


def _hat_shelf(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    if d < 0.12:
        return []
    return [Surface(-w / 2 + 0.02, w / 2 - 0.02, -d / 2 + 0.01, d / 2 - 0.01, h, 0.4, "hats")]


def _shoe_board(size_m: Size, params: Mapping[str, Any]) -> list[Surface]:
    w, d, h = size_m
    return [
        Surface(-w / 2 + 0.05, w / 2 - 0.05, -d / 2 + 0.01, d / 2 - 0.02, 0.16, 0.2, "shoes"),
        Surface(-w / 2 + 0.03, w / 2 - 0.03, -d / 2 + 0.03, d / 2 - 0.03, h, 0.6, "seat"),
    ]


SURFACES: dict[str, Callable[[Size, Mapping[str, Any]], list[Surface]]] = {
    "console_table": _top,
    "shoe_cabinet": _top,
    "half_wall": _top,
    "school_desk": _top,
    "trunk": _top,
    "moving_box": _top,
    "chimney_breast": _mantel,
    "niche": _niche,
    "coat_rack": _hat_shelf,
    "shoe_bench": _shoe_board,
}


def _school_desk(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    # Legs in the corners and a shelf below the top; a chair goes under it from the front.
    w, d, h = size_m
    x, y = w / 2, d / 2
    return [(-x, x, -y, y, h - 0.16, h), (-x, -x + 0.06, -y, y, 0.0, h), (x - 0.06, x, -y, y, 0.0, h)]


def _school_chair(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    x, y, seat = w / 2, d / 2, float(params.get("seat_z_m", 0.44))
    return [(-x, x, -y, y, 0.0, seat + 0.02), (-x, x, y - 0.12, y, 0.0, h)]


def _chimney(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, h = size_m
    x, y = w / 2, d / 2
    if "mantel_z_m" not in params:
        return [(-x, x, -y, y, 0.0, h)]
    front = -y + MANTEL_M
    return [(-x, x, front, y, 0.0, h), (-x, x, -y, front, 0.0, float(params["mantel_z_m"]))]


def _niche_box(size_m: Size, params: Mapping[str, Any]) -> list[Box]:
    w, d, _ = size_m
    return [(-w / 2, w / 2, -d / 2, d / 2, -0.02, 0.0)]


SOLIDS: dict[str, Callable[[Size, Mapping[str, Any]], list[Box]]] = {
    "school_desk": _school_desk,
    "school_chair": _school_chair,
    "chimney_breast": _chimney,
    "niche": _niche_box,
}
