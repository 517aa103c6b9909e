"""Draws the medians as bars: an SVG of its own making, for pages with a light or a dark background."""
from xml.sax.saxutils import escape

from loads import IDLE, LOADS
from tables import median

WIDTH, LEFT, BAR, GAP, GROUP = 980, 370, 13, 2, 14
RIGHT = 150  # for the figure beside the longest bar
LONGEST = 4.0  # times the reference; longer bars are cut, their figure says what they are
COLOURS = ["#8b949e", "#d97706", "#059669", "#2563eb", "#9333ea", "#db2777", "#0891b2", "#65a30d"]
STYLE = ("text{font:12px system-ui,sans-serif;fill:#57606a}.t{font-size:15px;font-weight:600}.l{font-weight:600}"
         ".g{stroke:#8b949e;stroke-opacity:.5}"
         "@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}")


def figures(results, names):
    """(label, unit, name -> median, the reference) for each load that anybody was measured for."""
    rows = [(load, "µs", "server_us_per") for load in LOADS] + [(f"{load}, heap", "KB", "heap_kb") for load in IDLE]
    for label, unit, key in rows:
        load = label.removesuffix(", heap")
        medians = {name: m for name in names if (m := median(results, load, name, key))}
        if medians:
            raw = [m for name, m in medians.items() if name.startswith("raw")]
            yield label, unit, medians, raw[0] if raw else min(medians.values())


def text(x, y, content, classes="", anchor="start"):
    return f'<text x="{x:g}" y="{y:g}" class="{classes}" text-anchor="{anchor}">{escape(content)}</text>'


def legend(names, y):
    parts, x = [], 10
    for i, name in enumerate(names):
        parts.append(f'<rect x="{x}" y="{y - 10}" width="11" height="11" rx="2" fill="{COLOURS[i % len(COLOURS)]}"/>')
        parts.append(text(x + 16, y, name))
        x += 34 + 7 * len(name)
    return parts


def bar(y, colour, value, unit, reference):
    unit_width = (WIDTH - LEFT - RIGHT) / LONGEST
    ratio = value / reference
    width = min(ratio, LONGEST) * unit_width
    figure = f"{value:.4g} {unit} · {ratio:.2f}×" + (" →" if ratio > LONGEST else "")
    return [f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}"/>',
            text(LEFT + max(width, unit_width) + 6, y + BAR - 2.5, figure)]


def svg(results, names, caption):
    parts, y = [], 74
    for label, unit, medians, reference in figures(results, names):
        parts.append(text(LEFT - 10, y + (BAR + GAP) * len(medians) / 2 + 4, label, "l", "end"))
        for i, name in enumerate(names):
            if name in medians:
                parts += bar(y, COLOURS[i % len(COLOURS)], medians[name], unit, reference)
                y += BAR + GAP
        y += GROUP
    x = LEFT + (WIDTH - LEFT - RIGHT) / LONGEST
    head = [text(10, 20, "Server CPU and memory, shorter is better", "t"),
            text(10, 38, f"1× (the line) is the raw echo without WebSocket, or the best where there is none. {caption}"),
            *legend(names, 58), f'<line x1="{x:g}" x2="{x:g}" y1="66" y2="{y - GROUP + 4}" class="g"/>']
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">',
                      f"<title>Server CPU time per message, and memory per session, of {escape(', '.join(names))}</title>",
                      f"<style>{STYLE}</style>", *head, *parts, "</svg>", ""])
