"""Curves on two logarithmic axes, as SVG. The program's own charts show figures of a ledger (parts,
means, waves) and have no such axes."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 56, 56
# Okabe & Ito's colours, told apart with any colour vision; marks differ too.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


def seconds_text(s):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if s >= size * 0.9999:
            return f"{s / size:,.0f} {unit}"
    return f"{s:g} s"


def count_text(n):
    power = round(math.log10(n)) if n > 0 else 0
    if n >= 1000 and abs(n - 10 ** power) < 1e-9 * n:
        return {3: "1,000", 4: "10,000", 5: "100,000", 6: "1 million", 7: "10 million",
                8: "100 million"}.get(power, f"1e{power}")
    return f"{n:,.0f}"


def ticks(low, high):
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [10.0 ** p for p in powers]


def mark(i, x, y, colour):
    r = 4
    shapes = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}"/>',
              f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}" fill="{colour}"/>',
              f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z" fill="{colour}"/>',
              f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z" fill="{colour}"/>']
    return shapes[i % len(shapes)]


def spread_labels(ends, gap=15):
    """Heights of the labels at the lines' ends, moved apart where they would touch."""
    placed = []
    for height, index in sorted(ends):
        placed.append((max(height, placed[-1][0] + gap) if placed else height, index))
    return {index: height for height, index in placed}


def curves(title, x_label, y_label, series):
    """`series`: (name, [(x, seconds), …]); points of no time are left out."""
    series = [(name, sorted(points)) for name, points in series if points]
    if not series:
        return None
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points]
    x_ticks, y_ticks = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))
    x_low, x_high = math.log10(min(xs)) - 0.05, math.log10(max(xs)) + 0.05
    y_low, y_high = math.log10(y_ticks[0]), math.log10(y_ticks[-1])
    if x_high - x_low < 0.3:
        x_low, x_high = x_low - 0.2, x_high + 0.2
    y_high += 0.05
    place_x = lambda x: LEFT + (math.log10(x) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)
    place_y = lambda y: HEIGHT - BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           f'font-family="sans-serif" font-size="13" fill="#212b32">',
           f"<title>{escape(title)}</title>",
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="16" y="28" font-size="17" font-weight="bold">{escape(title)}</text>']
    shown = x_ticks if len([t for t in x_ticks if x_low <= math.log10(t) <= x_high]) > 1 else sorted(set(xs))
    for x in shown:
        if not x_low <= math.log10(x) <= x_high:
            continue
        at = place_x(x)
        out.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e8edee"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count_text(x)}</text>')
    for y in y_ticks:
        at = place_y(y)
        out.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#e8edee"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{seconds_text(y)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x_label)}</text>')
    out.append(f'<text x="16" y="46" fill="#4c6272">{escape(y_label)}</text>')
    heights = spread_labels([(place_y(points[-1][1]), i) for i, (_, points) in enumerate(series)])
    for i, (name, points) in enumerate(series):
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [mark(i, place_x(x), place_y(y), colour) for x, y in points]
        out.append(f'<text x="{place_x(points[-1][0]) + 10:.1f}" y="{heights[i] + 4:.1f}" '
                   f'fill="{colour}">{escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"
