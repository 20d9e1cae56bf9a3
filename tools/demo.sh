#!/usr/bin/env bash
# What `make demo` prints. usage: tools/demo.sh FOLDER
# The README shows this output (tools/refresh_docs.py writes it there) and tests/test_docs.py holds the two together.
set -euo pipefail
communique=$(realpath -s "${COMMUNIQUE:-communique}")
python=$(realpath -s "${PYTHON:-python3}")
mkdir -p "$1"
cd "$1"
rm -rf store

run() {
    printf '$ communique %s\n' "$*"
    "$communique" "$@"
}

"$python" -m communique.demo . > /dev/null
run code singapore-2018.txt --published 2018-06-13
run read singapore-2018.txt --published 2018-06-13 --store store
run show positions --store store --stance oppose
