"""What the widgets show, computed from the session and the desk; no Qt in here but row types."""
