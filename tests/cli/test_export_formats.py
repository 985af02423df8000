"""``export`` with further formats, through the real command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

EXPORT = ("--criteria", "fda_510k_bvna", "--as-of", "2026-03-20")


def files_of(package: Path) -> dict[str, bytes]:
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file()
    }


def test_the_sample_exports_as_dicom_and_verifies(
    run: Run, linked: Path, sample: Path, tmp_path: Path
) -> None:
    """Two exports are the same bytes, hold the DICOM objects, and verify; a spoilt one does not."""
    applied = run(
        "apply", linked, "demo-001", "--reader", "R01", "--acts", sample / "lesions.acts.jsonl"
    )
    assert applied.code == 0, applied.err
    for name in ("a", "b"):
        ran = run(
            "export", linked, "demo-001", *EXPORT, "--with", "sr, kos", "--out", tmp_path / name
        )
        assert ran.code == 0, ran.err
    first = files_of(tmp_path / "a")
    assert first == files_of(tmp_path / "b")
    assert {p.rpartition("/")[2] for p in first if p.endswith(".dcm")} == {
        "sr.dcm", "kos.dcm", "pr-SAG_T1.dcm", "pr-SAG_T2.dcm",
    }  # fmt: skip
    others = {"fhir/R01-1.json", "tables/discs.csv", "sdtm/ie.csv", "plain.html"}
    assert {f"data/{name}" for name in others} <= set(first)
    assert run("verify", tmp_path / "a").code == 0
    report = tmp_path / "a" / "data" / "dicom" / "R01-1" / "kos.dcm"
    spoilt = bytearray(report.read_bytes())
    spoilt[-9] ^= 1
    report.write_bytes(spoilt)
    ran = run("verify", tmp_path / "a")
    assert ran.code == 1
    assert "kos.dcm" in ran.out


def test_an_unknown_format_is_refused(run: Run, linked: Path, tmp_path: Path) -> None:
    """Nothing is written, and what there is, is named."""
    ran = run("export", linked, "demo-001", *EXPORT, "--with", "fax", "--out", tmp_path / "a")
    assert ran.code == 2
    assert "no format fax; there are sr, seg, kos, pr" in ran.err
    assert not (tmp_path / "a").exists()
