//! The proofs: one binary, one module a room.
