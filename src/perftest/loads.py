"""The loads: a name and the arguments of wsload. Those with {raw} have a form without WebSocket."""

LOADS = {
    "ping-pong 128 B ×100": "--mode echo {raw} --conns 100 --size 128",
    "fixed 20,000/s 128 B ×100": "--mode echo {raw} --conns 100 --size 128 --rate 20000",
    "pipelined 128 B ×100, window 16": "--mode echo {raw} --conns 100 --size 128 --window 16",
    "text 1 KiB ×100, window 4": "--mode echo {raw} --conns 100 --size 1024 --window 4",
    "binary 64 KiB ×10, window 2": "--mode echo {raw} --conns 10 --size 65536 --window 2 --bin",
    "binary 1 MiB ×4": "--mode echo {raw} --conns 4 --size 1048576 --bin",
    "broadcast 128 B to 1,000, a delivery": "--mode broadcast --path /broadcast --conns 1000 --size 128 --window 4",
    "handshake ×50": "--mode handshake --conns 50",
    "handshake and Close ×50": "--mode handshake --conns 50 --end close",
    "ramp to 10,000 sessions, a session": "--mode ramp --conns 10000",
    "HttpArena: echo 5 B ×512": "--mode echo {raw} --conns 512 --size 5",
    "HttpArena: echo 5 B ×512, window 16": "--mode echo {raw} --conns 512 --size 5 --window 16",
    "HttpArena: echo 5 B ×512, 10 a connection": "--mode echo {raw} --conns 512 --size 5 --messages 10",
    "JSON ticks ×100, window 4": "--mode echo {raw} --conns 100 --ticks --window 4",
    "JSON ticks ×100, window 4, deflate": "--mode echo --path /echo-deflate --conns 100 --ticks --window 4 --deflate",
}

IDLE = {  # how much memory a session takes
    "idle session": "--mode idle {raw} --conns 10000",
    "idle session, deflate agreed": "--mode idle --path /echo-deflate --conns 10000 --deflate",
    "idle session, 60 deflated JSON ticks each way":
        "--mode idle --path /echo-deflate --conns 10000 --deflate --ticks --messages 60 --window 4",
}

# Beside the CPU time: the row's name, the load it is from, the figure in wsload's JSON.
OTHER_FIGURES = [
    ("fixed 20,000/s: p50 from when due, µs", "fixed 20,000/s 128 B ×100", "p50_us"),
    ("fixed 20,000/s: p99 from when due, µs", "fixed 20,000/s 128 B ×100", "p99_us"),
    ("ramp: sessions opened a second", "ramp to 10,000 sessions, a session", "per_s"),
    ("JSON ticks: bytes each on the wire", "JSON ticks ×100, window 4", "bytes_per"),
    ("JSON ticks, deflate: bytes each on the wire", "JSON ticks ×100, window 4, deflate", "bytes_per"),
]
