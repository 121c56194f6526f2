"""Semantic classes: stable ids that mean the same in every dataset.

Ids are only ever added, never moved. `nyu40` is the nearest class of the NYUv2 40-class list, which
Hypersim and ScanNet use too (0 where none fits). Families of users may bring names that are not here;
they get ids from 1000 up, in the order of the family's `classes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

SKY = "sky"
VOID = "void"
"""Pixels that no ray belongs to: the corners around a fisheye's circle."""
FIRST_CUSTOM_ID = 1000


@dataclass(frozen=True, slots=True)
class SemanticClass:
    """A class: `is_thing` is False for stuff (walls, sky), as in COCO panoptic."""

    id: int
    name: str
    nyu40: int
    is_thing: bool


_TABLE = (
    ("void", 0, False), (SKY, 0, False), ("wall", 1, False), ("floor", 2, False), ("ceiling", 22, False),
    ("door", 8, True), ("window", 9, True), ("skirting", 1, False), ("curtain", 16, True),
    ("blinds", 13, True), ("table", 7, True), ("chair", 5, True), ("sofa", 6, True), ("bed", 4, True),
    ("shelf", 15, True), ("cabinet", 3, True), ("desk", 14, True), ("monitor", 25, True),
    ("lamp", 35, True), ("rug", 20, True), ("picture", 11, True), ("plant", 40, True), ("book", 23, True),
    ("cup", 40, True), ("bowl", 40, True), ("box", 29, True), ("vase", 40, True), ("bottle", 40, True),
    ("cushion", 18, True), ("mirror", 19, True), ("stool", 5, True), ("bench", 5, True),
    ("nightstand", 32, True), ("dresser", 17, True), ("wardrobe", 39, True), ("counter", 12, True),
    ("radiator", 38, True), ("clock", 40, True), ("basket", 40, True), ("laptop", 40, True),
    ("keyboard", 40, True), ("plate", 40, True), ("ceiling_light", 35, True), ("fan", 40, True),
    ("television", 25, True), ("toy", 40, True), ("bin", 40, True), ("column", 38, False),
    ("object", 40, True), ("ground", 2, False),
    ("sink", 34, True), ("tap", 40, True), ("hob", 39, True), ("oven", 39, True), ("refrigerator", 24, True),
    ("dishwasher", 39, True), ("washing_machine", 39, True), ("hood", 39, True), ("appliance", 40, True),
    ("pot", 40, True), ("utensil", 40, True), ("food", 40, True), ("toilet", 33, True),
    ("bathtub", 36, True), ("shower", 38, True), ("towel", 27, True),
    ("stairs", 38, False), ("clothes", 21, True), ("shoes", 40, True), ("bag", 37, True),
    ("umbrella", 40, True), ("rack", 39, True), ("board", 30, True), ("suitcase", 37, True),
)  # fmt: skip

CLASSES: dict[str, SemanticClass] = {
    name: SemanticClass(index, name, nyu40, is_thing) for index, (name, nyu40, is_thing) in enumerate(_TABLE)
}


def class_table(family_classes: Iterable[str] = ()) -> dict[str, SemanticClass]:
    """The classes of a dataset: the fixed ones, and a family's own names from `FIRST_CUSTOM_ID` up."""
    table = dict(CLASSES)
    for name in family_classes:
        if name not in table:
            table[name] = SemanticClass(FIRST_CUSTOM_ID + len(table) - len(CLASSES), name, 0, True)
    return table


def class_table_json(family_classes: Iterable[str] = ()) -> list[dict[str, object]]:
    """The label table for manifests: rows of id, name, nyu40, is_thing in order of id."""
    return [asdict(entry) for entry in class_table(family_classes).values()]
