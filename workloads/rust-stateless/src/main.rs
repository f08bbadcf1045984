// SPDX-License-Identifier: MIT OR Apache-2.0

//! Validates one Ethereum block from a file that holds the block and its witness, with ethrex's own executor. This file
//! owns the command line, the output and the exit codes; what is valid is decided in `validate`, and which chains there
//! are in `chain`.

mod chain;
mod lenient;
mod validate;

use serde::Deserialize;
use std::process::ExitCode;
use validate::{Failure, Options};

const USAGE: &str = "usage: rust-stateless [--lenient] [--expect-hash 0xHASH] [FILE]
  FILE           {block, witness {state, keys, codes, headers}, chain_id}; block_and_witness.json by default
  --lenient      take an account whose proof the witness lacks as absent, and count it
  --expect-hash  the hash that the block must have";

/// What the converter writes: RLP as 0x-hex, headers oldest first.
#[derive(Deserialize)]
pub struct Input {
    block: String,
    witness: ethrex_common::types::block_execution_witness::RpcExecutionWitness,
    chain_id: u64,
}

fn arguments() -> Result<(String, Options), String> {
    let mut path = None;
    let mut options = Options::default();
    let mut words = std::env::args().skip(1);

    while let Some(word) = words.next() {
        match word.as_str() {
            "--lenient" => options.lenient = true,
            "--expect-hash" => options.expected_hash = Some(words.next().ok_or(USAGE)?.to_lowercase()),
            _ if word.starts_with('-') || path.is_some() => return Err(USAGE.to_string()),
            _ => path = Some(word),
        }
    }
    Ok((path.unwrap_or_else(|| "block_and_witness.json".to_string()), options))
}

fn run(path: &str, options: &Options) -> Result<(), Failure> {
    let text = std::fs::read(path).map_err(|e| Failure::Undecodable(format!("{path}: {e}")))?;
    let input: Input = serde_json::from_slice(&text).map_err(|e| Failure::Undecodable(format!("{path}: {e}")))?;
    let config = chain::config(input.chain_id).ok_or(Failure::UnknownChain(input.chain_id))?;
    let block = hex::decode(input.block.trim_start_matches("0x"))
        .map_err(|e| Failure::Undecodable(format!("the block: {e}")))?;
    let valid = validate::validate(&block, input.witness, config, options)?;

    println!("block      {} {:#x}", valid.number, valid.hash);
    println!("executed   {} transactions, {} gas", valid.transactions, valid.gas_used);
    println!("state      {:#x}", valid.state_root);
    println!("receipts   {:#x}", valid.receipts_root);
    if valid.unproven > 0 {
        println!("unproven   {}", valid.unproven);
    }
    println!("valid");
    Ok(())
}

fn main() -> ExitCode {
    let (path, options) = match arguments() {
        Ok(parsed) => parsed,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    println!("Starting stateless block validation");
    match run(&path, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rust-stateless: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
