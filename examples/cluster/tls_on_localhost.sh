#!/usr/bin/env bash
# A Dask cluster of two workers that speak TLS to each other, on this machine, for one command:
#
#     examples/cluster/tls_on_localhost.sh tegashiki sweep NOTEBOOK -p seed=0..4
#
# The command is given `--scheduler tls://127.0.0.1:PORT` at its end. On real machines do the same
# by hand: make the key once, copy it to all of them, set the variables below everywhere, start
# `dask scheduler` on one and `dask worker ADDRESS` on the others. Who has the key may use the
# cluster, and run anything on it: keep it like a password. The preloaded module says why it is
# there; without it one lost connection breaks the others where OpenSSL is 3.4 or later.
set -euo pipefail
python=${PYTHON:-python}
port=${PORT:-8786}
mended=tegashiki.parallel.tls
home=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$home"' EXIT

# One key for scheduler, workers and client; who does not have it is refused.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj /CN=tegashiki -keyout "$home/key.pem" -out "$home/cert.pem" 2>"$home/openssl.log" ||
    { cat "$home/openssl.log" >&2; exit 1; }
chmod 600 "$home/key.pem"
tls=DASK_DISTRIBUTED__COMM__TLS
export ${tls}__CA_FILE="$home/cert.pem" DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION=True
for who in SCHEDULER WORKER CLIENT; do
    export ${tls}__${who}__CERT="$home/cert.pem" ${tls}__${who}__KEY="$home/key.pem"
done

# Should this script be killed, the scheduler ends when it has been idle, and the workers after it.
address=tls://127.0.0.1:$port
"$python" -m distributed.cli.dask_scheduler --protocol tls --host 127.0.0.1 --port "$port" \
    --no-dashboard --dashboard-address 127.0.0.1:0 --no-show --idle-timeout 10m --preload "$mended" \
    >"$home/scheduler.log" 2>&1 &
for _ in 1 2; do
    "$python" -m distributed.cli.dask_worker "$address" --nthreads 1 --no-dashboard \
        --death-timeout 60 --local-directory "$home" --preload "$mended" --preload-nanny "$mended" \
        >>"$home/workers.log" 2>&1 &
done
"$@" --scheduler "$address" || { code=$?; tail -n 3 "$home"/*.log >&2; exit $code; }
