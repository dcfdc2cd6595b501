//! Grouping of hand-written cases.
