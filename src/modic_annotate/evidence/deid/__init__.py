"""Copies of a record for a trial's sponsor: dates shifted, free text withheld, all of it listed."""
