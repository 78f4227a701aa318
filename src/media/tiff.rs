//! Reading single fields out of a TIFF block, which is what EXIF is.
//! Source: TIFF 6.0 §2, EXIF 2.32 §4.6.
//!
//! A directory is searched, never built: a block of 65 kB can list 3.7 million
//! overlapping entries, and a general reader that collects them takes 180 MB for
//! one upload (measured with kamadak-exif 0.6.2).

/// Entries of a directory that are looked at. Source: our choice; phones write under 60.
const ENTRIES_MAX: usize = 512;
/// Length of one entry: tag, type, count, value or offset.
const ENTRY_BYTES: usize = 12;

const TYPE_ASCII: u16 = 2;
const TYPE_SHORT: u16 = 3;
const TYPE_LONG: u16 = 4;
const TYPE_RATIONAL: u16 = 5;

/// A TIFF block.
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    little_endian: bool,
}

/// One directory of a block, by the offset of its first entry.
#[derive(Clone, Copy)]
pub(super) struct Directory {
    first: usize,
    entries: usize,
}

struct Entry<'a> {
    kind: u16,
    value: &'a [u8],
}

impl<'a> Block<'a> {
    /// A block of any bytes; one that is no TIFF has no directories.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Block { bytes, little_endian: bytes.starts_with(b"II") }
    }

    /// The first directory.
    pub(super) fn root(&self) -> Option<Directory> {
        let known = self.bytes.starts_with(b"II") || self.bytes.starts_with(b"MM");
        (known && self.short(2)? == 42).then_some(())?;
        self.directory(self.long(4)?)
    }

    /// The directory another one points to with `tag`.
    pub(super) fn child(&self, directory: Directory, tag: u16) -> Option<Directory> {
        self.directory(self.unsigned(directory, tag)?)
    }

    fn directory(&self, offset: u32) -> Option<Directory> {
        let offset = usize::try_from(offset).ok()?;
        let entries = usize::from(self.short(offset)?).min(ENTRIES_MAX);
        Some(Directory { first: offset.checked_add(2)?, entries })
    }

    fn entry(&self, directory: Directory, tag: u16) -> Option<Entry<'a>> {
        let at = (0..directory.entries)
            .map(|index| directory.first + index * ENTRY_BYTES)
            .find(|at| self.short(*at) == Some(tag))?;
        let kind = self.short(at + 2)?;
        let unit = match kind {
            1 | 2 | 6 | 7 => 1,
            TYPE_SHORT | 8 => 2,
            TYPE_LONG | 9 | 11 => 4,
            TYPE_RATIONAL | 10 | 12 => 8,
            _ => return None,
        };
        let length = usize::try_from(self.long(at + 4)?).ok()?.checked_mul(unit)?;
        let start = if length <= 4 { at + 8 } else { usize::try_from(self.long(at + 8)?).ok()? };
        Some(Entry { kind, value: self.bytes.get(start..start.checked_add(length)?)? })
    }

    /// An ASCII field up to its NUL.
    pub(super) fn ascii(&self, directory: Directory, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(directory, tag).filter(|entry| entry.kind == TYPE_ASCII)?;
        entry.value.split(|byte| *byte == 0).next()
    }

    /// The first value of a SHORT or LONG field.
    pub(super) fn unsigned(&self, directory: Directory, tag: u16) -> Option<u32> {
        let entry = self.entry(directory, tag)?;
        match entry.kind {
            TYPE_SHORT => self.short_in(entry.value).map(u32::from),
            TYPE_LONG => self.long_in(entry.value),
            _ => None,
        }
    }

    /// Three RATIONALs, none of them a division by zero.
    pub(super) fn rationals(&self, directory: Directory, tag: u16) -> Option<[f64; 3]> {
        let entry = self.entry(directory, tag).filter(|entry| entry.kind == TYPE_RATIONAL)?;
        let mut values = [0.0; 3];
        for (index, value) in values.iter_mut().enumerate() {
            let pair = entry.value.get(index * 8..)?;
            let (over, under) = (self.long_in(pair)?, self.long_in(pair.get(4..)?)?);
            *value = (under != 0).then(|| f64::from(over) / f64::from(under))?;
        }
        Some(values)
    }

    fn short(&self, at: usize) -> Option<u16> {
        self.short_in(self.bytes.get(at..)?)
    }

    fn long(&self, at: usize) -> Option<u32> {
        self.long_in(self.bytes.get(at..)?)
    }

    fn short_in(&self, bytes: &[u8]) -> Option<u16> {
        let bytes = *bytes.first_chunk()?;
        Some(if self.little_endian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long_in(&self, bytes: &[u8]) -> Option<u32> {
        let bytes = *bytes.first_chunk()?;
        Some(if self.little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}
