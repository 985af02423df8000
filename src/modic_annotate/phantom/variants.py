"""Spines that are not the usual one: other counts, transitional, slipped, bent and broken."""

from __future__ import annotations

from modic_annotate.domain.numbering import TransitionalVariant
from modic_annotate.domain.spine import Surface
from modic_annotate.phantom.recipe import BodyShape, DiscShape, Mimic, MimicKind, Recipe

RUDIMENTARY = DiscShape(height_mm=3.2, hydration=0.15, bulge_mm=0.0)
WELL_FORMED = DiscShape(height_mm=7.5, hydration=0.75, bulge_mm=0.6)


def with_lumbar_count(recipe: Recipe, count: int) -> Recipe:
    """Return the recipe with 4, 5 or 6 lumbar bodies of one with 5.

    The lowest keeps its shape and takes the name of its new number; a body is left out above it,
    or put in as a copy of the one above. Changes on bodies that are no more are left out.
    """
    if count not in (4, 5, 6):
        raise ValueError(f"A spine has 4, 5 or 6 lumbar bodies, not {count}")
    bodies, discs = list(recipe.bodies), list(recipe.discs)
    place = [b.name for b in bodies].index("L4")
    if count == 4:  # noqa: PLR2004 - one fewer
        del bodies[place], discs[place]
        bodies[place] = bodies[place].replace(name="L4")
    elif count == 6:  # noqa: PLR2004 - one more
        bodies.insert(place + 1, _between(bodies[place], bodies[place + 1]))
        discs.insert(place + 1, discs[place])
        bodies[place + 2] = bodies[place + 2].replace(name="L6")
    return _renamed(recipe, tuple(bodies), tuple(discs), f"lumbar-{count}")


def _between(upper: BodyShape, lower: BodyShape) -> BodyShape:
    tilt = (upper.tilt_inferior_deg + lower.tilt_superior_deg) / 2
    return upper.replace(name="L5", tilt_superior_deg=tilt - 1.0, tilt_inferior_deg=tilt + 1.0)


def _renamed(
    recipe: Recipe, bodies: tuple[BodyShape, ...], discs: tuple[DiscShape, ...], name: str
) -> Recipe:
    names = {body.name for body in bodies}
    return recipe.replace(
        name=f"{recipe.name}-{name}",
        bodies=bodies,
        discs=discs,
        lesions=tuple(x for x in recipe.lesions if x.endplate.vertebra in names),
        mimics=tuple(x for x in recipe.mimics if x.vertebra in names),
        rough_endplates=tuple(x for x in recipe.rough_endplates if x.vertebra in names),
    )


def sacralised(recipe: Recipe) -> Recipe:
    """Return the recipe with an L5 that is part of the sacrum: wide, and its disc rudimentary."""
    changed = _with_body(recipe, "L5", width_mm=62.0, ap_inferior_mm=30.0)
    changed = _with_disc(changed, "L5", RUDIMENTARY)
    return changed.replace(
        name=f"{recipe.name}-sacralised", variant=TransitionalVariant.SACRALISED_L5
    )


def lumbarised(recipe: Recipe) -> Recipe:
    """Return the recipe with a squared S1 and a well formed disc below it."""
    changed = _with_body(recipe, "S1", ap_inferior_mm=31.0, width_mm=56.0)
    changed = _with_body(changed, "S2", ap_superior_mm=30.0)
    changed = _with_disc(changed, "S1", WELL_FORMED)
    return changed.replace(
        name=f"{recipe.name}-lumbarised", variant=TransitionalVariant.LUMBARISED_S1
    )


def slipped(recipe: Recipe, vertebra: str, by_mm: float) -> Recipe:
    """Return the recipe with a body slipped forward (negative: backward) on the one below."""
    disc = recipe.discs[_index(recipe, vertebra)].replace(slip_mm=by_mm)
    changed = _with_disc(recipe, vertebra, disc)
    return changed.replace(name=f"{recipe.name}-{vertebra}-slipped")


def scoliotic(recipe: Recipe, by_mm: float) -> Recipe:
    """Return the recipe with its midline bent sideways, to the left where positive."""
    return recipe.replace(name=f"{recipe.name}-scoliotic", scoliosis_mm=by_mm)


def wedged(recipe: Recipe, vertebra: str, front_loss_percent: float) -> Recipe:
    """Return the recipe with a body whose front has lost some of its height."""
    body = recipe.bodies[_index(recipe, vertebra)]
    loss = body.height_mm * front_loss_percent / 100
    # a small angle: the loss over the length of the endplate, in degrees; half of it at the centre
    tilt = 57.29578 * loss / body.ap_superior_mm
    changed = _with_body(
        recipe,
        vertebra,
        tilt_superior_deg=body.tilt_superior_deg + tilt,
        height_mm=body.height_mm - loss / 2,
    )
    return changed.replace(name=f"{recipe.name}-{vertebra}-wedged")


def fractured(recipe: Recipe, vertebra: str, front_loss_percent: float = 25.0) -> Recipe:
    """Return the recipe with a fresh fracture of a body below its upper endplate."""
    changed = wedged(recipe, vertebra, front_loss_percent)
    break_ = Mimic(kind=MimicKind.FRACTURE, vertebra=vertebra, size_mm=9.0)
    return changed.replace(
        name=f"{recipe.name}-{vertebra}-fractured", mimics=(*recipe.mimics, break_)
    )


def infected(recipe: Recipe, upper: str, depth_mm: float = 12.0) -> Recipe:
    """Return the recipe with an infected disc below a body: both endplates, fluid in the disc."""
    index = _index(recipe, upper)
    lower = recipe.bodies[index + 1].name
    disc = recipe.discs[index].replace(fluid=0.85)
    changed = _with_disc(recipe, upper, disc)
    sides = ((upper, Surface.INFERIOR), (lower, Surface.SUPERIOR))
    both = tuple(
        Mimic(kind=MimicKind.INFECTION, vertebra=name, surface=side, size_mm=depth_mm)
        for name, side in sides
    )
    return changed.replace(name=f"{recipe.name}-{upper}-infected", mimics=(*recipe.mimics, *both))


def _index(recipe: Recipe, vertebra: str) -> int:
    return [body.name for body in recipe.bodies].index(vertebra)


def _with_body(recipe: Recipe, vertebra: str, **changes: float) -> Recipe:
    index = _index(recipe, vertebra)
    bodies = list(recipe.bodies)
    bodies[index] = bodies[index].replace(**changes)
    return recipe.replace(bodies=tuple(bodies))


def _with_disc(recipe: Recipe, above: str, disc: DiscShape) -> Recipe:
    discs = list(recipe.discs)
    discs[_index(recipe, above)] = disc
    return recipe.replace(discs=tuple(discs))
