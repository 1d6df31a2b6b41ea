{{/*
The services that this release runs; every other template ranges over them.
  values    key in values.yaml
  kind      controller
  grpc      gRPC port; HTTP with /metrics is 1000 above it, or on `http`
  web       whether people reach its HTTP port, with a browser or an OPeNDAP client
  commands  whether those who reach its HTTP port can change something
  calls     whom it calls: the arrows of docs/architecture.md, which the network policies allow
  storage   whether it reads or writes objects and data
  api       whether it asks the Kubernetes API
*/}}
{{- define "hyperslab.services" -}}
catalog:
  values: catalog
  kind: StatefulSet
  grpc: 7401
  http: 8401
  calls: [metadata-backup]
scheduler:
  values: scheduler
  kind: Deployment
  grpc: 7402
  http: 8402
  calls: [catalog, metadata-backup, worker-pool]
  storage: true
  api: {{ .Values.scheduler.lease.enabled }}
worker-pool:
  values: workerPool
  kind: StatefulSet
  grpc: 7403
  http: 8403
  calls: [catalog, scheduler, worker-pool]
  storage: true
metadata-backup:
  values: metadataBackup
  kind: StatefulSet
  grpc: 7404
  http: 8404
  storage: true
{{- if .Values.opendapGateway.enabled }}
opendap-gateway:
  values: opendapGateway
  kind: Deployment
  http: 8080
  web: true
  calls: [catalog, worker-pool]
  api: true
{{- end }}
{{- if .Values.dashboard.enabled }}
dashboard:
  values: dashboard
  kind: Deployment
  http: 8787
  web: true
  commands: true
  calls: [catalog, scheduler, worker-pool]
  api: true
{{- end }}
{{- if eq .Values.workerPool.autoscaling.by "hyperslab" }}
autoscaler:
  values: autoscaler
  kind: Deployment
  http: 8405
  calls: [scheduler]
  api: true
{{- end }}
{{- end -}}

{{/* Name of the HTTP port: of a service that people reach, or beside gRPC. */}}
{{- define "hyperslab.httpPortName" -}}
{{ ternary "http" "metrics" (dig "web" false .) }}
{{- end -}}
