//! Runs that are cut off, and what is left to go on with.

use std::fmt::Write as _;
use std::fs::{self, File};
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
