"""What expressions of Prometheus ask for, and what the project's processes really give."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import promql_parser
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from promql_parser import AggModifier, AggregateExpr, BinaryExpr, BinModifier, Expr, LabelModifier, VectorSelector

from shared.runtime import metrics

OF_THE_TARGET = {"job", "instance", "service"}  # what deploy/prometheus/prometheus.yml adds to everything
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
GRAFANA = {"$__range": "1d", "$__rate_interval": "1m"}  # what Grafana puts in before it asks


def given() -> dict[str, set[str]]:
    """Every series of /metrics by its name, with the names of its labels."""
    series = {"up": set(OF_THE_TARGET)}
    for family in REGISTRY.collect():
        for sample in family.samples:
            series.setdefault(sample.name, set(OF_THE_TARGET)).update(sample.labels)
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            series |= _of(metric)
    return series


def _of(metric: MetricWrapperBase) -> Iterator[tuple[str, set[str]]]:
    """The series of one metric, also while no value of its labels has been seen."""
    labels = {*vars(metric)["_labelnames"], *OF_THE_TARGET}  # which the library tells nowhere else
    [family] = metric.describe()
    for suffix in SUFFIXES[family.type]:
        yield family.name + suffix, labels | ({"le"} if suffix == "_bucket" else set())


def asked(expression: str) -> dict[str, set[str]]:
    """The series that an expression reads, each with the labels that it is expected to have.

    A label in `by` or `on` is expected of every series below it.
    """
    for name, value in GRAFANA.items():
        expression = expression.replace(name, value)
    series: dict[str, set[str]] = defaultdict(set)
    above: list[list[str]] = []

    def enter(node: Expr) -> None:
        above.append(_named(node))
        if isinstance(node, VectorSelector):
            assert node.name, f"{node.prettify()} names no metric"
            matched = (matcher.name for matcher in node.matchers.matchers)
            series[node.name].update(matched, *above)

    def leave(_node: Expr) -> None:
        above.pop()

    promql_parser.walk(promql_parser.parse(expression), enter, leave)
    return series


def _named(node: Expr) -> list[str]:
    match node:
        case AggregateExpr(modifier=AggModifier(labels=labels)):
            return labels
        case BinaryExpr(modifier=BinModifier(matching=LabelModifier(labels=labels))):
            return labels
        case _:
            return []


def wrong(expression: str, known: Mapping[str, set[str]]) -> list[str]:
    """What an expression asks for and nobody gives: names of metrics, or of labels in the form metric{label}."""
    missing = []
    for name, labels in asked(expression).items():
        if name not in known:
            missing.append(name)
        else:
            missing += [f"{name}{{{label}}}" for label in sorted(labels - known[name])]
    return missing
