//! The table of languages: one row says how a language is recognised and read.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that Countersign reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the languages' own")]
pub enum Language {
    Java,
    Kotlin,
    Scala,
    C,
    Cpp,
    CSharp,
    Go,
    Python,
    JavaScript,
    TypeScript,
    Tsx,
    Rust,
    Sql,
    PlSql,
    Cobol,
    Jcl,
    Yaml,
    Xml,
    Json,
    Properties,
    Groovy,
    Bash,
}

/// How one language is recognised and read.
struct Row {
    language: Language,
    /// The name in policies and reports.
    name: &'static str,
    extensions: &'static [&'static str],
    grammar: Option<fn() -> tree_sitter::Language>,
    /// Stands for `$` in patterns where the grammar takes no `$` in names.
    expando: char,
}

const fn row(
    language: Language,
    name: &'static str,
    extensions: &'static [&'static str],
    grammar: Option<fn() -> tree_sitter::Language>,
    expando: char,
) -> Row {
    Row { language, name, extensions, grammar, expando }
}

const TABLE: [Row; 22] = [
    row(Language::Java, "java", &["java"], Some(|| tree_sitter_java::LANGUAGE.into()), '$'),
    row(Language::Kotlin, "kotlin", &["kt", "kts"], Some(|| tree_sitter_kotlin_ng::LANGUAGE.into()), 'µ'),
    row(Language::Scala, "scala", &["scala", "sc"], Some(|| tree_sitter_scala::LANGUAGE.into()), '$'),
    row(Language::C, "c", &["c", "h"], Some(|| tree_sitter_c::LANGUAGE.into()), 'µ'),
    row(
        Language::Cpp,
        "cpp",
        &["cpp", "cc", "cxx", "hpp", "hh"],
        Some(|| tree_sitter_cpp::LANGUAGE.into()),
        'µ',
    ),
    row(Language::CSharp, "csharp", &["cs"], Some(|| tree_sitter_c_sharp::LANGUAGE.into()), 'µ'),
    row(Language::Go, "go", &["go"], Some(|| tree_sitter_go::LANGUAGE.into()), 'µ'),
    row(Language::Python, "python", &["py", "pyi"], Some(|| tree_sitter_python::LANGUAGE.into()), 'µ'),
    row(
        Language::JavaScript,
        "javascript",
        &["js", "mjs", "cjs", "jsx"],
        Some(|| tree_sitter_javascript::LANGUAGE.into()),
        '$',
    ),
    row(
        Language::TypeScript,
        "typescript",
        &["ts", "mts", "cts"],
        Some(|| tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        '$',
    ),
    row(Language::Tsx, "tsx", &["tsx"], Some(|| tree_sitter_typescript::LANGUAGE_TSX.into()), '$'),
    row(Language::Rust, "rust", &["rs"], Some(|| tree_sitter_rust::LANGUAGE.into()), 'µ'),
    row(Language::Sql, "sql", &["sql", "ddl", "dml"], Some(|| tree_sitter_sequel::LANGUAGE.into()), 'µ'),
    row(
        Language::PlSql,
        "plsql",
        &["pls", "pks", "pkb", "plb", "prc", "fnc", "trg", "pck"],
        Some(|| tree_sitter_sequel::LANGUAGE.into()),
        'µ',
    ),
    row(Language::Cobol, "cobol", &["cbl", "cob", "cpy"], Some(|| arborium_cobol::language().into()), 'µ'),
    row(Language::Jcl, "jcl", &["jcl", "prc"], None, 'µ'),
    row(Language::Yaml, "yaml", &["yaml", "yml"], Some(|| tree_sitter_yaml::LANGUAGE.into()), '$'),
    row(
        Language::Xml,
        "xml",
        &["xml", "xsd", "xsl", "xslt", "wsdl"],
        Some(|| tree_sitter_xml::LANGUAGE_XML.into()),
        '$',
    ),
    row(Language::Json, "json", &["json"], Some(|| tree_sitter_json::LANGUAGE.into()), '$'),
    row(
        Language::Properties,
        "properties",
        &["properties"],
        Some(|| tree_sitter_properties::LANGUAGE.into()),
        '$',
    ),
    row(Language::Groovy, "groovy", &["groovy", "gradle"], Some(|| tree_sitter_groovy::LANGUAGE.into()), '$'),
    row(Language::Bash, "bash", &["sh", "bash"], Some(|| tree_sitter_bash::LANGUAGE.into()), '$'),
];

impl Language {
    /// Every language.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.language)
    }

    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.language == self).expect("every language has a row")
    }

    /// The name in policies and reports.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The language of a file, by its name, extension and first line.
    pub fn detect(path: &str, _text: &[u8]) -> Option<Self> {
        let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
        TABLE.iter().find(|row| row.extensions.contains(&extension.as_str())).map(|row| row.language)
    }

    /// The parser, for languages that have one; the others are read as lines of text.
    pub fn grammar(self) -> Option<tree_sitter::Language> {
        self.row().grammar.map(|grammar| grammar())
    }

    /// shim
    pub fn blank_comments(self, text: &str) -> String {
        text.to_owned()
    }

    pub(crate) fn expando(self) -> char {
        self.row().expando
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::all().find(|language| language.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::all().map(Self::name).collect();
            format!("unknown language `{name}`; known are {}", known.join(", "))
        })
    }
}
