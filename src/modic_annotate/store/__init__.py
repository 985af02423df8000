"""Records on disk: canonical JSON, the Store protocol, the file workspace, audit."""
