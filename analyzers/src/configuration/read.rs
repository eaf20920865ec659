//! Bytes of `.countersign.yaml` into a `Configuration`, or every mistake in them with line, key and remedy.
//!
//! The bytes are hostile: their size, depth and number of parts have bounds, and nothing in them is repeated by
//! reference.

use globset::{GlobBuilder, GlobMatcher};
use serde_saphyr::Spanned;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use sha2::{Digest, Sha256};

use super::document::{AutoReviewDocument, ConfigurationDocument, EnforcementDocument, TighteningDocument};
use super::{AutoReview, Configuration, ConfigurationError, Filters, Instruction, Placed};
use crate::policy::{self, Enforcement, Tightening};

/// The largest file, in bytes.
const LARGEST: usize = 64 << 10;

/// How deep its parts may lie in each other.
const DEEPEST: usize = 16;

/// The most parts it may have.
const MOST_PARTS: usize = 20_000;

/// The most globs, and the longest of them, in bytes.
const MOST_GLOBS: usize = 500;
const LONGEST_GLOB: usize = 300;

/// The longest instructions for one glob, in bytes.
const LONGEST_INSTRUCTIONS: usize = 4_000;

const SEE: &str = "See `analyzers/schemas/configuration.schema.json` for every key.";

impl Configuration {
    /// Reads the file.
    ///
    /// # Errors
    /// Lists every mistake; of mistakes in the YAML itself, the first.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<ConfigurationError>> {
        let document = parse(bytes).map_err(|error| vec![error])?;
        let mut reader = Reader::default();
        let configuration = Self {
            language: document.language.map(Into::into),
            severity_threshold: document.severity_threshold,
            max_comments: document.max_comments.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            auto_review: reader.auto_review(document.auto_review),
            digest: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            fail_on: document.fail_on.map(|severity| placed(&severity, severity.value)),
            filters: reader.filters(&document.path_filters),
            instructions: document
                .path_instructions
                .into_iter()
                .filter_map(|instruction| {
                    let files =
                        reader.glob("path_instructions", &instruction.path, &instruction.path.value)?;
                    let text = reader.instructions(instruction.instructions);
                    Some(Instruction { files, text })
                })
                .collect(),
            tiers: document
                .tiers
                .iter()
                .filter_map(|(glob, tier)| Some((reader.glob("tiers", tier, glob)?, tier.value)))
                .collect(),
            policies: document
                .policies
                .into_iter()
                .map(|(id, tightening)| (id, placed(&tightening, self::tightening(&tightening.value))))
                .collect(),
        };
        if reader.errors.is_empty() { Ok(configuration) } else { Err(reader.errors) }
    }
}

fn parse(bytes: &[u8]) -> Result<ConfigurationDocument, ConfigurationError> {
    let whole = |problem: String, remedy: &str| ConfigurationError {
        line: None,
        key: String::new(),
        problem,
        remedy: remedy.to_owned(),
    };
    if bytes.len() > LARGEST {
        return Err(whole(format!("the file has more than {LARGEST} bytes."), "Make it shorter."));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| whole("the file is not UTF-8.".to_owned(), "Save it as UTF-8."))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document: Result<Option<ConfigurationDocument>, _> =
        serde_saphyr::from_str_with_options(text, options());
    document.map(Option::unwrap_or_default).map_err(|error| {
        let line = error.location().map(|location| location.line()).filter(|&line| line > 0);
        let key = line.and_then(|line| key_on(text, line)).unwrap_or_default();
        let problem = for_people(&error.without_snippet().to_string());
        ConfigurationError { line, key, remedy: remedy(&problem), problem }
    })
}

/// The first key that stands on a line.
fn key_on(text: &str, line: u64) -> Option<String> {
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    let (key, _) = line.trim_start_matches([' ', '-', '{']).split_once(':')?;
    let is_key =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_/-".contains(&byte));
    is_key.then(|| key.to_owned())
}

/// What is wrong in a sentence, without the place, which stands before it.
fn for_people(problem: &str) -> String {
    let sentence = problem.split(" at line ").next().unwrap_or(problem);
    let sentence = sentence.replace("invalid u32", "here must be a whole number from 0");
    format!("{}.", sentence.replace("expected mapping start", "here must be keys and values"))
}

fn options() -> serde_saphyr::Options {
    let budget = serde_saphyr::budget! {
        max_anchors: 0,
        max_aliases: 0,
        max_depth: DEEPEST,
        max_nodes: MOST_PARTS,
        max_events: 3 * MOST_PARTS,
        max_documents: 1,
    };
    serde_saphyr::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        reject_unsupported_tags: true,
    }
}

fn remedy(problem: &str) -> String {
    if problem.contains("ignore_title_keywords") {
        return "Titles are written by those whose code is reviewed; use `labels` or drafts.".to_owned();
    }
    if problem.contains("anchor") || problem.contains("alias") {
        return "Anchors and aliases (`&`, `*`) are not read here; write the values out.".to_owned();
    }
    SEE.to_owned()
}

fn tightening(document: &TighteningDocument) -> Tightening {
    let enforcement = document.enforcement.map(|enforcement| match enforcement {
        EnforcementDocument::Block => Enforcement::Block,
        EnforcementDocument::Warn => Enforcement::Warn,
    });
    Tightening { enforcement, severity: document.severity }
}

fn placed<T, V>(spanned: &Spanned<T>, value: V) -> Placed<V> {
    Placed { value, line: line(spanned) }
}

fn line<T>(spanned: &Spanned<T>) -> Option<u64> {
    Some(spanned.referenced.line()).filter(|&line| line > 0)
}

/// Reads values and gathers what is wrong with them.
#[derive(Default)]
struct Reader {
    errors: Vec<ConfigurationError>,
    globs: usize,
}

impl Reader {
    fn error<T>(&mut self, key: &str, place: &Spanned<T>, problem: String, remedy: &str) {
        let key = key.to_owned();
        self.errors.push(ConfigurationError { line: line(place), key, problem, remedy: remedy.to_owned() });
    }

    fn glob<T>(&mut self, key: &str, place: &Spanned<T>, glob: &str) -> Option<GlobMatcher> {
        const WRITE: &str = "Write a glob such as `src/ledger/**`.";
        self.globs += 1;
        if self.globs > MOST_GLOBS {
            if self.globs == MOST_GLOBS + 1 {
                self.error(
                    key,
                    place,
                    format!("the file has more than {MOST_GLOBS} globs."),
                    "Use wider ones.",
                );
            }
            return None;
        }
        if glob.is_empty() || glob.len() > LONGEST_GLOB {
            self.error(key, place, format!("a glob has 1 to {LONGEST_GLOB} bytes."), WRITE);
            return None;
        }
        let built = GlobBuilder::new(glob).literal_separator(true).empty_alternates(true).build();
        match built {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(error) => {
                self.error(key, place, format!("{error}."), WRITE);
                None
            }
        }
    }

    fn filters(&mut self, globs: &[Spanned<String>]) -> Filters {
        const KEY: &str = "path_filters";
        let mut filters = Filters::default();
        for place in globs {
            match place.value.strip_prefix('!') {
                Some(glob) if glob.bytes().all(|byte| b"*/".contains(&byte)) => {
                    let problem = format!("`{}` leaves out every file.", place.value);
                    self.error(
                        KEY,
                        place,
                        problem,
                        "To have no reviews unasked, set `auto_review.enabled: false`.",
                    );
                }
                Some(glob) => filters.excludes.extend(self.glob(KEY, place, glob)),
                None => filters.includes.extend(self.glob(KEY, place, &place.value)),
            }
        }
        filters
    }

    fn instructions(&mut self, text: Spanned<String>) -> String {
        if text.value.len() > LONGEST_INSTRUCTIONS {
            let problem = format!("instructions have at most {LONGEST_INSTRUCTIONS} bytes.");
            self.error("path_instructions", &text, problem, "Say it shorter.");
        }
        text.value
    }

    fn auto_review(&mut self, document: AutoReviewDocument) -> AutoReview {
        const KEY: &str = "auto_review.base_branches";
        let mut globs = Vec::new();
        for place in &document.base_branches {
            globs.extend(self.glob(KEY, place, &place.value).map(|glob| glob.glob().glob().to_owned()));
        }
        let base_branches = match policy::globs(&globs) {
            _ if globs.is_empty() => None,
            Ok(set) => Some(set),
            Err(error) => {
                self.error(
                    KEY,
                    &document.base_branches[0],
                    format!("{error}."),
                    "Write fewer or shorter globs.",
                );
                None
            }
        };
        let AutoReviewDocument { enabled, drafts, labels, .. } = document;
        AutoReview { enabled, drafts, base_branches, labels }
    }
}
