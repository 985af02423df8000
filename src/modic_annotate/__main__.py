"""``python -m modic_annotate``: the command line, where no script is on the path."""

from __future__ import annotations

from modic_annotate.cli import main

if __name__ == "__main__":
    main()
