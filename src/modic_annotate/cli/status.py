"""``status``: where every record of a workspace stands."""

from __future__ import annotations

from modic_annotate.cli.arguments import JsonOpt, WorkspaceArg, print_json


def status(folder: WorkspaceArg, as_json: JsonOpt = False) -> None:
    """Show records, links, readings, notices to the site and the audit heads."""
    from modic_annotate.conduct.status import workspace_status
    from modic_annotate.store.workspace import Workspace

    report = workspace_status(Workspace.open(folder))
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        print(report.text())
