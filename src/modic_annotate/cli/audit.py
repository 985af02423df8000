"""``audit``: the trail of who did what, shown, checked or printed whole."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from modic_annotate.cli.arguments import FAULT_FOUND, WorkspaceArg


class AuditAction(StrEnum):
    """What to do with the audit trail."""

    SHOW = "show"
    VERIFY = "verify"
    PRINT = "print"


def audit(
    folder: WorkspaceArg,
    action: AuditAction,
    record: Annotated[str | None, typer.Argument(metavar="[RECORD]")] = None,
) -> None:
    """Show the audit trail in words, verify its hash chains, or print every entry."""
    from modic_annotate.conduct.case import images_changed
    from modic_annotate.store import audit as trail
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    if action == AuditAction.VERIFY:
        report = trail.verify_audit(workspace)
        print(report.text())
        images = [f for name in workspace.record_ids() for f in images_changed(workspace, name)]
        for fault in images:
            print(f"FAULT {fault}")
        if images or not report.ok:
            raise typer.Exit(FAULT_FOUND)
        return
    for line in trail.trail_lines(workspace, record, whole=action == AuditAction.PRINT):
        print(line)
