"""The measures (指标公式): each a share of one sum in another, always shown with both. Data, in this one place."""

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct


class Measure(Struct, frozen=True):
    """Numerator / denominator, each the sum of these figures (`figures.py` says which month they count in)."""

    name: str
    zh: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    lower_is_better: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("response", "响应率", ("call_back.in_time",), ("call_back.due",)),
    Measure("resolved", "解决率", ("resolved",), ("called_back",)),
    Measure("satisfaction", "满意率", ("satisfied",), ("called_back",)),
    Measure("reported_in", "报到率", ("reported_in",), ("to_report_in",)),
    Measure("report_in_on_time", "按时报到率", ("reported_in_on_time",), ("to_report_in",)),
    Measure("sign_in_time", "签收及时率", ("sign.in_time",), ("sign.due",)),
    Measure("disputed", "异议率", ("disputed",), ("summoned",), lower_is_better=True),
    Measure("rerouted", "改派率", ("rerouted",), ("summoned",), lower_is_better=True),
    Measure("close_in_time", "按期结案率", ("close.in_time",), ("close.due",)),
    Measure("rework", "返工率", ("unverified",), ("fed_back",), lower_is_better=True),
    Measure("extended", "延期率", ("close.extended",), ("close.due",), lower_is_better=True),
    Measure("returned", "回退率", ("returned",), ("submitted",), lower_is_better=True),
    Measure("dispatched_right", "准确派遣率", ("dispatched_right",), ("dispatched",)),
)
BY_NAME: Mapping[str, Measure] = {one.name: one for one in MEASURES}
FIGURES = tuple(sorted({figure for one in MEASURES for figure in (*one.numerator, *one.denominator)}))


class Share(Struct, frozen=True):
    """What a measure comes to."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.measure.name

    @property
    def zh(self) -> str:
        """The measure's name in Chinese."""
        return self.measure.zh

    @property
    def exact(self) -> Fraction | None:
        """The share; None where there is nothing to have a share in."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def rate(self) -> float | None:
        """Per cent, to two places."""
        return None if self.exact is None else round(float(self.exact * 100), 2)

    @property
    def points(self) -> Fraction | None:
        """Out of 100, the more the better."""
        if self.exact is None:
            return None
        return 100 * (1 - self.exact if self.measure.lower_is_better else self.exact)

    @property
    def score(self) -> float | None:
        """The points to two places."""
        return None if self.points is None else round(float(self.points), 2)


def share_of(measure: Measure, sums: Mapping[str, int]) -> Share:
    """What a measure comes to with these sums of figures."""
    above = sum(sums.get(figure, 0) for figure in measure.numerator)
    return Share(measure, above, sum(sums.get(figure, 0) for figure in measure.denominator))


def shares_of(sums: Mapping[str, int]) -> tuple[Share, ...]:
    """What every measure comes to."""
    return tuple(share_of(measure, sums) for measure in MEASURES)
