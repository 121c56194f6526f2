"""The pages on conventions and channels are true: one is executed, the other is made from the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from synthgen.inspect.catalogue import channels_markdown
from synthgen.storage import Storage

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_channels_page_is_fresh() -> None:
    result = DOCS.parent / "benchmarks" / "results" / "truth_cost.json"
    page = channels_markdown(json.loads(result.read_text(encoding="utf-8")))
    advice = "run the command at the head of synthgen/inspect/catalogue.py"
    assert (DOCS / "channels.md").read_text(encoding="utf-8") == page, advice


def test_the_snippet_on_depth_gives_points_on_the_floor(
    dataset: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    [snippet] = re.findall(
        r"```python\n(.*?)```", (DOCS / "conventions.md").read_text(encoding="utf-8"), re.S
    )
    monkeypatch.chdir(dataset.local_path().parent)
    dataset.local_path().rename("indoor")
    Path("out").mkdir()
    Path("indoor").rename("out/indoor")
    names: dict[str, object] = {}
    exec(compile(snippet, "docs/conventions.md", "exec"), names)

    frame, points = names["frame"], names["points_world"]
    hit = np.isfinite(frame["depth"])
    assert points.shape == (hit.sum(), 3)
    # The analytic scene's floor is instance 1, the plane z = 0; its objects stand on it.
    floor = frame["instance"][hit] == 1
    assert np.abs(points[floor, 2]).max() < 1e-5
    assert points[~floor, 2].min() > -1e-5
    assert points[~floor, 2].max() > 0.3


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
