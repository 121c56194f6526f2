"""Shader node graphs written like formulas.

    material, graph = new_material("oak")
    x, y, z = graph.coordinates("Object").xyz()
    rings = (graph.noise(graph.vector(x, y * 9, z * 9), scale=1.2) * 22).sin()
    graph.finish(graph.principled(base_color=graph.mix(rings, LIGHT, DARK), roughness=0.4))

The same code runs on every Blender that we support: sockets that were renamed are addressed by position.
"""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from synthgen.blender.compat import node_tree

Color = tuple[float, float, float]
"""Linear Rec. 709, 0..1."""


def srgb(text: str) -> Color:
    """The linear colour of an sRGB hex code.

    >>> [round(channel, 3) for channel in srgb("#ff8000")]
    [1.0, 0.216, 0.0]
    """
    channels = [int(text.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


class Wire:
    """The output of a node: a number, a vector or a colour, with arithmetic that adds nodes."""

    __slots__ = ("graph", "socket")

    def __init__(self, graph: NodeGraph, socket: bpy.types.NodeSocket) -> None:
        self.graph, self.socket = graph, socket

    def __add__(self, other: Input) -> Wire:
        return self.graph.apply("ADD", self, other)

    def __sub__(self, other: Input) -> Wire:
        return self.graph.apply("SUBTRACT", self, other)

    def __mul__(self, other: Input) -> Wire:
        return self.graph.apply("MULTIPLY", self, other)

    def __truediv__(self, other: Input) -> Wire:
        return self.graph.apply("DIVIDE", self, other)

    def __radd__(self, other: Input) -> Wire:
        return self.graph.apply("ADD", self, other)

    def __rsub__(self, other: Input) -> Wire:
        return self.graph.apply("SUBTRACT", other, self)

    def __rmul__(self, other: Input) -> Wire:
        return self.graph.apply("MULTIPLY", self, other)

    def __mod__(self, other: Input) -> Wire:
        """The remainder with the sign of the divisor, as in Python."""
        return self.graph.math("FLOORED_MODULO", self, other)

    def __lt__(self, other: Input) -> Wire:
        return self.graph.math("LESS_THAN", self, other)

    def __gt__(self, other: Input) -> Wire:
        return self.graph.math("GREATER_THAN", self, other)

    def floor(self) -> Wire:
        return self.graph.apply("FLOOR", self)

    def fraction(self) -> Wire:
        return self.graph.math("FRACT", self)

    def sin(self) -> Wire:
        return self.graph.apply("SINE", self)

    def abs(self) -> Wire:
        return self.graph.apply("ABSOLUTE", self)

    def min(self, other: Input) -> Wire:
        return self.graph.apply("MINIMUM", self, other)

    def max(self, other: Input) -> Wire:
        return self.graph.apply("MAXIMUM", self, other)

    def clamp(self) -> Wire:
        """Limited to 0..1."""
        return self.graph.math("ADD", self, 0.0, clamp=True)

    def ramp(self, low: Input, high: Input, to_low: Input = 0.0, to_high: Input = 1.0) -> Wire:
        """A smooth step: `to_low` below `low`, `to_high` above `high`."""
        node = self.graph.node("ShaderNodeMapRange", interpolation_type="SMOOTHSTEP")
        self.graph.feed(node, (self, low, high, to_low, to_high))
        return Wire(self.graph, node.outputs[0])

    def xyz(self) -> tuple[Wire, Wire, Wire]:
        """The components of a vector or a colour."""
        node = self.graph.node("ShaderNodeSeparateXYZ")
        self.graph.feed(node, (self,))
        return tuple(Wire(self.graph, socket) for socket in node.outputs)


Input = Wire | float | Sequence[float]


class NodeGraph:
    """A node tree being written; it starts empty."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def node(self, kind: str, **properties: object) -> bpy.types.Node:
        """A node of a Blender type, with its enum and flag properties set."""
        made = self.tree.nodes.new(kind)
        for name, value in properties.items():
            setattr(made, name, value)
        return made

    def feed(self, node: bpy.types.Node, values: Sequence[Input | None], first: int = 0) -> None:
        """Connect wires and write constants into consecutive inputs; None leaves a default."""
        for socket, value in zip(list(node.inputs)[first : first + len(values)], values):
            self.connect(socket, value)

    def connect(self, socket: bpy.types.NodeSocket, value: Input | None) -> None:
        """Feed one input socket."""
        if value is None:
            return
        if isinstance(value, Wire):
            self.tree.links.new(value.socket, socket)
        elif socket.type == "RGBA" and not isinstance(value, (int, float)):
            socket.default_value = (*value[:3], 1.0)
        elif socket.type == "RGBA":
            socket.default_value = (value, value, value, 1.0)
        elif socket.type == "VECTOR" and isinstance(value, (int, float)):
            socket.default_value = (value, value, value)
        else:
            socket.default_value = value

    # -- arithmetic -------------------------------------------------------------------------------------

    def apply(self, operation: str, *values: Input) -> Wire:
        """An operation on numbers, or per component as soon as one operand is a vector or a colour."""
        numbers = all(
            value.socket.type == "VALUE" if isinstance(value, Wire) else isinstance(value, (int, float))
            for value in values
        )
        return self.math(operation, *values) if numbers else self.vector_math(operation, *values)

    def math(self, operation: str, *values: Input, clamp: bool = False) -> Wire:
        """A `Math` node."""
        node = self.node("ShaderNodeMath", operation=operation, use_clamp=clamp)
        self.feed(node, values)
        return Wire(self, node.outputs[0])

    def vector_math(self, operation: str, *values: Input) -> Wire:
        """A `Vector Math` node; gives a number where the operation does (LENGTH, DOT_PRODUCT, DISTANCE)."""
        node = self.node("ShaderNodeVectorMath", operation=operation)
        self.feed(node, values)
        scalar = operation in ("LENGTH", "DOT_PRODUCT", "DISTANCE")
        return Wire(self, node.outputs[1 if scalar else 0])

    def vector(self, x: Input, y: Input, z: Input = 0.0) -> Wire:
        """A vector from components."""
        node = self.node("ShaderNodeCombineXYZ")
        self.feed(node, (x, y, z))
        return Wire(self, node.outputs[0])

    def choose(self, condition: Wire, if_zero: Input, if_one: Input) -> Wire:
        """A number mixed linearly by `condition` in 0..1."""
        node = self.node("ShaderNodeMix", data_type="FLOAT")
        self.feed(node, (condition,))
        self.feed(node, (if_zero, if_one), first=2)
        return Wire(self, node.outputs[0])

    def mix(self, factor: Input, low: Input, high: Input, blend: str = "MIX") -> Wire:
        """A colour between `low` (factor 0) and `high` (factor 1)."""
        node = self.node("ShaderNodeMix", data_type="RGBA", blend_type=blend, clamp_factor=True)
        self.feed(node, (factor,))
        self.feed(node, (low, high), first=6)
        return Wire(self, node.outputs[2])

    def colors(
        self, value: Wire, stops: Sequence[tuple[float, Color]], interpolation: str = "LINEAR"
    ) -> Wire:
        """A colour ramp: (position, colour) in ascending order; interpolation LINEAR, EASE, CONSTANT."""
        node = self.node("ShaderNodeValToRGB")
        node.color_ramp.interpolation = interpolation
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(1.0)
        for element, (position, color) in zip(elements, stops):
            element.position, element.color = position, (*color, 1.0)
        self.feed(node, (value,))
        return Wire(self, node.outputs[0])

    # -- where, and patterns ----------------------------------------------------------------------------

    def coordinates(self, kind: str) -> Wire:
        """Texture coordinates: Object (metres, own axes), Generated (0..1 over its box), UV, Normal."""
        return Wire(self, self.node("ShaderNodeTexCoord").outputs[kind])

    def attribute(self, name: str) -> Wire:
        """A mesh attribute as a vector; zero where the mesh has none."""
        return Wire(self, self.node("ShaderNodeAttribute", attribute_name=name).outputs["Vector"])

    def object_random(self) -> Wire:
        """A number in 0..1 that differs from object to object."""
        return Wire(self, self.node("ShaderNodeObjectInfo").outputs["Random"])

    def ray(self, name: str) -> Wire:
        """A `Light Path` output such as "Is Camera Ray"."""
        return Wire(self, self.node("ShaderNodeLightPath").outputs[name])

    def fresnel(self, ior: float) -> Wire:
        """The reflected part of the light at this angle."""
        node = self.node("ShaderNodeFresnel")
        self.feed(node, (ior,))
        return Wire(self, node.outputs[0])

    def noise(self, position: Input, scale: float = 1.0, *, detail: float = 2.0, roughness: float = 0.5,
              distortion: float = 0.0) -> Wire:  # fmt: skip
        """Perlin noise around 0.5, `scale` cycles per unit of `position`."""
        return Wire(self, self._noise(position, scale, detail, roughness, distortion).outputs[0])

    def noise_vector(self, position: Input, scale: float = 1.0, *, detail: float = 1.0) -> Wire:
        """Three independent noises as a vector around (0.5, 0.5, 0.5)."""
        return Wire(self, self._noise(position, scale, detail, 0.5, 0.0).outputs[1])

    def _noise(self, position: Input, scale: float, detail: float, roughness: float, distortion: float):
        node = self.node("ShaderNodeTexNoise", noise_dimensions="3D")
        self.connect(node.inputs["Vector"], position)
        for name, value in (
            ("Scale", scale),
            ("Detail", detail),
            ("Roughness", roughness),
            ("Distortion", distortion),
        ):
            self.connect(node.inputs[name], value)
        return node

    def cells(self, position: Input, scale: float, *, feature: str = "F1", randomness: float = 1.0) -> Wire:
        """Voronoi cells: the distance to the nearest point (F1) or edge (DISTANCE_TO_EDGE)."""
        node = self.node("ShaderNodeTexVoronoi", voronoi_dimensions="3D", feature=feature)
        self.connect(node.inputs["Vector"], position)
        self.connect(node.inputs["Scale"], scale)
        self.connect(node.inputs["Randomness"], randomness)
        return Wire(self, node.outputs[0])

    def hash(self, position: Input) -> Wire:
        """Three random numbers in 0..1 that depend on the exact value of a vector."""
        node = self.node("ShaderNodeTexWhiteNoise", noise_dimensions="3D")
        self.connect(node.inputs["Vector"], position)
        return Wire(self, node.outputs["Color"])

    def bump(self, height_m: Wire, strength: float = 1.0) -> Wire:
        """A normal that follows a height in metres."""
        node = self.node("ShaderNodeBump")
        self.connect(node.inputs["Strength"], strength)
        self.connect(node.inputs["Distance"], 1.0)
        self.connect(node.inputs["Height"], height_m)
        return Wire(self, node.outputs[0])

    # -- shaders ----------------------------------------------------------------------------------------

    def shader(self, kind: str, **inputs: Input | None) -> Wire:
        """A closure, `shader("Glossy", color=..., roughness=...)`; input names in snake case."""
        prefix = "ShaderNode" if kind == "Emission" else "ShaderNodeBsdf"
        node = self.node(prefix + kind)
        for name, value in inputs.items():
            self.connect(node.inputs[_titled(name)], value)
        return Wire(self, node.outputs[0])

    def principled(self, **inputs: Input | None) -> Wire:
        """The Principled BSDF: `base_color`, `metallic`, `roughness`, `ior`, `normal`, `specular_ior_level`,
        `sheen_weight`, `coat_weight`, ..."""
        return self.shader("Principled", **inputs)

    def blend(self, factor: Input, low: Wire, high: Wire) -> Wire:
        """A closure between `low` (factor 0) and `high` (factor 1)."""
        node = self.node("ShaderNodeMixShader")
        self.feed(node, (factor, low, high))
        return Wire(self, node.outputs[0])

    def sum(self, one: Wire, other: Wire) -> Wire:
        """Two closures together."""
        node = self.node("ShaderNodeAddShader")
        self.feed(node, (one, other))
        return Wire(self, node.outputs[0])

    def finish(self, surface: Wire, seen_by_diffuse: Color | Wire | None = None) -> None:
        """Make `surface` the material.

        seen_by_diffuse : colour or closure that light bounced off a matt surface sees instead
            A plain colour spares the texture (Cycles skips the branch) and the caustics of shiny things:
            the picture is the same to the eye, sooner and with less noise.
        """
        if seen_by_diffuse is not None:
            if not isinstance(seen_by_diffuse, Wire):
                seen_by_diffuse = self.shader("Diffuse", color=seen_by_diffuse)
            surface = self.blend(self.ray("Is Diffuse Ray"), surface, seen_by_diffuse)
        self.feed(self.node("ShaderNodeOutputMaterial"), (surface,))


def _titled(name: str) -> str:
    words = (word.upper() if word == "ior" else word.capitalize() for word in name.split("_"))
    return " ".join(words)


def new_material(name: str) -> tuple[bpy.types.Material, NodeGraph]:
    """An empty material and its graph."""
    material = bpy.data.materials.new(name)
    return material, NodeGraph(node_tree(material))
