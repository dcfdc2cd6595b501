//! Web pages: of each the article, without menus, advertisements and comments.
//!
//! The article is found as Firefox finds it for its reader view. Its paragraphs are set apart by empty lines. Offsets
//! refer to this text, which the document therefore carries in its field `text`; `title`, `byline` and `published` hold
//! what the page says of itself.

#[cfg(not(feature = "web"))]
use super::failure::Cause;
use super::failure::Failure;
use super::reader::{Item, Origin};
use super::stream::Stream;

#[cfg(not(feature = "web"))]
pub(super) fn read(_: Stream, origin: &Origin) -> Result<Item, Failure> {
    Err(Failure::at(origin.place.clone(), Cause::NotBuiltIn("web")))
}

/// Reads the one page of `input`.
#[cfg(feature = "web")]
pub(super) fn read(mut input: Stream, origin: &Origin) -> Result<Item, Failure> {
    use super::names;
    use super::stream::{LARGEST, read_whole};

    let id = names::document_id(&origin.name).to_owned();
    let size = input.size();
    let page = read_whole(&mut input, size, LARGEST);
    let bytes = page.as_ref().map_or(0, |page| page.len() as u64);
    let document = page.and_then(|page| page::document(id.clone(), &page, None, origin.options.encoding));
    let place = origin.place.clone();
    let document = document.map_err(|cause| Failure { id: Some(id), place: place.clone(), cause });
    Ok(Item { document, place, bytes })
}

#[cfg(feature = "web")]
pub(super) mod page {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::LazyLock;

    use dom_smoothie::{Article, Config, Readability, ReadabilityError, TextMode};
    use regex::Regex;

    use super::super::encoding::{self, Encoding};
    use super::super::failure::Cause;
    use crate::document::Document;

    /// A page of more elements is no article, and would take long.
    const MOST_ELEMENTS: usize = 50_000;

    /// So are elements in elements in elements: the extraction's time grows with the square of their depth.
    const DEEPEST: usize = 1000;

    /// Elements that have no end, or whose end is often left out.
    const OPEN_ENDED: [&str; 24] = [
        "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link",
        "meta", "option", "p", "source", "td", "th", "tr", "track", "wbr",
    ];

    /// The article of a page. `charset` is the encoding that its server declared.
    pub(in super::super) fn document(
        id: String,
        page: &[u8],
        charset: Option<&str>,
        forced: Option<Encoding>,
    ) -> Result<Document, Cause> {
        let declared = charset.and_then(label).or_else(|| declared(page));
        let article = article(&encoding::decode_page(page, forced, declared)?)?;
        let text = article.text_content.trim();
        if text.is_empty() {
            return Err(Cause::NoArticle);
        }
        let mut document = Document::new(id, text);
        let about = [("title", Some(article.title)), ("byline", article.byline), ("published", article.published_time)];
        document.extra.insert("text".to_owned(), text.into());
        for (name, value) in about {
            if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
                document.extra.insert(name.to_owned(), value.trim().into());
            }
        }
        Ok(document)
    }

    /// How deep elements stand in one another at most, by their tags.
    fn depth(page: &str) -> usize {
        static TAG: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("<(/?)([a-zA-Z][a-zA-Z0-9]*)").expect("a valid pattern"));
        let (mut now, mut most) = (0_usize, 0);
        for tag in TAG.captures_iter(page).filter(|tag| !OPEN_ENDED.iter().any(|it| it.eq_ignore_ascii_case(&tag[2]))) {
            now = if tag[1].is_empty() { now + 1 } else { now.saturating_sub(1) };
            most = most.max(now);
        }
        most
    }

    fn article(page: &str) -> Result<Article, Cause> {
        if depth(page) > DEEPEST {
            return Err(Cause::Unsupported(format!("a page with elements more than {DEEPEST} deep")));
        }
        let config =
            Config { text_mode: TextMode::Formatted, max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
        let extract = || Readability::new(page, None, Some(config))?.parse();
        // A page that the extraction panics on costs no other its statements.
        match catch_unwind(AssertUnwindSafe(extract)) {
            Ok(Ok(article)) => Ok(article),
            Ok(Err(ReadabilityError::GrabFailed)) => Err(Cause::NoArticle),
            Ok(Err(error)) => Err(Cause::Unsupported(format!("the page ({error})"))),
            Err(_) => Err(Cause::Broken("the article could not be extracted".to_owned())),
        }
    }

    /// The encoding that a page's `<meta>` declares.
    fn declared(page: &[u8]) -> Option<&'static encoding_rs::Encoding> {
        // Browsers look no further than 1024 bytes; pages put more before it.
        let head = page[..page.len().min(4096)].to_ascii_lowercase();
        let head = String::from_utf8_lossy(&head);
        let encoding = head.split("<meta").skip(1).find_map(|meta| {
            let (_, value) = meta.split('>').next()?.split_once("charset")?;
            label(value.trim_start().strip_prefix('=')?)
        })?;
        // Who could read this declaration does not read UTF-16.
        let utf16 = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
        Some(if utf16 { encoding_rs::UTF_8 } else { encoding })
    }

    /// The encoding of a label, quoted or not.
    fn label(text: &str) -> Option<&'static encoding_rs::Encoding> {
        let text = text.trim_start().trim_start_matches(['"', '\'']);
        let end = text.find(['"', '\'', ';', ' ', '/']).unwrap_or(text.len());
        encoding_rs::Encoding::for_label(&text.as_bytes()[..end])
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn page(head: &str, body: &str) -> String {
            format!(
                "<!DOCTYPE html><html><head>{head}<title>Harbour stays open | The Post</title></head><body>\
                <nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/s\">Sport</a></li></ul></nav>\
                <article><h1>Harbour stays open</h1>{body}</article>\
                <footer><p><a href=\"/terms\">Terms</a></p></footer></body></html>"
            )
        }

        fn body() -> String {
            let paragraph = |name: &str| {
                format!(
                    "<p>“We will not sell the harbour,” said the mayor, <b>{name}</b>, after a meeting that lasted \
                    until midnight, in which the council, the port and the unions each had their say on what is to become \
                    of the quays, the cranes and the four hundred people who work there.</p>\n"
                )
            };
            ["Rosa Lindqvist", "Zoë Brontë", "Ole Brandt"].map(paragraph).concat()
        }

        fn extracted(page: &[u8], charset: Option<&str>) -> Result<Document, String> {
            document("a".to_owned(), page, charset, None).map_err(|cause| cause.to_string())
        }

        #[test]
        fn the_article_is_kept_and_what_is_around_it_is_not() {
            let found = extracted(page("", &body()).as_bytes(), None).unwrap();
            assert!(found.text.contains("said the mayor, Rosa Lindqvist, after a meeting"), "{}", found.text);
            assert!(!found.text.contains("Sport") && !found.text.contains("Terms"), "{}", found.text);
            assert!(found.text.contains("work there.\n\n“We will not"), "{}", found.text);
            assert_eq!(
                (&found.extra["text"], &found.extra["title"]),
                (&found.text.as_str().into(), &"Harbour stays open | The Post".into())
            );
        }

        #[test]
        fn the_encoding_is_the_one_that_the_server_or_the_page_declares() {
            let latin = |head: &str| encoding_rs::WINDOWS_1252.encode(&page(head, &body())).0.into_owned();
            let meta = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\">";
            let cases = [
                (page("", &body()).into_bytes(), None),
                (page("<meta charset=latin1>", &body()).into_bytes(), Some("windows-1252")),
                (latin(meta), None),
                (latin("<meta charset='utf-16'>"), Some("\"windows-1252\"")),
                (latin(""), None),
            ];
            for (page, charset) in cases {
                assert!(extracted(&page, charset).unwrap().text.contains("“We will"), "{charset:?}");
                assert!(extracted(&page, charset).unwrap().text.contains("Zoë Brontë"), "{charset:?}");
            }
        }

        #[test]
        fn a_page_without_article_is_a_failure() {
            for empty in ["", "<html></html>", "<html><body><script>x()</script></body></html>"] {
                assert_eq!(
                    extracted(empty.as_bytes(), None),
                    Err("no article found in the page".to_owned()),
                    "{empty}"
                );
            }
        }

        #[test]
        fn odd_pages_end() {
            let deep = format!("<html>{}“No,” she said.{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
            let wide = "<p>“No,” she said.</p>".repeat(60_000);
            let open = "<b><i><p>".repeat(3_000);
            for page in [deep, wide, open] {
                assert!(extracted(page.as_bytes(), None).is_err());
            }
            for page in ["<".repeat(100_000), "&".repeat(100_000)] {
                let _ = extracted(page.as_bytes(), None);
            }
        }

        #[test]
        fn depth_counts_what_is_closed() {
            let cases = [
                ("", 0),
                ("<p>One<p>Two<br><img src=a>", 0),
                ("<html><body><div><b>Three</b></div><div></div></body></html>", 2),
                ("</div></div><DIV><Span>Four", 2),
            ];
            for (page, expected) in cases {
                assert_eq!(depth(page), expected, "{page}");
            }
        }
    }
}
