//! Reads single fields of a TIFF block, which is the format of EXIF. Source: TIFF 6.0 §2, EXIF 2.32 §4.6.
//!
//! A directory is searched, never collected: a block of 65 kB can list 3.7 million overlapping entries, and a general
//! reader takes 180 MB for one upload (measured with kamadak-exif 0.6.2).

/// Entries of a directory that are read. Source: our choice; phones write under 60.
const ENTRIES_MAX: usize = 512;
/// `Exif`, a NUL and a filler.
const EXIF_MARK_BYTES: usize = 6;
/// Length of one entry: tag, type, count, value or offset.
const ENTRY_BYTES: usize = 12;

/// The type of a field's values. Source: TIFF 6.0 §2, TIFF technical note 1 for [`FieldType::Ifd`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldType {
    Byte,
    Ascii,
    Short,
    Long,
    Rational,
    SignedByte,
    Undefined,
    SignedShort,
    SignedLong,
    SignedRational,
    Float,
    Double,
    Ifd,
}

impl FieldType {
    const fn of(code: u16) -> Option<Self> {
        Some(match code {
            1 => FieldType::Byte,
            2 => FieldType::Ascii,
            3 => FieldType::Short,
            4 => FieldType::Long,
            5 => FieldType::Rational,
            6 => FieldType::SignedByte,
            7 => FieldType::Undefined,
            8 => FieldType::SignedShort,
            9 => FieldType::SignedLong,
            10 => FieldType::SignedRational,
            11 => FieldType::Float,
            12 => FieldType::Double,
            13 => FieldType::Ifd,
            _ => return None,
        })
    }

    /// Bytes of one value.
    const fn bytes(self) -> usize {
        match self {
            FieldType::Byte | FieldType::Ascii | FieldType::SignedByte | FieldType::Undefined => 1,
            FieldType::Short | FieldType::SignedShort => 2,
            FieldType::Long | FieldType::SignedLong | FieldType::Float | FieldType::Ifd => 4,
            FieldType::Rational | FieldType::SignedRational | FieldType::Double => 8,
        }
    }
}

/// One number of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// A value.
    Known(f64),
    /// Missing, or `0/0`, which cameras write for an unknown value and some for 0.
    Unknown,
}

impl Number {
    /// Its value; 0 when unknown.
    pub(super) fn or_zero(self) -> f64 {
        match self {
            Number::Known(value) => value,
            Number::Unknown => 0.0,
        }
    }
}

/// A block without the `Exif` prefix that it has in a JPEG and that some writers keep elsewhere.
pub(super) fn without_prefix(mut block: Vec<u8>) -> Vec<u8> {
    // The sixth byte is padding, and not always 0.
    if block.starts_with(b"Exif\0") && block.len() >= EXIF_MARK_BYTES {
        block.drain(..EXIF_MARK_BYTES);
    }
    block
}

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
    kind: FieldType,
    value: &'a [u8],
}

impl<'a> Block<'a> {
    /// A block of any bytes; one that is not TIFF has no directories.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Block { bytes, little_endian: bytes.starts_with(b"II") }
    }

    /// The first directory.
    pub(super) fn root(&self) -> Option<Directory> {
        let known = self.bytes.starts_with(b"II") || self.bytes.starts_with(b"MM");
        (known && self.short(2)? == 42).then_some(())?;
        self.directory(self.long(4)?)
    }

    /// The directory that another one points to with `tag`.
    pub(super) fn child(&self, directory: Directory, tag: u16) -> Option<Directory> {
        self.directory(self.unsigned(directory, tag)?)
    }

    fn directory(&self, offset: u32) -> Option<Directory> {
        let offset = usize::try_from(offset).ok()?;
        let entries = usize::from(self.short(offset)?).min(ENTRIES_MAX);
        Some(Directory { first: offset.checked_add(2)?, entries })
    }

    /// The last entry with this tag: of two, common readers and writers use the later one.
    fn entry(&self, directory: Directory, tag: u16) -> Option<Entry<'a>> {
        let at = (0..directory.entries)
            .rev()
            .map(|index| directory.first + index * ENTRY_BYTES)
            .find(|at| self.short(*at) == Some(tag))?;
        let kind = FieldType::of(self.short(at + 2)?)?;
        let length = usize::try_from(self.long(at + 4)?).ok()?.checked_mul(kind.bytes())?;
        let start = if length <= 4 { at + 8 } else { usize::try_from(self.long(at + 8)?).ok()? };
        Some(Entry { kind, value: self.bytes.get(start..start.checked_add(length)?)? })
    }

    /// A text up to its first NUL, trimmed; `None` for a field of numbers.
    pub(super) fn text(&self, directory: Directory, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(directory, tag)?;
        match entry.kind {
            // Some programs write texts as BYTE or UNDEFINED.
            FieldType::Ascii | FieldType::Byte | FieldType::Undefined => {
                entry.value.split(|byte| *byte == 0).next().map(<[u8]>::trim_ascii)
            }
            FieldType::Short
            | FieldType::Long
            | FieldType::Rational
            | FieldType::SignedByte
            | FieldType::SignedShort
            | FieldType::SignedLong
            | FieldType::SignedRational
            | FieldType::Float
            | FieldType::Double
            | FieldType::Ifd => None,
        }
    }

    /// The first value of a field of integers of any size, if it is not negative.
    pub(super) fn unsigned(&self, directory: Directory, tag: u16) -> Option<u32> {
        let entry = self.entry(directory, tag)?;
        match entry.kind {
            FieldType::Long | FieldType::Ifd => self.long_in(entry.value),
            FieldType::Byte
            | FieldType::Undefined
            | FieldType::Short
            | FieldType::SignedByte
            | FieldType::SignedShort
            | FieldType::SignedLong => match self.number(entry.kind, entry.value)? {
                Number::Known(value) if value >= 0.0 => Some(value as u32),
                Number::Known(_) | Number::Unknown => None,
            },
            FieldType::Ascii
            | FieldType::Rational
            | FieldType::SignedRational
            | FieldType::Float
            | FieldType::Double => None,
        }
    }

    /// The first three values of a field of numbers of any type, unknown where there are fewer; nothing when one of
    /// them divides by zero or is infinite.
    pub(super) fn numbers(&self, directory: Directory, tag: u16) -> Option<[Number; 3]> {
        let entry = self.entry(directory, tag)?;
        let mut numbers = [Number::Unknown; 3];
        for (number, bytes) in numbers.iter_mut().zip(entry.value.chunks_exact(entry.kind.bytes())) {
            *number = self.number(entry.kind, bytes)?;
        }
        Some(numbers)
    }

    /// The first value in `bytes`, of this type.
    fn number(&self, kind: FieldType, bytes: &[u8]) -> Option<Number> {
        let ratio = |over: f64, under: f64| match (over, under) {
            (0.0, 0.0) => Some(Number::Unknown),
            (_, 0.0) => None,
            (over, under) => Some(Number::Known(over / under)),
        };
        let signed = |value: u32| f64::from(value.cast_signed());
        let value = match kind {
            FieldType::Ascii => return None,
            FieldType::Rational => {
                return ratio(f64::from(self.long_in(bytes)?), f64::from(self.long_in(bytes.get(4..)?)?));
            }
            FieldType::SignedRational => {
                return ratio(signed(self.long_in(bytes)?), signed(self.long_in(bytes.get(4..)?)?));
            }
            FieldType::Byte | FieldType::Undefined => f64::from(*bytes.first()?),
            FieldType::SignedByte => f64::from(bytes.first()?.cast_signed()),
            FieldType::Short => f64::from(self.short_in(bytes)?),
            FieldType::SignedShort => f64::from(self.short_in(bytes)?.cast_signed()),
            FieldType::Long | FieldType::Ifd => f64::from(self.long_in(bytes)?),
            FieldType::SignedLong => signed(self.long_in(bytes)?),
            FieldType::Float => f64::from(f32::from_bits(self.long_in(bytes)?)),
            FieldType::Double => {
                let bytes = *bytes.first_chunk()?;
                if self.little_endian { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) }
            }
        };
        value.is_finite().then_some(Number::Known(value))
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
