//! gitea.
