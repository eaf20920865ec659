//! Proves, from outside: the harness that the proofs use.
