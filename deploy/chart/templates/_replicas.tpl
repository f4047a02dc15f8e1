{{- /*
What keeps a component running: its Deployment, Service, PodDisruptionBudget and HorizontalPodAutoscaler.
(dict "root" $ "component" NAME "size" VALUES) and what a pod takes; "size" has minReplicas and maxReplicas.
*/ -}}
{{- define "allpetplus.replicas" -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "allpetplus.metadata" . | nindent 2 }}
spec:
  # No replicas: the autoscaler sets them, and an upgrade leaves them.
  revisionHistoryLimit: 5
  minReadySeconds: 5
  progressDeadlineSeconds: {{ add $root.Values.timeouts.startSeconds 480 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "allpetplus.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "allpetplus.labels" . | nindent 8 }}
    spec:
      {{- include "allpetplus.pod" . | nindent 6 }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "allpetplus.metadata" . | nindent 2 }}
spec:
  selector:
    {{- include "allpetplus.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
    {{- if eq (include "allpetplus.certificate" .) "subgraphs" }}
    - name: router-tls
      port: {{ include "allpetplus.tlsPort" . }}
      targetPort: router-tls
    {{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "allpetplus.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  # One that is not ready protects nothing: a node must not wait for it.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "allpetplus.selector" . | nindent 6 }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "allpetplus.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "allpetplus.name" . }}
  minReplicas: {{ .size.minReplicas }}
  maxReplicas: {{ .size.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $root.Values.autoscaling.cpuPercent }}
    {{- with .size.busLag }}
    {{- if .enabled }}
    - type: External
      external:
        metric:
          name: {{ .metric }}
          selector:
            {{- with .labels }}
            matchLabels:
              {{- toYaml . | nindent 14 }}
            {{- end }}
            matchExpressions:
              - key: subgraph
                operator: In
                values: {{ toJson $.subgraphs }}
        target:
          type: AverageValue
          averageValue: {{ .perReplica | quote }}
    {{- end }}
    {{- end }}
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
      policies:
        - type: Percent
          value: 100
          periodSeconds: 30
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - type: Pods
          value: 1
          periodSeconds: 60
{{- end -}}
