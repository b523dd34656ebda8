#!/usr/bin/env bash
# Run by the database's container when its volume is empty: the two roles, with the passwords of the secrets.
set -euo pipefail

password() { # FILE with postgres://role:password@…
    sed -E 's#^[a-z]+://[^:]+:([^@]+)@.*#\1#' "$1"
}

psql --username postgres --file /belvedere/roles.sql postgres
psql --username postgres --set ON_ERROR_STOP=1 \
    --set owner="$(password /run/secrets/owner_url)" --set web="$(password /run/secrets/web_url)" postgres <<'SQL'
ALTER ROLE belvedere_owner PASSWORD :'owner';
ALTER ROLE belvedere_web PASSWORD :'web';
SQL
