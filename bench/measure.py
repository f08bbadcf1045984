# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs rows under engines, round by round, and keeps CPU times, outputs and instruction counts.

A column (native, qemu, an engine) is a way to run a program. It does not know how results are shown.
"""
import hashlib
import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time

TIMEOUT_SECONDS = 900


class Failure(Exception):
    """A run that says something else than the run it is compared with."""


class Column:
    """native: the host's own build. qemu: the emulator at command. An engine of ours: command is tollgate."""

    def __init__(self, name, command=None, engine=None):
        self.name, self.command, self.engine = name, command, engine

    def argv(self, row, inputs, summary):
        native = self.name == "native"
        program = inputs.program(row.program, native)
        words, mapped = [], []
        for word in row.words:
            before, named = inputs.split(word)
            host = inputs.path(named) if named else ""
            if named and self.engine:       # a name that is the same on every machine: arguments are part of the count
                mapped.append(f"--file={host}::/in/{os.path.basename(host)}")
                host = "/in/" + os.path.basename(host)
            words.append(before + host)
        if native:
            return [program, *words]
        dynamic = row.program.endswith("-dynamic")
        tree = os.environ.get("TOLLGATE_BENCH_ROOT", "/usr/riscv64-linux-gnu")
        if not self.engine:
            return [self.command, *(["-L", tree] if dynamic else []), program, *words]
        return [self.command, "run", "--quiet", "--engine=" + self.engine, "--summary=" + summary,
                *(["--root=" + tree] if dynamic else []), *mapped, program, *words]


def there(row, inputs):
    """None, or what the row lacks on this machine."""
    for native in (False, True):
        if not inputs.program(row.program, native):
            return f"no {'native ' if native else ''}{row.program}"
    for word in row.words:
        _, named = inputs.split(word)
        if named and not inputs.path(named):
            return f"no {named[1:]}"
    if row.program.endswith("-dynamic") and not os.path.isdir(os.environ.get("TOLLGATE_BENCH_ROOT", "/usr/riscv64-linux-gnu")):
        return "no tree of riscv64 libraries"
    return None


def run(argv):
    """Runs argv to its end. Returns (CPU seconds of it and its children, exit status, SHA-256 of its output)."""
    with tempfile.TemporaryFile() as out:
        null = os.open(os.devnull, os.O_RDWR)
        actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                   (os.POSIX_SPAWN_DUP2, null, 2)]
        # The same small environment for everybody: nothing of the caller's reaches the native program or qemu.
        pid = os.posix_spawn(argv[0], argv, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, file_actions=actions)
        timer = threading.Timer(TIMEOUT_SECONDS, os.kill, (pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(pid, 0)
        except BaseException:
            os.kill(pid, signal.SIGKILL)
            os.wait4(pid, 0)
            raise
        finally:
            timer.cancel()
            os.close(null)
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
    return usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status), digest


class Measurement:
    """Samples by row and column, in rounds; the first output and the first count of a row are what all others must equal."""

    def __init__(self, inputs, columns):
        self.inputs, self.columns = inputs, columns
        self.rows, self.samples, self.expected, self.retired, self.runs = [], {}, {}, {}, 0

    def round(self, rows, number, rounds, show=sys.stderr):
        """Each row under each column, starting one further each round, so that no column always comes first."""
        for row in rows:
            if row not in self.rows:
                self.rows.append(row)
            for i in range(len(self.columns)):
                column = self.columns[(i + number) % len(self.columns)]
                if show and show.isatty():
                    print(f"\r\033[K{number + 1}/{rounds} {row.name} {column.name}", end="", file=show, flush=True)
                self.samples.setdefault((row.name, column.name), []).append(self._sample(row, column))
        if show and show.isatty():
            print("\r\033[K", end="", file=show, flush=True)

    def keep(self, rounds):
        """Drops the samples after so many rounds."""
        for samples in self.samples.values():
            del samples[rounds:]

    def _sample(self, row, column):
        seconds = 0.0
        with tempfile.TemporaryDirectory() as scratch:
            summary = os.path.join(scratch, "summary.json")
            argv = column.argv(row, self.inputs, summary)
            for _ in range(row.repeat):
                spent, status, digest = run(argv)
                seconds += spent
                self.runs += 1
                self._same(self.expected, row, column, (status, digest), "status and output")
                if column.engine:
                    with open(summary, encoding="utf-8") as file:
                        self._same(self.retired, row, column, json.load(file)["retired"], "retired instructions")
                    os.unlink(summary)
        return seconds / row.repeat

    def _same(self, table, row, column, value, what):
        if row.name not in table:
            table[row.name] = value
        elif table[row.name] != value:
            raise Failure(f"{row.name} under {column.name}: {what}: {value}, and {table[row.name]} before")

    def result(self, row):
        """One row for the tables: columns' seconds (median, min, max), ratio to native, instructions."""
        out = {"name": row.name, "six": row.six, "arguments": " ".join(row.words), "runs_per_sample": row.repeat,
               "status": self.expected[row.name][0], "output_sha256": self.expected[row.name][1],
               "retired": self.retired.get(row.name), "columns": {}}
        native = statistics.median(self.samples[row.name, "native"])
        for column in self.columns:
            samples = self.samples[row.name, column.name]
            median = statistics.median(samples)
            out["columns"][column.name] = {
                "median_s": median, "min_s": min(samples), "max_s": max(samples), "samples_s": samples,
                "x_native": median / native,
                # the same from the quietest run of each: how much of the ratio is other work on the machine
                "x_native_of_minima": min(samples) / min(self.samples[row.name, "native"]),
                "million_per_s": self.retired[row.name] / median / 1e6 if column.engine else None}
        return out


def stamp():
    return {"date": time.strftime("%Y-%m-%d", time.gmtime()), "load": round(os.getloadavg()[0], 2)}
