"""From case to case in one window: the reader's list, the next images, the switch."""
