{{- define "base.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
{{- end }}

{{- define "base.labels" -}}
{{ include "base.selector" . }}
app.kubernetes.io/managed-by: render
team: {{ .Values.team }}
{{- end }}

{{- define "base.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "base.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
periodSeconds: {{ .settings.period }}
failureThreshold: {{ .settings.failures }}
{{- end }}
