"""How good a series is for diagnosis: one key; anything less than diagnostic says why.

The ratings are RadLex's of DICOM CID 7036: diagnostic RID12, limited RID13, not usable RID14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from modic_annotate.domain.series import QUALITY_REASONS, QualityRating, SeriesRole
from modic_annotate.session.acts import RateQuality
from modic_annotate.session.values import value_words
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import Option
from modic_annotate_napari.desk.prompts import ChoicesPrompt, TextPrompt

REASONS = tuple(
    Option(key, words, words) for key, words in zip("mnawctf", QUALITY_REASONS, strict=True)
)
"""Reasons with a letter of their own; they are recorded in these words."""

WORDS = Option("o", "in words", "words")


@dataclass
class ReasonsPrompt(ChoicesPrompt):
    """Letters, or ``o`` for words; Enter records once there is a reason."""

    in_words: Callable[[tuple[str, ...]], None] = field(default=lambda chosen: None)

    def key(self, key: str) -> str | None:
        """Switch a reason, turn to words, or record; never nothing."""
        if key == WORDS.key:
            self.finished = True
            self.in_words(self.chosen)
            return ""
        if key == "Enter" and not self.chosen:
            return f"{self.title[:1].upper()}{self.title[1:]}: a letter, or o for words"
        return super().key(key)


def ask_reasons(
    desk: Desk, role: SeriesRole, rating: QualityRating, then: Callable[[], None]
) -> None:
    """Ask why a series is limited or not usable, then record the rating with its reasons."""
    title = f"why it is {value_words('quality', rating)}"

    def record(reasons: tuple[str, ...]) -> None:
        if desk.act(RateQuality(role=role, rating=rating, reasons=reasons)):
            then()

    def type_in(chosen: tuple[str, ...]) -> None:
        desk.ask(
            TextPrompt(
                title,
                "quality",
                text="; ".join(chosen),
                required=True,
                answer=lambda text: record(_parts(text)),
            )
        )

    desk.ask(
        ReasonsPrompt(title, "quality", options=(*REASONS, WORDS), answer=record, in_words=type_in)
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
