"""REDCap exports: the data dictionary, branching logic, and what an export's cells really say."""
