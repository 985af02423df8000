"""The attributes that the header pass reads."""

from __future__ import annotations

IDENTITY = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate")

PLACE = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
    "Modality",
    "SeriesNumber",
    "InstanceNumber",
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "ImagesInAcquisition",
    "SeriesDescription",
    "ProtocolName",
)

GEOMETRY = (
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
    "PatientPosition",
    "NumberOfFrames",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "ConcatenationUID",
    "InConcatenationNumber",
    "InConcatenationTotalNumber",
)

PIXELS = (
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "BitsAllocated",
    "RescaleSlope",
    "LossyImageCompression",
)

TECHNIQUE = (
    "ImageType",
    "SequenceName",
    "PulseSequenceName",
    "ScanningSequence",
    "SequenceVariant",
    "ScanOptions",
    "EchoPulseSequence",
    "EchoPlanarPulseSequence",
    "AcquisitionContrast",
    "VolumeBasedCalculationTechnique",
    "BodyPartExamined",
    "SpectrallySelectedSuppression",
    "RepetitionTime",
    "EchoTime",
    "InversionTime",
    "EchoTrainLength",
    "FlipAngle",
    "DiffusionBValue",
    "MagneticFieldStrength",
    "Manufacturer",
    "ManufacturerModelName",
    "InPlanePhaseEncodingDirection",
    "ContrastBolusAgent",
    "ContrastBolusAgentSequence",
)

KEYWORDS = IDENTITY + PLACE + GEOMETRY + PIXELS + TECHNIQUE
