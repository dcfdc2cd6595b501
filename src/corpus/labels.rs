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

/// The mode that a word stands for, in whatever case.
pub fn mode_of(word: &str) -> Option<Mode> {
    [Mode::Direct, Mode::Mixed, Mode::Indirect].into_iter().find(|it| mode(*it).eq_ignore_ascii_case(word))
}

/// The kind that a word stands for, in whatever case.
pub fn kind_of(word: &str) -> Option<Kind> {
    [Kind::Speech, Kind::Thought].into_iter().find(|it| kind(*it).eq_ignore_ascii_case(word))
}

/// The type of speaker that a word stands for, in whatever case.
pub fn speaker_type_of(word: &str) -> Option<SpeakerType> {
    const ALL: [SpeakerType; 4] =
        [SpeakerType::Person, SpeakerType::Organization, SpeakerType::Group, SpeakerType::Document];
    ALL.into_iter().find(|it| speaker_type(*it).eq_ignore_ascii_case(word))
}
