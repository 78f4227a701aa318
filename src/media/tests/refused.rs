//! Refused files.

use std::io::{Cursor, Read, Seek};

use super::super::made::{
    animated_webp_of, bmff_box, encoded, extended_webp, heic, png_chunk, scene, segment, with_chunk,
};
use super::super::{RenderError, render};
use super::*;

#[test]
fn what_is_no_picture_of_ours() {
    assert!(matches!(inspect_bytes(b""), Err(Rejection::Empty)));
    let others: [&[u8]; 9] = [
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"<!DOCTYPE html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM",
        b"\0",
        b"II*\0\x08\0\0\0",
        b"RIFF\x10\0\0\0WAVEfmt ",
    ];
    for bytes in others {
        assert!(matches!(inspect_bytes(bytes), Err(Rejection::Unsupported)), "{bytes:?}");
    }
    for brands in [&b"avif\0\0\0\0mif1avif"[..], b"mif1\0\0\0\0avifmif1", b"isom\0\0\0\0mp42"] {
        assert!(matches!(inspect_bytes(&heic(brands, (10, 10), b"")), Err(Rejection::Unsupported)));
    }
}

#[test]
fn what_is_cut_off_anywhere() {
    for (kind, bytes) in sound() {
        inspect_bytes(&bytes).unwrap();
        // A JPEG is complete without its end mark.
        let end = if kind == MediaKind::Jpeg { 10 } else { 1 };
        for keep in [bytes.len() / 100, bytes.len() * 6 / 10, bytes.len() - end] {
            let cut = &bytes[..keep.max(12)];
            assert!(matches!(inspect_bytes(cut), Err(Rejection::Truncated)), "{kind:?} {keep} of {}", bytes.len());
            // A truncated JPEG could be shown in part; it is refused before that.
            assert!(kind == MediaKind::Jpeg || render(cut, kind, 1).is_err());
        }
    }
}

/// A file of any length with zeros after its head, which counts what is read.
struct Claims {
    head: Cursor<Vec<u8>>,
}

impl Read for Claims {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        assert!(buffer.len() <= 64 * 1024, "a claim decided how much is read");
        self.head.read(buffer)
    }
}

impl Seek for Claims {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.head.seek(to)
    }
}

#[test]
fn claims_of_huge_pictures_are_refused_at_the_header() {
    let header = |width: u32, height: u32| {
        let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [&b"\x89PNG\r\n\x1A\n"[..], &png_chunk(b"IHDR", &body)].concat()
    };
    let frame = |width: u16, height: u16| {
        let [w, h] = [width.to_be_bytes(), height.to_be_bytes()];
        [&[0xFF, 0xD8][..], &segment(0xC0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0])].concat()
    };
    let webp = encoded(&scene(16, 16, 1), ImageFormat::WebP);
    let too_large = [
        header(30_000, 30_000),
        header(20_001, 1),
        header(16_384, 12_330),
        header(u32::MAX, u32::MAX),
        frame(65_000, 65_000),
        frame(1, 20_001),
        extended_webp(&webp, 0, (16_777_216, 256), b"XXXX", b""),
        heic(b"heic\0\0\0\0mif1heic", (30_000, 30_000), b""),
    ];
    for bytes in too_large {
        let size = bytes.len() as u64;
        let mut claims = Claims { head: Cursor::new(bytes.clone()) };
        assert!(matches!(inspect(&mut claims, size), Err(Rejection::TooLarge { .. })), "{bytes:?}");
        let Some(kind) = MediaKind::sniff(&bytes).filter(|kind| *kind != MediaKind::Heic) else { continue };
        assert_eq!(render(&bytes, kind, 1), Err(RenderError::TooLarge));
    }
    // Within the limits they are only incomplete.
    assert!(matches!(inspect_bytes(&header(16_384, 12_288)), Err(Rejection::Truncated)));
    assert!(matches!(inspect_bytes(&header(0, 1)), Err(Rejection::Corrupt(_))));
    assert!(matches!(inspect_bytes(&frame(0, 1)), Err(Rejection::Corrupt(_))));
}

#[test]
fn lengths_that_lie_cost_nothing() {
    let lies = [
        [&b"\x89PNG\r\n\x1A\n"[..], &0x7FFF_FFFF_u32.to_be_bytes(), b"IHDR"].concat(),
        [&b"RIFF"[..], &u32::MAX.to_le_bytes(), b"WEBPVP8 ", &u32::MAX.to_le_bytes()].concat(),
        [&bmff_box(b"ftyp", b"heic\0\0\0\0mif1")[..], &[0, 0, 0, 1], b"meta", &u64::MAX.to_be_bytes()].concat(),
        [&bmff_box(b"ftyp", b"heic\0\0\0\0mif1")[..], &u32::MAX.to_be_bytes(), b"meta"].concat(),
    ];
    for bytes in lies {
        let size = bytes.len() as u64;
        assert!(matches!(inspect(&mut Claims { head: Cursor::new(bytes) }, size), Err(Rejection::Truncated)));
    }
}

#[test]
fn what_moves() {
    let picture = scene(16, 16, 1);
    let png = encoded(&picture, ImageFormat::Png);
    let announced = |frames: u8| png_chunk(b"acTL", &[0, 0, 0, frames, 0, 0, 0, 0]);
    let control = png_chunk(b"fcTL", &[0; 26]);
    let other = png_chunk(b"fdAT", &[0; 16]);
    for chunks in [
        announced(2),
        [announced(1), control.clone(), control.clone()].concat(),
        // A picture beside the only frame, and frames that were not announced.
        [announced(1), other.clone()].concat(),
        other,
        [control.clone(), control].concat(),
    ] {
        assert!(matches!(inspect_bytes(&with_chunk(&png, &chunks)), Err(Rejection::Animated)), "{chunks:?}");
    }
    let webp = encoded(&picture, ImageFormat::WebP);
    let frame = [&[0; 6][..], &[15, 0, 0, 15, 0, 0], &[0; 4], &webp[12..]].concat();
    let two = animated_webp_of((16, 16), &[&frame, &frame]);
    assert!(matches!(inspect_bytes(&two), Err(Rejection::Animated)));
    let beside = extended_webp(&webp, 0, (16, 16), b"ANMF", &[0; 16]);
    assert!(matches!(inspect_bytes(&beside), Err(Rejection::Animated)));
}

#[test]
fn what_contradicts_itself() {
    let picture = scene(16, 16, 1);
    let jpeg = encoded(&picture, ImageFormat::Jpeg);
    let mut flipped = encoded(&picture, ImageFormat::Png);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let scans = segment(0xDA, &[1, 1, 0, 0, 0, 0]).repeat(101);
    let corrupt = [
        flipped,
        // A JPEG without a picture, one inside another, one with too many scans.
        vec![0xFF, 0xD8, 0xFF, 0xD9],
        [&jpeg[..2], &jpeg[..]].concat(),
        [&jpeg[..2], &scans[..], &jpeg[2..]].concat(),
        vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0xFF, 0xD9],
        extended_webp(&encoded(&picture, ImageFormat::WebP), 0, (17, 16), b"XXXX", b""),
        // Animations without frames, and with a frame that the header does not announce.
        extended_webp(&encoded(&picture, ImageFormat::WebP), 2, (16, 16), b"ANIM", &[0; 6]),
        animated_webp_of((16, 16), &[]),
        with_chunk(&encoded(&picture, ImageFormat::Png), &png_chunk(b"acTL", &[0; 4])),
    ];
    for bytes in corrupt {
        assert!(matches!(inspect_bytes(&bytes), Err(Rejection::Corrupt(_))), "{:?}", inspect_bytes(&bytes));
    }
}
