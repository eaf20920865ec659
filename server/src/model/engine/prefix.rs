//! Names of full blocks: a strong hash of a block's tokens and of everything before them.
//!
//! Two blocks have one name exactly when the sequences up to their ends are the same tokens.

use sha2::{Digest, Sha256};

use crate::model::decoder::BLOCK_TOKENS;

/// The name of a full block.
pub(super) type Key = [u8; 32];

/// Adds the names of the blocks that `tokens` fill to those that are known.
pub(super) fn extend(keys: &mut Vec<Key>, tokens: &[u32]) {
    for block in tokens.chunks_exact(BLOCK_TOKENS).skip(keys.len()) {
        let mut hash = Sha256::new();
        hash.update(keys.last().unwrap_or(&[0; 32]));
        for token in block {
            hash.update(token.to_le_bytes());
        }
        keys.push(hash.finalize().into());
    }
}

#[cfg(test)]
mod tests {
    use super::extend;

    fn keys(tokens: &[u32]) -> Vec<[u8; 32]> {
        let mut keys = Vec::new();
        extend(&mut keys, tokens);
        keys
    }

    #[test]
    fn a_name_holds_everything_before_the_block() {
        let one: Vec<u32> = (0..96).collect();
        let mut other = one.clone();
        other[0] = 7;
        assert_eq!(keys(&one)[..2], keys(&one[..70]));
        assert_eq!(keys(&one[..31]).len(), 0);
        assert!(keys(&one).iter().zip(keys(&other)).all(|(one, other)| *one != other));
    }

    #[test]
    fn names_come_out_the_same_one_by_one() {
        let tokens: Vec<u32> = (0..100).collect();
        let mut slowly = Vec::new();
        for length in 0..=tokens.len() {
            extend(&mut slowly, &tokens[..length]);
        }
        assert_eq!(slowly, keys(&tokens));
    }
}
