"""What the PDFs share: an embedded font, tables, labelled key images; no clock and no chance."""
