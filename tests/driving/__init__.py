"""The real program driven from outside by the X server, and watched from inside."""
