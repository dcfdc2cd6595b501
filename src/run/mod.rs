//! A run over a corpus: documents of any number through all cores, in bounded memory.
//!
//! A thread reads documents and cuts them into chunks; workers annotate one chunk each; the calling thread takes the
//! results in the order of the documents. Between the reader and the caller is a queue that holds, for every chunk on its
//! way, the place where its result will arrive. So the order needs no sorting. How far the reader is ahead is bounded
//! (`ahead`): a slow consumer stops it, and memory does not grow with the corpus.
//!
//! Where one chunk ends and the next begins (`chunks`) depends on the documents alone. So does the result, whatever the
//! number of threads.

mod ahead;
mod chunks;

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use rayon::prelude::*;
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};
use thiserror::Error;

use crate::corpus::{Cause, Failure, Item, Place};
use crate::document::{Byte, Document, Span};
use crate::pipeline::{AnnotateError, Work, is_huge, join, stretches};
use crate::statement::Annotation;
use ahead::Ahead;
use chunks::{Chunk, Chunks};

pub use chunks::{PartSize, fingerprint};

/// How a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Number of threads that annotate.
    pub threads: NonZeroUsize,
    /// When a part is full.
    pub part: PartSize,
    /// Chunks that an earlier run has made of the documents before the first one here, which begins a part.
    pub chunks: u64,
}

impl Settings {
    /// A run from the beginning on so many threads.
    pub fn new(threads: NonZeroUsize) -> Self {
        Self { threads, part: PartSize::default(), chunks: 0 }
    }
}

/// What became of one document.
#[derive(Debug)]
pub struct Outcome {
    /// The document and what was found in it, or why that is not known.
    pub result: Result<(Document, Annotation), Failure>,
    /// How many bytes of the input it took.
    pub bytes: u64,
    /// The [`fingerprint`] of the item that was read.
    pub fingerprint: u64,
}

/// What became of a chunk of documents.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// One outcome a document, in their order.
    pub documents: Vec<Outcome>,
    /// What annotating them took.
    pub work: Work,
    /// How long reading them took.
    pub reading: Duration,
    /// Whether a part ends after them.
    pub ends_part: bool,
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

/// What annotates a few documents: one annotation a document, and what it took.
pub trait Annotate: Fn(&[Document]) -> Result<(Vec<Annotation>, Work), AnnotateError> + Sync {}

impl<F: Fn(&[Document]) -> Result<(Vec<Annotation>, Work), AnnotateError> + Sync> Annotate for F {}

/// Annotates `items` and hands the outcomes to `consume` on this thread, chunk by chunk, in the order of the items.
///
/// If `annotate` fails or panics on a chunk, each of the chunk's documents is tried by itself, and those on which it does
/// so again fail; it must therefore leave nothing broken behind when it unwinds. A huge document is annotated in
/// [`stretches`], on all threads that are free. The run ends after the last item or with the first error of `consume`.
pub fn run<I, A, C, E>(items: I, annotate: A, settings: Settings, mut consume: C) -> Result<(), RunError<E>>
where
    I: Iterator<Item = Item> + Send,
    A: Annotate,
    C: FnMut(Outcomes) -> Result<(), E>,
{
    let workers = workers(settings.threads)?;
    let stopped = AtomicBool::new(false);
    let ahead = Ahead::of(settings.threads);
    workers.in_place_scope(|scope| {
        thread::scope(|reader| {
            // However this block is left, the reader shall not wait any longer.
            let ahead = ahead.closed_at_the_end();
            let (queue, results) = mpsc::channel();
            let (annotate, stopped, ahead_of_reader) = (&annotate, &stopped, ahead.get());
            let chunks = Chunks::new(items, settings.part, settings.chunks);
            reader.spawn(move || dispatch(chunks, annotate, scope, &queue, ahead_of_reader, stopped));
            let consumed = results.iter().try_for_each(|Promise { result, bytes }| {
                // A promise is broken only after the consumer stopped.
                consume(result.recv().unwrap_or_default())?;
                ahead.get().leave(bytes);
                Ok(())
            });
            stopped.store(consumed.is_err(), Ordering::Relaxed);
            consumed.map_err(RunError::Stopped)
        })
    })
}

fn workers(threads: NonZeroUsize) -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(threads.get()).thread_name(|_| WORKER.to_owned()).build()
}

/// A chunk's result on its way to the consumer.
struct Promise {
    result: Receiver<Outcomes>,
    /// The size of the chunk.
    bytes: u64,
}

/// Hands every chunk to a worker and its promise to the queue, until there are no more or nobody listens.
fn dispatch<'scope, A: Annotate>(
    chunks: Chunks<impl Iterator<Item = Item>>,
    annotate: &'scope A,
    scope: &Scope<'scope>,
    queue: &Sender<Promise>,
    ahead: &Ahead,
    stopped: &'scope AtomicBool,
) {
    for chunk in chunks {
        let bytes = chunk.bytes;
        if !ahead.enter(bytes) {
            return;
        }
        let (sender, result) = mpsc::sync_channel(1);
        if queue.send(Promise { result, bytes }).is_err() {
            return;
        }
        scope.spawn(move |_| {
            if !stopped.load(Ordering::Relaxed) {
                // Nobody listens after the consumer stopped, which is no fault.
                let _ = sender.send(annotate_chunk(chunk, annotate));
            }
        });
    }
}

/// Annotates the documents among the items; the outcomes are in the order of the items.
fn annotate_chunk(chunk: Chunk, annotate: &impl Annotate) -> Outcomes {
    let mut documents = Vec::new();
    let mut rest = Vec::new();
    for (Item { document, place, bytes }, fingerprint) in chunk.items {
        let failure = document.map(|document| documents.push(document)).err();
        rest.push((failure, place, bytes, fingerprint));
    }
    let mut work = Work::default();
    let mut annotations = Vec::with_capacity(documents.len());
    for group in documents.chunk_by(|one, other| !is_huge(&one.text) && !is_huge(&other.text)) {
        annotations.extend(annotate_all(group, annotate, &mut work));
    }
    let mut annotated = documents.into_iter().zip(annotations);
    let outcomes = rest.into_iter().filter_map(|(failure, place, bytes, fingerprint)| {
        let result = match failure {
            Some(failure) => Err(failure),
            None => annotated.next().map(|(document, result)| finished(document, result, place))?,
        };
        Some(Outcome { result, bytes, fingerprint })
    });
    Outcomes { documents: outcomes.collect(), work, reading: chunk.reading, ends_part: chunk.ends_part }
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
fn annotate_all(documents: &[Document], annotate: &impl Annotate, work: &mut Work) -> Vec<Result<Annotation, Cause>> {
    let attempted = match documents {
        [huge] if is_huge(&huge.text) => attempt_stretches(&huge.text, annotate).map(|(it, took)| (vec![it], took)),
        documents => attempt(documents, annotate),
    };
    match attempted {
        Ok((annotations, took)) => {
            *work += took;
            annotations.into_iter().map(Ok).collect()
        }
        Err(cause) if documents.len() == 1 => vec![Err(cause)],
        Err(_) => documents.iter().flat_map(|it| annotate_all(slice::from_ref(it), annotate, work)).collect(),
    }
}

/// Annotates a huge text on all threads that are free.
fn attempt_stretches(text: &str, annotate: &impl Annotate) -> Result<(Annotation, Work), Cause> {
    let attempt_one = |&stretch: &Span<Byte>| {
        let (mut annotations, took) = attempt(&[Document::new("", stretch.of(text))], annotate)?;
        Ok((stretch, annotations.pop().unwrap_or_default(), took))
    };
    let found = stretches(text).par_iter().map(attempt_one).collect::<Result<Vec<_>, Cause>>()?;
    let mut work = Work::default();
    let annotation = join(found.into_iter().map(|(stretch, annotation, took)| {
        work += took;
        (stretch, annotation)
    }));
    Ok((annotation, work))
}

fn attempt(documents: &[Document], annotate: &impl Annotate) -> Result<(Vec<Annotation>, Work), Cause> {
    if documents.is_empty() {
        return Ok((Vec::new(), Work::default()));
    }
    match catch_unwind(AssertUnwindSafe(|| annotate(documents))) {
        Ok(Ok((annotations, work))) if annotations.len() == documents.len() => Ok((annotations, work)),
        Ok(Ok((annotations, _))) => {
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
    fn label(documents: &[Document]) -> Result<(Vec<Annotation>, Work), AnnotateError> {
        let label = |document: &Document| {
            if document.text == "panic" {
                resume_unwind(Box::new(format!("at {}", document.id)));
            }
            let name = format!("speaker of {}", document.id);
            let speaker = Entity { name, kind: SpeakerType::Group, titles: Vec::new(), mentions: Vec::new() };
            Annotation { statements: Vec::new(), speakers: vec![speaker] }
        };
        Ok((documents.iter().map(label).collect(), Work { pieces: documents.len() as u64, ..Work::default() }))
    }

    fn on(threads: usize) -> Settings {
        Settings::new(NonZeroUsize::new(threads).unwrap())
    }

    fn run_all(items: Vec<Item>, annotate: impl Annotate, threads: usize) -> Vec<String> {
        let mut found = Vec::new();
        let result = run(items.into_iter(), annotate, on(threads), |outcomes| {
            found.extend(outcomes.documents.into_iter().map(|outcome| match outcome.result {
                Ok((document, annotation)) => format!("{}: {}", document.id, annotation.speakers[0].name),
                Err(failure) => format!("{}: {}", failure.place, failure.cause),
            }));
            Ok::<(), ()>(())
        });
        assert!(result.is_ok());
        found
    }

    #[test]
    fn results_that_are_missing_are_a_failure_of_that_document() {
        let forgetful = |documents: &[Document]| label(documents).map(|(mut all, work)| (all.split_off(1), work));
        let found = run_all(vec![item(1, "x")], forgetful, 1);
        assert_eq!(found, ["a:1: dixit failed on this document: 0 annotations of 1 documents"]);
    }

    #[test]
    fn the_reader_is_never_far_ahead_of_the_consumer() {
        let (read, threads) = (AtomicUsize::new(0), 3);
        let items = (1..=6000).map(|line| {
            read.fetch_add(1, Ordering::Relaxed);
            item(line, "")
        });
        let mut consumed = 0;
        let result = run(items, label, on(threads), |outcomes| {
            // The chunks on their way, the one that waits to be, and the one that is being cut.
            assert!(read.load(Ordering::Relaxed) <= consumed + 16 * (ahead::CHUNKS * threads + 2));
            consumed += outcomes.documents.len();
            Ok::<(), ()>(())
        });
        assert!(result.is_ok());
        assert_eq!(consumed, 6000);
    }

    #[test]
    fn a_consumer_that_stops_ends_an_endless_run() {
        let mut left = 3;
        let items = (1..).map(|line| item(line, "x"));
        let result = run(items, label, on(1), |_| {
            left -= 1;
            if left == 0 { Err("enough") } else { Ok(()) }
        });
        assert!(matches!(result, Err(RunError::Stopped("enough"))));
    }

    #[test]
    fn a_consumer_that_panics_ends_an_endless_run() {
        let items = (1..).map(|line| item(line, "x"));
        let ended = catch_unwind(AssertUnwindSafe(|| {
            run(items, label, on(2), |_| -> Result<(), ()> { resume_unwind(Box::new("no more")) })
        }));
        assert!(ended.is_err());
    }

    #[test]
    fn a_huge_document_comes_out_whole() {
        let huge = "Rain fell on the docks.\n".repeat(250_000);
        let count = |documents: &[Document]| {
            assert!(documents.iter().all(|it| it.text.len() <= 1 << 20));
            label(documents)
        };
        let mut found = Vec::new();
        let items = vec![item(1, "x"), item(2, &huge), item(3, "x")];
        let result = run(items.into_iter(), count, on(2), |outcomes| {
            found.push((outcomes.documents.len(), outcomes.work.pieces));
            for outcome in outcomes.documents {
                let (document, annotation) = outcome.result.unwrap();
                assert!(document.id != "2" || (document.text == huge && annotation.speakers.len() == 1));
            }
            Ok::<(), ()>(())
        });
        assert!(result.is_ok());
        assert_eq!(found, [(2, 7), (1, 1)]);
    }

    #[test]
    fn a_huge_document_fails_as_a_whole() {
        let fail = |documents: &[Document]| match documents {
            [one] if one.text.contains("torn") => resume_unwind(Box::new("torn")),
            documents => label(documents),
        };
        let huge = "Rain fell on the docks.\n".repeat(200_000) + "torn";
        let found = run_all(vec![item(1, "x"), item(2, &huge)], fail, 2);
        assert_eq!(found, ["1: speaker of 1", "a:2: dixit failed on this document: torn"]);
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
