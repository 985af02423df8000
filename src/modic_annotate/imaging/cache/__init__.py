"""What earlier scans found, kept without anybody's identity."""
