{{/* An egress rule to any address on some ports; takes their list, in which "" counts as none. */}}
{{- define "hyperslab.anywhere" -}}
- ports:
    {{- range . | toStrings | compact | uniq }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
{{- end -}}

{{/* The port of a URL; nothing when there is no URL. */}}
{{- define "hyperslab.portOf" -}}
{{- if . -}}
{{- $url := urlParse . -}}
{{- if contains ":" (trimPrefix "[" $url.host) -}}{{ regexFind "[0-9]+$" $url.host }}{{- else -}}{{ ternary 443 80 (eq $url.scheme "https") }}{{- end -}}
{{- end -}}
{{- end -}}
