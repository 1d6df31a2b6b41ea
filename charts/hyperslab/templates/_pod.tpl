{{/* A pod of a component. Takes (dict "root" $ "component" NAME "service" ITS-LINE "values" ITS-VALUES). */}}
{{- define "hyperslab.pod" -}}
{{- $root := .root -}}
{{- $values := .values -}}
metadata:
  labels:
    # No version: a new chart with the same image and settings leaves the pods alone.
    {{- include "hyperslab.selector" . | nindent 4 }}
  annotations:
    # A change of the settings replaces the pods.
    checksum/config: {{ include "hyperslab.commonEnvironment" $root | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "hyperslab.name" . }}
  automountServiceAccountToken: {{ dig "api" false .service }}
  # Services called hyperslab-… would set variables that look like our settings.
  enableServiceLinks: false
  # Time to be taken out of load balancing, to drain, and to end what hangs.
  terminationGracePeriodSeconds: {{ add $values.drainSeconds (dig "preStopSeconds" 0 $values) 5 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "hyperslab.selector" $ | nindent 10 }}
    {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "hyperslab.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ .component }}]
      envFrom:
        - configMapRef: {name: {{ include "hyperslab.fullname" $root }}}
      env:
        {{- include "hyperslab.environment" . | nindent 8 }}
      ports:
        {{- with .service.grpc }}
        - {name: grpc, containerPort: {{ . }}}
        {{- end }}
        - {name: {{ include "hyperslab.httpPortName" .service }}, containerPort: {{ .service.http }}}
      {{- include "hyperslab.probes" .service | nindent 6 }}
      {{- with $values.preStopSeconds }}
      # Proxies go on sending for a moment after the pod has been told to go.
      lifecycle: {preStop: {sleep: {seconds: {{ . }}}}}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources:
        {{- include "hyperslab.resources" . | nindent 8 }}
      volumeMounts:
        {{- include "hyperslab.mounts" . | nindent 8 }}
  volumes:
    {{- include "hyperslab.volumes" . | nindent 4 }}
{{- end -}}

{{/*
Startup: the service listens. Readiness: nothing keeps it from its work. Liveness: its gRPC server answers, whatever
it waits for; a service that can't reach another one is not helped by a restart.
*/}}
{{- define "hyperslab.probes" -}}
{{- if .grpc -}}
startupProbe:
  grpc: {port: {{ .grpc }}, service: liveness}
  periodSeconds: 1
  timeoutSeconds: 5
  failureThreshold: 300
readinessProbe:
  grpc: {port: {{ .grpc }}}
  periodSeconds: 2
  timeoutSeconds: 5
livenessProbe:
  grpc: {port: {{ .grpc }}, service: liveness}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- else -}}
startupProbe:
  httpGet: {path: /livez, port: {{ include "hyperslab.httpPortName" . }}}
  periodSeconds: 1
  timeoutSeconds: 5
  failureThreshold: 300
readinessProbe:
  httpGet: {path: /readyz, port: {{ include "hyperslab.httpPortName" . }}}
  periodSeconds: 2
  timeoutSeconds: 5
livenessProbe:
  httpGet: {path: /livez, port: {{ include "hyperslab.httpPortName" . }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}
{{- end -}}

{{/* A worker's follow from its memory and threads, so that they can't contradict them. */}}
{{- define "hyperslab.resources" -}}
{{- if eq .component "worker-pool" -}}
{{- $memory := include "hyperslab.mebibytes" .values.memory | int -}}
requests:
  cpu: {{ .values.cpu | default (int .values.threads) | quote }}
  memory: {{ .values.memory }}
limits:
  memory: {{ add $memory (max 256 (div $memory 8)) }}Mi
{{- else -}}
{{ toYaml .values.resources }}
{{- end -}}
{{- end -}}

{{- define "hyperslab.mebibytes" -}}
{{- if hasSuffix "Gi" . -}}{{ mul 1024 (trimSuffix "Gi" . | int) }}{{- else -}}{{ trimSuffix "Mi" . }}{{- end -}}
{{- end -}}
