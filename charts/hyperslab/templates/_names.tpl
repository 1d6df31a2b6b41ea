{{/* Name before each component: RELEASE-hyperslab, or hyperslab when the release is called so. */}}
{{- define "hyperslab.fullname" -}}
{{- if eq .Release.Name "hyperslab" -}}hyperslab{{- else -}}{{ printf "%s-hyperslab" .Release.Name | trunc 45 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{/* What a component's objects are called. Takes (dict "root" $ "component" NAME). */}}
{{- define "hyperslab.name" -}}
{{ include "hyperslab.fullname" .root }}-{{ .component }}
{{- end -}}

{{/* Labels by which pods of a component are selected; they never change. */}}
{{- define "hyperslab.selector" -}}
app.kubernetes.io/name: hyperslab
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "hyperslab.labels" -}}
{{ include "hyperslab.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: hyperslab
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "hyperslab.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* Address of a component for others in the namespace. */}}
{{- define "hyperslab.address" -}}
{{ include "hyperslab.name" . }}:{{ get (include "hyperslab.services" .root | fromYaml) .component | dig "grpc" "" }}
{{- end -}}
