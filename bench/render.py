# SPDX-License-Identifier: MIT OR Apache-2.0
"""Shows a result (the object that --json writes) as text, Markdown and SVG. It measures nothing."""

GREYS = {"native": "#8c8c8c", "qemu": "#c9a227", "threaded": "#2f6f9f", "simple": "#7a4f9a", "jit": "#2f8f5b"}


def seconds(value):
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def spread(cell):
    return f"{seconds(cell['median_s'])} ({seconds(cell['min_s'])} to {seconds(cell['max_s'])})"


def _cells(result):
    """Header and rows of the main table, as strings."""
    names = result["columns"]
    header = ["program"] + [names[0]] + [c for n in names[1:] for c in (n, "x native")]
    header += ["instructions", "million/s"]
    rows = []
    for row in result["rows"]:
        line = [row["name"] + (" *" if row["six"] else ""), spread(row["columns"][names[0]])]
        for name in names[1:]:
            cell = row["columns"][name]
            line += [spread(cell), f"{cell['x_native']:.2f}"]
        fastest = result["fastest"]
        line += [f"{row['retired']:,}" if row["retired"] is not None else "",
                 f"{row['columns'][fastest]['million_per_s']:.0f}" if fastest else ""]
        rows.append(line)
    if result["geometric_mean"]:
        line = ["geometric mean of *", ""]
        for name in names[1:]:
            line += ["", f"{result['geometric_mean'][name]:.2f}"]
        rows.append(line + ["", ""])
    return header, rows


def _facts(result):
    machine = result["machine"]
    yield f"machine: {machine['processor']}, {machine['processors']} processors, {machine['kernel']}"
    for name, version in result["versions"].items():
        yield f"{name}: {version}"
    yield (f"rounds: {result['rounds']}, size {result['size']}; {result['runs']} runs compared; load of the machine "
           f"{result['load_before']} before, {result['load_after']} after")


def _verdicts(result):
    for line in result["targets"]:
        yield f"{line['what']}: {line['value']:.2f}, to be at most {line['limit']}: {'met' if line['met'] else 'NOT MET'}"


def text(result):
    header, rows = _cells(result)
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    out = [*_facts(result), ""]
    for line in [header, *rows]:
        out.append("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                             for i, (cell, w) in enumerate(zip(line, widths))).rstrip())
    if result["check"]:
        out += ["", "at tiny sizes, million instructions a second (outputs and instruction counts equal):"]
        for row in result["check"]:
            speeds = ", ".join(f"{n} {s:.0f}" for n, s in row["million_per_s"].items())
            out.append(f"  {row['name']:<16} {row['retired']:>13,}  {speeds}")
    out += ["", *_verdicts(result), *(f"skipped: {note}" for note in result["notes"])]
    return "\n".join(out) + "\n"


def _markdown_table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---|" + "---:|" * (len(header) - 1)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def markdown(result, svg_name=None):
    header, rows = _cells(result)
    out = ["# How fast the engines are", "",
           f"Made by `{result['command']}` on {result['date']}; not written by hand.", "",
           "CPU time, user and system, of the whole process: median (least to most) of the rounds, in which all columns",
           "take turns. The native column is the same source, compiled for the machine at hand by the same kind of compiler",
           "with the same flags. Every run's exit status and output is compared with the others', and the number of retired",
           "instructions is equal in every run of every engine, else there is no table.", "",
           "The six rows marked * compare engines: one C source, `-O2 -ffp-contract=off` on both sides. The others compare",
           "programs: the native Go, geth and Rust builds use hand-written x86-64 assembly (SHA and vector extensions, wide",
           "multiplication) where the riscv64 builds have portable code, so part of their distance is not the engine's.", ""]
    out += list(_markdown_table(header, rows))
    if svg_name:
        out += ["", f"![CPU time as a multiple of native]({svg_name})"]
    if result["targets"]:
        out += ["", "## Targets", "", *(f"- {line}" for line in _verdicts(result))]
    if result["check"]:
        names = list(result["check"][0]["million_per_s"])
        out += ["", "## Every engine, at sizes that the reference can run", "",
                "Outputs and instruction counts are equal in each row. Million instructions a second, start-up included:", ""]
        out += list(_markdown_table(["program", "instructions", *names],
                                    [[r["name"], f"{r['retired']:,}", *(f"{r['million_per_s'][n]:.0f}" for n in names)]
                                     for r in result["check"]]))
    out += ["", "## Where it was measured", "", *(f"- {fact}" for fact in _facts(result))]
    out += [f"- skipped: {note}" for note in result["notes"]]
    return "\n".join(out) + "\n"


def svg(result):
    """Bars: CPU time as a multiple of native, a group per row, a bar per column after the first."""
    names = result["columns"][1:]
    bars = [(row["name"], [row["columns"][n]["x_native"] for n in names]) for row in result["rows"]]
    if result["geometric_mean"]:
        bars.append(("geometric mean of the six", [result["geometric_mean"][n] for n in names]))
    left, wide, bar, gap, top = 190, 560, 13, 10, 46
    most = max([v for _, values in bars for v in values] + [2])
    group = bar * len(names) + gap
    height = top + group * len(bars) + 26
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide + 70}" height="{height}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="100%" height="100%" fill="#fff"/><text x="{left}" y="18" font-size="14">'
           'CPU time as a multiple of native (less is better)</text>']
    for i, name in enumerate(names):
        out.append(f'<rect x="{left + 110 * i}" y="26" width="11" height="11" fill="{_colour(name)}"/>'
                   f'<text x="{left + 110 * i + 16}" y="36">{_escape(name)}</text>')
    y = top
    for label, values in bars:
        out.append(f'<text x="{left - 8}" y="{y + bar * len(values) / 2 + 4:g}" text-anchor="end">{_escape(label)}</text>')
        for name, value in zip(names, values):
            width = value / most * wide
            out.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{bar - 1}" fill="{_colour(name)}"/>'
                       f'<text x="{left + width + 4:.1f}" y="{y + bar - 3}" font-size="10">{value:.1f}</text>')
            y += bar
        y += gap
    x = left + wide / most
    out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 4}" y2="{height - 24}" stroke="#333" stroke-dasharray="3 3"/>'
               f'<text x="{x:.1f}" y="{height - 10}" font-size="10" text-anchor="middle">native</text></svg>')
    return "\n".join(out) + "\n"


def _colour(name):
    return next((colour for key, colour in GREYS.items() if name.startswith(key)), "#555555")


def _escape(value):
    return value.replace("&", "&amp;").replace("<", "&lt;")
