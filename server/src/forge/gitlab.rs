//! gitlab.
