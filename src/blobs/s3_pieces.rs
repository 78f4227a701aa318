//! A file as it is sent to an object store, piece by piece.

use std::fs::File;
use std::io::{self, Read, Seek};

use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::error::BlobError;
use crate::domain::digest::Digest;

/// Bytes of an original that are sent at once. Source: the smallest part that S3 accepts.
pub(super) const PART_BYTES: usize = 5 * 1024 * 1024;

/// A file in pieces, hashed while they are sent: what is sent is what was inspected.
pub(super) struct Pieces<'a> {
    file: &'a mut File,
    hasher: Sha256,
    tags: Vec<[u8; 16]>,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(file: &'a mut File) -> Result<Self, BlobError> {
        file.rewind()?;
        Ok(Pieces { file, hasher: Sha256::new(), tags: Vec::new() })
    }

    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, BlobError> {
        let mut piece = Vec::with_capacity(PART_BYTES);
        Read::by_ref(self.file).take(PART_BYTES as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(None);
        }
        self.hasher.update(&piece);
        self.tags.push(Md5::digest(&piece).into());
        Ok(Some(piece))
    }

    /// Whether the bytes read so far are the original.
    pub(super) fn check(&self, digest: &Digest) -> Result<(), BlobError> {
        if Digest::from_bytes(self.hasher.clone().finalize().into()) != *digest {
            return Err(BlobError::Io(io::Error::other("the disk does not give back what was written")));
        }
        Ok(())
    }

    /// The ETag of all pieces: the MD5 of the only one, or the MD5 of their MD5s with their number.
    pub(super) fn end(self, digest: &Digest) -> Result<String, BlobError> {
        self.check(digest)?;
        match &*self.tags {
            [only] => Ok(hex(only)),
            tags => Ok(format!("{}-{}", hex(&Md5::digest(tags.concat())), tags.len())),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
