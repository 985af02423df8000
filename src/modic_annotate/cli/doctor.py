"""``doctor``: what this machine has and lacks for reading and exporting."""

from __future__ import annotations

import typer

from modic_annotate.cli.arguments import FAULT_FOUND, JsonOpt, print_json


def doctor(as_json: JsonOpt = False) -> None:
    """Say in one line each what is right or missing here, and what to do (takes some seconds)."""
    from modic_annotate.conduct.doctor import examine

    checks = []
    for check in examine():
        checks.append(check)
        if not as_json:
            print(check.line, flush=True)
    ok = all(check.state != "missing" for check in checks)
    if as_json:
        print_json({"ok": ok, "checks": [check.to_json() for check in checks]})
    if not ok:
        raise typer.Exit(FAULT_FOUND)
