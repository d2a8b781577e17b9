//! `cargo xtask`: what is done to the toolkit rather than by it.
//!
//! Packaging and the register live in a program of their own, so that a release needs no shell on the machine that
//! makes it beyond `ci/toolchain`, and so that their rules can be tested. It never links the toolkit: what a tool says
//! of itself (man page, completions, policy, schema) is asked of the packaged binary. Serves people who release, and
//! the gate (`ci/check`).

mod console;
mod package;
mod project;
mod register;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Package the tools, and hold the register of tools")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the tools and zip them, with a manifest and checksums
    Package(package::Arguments),
    /// Hold tools.toml, Cargo.toml, src/bin, dist/iam and the README's table of tools in step
    Register(register::Arguments),
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    let outcome = Project::here().and_then(|project| match task {
        Task::Package(arguments) => package::run(&project, &arguments),
        Task::Register(arguments) => register::run(&project, &arguments),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&error);
            ExitCode::FAILURE
        }
    }
}
