{{/* Whether a component keeps its state on a volume that outlives its pods. */}}
{{- define "hyperslab.durable" -}}
{{ if has . (list "catalog" "metadata-backup") }}true{{ end }}
{{- end -}}

{{- define "hyperslab.hasState" -}}
{{ if has . (list "catalog" "scheduler" "worker-pool" "metadata-backup") }}true{{ end }}
{{- end -}}

{{/* Whether manifests and arrays lie on a volume, and this component reads or writes them. */}}
{{- define "hyperslab.objectsMounted" -}}
{{ if and .service.storage (not .root.Values.objects.url) }}true{{ end }}
{{- end -}}

{{- define "hyperslab.objectsClaim" -}}
{{ .Values.objects.volume.existingClaim | default (printf "%s-objects" (include "hyperslab.fullname" .)) }}
{{- end -}}

{{- define "hyperslab.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if include "hyperslab.hasState" .component }}
- {name: state, mountPath: /var/lib/hyperslab}
{{- end }}
{{- if include "hyperslab.objectsMounted" . }}
- {name: objects, mountPath: /objects}
{{- end }}
{{- if eq .component "worker-pool" }}
{{- range $i, $claim := .root.Values.data.claims }}
- {name: data-{{ $i }}, mountPath: {{ $claim.mountPath }}, readOnly: true{{ with $claim.subPath }}, subPath: {{ . }}{{ end }}}
{{- end }}
{{- end }}
{{- end -}}

{{- define "hyperslab.volumes" -}}
- {name: tmp, emptyDir: {}}
{{- if include "hyperslab.durable" .component }}
{{- with .values.volume.existingClaim }}
- {name: state, persistentVolumeClaim: {claimName: {{ . }}}}
{{- end }}
{{- else if eq .component "worker-pool" }}
- {name: state, emptyDir: {sizeLimit: {{ .values.spillSize }}}}
{{- else if include "hyperslab.hasState" .component }}
- {name: state, emptyDir: {}}
{{- end }}
{{- if include "hyperslab.objectsMounted" . }}
- {name: objects, persistentVolumeClaim: {claimName: {{ include "hyperslab.objectsClaim" .root }}}}
{{- end }}
{{- if eq .component "worker-pool" }}
{{- range $i, $claim := .root.Values.data.claims }}
- {name: data-{{ $i }}, persistentVolumeClaim: {claimName: {{ $claim.claimName }}, readOnly: true}}
{{- end }}
{{- end }}
{{- end -}}

{{/* What a claim asks for; takes the `volume` of values. */}}
{{- define "hyperslab.claim" -}}
accessModes: {{ toJson .accessModes }}
{{- if .storageClass }}
storageClassName: {{ ternary "" .storageClass (eq .storageClass "-") | quote }}
{{- end }}
resources: {requests: {storage: {{ .size }}}}
{{- end -}}
