//! Stage 1: paragraphs and sentences.
