//! How good a model is at the questions of policies, measured on code whose breaches are known.
//!
//! Policies and their examples in; a report out. `labels` makes labelled pairs of examples, with the labels taken out
//! of the text; `measure` reviews one as a new file and holds the findings against its labels; `tally` counts;
//! `report` is what is kept, and says what policies have earned; `alarm` compares two reports.

mod alarm;
mod labels;
mod measure;
mod report;
mod tally;
#[cfg(test)]
mod tests;

pub use crate::evaluation::alarm::{Alarm, Figure, alarms};
pub use crate::evaluation::labels::{LabelledFile, Labels, Place, labelled};
pub use crate::evaluation::measure::measure;
pub use crate::evaluation::report::{
    EvaluationReport, Figures, LEAST_PLACES, LEAST_PRECISION, ModelRecord, NothingEarned, SetRecord,
};
pub use crate::evaluation::tally::{Share, Tally};
