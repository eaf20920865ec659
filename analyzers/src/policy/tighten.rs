//! A set of policies made stricter by a repository. It shares every policy that stays as it is.
//!
//! What would be weaker is an error that names it: a repository decides nothing in its own favour.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Enforcement, Policy, PolicySet, Severity};

/// What a repository wants of one policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tightening {
    /// What a breach does to a merge.
    pub enforcement: Option<Enforcement>,
    /// How bad a breach is.
    pub severity: Option<Severity>,
}

/// Why a policy cannot be tightened so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TighteningError {
    /// The policy, as the repository named it.
    pub policy: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl PolicySet {
    /// The same policies, some of them stricter, by id. The digest tells them apart from those here.
    ///
    /// # Errors
    /// Names every policy that is unknown or would become weaker.
    pub fn tightened(
        &self,
        tightenings: &BTreeMap<String, Tightening>,
    ) -> Result<Self, Vec<TighteningError>> {
        let mut errors = Vec::new();
        let mut changed: BTreeMap<&str, Arc<Policy>> = BTreeMap::new();
        for (id, tightening) in tightenings {
            match self.all().iter().find(|policy| policy.id == *id) {
                None => errors.push(unknown(id)),
                Some(policy) => match tighten(policy, *tightening) {
                    Ok(Some(tightened)) => drop(changed.insert(id, Arc::new(tightened))),
                    Ok(None) => {}
                    Err(mut weaker) => errors.append(&mut weaker),
                },
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let policies = self
            .all()
            .iter()
            .map(|policy| changed.get(policy.id.as_str()).map_or_else(|| Arc::clone(policy), Arc::clone));
        Ok(self.with_policies(policies.collect(), digest(self.digest(), &changed)))
    }
}

/// The policy as it is then; `None` if nothing changes.
fn tighten(policy: &Policy, tightening: Tightening) -> Result<Option<Policy>, Vec<TighteningError>> {
    let enforcement = tightening.enforcement.unwrap_or(policy.enforcement);
    let severity = tightening.severity.unwrap_or(policy.severity);
    let mut errors = Vec::new();
    if strictness(enforcement) < strictness(policy.enforcement) {
        errors.push(weaker(policy, "enforcement", name(enforcement), name(policy.enforcement)));
    }
    if severity > policy.severity {
        errors.push(weaker(policy, "severity", severity.name(), policy.severity.name()));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let is_changed = (enforcement, severity) != (policy.enforcement, policy.severity);
    Ok(is_changed.then(|| Policy { enforcement, severity, ..policy.clone() }))
}

fn strictness(enforcement: Enforcement) -> u8 {
    match enforcement {
        Enforcement::Off => 0,
        Enforcement::Warn => 1,
        Enforcement::Earned => 2,
        Enforcement::Block => 3,
    }
}

fn name(enforcement: Enforcement) -> &'static str {
    match enforcement {
        Enforcement::Off => "off",
        Enforcement::Warn => "warn",
        Enforcement::Earned => "earned",
        Enforcement::Block => "block",
    }
}

fn weaker(policy: &Policy, key: &str, own: &str, banks: &str) -> TighteningError {
    TighteningError {
        policy: policy.id.clone(),
        problem: format!("`{key}: {own}` is weaker than `{banks}`, which the bank demands."),
        remedy: "A repository may only tighten; remove the key, or ask those who own the policies."
            .to_owned(),
    }
}

fn unknown(id: &str) -> TighteningError {
    TighteningError {
        policy: id.to_owned(),
        problem: "there is no such policy.".to_owned(),
        remedy: "`countersign policy list` prints every id.".to_owned(),
    }
}

fn digest(before: &str, changed: &BTreeMap<&str, Arc<Policy>>) -> String {
    if changed.is_empty() {
        return before.to_owned();
    }
    let mut text = before.to_owned();
    for policy in changed.values() {
        let (enforcement, severity) = (name(policy.enforcement), policy.severity.name());
        write!(text, "\0{}\0{enforcement}\0{severity}", policy.id).expect("a string takes everything");
    }
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PolicyFile;

    fn set() -> PolicySet {
        let text = |name: &str, severity: &str, enforcement: &str| {
            let text = format!(
                "id: money/{name}\ncode: X\ntitle: t\nseverity: {severity}\nenforcement: {enforcement}\n\
                 languages: [java]\nobjective: o\nrationale: r\nsuccess_criteria: s\nfailure_criteria: f\n\
                 remedy: r\nchecks: [{{pattern: {{java: foo($A)}}}}]\n"
            );
            PolicyFile::new(format!("money/{name}.yaml"), format!("money/{name}.yaml"), text)
        };
        let files = [text("a", "major", "warn"), text("b", "minor", "block"), text("c", "info", "off")];
        PolicySet::from_files(files.iter()).unwrap()
    }

    fn tightened(
        id: &str,
        enforcement: Option<Enforcement>,
        severity: Option<Severity>,
    ) -> Result<PolicySet, Vec<TighteningError>> {
        set().tightened(&BTreeMap::from([(id.to_owned(), Tightening { enforcement, severity })]))
    }

    #[test]
    fn a_policy_becomes_stricter_and_the_others_are_shared() {
        let before = set();
        let wanted = Tightening { enforcement: Some(Enforcement::Block), severity: Some(Severity::Blocker) };
        let after = before.tightened(&BTreeMap::from([("money/a".to_owned(), wanted)])).unwrap();
        let policy = after.find("money/a").unwrap();
        assert_eq!((policy.enforcement, policy.severity), (Enforcement::Block, Severity::Blocker));
        assert!(Arc::ptr_eq(after.find("money/b").unwrap(), before.find("money/b").unwrap()));
        assert_ne!(after.digest(), before.digest());
    }

    #[test]
    fn what_is_weaker_is_named_and_what_is_the_same_changes_nothing() {
        let error = tightened("money/a", None, Some(Severity::Minor)).err().unwrap();
        assert!(error[0].policy == "money/a" && error[0].problem.contains("`severity: minor`"), "{error:?}");
        let error = tightened("money/b", Some(Enforcement::Warn), Some(Severity::Info)).err().unwrap();
        assert_eq!(error.len(), 2);
        let same = tightened("money/b", Some(Enforcement::Block), Some(Severity::Minor)).unwrap();
        assert_eq!(same.digest(), set().digest());
        let on = tightened("money/c", Some(Enforcement::Warn), None).unwrap();
        assert_eq!(on.in_force().count(), 3, "what the bank leaves off, a repository may want");
        assert!(tightened("money/x", None, None).is_err());
    }

    #[test]
    fn each_tightening_has_a_digest_of_its_own() {
        let digest = |severity| tightened("money/b", None, Some(severity)).unwrap().digest().to_owned();
        assert_ne!(digest(Severity::Major), digest(Severity::Blocker));
        assert_eq!(digest(Severity::Major), digest(Severity::Major));
    }
}
