"""How readings are organised: linking, worklists, blinding."""
