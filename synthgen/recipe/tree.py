"""YAML 1.2 as a tree that remembers where every value was written, merging of trees, and `--set`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from synthgen.errors import Problem, RecipeError
from synthgen.recipe.distributions import is_distribution

CORE_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("null", "bool", "int", "float", "str")}
DEEPEST = 100
"""Levels of nesting at which a file is refused; a recipe has about seven."""
LARGEST = 100_000
"""Values, aliases counted as often as they are used, at which a file is refused; a recipe has about fifty."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: `file:line:column` counted from 1, or the flag that set it."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(slots=True)
class Tree:
    """A value and its place: a scalar, a list of trees, or a map of trees with the places of its keys."""

    value: object
    place: Place
    keys: dict[object, Place] = field(default_factory=dict)

    def plain(self) -> object:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: each.plain() for key, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.plain() for each in self.value]
        return self.value

    def child(self, step: str | int) -> Tree | None:
        """The tree below a key or an index, or None."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None


def parse_yaml(text: str, source: str) -> Tree | None:
    """The tree of a YAML text, or None when it holds nothing.

    Raises
    ------
    RecipeError
        When the text is not YAML 1.2 without custom tags; all duplicate keys are named at once.
    """
    try:
        yaml = YAML(typ="safe", pure=True)
        node = yaml.compose(text)
        if node is None:
            return None
        _refuse_too_large(node, source)
        problems: list[Problem] = []
        tree = _tree(node, source, yaml, problems, ())
    except RecursionError:  # the parser's own, before it has a tree
        message = f"expected at most {DEEPEST} levels of nesting (found many more)"
        raise RecipeError([Problem(source, "", message)]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source)
        raise RecipeError([Problem(str(place), "", _broken(text, error))]) from None
    except ReaderError as error:
        before = text[: error.position]
        place = Place(source, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise RecipeError([Problem(str(place), "", "broken YAML: found a control character")]) from None
    if problems:
        raise RecipeError(problems)
    return tree


def merge(base: Tree, over: Tree) -> Tree:
    """`over` on top of `base`: maps merge, everything else replaces.

    A distribution counts as one value, and a map of another `kind` shares nothing with the one below it.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    if is_distribution(base.value) or is_distribution(over.value):
        return over
    kinds = [tree.value["kind"].value for tree in (base, over) if "kind" in tree.value]
    if len(kinds) == 2 and kinds[0] != kinds[1] and not any(isinstance(kind, dict) for kind in kinds):
        return over
    merged = dict(base.value)
    for key, each in over.value.items():
        merged[key] = merge(merged[key], each) if key in merged else each
    return Tree(merged, over.place, {**base.keys, **over.keys})


def parse_path(path: str) -> tuple[str | int, ...] | None:
    """`cameras[0].fov_deg` or `cameras.0.fov_deg` as steps; None when it is no path.

    >>> parse_path("cameras[0].fov_deg")
    ('cameras', 0, 'fov_deg')
    """
    if not re.fullmatch(r"[A-Za-z_][\w-]*(\[\d+\]|\.[\w-]+)*", path):
        return None
    steps = re.findall(r"[\w-]+", path)
    return tuple(int(step) if step.isdigit() else step for step in steps)


def show_path(steps: tuple[str | int, ...]) -> str:
    """Steps as `cameras[0].fov_deg`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def put(tree: Tree, steps: tuple[str | int, ...], value: Tree) -> None:
    """Set the value below `steps` in place, making maps on the way.

    Raises
    ------
    RecipeError
        When an index is outside of its list, or a name is asked of a list.
    """
    where = value.place
    for depth, step in enumerate(steps):
        last = depth == len(steps) - 1
        at = show_path(steps[:depth])
        if isinstance(tree.value, list):
            if not isinstance(step, int) or step >= len(tree.value):
                count = len(tree.value)
                expected = f"an index from 0 to {count - 1}" if count else "no index, the list is empty"
                raise RecipeError([Problem(str(where), "", f"{at}: expected {expected} (got {step})")])
            if last:
                tree.value[step] = value
            tree = tree.value[step]
            continue
        if isinstance(step, int):
            raise RecipeError([Problem(str(where), "", f"{at}: expected a list (it is none)")])
        if not isinstance(tree.value, dict):
            tree.value, tree.keys = {}, {}
        if last:
            tree.value[step] = value
        elif step not in tree.value:
            tree.value[step] = Tree({}, where)
        tree.keys.setdefault(step, where)
        tree = tree.value[step]


def parse_setting(text: str, flag: str = "--set") -> tuple[tuple[str | int, ...], Tree]:
    """Steps and value of `render.samples=64`.

    Raises
    ------
    RecipeError
        When it is not `path=value` with a value in YAML.
    """
    path, equals, value = text.partition("=")
    steps = parse_path(path.strip())
    if not equals or steps is None:
        message = "expected path=value, such as render.samples=64 or cameras[0].fov_deg=60"
        raise RecipeError([Problem(f"{flag} {text}", "", message)])
    source = f"{flag} {text}"
    try:
        tree = parse_yaml(value, source)
    except RecipeError as error:
        problems = [Problem(source, "", problem.message) for problem in error.problems]
        raise RecipeError(problems) from None
    place = Place(source)
    return steps, _at(tree, place) if tree else Tree(None, place)


def _at(tree: Tree, place: Place) -> Tree:
    if isinstance(tree.value, dict):
        return Tree(
            {key: _at(each, place) for key, each in tree.value.items()},
            place,
            dict.fromkeys(tree.keys, place),
        )
    if isinstance(tree.value, list):
        return Tree([_at(each, place) for each in tree.value], place)
    return Tree(tree.value, place)


def _tree(node: Node, source: str, yaml: YAML, problems: list[Problem], above: tuple[Node, ...]) -> Tree:
    place = Place(source, node.start_mark.line + 1, node.start_mark.column + 1)
    if node in above or len(above) > DEEPEST:
        raise RecipeError([Problem(str(place), "", "expected a tree (found an alias of itself, or no end)")])
    above = (*above, node)
    if isinstance(node, ScalarNode):
        return Tree(_scalar(node, yaml, place), place)
    if node.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
        raise RecipeError([Problem(str(place), "", f"YAML tags are not understood here (got {node.tag})")])
    if isinstance(node, SequenceNode):
        return Tree([_tree(each, source, yaml, problems, above) for each in node.value], place)
    tree = Tree({}, place)
    inherited: list[Tree] = []
    for key_node, value_node in node.value:
        key_place = Place(source, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        value = _tree(value_node, source, yaml, problems, above)
        if value_node.start_mark.index == value_node.end_mark.index:
            value.place = key_place  # nothing was written; YAML puts that at the next thing that was
        if key_node.tag == "tag:yaml.org,2002:merge":
            inherited += value.value if isinstance(value.value, list) else [value]
            continue
        if not isinstance(key_node, ScalarNode):
            raise RecipeError([Problem(str(key_place), "", "expected a name before the colon")])
        key = _scalar(key_node, yaml, key_place)
        if key in tree.keys:
            first = tree.keys[key]
            message = f"'{key}' is given twice, first in line {first.line}; keep one"
            problems.append(Problem(str(key_place), "", message))
        tree.value[key], tree.keys[key] = value, key_place
    for base in inherited:
        if not isinstance(base.value, dict):
            raise RecipeError([Problem(str(base.place), "", "expected a map after <<")])
        tree.value = {**base.value, **tree.value}
        tree.keys = {**base.keys, **tree.keys}
    return tree


def _refuse_too_large(root: Node, source: str) -> None:
    """Aliases of aliases grow like powers: a few lines can stand for more values than there is memory."""
    sizes: dict[Node, int] = {}

    def size_of(node: Node, depth: int) -> int:
        if isinstance(node, ScalarNode) or depth > DEEPEST:
            return 1
        if node not in sizes:
            sizes[node] = 1  # while an alias of itself is looked at
            below = node.value if isinstance(node, SequenceNode) else [each for _, each in node.value]
            sizes[node] = 1 + sum(size_of(each, depth + 1) for each in below)
        return sizes[node]

    if size_of(root, 0) > LARGEST:
        message = f"expected at most {LARGEST} values (found more, each alias counted as often as it is used)"
        raise RecipeError([Problem(source, "", message)])


def _scalar(node: ScalarNode, yaml: YAML, place: Place) -> object:
    kind = CORE_TAGS.get(node.tag)
    if kind is None and node.tag != "tag:yaml.org,2002:timestamp":
        raise RecipeError([Problem(str(place), "", f"YAML tags are not understood here (got {node.tag})")])
    if kind in (None, "str"):
        # Dates, which YAML knows as well, are text in a recipe.
        return node.value
    try:
        return getattr(yaml.constructor, f"construct_yaml_{kind}")(node)
    except ValueError as error:  # Python reads no whole number of more than some thousand digits
        raise RecipeError([Problem(str(place), "", f"cannot be read as a number ({error})")]) from None


def _broken(text: str, error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "broken YAML: indented with a tab; use spaces"
    if isinstance(error.problem, str) and "single document" in (error.context or ""):
        return "expected one YAML document (found a second one after ---)"
    parts = [part for part in (error.context, error.problem) if part]
    return f"broken YAML: {', '.join(' '.join(part.split()) for part in parts)}"
