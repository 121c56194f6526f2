"""Cases that hold things: shelves, cabinets, wardrobes, dressers. Lengths are metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from synthgen.blender.stage.mesh import MeshBuilder
from synthgen.blender.stage.solids import rounded_rectangle

from .forms import Size
from .fronts import Bay, Grid, Look, draw_look, fill_grid, front
from .legs import case_feet, chosen, four, rail, timber

BOARD = 0.02


def boards_of(size_m: Size, params: dict, first: float) -> list[float]:
    """The upper sides of the boards: `params["board_z_m"]`, else evenly spread up to h."""
    given = params.get("board_z_m")
    if given:
        return [float(z) for z in given]
    count = max(2, round((size_m[2] - first) / 0.34))
    return [first + (size_m[2] - first) * index / count for index in range(count)]


def bookshelf(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A shelf unit: a plain case, a framed one with mouldings, a steel rack, or a ladder frame of wood."""
    designs = {
        "case": "",
        "framed": "classic rustic",
        "rack": "modern rustic",
        "posts": "scandinavian modern rustic",
    }
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    boards = boards_of(size_m, params, 0.08)
    builder = MeshBuilder()
    x, y = w / 2, d / 2
    backed = bool(rng.random() < 0.75)
    back_material = "painted_wood" if material != "painted_wood" and rng.random() < 0.2 else material
    if design in ("case", "framed"):
        for side in (-1, 1):
            low, high = sorted((side * x, side * (x - BOARD)))
            builder.block((low, -y, 0), (high, y, h), material, bevel=0.0015)
        for z in boards:
            if z < h - 0.001:
                builder.block(
                    (-x + BOARD, -y + 0.002, z - BOARD), (x - BOARD, y - 0.008, z), material, bevel=0.0015
                )
        builder.block((-x + BOARD, -y, h - BOARD), (x - BOARD, y, h), material, bevel=0.0015)
        if backed:
            low = max(boards[0] - BOARD, 0.0)
            builder.block(
                (-x + BOARD, y - 0.008, low), (x - BOARD, y - 0.001, h - BOARD), back_material, bevel=0
            )
        if boards[0] > 0.045:
            builder.block((-x + BOARD, -y + 0.015, 0), (x - BOARD, -y + 0.031, boards[0] - BOARD), material)
        if design == "framed":
            stile = 0.035
            for side in (-1, 1):
                low, high = sorted((side * (x - 0.002), side * (x - stile)))
                builder.block((low, -y, boards[0]), (high, -y + 0.016, h - BOARD), material)
            builder.block((-x + stile, -y, h - BOARD - 0.05), (x - stile, -y + 0.016, h - BOARD), material)
        return builder
    metal = str(rng.choice(["metal", "metal", "brass"])) if design == "rack" else material
    post = 0.02 if design == "rack" else 0.03
    for cx, cy in four(x - BOARD / 2, y - post / 2):
        builder.box(
            (BOARD, post, h - BOARD),
            (cx, cy, (h - BOARD) / 2),
            metal,
            bevel=0.002,
        )
    levels = [z for z in boards if z < h - 0.001] + [h]
    for z in levels:
        top = z == h
        inset = 0.0 if top else BOARD
        builder.block(
            (-x + inset, -y if top else -y + 0.003, z - BOARD),
            (x - inset, y if top else y - 0.003, z),
            material,
            bevel=0.0015,
        )
    for z in levels[:-1]:
        for side in (-1, 1):
            builder.box(
                (0.012, d - 2 * post, 0.014), (side * (x - BOARD / 2), 0, z - BOARD / 2), metal, bevel=0.001
            )
    if design == "rack":
        for low, high in ((-x + BOARD / 2, x - BOARD / 2), (x - BOARD / 2, -x + BOARD / 2)):
            rail(
                builder,
                (low, y - 0.004, 0.1),
                (high, y - 0.004, h - 0.1),
                (0.004, 0.014),
                metal,
                rounding=0.001,
            )
    return builder


def wall_shelf(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A shelf on the wall: boards between panels, on brackets, on a steel frame, or hung on rods."""
    w, d, h = size_m
    boards = boards_of(size_m, params, BOARD)
    designs = {
        "box": "",
        "brackets": "classic rustic scandinavian",
        "frame": "modern rustic",
        "strings": "scandinavian modern",
    }
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    builder = MeshBuilder()
    x, y = w / 2, d / 2
    levels = sorted({*(z for z in boards if z < h - 0.001), h})
    if design == "box":
        for side in (-1, 1):
            low, high = sorted((side * x, side * (x - BOARD)))
            builder.block((low, -y, 0), (high, y, h), material, bevel=0.0015)
        for z in levels:
            builder.block((-x + BOARD, -y + 0.001, z - BOARD), (x - BOARD, y, z), material, bevel=0.0015)
        if rng.random() < 0.6:
            builder.block((-x + BOARD, y - 0.008, 0.0), (x - BOARD, y, h - BOARD), material, bevel=0)
        return builder
    for z in levels:
        builder.block((-x, -y, z - BOARD), (x, y, z), material, bevel=0.002)
    metal = str(rng.choice(["metal", "brass", "metal_brushed"]))
    at = x - (0.008 if design == "strings" else min(0.12, 0.18 * w))
    for side in (-at, at):
        if design == "brackets":
            builder.block((side - 0.0125, y - 0.012, 0.0), (side + 0.0125, y, h - BOARD), metal, bevel=0.001)
            for z in levels:
                drop = min(0.14, 0.7 * d, z - BOARD - 0.014)
                if drop < 0.03:
                    continue
                a = np.linspace(0, np.pi / 2, 9)
                arc = np.column_stack(
                    [
                        np.full(9, side),
                        y - 0.01 - d * 0.75 * (1 - np.cos(a)),
                        z - BOARD - 0.006 - drop * (1 - np.sin(a)) * 0.95,
                    ]
                )
                builder.tube(arc, 0.006, metal, segments=8)
        elif design == "frame":
            for edge in (-y + 0.008, y - 0.008):
                builder.box((0.016, 0.016, h - BOARD), (side, edge, (h - BOARD) / 2), metal, bevel=0.001)
            for z in levels:
                builder.box(
                    (0.016, d - 0.016, 0.012),
                    (side, 0, z - BOARD - 0.006 if z > BOARD + 0.012 else 0.006),
                    metal,
                    bevel=0.001,
                )
        else:
            for edge in (-y + 0.02, y - 0.02):
                builder.tube([(side, edge, 0.0), (side, edge, h - BOARD / 2)], 0.004, metal, segments=8)
    low = builder.bounds()[0][2]
    if low > 1e-6:  # a lone board: its cleat reaches down to the bottom of the box
        builder.block((-x + 0.05, y - 0.014, 0.0), (x - 0.05, y, h - BOARD), material)
    return builder


def _columns(rng: np.random.Generator, width: float, kinds: Sequence[str]) -> list[list[Bay]]:
    """Columns of about 45 cm, laid out symmetrically."""
    count = max(1, round(width / 0.46))
    half = [kinds[int(rng.integers(len(kinds)))] for _ in range((count + 1) // 2)]
    names = [*half, *half[::-1][count % 2 :]]
    columns = []
    for index, name in enumerate(names):
        hinge = "door" if index < count / 2 else "door_right"
        if name == "drawers":
            columns.append([Bay("drawer", 1.0)] * 3)
        elif name == "mixed":
            columns.append([Bay("drawer", 1.0), Bay(hinge, 2.4)])
        elif name == "open":
            columns.append([Bay("open", 1.0), Bay("open", 1.0)])
        else:
            columns.append([Bay(hinge, 1.0)])
    return columns


_FEET = {
    "tapered": "scandinavian modern",
    "plinth": "modern classic",
    "sled": "modern",
    "bracket": "classic rustic",
    "hairpin": "modern scandinavian",
    "block": "rustic classic",
}


def _case(
    size_m: Size,
    rng: np.random.Generator,
    params: dict,
    columns: list[list[Bay]],
    feet_height: tuple[float, float],
    look: Look | None = None,
) -> MeshBuilder:
    """A case on feet with a slab on top that fills the box."""
    w, d, h = size_m
    material = timber(rng, params)
    look = look or draw_look(rng, material, params)
    feet = chosen(
        rng,
        {**params, "variant": params.get("feet")}
        if params.get("feet")
        else {"style": params.get("style", "")},
        _FEET,
    )
    lift = float(rng.uniform(*feet_height)) * (0.5 if feet in ("plinth", "bracket", "block") else 1.0)
    lift = max(lift, 0.05)
    builder = MeshBuilder()
    slab = float(rng.choice([0.018, 0.022, 0.028]))
    flush = look.handle == "groove"
    overhang = 0.0 if flush else float(rng.choice([0.0, 0.008]))
    top = material if rng.random() < 0.85 else str(rng.choice(["marble", "wood", "wood_dark"]))
    outline = rounded_rectangle(w, d, 0.006)
    builder.prism(outline, h - slab, h, top, bevel=0.002)
    gap = 0.0 if flush else 0.004
    grid = Grid(
        -w / 2 + overhang + 0.001,
        w / 2 - overhang - 0.001,
        lift,
        h - slab - gap,
        -d / 2 + 0.001,
        d / 2 - 0.002,
    )
    if gap:
        builder.block(
            (grid.x0 + 0.01, -d / 2 + 0.05, h - slab - gap),
            (grid.x1 - 0.01, d / 2 - 0.01, h - slab),
            material,
            bevel=0,
        )
    fill_grid(builder, rng, grid, columns, material, params, look=look)
    base = MeshBuilder()
    case_feet(
        base,
        rng,
        feet,
        w - 2 * overhang,
        d - 0.03,
        lift,
        material if feet != "plinth" else "plastic_dark" if rng.random() < 0.3 else material,
    )
    move = np.eye(4)
    move[1, 3] = 0.013
    return builder.merge(base, move)


def cabinet(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A sideboard with doors, drawers and open bays."""
    kinds = ("door", "door", "drawers", "mixed", "open") if rng.random() < 0.7 else ("door",)
    columns = _columns(rng, size_m[0], kinds)
    if all(bay.kind == "open" for column in columns for bay in column):
        columns[0] = columns[-1] = [Bay("door", 1.0)]
    return _case(size_m, rng, params, columns, (0.1, 0.2))


def dresser(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A chest of drawers."""
    w, _, h = size_m
    rows = max(3, round(h / 0.24))
    graded = rng.random() < 0.5
    shares = [1.0 + (0.14 * row if graded else 0.0) for row in range(rows)]
    if w > 1.05:
        columns = [[Bay("drawer", share) for share in shares]] * (3 if w > 1.5 else 2)
    else:
        columns = [[Bay("drawer", share) for share in shares]]
    return _case(size_m, rng, params, columns, (0.1, 0.18))


def tv_stand(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A low board for a television: open bays in the middle, doors or drawers beside them."""
    w = size_m[0]
    side = [[Bay("drawer", 1.0), Bay("drawer", 1.0)], [Bay("door", 1.0)], [Bay("drawer", 1.0)]][
        int(rng.integers(3))
    ]
    right = [replace(bay, kind="door_right") if bay.kind == "door" else bay for bay in side]
    middle = [
        [Bay("open", 1.0, 1.3)],
        [Bay("open", 1.0, 1.3), Bay("drawer", 1.2)],
        [Bay("open", 1.0, 1.3), Bay("open", 1.0)],
    ]
    middle = middle[int(rng.integers(3))]
    columns = [side, middle, right] if w < 1.7 else [side, middle, middle, right]
    if w < 1.0:
        columns = [side, middle]
    return _case(size_m, rng, params, columns, (0.08, 0.16))


def wardrobe(size_m: Size, rng: np.random.Generator, params: dict) -> MeshBuilder:
    """A wardrobe with hinged doors, drawers below them or not, or two sliding doors."""
    designs = {"hinged": "", "drawers": "classic rustic scandinavian", "sliding": "modern scandinavian"}
    design = chosen(rng, params, designs)
    material = timber(rng, params)
    w, d, h = size_m
    style = str(params.get("style", ""))
    fronts = {
        "modern": ("flat", "flat", "mirror", "slats"),
        "classic": ("shaker", "beaded"),
        "rustic": ("shaker", "louvre", "beaded"),
        "scandinavian": ("flat", "shaker", "rattan", "mirror"),
    }.get(style, ("flat", "shaker", "beaded", "louvre", "slats"))
    handles = ("bar", "knob", "ball") if style != "modern" else ("bar", "rail", "bar")
    look = draw_look(rng, material, params)
    look = replace(look, front=fronts[int(rng.integers(len(fronts)))], handle=handles[int(rng.integers(3))])
    builder = MeshBuilder()
    x, y = w / 2, d / 2
    plinth = 0.07
    if design == "sliding":
        t, front_y = 0.02, -y
        for low, high in ((-x, -x + 0.025), (x - 0.025, x)):
            builder.block((low, front_y, 0), (high, y, h), material)
        builder.block((-x + 0.025, front_y, h - 0.06), (x - 0.025, y, h), material)
        builder.block((-x + 0.025, front_y + 0.004, 0), (x - 0.025, y, plinth), material)
        builder.block((-x + 0.025, y - 0.02, plinth), (x - 0.025, y, h - 0.06), material, bevel=0)
        a, b, mid = -x + 0.027, x - 0.027, 0.02
        kinds = [
            look.front if look.front in ("flat", "slats", "mirror") else "flat",
            "mirror" if rng.random() < 0.5 else "flat",
        ]
        for index, (left, right) in enumerate(((a, mid), (-mid, b))):
            face = front_y + 0.008 + index * (t + 0.006)
            front(
                builder, (left, right, plinth + 0.003, h - 0.063), face, t, kinds[index], look.front_material
            )
            edge = left + 0.03 if index == 0 else right - 0.03
            if kinds[index] == "flat":
                builder.block(
                    (edge - 0.011, face - 0.003, h * 0.42),
                    (edge + 0.011, face + 0.003, h * 0.58),
                    look.metal,
                    bevel=0.001,
                )
        return builder
    cornice = 0.05 if style in ("classic", "rustic", "") and rng.random() < 0.6 else 0.0
    if cornice:
        builder.block((-x, -y, h - 0.022), (x, y, h), material, bevel=0.004)
        builder.block((-x + 0.008, -y + 0.012, h - cornice), (x - 0.008, y, h - 0.022), material, bevel=0.008)
    inset = 0.016 if cornice else 0.0
    top = h - (cornice or 0.018)
    if not cornice:
        builder.block((-x, -y, h - 0.018), (x, y, h), material)
    builder.block((-x + inset + 0.005, -y + 0.045, 0), (x - inset - 0.005, y - 0.005, plinth), material)
    count = 2 * max(1, round(w / 1.0)) if w > 0.7 else 1
    columns: list[list[Bay]] = []
    for index in range(count):
        door = "door" if index % 2 == 0 else "door_right"
        columns.append([Bay(door, 1.0)])
    grid = Grid(-x + inset, x - inset, plinth, top, -y + 0.001, y - 0.002)
    if design == "drawers":
        chest = float(rng.uniform(0.22, 0.3)) * (h if h < 1.5 else 1.6)
        low = replace(grid, z1=plinth + chest)
        grid = replace(grid, z0=plinth + chest)
        rows = [Bay("drawer", 1.0)] * (2 if chest > 0.4 else 1)
        plain = replace(look, front=look.front if look.front in ("shaker", "beaded") else "flat")
        fill_grid(builder, rng, low, [rows] * max(1, round(w / 1.0)), material, params, look=plain)
    fill_grid(builder, rng, grid, columns, material, params, look=look)
    return builder


KINDS: dict[str, Callable[..., MeshBuilder]] = {
    "bookshelf": bookshelf,
    "cabinet": cabinet,
    "wardrobe": wardrobe,
    "dresser": dresser,
    "tv_stand": tv_stand,
    "wall_shelf": wall_shelf,
}
