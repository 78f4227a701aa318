//! Tells cargo which files besides the source are embedded in the binary, so that it is rebuilt when one of them
//! changes.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    // A path that is not there would count as changed each time; `make` touches this file when it has built the app.
    if std::path::Path::new("web/dist").exists() {
        println!("cargo::rerun-if-changed=web/dist");
    }
}
