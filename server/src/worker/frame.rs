//! Frames: how values travel over the pipes between the service and its child.
//!
//! A frame is two lengths (4 bytes each, little endian), a JSON value, and raw bytes. Both sides hold to the same
//! caps, and memory is taken as bytes come, not as a length announces them.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// What the child says first: that it is one, of this version of the protocol.
pub(super) const GREETING: &[u8; 8] = b"CSWORK01";

/// Longest JSON value: a prompt, or a finding with all its places.
const MAX_HEAD_BYTES: usize = 16 << 20;

/// Most raw bytes: a diff, a file, or a whole review.
pub(super) const MAX_BODY_BYTES: usize = 256 << 20;

/// A value and the bytes beside it.
pub(super) type Frame<T> = (T, Vec<u8>);

/// Writes a frame.
pub(super) fn write(out: &mut impl Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    out.write_all(&opening(head, body)?)?;
    out.write_all(body)?;
    out.flush()
}

/// Reads a frame; `None` where the pipe ends before one begins.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<Frame<T>>> {
    let mut lengths = [0; 8];
    match from.read_exact(&mut lengths) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (head, body) = checked(lengths)?;
    let head = take(from, head)?;
    let body = take(from, body)?;
    Ok(Some((parse(&head)?, body)))
}

fn take(from: &mut impl Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut taken = Vec::new();
    from.take(bytes as u64).read_to_end(&mut taken)?;
    if taken.len() == bytes { Ok(taken) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Writes a frame from the service's side.
pub(super) async fn send(
    out: &mut (impl AsyncWrite + Unpin),
    head: &impl Serialize,
    body: &[u8],
) -> io::Result<()> {
    out.write_all(&opening(head, body)?).await?;
    out.write_all(body).await?;
    out.flush().await
}

/// Reads a frame on the service's side; `None` where the pipe ends before one begins.
pub(super) async fn receive<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<Frame<T>>> {
    let mut lengths = [0; 8];
    match from.read_exact(&mut lengths).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let (head, body) = checked(lengths)?;
    let head = gather(from, head).await?;
    let body = gather(from, body).await?;
    Ok(Some((parse(&head)?, body)))
}

async fn gather(from: &mut (impl AsyncRead + Unpin), bytes: usize) -> io::Result<Vec<u8>> {
    let mut gathered = Vec::new();
    from.take(bytes as u64).read_to_end(&mut gathered).await?;
    if gathered.len() == bytes { Ok(gathered) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The lengths and the JSON value of a frame.
fn opening(head: &impl Serialize, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut opening = vec![0; 8];
    serde_json::to_writer(&mut opening, head)?;
    let head_bytes = opening.len() - 8;
    if head_bytes > MAX_HEAD_BYTES || body.len() > MAX_BODY_BYTES {
        return Err(too_large());
    }
    let length = |bytes: usize| u32::try_from(bytes).map(u32::to_le_bytes).map_err(|_| too_large());
    opening[..4].copy_from_slice(&length(head_bytes)?);
    opening[4..8].copy_from_slice(&length(body.len())?);
    Ok(opening)
}

fn checked(lengths: [u8; 8]) -> io::Result<(usize, usize)> {
    let [h0, h1, h2, h3, b0, b1, b2, b3] = lengths;
    let head = u32::from_le_bytes([h0, h1, h2, h3]) as usize;
    let body = u32::from_le_bytes([b0, b1, b2, b3]) as usize;
    if head > MAX_HEAD_BYTES || body > MAX_BODY_BYTES { Err(too_large()) } else { Ok((head, body)) }
}

fn parse<T: DeserializeOwned>(head: &[u8]) -> io::Result<T> {
    serde_json::from_slice(head).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a frame is larger than may pass between service and child")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_out_as_it_went_in() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"head", b"body").unwrap();
        write(&mut pipe, &"next", b"").unwrap();
        let mut pipe = pipe.as_slice();
        assert_eq!(read::<String>(&mut pipe).unwrap(), Some(("head".to_owned(), b"body".to_vec())));
        assert_eq!(read::<String>(&mut pipe).unwrap(), Some(("next".to_owned(), Vec::new())));
        assert_eq!(read::<String>(&mut pipe).unwrap(), None);
    }

    #[test]
    fn a_frame_that_is_cut_off_or_too_long_or_not_its_kind_is_refused() {
        let mut whole = Vec::new();
        write(&mut whole, &"head", b"body").unwrap();
        assert!(read::<String>(&mut &whole[..whole.len() - 1]).is_err());
        assert!(read::<u32>(&mut whole.as_slice()).is_err());
        for at in [3, 7] {
            let mut huge = whole.clone();
            huge[at] = 0xff;
            assert!(read::<String>(&mut huge.as_slice()).is_err(), "length at {at}");
        }
        assert!(write(&mut io::sink(), &"", &vec![0; MAX_BODY_BYTES + 1]).is_err());
    }

    #[tokio::test]
    async fn both_sides_speak_the_same() {
        let mut pipe = Vec::new();
        send(&mut pipe, &7, b"seven").await.unwrap();
        assert_eq!(read::<u32>(&mut pipe.as_slice()).unwrap(), Some((7, b"seven".to_vec())));
        assert_eq!(receive::<u32>(&mut pipe.as_slice()).await.unwrap(), Some((7, b"seven".to_vec())));
        assert!(receive::<u32>(&mut &pipe[..9]).await.is_err());
    }
}
