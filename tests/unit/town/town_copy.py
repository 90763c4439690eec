"""How tests break a town and see what the check says."""

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from services.directory.town import Problem, TownErrors, read_town

EXAMPLE = Path(__file__).parents[3] / "deploy" / "example-town"


class TownCopy(Struct, frozen=True):
    """A town directory to be broken."""

    directory: Path

    def path(self, file: str) -> Path:
        return self.directory / file

    def text(self, file: str) -> str:
        return self.path(file).read_text("utf-8")

    def write(self, file: str, text: str) -> None:
        self.path(file).write_text(text, "utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first `old`, which must be there."""
        assert old in self.text(file)
        self.write(file, self.text(file).replace(old, new, 1))

    def features(self) -> list[Any]:
        """The features of the areas."""
        found: list[Any] = json.loads(self.text("areas.geojson"))["features"]
        return found

    def write_features(self, features: list[Any]) -> None:
        """Write the areas again, one feature a line."""
        lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
        self.write("areas.geojson", '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n")

    def boundary(self, code: str) -> Any:
        """An area's geometry."""
        return next(one["geometry"] for one in self.features() if one["properties"]["code"] == code)

    def change_area(self, code: str, /, *, boundary: Any = None, **properties: Any) -> None:
        """Change one area's properties (None removes one) or its geometry."""
        features = self.features()
        feature = next(one for one in features if one["properties"]["code"] == code)
        changed = {**feature["properties"], **properties}
        feature["properties"] = {name: value for name, value in changed.items() if value is not None}
        feature["geometry"] = boundary or feature["geometry"]
        self.write_features(features)

    def remove_area(self, code: str) -> None:
        """Remove one area."""
        self.write_features([one for one in self.features() if one["properties"]["code"] != code])

    def line_of(self, file: str, snippet: str) -> int:
        """The line on which `snippet` first stands."""
        before, found, _ = self.text(file).partition(snippet)
        assert found
        return before.count("\n") + 1

    def feature_at(self, code: str) -> tuple[int, int]:
        """The line and the number of an area's feature."""
        line = self.line_of("areas.geojson", f'"code": "{code}"')
        return line, line - 1

    def problems(self) -> list[Problem]:
        """What the check finds; nothing if the town reads clean."""
        try:
            read_town(self.directory)
        except TownErrors as errors:
            return list(errors.problems)
        return []


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle as GeoJSON."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
