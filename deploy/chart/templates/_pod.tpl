{{- /*
The specification of a pod: (dict "root" $ "component" NAME "image" IMAGE "args" LIST "resources" MAP "port" N) and what
the environment takes. Without a port it has no probes, and ends by itself.

The probes mean different things. Startup: the process listens, for which a subgraph may have waited for its database.
Readiness: the database answers (a router: a subgraph does), and the process is not about to stop. Liveness: the event loop
runs at all, so that no failing database restarts a pod. `/ready` waits up to two seconds for the database: three are enough.
*/ -}}
{{- define "allpetplus.pod" -}}
{{- $values := .root.Values -}}
{{- $certificate := include "allpetplus.certificate" . -}}
serviceAccountName: {{ .serviceAccount | default .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ include "allpetplus.terminationSeconds" .root }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.scheduling.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.scheduling.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.scheduling.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .port }}
topologySpreadConstraints:
  {{- range $values.scheduling.topologyKeys }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $values.scheduling.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "allpetplus.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
containers:
  - name: {{ .component }}
    image: {{ include "allpetplus.image" . }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args: {{ toJson .args }}
    env:
      {{- include "allpetplus.environment" . | nindent 6 }}
    {{- with .port }}
    ports:
      - name: http
        containerPort: {{ . }}
      {{- if eq $certificate "subgraphs" }}
      - name: router-tls
        containerPort: {{ include "allpetplus.tlsPort" $ }}
      {{- end }}
    startupProbe:
      httpGet:
        path: /healthz
        port: http
      periodSeconds: 2
      timeoutSeconds: 3
      failureThreshold: {{ div (add $values.timeouts.startSeconds 1) 2 }}
    readinessProbe:
      httpGet:
        path: /ready
        port: http
      periodSeconds: 5
      timeoutSeconds: 3
      failureThreshold: 2
    livenessProbe:
      httpGet:
        path: /healthz
        port: http
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    {{- end }}
    resources:
      {{- toYaml .resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- with $certificate }}
      - name: certificate
        mountPath: /etc/petplus/tls/{{ . }}
        readOnly: true
      {{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  {{- with $certificate }}
  - name: certificate
    secret:
      secretName: {{ index $values.mutualTls (printf "%sSecret" .) }}
      defaultMode: 0440
  {{- end }}
{{- end -}}
