"""values.yaml, values.schema.json and the templates know the same values, and the product the same settings."""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from petplus import registry
from shared.core.supergraph import port_offsets
from tests.chart.helm import (
    CHART,
    ROOT,
    RefusedError,
    Rendered,
    install_without_a_cluster,
    read_yaml,
    render,
    variables_of,
    write_values,
)
from tests.chart.product import known_variables, secret_variables
from tests.chart.scenarios import EVERYTHING, PUBLIC, SCENARIOS, rendered
from tests.chart.test_refusals import merged

NOT_IN_CLUSTERS = {
    "PETPLUS_APPS": "a path in the image",
    "PETPLUS_AUDIT_ANCHORS": "pods have no disk that stays",
    "PETPLUS_HIVE_ROUTER": "the image has the gateway alone",
    "PETPLUS_OPERATIONS": "a path in the image",
    "PETPLUS_START_TIMEOUT": "of `petplus up` alone",
    "PETPLUS_SUPERGRAPH": "a path in the image",
    "PETPLUS_UPSTREAM_SILENCE": "deprecated",
}
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
CANDIDATES: list[Any] = [
    "other", "other-x", "example.com", "10.1.0.0/16", "https://a.shop.example", "b.shop.example", "/other", "haproxy",
    f"sha256:{'b' * 64}", "pk_other", "none", "7m", "7Gi", "3", "Never", "DoNotSchedule", "SecretStore", "subgraphs",
    "analytics",
]  # fmt: skip


def leaves(values: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values that hold no others, with their paths."""
    if isinstance(values, dict) and values:
        for name, value in values.items():
            yield from leaves(value, (*path, name))
    else:
        yield path, values


def nested(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for name in reversed(path):
        value = {name: value}
    result: dict[str, Any] = value
    return result


def others(path: tuple[str, ...], value: Any) -> list[Any]:
    """Return other values, of which the schema accepts at least one."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1, value * 10, value // 10]
        case dict():
            return [{"PETPLUS_COMPILED": "off"}, {"other": "value"}]
        case list() if value:
            return [value[:-1], [*value, *value]]
        case list():
            return [[{"podSelector": {"matchLabels": {"a": "b"}}}], [{"key": "a"}], *([each] for each in CANDIDATES)]
        case _:
            return [each for each in CANDIDATES if each != value]


def unused(chart: Path, folder: Path, paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the values that no template looks at: with another one the same is rendered."""
    from jsonschema import Draft202012Validator  # of the group `deploy`

    base = merged(PUBLIC, EVERYTHING)
    schema = Draft202012Validator(json.loads((chart / "values.schema.json").read_text()))
    usual = render([write_values(folder, base)], chart).objects
    given = merged(read_yaml(chart / "values.yaml"), base)

    def is_unused(path: tuple[str, ...]) -> bool:
        value = given
        for name in path:
            value = value[name]
        for number, other in enumerate(others(path, value)):
            changed = merged(base, nested(path, other))
            if not schema.is_valid(merged(given, changed)):
                continue
            file = write_values(folder, changed, f"{'.'.join(path).replace('/', '-')}-{number}.yaml")
            try:
                if render([file], chart).objects != usual:
                    return False
            except RefusedError:
                return False  # by a check of several values: the schema accepts it
        return True

    with ThreadPoolExecutor(2) as pool:
        return [".".join(path) for path, found in zip(paths, pool.map(is_unused, paths), strict=True) if found]


def all_paths() -> list[tuple[str, ...]]:
    """Return the paths of all values; of the subgraphs, whose values are the same, those of one."""
    given = merged(read_yaml(CHART / "values.yaml"), EVERYTHING)
    return [path for path, _ in leaves(given) if path[0] != "subgraphs" or path[1] == "order"]


def test_each_value_is_used_by_a_template(tmp_path: Path) -> None:
    paths = all_paths()
    assert len(paths) > 110
    # The digest that these values have takes precedence.
    assert unused(CHART, tmp_path, [path for path in paths if path != ("image", "router", "tag")]) == []


def test_a_value_that_nothing_uses_is_found(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    shutil.copytree(CHART, chart)
    text = (chart / "values.yaml").read_text()
    (chart / "values.yaml").write_text(text.replace("autoscaling:\n", "autoscaling:\n  unusedPercent: 10\n"))
    schema = json.loads((chart / "values.schema.json").read_text())
    schema["properties"]["autoscaling"]["properties"]["unusedPercent"] = {"type": "integer"}
    (chart / "values.schema.json").write_text(json.dumps(schema))
    paths = [("autoscaling", "unusedPercent"), ("autoscaling", "cpuPercent")]
    assert unused(chart, tmp_path, paths) == ["autoscaling.unusedPercent"]


def objects_of(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for each in schema.values():
            yield from objects_of(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from objects_of(each)


def test_the_schema_knows_each_value_and_no_other() -> None:
    found = list(objects_of(SCHEMA))
    assert len(found) > 25
    assert [each for each in found if each["additionalProperties"] is not False] == []
    values = read_yaml(CHART / "values.yaml")
    assert set(SCHEMA["properties"]) == {*values, "global"}
    assert set(SCHEMA["required"]) == set(values)


def test_settings_are_the_products_without_secrets_and_what_the_chart_sets() -> None:
    listed = set(SCHEMA["$defs"]["settings"]["propertyNames"]["enum"])
    by_chart: set[str] = set()
    for scenario in SCENARIOS:
        by_chart |= {name for _, each in rendered(scenario).containers() for name in variables_of(each)}
    by_chart -= {"PETPLUS_LOG_LEVEL"}  # of `settings` itself
    expected = known_variables() - secret_variables() - by_chart - set(NOT_IN_CLUSTERS)
    assert listed == expected, f"values.schema.json, $defs.settings: {sorted(listed ^ expected)}"
    assert set(NOT_IN_CLUSTERS) <= known_variables()


def test_subgraphs_and_their_ports_are_those_of_the_router() -> None:
    values = read_yaml(CHART / "values.yaml")
    assert {name: each["port"] for name, each in values["subgraphs"].items()} == {
        name: 4000 + offset for name, offset in port_offsets().items()
    }
    assert set(SCHEMA["$defs"]["worker"]["properties"]["subgraphs"]["items"]["enum"]) == set(registry.NAMES)


def connections_of(release: Rendered) -> int:
    """Return the connections that a release may open: docs/settings.md says how many a process does."""
    total = 0
    largest = {each["metadata"]["name"]: each["spec"]["maxReplicas"] for each in release.of("HorizontalPodAutoscaler")}
    for deployment in release.of("Deployment"):
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        pool = variables_of(container).get("PETPLUS_DATABASE_POOL_SIZE")
        served = [each for each in container["args"] if each in registry.NAMES]
        replicas = largest[deployment["metadata"]["name"]] + 1
        total += replicas * len(served) * (2 * int(pool or 0) + 4)
    return total


def requested(release: Rendered, bound: str) -> tuple[int, float, float]:
    """Return the replicas of a release, and the cores and GiB that they request."""
    bounds = {each["metadata"]["name"]: each["spec"][bound] for each in release.of("HorizontalPodAutoscaler")}
    replicas, cores, memory = 0, 0.0, 0.0
    for deployment in release.of("Deployment"):
        number = bounds[deployment["metadata"]["name"]]
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        wanted = container["resources"]["requests"]
        replicas += number
        cores += number * quantity(str(wanted["cpu"]))
        memory += number * quantity(wanted["memory"])
    return replicas, cores, memory / 2**30


def quantity(text: str) -> float:
    """Return a quantity of Kubernetes as a number."""
    units = {"m": 1e-3, "Mi": 2.0**20, "Gi": 2.0**30}
    unit = next((unit for unit in units if text.endswith(unit)), "")
    return float(text.removesuffix(unit)) * units.get(unit, 1)


SIZES = re.compile(
    r"^\| `(?P<file>[\w-]+)\.yaml` \| (?P<replicas>\d+)(?: to (?P<most_replicas>\d+))? \| (?P<cores>[\d.]+)"
    r"(?: to (?P<most_cores>[\d.]+))? \| (?P<memory>[\d.]+)(?: to (?P<most_memory>[\d.]+))? GiB \| "
    r"(?P<connections>\d+) \|$",
    re.MULTILINE,
)


def test_the_sizes_in_the_guide_are_those_of_the_chart() -> None:
    rows = {each["file"]: each for each in SIZES.finditer((ROOT / "docs" / "kubernetes.md").read_text())}
    assert set(rows) == {"laptop", "small", "values", "large"}
    for file, row in rows.items():
        release = rendered("defaults" if file == "values" else file)
        assert int(row["connections"]) == connections_of(release)
        for bound, prefix in (("minReplicas", ""), ("maxReplicas", "most_")):
            said = [float(row[f"{prefix}{name}"] or row[name]) for name in ("replicas", "cores", "memory")]
            assert said == pytest.approx(requested(release, bound), abs=0.51, rel=0.03), (file, bound)


@pytest.mark.parametrize(("scenario", "wanted"), [("defaults", 768), ("laptop", 144), ("small", 276), ("large", 1100)])
def test_the_chart_refuses_one_connection_too_few(scenario: str, wanted: int, tmp_path: Path) -> None:
    assert connections_of(rendered(scenario)) == wanted
    files = SCENARIOS[scenario].paths(tmp_path)
    for least, is_enough in ((wanted, True), (wanted - 1, False)):
        own = {"databases": {"main": {"maxConnections": least + 20, "reservedConnections": 20}}}
        change = write_values(tmp_path, own, "own.yaml")
        if is_enough:
            assert render([*files, change]).objects
        else:
            with pytest.raises(RefusedError, match=f"databases.main gets {wanted} connections"):
                render([*files, change])


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ("laptop", "port-forward service/shop-router 4000:4000"),
        (
            "defaults",
            "Neither an Ingress nor a Gateway is enabled: lead https://shop.example to the Service shop-router",
        ),
        (
            "everything",
            "The shop is at https://shop.example, once shop.example and files.shop.example lead to the proxy",
        ),
    ],
)
def test_the_notes_name_what_exists(scenario: str, sentence: str, tmp_path: Path) -> None:
    files = SCENARIOS[scenario].paths(tmp_path)
    notes = install_without_a_cluster(files).partition("\nNOTES:\n")[2]
    assert sentence in notes
    deployments = {each["metadata"]["name"] for each in rendered(scenario).of("Deployment")}
    [worker] = re.findall(r"exec deploy/(\S+)", notes)
    assert worker in deployments
    assert "logs job/shop-migrate" in notes


def test_the_version_is_the_products() -> None:
    chart = read_yaml(CHART / "Chart.yaml")
    project = (CHART.parents[1] / "pyproject.toml").read_text()
    assert f'\nversion = "{chart["appVersion"]}"\n' in project
    assert chart["version"] == chart["appVersion"]
