//! Parses arguments, runs one command, ends with its exit code.

fn main() -> std::process::ExitCode {
    limes::cli::main()
}
