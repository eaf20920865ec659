//! Refuses file systems of other machines: SQLite's journal needs shared memory and locks that they do not keep.

use std::path::Path;

use anyhow::{Context, ensure};

/// File systems over a network, as Linux names them.
const NETWORK: [&str; 13] = [
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.sshfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
];

/// Fails where a folder lies on another machine. Where the system does not say so, it does not.
pub(super) fn refuse_network(folder: &Path) -> anyhow::Result<()> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let kind = kind_of(&mounts, &folder);
    ensure!(
        !kind.is_some_and(|kind| NETWORK.contains(&kind)),
        "{} is on a network file system ({}), on which SQLite loses data; put `data` on a local disk, or use \
         PostgreSQL (`database.url_file`)",
        folder.display(),
        kind.unwrap_or_default()
    );
    Ok(())
}

/// The kind of the file system that a folder is on, by the text of `/proc/self/mounts`.
fn kind_of<'mounts>(mounts: &'mounts str, folder: &Path) -> Option<&'mounts str> {
    let fields = |line: &'mounts str| {
        let mut fields = line.split(' ').skip(1);
        Some((unescape(fields.next()?), fields.next()?))
    };
    // Of two mounts on one place the later one covers the earlier one: `max_by_key` takes the last.
    let around = mounts.lines().filter_map(fields).filter(|(place, _)| folder.starts_with(place));
    around.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind)
}

fn unescape(place: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(place.to_owned(), |place, (escaped, character)| place.replace(escaped, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "/dev/sda1 / ext4 rw 0 0\nfiler:/vol /srv/my\\040data nfs4 rw 0 0\n\
        tmpfs /srv/my\\040data/local tmpfs rw 0 0\nold /var/lib ext4 rw 0 0\n//filer/x /var/lib cifs rw 0 0\n";

    fn kind(folder: &str) -> &'static str {
        kind_of(MOUNTS, Path::new(folder)).unwrap()
    }

    #[test]
    fn the_nearest_mount_tells_the_kind() {
        assert_eq!(kind("/srv/my data/countersign"), "nfs4");
        assert_eq!(kind("/srv/my data/local/countersign"), "tmpfs");
        assert_eq!(kind("/srv/my data elsewhere"), "ext4");
        assert_eq!(kind("/srv"), "ext4");
    }

    #[test]
    fn a_later_mount_covers_an_earlier_one() {
        assert_eq!(kind("/var/lib/countersign"), "cifs");
    }

    #[test]
    fn a_local_folder_is_not_refused() {
        refuse_network(&std::env::temp_dir()).unwrap();
    }
}
