//! Stories of merge requests, told through the front door: a real service, a forge, and what people see.

mod bounds;
mod hostile;
mod judged;
mod life;
mod moves;
mod outages;
mod scene;
mod talk;
mod targets;
mod webhooks;

use scene::{FIRST, Home, Light, Story, is_fixed, story};

/// A Java class in the sample bank.
const LEDGER: &str = "core/Ledger.java";

/// The ledger with these lines in a method; the first stands on line 3.
fn ledger(lines: &str) -> [(&'static str, String); 1] {
    [(LEDGER, format!("class Ledger {{\n    void post() {{\n{lines}    }}\n}}\n"))]
}
