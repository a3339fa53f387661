//! The native program: builds the page and serves it, or writes it as files that any host can serve.
//! Cargo is all it needs: wasm-bindgen is linked in, so that its version always fits the page's.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tracesift_cli::{build, dist, serve, site};

/// Agent trajectories on the Hugging Face Hub, turned into SFT data in the browser.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page and serve it on this machine (what happens without a command)
    Serve(Serve),
    /// Write the page as a folder that any static host can serve
    Dist(Dist),
}

#[derive(Args)]
struct Serve {
    /// The port to serve on; a free one by default
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Don't open the browser
    #[arg(long)]
    no_open: bool,
}

#[derive(Args)]
struct Dist {
    /// The folder to write to; older files of this program in it are replaced, others stay
    #[arg(long, default_value = "dist")]
    out: PathBuf,
    /// Add the README.md that makes the folder a static Hugging Face Space
    #[arg(long)]
    space: bool,
    /// Build as `cargo run` does: in a fraction of the time, for a page that is several times as large
    #[arg(long)]
    quick: bool,
}

/// What stopped the program, in words for the person who started it.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Build(#[from] build::BuildError),
    #[error(transparent)]
    Site(#[from] site::SiteError),
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
    #[error(transparent)]
    Dist(#[from] dist::DistError),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command.unwrap_or(Command::Serve(arguments.serve)) {
        Command::Serve(options) => serve(&options),
        Command::Dist(options) => dist(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Takes the port first, so that a port in use is reported before the build and not after it.
fn serve(options: &Serve) -> Result<(), Failure> {
    let listener = serve::bind(options.port)?;
    let programs = build::build(build::Purpose::Develop)?;
    let site = site::Site::assemble(&build::root(), programs)?;
    Ok(serve::run(listener, site, !options.no_open)?)
}

fn dist(options: &Dist) -> Result<(), Failure> {
    let site = if options.quick {
        let programs = build::build(build::Purpose::Develop)?;
        site::Site::assemble(&build::root(), programs)?
    } else {
        let programs = build::build(build::Purpose::Deploy)?;
        dist::optimized(site::Site::assemble(&build::root(), programs)?)?
    };
    Ok(dist::write(
        &dist::with_hashed_names(site),
        &options.out,
        options.space,
    )?)
}
