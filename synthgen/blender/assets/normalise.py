"""One clean mesh out of all that a file held: joined, in its place, in metres, without loose ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy  # isort: skip  # it brings bmesh and mathutils
import bmesh
import numpy as np
from mathutils import Matrix, Vector

from synthgen.assets.record import AssetRecord, AssetRejected
from synthgen.assets.sizes import ANY, SIZES, metres_per_unit
from synthgen.blender.compat import node_tree

SURFACES = ("MESH", "CURVE", "SURFACE", "META", "FONT")
MOST_UV = 1e5
"""Largest texture coordinate: beyond it float32 no longer tells pixels apart."""
LEAST_AREA = 1e-12
"""Faces smaller than this share of the squared diagonal are no faces."""
MOST_STRETCH = 1.6
"""How much more than another a direction may be stretched to the size that the source states."""
LEVEL_M = 0.005
"""What a top may be off its height and still count as level."""
GRID = 20
"""Rays along each side of a top."""


@dataclass(slots=True)
class Changes:
    """What was done to a model, in words, in the order in which it was done."""

    made: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Add one."""
        self.made.append(text)


def joined_mesh(scene: bpy.types.Scene, name: str, changes: Changes) -> bpy.types.Mesh:
    """One mesh of all surfaces that a scene shows, in world coordinates, modifiers and instances made real.

    Raises
    ------
    AssetRejected
        When there are none, or a coordinate is no finite number.
    """
    dropped = sorted({made.type.lower() for made in scene.objects if made.type in ("CAMERA", "LIGHT")})
    for kind in dropped:
        changes.note(f"left out: {kind}s")
    layer = scene.view_layers[0]
    layer.update()
    parts = []
    for shown in layer.depsgraph.object_instances:
        made = shown.object
        if made.type not in SURFACES or made.original.hide_render:
            continue
        mesh = bpy.data.meshes.new_from_object(made, preserve_all_data_layers=True, depsgraph=layer.depsgraph)
        mesh.transform(shown.matrix_world)
        if shown.matrix_world.determinant() < 0:
            mesh.flip_normals()
        _check_finite(mesh)  # before Blender makes zeros of them
        if mesh.validate(clean_customdata=False):
            changes.note("mended: indices that lead nowhere")
        if len(mesh.polygons):
            _fill_slots(mesh)
            _name_uv(mesh)
            parts.append(bpy.data.objects.new(name, mesh))
    if not parts:
        raise AssetRejected("has no surfaces")
    for part in parts:
        scene.collection.objects.link(part)
    first = parts[0]
    if len(parts) > 1:
        with bpy.context.temp_override(
            active_object=first, object=first, selected_objects=parts, selected_editable_objects=parts
        ):
            bpy.ops.object.join()
    mesh = first.data
    mesh.name = name
    return mesh


def _check_finite(mesh: bpy.types.Mesh) -> None:
    if not np.isfinite(vertices(mesh)).all():
        raise AssetRejected("is damaged: a coordinate is no finite number")


def _fill_slots(mesh: bpy.types.Mesh) -> None:
    """Faces without a material get a neutral one, with the colours of the vertices where there are some."""
    if not mesh.materials:
        mesh.materials.append(None)
    for index, material in enumerate(mesh.materials):
        if material is None:
            mesh.materials[index] = _neutral(mesh)


def _neutral(mesh: bpy.types.Mesh) -> bpy.types.Material:
    material = bpy.data.materials.new("neutral")
    tree = node_tree(material)
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (0.5, 0.5, 0.5, 1.0)
    shader.inputs["Roughness"].default_value = 0.6
    if len(mesh.color_attributes):
        colours = tree.nodes.new("ShaderNodeVertexColor")
        colours.layer_name = mesh.color_attributes.active_color_name or mesh.color_attributes[0].name
        tree.links.new(colours.outputs["Color"], shader.inputs["Base Color"])
    return material


def _name_uv(mesh: bpy.types.Mesh) -> None:
    """Call the map that textures use by one name, so that those of joined parts become one map."""
    shown = next((layer for layer in mesh.uv_layers if layer.active_render), None)
    named = {
        node.uv_map
        for material in mesh.materials
        if material.node_tree is not None
        for node in material.node_tree.nodes
        if node.type in ("UVMAP", "NORMAL_MAP", "TANGENT")
    }
    if shown is not None and shown.name not in named and "UVMap" not in mesh.uv_layers:
        shown.name = "UVMap"


def clean(mesh: bpy.types.Mesh, changes: Changes) -> None:
    """Remove faces without area, and points and edges that belong to no face; mend texture coordinates.

    Raises
    ------
    AssetRejected
        When no face is left.
    """
    points = vertices(mesh)
    diagonal = float(np.linalg.norm(points.max(axis=0) - points.min(axis=0))) if len(points) else 0.0
    areas = np.empty(len(mesh.polygons), dtype=np.float32)
    mesh.polygons.foreach_get("area", areas)
    corners = np.empty(len(mesh.loops), dtype=np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    flat = np.flatnonzero(areas <= LEAST_AREA * diagonal**2)
    loose = len(points) - len(np.unique(corners))
    if len(flat) or loose:
        work = bmesh.new()
        work.from_mesh(mesh)
        work.faces.ensure_lookup_table()
        bmesh.ops.delete(work, geom=[work.faces[index] for index in flat], context="FACES_ONLY")
        bmesh.ops.delete(work, geom=[edge for edge in work.edges if not edge.link_faces], context="EDGES")
        bmesh.ops.delete(work, geom=[each for each in work.verts if not each.link_faces], context="VERTS")
        work.to_mesh(mesh)
        work.free()
        gone = len(points) - len(mesh.vertices)
        changes.note(f"removed: {len(flat)} faces without area, {gone} loose points")
    if not len(mesh.polygons):
        raise AssetRejected("has no surfaces, only faces without area")
    for layer in mesh.uv_layers:
        _mend_uv(layer, changes)


def _mend_uv(layer: bpy.types.MeshUVLoopLayer, changes: Changes) -> None:
    """Put 0 for texture coordinates that are no numbers, or so large that Cycles makes light of them."""
    values = np.empty(2 * len(layer.uv), dtype=np.float32)
    layer.uv.foreach_get("vector", values)
    wrong = ~(np.abs(values) <= MOST_UV)
    if wrong.any():
        layer.uv.foreach_set("vector", np.where(wrong, np.float32(0.0), values))
        changes.note(f"mended: {np.count_nonzero(wrong.reshape(-1, 2).any(axis=1))} texture coordinates")


def place(mesh: bpy.types.Mesh, record: AssetRecord, changes: Changes) -> np.ndarray:
    """Turn, scale and move a mesh to metres, z up, front -y, the middle of its base at the origin.

    Returns
    -------
    (3,) width, depth and height in metres

    Raises
    ------
    AssetRejected
        When its axes contradict each other, or its size is not one that things of its class have.
    """
    turn = np.eye(3) if record.rotation is None else np.array(record.rotation).reshape(3, 3)
    turn = turned_upright(record.up, record.front) @ turn
    points = vertices(mesh) @ turn.T
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _scale(high - low, record, changes)
    centre = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    placed_from_file = np.eye(4)
    placed_from_file[:3, :3] = scale[:, None] * turn
    placed_from_file[:3, 3] = -scale * centre
    mesh.transform(Matrix(placed_from_file.tolist()))
    mesh.update()
    return (high - low) * scale


def turned_upright(up: str, front: str) -> np.ndarray:
    """(3, 3) the rotation that turns two axes of a model, such as "+z" and "-y", to +z and -y.

    Raises
    ------
    AssetRejected
        When both are the same axis.
    """
    up_, front_ = _axis(up), _axis(front)
    if up_ @ front_ != 0:
        raise AssetRejected(f"expected 'up' and 'front' along different axes (got {up} and {front})")
    return np.stack([np.cross(up_, front_), -front_, up_])


def _axis(name: str) -> np.ndarray:
    return np.array([float(name[1] == axis) for axis in "xyz"]) * (1.0 if name[0] == "+" else -1.0)


def _scale(size: np.ndarray, record: AssetRecord, changes: Changes) -> np.ndarray:
    """(3,) factors to metres, by what the source says, else by the size of things of the class."""
    plausible = SIZES.get(record.category or "", ANY)
    if record.size_m is not None:
        thick = size > 1e-6 * size.max()
        factors = np.divide(record.size_m, size, out=np.full(3, np.nan), where=thick)
        stretch = float(np.nanmax(factors) / np.nanmin(factors))
        if stretch > MOST_STRETCH:
            shown = " x ".join(f"{length:.3g}" for length in size)
            stated = " x ".join(f"{length:.3g}" for length in record.size_m)
            raise AssetRejected(f"has not the proportions of its stated size, {shown} against {stated} m")
        factors[~thick] = np.nanmean(factors)
        if abs(float(np.nanmean(factors)) - 1.0) > 0.01 or stretch > 1.01:
            changes.note(f"scaled: by {' x '.join(f'{each:.4g}' for each in factors)} to its stated size")
    elif record.unit_m is not None:
        factors = np.full(3, record.unit_m)
        changes.note(f"scaled: by {record.unit_m:g}, its stated unit") if record.unit_m != 1 else None
    else:
        factor, unit = metres_per_unit(tuple(size), record.category)
        if unit is not None:
            changes.note(f"scaled: by {factor:.4g}, since its size is one in {unit}")
        return np.full(3, factor)
    made = size * factors
    if not plausible.holds(made):
        shown = " x ".join(f"{length:.3g}" for length in made)
        raise AssetRejected(f"size {shown} m is no {record.category or 'thing'}; is its class right?")
    return factors


def decimate(mesh: bpy.types.Mesh, most: int, scene: bpy.types.Scene, changes: Changes) -> bpy.types.Mesh:
    """A mesh of about `most` triangles, made in a scratch scene; the same one where it has no more."""
    count = triangles(mesh)
    if count <= most:
        return mesh
    holder = bpy.data.objects.new("decimated", mesh)
    scene.collection.objects.link(holder)
    modifier = holder.modifiers.new("decimate", "DECIMATE")
    modifier.ratio = most / count
    layer = scene.view_layers[0]
    layer.update()
    name = mesh.name
    made = bpy.data.meshes.new_from_object(
        holder.evaluated_get(layer.depsgraph), preserve_all_data_layers=True, depsgraph=layer.depsgraph
    )
    mesh.name, made.name = f"{name} before", name
    scene.collection.objects.unlink(holder)
    changes.note(f"decimated: {count} to {triangles(made)} triangles")
    return made


def level_top(mesh: bpy.types.Mesh, size_m: Sequence[float], scene: bpy.types.Scene) -> float:
    """How much of the footprint, about its middle, is level at full height: a share of its width and depth.

    1 for a table that fills its box, 0 for a chair. `scene` is a scratch scene.
    """
    holder = bpy.data.objects.new("top", mesh)
    scene.collection.objects.link(holder)
    layer = scene.view_layers[0]
    layer.update()
    places = (np.arange(GRID) + 0.5) / GRID * 2 - 1
    level = np.zeros((GRID, GRID), dtype=bool)
    top, down = float(size_m[2]), Vector((0.0, 0.0, -1.0))
    for row, y in enumerate(places * size_m[1] / 2):
        for column, x in enumerate(places * size_m[0] / 2):
            hit, point, *_ = holder.ray_cast(Vector((x, y, top + 1.0)), down, depsgraph=layer.depsgraph)
            level[row, column] = hit and point.z > top - LEVEL_M
    scene.collection.objects.unlink(holder)
    for margin in range(GRID // 2):
        if level[margin : GRID - margin, margin : GRID - margin].all():
            return 1.0 - 2 * margin / GRID
    return 0.0


def vertices(mesh: bpy.types.Mesh) -> np.ndarray:
    """(n, 3) float64 coordinates of a mesh, its own frame."""
    flat = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3).astype(np.float64)


def triangles(mesh: bpy.types.Mesh) -> int:
    """Triangles of a mesh, polygons cut into fans."""
    return len(mesh.loops) - 2 * len(mesh.polygons)
