//! Says when the binary must be built anew because of what it carries besides its source.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    // A path that is not there would count as changed each time; `make` touches this file when it has built the app.
    if std::path::Path::new("web/dist").exists() {
        println!("cargo::rerun-if-changed=web/dist");
    }
}
