#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The benchmark's own tests, on programs that are made for it: python3 bench/test_bench.py. Takes about a second."""
import json
import os
import sys
import tempfile
import unittest
from xml.dom import minidom

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import inputs as inputs_of      # noqa: E402
import measure                  # noqa: E402
import render                   # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPIN = "i=0; while [ $i -lt 60000 ]; do i=$((i + 1)); done"


class FakeInputs:
    """One folder with a native and a riscv64 program p, and a tollgate that prints, and counts, what it is told."""

    def __init__(self, folder):
        self.folder = folder
        self.script("native", "echo same")
        self.script("riscv64", "echo same")
        self.script("qemu", "exec \"$@\"")
        self.script("tollgate", "for a; do case $a in --summary=*) s=${a#*=};; esac; done; echo '{\"retired\": 7}' > \"$s\"; echo same")

    def script(self, name, body):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + body + "\n")
        os.chmod(path, 0o755)
        return path

    def program(self, _name, native):
        return os.path.join(self.folder, "native" if native else "riscv64")

    def path(self, word):
        return word[1:] if os.path.exists(word[1:]) else None

    def split(self, word):
        return inputs_of.Inputs.split(self, word)


class Bench(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.inputs = FakeInputs(scratch.name)
        self.row = inputs_of.Row("p", True, "p", 1, [])
        tollgate = os.path.join(scratch.name, "tollgate")
        self.done = measure.Measurement(self.inputs, [
            measure.Column("native"), measure.Column("qemu", os.path.join(scratch.name, "qemu")),
            measure.Column("threaded", tollgate, "threaded")])

    def rounds(self, number):
        for i in range(number):
            self.done.round([self.row], i, number, show=None)

    def test_an_output_that_differs_ends_the_measurement(self):
        self.rounds(1)
        self.inputs.script("riscv64", "echo other")
        with self.assertRaisesRegex(measure.Failure, "p under qemu: status and output"):
            self.rounds(1)

    def test_a_status_that_differs_ends_the_measurement(self):
        self.inputs.script("riscv64", "echo same; exit 3")
        with self.assertRaisesRegex(measure.Failure, "p under qemu: status and output"):
            self.rounds(1)

    def test_a_count_that_differs_by_one_ends_the_measurement(self):
        self.rounds(1)
        self.inputs.script("tollgate", "for a; do case $a in --summary=*) s=${a#*=};; esac; done; echo '{\"retired\": 8}' > \"$s\"; echo same")
        with self.assertRaisesRegex(measure.Failure, "p under threaded: retired instructions: 8, and 7 before"):
            self.rounds(1)

    def test_the_time_of_children_counts(self):
        alone, _, _ = measure.run([self.inputs.script("spin", SPIN)])
        both, _, _ = measure.run([self.inputs.script("both", f"( {SPIN} )\n( {SPIN} )")])
        self.assertGreater(alone, 0)
        self.assertGreater(both, 1.3 * alone)

    def test_a_row_of_several_runs_gives_the_time_of_one(self):
        self.inputs.script("native", SPIN + "; echo same")
        self.rounds(1)
        once = self.done.samples["p", "native"][0]
        self.row.repeat = 4
        self.rounds(1)
        self.assertLess(self.done.samples["p", "native"][1], 3 * once)

    def test_rounds_that_were_not_whole_are_dropped(self):
        self.rounds(3)
        self.done.keep(2)
        self.assertEqual([2, 2, 2], [len(samples) for samples in self.done.samples.values()])

    def test_no_column_always_comes_first(self):
        order = []
        self.done._sample = lambda row, column: order.append(column.name) or 1.0
        self.rounds(3)
        self.assertEqual({"native", "qemu", "threaded"}, set(order[::3]))

    def test_files_have_the_same_name_for_the_guest_wherever_they_are(self):
        path = os.path.join(self.inputs.folder, "block.rlp")
        with open(path, "w", encoding="ascii"):
            pass
        row = inputs_of.Row("p", False, "p", 1, ["--input=@" + path])
        argv = self.done.columns[2].argv(row, self.inputs, "/s")
        self.assertIn(f"--file={path}::/in/block.rlp", argv)
        self.assertEqual("--input=/in/block.rlp", argv[-1])
        self.assertEqual(f"--input={path}", self.done.columns[0].argv(row, self.inputs, "/s")[-1])

    def test_the_ratio_is_that_of_the_medians(self):
        self.rounds(1)
        self.done.samples = {("p", "native"): [1.0, 9.0, 2.0], ("p", "qemu"): [8.0, 8.0, 8.0],
                             ("p", "threaded"): [30.0, 31.0, 3.0]}
        cell = self.done.result(self.row)["columns"]["threaded"]
        self.assertEqual(15.0, cell["x_native"])
        self.assertEqual(3.0, cell["x_native_of_minima"])

    def test_every_row_is_in_every_rendering(self):
        self.rounds(1)
        row = self.done.result(self.row)
        result = {"columns": ["native", "qemu", "threaded"], "fastest": "threaded", "rows": [row], "check": [],
                  "geometric_mean": {"native": 1.0, "qemu": 2.0, "threaded": 3.0}, "targets": [], "notes": ["q: none"],
                  "machine": {"processor": "P", "processors": 2, "kernel": "K"}, "versions": {}, "rounds": 1,
                  "size": "full", "runs": 3, "load_before": 0, "load_after": 0, "command": "tools/bench", "date": "D"}
        json.dumps(result)
        for content in (render.text(result), render.markdown(result), render.svg(result)):
            self.assertIn(">p<" if content.startswith("<svg") else "p *", content)
        drawn = minidom.parseString(render.svg(result)).getElementsByTagName("rect")
        self.assertEqual(1 + 2 + 2 * 2, len(drawn))     # ground, legend, two bars for the row and for the mean

    def test_the_table_has_the_six_and_every_size_of_them(self):
        table = inputs_of.Inputs(TOP)
        for size in ("full", "quick", "tiny"):
            six = [row for row in table.rows(size) if row.six]
            self.assertEqual(["c-keccak", "c-sha256", "c-modmul", "c-hashmap", "c-floats", "c-coremix"],
                             [row.name for row in six])
            self.assertTrue(all(row.words for row in six))


if __name__ == "__main__":
    unittest.main()
