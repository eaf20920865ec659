//! Puts two changes of one file together, the second following the first.

use super::script;
use crate::change::{ContentChange, FILE_TYPE, FileChange, FileStatus, apply, hunks};
use crate::sources::Side;

/// Whether two blob ids, perhaps shortened, are of one blob; `None` where one is not known.
pub(super) fn same_blob(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let (one, other) = (one?, other?);
    Some(one.starts_with(other) || other.starts_with(one))
}

/// Whether a deleted and an added file are of one type, as far as their modes tell.
pub(super) fn same_type(deleted: &FileChange, added: &FileChange) -> bool {
    let file_type = |mode: u32| mode & FILE_TYPE;
    match (deleted.base_mode.map(file_type), added.head_mode.map(file_type)) {
        (Some(base), Some(head)) => base == head,
        _ => true,
    }
}

/// The change that `first` and then `second` make; `None` where nothing is left of both.
pub(super) fn compose(first: FileChange, second: FileChange) -> Result<Option<FileChange>, &'static str> {
    if same_blob(first.head_blob.as_deref(), second.base_blob.as_deref()) == Some(false) {
        return Err("their blob ids do not meet");
    }
    let is_copy = first.status == FileStatus::Copied || second.status == FileStatus::Copied;
    let content = match (first.content, second.content) {
        (ContentChange::Text(first), ContentChange::Text(second)) => {
            ContentChange::Text(script::compose(first, second)?)
        }
        (ContentChange::Binary, _) | (_, ContentChange::Binary) => ContentChange::Binary,
    };
    let status = match (&first.base_path, &second.head_path) {
        (None, None) => return Ok(None),
        (Some(_), None) if is_copy => return Ok(None),
        (None, Some(_)) => FileStatus::Added,
        (Some(_), None) => FileStatus::Deleted,
        (Some(_), Some(_)) if is_copy => FileStatus::Copied,
        (Some(base), Some(head)) if base == head => FileStatus::Modified,
        (Some(_), Some(_)) => FileStatus::Renamed,
    };
    let base_mode = first.base_path.as_ref().and(first.base_mode.or(second.base_mode));
    let head_mode = second.head_path.as_ref().and(second.head_mode.or(first.head_mode));
    Ok(settle(FileChange {
        status,
        base_path: first.base_path,
        head_path: second.head_path,
        base_mode,
        head_mode,
        base_blob: first.base_blob.or(second.base_blob),
        head_blob: second.head_blob.or(first.head_blob),
        content,
    }))
}

/// The change of a file that was deleted and is added again.
pub(super) fn replace(deleted: FileChange, added: FileChange) -> Result<Option<FileChange>, &'static str> {
    let content = match (&deleted.content, &added.content) {
        (ContentChange::Text(removed), ContentChange::Text(new)) => {
            let base = apply::whole(removed, Side::Base).ok_or("it was not deleted as a whole")?;
            let head = apply::whole(new, Side::Head).ok_or("it was not added as a whole")?;
            hunks::between(&base, &head)
        }
        (ContentChange::Binary, _) | (_, ContentChange::Binary) => ContentChange::Binary,
    };
    Ok(settle(FileChange {
        status: FileStatus::Modified,
        base_path: deleted.base_path,
        base_mode: deleted.base_mode,
        base_blob: deleted.base_blob,
        content,
        ..added
    }))
}

/// Nothing, where nothing changed; without the modes of a file that only moved, as git leaves them out.
fn settle(mut file: FileChange) -> Option<FileChange> {
    let same_content = match &file.content {
        ContentChange::Text(hunks) => hunks.is_empty(),
        ContentChange::Binary => {
            same_blob(file.base_blob.as_deref(), file.head_blob.as_deref()) == Some(true)
        }
    };
    let same_mode = file.base_mode == file.head_mode || file.base_mode.is_none() || file.head_mode.is_none();
    match file.status {
        FileStatus::Modified if same_content && same_mode => return None,
        FileStatus::Renamed | FileStatus::Copied if same_content && same_mode => {
            (file.base_mode, file.head_mode) = (None, None);
            file.content = ContentChange::Text(Vec::new());
        }
        _ => {}
    }
    Some(file)
}
