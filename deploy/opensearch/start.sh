#!/bin/bash
# The image comes with demo users whose passwords are their names. Only admin stays: its password is set from the environment by the image's own
# start, which this hands over to.
set -euo pipefail
cd /usr/share/opensearch
users=config/opensearch-security/internal_users.yml
awk '/^[^ #]/ { keep = ($1 == "_meta:" || $1 == "admin:") } keep' "$users" >"$users.new"
grep -q '^admin:' "$users.new"
mv "$users.new" "$users"
exec ./opensearch-docker-entrypoint.sh opensearch
