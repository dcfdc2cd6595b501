//! Text from outside the program, fit for HTML.

use maud::{Escaper, Render};
use std::fmt::Write;

/// Renders text so that the page shows it and is not changed by it. `<`, `>`, `&` and `"` are escaped. Control
/// characters, which HTML does not allow, appear as their pictures ("␀") where they have one and as U+FFFD otherwise, as
/// do noncharacters. What the text says about its direction is left in: put it into an element with `dir`, which keeps
/// it inside.
pub struct Text<'a>(pub &'a str);

impl Render for Text<'_> {
    fn render_to(&self, buffer: &mut String) {
        let mut escaper = Escaper::new(buffer);
        // Writing to a string does not fail.
        for character in self.0.chars() {
            let _ = escaper.write_char(shown(character));
        }
    }
}

/// What stands for a character.
fn shown(character: char) -> char {
    let code = u32::from(character);
    let picture = |offset| char::from_u32(0x2400 + offset);
    match character {
        '\t' | '\n' | '\r' => Some(character),
        '\0'..='\x1f' => picture(code),
        '\x7f' => picture(0x21),
        '\u{80}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => None,
        _ if code & 0xfffe == 0xfffe => None,
        _ => Some(character),
    }
    .unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_allowed() {
        let cases = [
            ("plain", "Zoë said: “no”", "Zoë said: “no”"),
            ("markup", "<b>&amp;\"'", "&lt;b&gt;&amp;amp;&quot;'"),
            ("NUL and escape", "a\0b\x1bc", "a␀b␛c"),
            ("white space", "a\tb\r\nc", "a\tb\r\nc"),
            ("delete and C1", "\x7f\u{85}", "␡\u{fffd}"),
            ("noncharacters", "\u{fdd0}\u{ffff}\u{10fffe}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("emoji and RTL", "👩‍🚀 שלום\u{202e}", "👩‍🚀 שלום\u{202e}"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(Text(text).render().0, expected, "{name}");
        }
    }
}
