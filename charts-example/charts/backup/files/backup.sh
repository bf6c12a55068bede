#!/bin/sh
# Dumps the database and deletes dumps that are too old. PGHOST, PGUSER, PGPASSWORD, PGDATABASE and KEEP_DAYS come from the CronJob.
set -eu

dump="/backup/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --file="$dump.part"
mv "$dump.part" "$dump" # whatever is called .dump is whole

find /backup -name '*.dump' -mtime "+$KEEP_DAYS" -delete
find /backup -name '*.part' -mtime +1 -delete
