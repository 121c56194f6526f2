"""Semantic classes from the words that people use: folder names, catalogue names, tags."""

from __future__ import annotations

import re

from synthgen.frame.classes import CLASSES

SYNONYMS: dict[str, str] = {
    # seats and beds
    "armchair": "chair", "seat": "chair", "rocker": "chair", "recliner": "chair", "office chair": "chair",
    "couch": "sofa", "settee": "sofa", "loveseat": "sofa", "futon": "sofa", "ottoman": "stool",
    "puff": "stool", "pouf": "stool", "barstool": "stool", "footstool": "stool", "crib": "bed",
    # tables and storage
    "bedside table": "nightstand", "night table": "nightstand", "dressing table": "dresser",
    "writing desk": "desk", "bookcase": "shelf", "bookshelf": "shelf", "shelves": "shelf",
    "shelving": "shelf", "cupboard": "cabinet", "sideboard": "cabinet", "tv stand": "cabinet",
    "chest of drawers": "dresser", "closet": "wardrobe", "armoire": "wardrobe", "island": "counter",
    "countertop": "counter",
    # light
    "lantern": "lamp", "lampshade": "lamp", "chandelier": "ceiling_light", "hanging light": "ceiling_light",
    "ceiling lamp": "ceiling_light", "pendant lamp": "ceiling_light", "chandelier lamp": "ceiling_light",
    # electronics
    "tv": "television", "tv set": "television", "wall flat tv": "television", "screen": "monitor",
    "computer keyboard": "keyboard", "notebook computer": "laptop", "ceiling fan": "fan",
    # small things
    "mug": "cup", "goblet": "cup", "carafe": "bottle", "flacon": "bottle", "carton": "box", "crate": "box",
    "chest": "box", "teddy bear": "toy", "doll": "toy", "pillow": "cushion", "trashcan": "bin",
    "trash can": "bin", "dustbin": "bin", "wastebasket": "bin", "saucer": "plate", "dish": "plate",
    "encyclopedia": "book", "urn": "vase", "amphora": "vase",
    # on walls, floors and windows
    "painting": "picture", "poster": "picture", "carpet": "rug", "doormat": "rug", "bathmat": "rug",
    "tatami": "rug", "drape": "curtain", "window blind": "blinds", "radiator": "radiator",
    # plants
    "tree": "plant", "flower": "plant", "ficus": "plant", "cactus": "plant", "yucca": "plant",
    "bonsai tree": "plant", "bamboo": "plant", "orchid": "plant", "tulip": "plant", "bush": "plant",
    "succulent": "plant", "spathiphyllum": "plant", "houseplant": "plant", "potted plant": "plant",
    "fern": "plant", "palm": "plant", "cypress": "plant", "pine": "plant", "maple": "plant",
    "acacia": "plant", "hedge": "plant", "lily": "plant",
    # kitchens and bathrooms
    "fridge": "refrigerator", "freezer": "refrigerator", "stove": "oven", "cooktop": "hob",
    "induction cooker": "hob", "microwave": "appliance", "toaster": "appliance", "coffee maker": "appliance",
    "coffee machine": "appliance", "kettle": "appliance", "food processor": "appliance",
    "pan": "pot", "frying pan": "pot", "saucepan": "pot", "teapot": "pot", "fork": "utensil",
    "knife": "utensil", "spoon": "utensil", "ladle": "utensil", "spatula": "utensil", "whisk": "utensil",
    "hamburger": "food", "bread": "food", "cake": "food", "cupcake": "food", "apple": "food",
    "washbasin": "sink", "basin": "sink", "faucet": "tap", "bath": "bathtub", "jacuzzi": "bathtub",
    "shower stall": "shower",
    # what people wear and carry
    "sneaker": "shoes", "slipper": "shoes", "boot": "shoes", "shoe": "shoes", "jacket": "clothes",
    "coat": "clothes", "shirt": "clothes", "robe": "clothes", "handbag": "bag", "backpack": "bag",
    "briefcase": "bag", "parasol": "umbrella",
}  # fmt: skip

NOT_WHAT_THEY_SAY = frozenset({
    "pool table", "football table", "folding door", "chicken", "tree house", "flower box", "plant box",
    "bread box", "medicine box", "fuse box", "mailbox", "piano bench", "baby bottle", "lip stick",
    "car seat", "toilet seat", "children game", "wheel chair", "wheelchair", "dog house", "street lamp",
    "street light", "park light", "traffic light", "flashlight", "video projector", "bird bath",
    "air mattress", "work bench", "shopping basket", "number lock", "card game", "letters box",
    "burger plate", "license plate", "punching ball", "christmas tree", "wood logs", "little bank",
})  # fmt: skip
"""Names whose last word promises something else."""


def class_of_words(text: str) -> str | None:
    """The class that a name means, by the whole of it or by its last word; None where there is none.

    >>> class_of_words("Oak chairs"), class_of_words("table_lamp"), class_of_words("Chair with cushion")
    ('chair', 'lamp', 'chair')
    >>> class_of_words("Football table") is None
    True
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # CoffeeTable
    words = re.sub(r"[^a-z]+", " ", words.lower())
    words = re.split(r"\b(?:with|on|and|of|for|in)\b", words)[0] if words.strip() not in SYNONYMS else words
    parts = words.split()
    if parts and parts[-1] in ("seats", "places", "seater"):
        parts.pop()
    singular = [_singular(part) for part in parts]
    if " ".join(singular) in NOT_WHAT_THEY_SAY or " ".join(parts) in NOT_WHAT_THEY_SAY:
        return None
    for start in range(len(parts)):
        for name in (parts[start:], singular[start:]):
            found = _named(name)
            if found is not None:
                return found
    return None


def _named(words: list[str]) -> str | None:
    spelled = " ".join(words)
    known = spelled.replace(" ", "_")
    if known in CLASSES and known not in ("void", "sky", "object"):
        return known
    return SYNONYMS.get(spelled)


def _singular(word: str) -> str:
    for ending, instead in (("shelves", "shelf"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"),
                            ("boxes", "box"), ("benches", "bench")):  # fmt: skip
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word.removesuffix("s") if word.endswith("s") and not word.endswith("ss") else word
