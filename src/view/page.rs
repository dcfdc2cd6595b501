//! What every page has: head, security policy, style, script.

use std::borrow::Cow;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::Text;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes everything up to the first section. No script or style but the page's own may run, whatever else gets into it,
/// and nothing may be fetched or sent.
pub fn open(out: &mut impl io::Write, title: &str) -> io::Result<()> {
    let style = lines(STYLE);
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(&style),
        digest(&lines(SCRIPT))
    );
    let head = html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (Text(title)) }
            style { (PreEscaped(style)) }
        }
        (PreEscaped("<body>"))
        a.skip href="#errors" { "Skip to the errors" }
    };
    out.write_all(head.0.as_bytes())
}

/// Writes everything after the last section.
pub fn close(out: &mut impl io::Write) -> io::Result<()> {
    let foot = html! {
        footer { "Made by dixit " (env!("CARGO_PKG_VERSION")) ". This file needs no network and no other file." }
        script { (PreEscaped(lines(SCRIPT))) }
        (PreEscaped("</body></html>\n"))
    };
    out.write_all(foot.0.as_bytes())
}

/// With the ends of lines that a browser sees, over which it computes the digest.
fn lines(source: &str) -> Cow<'_, str> {
    if source.contains('\r') { source.replace("\r\n", "\n").into() } else { source.into() }
}

/// The digest by which the policy knows a script or style.
fn digest(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // As `openssl dgst -sha256 -binary | base64` has it.
        assert_eq!(digest("doSubmit()"), "sha256-jzgBGA4UWFFmpOBq0JpdsySukE1FrEN5bUpoK8Z29fY=");
    }

    #[test]
    fn style_and_script_end_where_they_should() {
        for source in [STYLE, SCRIPT].map(str::to_lowercase) {
            assert!(!source.contains("</") && !source.contains("<!--"));
        }
    }

    #[test]
    fn digests_do_not_depend_on_the_ends_of_lines() {
        assert_eq!(lines("a\r\nb\n"), "a\nb\n");
    }
}
