// SPDX-License-Identifier: MIT OR Apache-2.0

//! One block against one witness: everything that is checked before, during and after execution, in that order. It
//! refuses to know files, formats other than RLP, and where a configuration comes from.

use crate::lenient::Lenient;
use ethrex_common::types::block_execution_witness::{
    decode_witness_headers, validate_witness_headers_chain, GuestProgramState, RpcExecutionWitness,
};
use ethrex_common::types::{validate_block_body, Block, ChainConfig, ELASTICITY_MULTIPLIER};
use ethrex_common::{
    validate_block_pre_execution, validate_gas_used, validate_receipts_root_and_logs_bloom, validate_requests_hash,
    InvalidBlockError, H256,
};
use ethrex_crypto::NativeCrypto;
use ethrex_rlp::decode::RLPDecode;
use ethrex_vm::{Evm, GuestProgramStateWrapper};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

#[derive(Default)]
pub struct Options {
    pub lenient: bool,
    pub expected_hash: Option<String>,
}

pub struct Valid {
    pub number: u64,
    pub hash: H256,
    pub transactions: usize,
    pub gas_used: u64,
    pub state_root: H256,
    pub receipts_root: H256,
    /// Accounts taken as absent without a proof; 0 unless lenient.
    pub unproven: u64,
}

pub enum Failure {
    Undecodable(String),
    Refused(String),
    StateRoot { computed: H256, claimed: H256 },
    Receipts(String),
    UnknownChain(u64),
}

impl Failure {
    /// The same numbers as the Go executor's.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Undecodable(_) | Failure::Refused(_) => 10,
            Failure::StateRoot { .. } => 11,
            Failure::Receipts(_) => 12,
            Failure::UnknownChain(_) => 15,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Undecodable(why) => write!(f, "cannot be decoded: {why}"),
            Failure::Refused(why) => write!(f, "refused: {why}"),
            Failure::StateRoot { computed, claimed } => {
                write!(f, "the state root differs: {computed:#x} computed, the header says {claimed:#x}")
            }
            Failure::Receipts(why) => write!(f, "the receipts differ: {why}"),
            Failure::UnknownChain(id) => write!(f, "chain {id} is not known"),
        }
    }
}

fn refused(error: impl fmt::Display) -> Failure {
    Failure::Refused(error.to_string())
}

fn receipts(error: InvalidBlockError) -> Failure {
    Failure::Receipts(error.to_string())
}

pub fn validate(
    block: &[u8],
    witness: RpcExecutionWitness,
    config: ChainConfig,
    options: &Options,
) -> Result<Valid, Failure> {
    let crypto = Arc::new(NativeCrypto);
    let block = Block::decode(block).map_err(|e| Failure::Undecodable(format!("the block: {e}")))?;
    let hash = block.header.compute_block_hash(crypto.as_ref());

    if options.expected_hash.as_ref().is_some_and(|wanted| *wanted != format!("{hash:#x}")) {
        return Err(refused(format!("the block's hash is {hash:#x}")));
    }
    validate_block_body(&block.header, &block.body, crypto.as_ref()).map_err(refused)?;
    let state = guest_state(&block, witness, config, crypto.as_ref())?;
    validate_block_pre_execution(&block, &state.parent_block_header, &config, ELASTICITY_MULTIPLIER)
        .map_err(refused)?;

    let unproven = Arc::new(AtomicU64::new(0));
    let mut state = GuestProgramStateWrapper::new(state, crypto.clone());
    let mut evm = if options.lenient {
        Evm::new_for_l1(Lenient::new(state.clone(), unproven.clone()), crypto.clone())
    } else {
        Evm::new_for_l1(state.clone(), crypto.clone())
    };
    let (result, _) = evm.execute_block(&block).map_err(refused)?;
    let updates = evm.get_state_transitions().map_err(refused)?;

    validate_gas_used(result.block_gas_used, &block.header).map_err(receipts)?;
    validate_receipts_root_and_logs_bloom(&block.header, &result.receipts, crypto.as_ref()).map_err(receipts)?;
    validate_requests_hash(&block.header, &config, &result.requests).map_err(refused)?;

    state.apply_account_updates(&updates).map_err(refused)?;
    let computed = state.state_trie_root().map_err(refused)?;
    if computed != block.header.state_root {
        return Err(Failure::StateRoot { computed, claimed: block.header.state_root });
    }
    Ok(Valid {
        number: block.header.number,
        hash,
        transactions: block.body.transactions.len(),
        gas_used: result.block_gas_used,
        state_root: computed,
        receipts_root: block.header.receipts_root,
        unproven: unproven.load(Ordering::Relaxed),
    })
}

/// The state before the block, anchored: the headers form a chain that ends in the block's parent, and the trie has the
/// parent's root.
fn guest_state(
    block: &Block,
    witness: RpcExecutionWitness,
    config: ChainConfig,
    crypto: &NativeCrypto,
) -> Result<GuestProgramState, Failure> {
    let headers = decode_witness_headers(&witness.headers)
        .map_err(|e| Failure::Undecodable(format!("the witness headers: {e}")))?;

    validate_witness_headers_chain(&headers, crypto).map_err(refused)?;
    let witness = witness.into_execution_witness(config, block.header.number, &headers, crypto).map_err(refused)?;
    let state = GuestProgramState::from_witness(witness, crypto).map_err(refused)?;
    let parent = &state.parent_block_header;

    if parent.compute_block_hash(crypto) != block.header.parent_hash {
        return Err(refused("the witness's parent header is not the block's parent"));
    }
    if state.state_trie_root(crypto).map_err(refused)? != parent.state_root {
        return Err(refused("the witness does not have the parent's state root"));
    }
    Ok(state)
}
