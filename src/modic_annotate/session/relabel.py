"""Give bodies other names; what was drawn and read of a body goes with it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.spine import DiscLevel, Endplate, Vertebra
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.draft import Draft

Names = Mapping[Vertebra, Vertebra]
"""New name by old name; a body that is not in it has no name any more."""


def shifted(order: Sequence[Vertebra], by: int) -> Names:
    """Return the renaming that slides all labels by one body, +1 towards the head.

    Parameters
    ----------
    order
        All labels, head to foot.
    by
        +1: the body called L4 is called L5 from now on; -1: it is called L3.
    """
    pairs = itertools.pairwise(order)
    return dict(pairs) if by > 0 else {lower: upper for upper, lower in pairs}


def recounted(old: Sequence[Vertebra], new: Sequence[Vertebra]) -> Names:
    """Return the renaming to another count, counted upward from the sacrum."""
    return dict(zip(reversed(old), reversed(new), strict=False))


def relabelled(draft: Draft, names: Names) -> Draft:
    """Return the draft with every body renamed; the scope is not adapted here.

    Raises
    ------
    ActRefusedError
        A body that was placed, drawn or read would have no name left.
    """
    everything = [f for f in {**draft.set_aside, **draft.findings}.values() if f.is_read]
    known = [b.vertebra for b in draft.numbering.bodies]
    known += [line.endplate.vertebra for line in draft.lines]
    known += [outline.vertebra for outline in draft.outlines]
    known += [mask.endplate.vertebra for mask in draft.masks]
    known += [finding.endplate.vertebra for finding in everything]
    lost = [vertebra for vertebra in known if vertebra not in names]
    if lost:
        raise ActRefusedError(
            f"{lost[0]} has no label beyond it; take back what is said of that body first"
        )
    bodies = tuple(body.replace(vertebra=names[body.vertebra]) for body in draft.numbering.bodies)
    return draft.replace(
        numbering=draft.numbering.replace(bodies=bodies),
        lines=tuple(ln.replace(endplate=_endplate(ln.endplate, names)) for ln in draft.lines),
        outlines=tuple(o.replace(vertebra=names[o.vertebra]) for o in draft.outlines),
        masks=tuple(m.replace(endplate=_endplate(m.endplate, names)) for m in draft.masks),
        findings={},
        set_aside={new.endplate: new for new in (_finding(f, names) for f in everything)},
        discs={
            new_disc.disc: new_disc
            for disc in draft.discs.values()
            if (new_disc := _disc(disc, names))
        },
    )


def _endplate(endplate: Endplate, names: Names) -> Endplate:
    return Endplate(names[endplate.vertebra], endplate.surface)


def _finding(finding: Finding, names: Names) -> Finding:
    source = finding.copied_from
    return finding.replace(
        endplate=_endplate(finding.endplate, names),
        copied_from=_endplate(source, names) if source and source.vertebra in names else None,
    )


def _disc(finding: DiscFinding, names: Names) -> DiscFinding | None:
    upper, lower = names.get(finding.disc.upper), names.get(finding.disc.lower)
    return finding.replace(disc=DiscLevel(upper, lower)) if upper and lower else None
