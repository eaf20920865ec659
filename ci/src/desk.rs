//! Who sits at the other end: how much to say, in which language, with how many threads.

use std::io::{self, IsTerminal};

use analyzers::text::Locale;
use anstream::eprintln;
use anyhow::Context;
use clap::Args;

use crate::exit::harmless;
use crate::options::one_of;

/// Stack of a worker: deep code is walked by recursion, bounded by the parser's depth.
const WORKER_STACK_BYTES: usize = 16 << 20;

/// Flags of every command.
#[derive(Args)]
#[command(next_help_heading = "Common")]
pub(crate) struct DeskOptions {
    /// Language of reports and policies
    #[arg(long, global = true, value_name = "LANGUAGE", default_value = "en", value_parser = one_of::<Locale>(["en", "zh"]))]
    lang: Locale,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Threads to work with [default: one for each processor]
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    #[command(flatten)]
    color: colorchoice_clap::Color,
}

/// The reader of a run.
pub(crate) struct Desk {
    /// The language of reports and policies.
    pub(crate) locale: Locale,
    /// Whether a person watches stderr.
    pub(crate) watched: bool,
    quiet: bool,
}

impl Desk {
    /// Takes the flags over, and starts the threads.
    pub(crate) fn new(options: &DeskOptions) -> anyhow::Result<Self> {
        options.color.write_global();
        rayon::ThreadPoolBuilder::new()
            .num_threads(options.jobs.map_or(0, usize::from))
            .stack_size(WORKER_STACK_BYTES)
            .build_global()
            .context("starting the threads")?;
        let watched = !options.quiet && io::stderr().is_terminal();
        Ok(Self { locale: options.lang, watched, quiet: options.quiet })
    }

    /// Tells something that is good to know.
    pub(crate) fn note(&self, what: &str) {
        if !self.quiet {
            eprintln!("{}", harmless(what));
        }
    }
}
