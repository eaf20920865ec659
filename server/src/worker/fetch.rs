//! A fetch inside the child: commits, by their exact ids, into a bare mirror that is never checked out.
//!
//! In: the mirror and the ids. Out: how much came. The forge is two questions through the pipe; the child knows
//! neither its address nor its token. A commit counts as there once its own reference says so, which is set when
//! its history and all its files are.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

use git2::{ErrorCode, Indexer, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::message::{Failure, FetchOrder, FetchReport, Question};
use super::pipe::Pipe;
use super::upload_pack::{self, Dialect};

/// Where the references to fetched commits are.
const REFERENCES: &str = "refs/countersign/";

/// References that are kept; older commits are fetched again if they are wanted.
const KEPT_REFERENCES: usize = 64;

/// How far back a request names commits as known, beside the references: what left earlier is rare.
const MAX_WALK: usize = 1 << 16;

/// A mirror of more packs is slow to read, and is made afresh.
const MAX_PACKS: usize = 500;

/// Brings the commits that are not there yet.
pub(super) fn fetch(order: &FetchOrder, pipe: &Arc<Pipe>) -> Result<FetchReport, Failure> {
    let mirror = open(&order.mirror)?;
    let mut wants = Vec::new();
    for commit in &order.commits {
        let id = Oid::from_str(commit)?;
        if !is_there(&mirror, id)? && !wants.contains(commit) {
            wants.push(commit.clone());
        }
    }
    if wants.is_empty() {
        return Ok(FetchReport { objects: 0, bytes: 0 });
    }
    let haves = haves(&mirror).map_err(damaged)?;
    let report = bring(&mirror, &wants, &haves, order.max_objects, pipe)?;
    let known = referred(&mirror).map_err(damaged)?;
    for want in &wants {
        let id = Oid::from_str(want)?;
        connected(&mirror, id, &known, haves.is_empty())?;
        mirror.reference(&format!("{REFERENCES}{id}"), id, true, "fetched")?;
    }
    forget_old(&mirror, &order.commits)?;
    Ok(report)
}

fn open(folder: &Path) -> Result<Repository, Failure> {
    let is_new = folder.read_dir().map_err(|error| of_disk(&error))?.next().is_none();
    if is_new {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).no_reinit(true).external_template(false).mkdir(false);
        return Ok(Repository::init_opts(folder, &options)?);
    }
    sweep(folder).map_err(|error| of_disk(&error))?;
    let mirror = Repository::open_bare(folder).map_err(damaged)?;
    let packs = folder.join("objects/pack").read_dir().map_or(0, Iterator::count);
    // A pack is two files.
    if packs > 2 * MAX_PACKS {
        return Err(Failure::Mirror(format!("it has {packs} packs and indices")));
    }
    Ok(mirror)
}

/// Deletes what a fetch that was killed left half done: locks, and beginnings of packs.
fn sweep(folder: &Path) -> io::Result<()> {
    for part in ["", REFERENCES, "objects/pack"] {
        let Ok(entries) = folder.join(part).read_dir() else { continue };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let is_left = name.as_bytes().ends_with(b".lock") || name.as_bytes().starts_with(b"pack_");
            if is_left && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

fn of_disk(error: &io::Error) -> Failure {
    Failure::Broken(format!("the mirror's folder: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn damaged(error: git2::Error) -> Failure {
    Failure::Mirror(format!("git: {}", error.message()))
}

/// Whether a commit has been fetched with all that belongs to it.
fn is_there(mirror: &Repository, id: Oid) -> Result<bool, Failure> {
    match mirror.find_reference(&format!("{REFERENCES}{id}")) {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
        Err(error) => Err(damaged(error)),
        Ok(_) => {
            let tree = mirror.find_commit(id).and_then(|commit| commit.tree());
            tree.map(|_| true).map_err(damaged)
        }
    }
}

/// The commits that references name.
fn referred(mirror: &Repository) -> Result<Vec<Oid>, git2::Error> {
    let mut ids = Vec::new();
    for reference in mirror.references_glob(&format!("{REFERENCES}*"))? {
        ids.extend(reference?.target());
    }
    Ok(ids)
}

/// Commits that the forge need not send: the newest ones, and then ever fewer of their history.
fn haves(mirror: &Repository) -> Result<Vec<String>, git2::Error> {
    let tips = referred(mirror)?;
    let mut haves: Vec<String> = tips.iter().map(Oid::to_string).collect();
    if tips.is_empty() {
        return Ok(haves);
    }
    let mut walk = mirror.revwalk()?;
    tips.iter().try_for_each(|tip| walk.push(*tip))?;
    let mut next = 1;
    for (at, id) in walk.take(MAX_WALK).enumerate() {
        if at == next {
            haves.push(id?.to_string());
            next *= 2;
        }
    }
    Ok(haves)
}

/// Asks the forge and stores its pack.
fn bring(
    mirror: &Repository,
    wants: &[String],
    haves: &[String],
    max_objects: usize,
    pipe: &Arc<Pipe>,
) -> Result<FetchReport, Failure> {
    let broken = |error: io::Error| Failure::Broken(error.to_string());
    let dialect = upload_pack::advertisement(pipe.ask_stream(Question::InfoRefs, &[]).map_err(broken)?)?;
    let request = upload_pack::request(&dialect, wants, haves);
    let answer = pipe.ask_stream(Question::UploadPack, &request).map_err(broken)?;
    store(mirror, &dialect, answer, max_objects)
}

fn store(
    mirror: &Repository,
    dialect: &Dialect,
    answer: impl io::Read,
    max_objects: usize,
) -> Result<FetchReport, Failure> {
    let objects = Cell::new(0);
    let packs = mirror.path().join("objects/pack");
    let odb = mirror.odb()?;
    let mut indexer = Indexer::new(Some(&odb), &packs, 0, false)?;
    indexer.progress(|progress| {
        objects.set(progress.total_objects());
        progress.total_objects() <= max_objects
    });
    let taken = upload_pack::pack(dialect, answer, &mut indexer);
    let taken = taken.and_then(|bytes| Ok((bytes, indexer.commit()?)));
    if objects.get() > max_objects {
        return Err(Failure::Refused(format!(
            "the forge sends {} objects, more than the {max_objects} that one fetch may bring; raise \
             `limits.fetch_objects` if this repository is that large",
            objects.get()
        )));
    }
    let (bytes, _) = taken?;
    odb.refresh()?;
    Ok(FetchReport { objects: objects.get(), bytes })
}

/// Makes sure that a commit's history, down to what was there before, and all its files have come.
fn connected(mirror: &Repository, id: Oid, known: &[Oid], is_fresh: bool) -> Result<(), Failure> {
    let missing = |error: git2::Error| match is_fresh {
        true => Failure::Git(format!("the forge did not send all of {id}: {}", error.message())),
        // What should have been there before may be what is missing.
        false => damaged(error),
    };
    let mut walk = mirror.revwalk()?;
    walk.push(id).map_err(missing)?;
    known.iter().try_for_each(|known| walk.hide(*known)).map_err(missing)?;
    for commit in walk {
        commit.map_err(missing)?;
    }
    let root = mirror.find_commit(id).and_then(|commit| commit.tree()).map_err(missing)?;
    files_are_there(mirror, root.id()).map_err(missing)
}

fn files_are_there(mirror: &Repository, root: Oid) -> Result<(), git2::Error> {
    let odb = mirror.odb()?;
    let mut seen = HashSet::from([root]);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in &mirror.find_tree(folder)? {
            match entry.kind() {
                Some(ObjectType::Tree) if seen.insert(entry.id()) => folders.push(entry.id()),
                Some(ObjectType::Blob) if !odb.exists(entry.id()) => {
                    let message = format!("object {} is missing", entry.id());
                    return Err(git2::Error::new(ErrorCode::NotFound, git2::ErrorClass::Odb, message));
                }
                // The commits of submodules are in other repositories.
                _ => {}
            }
        }
    }
    Ok(())
}

/// Deletes the references to the oldest commits.
fn forget_old(mirror: &Repository, wanted: &[String]) -> Result<(), git2::Error> {
    let mut commits = Vec::new();
    for id in referred(mirror)? {
        let seconds = mirror.find_commit(id).map_or(i64::MIN, |commit| commit.time().seconds());
        commits.push((wanted.contains(&id.to_string()), seconds, id));
    }
    commits.sort_unstable();
    let old = commits.len().saturating_sub(KEPT_REFERENCES);
    for (_, _, id) in commits.iter().take(old).filter(|(is_wanted, ..)| !is_wanted) {
        mirror.find_reference(&format!("{REFERENCES}{id}"))?.delete()?;
    }
    Ok(())
}
