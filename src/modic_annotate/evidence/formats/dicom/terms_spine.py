"""What the numbering and the discs of a reading are called in DICOM; see ``terms``."""

from __future__ import annotations

from modic_annotate.domain.numbering import (
    Castellvi,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.reading import Purpose, RedFlagKind
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.codes import private
from modic_annotate.evidence.formats.dicom.terms import (
    ASSESSMENT,
    FLAG,
    TRI_STATE,
    CodedField,
    NumberField,
    by_value,
)

METHOD_CODES = {
    NumberingMethod.WHOLE_SPINE_COUNT_C2: private("NM-FROM-C2", "Counted down from C2"),
    NumberingMethod.THORACOLUMBAR_RIB: private("NM-RIB", "Counted from the last rib-bearing body"),
    NumberingMethod.L5_NERVE_MORPHOLOGY: private("NM-L5-NERVE", "By the course of the L5 nerve"),
    NumberingMethod.ILIOLUMBAR_LIGAMENT: private("NM-LIGAMENT", "By the iliolumbar ligament"),
    NumberingMethod.ASSUMED_FROM_SACRUM: private("NM-SACRUM", "Counted up from the sacrum"),
    NumberingMethod.EXTERNAL_REPORT: private("NM-REPORT", "Taken from a report"),
}
CONFIDENCE_CODES = {
    NumberingConfidence.DEFINITE: private("NC-DEFINITE", "Definite"),
    NumberingConfidence.PROBABLE: private("NC-PROBABLE", "Probable"),
    NumberingConfidence.UNCERTAIN: private("NC-UNCERTAIN", "Uncertain"),
}
CASTELLVI_CODES = by_value(
    "CV", Castellvi, PRESENT_UNGRADED="ungraded", NOT_ASSESSABLE="unreadable"
)
VARIANT_CODES = {
    TransitionalVariant.NONE: private("TV-NONE", "No transitional vertebra"),
    TransitionalVariant.SACRALISED_L5: private("TV-SACRALISED", "Sacralised L5"),
    TransitionalVariant.LUMBARISED_S1: private("TV-LUMBARISED", "Lumbarised S1"),
    TransitionalVariant.INDETERMINATE: private("TV-UNCERTAIN", "Transitional, kind uncertain"),
}

NUMBERING_CODED = (
    CodedField("method", private("NUM-METHOD", "How the levels were counted"), METHOD_CODES),
    CodedField("confidence", private("NUM-CONFIDENCE", "Certainty of count"), CONFIDENCE_CODES),
    CodedField("lstv_castellvi", private("LSTV-GRADE", "Transitional grade"), CASTELLVI_CODES),
    CodedField("lstv_variant", private("LSTV-KIND", "Transitional vertebra"), VARIANT_CODES),
)
NUMBERING_NUMBERS = (
    NumberField("lumbar_count", private("LUMBAR-COUNT", "Lumbar-type bodies"), c.NO_UNITS),
    NumberField(
        "report_offset", private("REPORT-OFFSET", "Bodies a report's labels lie lower"), c.NO_UNITS
    ),
)
DISC_CODED = (
    CodedField("assessment", private("ASSESSMENT", "Whether it could be read"), ASSESSMENT),
    CodedField("spondylolysis", private("DI-LYSIS", "Spondylolysis"), TRI_STATE),
    CodedField("stenosis", private("DI-STENOSIS", "Stenosis"), TRI_STATE),
    CodedField("facet_arthrosis", private("DI-ARTHROSIS", "Facet arthrosis"), TRI_STATE),
    CodedField("facet_effusion", private("DI-EFFUSION", "Facet effusion"), TRI_STATE),
)
DISC_NUMBERS = (
    NumberField("extrusion_mm", private("DI-EXTRUSION", "Disc extrusion"), c.MILLIMETRE),
    NumberField("protrusion_mm", private("DI-PROTRUSION", "Disc protrusion"), c.MILLIMETRE),
    NumberField("listhesis_mm", private("DI-LISTHESIS", "Listhesis"), c.MILLIMETRE),
)
READING_CODED = (
    CodedField(
        "purpose",
        private("PURPOSE", "Purpose of the reading"),
        by_value("PU", Purpose),
    ),
    CodedField("scripted", private("SCRIPTED", "Made from a file, by no person"), FLAG),
)
RED_FLAG = CodedField(
    "red_flags",
    private("NOTIFY", "Notice to the site"),
    by_value("RF", RedFlagKind),
    several=True,
)
