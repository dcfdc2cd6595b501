use super::*;
use proptest::prelude::*;

/// The lines of `text`, which stand for its paragraphs.
fn lines(text: &str) -> Vec<Span<Byte>> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let span = Span::new(start, start + line.len());
            start = span.end + 1;
            span
        })
        .collect()
}

/// "depth words", with a `+` after the depth of a quotation that is not closed and `<n` on one that continues the n-th.
fn shown(text: &str) -> Vec<String> {
    quotations(text, &lines(text))
        .iter()
        .map(|quotation| {
            let open = if quotation.closed { "" } else { "+" };
            let continues = quotation.continues.map(|earlier| format!("<{earlier}")).unwrap_or_default();
            format!("{}{open}{continues} {}", quotation.depth, quotation.span.of(text))
        })
        .collect()
}

/// What the case shows, the text with a line a paragraph, its quotations in the notation of [`shown`].
type Case = (&'static str, &'static str, &'static [&'static str]);

fn check(cases: &[Case]) {
    for (name, text, expected) in cases {
        assert_eq!(shown(text), *expected, "{name}: {text}");
    }
}

#[test]
fn straight_double_marks() {
    check(&[
        ("no mark", "The council met on Tuesday.", &[]),
        ("empty text", "", &[]),
        ("comma inside", r#""We will appeal," Hale said."#, &[r#"0 "We will appeal,""#]),
        ("comma outside", r#""We will appeal", Hale said."#, &[r#"0 "We will appeal""#]),
        ("split by the cue", r#""We," he said, "will go.""#, &[r#"0 "We,""#, r#"0 "will go.""#]),
        ("scare quotes", r#"The "deal" was no "deal"."#, &[r#"0 "deal""#, r#"0 "deal""#]),
        ("in brackets", r#"The plan ("a farce") and ["a joke"]."#, &[r#"0 "a farce""#, r#"0 "a joke""#]),
        ("between dashes", r#"It was—"a farce"—over."#, &[r#"0 "a farce""#]),
        ("after a hyphen", r#"the so-called non-"core" staff"#, &[r#"0 "core""#]),
        ("broken off", r#""I never—" she began."#, &[r#"0 "I never—""#]),
        ("trails off in dots", r#"It said "...and then" no more."#, &[r#"0 "...and then""#]),
        ("begins with a bracket", r#""[The] bill passed," he said."#, &[r#"0 "[The] bill passed,""#]),
        ("begins with a currency sign", r#"He owes "$5m" now."#, &[r#"0 "$5m""#]),
        ("footnote after", r#"It was "fair."[1] He left."#, &[r#"0 "fair.""#]),
        ("question", r#""Why?" he asked, "Why now?""#, &[r#"0 "Why?""#, r#"0 "Why now?""#]),
        ("no space before", r#"Hale said:"We go.""#, &[r#"0 "We go.""#]),
        ("no space after", r#""We go,"Hale said."#, &[r#"0 "We go,""#]),
        ("back to back", r#""Yes.""No.""#, &[r#"0 "Yes.""#, r#"0 "No.""#]),
        ("spaces inside both", r#"He said " we go " and left."#, &[r#"0 " we go ""#]),
        ("space before the closing mark", r#""We go, "he said. "Now.""#, &[r#"0 "We go, ""#, r#"0 "Now.""#]),
        ("full width", "He said ＂go＂ now.", &["0 ＂go＂"]),
        ("ends in digits", r#""Apollo 13" and "Rocky 4" won."#, &[r#"0 "Apollo 13""#, r#"0 "Rocky 4""#]),
        ("emoji inside", r#"She wrote "👋🏽" to all."#, &[r#"0 "👋🏽""#]),
    ]);
}

#[test]
fn curly_and_foreign_marks() {
    check(&[
        ("curly", "“We will appeal,” Hale said.", &["0 “We will appeal,”"]),
        ("German", "„Wir gehen“, sagte er. „Jetzt.“", &["0 „Wir gehen“", "0 „Jetzt.“"]),
        ("Polish and Danish", "„Idziemy” – powiedział.", &["0 „Idziemy”"]),
        ("German single", "Er rief ‚Halt‘ und ging.", &["0 ‚Halt‘"]),
        ("German nested", "„Er rief ‚Halt‘ und ging“, sagte sie.", &["0 „Er rief ‚Halt‘ und ging“", "1 ‚Halt‘"]),
        ("French", "« On part », dit-il. « Vite. »", &["0 « On part »", "0 « Vite. »"]),
        ("Swiss", "«On part», dit-il.", &["0 «On part»"]),
        ("inverted", "»Wir gehen«, sagte er. »Jetzt.«", &["0 »Wir gehen«", "0 »Jetzt.«"]),
        ("nested in guillemets", "« Il a dit “oui” hier », dit-elle.", &["0 « Il a dit “oui” hier »", "1 “oui”"]),
        ("single guillemets", "«Il a dit ‹oui› hier»", &["0 «Il a dit ‹oui› hier»", "1 ‹oui›"]),
        ("Swedish", "”Vi går”, sade han. ”Nu.”", &["0 ”Vi går”", "0 ”Nu.”"]),
        ("backticks", "``We go,'' he said. ``Now.''", &["0 ``We go,''", "0 ``Now.''"]),
        ("doubled apostrophes", "''We don't go,'' he said.", &["0 ''We don't go,''"]),
        ("doubled curly singles", "‘‘We go,’’ he said.", &["0 ‘‘We go,’’"]),
        ("doubled commas", ",,Wir gehen'', sagte er,, ohne Eile.", &["0 ,,Wir gehen''"]),
        ("opens curly, closes straight", "“We go,\" he said.", &["0 “We go,\""]),
        ("opens straight, closes curly", "\"We go,” he said.", &["0 \"We go,”"]),
        ("closes with the opening mark", "“We go,“ he said. “Now.“", &["0 “We go,“", "0 “Now.“"]),
        ("arrows", "Home » News » Politics", &[]),
        ("an arrow before a headline", "» Read more about the vote", &[]),
    ]);
}

#[test]
fn single_marks_and_apostrophes() {
    check(&[
        ("British", "'We will go,' Hale said. 'Now.'", &["0 'We will go,'", "0 'Now.'"]),
        ("British curly", "‘We will go,’ Hale said. ‘Now.’", &["0 ‘We will go,’", "0 ‘Now.’"]),
        ("with contractions", "'I don't think it's right,' he said.", &["0 'I don't think it's right,'"]),
        ("with curly contractions", "‘I don’t think it’s right,’ he said.", &["0 ‘I don’t think it’s right,’"]),
        ("with a plural possessive", "'It was the boys' fault,' he said.", &["0 'It was the boys' fault,'"]),
        ("with a curly possessive", "‘It was the boys’ fault,’ he said.", &["0 ‘It was the boys’ fault,’"]),
        ("ends in s", "They are 'our friends' now.", &["0 'our friends'"]),
        ("names", "O'Brien and D’Arcy met Hawai‘i's governor.", &[]),
        ("possessives only", "The dogs' owner met the cats' owner.", &[]),
        ("curly possessives only", "The dogs’ owner met the cats’ owner.", &[]),
        ("elisions", "'Tis the season, 'twas said, to get 'em.", &[]),
        ("an elision and a possessive", "Get 'em to the dogs' home.", &[]),
        ("decades", "In the '90s, as in '68, the 1990s' music won.", &[]),
        ("curly decades", "In the ’90s, as in ’68, the 1990s’ music won.", &[]),
        ("decades with the wrong curl", "In the ‘90s the parties’ leaders met.", &[]),
        ("rock 'n' roll", "It was rock 'n' roll, all goin' well.", &[]),
        ("curly rock ’n’ roll", "It was rock ’n’ roll; rock ‘n’ roll.", &[]),
        ("a quoted word after a decade", "In '68 the 'new left' won.", &["0 'new left'"]),
        ("a quotation that begins with an elision", "‘’Tis over,’ he said.", &["0 ‘’Tis over,’"]),
        ("a name with an ʻokina", "The ‘Iolani Palace opened in May.", &[]),
        ("Arabic names", "Sheikh ‘Abd al-Rahman met Ka‘b.", &[]),
        ("headline", "Mayor calls vote 'a farce'", &["0 'a farce'"]),
        ("backtick and apostrophe", "He said `we go' twice.", &["0 `we go'"]),
        ("code in backticks", "Set the `size` field.", &[]),
        ("feet", "He is 6' tall, she 5' tall.", &[]),
    ]);
}

#[test]
fn nested_quotations() {
    check(&[
        ("single in double", r#""He said 'no' to me," she said."#, &[r#"0 "He said 'no' to me,""#, "1 'no'"]),
        ("double in single", r#"'He said "no" to me,' she said."#, &[r#"0 'He said "no" to me,'"#, r#"1 "no""#]),
        ("curly", "“He said ‘no’ to me,” she said.", &["0 “He said ‘no’ to me,”", "1 ‘no’"]),
        ("closing together", "“He told me ‘no.’” She left.", &["0 “He told me ‘no.’”", "1 ‘no.’"]),
        ("closing with a space", "“He told me ‘no.’ ” She left.", &["0 “He told me ‘no.’ ”", "1 ‘no.’"]),
        ("opening together", "\"'No,' he said,\" she said.", &["0 \"'No,' he said,\"", "1 'No,'"]),
        ("three deep", "“A ‘b “c” d’ e”", &["0 “A ‘b “c” d’ e”", "1 ‘b “c” d’", "2 “c”"]),
        ("curly in curly", "“He said “no” to me,” she said.", &["0 “He said “no” to me,”", "1 “no”"]),
        ("curly in straight", "\"He said “no” to me,\" she said.", &["0 \"He said “no” to me,\"", "1 “no”"]),
        ("straight in curly", "“He said \"no\" to me,” she said.", &["0 “He said \"no\" to me,”", "1 \"no\""]),
        ("straight in straight", r#""He said "no" to me," she said."#, &[r#"0 "He said "no" to me,""#, r#"1 "no""#]),
        ("two in one", "“‘Yes’ or ‘no,’” he said.", &["0 “‘Yes’ or ‘no,’”", "1 ‘Yes’", "1 ‘no,’"]),
        ("possessive inside", "“The boys’ mother said ‘no’.”", &["0 “The boys’ mother said ‘no’.”", "1 ‘no’"]),
        ("apostrophes on both sides of a mark", r#"The boys' "game" 'n' more."#, &[r#"0 "game""#]),
        ("the inner closing mark is missing", "“He told me, ‘no,” she said.", &["0 “He told me, ‘no,”"]),
    ]);
}

#[test]
fn unbalanced_marks() {
    check(&[
        ("inches", r#"He is 6'2" tall."#, &[]),
        ("inches twice", r#"A 5" pipe and a 6" pipe."#, &[]),
        ("inches before a quotation", r#"At 6'2", he said "no"."#, &[r#"0 "no""#]),
        ("inches in a quotation", r#""We need 5" pipes," he said."#, &[r#"0 "We need 5" pipes,""#]),
        ("coordinates", r#"It sank at 40°26'46" N, 79°58'56" W."#, &[]),
        ("a stray closing mark", "We go,” he said. “Now.”", &["0 “Now.”"]),
        ("a stray straight closing mark", r#"We go," he said. "Now.""#, &[r#"0 "Now.""#]),
        ("a stray closing mark at the end", r#""Now," he said. We go.""#, &[r#"0 "Now,""#]),
        ("only a closing mark", "We go,” he said.", &[]),
        ("a missing closing mark", r#"He said: "We go. It is late."#, &[r#"0+ "We go. It is late."#]),
        ("missing in the middle", r#""We go, he said. "Now.""#, &[r#"0 "Now.""#]),
        ("curly, missing in the middle", "“We go, he said. “Now.”", &["0 “Now.”"]),
        ("missing at the end", r#""We go," he said. "Now."#, &[r#"0 "We go,""#, r#"0+ "Now."#]),
        ("missing around curly ones", "\"He said “no” to me.", &["0+ \"He said “no” to me.", "1 “no”"]),
        ("doubled opening mark", "““We go,” he said.", &["0 “We go,”"]),
        ("a mark alone", "\"", &[]),
        ("a mark between spaces", "He said \" and left.", &[]),
        ("nothing between", "He typed \"\" and “ ”, then ''.", &[]),
        ("an equals sign after nothing", "x=\"\"=", &[]),
        ("one paragraph's error stays there", "He said: \"We go.\nHe said: \"Now.\"", &["0+ \"We go.", "0 \"Now.\""]),
        ("a single mark alone", "He said 'we go.\nThen he left.", &[]),
    ]);
}

#[test]
fn quotations_over_paragraphs() {
    check(&[
        ("two", "“We go.\n“Now,” he said.", &["0+ “We go.", "0<0 “Now,”"]),
        ("three", "He said: \"A b.\n\"C d.\n\"E f.\" He left.", &["0+ \"A b.", "0+<0 \"C d.", "0<1 \"E f.\""]),
        ("single", "'We don't go.\n'Now,' he said.", &["0+ 'We don't go.", "0<0 'Now,'"]),
        ("French", "« On part.\n« Vite », dit-il.", &["0+ « On part.", "0<0 « Vite »"]),
        ("with another inside", "“He said ‘no.’\n“Now.”", &["0+ “He said ‘no.’", "1 ‘no.’", "0<0 “Now.”"]),
        (
            "both go on",
            "“He said, ‘No.\n“‘Not now.’ He left.”",
            &["0+ “He said, ‘No.", "1+ ‘No.", "0<0 “‘Not now.’ He left.”", "1<1 ‘Not now.’"],
        ),
        (
            "same mark inside",
            "\"I said \"no\" then.\n\"I left.\"",
            &["0+ \"I said \"no\" then.", "1 \"no\"", "0<0 \"I left.\""],
        ),
        ("not after a closed one", "“We go.”\n“Now.”", &["0 “We go.”", "0 “Now.”"]),
        ("not if the mark comes later", "“We go.\nHe said: “Now.”", &["0+ “We go.", "0 “Now.”"]),
        ("not with another mark", "“We go.\n'Now,' he said.", &["0+ “We go.", "0 'Now,'"]),
        ("not an elision", "'We go.\n'Tis late.", &[]),
        ("with white space around", "  “We go. \n  “Now.”  ", &["0+ “We go.", "0<0 “Now.”"]),
        ("an empty line between", "“We go.\n\n“Now.”", &["0+ “We go.", "0 “Now.”"]),
    ]);
}

#[test]
fn paragraphs_that_do_not_fit_the_text_yield_nothing() {
    let text = "é \"no\"";
    for paragraph in [Span::new(1, 4), Span::new(3, 99), Span::new(50, 60), Span::new(4, 4)] {
        assert!(quotations(text, &[paragraph]).is_empty(), "{paragraph:?}");
    }
    let all = Span::new(0, text.len());
    assert_eq!(quotations(text, &[all, all]).len(), 1);
}

#[test]
fn a_long_row_of_pairs_is_paired_throughout() {
    let text = "He said \"no\" and 'yes'. ".repeat(50_000);
    let found = quotations(&text, &lines(&text));
    assert_eq!(found.len(), 100_000);
    assert!(found.iter().all(|quotation| quotation.depth == 0 && quotation.closed));
}

#[test]
fn a_place_is_quoted_if_an_outermost_quotation_covers_it() {
    let text = "A “b ‘c’ d” e “f” g";
    let found = quotations(text, &lines(text));
    let quoted = Quoted::new(&found);
    let span_of = |words: &str| {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    };
    assert_eq!(outermost(&found).map(|q| q.span.of(text)).collect::<Vec<_>>(), ["“b ‘c’ d”", "“f”"]);
    for words in ["“b", "‘c’", "d”", "“f”"] {
        assert!(quoted.covers(span_of(words)) && quoted.overlaps(span_of(words)), "{words}");
        assert!(quoted.contains(span_of(words).start), "{words}");
    }
    for words in ["A ", " e ", " g"] {
        assert!(!quoted.covers(span_of(words)) && !quoted.overlaps(span_of(words)), "{words}");
        assert!(!quoted.contains(span_of(words).start), "{words}");
    }
    for words in ["A “b", "d” e", "d” e “f"] {
        assert!(!quoted.covers(span_of(words)) && quoted.overlaps(span_of(words)), "{words}");
    }
    assert!(!Quoted::default().contains(0));
}

/// Texts rich in marks, spaces, line ends and what stands next to marks in news.
fn marked_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "\"", "'", "“", "”", "‘", "’", "„", "‚", "«", "»", "‹", "›", "``", "''", ",,", "`", "‛", "‟", "＂",
        ]).prop_map(str::to_owned),
        4 => proptest::sample::select(vec![
            "a", "dogs", "tis", "n", "6", "½", "90s", "é", "e\u{301}", " ", " ", "\u{a0}", "\n", ".", ",", "...", "—",
            "(", ")", "👋🏽", "\u{200b}",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn quotations_are_well_formed(text in marked_text()) {
        let paragraphs = lines(&text);
        let found = quotations(&text, &paragraphs);
        for (index, quotation) in found.iter().enumerate() {
            let words = quotation.span.get(&text);
            prop_assert!(words.is_some_and(|words| words.starts_with(['"', '\'', '“', '”', '‘', '’', '„', '‚', '«', '»',
                '‹', '›', '`', ',', '‛', '‟', '＂'])), "{quotation:?}");
            prop_assert!(quotation.inner.get(&text).is_some_and(|inner| !inner.trim().is_empty()));
            prop_assert!(quotation.span.covers(quotation.inner));
            prop_assert!(quotation.span.start < quotation.inner.start);
            prop_assert_eq!(quotation.closed, quotation.inner.end < quotation.span.end);
            prop_assert!(paragraphs.iter().any(|paragraph| paragraph.covers(quotation.span)));
            let around: Vec<_> = found[..index].iter().filter(|earlier| earlier.span.overlaps(quotation.span)).collect();
            prop_assert!(around.iter().all(|outer| outer.inner.covers(quotation.span)), "{quotation:?} in {around:?}");
            prop_assert_eq!(quotation.depth, around.len());
            prop_assert!(index == 0 || found[index - 1].span.start < quotation.span.start);
            if let Some(earlier) = quotation.continues {
                prop_assert!(earlier < index && !found[earlier].closed);
                prop_assert_eq!(found[earlier].depth, quotation.depth);
                prop_assert!(!found.iter().take(index).any(|other| other.continues == Some(earlier)));
            }
        }
    }

    #[test]
    fn a_paragraph_is_read_alike_wherever_it_stands(before in marked_text(), text in marked_text()) {
        let text = text.replace('\n', " ");
        let alone = shown(&text);
        let after = format!("{before}\n\n{text}");
        let together = shown(&after);
        prop_assert!(together.ends_with(&alone), "{:?} {:?}", together, alone);
    }

    #[test]
    fn quoted_places_are_those_of_the_outermost(text in marked_text()) {
        let found = quotations(&text, &lines(&text));
        let quoted = Quoted::new(&found);
        for position in 0..=text.len() {
            let expected = found.iter().any(|quotation| quotation.span.contains(position));
            prop_assert_eq!(quoted.contains(position), expected);
        }
    }
}
