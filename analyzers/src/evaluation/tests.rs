//! Proves figures, labels and what they earn, on policies of the tests' own and on the built-in pack.
