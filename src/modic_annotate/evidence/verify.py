"""Verify a package without trusting who made it, offline and from its files alone.

Without a root digest obtained elsewhere this establishes integrity, not authenticity: whoever
rebuilds a whole package consistently has a consistent package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.evidence.bag import PAYLOAD, root_digest
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.checks.bag_info import bag_info_problems
from modic_annotate.evidence.checks.formats import format_problems, made_elsewhere
from modic_annotate.evidence.checks.images import find_images, image_note, image_problems
from modic_annotate.evidence.checks.links import link_problems
from modic_annotate.evidence.checks.profile import profile_problems
from modic_annotate.evidence.checks.records import (
    audit_problems,
    determination_problems,
    key_image_problems,
    rendering_problems,
    same_version,
    signature_problems,
    state_problems,
)
from modic_annotate.evidence.checks.schemas import schema_problems
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import IMAGING, Profile, StateAtExport
from modic_annotate.evidence.fixity import fixity_problems
from modic_annotate.evidence.signing import read_public_key
from modic_annotate.evidence.signing import signature_problems as root_signature_problems
from modic_annotate.evidence.wording import INTEGRITY_ONLY

Check = Callable[[Contents], Iterable[str]]

ANCHORED = "The root digest is the one given: the package is the one that digest was taken of."

SIGNED = (
    "The root digest is signed with the key given (class digital): the package is as the holder "
    "of that key left it."
)
ROOT_DIGEST, ROOT_SIGNATURE = "root digest", "root signature"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: whether it ran, and every fault it found."""

    name: str
    ran: bool
    problems: tuple[str, ...] = ()
    note: str = ""
    """Why it did not run, or what it found that is no fault."""

    @property
    def ok(self) -> bool:
        """Whether it ran and found no fault."""
        return self.ran and not self.problems

    def to_json(self) -> dict[str, object]:
        """Return the result for machines."""
        return {
            "name": self.name,
            "ran": self.ran,
            "ok": self.ok,
            "problems": list(self.problems),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """What all checks found, the package's root digest, and how its record stood at export."""

    checks: tuple[CheckResult, ...]
    root: str
    record_states: tuple[StateAtExport, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no check found a fault; checks that did not run are no fault, and named."""
        return not any(check.problems for check in self.checks)

    @property
    def authenticity(self) -> str:
        """What is established beyond integrity, in a sentence."""
        held = {check.name for check in self.checks if check.ok}
        if ROOT_SIGNATURE in held:
            return SIGNED
        return ANCHORED if ROOT_DIGEST in held else INTEGRITY_ONLY

    def check(self, name: str) -> CheckResult:
        """Return one check's result by name; KeyError where there is none."""
        return {check.name: check for check in self.checks}[name]

    def to_json(self) -> dict[str, object]:
        """Return everything for machines."""
        return {
            "ok": self.ok,
            "root_sha256": self.root,
            "authenticity": self.authenticity,
            "record_at_export": [state.model_dump(mode="json") for state in self.record_states],
            "checks": [check.to_json() for check in self.checks],
        }

    def text(self) -> str:
        """Return everything in lines for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        width = max(len(check.name) for check in self.checks)
        for check in self.checks:
            verdict = "ok" if check.ok else "FAULT" if check.problems else "not run"
            note = f": {check.note}" if check.note else ""
            yield f"{check.name:<{width}}  {verdict}{note}"
            yield from (f"  {problem}" for problem in check.problems)
        for state in self.record_states:
            fields = f": {', '.join(state.changed_fields)}" if state.changed_fields else ""
            words = state.state.replace("_", " ")
            yield f"Record at export, for {state.reading_id}: {words}{fields}"
        yield f"Root digest {self.root}"
        yield self.authenticity if self.ok else "The package does not verify."


def verify_evidence(
    path: Path | str,
    dicom: Path | str | None = None,
    root: str | None = None,
    key: Path | str | None = None,
) -> Verification:
    """Check a package: every byte, every record, every link, and the judgement made again.

    Parameters
    ----------
    path
        A package folder or zip.
    dicom
        A folder with the images that were read, to be compared by pixels.
    root
        The package's root digest as obtained from somewhere else.
    key
        A public key (PEM) whose holder signed the root digest, in the file beside the package.

    Raises
    ------
    UnreadablePackageError
        There is nothing to check.
    ExportError
        `key` is no public Ed25519 key.
    NothingReadableError
        `dicom` holds no images.
    """
    found = open_bag(Path(path))
    payload = {p: c for p, c in sorted(found.files.items()) if p.startswith(PAYLOAD)}
    contents = Contents(payload)
    digest = root_digest(found.files)
    results = (
        CheckResult("fixity", ran=True, problems=fixity_problems(found)),
        _run("bag info", lambda c: bag_info_problems(found.files, c), contents),
        _run("schemas", schema_problems, contents),
        _audit_chain(contents),
        _run("signatures", signature_problems, contents),
        _run("links", link_problems, contents),
        _run("record state", state_problems, contents),
        _run("determination", determination_problems, contents),
        _key_images(contents),
        _renderings(contents),
        _formats(contents),
        _profile(contents),
        _images(contents, dicom),
        _root(digest, root),
        _root_signature(Path(path), digest, key),
    )
    return Verification(results, digest, _states(contents))


def _run(name: str, check: Check, contents: Contents, note: str = "") -> CheckResult:
    """Run a check; what keeps it from running is a fault of the package.

    Records that fit their classes and not each other reach libraries that raise of their own.
    """
    try:
        return CheckResult(name, ran=True, problems=tuple(check(contents)), note=note)
    except ModicAnnotateError as error:
        why = str(error)
    except Exception as error:  # noqa: BLE001 - a forged package may hold anything; it is answered
        why = f"the records do not fit each other ({type(error).__name__})"
    return CheckResult(name, ran=False, problems=(f"could not be checked: {why}",))


def _audit_chain(contents: Contents) -> CheckResult:
    """Check the chain; in a trial's package only that its head is told the same twice."""
    name = "audit chain"
    result = _run(name, audit_problems, contents)
    if result.problems or not _is_trial(contents):
        return result
    return CheckResult(name, ran=False, note="withheld in profile trial; its head is told")


def _profile(contents: Contents) -> CheckResult:
    name = "profile"
    result = _run(name, profile_problems, contents)
    if result.problems:
        return result
    if not _is_trial(contents):
        return CheckResult(name, ran=False, note="this profile withholds no identity")
    note = "trial: searched for patterns; names the site knows were searched for at export"
    return CheckResult(name, ran=True, note=note)


def _is_trial(contents: Contents) -> bool:
    return contents.document.profile == Profile.TRIAL


def _key_images(contents: Contents) -> CheckResult:
    if not any(path.startswith(IMAGING) for path in contents.files):
        return CheckResult("key images", ran=False, note="no reading, no images")
    return _run("key images", key_image_problems, contents)


def _renderings(contents: Contents) -> CheckResult:
    name = "renderings"
    try:
        comparable = same_version(contents)
    except ModicAnnotateError as error:
        return CheckResult(name, ran=False, problems=(f"could not be checked: {error}",))
    if not comparable:
        tool = contents.document.tool
        return CheckResult(name, ran=False, note=f"made by {tool.name} {tool.version}")
    return _run(name, rendering_problems, contents)


def _formats(contents: Contents) -> CheckResult:
    """Make every format again that can be made here; the others are named."""
    name = "formats"
    try:
        elsewhere = made_elsewhere(contents)
        n_formats = len(contents.document.formats)
    except ModicAnnotateError as error:
        return CheckResult(name, ran=False, problems=(f"could not be checked: {error}",))
    makers = dict.fromkeys(maker for others in elsewhere.values() for maker in others)
    note = f"made by {', '.join(makers)}" if makers else ""
    if makers and len(elsewhere) >= n_formats:
        return CheckResult(name, ran=False, note=note)
    left_out = f"not made again: {', '.join(elsewhere)}, {note}" if makers else ""
    return _run(name, format_problems, contents, note=left_out)


def _images(contents: Contents, dicom: Path | str | None) -> CheckResult:
    name = "images"
    if dicom is None:
        return CheckResult(name, ran=False, note="no images given (--dicom)")
    found = find_images(Path(dicom))
    result = _run(name, lambda c: image_problems(c, found), contents)
    if not result.ran:
        return result
    return CheckResult(name, ran=True, problems=result.problems, note=image_note(contents, found))


def _root(digest: str, expected: str | None) -> CheckResult:
    name = ROOT_DIGEST
    if expected is None:
        return CheckResult(name, ran=False, note="none given (--root)")
    same = expected.strip().lower() == digest
    problems = () if same else (f"the package's is {digest}, not the one given",)
    return CheckResult(name, ran=True, problems=problems)


def _root_signature(package: Path, digest: str, key: Path | str | None) -> CheckResult:
    if key is None:
        return CheckResult(ROOT_SIGNATURE, ran=False, note="no public key given (--key)")
    problems = root_signature_problems(package, digest, read_public_key(Path(key)))
    return CheckResult(ROOT_SIGNATURE, ran=True, problems=problems)


def _states(contents: Contents) -> tuple[StateAtExport, ...]:
    try:
        return contents.document.record_states
    except ModicAnnotateError:
        return ()
