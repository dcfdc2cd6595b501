//! A run over a corpus: documents of any number through all cores, in bounded memory.
//!
//! A thread reads documents and cuts them into chunks; workers annotate one chunk each; the calling thread takes the
//! results in the order of the documents. Between the reader and the caller is a queue of bounded length that holds,
//! for every chunk on its way, the place where its result will arrive. So the order needs no sorting, a slow consumer
//! stops the reader, and memory is bounded by workers × chunk.
//!
//! Where one chunk ends and the next begins depends on the documents alone. So does the result, whatever the number of
//! threads.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use rayon::{Scope, ThreadPool, ThreadPoolBuilder};
use thiserror::Error;

use crate::corpus::{Cause, Failure, Item, Place};
use crate::document::Document;
use crate::pipeline::AnnotateError;
use crate::statement::Annotation;

/// What became of one document.
#[derive(Debug)]
pub struct Outcome {
    /// The document and what was found in it, or why that is not known.
    pub result: Result<(Document, Annotation), Failure>,
    /// How many bytes of the input it took.
    pub bytes: u64,
}

/// What ends a run early.
#[derive(Debug, Error)]
pub enum RunError<E> {
    /// The workers cannot be started.
    #[error("cannot start the threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The consumer of the outcomes wants no more.
    #[error(transparent)]
    Stopped(E),
}

/// How the threads that annotate are named: a panic on one of them is reported as its document's failure.
pub const WORKER: &str = "dixit-worker";

/// Annotates `items` on `threads` threads and hands the outcomes to `consume` on this one, in the order of the items.
///
/// `annotate` returns one annotation a document. If it fails or panics on a chunk, each of the chunk's documents is tried
/// by itself, and those on which it does so again fail; it must therefore leave nothing broken behind when it unwinds. The
/// run ends after the last item or with the first error of `consume`.
pub fn run<I, A, C, E>(items: I, annotate: A, threads: NonZeroUsize, mut consume: C) -> Result<(), RunError<E>>
where
    I: Iterator<Item = Item> + Send,
    A: Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError> + Sync,
    C: FnMut(Outcome) -> Result<(), E>,
{
    let workers = workers(threads)?;
    let stopped = AtomicBool::new(false);
    workers.in_place_scope(|scope| {
        thread::scope(|reader| {
            // Twice as many as there are workers: each finds its next chunk waiting.
            let (queue, results) = mpsc::sync_channel(2 * workers.current_num_threads());
            let (annotate, stopped) = (&annotate, &stopped);
            reader.spawn(move || dispatch(items, annotate, scope, &queue, stopped));
            // A promise is broken only after the consumer stopped.
            let mut outcomes = results.iter().flat_map(|result| result.recv().unwrap_or_default());
            let consumed = outcomes.try_for_each(&mut consume);
            stopped.store(consumed.is_err(), Ordering::Relaxed);
            // Without the receiver the reader's next send fails, and it ends.
            drop(results);
            consumed.map_err(RunError::Stopped)
        })
    })
}

fn workers(threads: NonZeroUsize) -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(threads.get()).thread_name(|_| WORKER.to_owned()).build()
}

/// A chunk's result on its way to the consumer.
type Promise = Receiver<Vec<Outcome>>;

/// Hands every chunk to a worker and its promise to the queue, until there are no more or nobody listens.
fn dispatch<'scope, A>(
    items: impl Iterator<Item = Item>,
    annotate: &'scope A,
    scope: &Scope<'scope>,
    queue: &SyncSender<Promise>,
    stopped: &'scope AtomicBool,
) where
    A: Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError> + Sync,
{
    for chunk in (Chunks { items, cut: 0 }) {
        let (result, promise) = mpsc::sync_channel(1);
        if queue.send(promise).is_err() {
            return;
        }
        scope.spawn(move |_| {
            if !stopped.load(Ordering::Relaxed) {
                // Nobody listens after the consumer stopped, which is no fault.
                let _ = result.send(annotate_chunk(chunk, annotate));
            }
        });
    }
}

/// Cuts items into chunks of up to 16 items or 64 kB. The first ones are smaller, so that a small corpus keeps all
/// workers busy, too, and the first results come soon.
struct Chunks<I> {
    items: I,
    /// Number of chunks so far.
    cut: u64,
}

impl<I: Iterator<Item = Item>> Iterator for Chunks<I> {
    type Item = Vec<Item>;

    fn next(&mut self) -> Option<Vec<Item>> {
        const ITEMS: usize = 16;
        const BYTES: u64 = 64 << 10;
        let bytes = BYTES.min((self.cut / 8 + 1) * (4 << 10));
        self.cut += 1;
        let mut chunk = Vec::new();
        let mut size = 0;
        while chunk.len() < ITEMS && size < bytes {
            let Some(item) = self.items.next() else { break };
            size += item.bytes;
            chunk.push(item);
        }
        (!chunk.is_empty()).then_some(chunk)
    }
}

/// Annotates the documents among the items; the outcomes are in the order of the items.
fn annotate_chunk(
    items: Vec<Item>,
    annotate: &impl Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError>,
) -> Vec<Outcome> {
    let mut documents = Vec::new();
    let mut rest = Vec::new();
    for Item { document, place, bytes } in items {
        let failure = document.map(|document| documents.push(document)).err();
        rest.push((failure, place, bytes));
    }
    let annotations = annotate_all(&documents, annotate);
    let mut annotated = documents.into_iter().zip(annotations);
    let outcomes = rest.into_iter().filter_map(|(failure, place, bytes)| {
        let result = match failure {
            Some(failure) => Err(failure),
            None => annotated.next().map(|(document, result)| finished(document, result, place))?,
        };
        Some(Outcome { result, bytes })
    });
    outcomes.collect()
}

fn finished(
    document: Document,
    result: Result<Annotation, Cause>,
    place: Place,
) -> Result<(Document, Annotation), Failure> {
    match result {
        Ok(annotation) => Ok((document, annotation)),
        Err(cause) => Err(Failure { id: Some(document.id), place, cause }),
    }
}

/// One result a document: of all at once or, if that fails, of each by itself.
fn annotate_all(
    documents: &[Document],
    annotate: &impl Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError>,
) -> Vec<Result<Annotation, Cause>> {
    match attempt(documents, annotate) {
        Ok(annotations) => annotations.into_iter().map(Ok).collect(),
        Err(cause) if documents.len() == 1 => vec![Err(cause)],
        Err(_) => documents.iter().flat_map(|it| annotate_all(slice::from_ref(it), annotate)).collect(),
    }
}

fn attempt(
    documents: &[Document],
    annotate: &impl Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError>,
) -> Result<Vec<Annotation>, Cause> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    match catch_unwind(AssertUnwindSafe(|| annotate(documents))) {
        Ok(Ok(annotations)) if annotations.len() == documents.len() => Ok(annotations),
        Ok(Ok(annotations)) => {
            Err(Cause::Broken(format!("{} annotations of {} documents", annotations.len(), documents.len())))
        }
        Ok(Err(error)) => Err(Cause::Broken(error.to_string())),
        Err(payload) => Err(Cause::Broken(message(payload.as_ref()))),
    }
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::panic::resume_unwind;
    use std::sync::atomic::AtomicUsize;

    use crate::speakers::{Entity, SpeakerType};

    fn item(line: usize, text: &str) -> Item {
        let document = Ok(Document::new(line.to_string(), text));
        Item { document, place: Place::file("a").at_line(line), bytes: text.len() as u64 }
    }

    /// Annotations that tell their document; unwinds, without the noise of a panic, on one that says so.
    fn label(documents: &[Document]) -> Result<Vec<Annotation>, AnnotateError> {
        let label = |document: &Document| {
            if document.text == "panic" {
                resume_unwind(Box::new(format!("at {}", document.id)));
            }
            let name = format!("speaker of {}", document.id);
            let speaker = Entity { name, kind: SpeakerType::Group, titles: Vec::new(), mentions: Vec::new() };
            Annotation { statements: Vec::new(), speakers: vec![speaker] }
        };
        Ok(documents.iter().map(label).collect())
    }

    fn run_all<A>(items: Vec<Item>, annotate: A, threads: usize) -> Vec<String>
    where
        A: Fn(&[Document]) -> Result<Vec<Annotation>, AnnotateError> + Sync,
    {
        let mut found = Vec::new();
        let result = run(items.into_iter(), annotate, NonZeroUsize::new(threads).unwrap(), |outcome| {
            found.push(match outcome.result {
                Ok((document, annotation)) => format!("{}: {}", document.id, annotation.speakers[0].name),
                Err(failure) => format!("{}: {}", failure.place, failure.cause),
            });
            Ok::<(), ()>(())
        });
        assert!(result.is_ok());
        found
    }

    fn sizes(items: usize, text: &str) -> Vec<usize> {
        let items = (1..=items).map(|line| item(line, text));
        Chunks { items, cut: 0 }.map(|chunk| chunk.len()).collect()
    }

    #[test]
    fn chunks_grow_to_a_bound() {
        let small = sizes(1000, &"x".repeat(4000));
        assert_eq!(small[..10], [2, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
        assert_eq!(small.iter().max(), Some(&16));
        assert_eq!(small.iter().sum::<usize>(), 1000);
        assert_eq!(sizes(40, ""), [16, 16, 8]);
        assert_eq!(sizes(3, &"x".repeat(1 << 20)), [1, 1, 1]);
        assert_eq!(sizes(0, ""), [0; 0]);
    }

    #[test]
    fn results_that_are_missing_are_a_failure_of_that_document() {
        let forgetful = |documents: &[Document]| label(documents).map(|mut all| all.split_off(1));
        let found = run_all(vec![item(1, "x")], forgetful, 1);
        assert_eq!(found, ["a:1: dixit failed on this document: 0 annotations of 1 documents"]);
    }

    #[test]
    fn the_reader_is_never_far_ahead_of_the_consumer() {
        let (read, threads) = (AtomicUsize::new(0), 3);
        let items = (1..=2000).map(|line| {
            read.fetch_add(1, Ordering::Relaxed);
            item(line, "")
        });
        let mut consumed = 0;
        let result = run(items, label, NonZeroUsize::new(threads).unwrap(), |_| {
            // The chunks in the queue, the one consumed, the one waiting for a place, and the one being cut.
            assert!(read.load(Ordering::Relaxed) <= consumed + 16 * (2 * threads + 3));
            consumed += 1;
            Ok::<(), ()>(())
        });
        assert!(result.is_ok());
        assert_eq!(consumed, 2000);
    }

    #[test]
    fn a_consumer_that_stops_ends_an_endless_run() {
        let mut left = 20;
        let items = (1..).map(|line| item(line, "x"));
        let result = run(items, label, NonZeroUsize::MIN, |_| {
            left -= 1;
            if left == 0 { Err("enough") } else { Ok(()) }
        });
        assert!(matches!(result, Err(RunError::Stopped("enough"))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_number_of_threads_changes_nothing(
            texts in prop::collection::vec("x{0,3000}|panic|unreadable", 0..60),
        ) {
            let items = || texts.iter().zip(1..).map(|(text, line)| {
                let mut item = item(line, text);
                if text == "unreadable" {
                    item.document = Err(Failure::at(item.place.clone(), Cause::NoText));
                }
                item
            });
            let expected: Vec<_> = texts.iter().zip(1..).map(|(text, line)| match text.as_str() {
                "panic" => format!("a:{line}: dixit failed on this document: at {line}"),
                "unreadable" => format!("a:{line}: no field \"text\""),
                _ => format!("{line}: speaker of {line}"),
            }).collect();
            for threads in [1, 2, 5] {
                prop_assert_eq!(&run_all(items().collect(), label, threads), &expected);
            }
        }
    }
}
