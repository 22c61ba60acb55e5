"""Run some of the measurements, or all: `python -m tests.bench.steady [NAME ...]`."""

import sys
from importlib import import_module

NAMES = ("kills", "outage", "flood", "malformed", "mutations", "crowd")


def main() -> int:
    names = sys.argv[1:] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        print(f"There is no {', '.join(unknown)}: choose from {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    ends = [int(import_module(f"tests.bench.steady.{name}").main([])) for name in names]
    return max(ends)


if __name__ == "__main__":
    sys.exit(main())
