"""CDISC ODM 1.3.2: items with their audit records, compared with what odmlib reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import only, read, state_of, why

NS = "http://www.cdisc.org/ns/odm/v1.3"
AUDIT = """<AuditRecord><UserRef UserOID="USR.7"/><LocationRef LocationOID="SITE.1"/>
<DateTimeStamp>2026-01-05T10:00:00+01:00</DateTimeStamp>
<ReasonForChange>Frau Musterfrau rang</ReasonForChange></AuditRecord>"""
METADATA = """<Study OID="ST.1"><GlobalVariables><StudyName>T</StudyName>
<StudyDescription>T</StudyDescription><ProtocolName>T</ProtocolName></GlobalVariables>
<BasicDefinitions><MeasurementUnit OID="MU.IN" Name="inch"><Symbol>
<TranslatedText>in</TranslatedText></Symbol></MeasurementUnit></BasicDefinitions>
<MetaDataVersion OID="MDV.1" Name="v1">
<ItemGroupDef OID="IG.CARE" Name="Care" Repeating="Yes"/>
<ItemDef OID="IT.ODI" Name="ODI" DataType="float"/>
<ItemDef OID="IT.INF" Name="Infection" DataType="boolean"/>
<ItemDef OID="IT.DOB" Name="Date of birth" DataType="date"/>
<ItemDef OID="IT.SEX" Name="Sex" DataType="text"><CodeListRef CodeListOID="CL.SEX"/></ItemDef>
<CodeList OID="CL.SEX" Name="Sex" DataType="text">
<CodeListItem CodedValue="1"><Decode><TranslatedText>Female</TranslatedText></Decode></CodeListItem>
</CodeList></MetaDataVersion></Study>"""


def odm(groups: str, file_type: str = "Snapshot", metadata: str = METADATA) -> str:
    """Return an ODM file with one subject and the item groups given."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="{NS}" FileType="{file_type}" FileOID="F.1" ODMVersion="1.3.2"
 CreationDateTime="2026-01-09T00:00:00+00:00">{metadata}
<ClinicalData StudyOID="ST.1" MetaDataVersionOID="MDV.1">
<SubjectData SubjectKey="S-001"><SiteRef LocationOID="SITE.1"/>
<StudyEventData StudyEventOID="SE.SCREEN"><FormData FormOID="F.SCREEN">
{groups}</FormData></StudyEventData></SubjectData></ClinicalData></ODM>"""


def group(items: str, oid: str = "IG.1", more: str = "") -> str:
    return f'<ItemGroupData ItemGroupOID="{oid}" {more}>{items}</ItemGroupData>'


def item(value: str, oid: str = "IT.ODI", inner: str = "", more: str = "") -> str:
    return f'<ItemData ItemOID="{oid}" Value="{value}" {more}>{inner}</ItemData>'


MAP = 'shape = "odm"\n[subject]\nfrom = "SubjectKey"\n'
ODI = '[fields."scores.odi_percent"]\nfrom = "IT.ODI"\n'
FIELD = "scores.odi_percent"
INFECTION = "exclusions.features.spine_infection"
INF = f'[fields."{INFECTION}"]\nfrom = "IT.INF"\n'


def test_a_value_comes_with_who_entered_it_and_when() -> None:
    """UserRef and DateTimeStamp stand beside the value; the reason's words stay in the source."""
    stated = MAP + ODI + '[fields."subject.site_id"]\nfrom = "SiteRef"\n'
    found = read(odm(group(item("44", inner=AUDIT))), stated)
    held = only(found).values[FIELD]

    assert held["value"] == 44.0
    assert (held["recorded_by"], held["recorded_at"]) == ("USR.7", "2026-01-05T09:00:00Z")
    assert only(found).values["subject.site_id"] == "SITE.1"
    assert any("values with a reason for change: 1" in note for note in found.notes)
    assert "Musterfrau" not in str(found)


def test_an_audit_record_of_the_group_holds_for_its_items() -> None:
    """What holds an item says who entered it, where the item does not; so do gathered records."""
    gathered = AUDIT.replace("<AuditRecord>", '<AuditRecord ID="AR.1">')
    apart = odm(group(item("44", more='AuditRecordID="AR.1"'))).replace(
        "</ClinicalData>", f"<AuditRecords>{gathered}</AuditRecords></ClinicalData>"
    )
    for content in (odm(group(AUDIT + item("44"))), apart):
        assert only(read(content, MAP + ODI)).values[FIELD]["recorded_by"] == "USR.7"


def test_a_time_without_a_zone_names_no_instant() -> None:
    """It is left out rather than taken for UTC."""
    content = odm(group(item("44", inner=AUDIT.replace("+01:00", ""))))
    assert only(read(content, MAP + ODI)).values[FIELD]["recorded_at"] is None


STATES = {
    "yes": (item("1", "IT.INF"), "asserted"),
    "no": (item("0", "IT.INF"), "asserted_absent"),
    "typed": ('<ItemDataBoolean ItemOID="IT.INF">false</ItemDataBoolean>', "asserted_absent"),
    "null": ('<ItemData ItemOID="IT.INF" IsNull="Yes"/>', "not_asked"),
    "null beside a value": (item("0", "IT.INF", more='IsNull="Yes"'), "not_asked"),
    "empty": (item("", "IT.INF"), "not_asked"),
    "not there": ("", "not_asked"),
    "removed": (
        item("0", "IT.INF") + item("0", "IT.INF", more='TransactionType="Remove"'),
        "not_asked",
    ),
}


@pytest.mark.parametrize(("items", "state"), STATES.values(), ids=STATES)
def test_an_item_says_yes_no_or_nothing(items, state) -> None:
    """Null, empty, removed and missing items are unknown."""
    content = odm(group(items or item("1", "IT.X")), "Transactional")
    assert state_of(only(read(content, MAP + INF)), INFECTION) == state


def test_a_later_transaction_counts_and_a_doubled_snapshot_does_not() -> None:
    """Updates follow one another; in a snapshot an item stands once."""
    twice = group(item("40")) + group(item("44", more='TransactionType="Update"'))
    assert only(read(odm(twice, "Transactional"), MAP + ODI)).values[FIELD]["value"] == 44.0
    with pytest.raises(InvalidRecordError, match="stands twice in a snapshot"):
        read(odm(group(item("40")) + group(item("44"))), MAP + ODI)


def test_a_removed_group_leaves_nothing_known() -> None:
    """Removing a group removes its items' answers, not their history in the source."""
    content = odm(group(item("40")) + group("", more='TransactionType="Remove"'), "Transactional")
    draft = only(read(content, MAP + ODI))
    assert (state_of(draft, FIELD), why(draft, FIELD)) == ("not_asked", "removed in the file")


def test_a_repeating_group_becomes_a_list() -> None:
    """Each repeat is an episode."""
    stated = (
        MAP
        + """
[[lists]]
target = "care.episodes"
instrument = "IG.CARE"
fields.kind = { from = "IT.KIND", values = { a = "cbt", b = "nsaid" } }
"""
    )
    content = odm(
        "".join(
            group(item(kind, "IT.KIND"), "IG.CARE", f'ItemGroupRepeatKey="{n}"')
            for n, kind in enumerate("ab", start=1)
        )
    )
    episodes = only(read(content, stated)).lists["care.episodes"]
    assert [one["kind"] for one in episodes] == ["cbt", "nsaid"]


def test_a_unit_of_the_file_is_converted() -> None:
    """The measurement unit's symbol says what the number is in."""
    unit = '<MeasurementUnitRef MeasurementUnitOID="MU.IN"/>'
    stated = MAP + '[fields."subject.height_cm"]\nfrom = "IT.H"\n'
    draft = only(read(odm(group(item("66", "IT.H", unit))), stated))
    assert draft.values["subject.height_cm"]["value"] == pytest.approx(167.64)


def test_what_the_metadata_calls_identity_is_left_out() -> None:
    """The name of an item says that it identifies, whatever its id."""
    content = odm(group(item("1970-05-06", "IT.DOB")))
    found = read(content, MAP)
    assert any(told.startswith("column IT.DOB: left out") for told in found.left_out)
    with pytest.raises(InvalidRecordError, match=r"IT\.DOB identifies"):
        read(content, MAP + '[fields."screened_on"]\nfrom = "IT.DOB"\n')
    year = only(read(content, MAP + '[fields."subject.birth_year"]\nfrom = "IT.DOB"\n'))
    assert year.values["subject.birth_year"]["value"] == 1970


BOMB = '<!DOCTYPE ODM [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
REFUSED = {
    "entities that grow": (odm("").replace("?>", "?>" + BOMB), "document type"),
    "a file from outside": (odm("").replace("?>", "?>" + OUTSIDE), "document type"),
    "cut off": (odm("")[:-40], "no XML from line"),
    "ODM 2": (odm("").replace("v1.3", "v2.0"), "no CDISC ODM 1.3"),
    "another XML": ("<html/>", "no CDISC ODM 1.3"),
    "no XML": ("a,b\n1,2\n", "no XML"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_odm_is_refused(content, words) -> None:
    """No entity is expanded or fetched, and nothing else is guessed at."""
    with pytest.raises(InvalidRecordError, match=words):
        read(content, MAP + ODI)


def test_an_encoding_that_xml_declares_is_read() -> None:
    """Files of older systems declare Latin-1."""
    content = odm(group(item("44"))).replace("UTF-8", "ISO-8859-1").replace("inch", "Zoll ä")
    assert only(read(content.encode("latin-1"), MAP + ODI)).values[FIELD]["value"] == 44.0


def test_odmlib_reads_the_same_values(tmp_path: Path) -> None:
    """An independent reader finds the same items, users and times in the file."""
    loader = pytest.importorskip("odmlib.loader", reason="odmlib is not installed")
    odm_loader = pytest.importorskip("odmlib.odm_loader")
    path = tmp_path / "odm.xml"
    path.write_text(odm(group(item("44", inner=AUDIT) + item("0", "IT.INF"))), "utf-8")

    opened = loader.ODMLoader(odm_loader.XMLODMLoader())
    opened.open_odm_document(str(path))
    (subject,) = opened.root().ClinicalData[0].SubjectData
    items = subject.StudyEventData[0].FormData[0].ItemGroupData[0].ItemData
    theirs = {one.ItemOID: one.Value for one in items}
    ours = only(read(path.read_bytes(), MAP + ODI + INF))

    assert subject.SubjectKey == ours.record_id
    assert float(theirs["IT.ODI"]) == ours.values[FIELD]["value"]
    assert (theirs["IT.INF"], state_of(ours, INFECTION)) == ("0", "asserted_absent")
    assert items[0].AuditRecord.UserRef.UserOID == ours.values[FIELD]["recorded_by"]


def test_a_removed_subject_or_visit_is_gone() -> None:
    """A subject that was removed has no record; a removed visit leaves blanks."""
    whole = odm(group(item("44")), "Transactional")
    gone = whole.replace(
        "</SubjectData>", '</SubjectData><SubjectData SubjectKey="S-001" TransactionType="Remove"/>'
    )
    visit = whole.replace(
        "</StudyEventData>",
        '</StudyEventData><StudyEventData StudyEventOID="SE.SCREEN" TransactionType="Remove"/>',
    )
    assert read(gone, MAP + ODI).drafts == ()
    assert why(only(read(visit, MAP + ODI)), FIELD) == "removed in the file"
