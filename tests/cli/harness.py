# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the suites in Python share: running Tollgate with its summary, and counting sentences that hold or do not."""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOLLGATE = os.environ.get("TOLLGATE", os.path.join(TOP, "build", "tollgate"))
CHECKED = os.path.join(TOP, "build", "check", "src", "cli", "tollgate")
WORKLOADS = os.path.join(TOP, "build", "workloads")
GUEST = os.path.join(TOP, "build", "guest")

# What two runs of one thing must share. The engine and the peak of host memory are how, not what.
SAME = ("state_digest", "retired", "virtual_ns", "cost", "syscalls", "refused", "unknown", "stop", "exit_code", "signal",
        "threads", "preemptions", "switches", "signals", "entropy_bytes")


class Report:
    """Prints a line a sentence, and ends the program with the count."""

    def __init__(self):
        self.count = {"ok": 0, "not ok": 0, "skip": 0}

    def line(self, verdict, name, why=""):
        self.count[verdict] += 1
        print(f"{verdict} {name}" + (f": {why}" if why else ""))
        sys.stdout.flush()

    def check(self, name, holds, why=""):
        self.line("ok" if holds else "not ok", name, "" if holds else str(why) or "does not hold")

    def skip(self, name, why):
        self.line("skip", name, why)

    def end(self):
        print("%d passed, %d failed, %d skipped" % tuple(self.count.values()))
        sys.exit(1 if self.count["not ok"] else 0 if self.count["ok"] else 77)


class Run:
    """One run of `tollgate run`: status, out, err, and the summary if there is one."""

    def __init__(self, options, program, arguments=(), tollgate=None, prefix=(), summary=True, stdin=b"", env=None,
                 timeout=300, **kw):
        tollgate = tollgate or TOLLGATE
        with tempfile.TemporaryDirectory() as scratch:
            os.chmod(scratch, 0o777)
            path = os.path.join(scratch, "summary.json")
            command = [*prefix, tollgate, "run", *options, *(["--summary=" + path] if summary else []), program, *arguments]
            try:
                done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                                      env=env, **kw)
            except subprocess.TimeoutExpired as e:
                self.status, self.out, self.err, self.summary = None, e.stdout or b"", b"no end in time", None
                return
            self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
            try:
                self.summary = json.load(open(path))
            except (OSError, ValueError):
                self.summary = None

    def same(self):
        """What has to be equal in another run, or None without a summary."""
        if self.summary is None:
            return None
        return {"status": self.status, "out": self.out, **{k: self.summary[k] for k in SAME}}

    def told(self):
        return self.err.decode(errors="replace").strip()

    def sanitized(self):
        """The head of a sanitizer's report, or ''."""
        for line in self.told().splitlines():
            if "Sanitizer" in line or "runtime error:" in line:
                return line
        return ""


def difference(one, two):
    """The first thing in which two results of same() differ, as a line; '' if none."""
    if one is None or two is None:
        return "no summary"
    for key in one:
        if one[key] != two[key]:
            return f"{key}: {str(one[key])[:150]} and {str(two[key])[:150]}"
    return ""


def workload(name):
    return os.path.join(WORKLOADS, name)


def guest(name):
    """A program of tests/guest, built if it is not yet there."""
    path = os.path.join(GUEST, name)
    if not os.path.exists(path):
        subprocess.run([os.path.join(TOP, "tools", "run-guest-tests"), "--build-only", name], check=True,
                       stdout=subprocess.DEVNULL)
    return path
