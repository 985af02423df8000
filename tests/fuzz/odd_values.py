"""Values that a DICOM file should not have, and may."""

from __future__ import annotations

from tests.fuzz.tlv import UNDEFINED

LENGTHS = (0, 1, 2, 3, 7, 8, 255, 256, 0x7FFF, 0xFFFE, 0xFFFF, 2**24, 2**31 - 1, 2**31,
            UNDEFINED - 1, UNDEFINED)  # fmt: skip
VRS = b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV XX".split()  # noqa: E501
TEXTS = (
    b"", b" ", b"\0", b"\\", b"\\" * 300, b"nan", b"inf", b"-inf", b"1e308", b"-1e308", b"1e400",
    b"1e-320", b"0", b"-0", b"-1", b"1.5", b"0x10", b"1_000", b"9" * 5000, b"99999999999999999999",
    b"2147483648", b"+-1", b"1\\2", b"1\\2\\3", b"0\\0\\0\\0\\0\\0", b"1\\0\\0\\1\\0\\0",
    b"nan\\nan\\nan", b"1e300\\1e300\\1e300", b"0\\1\\0\\0\\0\\-1", b"\xff\xfe\xfd",
    b"\x1b$B\x1b(B",
    b"\xe9\xe8", b"ISO 2022 IR 87", b"\\ISO 2022 IR 87", b"ISO_IR 192",
    b"ISO_IR 999", b"A" * 70000,
    b"../../../etc/passwd", b"%s%n{0}", b"1.2." * 40, b"\xd9\xa1\xd9\xa2", b"MR", b"MOSAIC",
    b"\r\n\t\x07", b"19610203", b"20249999",
)  # fmt: skip
WORDS = (
    0,
    1,
    2,
    7,
    8,
    9,
    12,
    15,
    16,
    17,
    32,
    64,
    255,
    256,
    1000,
    4096,
    16384,
    32767,
    32768,
    65535,
)
ABSURD: dict[str, tuple[int | bytes, ...]] = {
    "Rows": WORDS,
    "Columns": WORDS,
    "BitsAllocated": WORDS,
    "BitsStored": WORDS,
    "HighBit": WORDS,
    "PixelRepresentation": WORDS,
    "SamplesPerPixel": WORDS,
    "PlanarConfiguration": WORDS,
    "SmallestImagePixelValue": WORDS,
    "LargestImagePixelValue": WORDS,
    "PixelPaddingValue": WORDS,
    "NumberOfFrames": (
        b"0",
        b"2",
        b"3",
        b"1000",
        b"65536",
        b"2147483647",
        b"-1",
        b"1e9",
        b"9" * 30,
    ),
    "PhotometricInterpretation": (b"MONOCHROME1", b"RGB", b"YBR_FULL_422", b"PALETTE COLOR", b"X"),
    "LossyImageCompression": (b"00", b"01", b"02"),
    "VOILUTFunction": (b"SIGMOID", b"LINEAR_EXACT", b"X"),
    "RescaleSlope": TEXTS,
    "RescaleIntercept": TEXTS,
    "WindowCenter": TEXTS,
    "WindowWidth": TEXTS,
    "ImagePositionPatient": TEXTS,
    "ImageOrientationPatient": TEXTS,
    "PixelSpacing": TEXTS,
    "SliceThickness": TEXTS,
    "SpacingBetweenSlices": TEXTS,
    "InstanceNumber": TEXTS,
    "SeriesNumber": TEXTS,
    "AcquisitionNumber": TEXTS,
    "ImagesInAcquisition": TEXTS,
    "EchoTime": TEXTS,
    "RepetitionTime": TEXTS,
    "InversionTime": TEXTS,
    "EchoTrainLength": TEXTS,
    "ImageType": TEXTS,
    "SpecificCharacterSet": TEXTS,
    "SeriesDescription": TEXTS,
    "SOPInstanceUID": TEXTS,
    "SeriesInstanceUID": TEXTS,
    "SOPClassUID": (b"1.2.840.10008.5.1.4.1.1.4.1", b"1.2.840.10008.5.1.4.1.1.4.4", *TEXTS),
}
SYNTAXES = tuple(
    b"1.2.840.10008.1.2" + end
    for end in (b"", b".1", b".2", b".1.99", b".5", b".4.50", b".4.51", b".4.57", b".4.70",
                b".4.80", b".4.90", b".4.201", b".4.100", b".99", b".1.98")
)  # fmt: skip
