"""Sign: one screen of what is signed, in words; then where the record lies."""

from __future__ import annotations

from functools import partial

from modic_annotate.session.acts import Sign
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.prompts import TextPrompt
from modic_annotate_napari.steps.returning import turn_to_gap


def sign(desk: Desk) -> None:
    """Sign the reading, asking first for what the record needs and only the reader can say."""
    session = desk.session
    if session.state.signed:
        desk.say("This reading is signed and final", refused=True)
    elif desk.needs_passphrase:
        desk.ask(
            TextPrompt("your passphrase", "passphrase", secret=True, answer=partial(_unlock, desk))
        )
    elif not_covered(desk) and not session.state.not_covered_reason:
        desk.ask(
            TextPrompt(
                "why slices stay unseen",
                "not_covered",
                required=True,
                answer=lambda reason: _sign(desk, reason),
            )
        )
    else:
        _sign(desk, None)


def _unlock(desk: Desk, passphrase: str) -> None:
    desk.session.authenticate(passphrase)
    desk.needs_passphrase = False
    sign(desk)


def _sign(desk: Desk, not_covered_reason: str | None) -> None:
    desk.act(Sign(meaning=desk.meaning, not_covered_reason=not_covered_reason))


def ask_meaning(desk: Desk) -> None:
    """Change what the signature says."""

    def answer(text: str) -> None:
        desk.meaning = text.strip() or desk.meaning
        desk.changed.emit()

    desk.ask(
        TextPrompt("the meaning of the signature", "meaning", text=desk.meaning, answer=answer)
    )


def copy_wording(desk: Desk) -> None:
    """Put the wording of the signed reading onto the clipboard."""
    desk.say(desk.views.command("wording"))


def not_covered(desk: Desk) -> bool:
    """Return whether slices the protocol wants seen were not shown."""
    protocol = desk.session.protocol
    return any(
        desk.session.coverage_percent(role) < protocol.coverage_percent
        for role in protocol.coverage_roles
        if desk.session.series_in(role) is not None
    )


COMMANDS: dict[str, Command] = {
    "sign.meaning": ask_meaning,
    "sign.missing": turn_to_gap,
    "wording": copy_wording,
}
