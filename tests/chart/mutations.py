"""Charts with one fault each, for the checks to find."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """A fault: a text of a file of the chart, and what stands in its place."""

    policy: str
    file: str
    old: str
    new: str
    scenario: str = "defaults"

    def apply(self, chart: Path) -> None:
        """Change a copy of the chart; the text must be there."""
        path = chart / self.file
        text = path.read_text()
        assert self.old in text, f"{self.file} has no {self.old!r}"
        path.write_text(text.replace(self.old, self.new))

    def __str__(self) -> str:
        return f"{self.policy}: {self.old.strip()[:40]} -> {self.new.strip()[:40]}"


_KEY = '{{- $_ := set $secret "PETPLUS_SECRET_KEY" "PETPLUS_SECRET_KEY" }}'
_OWNER = "\n{{- $_ := set $secret $variable"
POD, REPLICAS, ENVIRONMENT = "templates/_pod.tpl", "templates/_replicas.tpl", "templates/_environment.tpl"
NETWORK, MIGRATIONS, NAMES = "templates/networkpolicies.yaml", "templates/migrations.yaml", "templates/_names.tpl"

MUTATIONS = [
    Mutation("schemas", POD, "runAsNonRoot: true", "runAsNonroot: true"),
    Mutation("schemas", REPLICAS, "maxReplicas: {{ .size.maxReplicas }}", 'maxReplicas: "ten"'),
    Mutation("limits", POD, "{{- toYaml .resources | nindent 6 }}", "requests: { cpu: 1, memory: 1Gi }"),
    Mutation("limits", POD, "{{- toYaml .resources | nindent 6 }}", "limits: { memory: 1Gi }"),
    Mutation("probes", POD, "path: /ready", "path: /healthz"),
    Mutation("probes", POD, "timeoutSeconds: 3", "timeoutSeconds: 2"),
    Mutation("probes", POD, "livenessProbe:", "lifecycleProbe:"),
    Mutation("probes", POD, "{{ div (add $values.timeouts.startSeconds 1) 2 }}", "30"),
    Mutation("stops", NAMES, "(include \"allpetplus.graceSeconds\" .) .Values.timeouts.marginSeconds", "0"),
    Mutation("stops", NAMES, " 999) 1000) 2 }}", " 999) 1000) 0 }}"),
    Mutation("stops", ENVIRONMENT, 'DRAIN_SECONDS" $values.timeouts.drainSeconds', 'DRAIN_SECONDS" "1"'),
    Mutation("replicas", REPLICAS, "revisionHistoryLimit: 5", "replicas: 2"),
    Mutation("replicas", REPLICAS, "maxUnavailable: 0", "maxUnavailable: 1"),
    Mutation("replicas", REPLICAS, "kind: PodDisruptionBudget", "kind: ConfigMap"),
    Mutation("replicas", REPLICAS, "kind: HorizontalPodAutoscaler", "kind: ConfigMap"),
    Mutation("replicas", POD, "{{- if .port }}\ntopologySpread", "{{- if .never }}\ntopologySpread"),
    Mutation("addresses", ENVIRONMENT, "$host $subgraph.port", "$host 4000"),
    Mutation("addresses", ENVIRONMENT, '"component" "user")', '"component" "users")'),
    Mutation("addresses", POD, "containerPort: {{ . }}", "containerPort: 8080"),
    Mutation("addresses", ENVIRONMENT, '(include "allpetplus.tlsPort" $subgraph)', '"4001"', "mutual TLS"),
    Mutation("restricted", POD, '(printf "%sSecret" .)', '"routerSecret"', "mutual TLS"),
    Mutation("network", NETWORK, "- port: router-tls", "- port: http", "mutual TLS"),
    Mutation("network", NETWORK, '{{- if or $isPlain (eq $name "user") }}', "{{- if true }}", "mutual TLS"),
    Mutation("restricted", POD, "runAsNonRoot: true", "runAsNonRoot: false"),
    Mutation("restricted", POD, "type: RuntimeDefault", "type: Unconfined"),
    Mutation("restricted", POD, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
    Mutation("restricted", POD, "drop: [ALL]", "drop: []"),
    Mutation("restricted", POD, "enableServiceLinks: false", "hostNetwork: true"),
    Mutation("restricted", POD, "emptyDir:\n      sizeLimit: 256Mi", "hostPath: { path: /tmp }"),
    Mutation("accounts", POD, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
    Mutation("accounts", "templates/serviceaccount.yaml", "automountServiceAccountToken: false", ""),
    Mutation("accounts", POD, "{{ .serviceAccount | default .root.Release.Name }}", "default"),
    Mutation("images", NAMES, "{{ $image.tag | default .root.Chart.AppVersion }}", "stable"),
    Mutation("images", NAMES, "@{{ $image.digest }}", "", "everything"),
    Mutation("environments", ENVIRONMENT, '"PETPLUS_UPSTREAM_TIMEOUT"', '"PETPLUS_UPSTREAM_TIME_OUT"'),
    Mutation("environments", ENVIRONMENT, 'set $plain "PETPLUS_PASSKEY_RP_ID" $values.passkeys.domain', "1"),
    Mutation("environments", ENVIRONMENT, '"PETPLUS_PUBLIC_ORIGINS"', '"PETPLUS_CORS_ORIGINS"'),
    Mutation("environments", ENVIRONMENT, _KEY, ""),
    Mutation("environments", ENVIRONMENT, '{{- if has "analytics" .subgraphs }}', "{{- if true }}"),
    Mutation("environments", ENVIRONMENT, '{{- if has "webhook" .subgraphs }}', '{{- if has "order" .subgraphs }}'),
    Mutation("environments", ENVIRONMENT, '{{- if eq $kind "router" }}', '{{- if eq $kind "router" }}' + _KEY),
    Mutation("secrets", ENVIRONMENT, _KEY, '{{- $_ := set $plain "PETPLUS_SECRET_KEY" "a" }}'),
    Mutation("secrets", ENVIRONMENT, '{{- if eq $kind "migrate" }}' + _OWNER, "{{- if true }}" + _OWNER),
    Mutation("secrets", NAMES, "postgresql://{{ .host }}", "postgresql://owner:password@{{ .host }}"),
    Mutation("secrets", ENVIRONMENT, "name: {{ $values.secrets.name }}", "name: another"),
    Mutation("migrations", MIGRATIONS, 'helm.sh/hook-weight: "-10"', 'helm.sh/hook-weight: "10"'),
    Mutation("migrations", MIGRATIONS, "helm.sh/hook: pre-install,pre-upgrade", "helm.sh/hook: post-install"),
    Mutation("migrations", "templates/externalsecret.yaml", 'weight: "-20"', 'weight: "1"', "everything"),
    Mutation("network", NETWORK, "policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]"),
    Mutation("network", NETWORK, '{{- if eq $name "user" }}', "{{- if true }}"),
    Mutation("network", NETWORK, '{{- if ne $name "user" }}', "{{- if false }}"),
    Mutation("network", NETWORK, '{{- include "allpetplus.peer" $router | nindent 8 }}', "- podSelector: {}"),
    Mutation("network", NETWORK, "- port: {{ $subgraph.port }}", "- port: 1"),
]  # fmt: skip
