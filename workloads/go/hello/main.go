// SPDX-License-Identifier: MIT OR Apache-2.0

// Hello is the smallest Go program that starts the whole runtime and writes one line.
package main

import "os"

func main() { os.Stdout.WriteString("hello from Go\n") }
