//! What a commit changes: files written, removed, renamed.

/// Edits of files, in order.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub(crate) edits: Vec<Edit>,
}

/// One edit.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// The file has this content now.
    Write(String, Vec<u8>),
    /// The file is gone.
    Remove(String),
    /// The file has another name.
    Rename(String, String),
}

impl Files {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a file.
    #[must_use]
    pub fn write(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.edits.push(Edit::Write(path.to_owned(), content.as_ref().to_owned()));
        self
    }

    /// Removes a file.
    #[must_use]
    pub fn remove(mut self, path: &str) -> Self {
        self.edits.push(Edit::Remove(path.to_owned()));
        self
    }

    /// Renames a file.
    #[must_use]
    pub fn rename(mut self, from: &str, to: &str) -> Self {
        self.edits.push(Edit::Rename(from.to_owned(), to.to_owned()));
        self
    }
}

impl<Path: AsRef<str>, Content: AsRef<[u8]>, const COUNT: usize> From<[(Path, Content); COUNT]> for Files {
    fn from(written: [(Path, Content); COUNT]) -> Self {
        written.into_iter().collect()
    }
}

impl<Path: AsRef<str>, Content: AsRef<[u8]>> FromIterator<(Path, Content)> for Files {
    fn from_iter<Written: IntoIterator<Item = (Path, Content)>>(written: Written) -> Self {
        let write = |files: Self, (path, content): (Path, Content)| files.write(path.as_ref(), content);
        written.into_iter().fold(Self::new(), write)
    }
}
