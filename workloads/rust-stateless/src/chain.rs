// SPDX-License-Identifier: MIT OR Apache-2.0

//! The chains that a block may come from: the rules that hold on each, and from when. The Go executor knows the same.

use ethrex_common::types::ChainConfig;
use serde_json::{json, Value};

/// The network of generated blocks: everything up to Prague from the start.
const DEVNET: u64 = 712_024;
const HOODI: u64 = 560_048;

/// `None` for a chain that is not built in.
pub fn config(chain_id: u64) -> Option<ChainConfig> {
    let times = match chain_id {
        DEVNET => json!({ "pragueTime": 0 }),
        HOODI => json!({
            "pragueTime": 1_742_999_832u64,
            "osakaTime": 1_761_677_592u64,
            "bpo1Time": 1_762_365_720u64,
            "bpo2Time": 1_762_955_544u64,
        }),
        _ => return None,
    };
    let mut all = merged(chain_id);

    for (name, value) in times.as_object()? {
        all[name] = value.clone();
    }
    serde_json::from_value(all).ok()
}

/// A network that was born after the merge, with Shanghai and Cancun from its first block.
fn merged(chain_id: u64) -> Value {
    let mut all = json!({
        "chainId": chain_id,
        "terminalTotalDifficulty": "0x0",
        "terminalTotalDifficultyPassed": true,
        "shanghaiTime": 0,
        "cancunTime": 0,
        "depositContractAddress": "0x00000000219ab540356cbb839cbe05303d7705fa",
        "blobSchedule": {
            "cancun": { "target": 3, "max": 6, "baseFeeUpdateFraction": 3_338_477 },
            "prague": { "target": 6, "max": 9, "baseFeeUpdateFraction": 5_007_716 },
            "osaka": { "target": 6, "max": 9, "baseFeeUpdateFraction": 5_007_716 },
            "bpo1": { "target": 10, "max": 15, "baseFeeUpdateFraction": 8_346_193 },
            "bpo2": { "target": 14, "max": 21, "baseFeeUpdateFraction": 11_684_671 },
        },
    });

    for fork in [
        "homestead",
        "eip150",
        "eip155",
        "eip158",
        "byzantium",
        "constantinople",
        "petersburg",
        "istanbul",
        "muirGlacier",
        "berlin",
        "london",
        "mergeNetsplit",
    ] {
        all[format!("{fork}Block")] = json!(0);
    }
    all
}
