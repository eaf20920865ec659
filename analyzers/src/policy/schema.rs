//! The JSON Schema of a policy file, made from the types that read it.

use crate::policy::document::PolicyDocument;

/// The schema, as pretty JSON with a line feed at its end.
pub fn policy_schema() -> String {
    let schema = schemars::schema_for!(PolicyDocument);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
