"""`--quick`: the same recipe, small enough to see something within a minute."""

from __future__ import annotations

from synthgen.recipe.model import Recipe

SCENES, VIEWS, SAMPLES, LONGEST_SIDE_PX = 2, 2, 8, 160


def quick_recipe(recipe: Recipe) -> Recipe:
    """A recipe with at most 2 scenes of 2 views, 8 samples per pixel and 160 pixels on the longer side.

    A side that is a distribution is replaced by 160 x 120. The name gets the ending `-quick`, so that the
    result never meets the real dataset.
    """
    cameras = []
    for camera in recipe.cameras:
        width, height = camera.width, camera.height
        if not (isinstance(width, int) and isinstance(height, int)):
            width, height = 160, 120
        scale = min(1.0, LONGEST_SIDE_PX / max(width, height))
        size = {"width": max(16, round(width * scale)), "height": max(16, round(height * scale))}
        cameras.append(camera.model_copy(update=size))
    return recipe.model_copy(
        update={
            "name": f"{recipe.name}-quick",
            "scenes": min(recipe.scenes, SCENES),
            "views": min(recipe.views, VIEWS),
            "cameras": tuple(cameras),
            "render": recipe.render.model_copy(update={"samples": SAMPLES}),
        }
    )
