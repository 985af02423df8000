"""Write a phantom study and its truth."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.phantom.anatomy import Spine, build_spine
from modic_annotate.phantom.dicom import file_name, phantom_uid, write_slice
from modic_annotate.phantom.protocol import SEQUENCES, Sequence
from modic_annotate.phantom.recipe import SAMPLE, Recipe
from modic_annotate.phantom.render import render_series
from modic_annotate.phantom.truth import (
    Truth,
    TruthSeries,
    true_bodies,
    true_discs,
    true_endplates,
    true_lesion,
)
from modic_annotate.store.canonical import canonical_bytes

DEFAULT_SEED = 20260310


def make_truth(
    recipe: Recipe = SAMPLE,
    seed: int = DEFAULT_SEED,
    sequences: tuple[Sequence, ...] = SEQUENCES,
) -> Truth:
    """Return what is true of a phantom, without drawing any image."""
    return _truth(build_spine(recipe), seed, sequences)


def write_phantom(
    out: Path,
    recipe: Recipe = SAMPLE,
    seed: int = DEFAULT_SEED,
    sequences: tuple[Sequence, ...] = SEQUENCES,
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

    Returns
    -------
    Truth
        As written to ``truth.json``.
    """
    spine = build_spine(recipe)
    study = out / "study"
    study.mkdir(parents=True, exist_ok=True)
    for sequence in sequences:
        pixels = render_series(spine, sequence, seed)
        for index, frame in enumerate(pixels):
            path = study / file_name(sequence, index)
            write_slice(path, frame, recipe, sequence, index, _study_name(recipe, seed))
    truth = _truth(spine, seed, sequences)
    (out / "truth.json").write_bytes(canonical_bytes(truth))
    return truth


def _study_name(recipe: Recipe, seed: int) -> str:
    return f"{recipe.name}/{seed}"


def _truth(spine: Spine, seed: int, sequences: tuple[Sequence, ...]) -> Truth:
    study = _study_name(spine.recipe, seed)
    return Truth(
        recipe=spine.recipe.name,
        seed=seed,
        study_uid=phantom_uid(study),
        frame_of_reference_uid=phantom_uid(study, "frame"),
        series=tuple(_series(sequence, study) for sequence in sequences),
        bodies=true_bodies(spine),
        endplates=true_endplates(spine),
        discs=true_discs(spine),
        lesions=tuple(true_lesion(spine, lesion) for lesion in spine.recipe.lesions),
    )


def _series(sequence: Sequence, study: str) -> TruthSeries:
    order = range(sequence.shape[0])
    return TruthSeries(
        series_uid=phantom_uid(study, sequence.key),
        role=sequence.role,
        description=sequence.description,
        grid=sequence.grid,
        sop_instance_uids=tuple(phantom_uid(study, sequence.key, i) for i in order),
        instance_numbers=tuple(sequence.instance_number(i) for i in order),
        files=tuple(f"study/{file_name(sequence, i)}" for i in order),
    )
