//! The `dixit` program.

mod cli;

use std::io;
use std::process::ExitCode;

use clap::Parser;

/// The network's buffers come and go with every batch; the system's allocator gives their pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    silence_workers();
    match cli::Cli::parse().run() {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            cli::say(format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// A panic on a worker is reported as its document's failure; the panic's own message helps only with a backtrace.
fn silence_workers() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let worker = std::thread::current().name() == Some(dixit::run::WORKER);
        if !worker || std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it != "0") {
            print(panic);
        }
    }));
}

/// Whether whoever read the output went away, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}
