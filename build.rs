//! Tells the linker where libtorch is, if the backend on it is built in.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // torch-sys sets it to the folder in which it found libtorch. Without the feature `rust-bert` there is none.
    let Ok(libraries) = env::var("DEP_TCH_LIBTORCH_LIB") else { return };
    let system = env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if system == "linux" {
        // Libraries of which no symbol is used register their kernels when they are loaded, so none may be left out.
        println!("cargo:rustc-link-arg=-Wl,--no-as-needed");
        println!("cargo:rustc-link-arg=-ltorch");
    }
    if system != "windows" {
        // The program finds libtorch where it was built against it, without LD_LIBRARY_PATH.
        println!("cargo:rustc-link-arg=-Wl,-rpath,{libraries}");
    }
}
