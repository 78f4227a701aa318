//! Canaries: texts and ids that are planted where no outsider may look. All begin with the same rare marks, so that one
//! search finds any of them, in whatever form it leaves.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use memchr::memmem::Finder;
use pinyin::ToPinyin as _;
use uuid::{Builder, Uuid};

/// How each text in Chinese begins: eight birds that no other text names.
const WORD: &str = "鹬鹳鸢鹞鹭隼鹛鸲";
/// How each text goes on, and how one begins that must be ASCII.
const TOKEN: &str = "q7xkvjzw";
/// How each id begins.
const ID: [u8; 6] = [0xc4, 0xa7, 0xa5, 0x7e, 0x1d, 0x0b];

/// Makes canaries, each once.
#[derive(Debug, Default)]
pub struct Planter(Cell<u32>);

impl Planter {
    fn next(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.0.get()
    }

    /// Words, of 20 characters: a list of the office may have such a name.
    pub fn text(&self) -> String {
        format!("{WORD}{}", self.ascii())
    }

    /// Words in ASCII.
    pub fn ascii(&self) -> String {
        format!("{TOKEN}{:04}", self.next())
    }

    /// An id.
    pub fn id(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&ID);
        bytes[12..].copy_from_slice(&self.next().to_be_bytes());
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The numbers of the canaries that stand in a text as they were planted.
pub fn numbers_in(text: &str) -> impl Iterator<Item = u32> {
    let texts = text.match_indices(TOKEN).filter_map(|(at, _)| text.get(at + TOKEN.len()..)?.get(..4)?.parse().ok());
    let begin = hex(&ID[..4]);
    let ids: Vec<u32> = text
        .match_indices(&begin)
        .filter_map(|(at, _)| Some(text.get(at..)?.get(..36)?.parse::<Uuid>().ok()?.as_bytes()[12..].to_vec()))
        .map(|last| u32::from_be_bytes(last.try_into().unwrap()))
        .collect();
    texts.chain(ids)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn percent(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02x}").unwrap();
        text
    })
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// What base64 makes of these bytes wherever they begin in what is encoded: without the letters that also depend on what
/// stands before and after.
fn base64(bytes: &[u8]) -> impl Iterator<Item = String> {
    [STANDARD, URL_SAFE].into_iter().flat_map(move |alphabet| {
        let engine = GeneralPurpose::new(&alphabet, NO_PAD);
        (0..3).map(move |before| {
            let all = engine.encode([&vec![0; before][..], bytes].concat());
            let end = if (before + bytes.len()).is_multiple_of(3) { all.len() } else { all.len() - 1 };
            all[[0, 2, 3][before]..end].to_owned()
        })
    })
}

/// Every form in which a canary could leave, by name.
fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let mut forms: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let mut text = |name: &'static str, text: String| {
        forms.push((name, text.to_uppercase().into_bytes()));
        forms.push((name, text.to_lowercase().into_bytes()));
        forms.push((name, text.into_bytes()));
    };
    let readings: Vec<&str> = WORD.chars().map(|letter| letter.to_pinyin().unwrap().plain()).collect();
    text("pinyin", readings.concat());
    text("pinyin", readings.join(" "));
    text("pinyin", readings.join("-"));
    text("initials", readings.iter().map(|reading| &reading[..1]).collect());
    text("backwards", WORD.chars().rev().collect());
    text("backwards", TOKEN.chars().rev().collect());
    let escaped = |form: fn(u16) -> String| WORD.encode_utf16().map(form).collect::<String>();
    text("escapes", escaped(|unit| format!("\\u{unit:04x}")));
    text("escapes", escaped(|unit| format!("\\u{unit:04X}")));
    text("entities", escaped(|unit| format!("&#{unit};")));
    text("entities", escaped(|unit| format!("&#x{unit:x};")));
    let [first, second] = [&ID[..4], &ID[4..]].map(hex);
    text("an id", format!("{first}-{second}"));
    text("an id", format!("{first}{second}"));
    let hyphenated = format!("{first}-{second}");
    let encoded = [WORD, TOKEN, &hyphenated].into_iter().flat_map(|mark| {
        [
            ("plain", mark.as_bytes().to_vec()),
            ("UTF-16", utf16(mark, u16::to_le_bytes)),
            ("UTF-16", utf16(mark, u16::to_be_bytes)),
            ("GB18030", encoding_rs::GB18030.encode(mark).0.into_owned()),
        ]
    });
    let little_endian = vec![0x7e, 0xa5, 0xa7, 0xc4, 0x0b, 0x1d];
    let of_ids = [("the bytes of an id", ID.to_vec()), ("the bytes of an id", little_endian)];
    let encoded: Vec<(&'static str, Vec<u8>)> = encoded.chain(of_ids).collect();
    for (name, bytes) in &encoded {
        forms.push((*name, bytes.clone()));
        forms.extend(base64(bytes).map(|text| ("base64", text.into_bytes())));
        let texts = [("hex", hex(bytes)), ("percent", percent(bytes))];
        forms.extend(
            texts
                .iter()
                .flat_map(|(name, text)| [(*name, text.clone()), (*name, text.to_uppercase())])
                .map(|(name, text)| (name, text.into_bytes())),
        );
    }
    forms.sort();
    forms.dedup_by(|one, other| one.1 == other.1);
    forms
}

/// How deep a file in a file in a file is unpacked. Source: our choice; a workbook in an archive is two.
const DEPTH_MAX: usize = 4;
/// Most bytes of one unpacked part.
const PART_BYTES_MAX: u64 = 64 << 20;

/// The bytes, and all that is packed in them: gzip, zlib from any place on, and archives, of which a workbook is one.
fn layers(bytes: &[u8], depth: usize) -> Vec<Vec<u8>> {
    let mut found = vec![bytes.to_vec()];
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut unpacked = |from: &mut dyn std::io::Read| {
        let mut plain = Vec::new();
        // What is unpacked before a fault counts too.
        drop(from.take(PART_BYTES_MAX).read_to_end(&mut plain));
        if !plain.is_empty() {
            parts.push(plain);
        }
    };
    if bytes.starts_with(b"\x1f\x8b") {
        unpacked(&mut flate2::read::MultiGzDecoder::new(bytes));
    }
    if bytes.starts_with(b"PK")
        && let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes))
    {
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
            unpacked(&mut name.as_bytes());
            unpacked(&mut part);
        }
    } else {
        // Streams of a PDF, texts and profiles of a PNG.
        for second in [b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"] {
            for at in Finder::new(second).find_iter(bytes) {
                unpacked(&mut flate2::read::ZlibDecoder::new(&bytes[at..]));
            }
        }
    }
    if depth < DEPTH_MAX {
        found.extend(parts.iter().flat_map(|part| layers(part, depth + 1)));
    }
    found
}

/// A canary in these bytes: its form, and what stands around it.
pub fn find(bytes: &[u8]) -> Option<(&'static str, String)> {
    static FORMS: LazyLock<Vec<(&'static str, Finder<'static>)>> =
        LazyLock::new(|| forms().into_iter().map(|(name, form)| (name, Finder::new(&form).into_owned())).collect());
    layers(bytes, 0).iter().find_map(|layer| {
        FORMS.iter().find_map(|(name, form)| {
            let at = form.find(layer)?;
            let around = &layer[at.saturating_sub(80)..layer.len().min(at + 80)];
            Some((*name, String::from_utf8_lossy(around).into_owned()))
        })
    })
}

/// What the search finds, so that what it does not find is not there.
#[test]
fn a_canary_is_found_in_every_form() {
    let planted = Planter::default();
    let (text, id) = (planted.text(), planted.id());
    let standard = &base64::engine::general_purpose::STANDARD;
    let gb18030 = encoding_rs::GB18030.encode(&text).0.into_owned();
    let readings: Vec<&str> = text.chars().filter_map(|letter| Some(letter.to_pinyin()?.plain())).collect();
    let mut kinds: Vec<Vec<u8>> = vec![
        text.clone().into_bytes(),
        planted.ascii().into_bytes(),
        id.to_string().into_bytes(),
        id.simple().to_string().to_uppercase().into_bytes(),
        id.as_bytes().to_vec(),
        id.to_bytes_le().to_vec(),
        utf16(&text, u16::to_le_bytes),
        utf16(&text, u16::to_be_bytes),
        gb18030.clone(),
        hex(text.as_bytes()).into_bytes(),
        hex(text.as_bytes()).to_uppercase().into_bytes(),
        hex(&gb18030).into_bytes(),
        percent(text.as_bytes()).into_bytes(),
        percent(&gb18030).to_uppercase().into_bytes(),
        readings.concat().into_bytes(),
        readings.iter().map(|reading| &reading[..1]).collect::<String>().into_bytes(),
        text.chars().rev().collect::<String>().into_bytes(),
        text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>().into_bytes(),
        text.encode_utf16().map(|unit| format!("&#{unit};")).collect::<String>().into_bytes(),
    ];
    for before in 0..3 {
        for bytes in [text.as_bytes(), &gb18030, &utf16(&text, u16::to_le_bytes), id.as_bytes()] {
            let padded = [&vec![b'.'; before][..], bytes, b"...."].concat();
            kinds.push(standard.encode(&padded).into_bytes());
            kinds.push(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&padded).into_bytes());
        }
    }
    let zipped = |bytes: &[u8]| {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("sheet.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, bytes).unwrap();
        archive.finish().unwrap().into_inner()
    };
    let gzipped = |bytes: &[u8]| {
        let mut out = Vec::new();
        flate2::read::GzEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut out).unwrap();
        out
    };
    let deflated = |bytes: &[u8]| {
        let mut out = b"stream\n".to_vec();
        flate2::read::ZlibEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut out).unwrap();
        out
    };
    let picture = super::pictures::jpeg(7, 160, 120);
    let exif = super::pictures::Exif { canary: Some(planted.ascii().leak()), ..Default::default() };
    kinds.push(exif.put_into_jpeg(&picture));
    for kind in kinds {
        let shown = String::from_utf8_lossy(&kind).into_owned();
        let within = [b"before ".to_vec(), kind, b" after".to_vec()].concat();
        for packed in [within.clone(), zipped(&within), gzipped(&zipped(&within)), deflated(&within)] {
            assert!(find(&packed).is_some(), "{shown}");
        }
    }
    for innocent in [&picture[..], "绿地脏乱，鹭岛路，隼".as_bytes(), b"q7xkv", &zipped(&picture)] {
        assert_eq!(find(innocent), None);
    }
    let numbers: Vec<u32> = numbers_in(&format!("{text} {id}")).collect();
    assert_eq!(numbers, [1, 2]);
}
