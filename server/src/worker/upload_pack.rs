//! The two requests of git's smart protocol that bring commits by their ids: words in, requests and packs out.
//!
//! Protocol version 2 where the forge speaks it, and the first version where it does not. What the forge sends is
//! read with bounds and believed in nothing: the pack is checked object by object by who takes it.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use super::message::Failure;

/// Most bytes of what a forge says that it can, with all its branches and tags where it speaks version 1.
const MAX_ADVERTISEMENT_BYTES: u64 = 64 << 20;

/// Characters of the forge's own words that people are shown.
const MAX_WORDS: usize = 200;

/// A unit of the protocol.
#[derive(Debug, PartialEq, Eq)]
enum Packet {
    Data(Vec<u8>),
    /// The end of a message.
    Flush,
    /// Between the parts of a message.
    Delimiter,
}

/// How the forge speaks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Protocol version 2.
    Second,
    /// The first version, with what it can do.
    First(Vec<String>),
}

/// Reads what the forge says that it can.
pub(super) fn advertisement(from: impl Read) -> Result<Dialect, Failure> {
    let mut from = from.take(MAX_ADVERTISEMENT_BYTES);
    let mut first = packet(&mut from)?;
    if let Packet::Data(line) = &first
        && line.starts_with(b"# service=git-upload-pack")
    {
        packet(&mut from)?;
        first = packet(&mut from)?;
    }
    let Packet::Data(first) = first else { return Err(not_git()) };
    if words(&first) == "version 2" {
        let mut formats = Vec::new();
        while let Packet::Data(line) = packet(&mut from)? {
            formats.extend(words(&line).strip_prefix("object-format=").map(str::to_owned));
        }
        return sha1(formats.iter()).map(|()| Dialect::Second);
    }
    refused(&first)?;
    let abilities = first.split(|byte| *byte == 0).nth(1).ok_or_else(not_git)?;
    let abilities: Vec<String> = words(abilities).split(' ').map(str::to_owned).collect();
    let formats: Vec<_> = abilities.iter().filter_map(|word| word.strip_prefix("object-format=")).collect();
    sha1(formats.iter())?;
    // The branches and tags are of no interest: commits are fetched by their ids.
    io::copy(&mut from, &mut io::sink()).map_err(cut_off)?;
    Ok(Dialect::First(abilities))
}

fn sha1(mut formats: impl Iterator<Item = impl AsRef<str>>) -> Result<(), Failure> {
    match formats.find(|format| format.as_ref() != "sha1") {
        None => Ok(()),
        Some(_) => Err(Failure::Refused(
            "the repository names its objects by another hash than SHA-1, which is not supported yet"
                .to_owned(),
        )),
    }
}

/// The request for commits, with commits that are there already.
pub(super) fn request(dialect: &Dialect, wants: &[String], haves: &[String]) -> Vec<u8> {
    let mut request = Vec::new();
    match dialect {
        Dialect::Second => {
            for line in ["command=fetch", "object-format=sha1"] {
                data(&mut request, line);
            }
            request.extend_from_slice(b"0001");
            data(&mut request, "ofs-delta");
            wants.iter().for_each(|want| data(&mut request, &format!("want {want}")));
        }
        Dialect::First(abilities) => {
            let mut asked = String::new();
            for ability in ["ofs-delta", "side-band-64k"] {
                if abilities.iter().any(|word| word == ability) {
                    write!(asked, " {ability}").expect("a string takes everything");
                }
            }
            for (at, want) in wants.iter().enumerate() {
                let asked = if at == 0 { asked.as_str() } else { "" };
                data(&mut request, &format!("want {want}{asked}\n"));
            }
            request.extend_from_slice(b"0000");
        }
    }
    let end = if *dialect == Dialect::Second { "" } else { "\n" };
    haves.iter().for_each(|have| data(&mut request, &format!("have {have}{end}")));
    data(&mut request, &format!("done{end}"));
    if *dialect == Dialect::Second {
        request.extend_from_slice(b"0000");
    }
    request
}

/// Hands the pack in the forge's answer to `into`; the number of its bytes.
pub(super) fn pack(dialect: &Dialect, mut from: impl Read, into: &mut impl Write) -> Result<u64, Failure> {
    loop {
        let Packet::Data(line) = packet(&mut from)? else { continue };
        refused(&line)?;
        let said = words(&line);
        match dialect {
            Dialect::Second if said == "packfile" => break,
            Dialect::First(_) if said == "NAK" || said.starts_with("ACK ") => break,
            Dialect::Second if said == "shallow-info" => {
                let why = "the forge's repository has only a part of its history";
                return Err(Failure::Git(why.to_owned()));
            }
            Dialect::Second | Dialect::First(_) => return Err(not_git()),
        }
    }
    if let Dialect::First(abilities) = dialect
        && !abilities.iter().any(|word| word == "side-band-64k")
    {
        return io::copy(&mut from, into).map_err(cut_off);
    }
    let mut taken = 0;
    while let Packet::Data(line) = packet(&mut from)? {
        match line.split_first() {
            Some((1, bytes)) => {
                into.write_all(bytes).map_err(cut_off)?;
                taken += bytes.len() as u64;
            }
            Some((2, _)) => {}
            Some((3, why)) => return Err(said_by_forge(&words(why), "")),
            _ => return Err(not_git()),
        }
    }
    Ok(taken)
}

/// Whether the forge says no.
fn refused(line: &[u8]) -> Result<(), Failure> {
    let said = words(line);
    let Some(why) = said.strip_prefix("ERR ") else { return Ok(()) };
    let advice = if why.contains("not our ref") || why.contains("not advertised") {
        "; the commit is gone, or the forge does not let it be fetched by its id (git's \
         `uploadpack.allowReachableSHA1InWant`)"
    } else {
        ""
    };
    Err(said_by_forge(why, advice))
}

/// A line as text without characters that command a terminal.
fn words(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(line);
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    line.trim_end().chars().map(plain).collect()
}

/// The forge's own words, as far as people are shown them.
fn said_by_forge(words: &str, advice: &str) -> Failure {
    let words: String = words.chars().take(MAX_WORDS).collect();
    Failure::Git(format!("the forge's git says: {words}{advice}"))
}

fn data(into: &mut Vec<u8>, line: &str) {
    into.extend_from_slice(format!("{:04x}{line}", line.len() + 4).as_bytes());
}

fn packet(from: &mut impl Read) -> Result<Packet, Failure> {
    let mut length = [0; 4];
    from.read_exact(&mut length).map_err(cut_off)?;
    let length = std::str::from_utf8(&length).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
    match length.ok_or_else(not_git)? {
        0 | 2 => Ok(Packet::Flush),
        1 => Ok(Packet::Delimiter),
        3 => Err(not_git()),
        length => {
            let mut line = vec![0; length - 4];
            from.read_exact(&mut line).map_err(cut_off)?;
            Ok(Packet::Data(line))
        }
    }
}

fn not_git() -> Failure {
    Failure::Git("what the forge answered is not git's protocol".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn cut_off(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Failure::Git("the forge's answer is cut off".to_owned()),
        _ => Failure::Git(format!("what the forge sent cannot be taken: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<u8> {
        let mut packets = Vec::new();
        for line in lines {
            match *line {
                "0000" | "0001" => packets.extend_from_slice(line.as_bytes()),
                line => data(&mut packets, line),
            }
        }
        packets
    }

    fn says(failure: Result<impl std::fmt::Debug, Failure>, expected: &str) {
        match failure.unwrap_err() {
            Failure::Git(why)
            | Failure::Refused(why)
            | Failure::Skipped(why)
            | Failure::Mirror(why)
            | Failure::Broken(why) => {
                assert!(why.contains(expected), "{why}");
            }
        }
    }

    #[test]
    fn both_versions_are_understood() {
        let second =
            lines(&["# service=git-upload-pack\n", "0000", "version 2\n", "fetch=shallow\n", "0000"]);
        assert_eq!(advertisement(second.as_slice()).unwrap(), Dialect::Second);
        let first = lines(&["# service=git-upload-pack\n", "0000", "0123 HEAD\0ofs-delta agent=x\n", "0000"]);
        let abilities = vec!["ofs-delta".to_owned(), "agent=x".to_owned()];
        assert_eq!(advertisement(first.as_slice()).unwrap(), Dialect::First(abilities));
    }

    #[test]
    fn what_is_not_git_is_said_to_be_none() {
        says(advertisement(b"<html>".as_slice()), "not git's protocol");
        says(advertisement(b"0003".as_slice()), "not git's protocol");
        says(advertisement(b"0010abc".as_slice()), "cut off");
        says(advertisement(lines(&["no abilities"]).as_slice()), "not git's protocol");
        says(advertisement(lines(&["version 2\n", "object-format=sha256", "0000"]).as_slice()), "SHA-1");
        says(advertisement(lines(&["ERR access denied\u{1b}[31m"]).as_slice()), "access denied [31m");
    }

    #[test]
    fn requests_are_as_git_writes_them() {
        let (want, have) = (vec!["a".repeat(40)], vec!["b".repeat(40)]);
        let second = String::from_utf8(request(&Dialect::Second, &want, &have)).unwrap();
        let (a, b) = (&want[0], &have[0]);
        assert_eq!(
            second,
            format!(
                "0011command=fetch0016object-format=sha10001000dofs-delta0031want {a}0031have {b}0008done0000"
            )
        );
        let abilities = vec!["side-band-64k".to_owned(), "thin-pack".to_owned()];
        let first = String::from_utf8(request(&Dialect::First(abilities), &want, &[])).unwrap();
        assert_eq!(first, format!("0040want {a} side-band-64k\n00000009done\n"));
    }

    #[test]
    fn a_pack_is_what_the_first_band_carries() {
        let answer = lines(&["packfile\n", "\u{1}PA", "\u{2}counting", "\u{1}CK", "0000"]);
        let mut taken = Vec::new();
        pack(&Dialect::Second, answer.as_slice(), &mut taken).unwrap();
        assert_eq!(taken, b"PACK");
        let answer = [lines(&["NAK\n"]), b"PACK".to_vec()].concat();
        let mut taken = Vec::new();
        pack(&Dialect::First(Vec::new()), answer.as_slice(), &mut taken).unwrap();
        assert_eq!(taken, b"PACK");
    }

    #[test]
    fn a_forge_that_says_no_is_quoted() {
        let no = |lines: &[u8]| pack(&Dialect::Second, lines, &mut Vec::new());
        says(no(&lines(&["ERR upload-pack: not our ref abc"])), "allowReachableSHA1InWant");
        says(no(&lines(&["packfile\n", "\u{3}out of memory"])), "out of memory");
        says(no(&lines(&["packfile\n", "\u{1}PA"])), "cut off");
        says(no(&lines(&["packfile\n", "\u{7}PA"])), "not git's protocol");
    }
}
