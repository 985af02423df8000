"""Write a phantom study and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modic_annotate.phantom.anatomy import Spine, build_spine
from modic_annotate.phantom.dicom import file_name, phantom_uid, write_slice
from modic_annotate.phantom.protocol import SEQUENCES, Sequence
from modic_annotate.phantom.recipe import NORMAL, SAMPLE, Recipe
from modic_annotate.phantom.render import render_series
from modic_annotate.phantom.true_changes import Imaged, true_lesion, true_mimic
from modic_annotate.phantom.truth import (
    Truth,
    TruthSeries,
    true_bodies,
    true_discs,
    true_endplates,
)
from modic_annotate.store.canonical import canonical_bytes

DEFAULT_SEED = 20260310
NORMAL_SEED = 20260311


@dataclass(frozen=True, slots=True)
class Layout:
    """What a phantom's files are called."""

    study: str = "study"
    truth: str = "truth.json"


NORMAL_LAYOUT = Layout(study="normal-study", truth="normal-truth.json")
"""Where the normal spine lies beside the sample."""


def make_truth(
    recipe: Recipe = SAMPLE,
    seed: int = DEFAULT_SEED,
    sequences: tuple[Sequence, ...] = SEQUENCES,
    layout: Layout = Layout(),
) -> Truth:
    """Return what is true of a phantom, without drawing any image."""
    return _truth(build_spine(recipe), seed, sequences, layout)


def write_phantom(
    out: Path,
    recipe: Recipe = SAMPLE,
    seed: int = DEFAULT_SEED,
    sequences: tuple[Sequence, ...] = SEQUENCES,
    layout: Layout = Layout(),
) -> Truth:
    """Draw a phantom, write it as DICOM and write its truth.

    Parameters
    ----------
    out
        Folder, made if need be; holds ``study/*.dcm`` and ``truth.json`` afterwards. Files of
        the same names are overwritten.
    recipe
        Anatomy and changes.
    seed
        Of noise and texture; the same seed and recipe give the same bytes on every machine.
    sequences
        Series to image.
    layout
        Names of the study's folder and of the truth's file.

    Returns
    -------
    Truth
        As written to ``truth.json``.
    """
    spine = build_spine(recipe)
    study = out / layout.study
    study.mkdir(parents=True, exist_ok=True)
    for sequence in sequences:
        pixels = render_series(spine, sequence, seed)
        for index, frame in enumerate(pixels):
            path = study / file_name(sequence, index)
            write_slice(path, frame, recipe, sequence, index, _study_name(recipe, seed))
    truth = _truth(spine, seed, sequences, layout)
    (out / layout.truth).write_bytes(canonical_bytes(truth))
    return truth


def write_samples(out: Path) -> tuple[Truth, Truth]:
    """Write the sample and the normal spine beside each other, as they are shipped."""
    return write_phantom(out), write_phantom(out, NORMAL, NORMAL_SEED, layout=NORMAL_LAYOUT)


def _study_name(recipe: Recipe, seed: int) -> str:
    return f"{recipe.name}/{seed}"


def _truth(spine: Spine, seed: int, sequences: tuple[Sequence, ...], layout: Layout) -> Truth:
    study = _study_name(spine.recipe, seed)
    series = tuple(_series(sequence, study, layout) for sequence in sequences)
    imaged = Imaged(tuple(zip(sequences, series, strict=True)), seed)
    recipe = spine.recipe
    return Truth(
        recipe=recipe.name,
        seed=seed,
        study_uid=phantom_uid(study),
        frame_of_reference_uid=phantom_uid(study, "frame"),
        series=series,
        bodies=true_bodies(spine),
        endplates=true_endplates(spine),
        discs=true_discs(spine),
        lesions=tuple(true_lesion(spine, lesion, imaged) for lesion in recipe.lesions),
        mimics=tuple(true_mimic(spine, mimic, imaged) for mimic in recipe.mimics),
        lumbar_count=sum(body.name[0] == "L" for body in recipe.bodies),
        variant=recipe.variant,
        scoliosis_mm=recipe.scoliosis_mm,
    )


def _series(sequence: Sequence, study: str, layout: Layout) -> TruthSeries:
    order = range(sequence.shape[0])
    return TruthSeries(
        series_uid=phantom_uid(study, sequence.key),
        role=sequence.role,
        description=sequence.description,
        grid=sequence.grid,
        sop_instance_uids=tuple(phantom_uid(study, sequence.key, i) for i in order),
        instance_numbers=tuple(sequence.instance_number(i) for i in order),
        files=tuple(f"{layout.study}/{file_name(sequence, i)}" for i in order),
    )
