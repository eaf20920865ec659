//! The sample bank: a small core banking repository and what its developers want to merge.

/// Files by path.
pub(super) type Files = &'static [(&'static str, &'static str)];

/// A merge request of the sample bank.
pub(super) struct Sample {
    /// Its title.
    pub(super) title: &'static str,
    /// Its branch.
    pub(super) branch: &'static str,
    /// What its developer pushes, one after the other.
    pub(super) pushes: &'static [Files],
}

macro_rules! file {
    ($folder:literal, $path:literal) => {
        ($path, include_str!(concat!("../../demo/", $folder, "/", $path)))
    };
}

/// The repository before anybody wants anything.
pub(super) const BASE: Files = &[
    file!("base", "core/src/main/java/bank/ledger/TransferService.java"),
    file!("base", "batch/PAYPOST.cbl"),
    file!("base", "db/V41__payment.sql"),
    file!("base", "gateway/client.go"),
];

/// The merge requests, in the order in which they are opened.
pub(super) const MERGE_REQUESTS: &[Sample] = &[
    Sample {
        title: "Transfers cost a fee",
        branch: "transfer-fees",
        pushes: &[
            &[file!("transfer-fees", "core/src/main/java/bank/ledger/TransferService.java")],
            &[file!("transfer-fees-again", "core/src/main/java/bank/ledger/TransferService.java")],
        ],
    },
    Sample {
        title: "Batch amounts, fee table, clearing house test system",
        branch: "batch-amounts",
        pushes: &[&[
            file!("batch-amounts", "batch/PAYPOST.cbl"),
            file!("batch-amounts", "db/V42__fee.sql"),
            file!("batch-amounts", "gateway/client.go"),
        ]],
    },
    Sample {
        title: "Say what the currency check relies on",
        branch: "currency-check",
        pushes: &[&[file!("currency-check", "core/src/main/java/bank/ledger/TransferService.java")]],
    },
];
