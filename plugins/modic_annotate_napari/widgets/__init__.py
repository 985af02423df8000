"""The views of the room around the canvases; each is shown a state and asks by signals."""
