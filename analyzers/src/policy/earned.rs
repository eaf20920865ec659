//! A set of policies some of which have earned that what the model finds blocks.
//!
//! Ids in; the same policies out, with those that may earn it marked. The digest tells them apart from those here.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{Enforcement, Policy, PolicySet};

impl PolicySet {
    /// The same policies, where those of these ids that are `enforcement: earned` block from now on.
    pub fn earning(self, earned: &BTreeSet<String>) -> Self {
        let digest = self.digest_earning(earned);
        if digest == self.digest() {
            return self;
        }
        let policies = self.all().iter().map(|policy| match may_earn(policy, earned) {
            true => Arc::new(Policy { has_earned_block: true, ..Policy::clone(policy) }),
            false => Arc::clone(policy),
        });
        let policies = policies.collect();
        self.with_policies(policies, digest)
    }

    /// The digest of `earning`, in hexadecimal; this one's own where nothing is earned.
    pub fn digest_earning(&self, earned: &BTreeSet<String>) -> String {
        let mut text = self.digest().to_owned();
        for policy in self.all().iter().filter(|policy| may_earn(policy, earned)) {
            write!(text, "\0{}\0earned", policy.id).expect("a string takes everything");
        }
        if text == self.digest() {
            return text;
        }
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn may_earn(policy: &Policy, earned: &BTreeSet<String>) -> bool {
    policy.enforcement == Enforcement::Earned && earned.contains(&policy.id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::{PolicyFile, Tightening};

    fn set() -> PolicySet {
        let text = |name: &str, enforcement: &str| {
            let text = format!(
                "id: money/{name}\ncode: X\ntitle: t\nseverity: major\nenforcement: {enforcement}\n\
                 languages: [java]\nobjective: o\nrationale: r\nsuccess_criteria: s\nfailure_criteria: f\n\
                 remedy: r\nchecks: [{{pattern: {{java: foo($A)}}}}]\n"
            );
            PolicyFile::new(format!("money/{name}.yaml"), format!("money/{name}.yaml"), text)
        };
        PolicySet::from_files([text("a", "earned"), text("b", "block"), text("c", "warn")].iter()).unwrap()
    }

    fn ids(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn only_a_policy_that_may_earn_its_block_has_it_and_the_digest_says_so() {
        let before = set().digest().to_owned();
        let after = set().earning(&ids(&["money/a", "money/b", "money/c", "money/x"]));
        let earned = |id: &str| after.find(id).unwrap().has_earned_block;
        assert_eq!((earned("money/a"), earned("money/b"), earned("money/c")), (true, false, false));
        assert_ne!(after.digest(), before);
        assert_eq!(after.digest(), set().digest_earning(&ids(&["money/a"])));
        assert_eq!(set().earning(&ids(&["money/b"])).digest(), before, "nothing changes");
    }

    #[test]
    fn a_repository_that_tightens_an_earned_policy_takes_nothing_from_it() {
        let set = set().earning(&ids(&["money/a"]));
        let wanted = |enforcement| {
            let tightening = Tightening { enforcement: Some(enforcement), severity: None };
            BTreeMap::from([("money/a".to_owned(), tightening)])
        };
        let after = set.tightened(&wanted(Enforcement::Block)).unwrap();
        assert!(after.find("money/a").unwrap().has_earned_block);
        assert!(set.tightened(&wanted(Enforcement::Warn)).is_err(), "weaker than earned");
    }
}
