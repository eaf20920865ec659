//! What the service tells its operators: the log, the meters, whether it lives and can work.
//!
//! The log has a message for people and dotted fields for search. It never holds code, secrets, tokens, names
//! or the text of comments; what is written of a request is its method, its route, its status, its duration.

pub(crate) mod meters;
pub(crate) mod probes;
pub(crate) mod requests;

use std::io::IsTerminal;

use anyhow::Context;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Log, LogFormat};

/// Starts the log, to stderr.
pub(crate) fn start_log(log: &Log) -> anyhow::Result<()> {
    let subscriber = subscriber(log, std::io::stderr, std::io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(subscriber).context("the log has been started already")
}

/// A log that goes to a writer. The filter is the operator's, never the environment's.
fn subscriber<W>(log: &Log, writer: W, colours: bool) -> anyhow::Result<Box<dyn Subscriber + Send + Sync>>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&log.level).with_context(|| {
        format!("`log.level = \"{}\"`: use a level such as `info`, or a filter", log.level)
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match log.format {
        LogFormat::Text => Box::new(builder.with_ansi(colours).finish()),
        LogFormat::Json => Box::new(builder.json().flatten_event(true).finish()),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, level: &str) -> String {
        let writer = Written::default();
        let makes = writer.clone();
        let log = Log { format, level: level.to_owned() };
        let subscriber = subscriber(&log, move || makes.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(job.attempt = 2, "A job begins");
            tracing::debug!("A detail");
        });
        let bytes = writer.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_log_for_machines_is_one_object_on_a_line() {
        let log = written(LogFormat::Json, "info");
        let line: serde_json::Value = serde_json::from_str(log.trim()).unwrap();
        assert_eq!((&line["message"], &line["job.attempt"]), (&"A job begins".into(), &2.into()));
    }

    #[test]
    fn the_log_for_people_is_text_without_colours_off_a_terminal() {
        let log = written(LogFormat::Text, "info");
        assert!(log.contains("A job begins job.attempt=2"), "{log}");
        assert!(!log.contains('\u{1b}') && !log.contains("A detail"), "{log}");
    }

    #[test]
    fn a_filter_lets_more_through_and_a_wrong_one_is_named() {
        assert!(written(LogFormat::Text, "warn,countersign_server=debug").contains("A detail"));
        let log = Log { format: LogFormat::Text, level: "a=b=c".to_owned() };
        let error = subscriber(&log, std::io::sink, false).err().unwrap();
        assert!(error.to_string().contains("log.level"), "{error}");
    }
}
