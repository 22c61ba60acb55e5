"""List the sample pictures that come with the installation: two photos and two paintings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    name: str
    role: Literal["content", "style"]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.jpg"


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("astronaut", "content"),
        Sample("cat", "content"),
        Sample("van-gogh-auvers", "style"),
        Sample("degas-dancers", "style"),
    )
}
