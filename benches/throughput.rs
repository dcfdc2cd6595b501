//! How many words a second each stage gets through, on the articles of `corpus/`.

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dixit::corpus::{Item, Place};
use dixit::encoder::{Tokens, Words};
use dixit::model::Model;
use dixit::quotations::{Quoted, quotations};
use dixit::run::{self, Settings};
use dixit::{Annotator, Document, segment};

/// How often a corpus run sees each article: enough chunks to keep two threads busy.
const REPEATS: usize = 3;

fn articles() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "txt"));
    paths.sort();
    paths.iter().map(|path| Document::new(path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// Number of words and punctuation marks in the articles, as the network counts them.
fn words(articles: &[Document], tokens: &Tokens) -> u64 {
    let count = |article: &Document| {
        let spans: Vec<_> = segment::paragraphs(&article.text).iter().map(|paragraph| paragraph.span).collect();
        let quoted = Quoted::new(&quotations(&article.text, &spans));
        Words::of(&article.text, &spans, &quoted, tokens).unwrap().len() as u64
    };
    articles.iter().map(count).sum()
}

/// Paragraphs, quotations and sentences, without the network.
fn layout(text: &str) -> usize {
    let paragraphs = segment::paragraphs(text);
    let spans: Vec<_> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
    let quotations = quotations(text, &spans);
    segment::layout(text, paragraphs, &quotations).sentences.len()
}

fn items(articles: &[Document]) -> impl Iterator<Item = Item> + Send {
    articles.iter().cycle().take(articles.len() * REPEATS).map(|article| Item {
        bytes: article.text.len() as u64,
        document: Ok(article.clone()),
        place: Place::file(article.id.as_str()),
    })
}

fn throughput(criterion: &mut Criterion) {
    let articles = articles();
    let model = Model::embedded().unwrap();
    let words = words(&articles, &model.tokens);
    let annotator = Annotator::new(model);

    let mut stages = criterion.benchmark_group("stages");
    stages.throughput(Throughput::Elements(words));
    stages.bench_function("layout and quotations", |bencher| {
        bencher.iter(|| articles.iter().map(|article| layout(black_box(&article.text))).sum::<usize>());
    });
    stages.sample_size(10).measurement_time(Duration::from_secs(15));
    stages.bench_function("whole pipeline, one thread", |bencher| {
        bencher.iter(|| annotator.annotate(black_box(&articles)).unwrap());
    });
    stages.finish();

    let mut runs = criterion.benchmark_group("run");
    runs.throughput(Throughput::Elements(words * REPEATS as u64));
    runs.sample_size(10).measurement_time(Duration::from_secs(30));
    for threads in [1, 2].map(|threads| NonZeroUsize::new(threads).unwrap()) {
        runs.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| {
                let mut statements = 0;
                let annotate = |documents: &[Document]| annotator.annotate_measured(documents);
                run::run(items(&articles), annotate, Settings::new(threads), |chunk| {
                    let annotations = chunk.documents.into_iter().map(|it| it.result.unwrap().1);
                    statements += annotations.map(|it| it.statements.len()).sum::<usize>();
                    Ok::<(), ()>(())
                })
                .unwrap();
                statements
            });
        });
    }
    runs.finish();
}

criterion_group!(benches, throughput);
criterion_main!(benches);
