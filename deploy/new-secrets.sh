#!/bin/sh
# Writes .env, the token of Prometheus and a self-signed certificate, each only if it is not there. Needs openssl.
#   sh deploy/new-secrets.sh [https://signalbox.example.com]
set -eu
cd "$(dirname "$0")/.."
umask 077
public_url="${1:-https://localhost}"
case "$public_url" in
https://?*) ;;
*)
  echo "The address must begin with https://, as in https://signalbox.example.com. Nothing was written." >&2
  exit 2
  ;;
esac
host=$(printf '%s' "$public_url" | sed 's#^https://##; s#[:/].*##')

if [ -e .env ]; then
  echo "as it was  .env"
else
  # OpenSearch asks for a capital, a small letter, a digit and a sign; all of them may stand in an address.
  sed -e "s#^PUBLIC_URL=.*#PUBLIC_URL=$public_url#" \
    -e "s#^POSTGRES_PASSWORD=.*#POSTGRES_PASSWORD=$(openssl rand -hex 24)#" \
    -e "s#^SIGNALBOX_KEY=.*#SIGNALBOX_KEY=$(openssl rand -base64 32)#" \
    -e "s#^OPENSEARCH_PASSWORD=.*#OPENSEARCH_PASSWORD=Sb-$(openssl rand -hex 20)-Z9#" \
    -e "s#^GRAFANA_PASSWORD=.*#GRAFANA_PASSWORD=$(openssl rand -hex 24)#" \
    .env.example >.env
  echo "written    .env"
fi
if [ -e deploy/secrets/metrics-token ]; then
  echo "as it was  deploy/secrets/metrics-token"
else
  openssl rand -hex 32 >deploy/secrets/metrics-token
  # Containers read it as users of their own; the folder is ours alone.
  chmod 644 deploy/secrets/metrics-token
  echo "written    deploy/secrets/metrics-token"
fi
if [ -e deploy/secrets/tls/privkey.pem ]; then
  echo "as it was  deploy/secrets/tls"
else
  mkdir -p deploy/secrets/tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 \
    -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout deploy/secrets/tls/privkey.pem -out deploy/secrets/tls/fullchain.pem 2>/dev/null
  echo "written    deploy/secrets/tls, self-signed for $host: put your own certificate there"
fi
chmod 700 deploy/secrets
