"""Kill processes that write an evidence package, as a folder and as a zip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.package import EXPORTED
from modic_annotate.store.audit import read_chain
from modic_annotate.store.canonical import sha256_hex
from tests.soak.killing import Attempt
from tests.soak.linking import entries
from tests.soak.rounds import Operation, words
from tests.soak.stages import AS_OF, CRITERIA, Stages
from tests.soak.starting import Start


class Export(Operation):
    """Writes the sample's package as a folder."""

    name, share, stage = "export", 1, "signed"
    package_name, options = "package", ("--by", "coordinator")

    def __init__(self, stages: Stages, folder: Path, start: Start) -> None:
        super().__init__(stages, folder, start)
        self._wanted = package_bytes(self.package)
        self._root = verify_evidence(self.package).root

    def begin(self, folder: Path) -> None:
        """Take a fresh workspace and an empty folder to export to."""
        super().begin(folder)
        self.out = self.folder / "out"
        self.out.mkdir()
        self.package = self.out / self.package_name

    @property
    def arguments(self) -> list[str]:
        """``export`` to the package's name."""
        given = ("--criteria", CRITERIA, "--as-of", AS_OF.isoformat(), "--out", self.package)
        return words("export", self.root, self.stages.record, *given, *self.options)

    def mark(self) -> None:
        """Note what lies where the package goes."""
        self._was = entries(self.out)

    def begun(self, said: str) -> bool:
        """When a draft of the package appears."""
        return entries(self.out) != self._was

    def ended(self, said: str) -> bool:
        """When the root digest is out."""
        return "\nRoot " in said and "\nAs of " in said

    @property
    def is_done(self) -> bool:
        """When the package stands."""
        return self.package.exists()

    def left(self, attempt: Attempt) -> Iterator[str]:
        """Return what stands and is no whole package, or was told and does not stand."""
        names = {name for name, _ in entries(self.out)}
        hidden = {name for name in names if name.startswith(".")}
        self.seen["drafts left"] += bool(hidden)
        if names - hidden - {self.package_name}:
            yield f"{sorted(names - hidden)} lie where the package goes"
        if self.is_done:
            self.seen["packages that stood"] += 1
            yield from self._package_faults(self.package)
        else:
            self.seen["packages announced and not there"] += bool(self._n_announced())
        if self.ended(attempt.said) and not self.is_done:
            yield "the package was told as written and is not there"

    def finished(self) -> Iterator[str]:
        """Export again, under another name where the package stands, and compare all bytes."""
        if self.is_done:
            self.package = self.package.with_name(f"again-{self.package_name}")
        done = self.again()
        if not self.is_whole(done):
            yield f"exporting again ended with: {done.errors or done.said}"
        yield from self._package_faults(self.package)
        if self._root not in done.said:
            yield "exporting again told another root digest"

    def _package_faults(self, package: Path) -> Iterator[str]:
        verified = verify_evidence(package, root=self._root)
        if not verified.ok:
            yield f"{package.name} does not verify: {verified.text()}"
        if package_bytes(package) != self._wanted:
            yield f"{package.name} holds other bytes than the undisturbed one"
        if not self._n_announced():
            yield f"{package.name} stands and the audit trail does not know of it"

    def _n_announced(self) -> int:
        entries_ = read_chain(self.ws.store, None).entries
        return sum(bool(entry and entry.event == EXPORTED) for entry in entries_)


class ExportZip(Export):
    """Writes it as one zip file."""

    name = "export zip"
    package_name, options = "package.zip", ("--by", "coordinator", "--zip")


def package_bytes(package: Path) -> dict[str, str]:
    """Return the hash of every file of a package, or of the zip."""
    files = [package] if package.is_file() else sorted(package.rglob("*"))
    return {
        "" if path == package else path.relative_to(package).as_posix(): sha256_hex(
            path.read_bytes()
        )
        for path in files
        if path.is_file()
    }
