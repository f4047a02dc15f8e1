{{- /*
The environment of a container: (dict "root" $ "kind" KIND "subgraphs" LIST "poolSize" N "settings" MAP), where KIND is
serve, worker, migrate or router. Each process gets the secrets that docs/operations.md lists for it, and no others.
*/ -}}
{{- define "allpetplus.environment" -}}
{{- $root := .root }}{{ $values := .root.Values }}{{ $kind := .kind }}
{{- $plain := merge (dict) (.settings | default dict) $values.settings }}
{{- $secret := dict }}
{{- $_ := set $plain "PETPLUS_ENV" "production" }}
{{- $_ := set $plain "PETPLUS_HOST" "0.0.0.0" }}
{{- if ne $kind "migrate" }}
{{- $_ := set $plain "PETPLUS_UPSTREAM_TIMEOUT" $values.timeouts.upstreamMilliseconds }}
{{- $_ := set $plain "PETPLUS_DRAIN_SECONDS" $values.timeouts.drainSeconds }}
{{- $_ := set $plain "PETPLUS_GRACE_SECONDS" (include "allpetplus.graceSeconds" $root) }}
{{- $_ := set $plain "PETPLUS_TRUSTED_PROXIES" (join "," $values.public.trustedProxies) }}
{{- $_ := set $plain "PETPLUS_CORS_ORIGINS" (join "," $values.public.corsOrigins) }}
{{- $_ := set $secret "PETPLUS_ROUTER_SECRETS" "PETPLUS_ROUTER_SECRETS" }}
{{- $_ := set $secret "PETPLUS_CACHE_REDIS_URL" "PETPLUS_CACHE_REDIS_URL" }}
{{- end }}
{{- if or (eq $kind "router") (and (ne $kind "migrate") (has "builder" .subgraphs)) }}
{{- $_ := set $plain "PETPLUS_PREVIEW_URL" $values.public.filesOrigin }}
{{- end }}
{{- if eq $kind "router" }}
{{- $_ := set $plain "PETPLUS_PORT" $values.router.port }}
{{- $_ := set $plain "PETPLUS_AVATAR_URL" $values.public.filesOrigin }}
{{- $_ := set $plain "PETPLUS_PUBLIC_ORIGINS" (prepend $values.public.moreOrigins $values.public.origin | join ",") }}
{{- range $name, $subgraph := $values.subgraphs }}
{{- $host := include "allpetplus.name" (dict "root" $root "component" $name) }}
{{- $address := printf "http://%s:%v" $host $subgraph.port }}
{{- if $values.mutualTls.enabled }}{{ $address = printf "https://%s:%s" $host (include "allpetplus.tlsPort" $subgraph) }}{{ end }}
{{- $_ := set $plain (printf "PETPLUS_%s_URL" (upper $name)) (printf "%s/graphql" $address) }}
{{- end }}
{{- else }}
{{- $_ := set $plain "PETPLUS_HOME" "/tmp/petplus" }}
{{- $_ := set $plain "PETPLUS_LOG_FORMAT" "json" }}
{{- $_ := set $secret "PETPLUS_SECRET_KEY" "PETPLUS_SECRET_KEY" }}
{{- $_ := set $secret "PETPLUS_REDIS_URL" "PETPLUS_REDIS_URL" }}
{{- range .subgraphs }}
{{- $subgraph := index $values.subgraphs . }}
{{- $database := index $values.databases $subgraph.database }}
{{- $variable := printf "PETPLUS_%s_DATABASE_URL" (upper .) }}
{{- if eq $kind "migrate" }}
{{- $_ := set $secret $variable $database.ownerKey }}
{{- else }}
{{- $plain = mergeOverwrite $plain $subgraph.settings }}
{{- $_ := set $plain $variable (include "allpetplus.databaseUrl" $database) }}
{{- end }}
{{- end }}
{{- end }}
{{- $hasTls := and $values.mutualTls.enabled (has $kind (list "serve" "router")) }}
{{- if $hasTls }}
{{- $_ := set $plain "PETPLUS_TLS_DIRECTORY" "/etc/petplus/tls" }}
{{- end }}
{{- if or $hasTls (has $kind (list "serve" "worker")) }}
{{- $user := printf "http://%s:%v" (include "allpetplus.name" (dict "root" $root "component" "user")) $values.subgraphs.user.port }}
{{- $_ := set $plain "PETPLUS_JWKS_URL" (printf "%s/.well-known/jwks.json" $user) }}
{{- end }}
{{- if has $kind (list "serve" "worker") }}
{{- $_ := set $plain "PETPLUS_DATABASE_POOL_SIZE" .poolSize }}
{{- if or (has "user" .subgraphs) (has "order" .subgraphs) }}
{{- $_ := set $plain "PETPLUS_APP_URL" $values.public.origin }}
{{- with $values.mail.from }}{{ $_ := set $plain "PETPLUS_MAIL_FROM" . }}{{ end }}
{{- if $values.mail.drop }}
{{- $_ := set $plain "PETPLUS_DROP_MAILS" "on" }}
{{- else }}
{{- $_ := set $secret "PETPLUS_SMTP_URL" "PETPLUS_SMTP_URL" }}
{{- end }}
{{- end }}
{{- if has "user" .subgraphs }}
{{- $_ := set $plain "PETPLUS_PASSKEY_RP_ID" $values.passkeys.domain }}
{{- $_ := set $plain "PETPLUS_PASSKEY_ORIGINS" ($values.passkeys.origins | default (list $values.public.origin) | join ",") }}
{{- $_ := set $plain "PETPLUS_AVATAR_URL" $values.public.filesOrigin }}
{{- end }}
{{- if has "order" .subgraphs }}
{{- $_ := set $plain "PETPLUS_PAYMENT_PROVIDER" $values.payments.provider }}
{{- if hasPrefix "https://" $values.public.filesOrigin }}
{{- $_ := set $plain "PETPLUS_UNSUBSCRIBE_URL" $values.public.filesOrigin }}
{{- end }}
{{- if eq $values.payments.provider "stripe" }}
{{- $_ := set $plain "PETPLUS_STRIPE_PUBLISHABLE_KEY" $values.payments.stripePublishableKey }}
{{- $_ := set $secret "PETPLUS_STRIPE_API_KEY" "PETPLUS_STRIPE_API_KEY" }}
{{- end }}
{{- end }}
{{- if has "webhook" .subgraphs }}
{{- range list "SHOPIFY" "STRIPE" "INTERNAL" }}
{{- $variable := printf "PETPLUS_%s_WEBHOOK_SECRETS" . }}
{{- $_ := set $secret $variable $variable }}
{{- end }}
{{- end }}
{{- if has "analytics" .subgraphs }}
{{- $_ := set $plain "PETPLUS_EXPORT_URL" $values.public.filesOrigin }}
{{- end }}
{{- end }}
{{- if eq $kind "serve" }}
{{- range .subgraphs }}
{{- $_ := set $plain (printf "PETPLUS_%s_PORT" (upper .)) (index $values.subgraphs . "port") }}
{{- end }}
{{- end }}
{{- if eq $kind "worker" }}
{{- $_ := set $plain "PETPLUS_WORKER_PORT" .port }}
{{- end }}
{{- range $name, $value := $plain }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- range $name, $key := $secret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $values.secrets.name }}
      key: {{ $key }}
{{- end }}
{{- end -}}
