//! Hands the arguments to `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dipper::cli::main(std::env::args_os())
}
