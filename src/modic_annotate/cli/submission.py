"""``submission``: the log of what was sent to whom, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from modic_annotate.cli.arguments import (
    ByOpt,
    JsonOpt,
    RecordArg,
    WorkspaceArg,
    day,
    operator,
    print_json,
    print_table,
)
from modic_annotate.errors import RecordError


class Event(StrEnum):
    """A step of a submission."""

    SENT = "sent"
    QUESTION = "question"
    APPROVED = "approved"
    DENIED = "denied"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"


def submission(
    folder: WorkspaceArg,
    record: RecordArg,
    event: Annotated[
        Event | None, typer.Argument(metavar="[EVENT]", help="Without it the log is shown.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="The payer or sponsor; never a person.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day.")] = None,
    root: Annotated[
        str | None, typer.Option("--root", metavar="DIGEST", help="Root digest of what was sent.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What was asked or answered.")] = "",
    by: ByOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Log EVENT of a submission of RECORD, or show the log."""
    from modic_annotate.domain.base import utc_now
    from modic_annotate.domain.submission import Submission
    from modic_annotate.store import determined
    from modic_annotate.store.canonical import canonical_bytes, parse_record
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    stored = workspace.resolve(record)
    if event is not None:
        if to is None or on is None:
            raise RecordError("Say to whom and on which day: --to NAME --on DATE")
        given = {
            "record_id": stored,
            "event": event.value,
            "recipient": to,
            "on": day(on).isoformat(),
            "root_sha256": root,
            "note": note,
            "by": operator(by),
            "at": utc_now().isoformat(),
        }

        def make(name: str) -> Submission:
            content = canonical_bytes({**given, "submission_id": name})
            return parse_record(Submission, content, "The entry")

        determined.add_submission(workspace.store, stored, make)
    found = determined.submissions(workspace.store, stored)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    rows = [(s.on.isoformat(), s.event, s.recipient, (s.root_sha256 or "")[:12]) for s in found]
    print_table("", ("day", "event", "to", "package"), rows)
