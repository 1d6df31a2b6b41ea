{{/* Settings that all services share; the ConfigMap. A setting of `config` is HYPERSLAB_ and its name in capitals. */}}
{{- define "hyperslab.commonEnvironment" -}}
HYPERSLAB_STATE: /var/lib/hyperslab
# Nobody is asked yet who they are: who may connect is what the network policies say.
HYPERSLAB_BIND: {{ .Values.bind | quote }}
HYPERSLAB_ALLOW_INSECURE: "true"
HYPERSLAB_CATALOG: {{ include "hyperslab.address" (dict "root" . "component" "catalog") }}
HYPERSLAB_SCHEDULER: {{ include "hyperslab.address" (dict "root" . "component" "scheduler") }}
HYPERSLAB_METADATA_BACKUP: {{ include "hyperslab.address" (dict "root" . "component" "metadata-backup") }}
HYPERSLAB_OBJECTS: {{ .Values.objects.url | default "/objects" | quote }}
HYPERSLAB_ALLOWED_HOSTS: {{ include "hyperslab.allowedHosts" . | quote }}
{{- with .Values.s3.endpoint }}
AWS_ENDPOINT_URL: {{ . | quote }}
{{- end }}
{{- with .Values.s3.region }}
AWS_REGION: {{ . | quote }}
{{- end }}
{{- if .Values.s3.anonymous }}
AWS_NO_SIGN_REQUEST: "YES"
{{- end }}
{{- if .Values.s3.requesterPays }}
AWS_REQUEST_PAYER: requester
{{- end }}
{{- with .Values.telemetry.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.config }}
HYPERSLAB_{{ $name | snakecase | upper }}: {{ include "hyperslab.text" $value }}
{{- end }}
{{- end -}}

{{/* Whole numbers in values are floating-point numbers for templates, which would print 10000000 as 1e+07. */}}
{{- define "hyperslab.text" -}}
{{- if kindIs "float64" . -}}{{ printf "%.0f" . | quote }}{{- else -}}{{ toString . | quote }}{{- end -}}
{{- end -}}

{{/* Names under which HTTP is asked for: Services, and what Ingresses and routes are for. */}}
{{- define "hyperslab.allowedHosts" -}}
{{- $hosts := list -}}
{{- range $component, $service := include "hyperslab.services" . | fromYaml -}}
{{- $name := include "hyperslab.name" (dict "root" $ "component" $component) -}}
{{- $hosts = concat $hosts (list $name (printf "%s.%s" $name $.Release.Namespace) (printf "%s.%s.svc" $name $.Release.Namespace) (printf "%s.%s.svc.%s" $name $.Release.Namespace $.Values.clusterDomain)) -}}
{{- $web := index $.Values $service.values -}}
{{- if $service.web -}}
{{- if $web.ingress.enabled -}}{{- $hosts = append $hosts $web.ingress.host -}}{{- end -}}
{{- if $web.httpRoute.enabled -}}{{- $hosts = concat $hosts $web.httpRoute.hostnames -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- concat $hosts .Values.allowedHosts | uniq | join "," -}}
{{- end -}}

{{/* Settings of one component. */}}
{{- define "hyperslab.environment" -}}
{{- $root := .root -}}
{{- $values := .values -}}
- name: HYPERSLAB_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: HYPERSLAB_POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: HYPERSLAB_DRAIN_TIMEOUT
  value: {{ printf "%ds" (int $values.drainSeconds) | quote }}
{{- if eq .component "scheduler" }}
{{- if $values.lease.enabled }}
- name: HYPERSLAB_LEASE
  value: {{ include "hyperslab.name" . | quote }}
{{- end }}
{{- end }}
{{- if has .component (list "opendap-gateway" "dashboard") }}
- name: HYPERSLAB_WORKERS
  value: {{ printf "kubernetes:///%s" (include "hyperslab.address" (dict "root" $root "component" "worker-pool")) | quote }}
{{- end }}
{{- if eq .component "worker-pool" }}
- name: HYPERSLAB_ADVERTISE
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: HYPERSLAB_DATA_ROOTS
  value: {{ include "hyperslab.dataRoots" $root | quote }}
- name: HYPERSLAB_WORKER_MEMORY
  value: {{ printf "%sB" $values.memory | quote }}
- name: HYPERSLAB_WORKER_THREADS
  value: {{ int $values.threads | quote }}
{{- end }}
{{- if eq .component "metadata-backup" }}
{{- with $values.store }}
- name: HYPERSLAB_BACKUP_STORE
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if eq .component "autoscaler" }}
- name: HYPERSLAB_AUTOSCALE_TARGET_NAME
  value: {{ include "hyperslab.name" (dict "root" $root "component" "worker-pool") | quote }}
- name: HYPERSLAB_AUTOSCALE_MIN
  value: {{ int $root.Values.workerPool.autoscaling.min | quote }}
- name: HYPERSLAB_AUTOSCALE_MAX
  value: {{ int $root.Values.workerPool.autoscaling.max | quote }}
- name: HYPERSLAB_WORKER_MEMORY
  value: {{ printf "%sB" $root.Values.workerPool.memory | quote }}
{{- end }}
{{- if and .service.storage $root.Values.s3.secret }}
{{- range $key := list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ $key }}
  valueFrom: {secretKeyRef: {name: {{ $root.Values.s3.secret }}, key: {{ $key }}}}
{{- end }}
{{- end }}
{{- with $values.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What workers may read: the claims' mounts, the URLs, and the small sample of the image that `helm test` publishes. */}}
{{- define "hyperslab.dataRoots" -}}
{{- $roots := list "/app/sample" -}}
{{- range .Values.data.claims -}}{{- $roots = append $roots .mountPath -}}{{- end -}}
{{- concat $roots .Values.data.roots | join "," -}}
{{- end -}}
