//! Stage 2: who the speakers are.
