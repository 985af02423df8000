"""All commands, gathered; each is one function in the module of its name."""

from __future__ import annotations

import typer

from modic_annotate.cli import (
    addendum,
    apply,
    assess,
    attach,
    audit,
    case,
    criteria,
    demo,
    doctor,
    export,
    init,
    link,
    phantom,
    read,
    readers,
    resolve,
    scan,
    schema,
    screening,
    sign_determination,
    status,
    submission,
    transcribe,
    verify,
    wording,
    worklist,
)

app = typer.Typer(
    name="modic-annotate",
    help="Read Modic changes on lumbar MRI and export verifiable evidence. "
    "For research and evidence documentation, not for diagnosis.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("demo")(demo.demo)
app.command("scan")(scan.scan)
app.command("init")(init.init)
app.command("readers")(readers.readers)
app.add_typer(screening.app, name="screening")
app.command("link")(link.link)
app.command("case")(case.case)
app.command("attach")(attach.attach)
app.command("transcribe")(transcribe.transcribe)
app.command("addendum")(addendum.addendum)
app.command("wording")(wording.wording)
app.command("worklist")(worklist.worklist)
app.command("read")(read.read)
app.command("apply")(apply.apply)
app.command("assess")(assess.assess)
app.add_typer(criteria.app, name="criteria")
app.command("resolve")(resolve.resolve)
app.command("sign-determination")(sign_determination.sign_determination)
app.command("export")(export.export)
app.command("submission")(submission.submission)
app.command("verify")(verify.verify)
app.command("audit")(audit.audit)
app.command("status")(status.status)
app.command("schema")(schema.schema)
app.command("phantom")(phantom.phantom)
app.command("doctor")(doctor.doctor)


@app.callback()
def _version(
    version: bool = typer.Option(False, "--version", help="Show the version and stop."),
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(installed("modic-annotate"))
        raise typer.Exit
