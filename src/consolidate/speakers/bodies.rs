//! Bodies with names: equal but for the order of words and the legal form, or an acronym and what it stands for.

use std::collections::BTreeMap;

use super::super::gathered::Gathered;
use super::super::sets::Sets;
use super::meet;
use crate::speakers::alone::BodyName;

/// All who are called alike.
#[derive(Default)]
struct Called {
    locals: Vec<u32>,
    documents: Vec<u32>,
    acronyms: Vec<String>,
    acronym: Option<String>,
}

/// Joins those of the locals that are the same body.
pub(super) fn join(gathered: &Gathered, locals: &[u32], sets: &mut Sets) {
    let mut names: BTreeMap<Vec<String>, Called> = BTreeMap::new();
    for &local in locals {
        let it = &gathered.locals[local as usize];
        let Some(name) = BodyName::new(&gathered.strings[it.name as usize]) else { continue };
        let called = names.entry(name.key).or_default();
        called.locals.push(local);
        called.documents.push(it.document);
        called.acronym = called.acronym.take().or(name.acronym);
        // Most names come again and again; their acronyms are those of the first.
        if called.acronyms.is_empty() {
            called.acronyms = name.acronyms;
        }
    }
    let names: Vec<Called> = names.into_values().collect();
    let mut stands_for: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, called) in names.iter().enumerate() {
        called.locals.windows(2).for_each(|pair| sets.join(pair[0], pair[1]));
        for acronym in &called.acronyms {
            let meanings = stands_for.entry(acronym).or_default();
            if meanings.last() != Some(&at) {
                meanings.push(at);
            }
        }
    }
    for called in &names {
        let meanings = called.acronym.as_deref().and_then(|acronym| stands_for.get(acronym));
        // An acronym of two bodies is neither's; nor is one that a document tells apart from the full name.
        if let Some([only]) = meanings.map(Vec::as_slice)
            && !meet(&called.documents, &names[*only].documents)
        {
            sets.join(called.locals[0], names[*only].locals[0]);
        }
    }
}
