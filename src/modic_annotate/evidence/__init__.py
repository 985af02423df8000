"""Evidence packages: write, sign, verify."""
