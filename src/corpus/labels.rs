//! The words that files use for what the types of a statement say.

use crate::speakers::SpeakerType;
use crate::statement::{Kind, Mode};

/// `direct`, `mixed` or `indirect`.
pub const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Direct => "direct",
        Mode::Mixed => "mixed",
        Mode::Indirect => "indirect",
    }
}

/// `speech` or `thought`.
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Speech => "speech",
        Kind::Thought => "thought",
    }
}

/// `person`, `organization`, `group` or `document`.
pub const fn speaker_type(kind: SpeakerType) -> &'static str {
    match kind {
        SpeakerType::Person => "person",
        SpeakerType::Organization => "organization",
        SpeakerType::Group => "group",
        SpeakerType::Document => "document",
    }
}
