//! Judges what checks found: proof decides by itself; questions and doubts go to the model, where there is one.
//!
//! `site` says what is asked where, `prompt` how, `trial` holds the answers against the code, `inquest` does it for
//! a whole change. A model adds findings and dismisses what may be dismissed; it takes nothing else away.

mod allowance;
mod answer;
mod claim;
mod cobol;
mod declared;
mod excerpt;
mod inquest;
mod mend;
mod place;
mod prompt;
mod recheck;
mod site;
mod together;
mod trial;
mod uses;
mod veil;

pub(crate) use crate::verdict::inquest::{Court, Docket, Findings, Inquest, hold};
pub(crate) use crate::verdict::site::{Inquiry, Matter, inquiries, questions};

#[cfg(test)]
mod tests;
