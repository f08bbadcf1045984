// SPDX-License-Identifier: MIT OR Apache-2.0

//go:build tools

// Keeps the command that this module exists to pin among its requirements; there is no code of our own here.
package tools

import _ "github.com/ethereum/go-ethereum/cmd/evm"
