"""The active endplate in words, field by field, in the order the protocol asks."""

from __future__ import annotations

from collections.abc import Callable

from modic_annotate.domain.finding import Finding, Measurement, MeasurementMethod, Origin, Zone
from modic_annotate.domain.modic import ExtentCategory, FatSuppressedSignal
from modic_annotate.domain.spine import disc_of
from modic_annotate.session.contradictions import BOUNDARIES_PERCENT, NEAR
from modic_annotate.session.values import zone_words
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import FIELDS, MIMICS, SIGNAL_FIELDS, ZONES, words_of
from modic_annotate_napari.steps.asked import open_fields, open_required
from modic_annotate_napari.steps.review import about
from modic_annotate_napari.widgets.finding_panel import FindingView
from modic_annotate_napari.widgets.rows import FieldRow, RowState

ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("field.signals", "Signals", tuple(SIGNAL_FIELDS)),
    ("height.step", "Height", ("height_category",)),
    ("ap.step", "AP extent", ("ap_category",)),
    ("area.step", "Area", ("area_category",)),
    ("zones", "Zones", ("zones",)),
    ("field.contour", "Contour", ("contour",)),
    ("field.defect", "Defect", ("defect",)),
    ("field.attribution", "Cause", ("attribution",)),
    ("field.confidence", "Confidence", ("confidence",)),
    ("field.mimics", "Mimics", ("mimics",)),
    ("lesion.first", "Slices", ("first_sop_instance_uid", "last_sop_instance_uid")),
    ("key_image", "Key images", ("key_images",)),
    ("note", "Note", ("note",)),
)
"""Action that answers, title, and the fields of the finding behind it."""

ONCE_DRAWN = ("area_category",)
"""Rows that stand in the panel only where there is something to say."""

_ORDER = tuple(option.value for option in ZONES)
"""Zones as the grid is drawn: right, central, left; anterior to posterior."""

_SIGNAL_NAMES = {"t1_signal": "T1", "t2_signal": "T2", "fs_signal": "FS"}
_SHORT = {
    FatSuppressedSignal.SUPPRESSED: "suppr.",
    FatSuppressedSignal.PARTLY_SUPPRESSED: "partly suppr.",
}
_ORIGIN_WORDS = {
    Origin.MACRO: "usual",
    Origin.COPY: "copied",
    Origin.BULK: "all none",
    Origin.SCRIPT: "script",
}


def view(desk: Desk) -> FindingView:
    """Return the panel of the active endplate."""
    finding = desk.finding
    if desk.active is None or finding is None:
        return FindingView("No endplate", "", "", None, ())
    disc = disc_of(desk.active, desk.session.state.numbering.order)
    notices = tuple(text for text in desk.session.notices() if NEAR not in text)
    return FindingView(
        title=desk.active.words,
        disc=f"disc {disc}" if disc else "",
        words=finding.words[:1].upper() + finding.words[1:],
        finding=finding,
        rows=_rows(desk, finding),
        problems="\n".join(about(desk.active, desk.session.contradictions())),
        notices="\n".join(
            filter(None, (_millimetres(desk, finding), *about(desk.active, notices)))
        ),
    )


def _rows(desk: Desk, finding: Finding) -> tuple[FieldRow, ...]:
    opened = open_fields(desk)
    required = open_required(desk.session, finding)
    following = _following(desk, opened)
    shown = [row for row in ROWS if row[2][0] not in ONCE_DRAWN or _has(finding, row[2][0])]
    return tuple(
        FieldRow(
            key=next(iter(desk.keymap.keys_of(action)), ""),
            title=title,
            value=_value(desk, finding, fields),
            state=_state(fields, following, required),
            mark=_mark(finding, fields),
            cells=_cells(finding) if fields == ("zones",) else (),
        )
        for action, title, fields in shown
    )


def _has(finding: Finding, field: str) -> bool:
    return getattr(finding, field) is not None


def _following(desk: Desk, opened: tuple[str, ...]) -> str | None:
    """Return the field the open question is about, else the first open one."""
    if desk.prompt is not None:
        row = desk.prompt.row
        return {"height_percent": "height_category"}.get(row, row)
    return opened[0] if opened else None


def _state(fields: tuple[str, ...], following: str | None, required: tuple[str, ...]) -> RowState:
    if following in fields:
        return RowState.NEXT
    return RowState.OPEN if set(fields) & set(required) else RowState.QUIET


def _value(desk: Desk, finding: Finding, fields: tuple[str, ...]) -> str:
    special: dict[str, Callable[[], str]] = {
        "t1_signal": lambda: _signals(finding),
        "height_category": lambda: _extent(finding, "height"),
        "ap_category": lambda: _extent(finding, "ap"),
        "area_category": lambda: _extent(finding, "area"),
        "zones": lambda: zone_words(finding.zones),
        "mimics": lambda: ", ".join(words_of(MIMICS, m) for m in finding.mimics),
        "first_sop_instance_uid": lambda: _slices(desk, finding),
        "key_images": lambda: _key_images(desk, finding),
    }
    field = fields[0]
    if field in special:
        return special[field]()
    value = getattr(finding, field)
    return words_of(FIELDS.get(field, ()), value) if value else ""


def _signals(finding: Finding) -> str:
    return ", ".join(
        f"{name} {_SHORT.get(value, words_of(FIELDS[field], value))}"
        for field, name in _SIGNAL_NAMES.items()
        if (value := getattr(finding, field)) is not None and value != "not_available"
    )


def _extent(finding: Finding, name: str) -> str:
    percent, category = getattr(finding, f"{name}_percent"), getattr(finding, f"{name}_category")
    if percent is not None:
        said = _share(percent, getattr(finding, f"{name}_measurement"))
        if category == ExtentCategory.ENDPLATE_ONLY:
            said += ", endplate only"
        return said
    part_mm = getattr(finding, f"{name}_mm", None)
    if part_mm is not None:
        return f"{part_mm:.1f} mm"
    return words_of(FIELDS["height_category"], category) if category else ""


LEAST_PERCENT = 5e-5
"""Shares are kept to 1e-4; nearer to a boundary than this is on it."""


def _share(percent: float, made: Measurement | None) -> str:
    """Return a share with its category, its error and how near the next boundary lies."""
    boundary = min(BOUNDARIES_PERCENT, key=lambda b: abs(percent - b))
    interval = ExtentCategory.of_percent(percent)
    error = made.error_percent if made else None
    off = abs(percent - boundary)
    # rounded to the boundary itself it would seem to stand in the other category
    places = next(n for n in range(5) if round(off, n) or off < LEAST_PERCENT)
    parts = [f"{percent:.{places}f}% {interval}"]
    if error is not None:
        parts.append(f"\N{PLUS-MINUS SIGN}{error:.0f}, {off:.{places}f} from {boundary}")
    return " ".join(parts)


def _cells(finding: Finding) -> tuple[bool, ...]:
    return tuple(Zone(value) in finding.zones for value in _ORDER)


def _slices(desk: Desk, finding: Finding) -> str:
    ends = [
        _image_name(desk, uid)
        for uid in (finding.first_sop_instance_uid, finding.last_sop_instance_uid)
        if uid
    ]
    return " to ".join(dict.fromkeys(ends))


def _key_images(desk: Desk, finding: Finding) -> str:
    return ", ".join(_image_name(desk, image.sop_instance_uid) for image in finding.key_images)


def _image_name(desk: Desk, sop_instance_uid: str | None) -> str:
    """Return an image as the canvas names it, e.g. ``SAG T1 Im 6``."""
    for series in desk.session.series:
        for instance in series.instances:
            if instance.sop_instance_uid == sop_instance_uid:
                return f"{series.role.value.replace('_', ' ')} Im {instance.instance_number}"
    return ""


def _mark(finding: Finding, fields: tuple[str, ...]) -> str:
    """Return how the value came about, where that is worth a word."""
    measurement = {
        "height_category": finding.height_measurement,
        "ap_category": finding.ap_measurement,
        "area_category": finding.area_measurement,
    }.get(fields[0])
    if isinstance(measurement, Measurement):
        return _measured(measurement)
    if fields[0] in finding.derived:
        return "drawn"
    origins = {finding.origins.get(f) for f in fields if getattr(finding, f)}
    return next((_ORIGIN_WORDS[o] for o in origins if o in _ORIGIN_WORDS), "")


def _measured(measurement: Measurement) -> str:
    """Return a small mark for the method."""
    short = {MeasurementMethod.CALLIPER: "cal.", MeasurementMethod.MASK: "mask"}
    return short.get(measurement.method, measurement.method.value)


def _millimetres(desk: Desk, finding: Finding) -> str:
    """Return what was measured, of what and on which images; empty where nothing was."""
    found, images = [], []
    for name, words, whole in EXTENTS:
        part_mm, whole_mm = getattr(finding, f"{name}_mm"), getattr(finding, whole)
        made = getattr(finding, f"{name}_measurement")
        if part_mm is not None and made is not None:
            of = "" if whole_mm is None else f"/{whole_mm:.1f}"
            found.append(f"{words} {part_mm:.1f}{of}")
            images.append(_image_name(desk, made.sop_instance_uid))
    if not found:
        return ""
    if finding.left_right_mm is not None:
        found.append(f"left-right {finding.left_right_mm:.0f}")
    return f"{', '.join(found)} mm on {', '.join(dict.fromkeys(images))}"


EXTENTS = (("height", "height", "body_height_mm"), ("ap", "AP", "endplate_length_mm"))
"""Extents of one direction: field, words, and the field of the whole."""
