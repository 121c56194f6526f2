"""What the render of a file shows, taken apart: every surface as an object of its own that stands still.

Instances of collections, of geometry nodes, of particles and of vertices are made real, and curves, texts and
metaballs are made meshes. So each surface can carry ids, the search for viewpoints knows of all of them, and
neither scripts, drivers, modifiers nor animations are left that could move a surface between two renders.
Strands of particle hair alone keep their modifiers: only those know of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix

from synthgen.errors import RenderError

MAX_SURFACES = 20_000
"""More objects than this make Blender and the search for viewpoints slow."""
FLAT = 1e-7
"""Objects whose least scale is at most this share of the greatest have no inverse to speak of."""

_COPIED = ("CURVES", "POINTCLOUD", "VOLUME")
_KEPT = ("visible_camera", "visible_diffuse", "visible_glossy", "visible_transmission",
         "visible_volume_scatter", "visible_shadow", "is_holdout", "is_shadow_catcher", "color",
         "pass_index")  # fmt: skip
"""Settings of an object that its picture depends on."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A surface, or a volume, that the render shows.

    Attributes
    ----------
    original : the object of the file that it comes from
    placer : the object of the file that puts it there; None for what stands there by itself
    matrix : (4, 4) float64, the file's world from the object
    moved : (4, 4) float64, what the placer moves it by from its own place; the identity without one
    data : its mesh, hair, points or volume, shared by all that show the same
    strands : whether it is an object with particle hair, that has to be copied as it is
    """

    original: bpy.types.Object
    placer: bpy.types.Object | None
    matrix: np.ndarray
    moved: np.ndarray
    data: bpy.types.ID
    strands: bool = False

    @property
    def is_surface(self) -> bool:
        """Whether truth shows it; it does not show volumes."""
        return self.data.id_type != "VOLUME"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp that lights the render: its object in the file, and where it is, (4, 4) float64."""

    original: bpy.types.Object
    matrix: np.ndarray


def shown_by(depsgraph: bpy.types.Depsgraph) -> tuple[list[Shown], list[Lamp]]:
    """All surfaces, volumes and lamps of an evaluated scene, in its order.

    Raises
    ------
    RenderError
        When there are more than `MAX_SURFACES`.
    """
    shown: list[Shown] = []
    lamps: list[Lamp] = []
    taken = _Data(depsgraph)
    for each in depsgraph.object_instances:
        made, original = each.object, each.object.original
        matrix = np.array(each.matrix_world, dtype=np.float64)
        if made.type == "LIGHT":
            lamps.append(Lamp(original, matrix))
            continue
        strands = each.show_particles and _has_strands(original)
        if not (each.show_self or strands):
            continue
        data = original.data if strands else taken.of(made)
        if data is None:
            continue
        placer = each.parent.original if each.is_instance else None
        moved = _moved(matrix, original, depsgraph) if placer else np.eye(4)
        if placer == original and np.allclose(moved, np.eye(4), atol=1e-6):
            placer, moved = None, np.eye(4)  # one more part of the object itself, such as the mesh of a text
        shown.append(Shown(original, placer, matrix, moved, data, strands))
        if len(shown) > MAX_SURFACES:
            raise RenderError(
                f"shows more than {MAX_SURFACES} objects, copies by instances and particles counted; "
                "hide some of them from render, or join what is scattered into one mesh"
            )
    return shown, lamps


class _Data:
    """Meshes and the like of evaluated objects, each made once."""

    def __init__(self, depsgraph: bpy.types.Depsgraph) -> None:
        self._depsgraph = depsgraph
        self._made: dict[tuple[int, str], bpy.types.ID | None] = {}

    def of(self, made: bpy.types.Object) -> bpy.types.ID | None:
        """The data that an object shows, kept after the render; None where it shows none."""
        if made.type not in ("MESH", *_COPIED):
            return None  # lattices and bones; curves and texts come as meshes, too
        key = made.data.as_pointer(), made.original.name_full
        if key not in self._made:
            self._made[key] = self._mesh(made) if made.type == "MESH" else made.data.copy()
        return self._made[key]

    def _mesh(self, made: bpy.types.Object) -> bpy.types.Mesh | None:
        original = made.original
        plain = original.type == "MESH" and not original.modifiers and original.data.shape_keys is None
        if not len(made.data.polygons):
            return None
        if plain:
            return original.data
        mesh = bpy.data.meshes.new_from_object(made, preserve_all_data_layers=True, depsgraph=self._depsgraph)
        if original.type == "MESH":  # generated textures stay where they are
            mesh.use_auto_texspace = False
            mesh.texspace_location = original.data.texspace_location
            mesh.texspace_size = original.data.texspace_size
        return mesh


def _moved(matrix: np.ndarray, original: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> np.ndarray:
    own = np.array(original.evaluated_get(depsgraph).matrix_world, dtype=np.float64)
    try:
        return matrix @ np.linalg.inv(own)
    except np.linalg.LinAlgError:  # flattened by a scale of 0
        return matrix


def _has_strands(original: bpy.types.Object) -> bool:
    return any(_is_strands(modifier) and modifier.show_render for modifier in original.modifiers)


def _is_strands(modifier: bpy.types.Modifier) -> bool:
    if modifier.type != "PARTICLE_SYSTEM":
        return False
    settings = modifier.particle_system.settings
    return settings.type == "HAIR" and settings.render_type == "PATH"


def real_object(shown: Shown, name: str, root: bpy.types.Object) -> bpy.types.Object:
    """An object that stands still below `root` and shows the same, as yet in no scene."""
    if shown.strands:
        made = _with_strands(shown.original)
        made.name = name
    else:
        data, flat = shown.data, _is_flat(shown.matrix)
        if flat and data.id_type == "MESH":  # without an inverse there are no rays in the object's own units
            data = data.copy()
            data.transform(Matrix(shown.matrix))
        made = bpy.data.objects.new(name, data)
        _keep_settings(made, shown.original)
        if flat:
            made.parent = root
            return made
    made.parent = root
    made.matrix_parent_inverse = Matrix(shown.matrix)  # exact, where a place of its own would lose shear
    return made


def _is_flat(matrix: np.ndarray) -> bool:
    stretch = np.linalg.svd(matrix[:3, :3], compute_uv=False)
    return bool(stretch[-1] <= FLAT * stretch[0])


def _keep_settings(made: bpy.types.Object, original: bpy.types.Object) -> None:
    for setting in _KEPT:
        setattr(made, setting, getattr(original, setting))
    for key, value in original.items():
        if isinstance(value, int | float | str):
            made[key] = value
    for index, slot in enumerate(original.material_slots):
        if slot.link == "OBJECT" and index < len(made.material_slots):
            made.material_slots[index].link = "OBJECT"
            made.material_slots[index].material = slot.material


def _with_strands(original: bpy.types.Object) -> bpy.types.Object:
    made = original.copy()
    made.animation_data_clear()
    made.constraints.clear()
    for modifier in list(made.modifiers):
        if modifier.type == "PARTICLE_SYSTEM" and not _is_strands(modifier):
            made.modifiers.remove(modifier)
    made.instance_type = "NONE"
    made.hide_viewport = False
    made.parent = None
    made.rotation_mode = "XYZ"
    made.delta_location = made.delta_rotation_euler = (0.0, 0.0, 0.0)
    made.delta_scale = made.scale = (1.0, 1.0, 1.0)
    return made
