//! What people do at a forge: they commit, open, push, comment. Where a webhook is subscribed, each act is told.

use crate::harness::anchor::Place;
use crate::harness::delivery::Happening;
use crate::harness::files::Files;
use crate::harness::forge::{FakeForge, Kind, token_prefix};
use crate::harness::serve::lock;
use crate::harness::world::{Access, MergeRequest, Person, State, Version, World};

/// Where webhooks go.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) url: String,
    pub(crate) secret: String,
}

impl FakeForge {
    /// Somebody with this access, known from now on or given it now; the access token.
    pub fn person(&self, login: &str, access: Access) -> String {
        let mut world = self.world();
        let id = world.known(login);
        let known = world.people.iter_mut().find(|person| person.id == id).expect("a known person");
        known.access = access;
        known.token.clone()
    }

    /// From now on every act is told there, in the moment it happens.
    pub fn subscribe(&self, url: &str, secret: &str) {
        let subscription = Subscription { url: url.to_owned(), secret: secret.to_owned() };
        *lock(&self.subscription) = Some(subscription);
    }

    /// From now on nothing is told: webhooks are lost.
    pub fn unsubscribe(&self) {
        *lock(&self.subscription) = None;
    }

    /// Commits on a branch, a new one if need be, and tells nobody; the commit's id. A new branch goes out
    /// from `main`.
    pub fn commit(&self, branch: &str, files: impl Into<Files>) -> String {
        self.world().commit(branch, &files.into())
    }

    /// Points a branch at a commit, a new one if need be, and tells nobody.
    pub fn branch(&self, branch: &str, commit: &str) {
        self.world().store.point(&format!("refs/heads/{branch}"), commit);
    }

    /// The newest commit of a branch.
    pub fn tip(&self, branch: &str) -> String {
        self.world().tip(branch)
    }

    /// Commits on a branch; the commit's id. The merge requests from that branch are told of it.
    pub fn push(&self, branch: &str, files: impl Into<Files>) -> String {
        let before = self.world().store.branch(branch);
        let after = self.commit(branch, files);
        self.pushed(branch, before, &after);
        after
    }

    /// Commits on top of another commit and points a branch at it.
    pub fn force_push(&self, branch: &str, onto: &str, files: impl Into<Files>) -> String {
        let before = self.tip(branch);
        let after = self.world().store.commit(Some(onto), &files.into(), "forced");
        self.branch(branch, &after);
        self.pushed(branch, Some(before), &after);
        after
    }

    /// Puts the change of a merge request on top of its target as it is now, in one commit.
    pub fn rebase(&self, number: u64) -> String {
        let (source, onto, files) = {
            let world = self.world();
            let merge_request = &world.merge_requests[&number];
            let onto = world.tip(&merge_request.target);
            let base = world.store.merge_base(&onto, &merge_request.head);
            (merge_request.source.clone(), onto, world.store.edits(&base, &merge_request.head))
        };
        self.force_push(&source, &onto, files)
    }

    /// Opens a merge request; its number.
    pub fn open_merge_request(&self, source: &str, target: &str, author: &str) -> u64 {
        let number = self.world().open(source, target, author);
        self.tell(&Happening::Opened(number));
        number
    }

    /// Lets a merge request go to another branch.
    pub fn retarget(&self, number: u64, target: &str) {
        let from = self
            .change(number, |merge_request| std::mem::replace(&mut merge_request.target, target.to_owned()));
        self.world().renew(number);
        self.tell(&Happening::Retargeted { number, from });
    }

    /// Closes a merge request.
    pub fn close(&self, number: u64) {
        self.change(number, |merge_request| merge_request.state = State::Closed);
        self.tell(&Happening::Closed(number));
    }

    /// Opens a closed merge request again.
    pub fn reopen(&self, number: u64) {
        self.change(number, |merge_request| merge_request.state = State::Open);
        self.tell(&Happening::Reopened(number));
    }

    /// Merges a merge request.
    pub fn merge(&self, number: u64) {
        {
            let mut world = self.world();
            let merge_request = world.merge_requests[&number].clone();
            let onto = world.tip(&merge_request.target);
            let base = world.store.merge_base(&onto, &merge_request.head);
            let files = world.store.edits(&base, &merge_request.head);
            let merged = world.store.commit(Some(&onto), &files, "merged");
            world.store.point(&format!("refs/heads/{}", merge_request.target), &merged);
            world.merge_requests.get_mut(&number).expect("it is there").state = State::Merged;
        }
        self.tell(&Happening::Merged(number));
    }

    /// Says that a merge request is not ready.
    pub fn mark_draft(&self, number: u64) {
        self.change(number, |merge_request| merge_request.is_draft = true);
        self.tell(&Happening::Drafted(number));
    }

    /// Says that a merge request is ready.
    pub fn mark_ready(&self, number: u64) {
        self.change(number, |merge_request| merge_request.is_draft = false);
        self.tell(&Happening::Ready(number));
    }

    /// Labels a merge request.
    pub fn label(&self, number: u64, label: &str) {
        self.change(number, |merge_request| merge_request.labels.push(label.to_owned()));
        self.tell(&Happening::Labelled(number));
    }

    /// Comments on a merge request; the comment's id.
    pub fn comment(&self, number: u64, author: &str, text: &str) -> u64 {
        let id = {
            let mut world = self.world();
            let author = world.known(author);
            world.write(number, author, text, Place::Note)
        };
        self.tell(&Happening::Commented(id));
        id
    }

    /// Answers a comment in its thread; the answer's id.
    pub fn reply(&self, comment: u64, author: &str, text: &str) -> u64 {
        let id = {
            let mut world = self.world();
            let author = world.known(author);
            let review = world.remark(comment).expect("a comment that stands").review;
            let id = world.answer(comment, author, text);
            world.remark_mut(id).expect("it was written").review = review;
            id
        };
        self.tell(&Happening::Commented(id));
        id
    }

    /// Changes the text of a comment.
    pub fn edit(&self, comment: u64, text: &str) {
        {
            let mut world = self.world();
            let now = world.now();
            let remark = world.remark_mut(comment).expect("a comment that stands");
            text.clone_into(&mut remark.text);
            remark.edited = now;
        }
        self.tell(&Happening::CommentEdited(comment));
    }

    /// Resolves the thread that a comment opens.
    pub fn resolve(&self, comment: u64, person: &str) {
        let mut world = self.world();
        let person = world.known(person);
        world.remark_mut(comment).expect("a comment that stands").resolved_by = Some(person);
    }

    /// Asks for a check run to run again.
    pub fn rerequest(&self, check_run: u64) {
        self.tell(&Happening::CheckRerequested(check_run));
    }

    fn change<Result>(&self, number: u64, change: impl FnOnce(&mut MergeRequest) -> Result) -> Result {
        let mut world = self.world();
        let now = world.now();
        let merge_request = world.merge_requests.get_mut(&number).expect("a merge request of this forge");
        merge_request.updated = now;
        change(merge_request)
    }

    fn pushed(&self, branch: &str, before: Option<String>, after: &str) {
        let before = before.unwrap_or_else(|| "0".repeat(40));
        let moved = self.world().moved(branch);
        let after = after.to_owned();
        self.tell(&Happening::BranchPushed { branch: branch.to_owned(), before: before.clone(), after });
        for number in moved {
            self.tell(&Happening::Pushed { number, before: before.clone() });
        }
    }

    fn tell(&self, happening: &Happening) {
        let subscription = lock(&self.subscription).clone();
        if let Some(Subscription { url, secret }) = subscription
            && let Some(delivery) = self.try_delivery(happening, &secret)
        {
            self.deliver(&delivery, &url);
        }
    }
}

impl World {
    /// The id of somebody; a new colleague who may write, if need be.
    pub(crate) fn known(&mut self, login: &str) -> u64 {
        if let Some(person) = self.named(login) {
            return person.id;
        }
        let id = self.id();
        let token = format!("{}-{login}", token_prefix(self.kind));
        let access = Access::Write;
        self.people.push(Person { id, login: login.to_owned(), access, is_bot: false, token });
        id
    }

    fn commit(&mut self, branch: &str, files: &Files) -> String {
        let parent = self.store.branch(branch).or_else(|| self.store.branch("main"));
        let commit = self.store.commit(parent.as_deref(), files, "change");
        self.store.point(&format!("refs/heads/{branch}"), &commit);
        commit
    }

    fn open(&mut self, source: &str, target: &str, author: &str) -> u64 {
        let author = self.known(author);
        let number = self.merge_requests.len() as u64 + 1;
        let opened = self.now();
        let merge_request = MergeRequest {
            number,
            title: format!("Change of {source}"),
            author,
            source: source.to_owned(),
            target: target.to_owned(),
            head: self.tip(source),
            state: State::Open,
            is_draft: false,
            labels: Vec::new(),
            versions: Vec::new(),
            unready_reads: 0,
            approved_by: Vec::new(),
            fired: Vec::new(),
            updated: opened.clone(),
            opened,
        };
        self.merge_requests.insert(number, merge_request);
        self.renew(number);
        number
    }

    /// A branch has moved: the open merge requests from it have too.
    fn moved(&mut self, branch: &str) -> Vec<u64> {
        let from = |known: &&MergeRequest| known.source == branch && known.state == State::Open;
        let moved: Vec<u64> = self.merge_requests.values().filter(from).map(|known| known.number).collect();
        for number in &moved {
            self.renew(*number);
            if self.kind == Kind::Gitlab {
                let author = self.merge_requests[number].author;
                let note = self.write(*number, author, "added 1 commit", Place::Note);
                self.remark_mut(note).expect("it was written").is_system = true;
            }
        }
        moved
    }

    /// Takes note of where a merge request's branches are now.
    fn renew(&mut self, number: u64) {
        let (id, at) = (self.id(), self.now());
        let merge_request = &self.merge_requests[&number];
        let (head, start) = (self.tip(&merge_request.source), self.tip(&merge_request.target));
        let base = self.store.merge_base(&start, &head);
        let reference = if self.kind == Kind::Gitlab { "merge-requests" } else { "pull" };
        self.store.point(&format!("refs/{reference}/{number}/head"), &head);
        let unready_reads = self.unready_reads;
        let merge_request = self.merge_requests.get_mut(&number).expect("it is there");
        merge_request.updated.clone_from(&at);
        merge_request.unready_reads = unready_reads;
        merge_request.head.clone_from(&head);
        merge_request.versions.push(Version { id, base, start, head, at });
    }
}
