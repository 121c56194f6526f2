"""Catalogues: order, splits, JSON lines; classes from words; units from sizes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from synthgen.assets.catalogue import Catalogue, Rejection, split_of
from synthgen.assets.record import AssetRecord, AssetRejected, licence_id
from synthgen.assets.sizes import SIZES, UNITS, metres_per_unit
from synthgen.assets.words import NOT_WHAT_THEY_SAY, SYNONYMS, class_of_words
from synthgen.errors import DataError
from synthgen.frame.classes import CLASSES

SHARES = {"train": 0.8, "val": 0.1, "test": 0.1}


def record(name: str, **fields: object) -> AssetRecord:
    return AssetRecord(
        id=f"lib/{name}", sha256=f"{name:0>64}", kind="model", source="lib", path=name, **fields
    )


def test_a_catalogue_is_in_order_and_comes_back_from_its_file(tmp_path: Path) -> None:
    records = [record("b", category="chair", size_m=(0.5, 0.5, 0.9)), record("a", licence="CC0-1.0")]
    found = Catalogue.of(records, [Rejection("lib", "z", "is empty"), Rejection("lib", "c", "is no model")])
    assert [each.id for each in found.records] == ["lib/a", "lib/b"]
    assert [each.path for each in found.rejected] == ["c", "z"]
    found.write(tmp_path / "catalogue.jsonl")
    assert Catalogue.read(tmp_path / "catalogue.jsonl") == found
    assert list(found.by_category()) == ["chair", ""]


def test_a_wrong_line_of_a_catalogue_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonl"
    path.write_text('{"record": {"id": "a"}}\n')
    with pytest.raises(DataError, match=r"catalogue\.jsonl:1: expected a record of an asset"):
        Catalogue.read(path)


def test_splits_have_their_shares_and_never_move() -> None:
    names = [f"lib/{number}.glb" for number in range(4000)]
    splits = [split_of(name, SHARES) for name in names]
    counts = Counter(splits)
    assert counts["train"] == pytest.approx(3200, abs=100)
    assert counts["val"] == pytest.approx(400, abs=60)
    assert splits == [split_of(name, SHARES) for name in names]
    assert splits != [split_of(name, SHARES, seed=1) for name in names]
    # Another order of the assets, or fewer of them, changes nothing: the id alone decides.
    found = Catalogue.of(record(str(number)) for number in range(50)).in_splits(SHARES)
    assert all(each.split == split_of(each.id, SHARES) for each in found.records)


def test_a_split_without_a_share_gets_nothing() -> None:
    assert {split_of(str(number), {"train": 0.5, "val": 0.0, "test": 0.5}) for number in range(100)} == {
        "train", "test",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("chairs", "chair"), ("Office Chair", "chair"), ("coffee_table", "table"), ("Table lamp", "lamp"),
        ("Sofa 3 seats", "sofa"), ("Chair with cushion", "chair"), ("book-shelves", "shelf"),
        ("WritingDesk", "desk"), ("benches", "bench"), ("Football table", None), ("chicken", None),
        ("Chest of drawers", "dresser"), ("ceiling_light", "ceiling_light"), ("boxes", "box"), ("", None),
        ("void", None), ("42", None), ("Large fridge", "refrigerator"), ("Coffee maker", "appliance"),
        ("Sneakers", "shoes"), ("frying pan", "pot"), ("Bath towel", "towel"), ("Bread box", None),
    ],
)  # fmt: skip
def test_classes_are_read_from_words(words: str, expected: str | None) -> None:
    assert class_of_words(words) == expected


def test_tables_of_words_and_sizes_name_known_classes() -> None:
    assert set(SYNONYMS.values()) - set(CLASSES) == set()
    assert set(SIZES) - set(CLASSES) == set()
    assert not NOT_WHAT_THEY_SAY & set(SYNONYMS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC0", "CC0-1.0"), ("Public domain", "CC0-1.0"), ("CC-BY-4.0", "CC-BY-4.0"),
        ("Creative Commons Attribution 3.0 Unported license", "CC-BY-3.0"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"), ("MIT", "MIT"), ("", None), (None, None),
        ("my own terms", "my own terms"),
    ],
)  # fmt: skip
def test_licences_are_known_by_their_usual_names(text: str | None, expected: str | None) -> None:
    assert licence_id(text) == expected


@pytest.mark.parametrize(
    ("size", "category", "factor"),
    [
        ((0.5, 0.5, 0.9), "chair", 1.0),
        ((50, 50, 90), "chair", 0.01),
        ((500, 500, 900), "chair", 0.001),
        ((20, 20, 36), "chair", 0.0254),
        ((0.005, 0.005, 0.009), "chair", 100.0),
        ((200, 90, 85), "sofa", 0.01),
        ((79, 35, 33), "sofa", 0.0254),
        ((3, 4, 5), None, 1.0),
    ],
)
def test_units_are_found_from_the_size_of_the_class(size, category, factor) -> None:
    assert metres_per_unit(size, category)[0] == pytest.approx(factor)


def test_every_unit_is_found_for_an_ordinary_chair() -> None:
    size = (0.5, 0.52, 0.88)
    for name, factor in UNITS:
        found, meaning = metres_per_unit([length / factor for length in size], "chair")
        assert (found, meaning) == (factor, name)


def test_what_could_be_two_units_or_none_is_rejected() -> None:
    with pytest.raises(AssetRejected, match="could be one in centimetres and inches; state 'unit'"):
        metres_per_unit((50, 50, 45), "chair")
    with pytest.raises(AssetRejected, match=r"is no chair in any unit, expected 0\.4 to 1\.3 m high"):
        metres_per_unit((0.5, 0.5, 2.0), "chair")
    with pytest.raises(AssetRejected, match="is no thing in any unit"):
        metres_per_unit((5000, 1, 1), None)
