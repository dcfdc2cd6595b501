//! Runs that are cut off, and what is left to go on with.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

const PART: [&str; 2] = ["--part-documents", "3"];

/// Twenty short articles and a line that is none.
fn corpus() -> String {
    let mut lines = String::new();
    for number in 0..20 {
        let text = format!(
            "Ferry number {number} was late again, passengers said.\\n\\n“We waited for {number} hours,” said Rosa Lindqvist, \
             a teacher. The operator, Norrwire, denied that the delay was longer than {number} minutes."
        );
        writeln!(lines, r#"{{"id": "ferry-{number}", "text": "{text}"}}"#).unwrap();
        if number == 7 {
            lines.push_str("{\"id\": \"no text\"}\n");
        }
    }
    lines
}

fn sandbox() -> Sandbox {
    Sandbox::new(&[("news.jsonl", corpus().as_bytes())])
}

fn arguments<'a>(output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["annotate", "news.jsonl", "-o", output, "--errors", "failed.jsonl"], &PART[..], more].concat()
}

/// The files that a run left, each with its bytes.
type Contents = Vec<(String, Vec<u8>)>;

/// Every file below a folder with its bytes; of manifests what does not tell of times and threads.
fn contents(folder: &Path) -> Contents {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(contents(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if name.ends_with("manifest.json") {
            let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let times = manifest.as_object_mut().unwrap().remove("times");
            assert!(times.is_some(), "{manifest}");
            // Each sandbox has an input of its own, written at another time.
            manifest.as_object_mut().unwrap().remove("input");
            found.push((name, manifest.to_string().into_bytes()));
        } else {
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Starts dixit and kills it after `after`, unless it ends before; whether it did.
fn finishes_within(sandbox: &Sandbox, arguments: &[&str], after: Duration) -> bool {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("dixit"))
        .current_dir(sandbox.path(""))
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while begin.elapsed() < after {
        if let Some(status) = child.try_wait().unwrap() {
            // The line without text failed.
            assert_eq!(status.code(), Some(1));
            return true;
        }
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

/// `DIXIT_KILLS` is how many runs are killed; a few by default.
#[test]
fn a_run_that_is_killed_at_any_moment_ends_as_one_that_is_not() {
    let kills: usize = std::env::var("DIXIT_KILLS").map_or(12, |it| it.parse().unwrap());
    let outputs = ["out.jsonl", "parts/", "out.csv", "out.parquet", "out.arrow"];
    let mut random = fastrand::Rng::with_seed(20);
    let (mut done, mut number) = (0, 0);
    let mut whole: Vec<Option<(Contents, Duration)>> = vec![None; outputs.len()];
    while done < kills {
        let kind = number % outputs.len();
        let output = outputs[kind];
        number += 1;
        let (expected, duration) = whole[kind].get_or_insert_with(|| {
            let sandbox = sandbox();
            let begin = Instant::now();
            assert_eq!(sandbox.run(&arguments(output, &[])).code, 1);
            (contents(&sandbox.path("")), begin.elapsed())
        });
        let sandbox = sandbox();
        let mut killed = 0;
        // After some tries it may take its time: a machine can be too busy for any run to end within what one took.
        while !finishes_within(
            &sandbox,
            &arguments(output, &["--resume"]),
            duration.mul_f64(random.f64() * 1.1) * if killed < 8 { 1 } else { 20 },
        ) {
            killed += 1;
        }
        done += killed;
        assert_eq!(sandbox.run(&arguments(output, &["--resume"])).code, 1, "it is complete, and says so again");
        let found = contents(&sandbox.path(""));
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found), names(expected), "{output}, killed {killed} times");
        for (left, right) in found.iter().zip(expected.iter()) {
            assert!(left == right, "{output}, killed {killed} times: {} differs", left.0);
        }
    }
}

/// Kills dixit as soon as `file` is there, unless it ends before.
fn kill_at(sandbox: &Sandbox, arguments: &[&str], file: &str) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("dixit"))
        .current_dir(sandbox.path(""))
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !sandbox.path(file).exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    // It may have ended meanwhile.
    let _ = child.kill();
    child.wait().unwrap();
}

/// The output lies among the input, where what a run leaves there before it is over could be taken for documents.
#[test]
fn a_run_that_is_killed_as_it_begins_or_ends_leaves_its_output_in_order() {
    let arguments = [&["annotate", ".", "-o", "out.jsonl", "--errors", "failed.jsonl", "--resume"], &PART[..]].concat();
    let whole = sandbox();
    assert_eq!(whole.run(&arguments).code, 1);
    let partial = |name: &str| format!("out.jsonl.partial/{name}");
    let moments = [
        "out.jsonl.partial".to_owned(),
        partial("state"),
        partial("output"),
        partial("manifest"),
        "failed.jsonl".to_owned(),
        "out.jsonl.manifest.json".to_owned(),
        "out.jsonl".to_owned(),
    ];
    for moment in moments {
        let sandbox = sandbox();
        kill_at(&sandbox, &arguments, &moment);
        let ran = sandbox.run(&arguments);
        assert_eq!(ran.code, 1, "{moment}: {}", ran.err);
        assert_eq!(contents(&sandbox.path("")), contents(&whole.path("")), "{moment}");
    }
}

#[test]
fn the_parts_of_two_runs_are_not_mixed() {
    let sandbox = Sandbox::new(&[("in/news.jsonl", corpus().as_bytes())]);
    let run = |more: &[&str]| sandbox.run(&[&["annotate", "in", "-o", "parts/"], &PART[..], more].concat());
    assert_eq!(run(&[]).code, 1);
    let first = contents(&sandbox.path("parts"));
    let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["errors.jsonl", "manifest.json"]);
    assert_eq!(names[2..], (0..7).map(|part| format!("part-{part:05}.jsonl")).collect::<Vec<_>>());
    let refused = run(&[]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("holds the parts of an earlier run"), "{}", refused.err);
    let complete = run(&["--resume"]);
    assert_eq!(complete.code, 1);
    assert!(complete.err.contains("is complete already: "), "{}", complete.err);
    assert_eq!(contents(&sandbox.path("parts")), first);
    assert_eq!(run(&["--overwrite", "--format", "csv"]).code, 1);
    assert!(
        contents(&sandbox.path("parts")).iter().all(|(name, _)| !name.ends_with(".jsonl") || name == "errors.jsonl")
    );
    let within = sandbox.run(&["annotate", ".", "-o", "parts/", "--overwrite"]);
    assert!(within.code == 2 && within.err.contains("its parts would be read as documents"), "{}", within.err);
}

#[test]
fn a_log_is_a_line_an_event() {
    let sandbox = sandbox();
    let ran = sandbox.run(&arguments("out.jsonl", &["--log", "json"]));
    let lines: Vec<serde_json::Value> = ran.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!((events[0], events[events.len() - 1]), ("start", "summary"));
    assert_eq!(events.iter().filter(|it| **it == "failed").count(), 1);
    assert_eq!(events.iter().filter(|it| **it == "part").count(), 7);
    let last = &lines[lines.len() - 1];
    assert_eq!((&last["documents"], &last["failed"], &last["level"]), (&20.into(), &1.into(), &"INFO".into()));
}

#[test]
fn quiet_is_quiet_and_a_summary_sums_up() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&arguments("out.jsonl", &["--quiet"])).err, "");
    let told = sandbox.run(&arguments("out.jsonl", &["--summary"])).err;
    for row in ["in 20 documents; 1 failed\n", "\n  statements  ", "\n  speakers    ", "\n  stages      "] {
        assert!(told.contains(row), "{told}");
    }
}

/// A sandbox in which a run to out.jsonl broke off after some parts, for want of space.
#[cfg(target_os = "linux")]
fn broken_off() -> Sandbox {
    let sandbox = sandbox();
    // A file of more than 16 KiB may not be written.
    let limited = format!("ulimit -f 16; trap '' XFSZ; exec \"$0\" {}", arguments("out.jsonl", &[]).join(" "));
    let ran = Command::new("bash")
        .current_dir(sandbox.path(""))
        .args(["-c", &limited])
        .arg(assert_cmd::cargo::cargo_bin("dixit"))
        .output()
        .unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.contains("documents are kept in out.jsonl.partial; mend it and go on with --resume"), "{told}");
    assert!(told.contains("cannot write the output"), "{told}");
    sandbox
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing() {
    let sandbox = broken_off();
    assert!(!sandbox.path("out.jsonl").exists());
    assert_eq!(sandbox.run(&arguments("out.jsonl", &["--resume"])).code, 1);
    let whole = self::sandbox();
    assert_eq!(whole.run(&arguments("out.jsonl", &[])).code, 1);
    assert_eq!(contents(&sandbox.path("")), contents(&whole.path("")));
}

#[cfg(target_os = "linux")]
#[test]
fn an_unfinished_run_is_neither_lost_nor_mixed_with_another() {
    let refused = |sandbox: &Sandbox, more: &[&str], message: &str| {
        let ran = sandbox.run(&arguments("out.jsonl", more));
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(message), "{}", ran.err);
    };
    let sandbox = broken_off();
    refused(&sandbox, &[], "go on with it with --resume, or start anew with --overwrite");
    refused(&sandbox, &["--resume", "--min-confidence", "0.5"], "--min-confidence was 0, is 0.5");
    fs::write(sandbox.path("news.jsonl"), corpus().replace("Rosa", "Rita")).unwrap();
    refused(&sandbox, &["--resume"], "the input has changed: there was news.jsonl");
    assert_eq!(sandbox.run(&arguments("out.jsonl", &["--overwrite"])).code, 1);
    assert!(sandbox.read("out.jsonl").contains("Rita Lindqvist") && !sandbox.path("out.jsonl.partial").exists());
}

/// A folder with a copy of the built-in model.
fn model(sandbox: &Sandbox) {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en");
    fs::create_dir(sandbox.path("model")).unwrap();
    for file in ["config.json", "tokenizer.json", "model.onnx"] {
        fs::copy(built_in.join(file), sandbox.path("model").join(file)).unwrap();
    }
}

/// Changes a file of the model in such a way that it still is one.
fn change_model(sandbox: &Sandbox, file: &str) {
    let path = sandbox.path("model").join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text} ")).unwrap();
}

#[test]
fn a_run_is_gone_on_with_by_the_same_model_only() {
    for output in ["out.jsonl", "parts/"] {
        let sandbox = sandbox();
        model(&sandbox);
        let first_part = if output == "parts/" { "parts/part-00000.jsonl" } else { "out.jsonl.partial/output" };
        let run = |more: &[&str]| sandbox.run(&arguments(output, &[&["--model", "model", "--resume"], more].concat()));
        kill_at(&sandbox, &arguments(output, &["--model", "model"]), first_part);
        // Whether it was killed before or after its end, it was by this model.
        change_model(&sandbox, "config.json");
        let refused = run(&[]);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""));
        assert!(refused.err.contains("the model is another one than model was then"), "{}", refused.err);
        assert!(refused.err.contains("--overwrite"), "{}", refused.err);
        assert_eq!(sandbox.run(&arguments(output, &["--model", "model", "--overwrite"])).code, 1);
        // The same model in another place is the same model.
        fs::rename(sandbox.path("model"), sandbox.path("moved")).unwrap();
        let complete = sandbox.run(&arguments(output, &["--model", "moved", "--resume"]));
        assert_eq!(complete.code, 1);
        assert!(complete.err.contains("is complete already: "), "{}", complete.err);
        let other = sandbox.run(&arguments(output, &["--resume"]));
        assert_eq!(other.code, 2);
        assert!(other.err.contains("the model is another one than model was then"), "{}", other.err);
    }
}

/// What was finished by other options is no less worth keeping than what was not.
#[test]
fn a_complete_run_is_not_replaced_by_one_that_goes_on_with_it() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&arguments("out.jsonl", &[])).code, 1);
    let complete = contents(&sandbox.path(""));
    for (more, message) in [
        (&["--min-confidence", "0.5"][..], "--min-confidence was 0, is 0.5"),
        (&["--encoding", "windows-1252"], "--encoding was not set, is windows-1252"),
        (&["--text-column", "body"], "--text-column was not set, is body"),
        (&["--max-unpacked", "1k"], "--max-unpacked was not set, is 1024"),
        (&["--format", "csv"], "--format was jsonl, is csv"),
    ] {
        let ran = sandbox.run(&arguments("out.jsonl", &[&["--resume"], more].concat()));
        assert_eq!(ran.code, 2, "{}", ran.err);
        let expected = format!("out.jsonl is complete, and is of another run: {message}; write to another place");
        assert!(ran.err.contains(&expected), "{}", ran.err);
        assert_eq!(contents(&sandbox.path("")), complete);
    }
    assert_eq!(sandbox.run(&arguments("out.jsonl", &["--overwrite", "--min-confidence", "0.5"])).code, 1);
}

/// What a run does whose reader goes away after the first line: its exit status and what it says.
fn read_by_head(sandbox: &Sandbox, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("dixit"))
        .current_dir(sandbox.path(""))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    drop(output);
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), told)
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    // More than a pipe holds.
    let lines: String = (0..40)
        .map(|n| format!("{{\"id\": \"{n}\", \"text\": \"“Rain,” he said.\", \"x\": \"{}\"}}\n", "-".repeat(40_000)))
        .collect();
    let sandbox = Sandbox::new(&[("long.jsonl", lines.as_bytes()), ("news.jsonl", corpus().as_bytes())]);
    assert_eq!(read_by_head(&sandbox, &["annotate", "long.jsonl", "--format", "jsonl"]), (Some(0), String::new()));
    for format in ["jsonl", "csv", "pretty", "arrow", "parquet"] {
        let (code, told) = read_by_head(&sandbox, &["annotate", "news.jsonl", "--format", format]);
        // It may have ended before its reader went.
        assert!(code == Some(0) || code == Some(1) && told.ends_with("; 1 failed\n"), "{format}: {told}");
    }
}

#[test]
fn nobody_has_to_listen() {
    for (output, more) in [
        ("out.jsonl", &["--summary"][..]),
        ("parts/", &["--log", "json"]),
        ("parts/", &["--log", "text"]),
        ("parts/", &[]),
    ] {
        let sandbox = sandbox();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("dixit"))
            .current_dir(sandbox.path(""))
            .args(arguments(output, more))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{output} {more:?}");
        let heard = self::sandbox();
        assert_eq!(heard.run(&arguments(output, &[])).code, 1);
        assert_eq!(contents(&sandbox.path("")), contents(&heard.path("")), "{output} {more:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_for_the_errors_or_the_table_is_told_of() {
    let sandbox = Sandbox::new(&[("news.jsonl", corpus().as_bytes())]);
    for arguments in [
        &["annotate", "news.jsonl", "--errors", "/dev/full"][..],
        &["annotate", "news.jsonl", "-o", "/dev/full"],
        &["annotate", "news.jsonl", "-o", "/dev/full", "--format", "parquet"],
        &["annotate", "news.jsonl", "-o", "/dev/full", "--format", "arrow"],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("cannot write the ") && ran.err.contains("No space left on device"), "{}", ran.err);
    }
    assert_eq!(sandbox.files(), ["news.jsonl"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told_of() {
    let sandbox = sandbox();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut run = Command::new(assert_cmd::cargo::cargo_bin("dixit"));
    let ran = run.current_dir(sandbox.path("")).args(["annotate", "news.jsonl"]).stdout(full).output().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(told.contains("cannot write the output"), "{told}");
}
