"""``python -m tests.bench NAME [--json]``: run one measurement and print its figures."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path

NAMES = sorted(
    module.name
    for module in pkgutil.iter_modules([str(Path(__file__).parent)])
    if not module.name.startswith("_") and not module.ispkg
)


def main(arguments: list[str]) -> int:
    """Run the measurement named; return an exit code."""
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    if len(wanted) != 1 or wanted[0] not in NAMES:
        sys.stderr.write(f"bench: give one of {', '.join(NAMES)}\n")
        return 2
    figures = importlib.import_module(f"tests.bench.{wanted[0]}").measure()
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"name": wanted[0], **figures}) + "\n")
        return 0
    for name, value in figures["metrics"].items():
        sys.stdout.write(f"{name:32} {value:10.3f}\n")
    for name, value in figures["context"].items():
        sys.stdout.write(f"# {name}: {value}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
