"""Pure frozen values: what is known, without files, images or windows."""
