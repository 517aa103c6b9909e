#!/usr/bin/env bash
# fuzz.sh -u ws://127.0.0.1:PORT/ -a AGENT -o OUTDIR [-i INSTALLDIR] [-c CASES] [-x EXCLUDE] [-j JOBS] [-t SECONDS]
# Runs wstest's fuzzingclient against one running server. CASES and EXCLUDE are comma-separated ids or prefixes ("9.*,12.1.*").
# JOBS > 1 splits the cases over that many wstest processes (a case is one connection that sends, waits for the echo, and sends
# again: client and server take turns, so two processes keep two cores busy). -t bounds each process.
# Leaves OUTDIR/index.json, the suite's own report of each case (AGENT_case_*.json, .html) and OUTDIR/wstest-*.log.
# Exit status: 0 when every requested case was run (check.py judges the results), 1 when not, 2 on wrong use.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")"); inst=$here/inst cases='*' excl= jobs=1 limit=3000 url= agent= out=
while getopts u:a:o:i:c:x:j:t: f; do case $f in
  u) url=$OPTARG;; a) agent=$OPTARG;; o) out=$OPTARG;; i) inst=$OPTARG;; c) cases=$OPTARG;; x) excl=$OPTARG;; j) jobs=$OPTARG;; t) limit=$OPTARG;;
  *) exit 2;; esac; done
[ -n "$url" ] && [ -n "$agent" ] && [ -n "$out" ] || { sed -n 2p "$0" >&2; exit 2; }
case $url in ws://127.*|ws://localhost[:/]*|ws://\[::1\]*|wss://127.*|wss://localhost[:/]*) ;; *) echo "fuzz.sh: only servers on this machine: $url" >&2; exit 2;; esac
inst=$(cd "$inst" && pwd); rm -rf "$out"; mkdir -p "$out"; out=$(cd "$out" && pwd)
n=$(python3 - "$inst/cases.txt" "$cases" "$excl" "$jobs" "$url" "$agent" "$out" <<'PY'
import json, sys
path, cases, excl, jobs, url, agent, out = sys.argv[1:]
def match(c, p): return p == '*' or c == p or (p.endswith('*') and c.startswith(p[:-1]))
every = open(path).read().split()
pats, ex = cases.split(','), [x for x in excl.split(',') if x]
for p in pats + ex:
    if not any(match(c, p) for c in every): sys.exit('fuzz.sh: no case matches ' + p)
todo = [c for c in every if any(match(c, p) for p in pats) and not any(match(c, p) for p in ex)]
def weight(c):  # seconds, roughly, as measured: 12.* and 13.* by message size and test data, the sleeps of 5.* and 6.4.*
    t = [int(x) for x in c.split('.')]
    if t[0] in (12, 13):
        k = [16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072, 8192, 16384, 32768, 65536, 131072, 131072, 131072, 131072][t[2] - 1]
        d = {1: 1.0, 2: 2.5, 3: 3.5, 4: 1.0, 5: 2.0}[t[1]] if t[0] == 12 else 1.0
        return 0.6 + d * k / 131072 * 2.5 + (1 if 11 <= t[2] <= 15 else 0)
    if c in ('5.19', '5.20'): return 1.0
    if t[:2] == [6, 4]: return 1.5
    return 0.6 if t[0] == 9 else 0.03
parts = [[] for _ in range(max(1, min(int(jobs), len(todo))))]; load = [0.0] * len(parts)
for c in sorted(todo, key=weight, reverse=True):
    i = load.index(min(load)); parts[i].append(c); load[i] += weight(c)
for i, p in enumerate(parts):
    p.sort(key=every.index)
    json.dump({"outdir": "%s/part%d" % (out, i), "servers": [{"agent": agent, "url": url}], "cases": p, "exclude-cases": [],
               "exclude-agent-cases": {}}, open('%s/spec%d.json' % (out, i), 'w'), indent=1)
json.dump(todo, open(out + '/requested.json', 'w'))
print(len(parts))
PY
)
start=$(date +%s.%N); st=0
go() { # go SPEC...: the processes side by side
  local i pids=(); for i in "$@"; do
    timeout -k 5 "$limit" "$inst/bin/wstest" -m fuzzingclient -s "$out/spec$i.json" > "$out/wstest-$i.log" 2>&1 < /dev/null & pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i" || { echo "fuzz.sh: wstest ended with status $? (124: out of time, and then there is no report)" >&2; st=1; }; done
}
go $(seq 0 $((n - 1)))
# wstest gives up the rest of its list (with exit status 0) at the first connection that cannot be made. Where that was for want
# of a local port (many clients on this machine), the rest is run once more; a server that is gone is not forgiven.
if grep -qs 'Cannot assign requested address' "$out"/wstest-*.log; then
  sleep 20; k=$(python3 - "$out" "$agent" "$n" <<'PY'
import json, os, sys
out, agent, n = sys.argv[1], sys.argv[2], int(sys.argv[3]); s = json.load(open(out + '/spec0.json')); done = set()
for i in range(n):
    f = '%s/part%d/index.json' % (out, i)
    if os.path.isfile(f): done |= set(json.load(open(f)).get(agent, {}))
rest = [c for c in json.load(open(out + '/requested.json')) if c not in done]
if rest:
    s.update(outdir='%s/part%d' % (out, n), cases=rest); json.dump(s, open('%s/spec%d.json' % (out, n), 'w'), indent=1); print(n)
PY
  ); if [ -n "$k" ]; then echo "fuzz.sh: no local port was free: running the rest again" >&2; go "$k"; n=$((n + 1)); fi
fi
times > "$out/cpu.txt"; cpu=$(tail -1 "$out/cpu.txt"); rm "$out/cpu.txt"
python3 - "$out" "$agent" "$n" "$start" "$cpu" <<'PY' || st=1
import collections, glob, json, os, shutil, sys, time
out, agent, n, start = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
cpu = sum(60 * float(m) + float(s) for m, s in (x.rstrip('s').split('m') for x in sys.argv[5].split()))
wall = time.time() - start; res = {}
for i in range(n):
    d = '%s/part%d' % (out, i)
    if not os.path.isdir(d): continue
    for f in glob.glob(d + '/*'):
        b = os.path.basename(f)
        if b == 'index.json': res.update(json.load(open(f)).get(agent, {}))
        else: shutil.move(f, out + '/' + (b if b != 'index.html' else 'index-%d.html' % i))
    shutil.rmtree(d)
json.dump({agent: res}, open(out + '/index.json', 'w'), indent=1, sort_keys=True)
todo = json.load(open(out + '/requested.json')); fam = collections.OrderedDict()
for c in todo:
    if c in res:
        k = c.split('.')[0]; fam[k] = fam.get(k, 0) + (res[c]['duration'] / 1000.0 if res[c]['duration'] < 1e9 else 0)  # never opened: no start
json.dump({'wall_s': round(wall, 1), 'client_cpu_s': round(cpu, 1), 'processes': n, 'families_s': {k: round(v, 1) for k, v in fam.items()}}, open(out + '/time.json', 'w'))
print('%s: %d of %d cases run in %.1f s (client cpu %.1f s) with %d wstest process(es); seconds by family: %s'
      % (agent, len(res), len(todo), wall, cpu, n, ' '.join('%s.*=%.1f' % kv for kv in fam.items())))
miss = [c for c in todo if c not in res]
if miss: print('fuzz.sh: not run: ' + ' '.join(miss[:40]) + (' ...' if len(miss) > 40 else ''), file=sys.stderr); sys.exit(1)
PY
exit $st
