//! A folder to run `dixit` in.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

pub struct Sandbox {
    folder: TempDir,
}

/// What a run left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    /// A folder with these files.
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        for (name, content) in files {
            let path = sandbox.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in the folder itself, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `dixit` in this folder, about to run.
    pub fn dixit(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("dixit").unwrap();
        command.current_dir(self.folder.path()).env_remove("RUST_BACKTRACE").env_remove("NO_COLOR").args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, b"")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let output = self.dixit(arguments).write_stdin(input).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The lines that a run without failures writes.
    pub fn annotate(&self, arguments: &[&str]) -> Vec<Value> {
        self.annotate_with_input(arguments, b"")
    }

    pub fn annotate_with_input(&self, arguments: &[&str], input: &[u8]) -> Vec<Value> {
        let ran = self.run_with_input(&[&["annotate"], arguments].concat(), input);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The ids of the lines.
pub fn ids(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["id"].as_str().unwrap()).collect()
}
