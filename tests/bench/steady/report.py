"""Say what was measured, and whether it is enough."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field


def argument_parser(doc: str | None) -> argparse.ArgumentParser:
    """For a module's options, with its docstring as it is."""
    return argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, what came out, and whether that is enough; None where nothing is asked."""

    name: str
    value: str
    reached: bool | None = None


@dataclass
class Report:
    """A table of figures."""

    title: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: object, reached: bool | None = None) -> None:
        self.figures.append(Figure(name, str(value), reached))

    @property
    def reached(self) -> bool:
        return all(figure.reached is not False for figure in self.figures)

    def end(self) -> int:
        """Print the table. Returns the exit status: 1 where a figure does not reach what is asked."""
        print(f"\n## {self.title}\n\n| figure | measured | enough |\n| --- | --- | --- |")
        for figure in self.figures:
            said = {True: "yes", False: "**no**", None: ""}[figure.reached]
            print(f"| {figure.name} | {figure.value} | {said} |")
        print(flush=True)
        return 0 if self.reached else 1


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent lie; NaN where there are none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def spread(seconds: Sequence[float]) -> str:
    """Word the median, the 99th percentile and the longest."""
    if not seconds:
        return "none"
    return (
        f"median {percentile(seconds, 50):.3f} s, p99 {percentile(seconds, 99):.3f} s,"
        f" longest {max(seconds):.3f} s of {len(seconds)}"
    )
