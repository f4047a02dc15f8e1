"""What each release of the chart keeps to. A policy returns a sentence for each object that does not."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

from petplus import registry
from shared.database import startup as startup_checks
from shared.http import readiness
from tests.chart.helm import CHART, Object, Rendered, read_yaml, variables_of
from tests.chart.network import Target, may_arrive, may_leave, policies_of, selects
from tests.chart.product import SECRETS, known_variables, needed_by, secret_variables, start_error

Policy: TypeAlias = Callable[[Rendered], Iterator[str]]
PORTS = {"http": "http", "https": "router-tls"}
"""The names of ports, by the schemes of addresses that lead to them."""
CERTIFICATE = "allpetplus-subgraphs-tls"
PROBES = {"startupProbe": "/healthz", "readinessProbe": "/ready", "livenessProbe": "/healthz"}

FOR_ALL = {"PETPLUS_LOG_LEVEL"}
"""What the values of tests have in `settings`, which all processes get."""


def limits(release: Rendered) -> Iterator[str]:
    """Each container asks for CPU and memory, and has limits of both."""
    for name, container in release.containers():
        for kind in ("requests", "limits"):
            if set(container["resources"].get(kind, {})) != {"cpu", "memory"}:
                yield f"{name} has no {kind} of CPU and memory"


def probes(release: Rendered) -> Iterator[str]:
    """Each process that stays has three probes that mean different things, and wait longer than `/ready` does."""
    for deployment in release.of("Deployment"):
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            name = container["name"]
            for kind, path in PROBES.items():
                probe = container.get(kind)
                if probe is None or probe.get("httpGet") != {"path": path, "port": "http"}:
                    yield f"{name} has no {kind} of {path}"
                elif probe.get("timeoutSeconds", 1) <= readiness.WAIT_SECONDS:
                    yield f"{name}'s {kind} gives up before /ready answers"
            startup = container.get("startupProbe", {})
            if startup.get("periodSeconds", 10) * startup.get("failureThreshold", 3) <= startup_checks.WAIT_SECONDS:
                yield f"{name} is ended before it has waited for its database"


def stops(release: Rendered) -> Iterator[str]:
    """A pod has longer than its drain and the longest request, and drains longer than two checks of its readiness."""
    for deployment in release.of("Deployment"):
        spec = deployment["spec"]["template"]["spec"]
        for container in spec["containers"]:
            given = variables_of(container)
            drain, grace = int(given["PETPLUS_DRAIN_SECONDS"] or 0), int(given["PETPLUS_GRACE_SECONDS"] or 0)
            upstream = int(given["PETPLUS_UPSTREAM_TIMEOUT"] or 0) / 1000
            if grace <= upstream or spec["terminationGracePeriodSeconds"] <= drain + grace:
                yield f"{container['name']} is killed before its requests end"
            if drain < container["readinessProbe"]["timeoutSeconds"]:
                yield f"{container['name']} closes its port before balancers know"


def replicas(release: Rendered) -> Iterator[str]:
    """Each Deployment has a Service, a PodDisruptionBudget and an autoscaler; none sets a number of replicas."""
    for deployment in release.of("Deployment"):
        name, spec = deployment["metadata"]["name"], deployment["spec"]
        labels = spec["template"]["metadata"]["labels"]
        if "replicas" in spec:
            yield f"{name} resets the autoscaler's replicas at each upgrade"
        if spec["strategy"].get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{name} is updated with fewer replicas"
        if sum(selects(each["spec"]["selector"], labels) for each in release.of("PodDisruptionBudget")) != 1:
            yield f"{name} has not one PodDisruptionBudget"
        scalers = [each["spec"] for each in release.of("HorizontalPodAutoscaler")]
        if [each["scaleTargetRef"]["name"] for each in scalers].count(name) != 1:
            yield f"{name} has not one HorizontalPodAutoscaler"
        services = [each for each in release.of("Service") if selects(_matching(each["spec"]["selector"]), labels)]
        if [each["metadata"]["name"] for each in services] != [name]:
            yield f"{name} has not one Service"
        keys = spec["template"]["spec"].get("topologySpreadConstraints", [])
        if not keys or not all(selects(each["labelSelector"], labels) for each in keys):
            yield f"{name} is not spread"


def addresses(release: Rendered) -> Iterator[str]:
    """Each address of another process names a Service, at its port, whose pods listen there."""
    services = {each["metadata"]["name"]: each["spec"] for each in release.of("Service")}
    templates = dict(release.workloads())
    for name, container in release.containers():
        for variable, value in variables_of(container).items():
            url = urlsplit(value or "")
            if not str(url.hostname).startswith("shop-"):
                continue
            kind = PORTS[url.scheme]
            service = services.get(str(url.hostname))
            if service is None or [port["port"] for port in service["ports"] if port["targetPort"] == kind] != [
                url.port
            ]:
                yield f"{variable} of {name} names no Service"
                continue
            pods = [each for each in templates.values() if selects(_matching(service["selector"]), _labels(each))]
            if [port_of(each["spec"]["containers"][0], kind) for each in pods] != [url.port]:
                yield f"nobody listens at {variable} of {name}"


def restricted(release: Rendered) -> Iterator[str]:
    """Pods keep to the Pod Security Standard `restricted`, with a file system that is read-only."""
    for name, template in release.workloads():
        spec = template["spec"]
        pod = spec.get("securityContext", {})
        if pod.get("runAsNonRoot") is not True or not pod.get("runAsUser"):
            yield f"{name} may run as root"
        if pod.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name} has no seccomp profile"
        if any(spec.get(each) for each in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name} is in a namespace of its node"
        own_certificate = {"router": ["allpetplus-router-tls"]} | {each: [CERTIFICATE] for each in registry.NAMES}
        volumes = spec.get("volumes", ())
        if {kind for volume in volumes for kind in volume} - {"name", "emptyDir", "secret"}:
            yield f"{name} has a volume that is not its own"
        held = [volume["secret"]["secretName"] for volume in volumes if "secret" in volume]
        if held not in ([], own_certificate.get(name)):
            yield f"{name} has the key of another"
    for name, container in release.containers():
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{name} has capabilities, or may gain some"
        if own.get("readOnlyRootFilesystem") is not True:
            yield f"{name} may write its image"


def accounts(release: Rendered) -> Iterator[str]:
    """Pods have a ServiceAccount of the release, and nobody a token of it."""
    known = {each["metadata"]["name"]: each for each in release.of("ServiceAccount")}
    for name, template in release.workloads():
        spec = template["spec"]
        account = known.get(spec.get("serviceAccountName", "default"))
        if account is None or account.get("automountServiceAccountToken") is not False:
            yield f"{name} has no ServiceAccount without a token"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{name} has a token"


def images(release: Rendered) -> Iterator[str]:
    """Images are named by a digest, or by the tag of this release."""
    version = read_yaml(CHART / "Chart.yaml")["appVersion"]
    for name, container in release.containers():
        if not re.search(rf"(@sha256:[0-9a-f]{{64}}|:{re.escape(version)})$", container["image"]):
            yield f"{name} runs {container['image']}"


def environments(release: Rendered) -> Iterator[str]:
    """Each variable is a setting, each process starts with its own, and none has one that it does not take."""
    for name, container in release.containers():
        given = variables_of(container)
        if unknown := set(given) - known_variables():
            yield f"{name} has settings that do not exist: {sorted(unknown)}"
        environment = environment_of(container)
        if problem := start_error(container["args"], environment):
            yield f"{name} does not start: {problem}"
        elif container["args"][0] != "migrate":
            extra = set(given) - needed_by(container["args"], environment) - FOR_ALL
            if extra:
                yield f"{name} does not take {sorted(extra)}"


def secrets(release: Rendered) -> Iterator[str]:
    """No secret is in clear, and the owner of the tables is known to migrations alone."""
    if release.of("Secret"):
        yield "the chart makes a Secret"
    for name, container in release.containers():
        for each in container["env"]:
            value = each.get("value")
            if value is None:
                [(source, reference)] = each["valueFrom"].items()
                if source != "secretKeyRef" or reference["name"] != "allpetplus" or reference.get("optional"):
                    yield f"{each['name']} of {name} is not of the Secret"
                is_owner = reference.get("key", "").endswith("DATABASE_URL")
                if is_owner and name != "migrate":
                    yield f"{name} may log in as the owner of the tables"
            elif each["name"] in secret_variables() or "@" in urlsplit(value).netloc:
                yield f"{each['name']} of {name} is a secret in clear"


def migrations(release: Rendered) -> Iterator[str]:
    """Databases are brought up to date before anything else of a release, and what that needs is there before."""
    jobs = release.of("Job")
    if [each["metadata"].get("annotations", {}).get("helm.sh/hook") for each in jobs] != ["pre-install,pre-upgrade"]:
        yield "migrations do not come first"
        return
    [job] = jobs
    labels = _labels(job["spec"]["template"])
    needed = [
        each
        for each in release.of("ServiceAccount", "NetworkPolicy", "ExternalSecret")
        if each["metadata"]["name"] == job["spec"]["template"]["spec"]["serviceAccountName"]
        or (each["kind"] == "NetworkPolicy" and selects(each["spec"]["podSelector"], labels))
        or each["kind"] == "ExternalSecret"
    ]
    if len(needed) < 2:
        yield "migrations lack an account or a NetworkPolicy"
    for each in needed:
        given = each["metadata"].get("annotations", {})
        if given.get("helm.sh/hook") != "pre-install,pre-upgrade" or _weight(each) >= _weight(job):
            yield f"{each['kind']} {each['metadata']['name']} is not there when migrations start"


def network(release: Rendered) -> Iterator[str]:
    """Each pod has a policy for both directions: by both it reaches what it needs, by each of them nothing else."""
    pods = dict(release.workloads())
    for name, template in pods.items():
        for direction in ("Ingress", "Egress"):
            if not policies_of(release.objects, _labels(template), direction):
                yield f"{name} has no NetworkPolicy for {direction}"
    for name, template in pods.items():
        for other, target in pods.items():
            if other == name or other == "migrate":
                continue
            listed = {port["name"]: port["containerPort"] for port in target["spec"]["containers"][0]["ports"]}
            for kind, port in listed.items():
                connection = Target(_labels(target), port, kind)
                leaves = may_leave(release.objects, _labels(template), connection)
                arrives = may_arrive(release.objects, _labels(template), connection)
                is_needed = other in registry.NAMES and _needs(name, other, kind, is_plain="router-tls" not in listed)
                if (leaves, arrives) != (is_needed, is_needed):
                    yield f"from {name} to {other} ({kind}): leaves {leaves}, arrives {arrives}, needed {is_needed}"


def _needs(name: str, other: str, kind: str, *, is_plain: bool) -> bool:
    """Tell whether a process calls a subgraph: the router all, and those that check tokens the keys of `user`."""
    if name == "router":
        return is_plain or kind == "router-tls" or other == "user"
    return kind == "http" and other == "user" and name in registry.NAMES


def _matching(labels: Mapping[str, str]) -> Object:
    return {"matchLabels": dict(labels)}


def _labels(template: Object) -> dict[str, str]:
    labels: dict[str, str] = template["metadata"]["labels"]
    return labels


def port_of(container: Object, kind: str = "http") -> int:
    """Return a port of a container by its name."""
    [port] = [each["containerPort"] for each in container["ports"] if each["name"] == kind]
    return int(port)


def _weight(each: Object) -> int:
    return int(each["metadata"]["annotations"].get("helm.sh/hook-weight", "0"))


def environment_of(container: Object, held: Mapping[str, str] = SECRETS) -> dict[str, str]:
    """Return the environment of a container in which a Secret holds some values."""
    return {
        each["name"]: str(each["value"]) if "value" in each else held[each["valueFrom"]["secretKeyRef"]["key"]]
        for each in container["env"]
    }


POLICIES: Mapping[str, Policy] = {
    each.__name__: each
    for each in (
        limits,
        probes,
        stops,
        replicas,
        addresses,
        restricted,
        accounts,
        images,
        environments,
        secrets,
        migrations,
        network,
    )
}
