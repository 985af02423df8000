"""Pictures for people: slices with marks, drawn from pixels and patient coordinates alone."""
