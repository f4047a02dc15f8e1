{{- /* Names, labels and images. Each takes (dict "root" $ "component" NAME …). */ -}}

{{- define "allpetplus.name" -}}
{{ .root.Release.Name }}-{{ .component }}
{{- end -}}

{{- define "allpetplus.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "allpetplus.labels" -}}
{{ include "allpetplus.selector" . }}
app.kubernetes.io/part-of: all-pet-plus
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "allpetplus.metadata" -}}
name: {{ include "allpetplus.name" . }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "allpetplus.labels" . | nindent 2 }}
{{- end -}}

{{- /* The reference of the image that "image" names. */ -}}
{{- define "allpetplus.image" -}}
{{- $image := index .root.Values.image .image -}}
{{- $repository := $image.repository -}}
{{- with .root.Values.image.registry }}{{ $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}{{ end -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{ $repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* Seconds that requests in flight may take when a process stops: 2 more than a call to a subgraph. */ -}}
{{- define "allpetplus.graceSeconds" -}}
{{ add (div (add .Values.timeouts.upstreamMilliseconds 999) 1000) 2 }}
{{- end -}}

{{- /* Seconds after which a pod is killed: drain, grace, and a margin. */ -}}
{{- define "allpetplus.terminationSeconds" -}}
{{ add .Values.timeouts.drainSeconds (include "allpetplus.graceSeconds" .) .Values.timeouts.marginSeconds }}
{{- end -}}

{{- /* The address at which a process logs in by its own role: without the owner's name and password. */ -}}
{{- define "allpetplus.databaseUrl" -}}
postgresql://{{ .host }}:{{ .port }}/{{ .name }}{{ with .parameters }}?{{ . }}{{ end }}
{{- end -}}

{{- /* The port at which a subgraph takes connections with the router's certificate: shared/core/settings.py adds 1,000. */ -}}
{{- define "allpetplus.tlsPort" -}}
{{ add .port 1000 }}
{{- end -}}

{{- /* Whose certificate a process has: "subgraphs", "router", or nothing for none. */ -}}
{{- define "allpetplus.certificate" -}}
{{- if .root.Values.mutualTls.enabled }}{{ get (dict "serve" "subgraphs" "router" "router") .kind }}{{ end }}
{{- end -}}
