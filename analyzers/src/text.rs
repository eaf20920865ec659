//! Text for people, in the two languages they read: English, and Chinese where a policy has it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The language in which a person reads a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, `en`.
    #[default]
    En,
    /// Chinese, `zh`.
    Zh,
}

impl FromStr for Locale {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "en" | "en-us" | "en-gb" => Ok(Self::En),
            "zh" | "zh-cn" | "zh-hans" => Ok(Self::Zh),
            _ => Err(format!("unknown report language `{name}`; use `en` or `zh`")),
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.pick("en", "zh"))
    }
}

impl Locale {
    /// Chooses between the English and the Chinese of two wordings.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// A text in English and, where somebody wrote it, in Chinese.
///
/// Written as a plain string (English) or as `{en: …, zh: …}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "TextForm")]
pub struct Text {
    /// The English text.
    pub en: String,
    /// The Chinese text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
}

impl Text {
    /// The text in `locale`, or in English where it has no other.
    pub fn get(&self, locale: Locale) -> &str {
        locale.pick(Some(self.en.as_str()), self.zh.as_deref()).unwrap_or(&self.en)
    }

    /// The same change made to every language of the text.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { en: change(&self.en), zh: self.zh.as_deref().map(change) }
    }
}

impl From<&str> for Text {
    fn from(en: &str) -> Self {
        Self { en: en.to_owned(), zh: None }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum TextForm {
    Plain(String),
    Both(Both),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Both {
    en: String,
    zh: Option<String>,
}

impl From<TextForm> for Text {
    fn from(form: TextForm) -> Self {
        match form {
            TextForm::Plain(en) => Self { en, zh: None },
            TextForm::Both(Both { en, zh }) => Self { en, zh },
        }
    }
}
