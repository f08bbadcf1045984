# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the rows run and read: workloads, esbuild from its registry packages, a generated JavaScript file, and the table.

It knows where things stand on this machine; it does not know how anything is run or measured.
"""
import os
import shutil
import subprocess
import tarfile
import tempfile

ESBUILD = "0.28.2"
ESBUILD_NATIVE = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}
NETWORK_SECONDS = 120


class Row:
    """One line of rows.tsv at one size."""

    def __init__(self, name, six, program, repeat, words):
        self.name, self.six, self.program, self.repeat, self.words = name, six, program, repeat, words


class Inputs:
    def __init__(self, top):
        self.top = top
        self.workloads = os.environ.get("TOLLGATE_WORKLOADS", os.path.join(top, "build/workloads"))
        self.made = os.path.join(top, "build/bench")
        self.cases = os.environ.get("TOLLGATE_CASES", "")
        self.notes = []
        os.makedirs(self.made, exist_ok=True)

    def rows(self, size):
        """The table at a size (full, quick, tiny), without regard to what is there."""
        column = {"full": 4, "quick": 5, "tiny": 6}[size]
        rows = []
        with open(os.path.join(self.top, "bench/rows.tsv"), encoding="utf-8") as table:
            for line in table:
                if line.startswith("#") or not line.strip():
                    continue
                cells = line.rstrip("\n").split("\t")
                words = cells[column]
                if words == "/":
                    continue
                rows.append(Row(cells[0], cells[1] == "six", cells[2], int(cells[3]),
                                [] if words == "-" else words.split()))
        return rows

    def build(self, programs):
        """Builds what the programs need; what cannot be had is one line in notes."""
        names = [p for p in programs if p != "esbuild"]
        if any(p.startswith(("geth-stateless", "rust-")) for p in names):
            names.append("blocks-100tx")
        run = subprocess.run([os.path.join(self.top, "tools/workloads"), *names],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        for line in run.stdout.splitlines():
            if ": cannot be had: " in line or ": FAILED: " in line:
                self.notes.append(line.removeprefix("workloads: "))
        if "esbuild" in programs:
            self._esbuild()

    def program(self, name, native):
        folder = os.path.join(self.workloads, "native") if native else self.workloads
        if name == "esbuild":
            folder = os.path.join(self.made, "native" if native else "riscv64")
        path = os.path.join(folder, name)
        return path if os.access(path, os.X_OK) else None

    def path(self, word):
        """The host file that an @word of the table names, or None where it is not there."""
        room, _, rest = word[1:].partition("/")
        base = {"blocks": os.path.join(self.workloads, "blocks"), "cases": self.cases, "bench": self.made}[room]
        path = os.path.join(base, rest)
        if room == "bench" and not os.path.exists(path):
            _javascript(path, int(rest.removeprefix("input-").removesuffix(".js")))
        return path if base and os.path.exists(path) else None

    def split(self, word):
        """Parts a word of the table into what stands before the @ and the @word, either of which may be empty."""
        before, at, rest = word.partition("@")
        return before, at + rest

    def _esbuild(self):
        npm = shutil.which("npm")
        host = ESBUILD_NATIVE.get(os.uname().machine)
        if not npm or not host:
            self.notes.append("esbuild: cannot be had: " + ("no npm on this machine" if host else "no package for this host"))
            return
        for folder, package in (("riscv64", "linux-riscv64"), ("native", host)):
            output = os.path.join(self.made, folder, "esbuild")
            if os.path.exists(output):
                continue
            with tempfile.TemporaryDirectory() as scratch:
                try:
                    subprocess.run([npm, "pack", "--silent", f"@esbuild/{package}@{ESBUILD}"], cwd=scratch, check=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=NETWORK_SECONDS)
                    name, = os.listdir(scratch)
                    with tarfile.open(os.path.join(scratch, name)) as archive:
                        content = archive.extractfile("package/bin/esbuild").read()
                except (subprocess.SubprocessError, OSError, ValueError, KeyError, tarfile.TarError):
                    self.notes.append(f"esbuild: cannot be had: the registry did not give {package} {ESBUILD}")
                    return
            os.makedirs(os.path.dirname(output), exist_ok=True)
            with open(output + ".new", "wb") as out:
                out.write(content)
            os.chmod(output + ".new", 0o755)
            os.replace(output + ".new", output)


def _javascript(path, functions):
    """A source file of so many functions, the same everywhere: names, strings, templates, classes, dead code."""
    state = 1
    with open(path + ".new", "w", encoding="ascii") as out:
        for i in range(functions):
            state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            a, b, c = state >> 33 & 1023, state >> 43 & 1023, state >> 53 & 1023
            out.write(f"""\
/** Handles the records of kind {a}. */
export class Handler{i} extends Object {{
    #count = {a};
    static defaultLimit = {b} * 60 * 1000;
    constructor(options = {{}}) {{
        super();
        this.limit = options.limit ?? Handler{i}.defaultLimit;
        this.name = `handler-{i}-${{options.name || "unnamed"}}-{c}`;
    }}
    handleRecord(record, ...remaining) {{
        const temporaryValue = record.value + {c} * (record.weight - {a});
        if (typeof record === "undefined" || record === null) {{
            throw new TypeError("record {a} is missing in handler " + this.name);
        }} else if (false) {{
            console.log("never reached", remaining);
        }}
        for (let index = 0; index < remaining.length; index += 1) {{
            this.#count += remaining[index] ? temporaryValue % {b + 1} : -1;
        }}
        return {{ count: this.#count, value: temporaryValue, matches: /^item-{a}[a-z]+$/i.test(record.name) }};
    }}
}}
export async function process{i}(records, {{ verbose = false, parallel = true }} = {{}}) {{
    const handler = new Handler{i}({{ name: "process{i}", limit: {b} }});
    let totalNumberOfRecords = 0;
    for await (const record of records) {{
        const {{ count, value }} = handler.handleRecord(record, {a}, {b}, totalNumberOfRecords);
        if (verbose && parallel) console.log(`record ${{count}} of {c}: ${{value}}`);
        totalNumberOfRecords += count ** 2 - value;
    }}
    return totalNumberOfRecords || undefined;
}}
""")
    os.replace(path + ".new", path)
