//! The fields of a request, taken one by one; what is left over was not understood, and is refused by name.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::ApiError;

/// Fields of OpenAI's interface that change nothing here.
const WITHOUT_EFFECT: [&str; 7] = [
    "metadata",
    "parallel_tool_calls",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "store",
];

/// The fields of a request that were not yet taken.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::bad("", "The body must be a JSON object.")),
            Err(error) => Err(ApiError::bad("", format!("The body is no JSON: {error}."))),
        }
    }

    /// A field; `null` is as if it were not there.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value)
                .map(Some)
                .map_err(|error| ApiError::bad(name, format!("`{name}`: {error}."))),
        }
    }

    /// A field that must be there.
    pub(super) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        self.take(name)?.ok_or_else(|| ApiError::bad(name, format!("You must provide `{name}`.")))
    }

    /// A field that must not be there, or have one of these values, which mean that it is not wanted.
    pub(super) fn refuse(&mut self, name: &str, unless: &[Value]) -> Result<(), ApiError> {
        let value = self.0.remove(name).unwrap_or_default();
        let is_number = |number: &Value| number.as_f64().is_some() && number.as_f64() == value.as_f64();
        if value.is_null() || unless.iter().any(|neutral| *neutral == value || is_number(neutral)) {
            return Ok(());
        }
        Err(ApiError::bad(name, format!("`{name}` is not supported by this server.")))
    }

    /// Refuses what is left.
    pub(super) fn end(mut self) -> Result<(), ApiError> {
        for name in WITHOUT_EFFECT {
            self.0.remove(name);
        }
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => {
                let name: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
                Err(ApiError::bad(&name, format!("Unrecognized request argument supplied: `{name}`.")))
            }
        }
    }
}
