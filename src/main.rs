//! Starts the program.

fn main() -> std::process::ExitCode {
    anfang::cli::run()
}
