"""The tables, and the line that tells of each measurement as it is made."""
import os
import statistics

from loads import IDLE, LOADS, OTHER_FIGURES
from servers import TARGET

DEFAULT_FILE = os.path.normpath(os.path.join(TARGET, "compare.md"))
MEMORY_FIGURES = [("heap", "heap_kb"), ("resident", "rss_kb")]


def progress(round_, name, load, r):
    if r is None:
        figures = "FAILED"
    elif "heap_kb" in r:
        heap = "" if r["heap_kb"] is None else f"heap {r['heap_kb']:.3f} KB "
        figures = f"{heap}resident {r['rss_kb']:.2f} KB a session"
    else:
        figures = (f"{r['server_us_per']:9.3f} us {r['per_s']:9}/s p99 {r['p99_us']:7} us"
                   f" server {r['server_cpu']:.2f} generator {r['client_cpu']:.2f}")
    return f"# {round_} {name:18} {load:45} {figures}"


def values(results, load, name, key):
    """The figures of all rounds; None if the server did not get that load or has no such figure, [] if it failed once."""
    runs = results.get(load, {}).get(name)
    if runs is None:
        return None
    if any(r is None for r in runs):
        return []
    return None if runs[0][key] is None else [r[key] for r in runs]


def median(results, load, name, key):
    figures = values(results, load, name, key)
    return statistics.median(figures) if figures else None


def cell(figures):
    if figures is None:
        return "–"
    if not figures:
        return "FAILED"
    digits = 0 if min(figures) >= 1000 else 2
    return f"{statistics.median(figures):.{digits}f} ({min(figures):.{digits}f}–{max(figures):.{digits}f})"


def table(title, names, rows, results):
    """Rows are (label, load, key); those that nobody was measured for are left out."""
    lines = []
    for label, load, key in rows:
        if load in results:
            cells = [cell(values(results, load, name, key)) for name in names]
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return ["| " + " | ".join([title, *names]) + " |", "|---|" + "---|" * len(names), *lines, ""] if lines else []


def memory_rows():
    return [(f"{load}: {label}", load, key) for load in IDLE for label, key in MEMORY_FIGURES]


def all_tables(results, names):
    return "\n".join([
        *table("server CPU, µs a message", names, [(load, load, "server_us_per") for load in LOADS], results),
        *table("memory a session, KB", names, memory_rows(), results),
        *table("beside it", names, OTHER_FIGURES, results)])
