// SPDX-License-Identifier: MIT OR Apache-2.0

//! A view of the witness that forgives one thing: an account whose absence it does not prove. A strict client must
//! refuse such a witness; geth takes the account as absent, and so writes witnesses that leave the proof out.

use ethrex_common::types::{AccountState, ChainConfig, Code, CodeMetadata};
use ethrex_common::{Address, H256, U256};
use ethrex_vm::{EvmError, GuestProgramStateWrapper, VmDatabase};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

#[derive(Clone)]
pub struct Lenient {
    inner: GuestProgramStateWrapper,
    unproven: Arc<AtomicU64>,
}

impl Lenient {
    pub fn new(inner: GuestProgramStateWrapper, unproven: Arc<AtomicU64>) -> Self {
        Self { inner, unproven }
    }
}

impl VmDatabase for Lenient {
    fn get_account_state(&self, address: Address) -> Result<Option<AccountState>, EvmError> {
        match self.inner.get_account_state(address) {
            Err(EvmError::DB(_)) => {
                self.unproven.fetch_add(1, Ordering::Relaxed);
                Ok(None)
            }
            answer => answer,
        }
    }

    fn get_storage_slot(&self, address: Address, key: H256) -> Result<Option<U256>, EvmError> {
        self.inner.get_storage_slot(address, key)
    }

    fn get_block_hash(&self, number: u64) -> Result<H256, EvmError> {
        self.inner.get_block_hash(number)
    }

    fn get_chain_config(&self) -> Result<ChainConfig, EvmError> {
        self.inner.get_chain_config()
    }

    fn get_account_code(&self, hash: H256) -> Result<Code, EvmError> {
        self.inner.get_account_code(hash)
    }

    fn get_code_metadata(&self, hash: H256) -> Result<CodeMetadata, EvmError> {
        self.inner.get_code_metadata(hash)
    }
}
