//! The proofs: one binary, one module for each promise to a user.

mod answers;
mod bad_input;
mod browser;
mod bustle;
mod change;
mod command_line;
mod configuration;
mod crash;
mod encodings;
mod engine;
mod evaluation;
mod fakes;
mod flow;
mod house;
mod interface;
mod lifecycle;
mod model;
mod pack;
mod policies;
mod remote;
mod replicas;
mod reports;
mod stories;

/// A Java method with these lines; `AMOUNT` breaches a policy.
fn posting(lines: &str) -> String {
    format!("class Posting {{\n    void post() {{\n{lines}    }}\n}}\n")
}

/// A breach that blocks.
const AMOUNT: &str = "        double amount = 1.5;\n";

/// A line that no policy minds.
const RATIO: &str = "        double ratio = 1.5;\n";

/// A breach that is minor.
const PRINT: &str = "        System.out.println(1);\n";

/// A breach of a policy that only warns.
const SLEEP: &str = "        Thread.sleep(1);\n";

/// A place for a question that needs a model.
const RETRY: &str = "        client.retry(call);\n";
