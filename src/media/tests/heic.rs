//! HEIC: orientation, composition, colours, and the cost of hostile files.

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};

use super::super::made::{Item, Tiff, bmff_box, heic_file, heic_of, hevc_of, jpeg_of, scene};
use super::super::{Decoder, RenderError, picture_limits, render};
use super::*;

fn view_of(bytes: &[u8]) -> DynamicImage {
    let made = render(bytes, MediaKind::Heic, 1).unwrap();
    assert_eq!(made.decoder, Decoder::Hevc);
    image::load_from_memory_with_format(&made.view, ImageFormat::Jpeg).unwrap()
}

fn mean_difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

/// A transformation by the container, and the same done by hand.
type Turn = (&'static [u8; 4], u8, fn(&DynamicImage) -> DynamicImage);

const TURNS: [Turn; 6] = [
    (b"irot", 0, |picture| picture.clone()),
    (b"irot", 1, DynamicImage::rotate270),
    (b"irot", 2, DynamicImage::rotate180),
    (b"irot", 3, DynamicImage::rotate90),
    (b"imir", 0, DynamicImage::flipv),
    (b"imir", 1, DynamicImage::fliph),
];

/// Rotations and mirrors apply in the order in which they are listed, whatever EXIF says.
#[test]
fn the_container_says_how_it_lies() {
    let picture = scene(160, 120, 3);
    let coded = hevc_of(&picture);
    let upright = DynamicImage::ImageRgb8(picture);
    for (first, first_by, by_hand) in TURNS {
        for (second, second_by, then_by_hand) in TURNS {
            let item = Item::coded(1, (160, 120), &coded).with(first, &[first_by]).with(second, &[second_by]);
            let exif =
                [&6_u32.to_be_bytes()[..], b"Exif\0\0", &Tiff { orientation: 8, ..Tiff::default() }.bytes()].concat();
            let exif = Item { id: 2, kind: *b"Exif", properties: Vec::new(), data: exif };
            let bytes = heic_file(&[item, exif], &[]);
            let expected = then_by_hand(&by_hand(&upright));
            let seen = inspect_bytes(&bytes).unwrap();
            let case = format!("{first:?} {first_by}, {second:?} {second_by}");
            assert_eq!((seen.width, seen.height), (Some(expected.width()), Some(expected.height())), "{case}");
            assert_eq!(seen.exif.orientation, Some(8));
            let difference = mean_difference(&view_of(&bytes), &expected);
            assert!(difference < 6.0, "{case}: {difference}");
        }
    }
}

/// What a phone of 12 megapixels writes when held upright.
#[test]
fn a_turned_picture_announces_its_size_upright() {
    let config = hevc_of(&scene(16, 16, 1));
    let item = Item::coded(1, (4608, 3456), &config).with(b"irot", &[1]);
    let seen = inspect_bytes(&heic_file(&[item], &[])).unwrap();
    assert_eq!((seen.width, seen.height, seen.orientation), (Some(3456), Some(4608), 8));
}

#[test]
fn a_part_may_be_cut_out() {
    let picture = scene(160, 120, 3);
    let fractions = |numbers: [i32; 8]| numbers.map(i32::to_be_bytes).concat();
    // 100 × 60 pixels whose centre is 10 right of the picture's and 20 above it.
    let clap = fractions([100, 1, 60, 1, 10, 1, -20, 1]);
    let item = Item::coded(1, (160, 120), &hevc_of(&picture)).with(b"clap", &clap).with(b"irot", &[1]);
    let bytes = heic_file(&[item], &[]);
    let seen = inspect_bytes(&bytes).unwrap();
    assert_eq!((seen.width, seen.height), (Some(60), Some(100)));
    let expected = DynamicImage::ImageRgb8(picture).crop_imm(40, 10, 100, 60).rotate270();
    assert!(mean_difference(&view_of(&bytes), &expected) < 6.0);
}

/// Tiles of 512 pixels, with the last column and row cut by the picture's edge, at full size and scaled.
#[test]
fn tiles_look_as_the_same_picture_in_one_piece() {
    for (width, height) in [(1300, 700), (3301, 701)] {
        let picture = scene(width, height, 5);
        let heic = heic_of(&picture);
        let seen = inspect_bytes(&heic).unwrap();
        assert_eq!((seen.width, seen.height, seen.orientation), (Some(width), Some(height), 1));
        let jpeg = render(&jpeg_of(&picture, 92), MediaKind::Jpeg, 1).unwrap();
        let expected = image::load_from_memory(&jpeg.view).unwrap();
        let difference = mean_difference(&view_of(&heic), &expected);
        assert!(difference < 3.0, "{width}×{height}: {difference}");
        let found = render(&heic, MediaKind::Heic, 1).unwrap().fingerprint.unwrap();
        assert!(found.distance(jpeg.fingerprint.unwrap()) <= 2, "found as the same picture");
    }
}

#[test]
fn more_bits_grey_and_the_range_of_samples() {
    let picture = scene(160, 120, 3);
    let data: Vec<u16> =
        picture.pixels().flat_map(|p| [p.0[0], p.0[1], p.0[2], 255]).map(|v| u16::from(v) * 4).collect();
    let fine = heifer::Image { width: 160, height: 120, bit_depth: 10, has_alpha: false, data };
    let ten_bits = heifer::encode(&fine, &heifer::EncodeOptions::default()).unwrap();
    assert!(mean_difference(&view_of(&ten_bits), &DynamicImage::ImageRgb8(picture)) < 6.0);

    // Samples of 0, 60 and 200 mean something else when black is 16 and white 235.
    let bars = RgbImage::from_fn(192, 64, |x, _| image::Rgb([[0, 60, 200][x as usize / 64]; 3]));
    let coded = hevc_of(&bars);
    let nclx = |flags: u8| [&b"nclx"[..], &[0, 1, 0, 13, 0, 6, flags]].concat();
    for (flags, expected) in [(0x80, [0, 60, 200]), (0, [0, 51, 214])] {
        let item = Item::coded(1, (192, 64), &coded).with(b"colr", &nclx(flags));
        let view = view_of(&heic_file(&[item], &[])).to_rgb8();
        for (bar, expected) in (0..).zip(expected) {
            let found = view.get_pixel(bar * 64 + 32, 32).0;
            assert!(found.iter().all(|part| part.abs_diff(expected) <= 4), "{flags}: {found:?} for {expected}");
        }
    }
}

fn fails(bytes: &[u8]) -> RenderError {
    render(bytes, MediaKind::Heic, 1).unwrap_err()
}

/// A grid of this many tiles, each the same small picture, listed as `parts`.
fn grid(size: (u32, u32), (columns, rows): (u8, u8), parts: Vec<u16>) -> Vec<u8> {
    let tile = Item::coded(2, (64, 64), &hevc_of(&scene(64, 64, 1)));
    heic_file(&[Item::grid(1, size, (columns, rows)), tile], &[(1, parts)])
}

#[test]
fn what_is_put_together_in_unusual_ways_has_no_preview() {
    let coded = hevc_of(&scene(64, 64, 1));
    let tile = Item::coded(2, (64, 64), &coded);
    let grid_of = |id, to: Vec<u16>| (Item::grid(id, (128, 64), (2, 1)), (id, to));
    for kind in [b"iovl", b"iden", b"av01", b"jpeg", b"unci", b"hev1"] {
        let other = Item { kind: *kind, ..Item::coded(1, (64, 64), &coded) };
        assert_eq!(fails(&heic_file(&[other, tile.clone()], &[(1, vec![2])])), RenderError::NoPreview, "{kind:?}");
    }
    // A grid of grids, a grid that contains itself, and one that contains itself through another.
    let (outer, outer_parts) = grid_of(1, vec![3, 3]);
    let (inner, inner_parts) = grid_of(3, vec![2, 2]);
    let nested = heic_file(&[outer.clone(), inner, tile.clone()], &[outer_parts, inner_parts]);
    assert!(matches!(fails(&nested), RenderError::NoPreview | RenderError::Undecodable(_)));
    for to in [vec![1, 1], vec![3, 3]] {
        let other = Item::grid(3, (128, 64), (2, 1));
        let looped = heic_file(&[outer.clone(), other, tile.clone()], &[(1, to), (3, vec![1, 1])]);
        assert!(matches!(fails(&looped), RenderError::NoPreview | RenderError::Undecodable(_)));
    }
    // Parameter sets among the slices could change the size after it was checked.
    let set = &coded.0[28..28 + 16];
    let with_set = [&(set.len() as u32).to_be_bytes()[..], &[0x42, 1], &set[2..], &coded.1].concat();
    let item = Item { data: with_set, ..Item::coded(1, (64, 64), &coded) };
    assert_eq!(fails(&heic_file(&[item], &[])), RenderError::NoPreview);
}

#[test]
fn grids_that_lie() {
    // Tiles that share their bytes: together they are longer than the file.
    let shared = fails(&grid((64 * 16, 64), (16, 1), vec![2; 16]));
    assert!(matches!(shared, RenderError::Undecodable(_)), "{shared:?}");
    for (size, (columns, rows), parts) in [
        ((128, 64), (2, 1), vec![]),
        ((128, 64), (2, 1), vec![2]),
        ((128, 64), (2, 1), vec![2, 2, 2]),
        ((128, 64), (2, 1), vec![2, 9]),
        ((640, 64), (2, 1), vec![2, 2]),
        ((64, 64), (2, 1), vec![2, 2]),
        ((12_000, 12_000), (2, 1), vec![2, 2]),
    ] {
        let error = fails(&grid(size, (columns, rows), parts.clone()));
        assert!(matches!(error, RenderError::Undecodable(_)), "{size:?} {parts:?}: {error:?}");
    }
    // A different size from the one in the grid itself.
    let mut other = Item::grid(1, (128, 64), (2, 1));
    other.properties = Item::grid(1, (120, 64), (2, 1)).properties;
    let tile = Item::coded(2, (64, 64), &hevc_of(&scene(64, 64, 1)));
    assert!(matches!(fails(&heic_file(&[other, tile], &[(1, vec![2, 2])])), RenderError::Undecodable(_)));
    // Thousands of tiles.
    let many = grid((64 * 255, 64 * 40), (255, 40), vec![2; 255 * 40]);
    assert_eq!(fails(&many), RenderError::TooLarge);
}

#[test]
fn sizes_that_lie() {
    let small = hevc_of(&scene(64, 64, 1));
    for size in [(128, 64), (64, 4000), (12_000, 12_000)] {
        let error = fails(&heic_file(&[Item::coded(1, size, &small)], &[]));
        assert!(matches!(error, RenderError::Undecodable(_) | RenderError::TooLarge), "{size:?}: {error:?}");
    }
    let huge = heic_file(&[Item::coded(1, (30_000, 30_000), &small)], &[]);
    assert!(matches!(inspect_bytes(&huge), Err(Rejection::TooLarge { .. })));
    assert_eq!(fails(&huge), RenderError::TooLarge);
    // Neither size nor configuration: this does not count as damage.
    for missing in [0, 1] {
        let mut item = Item::coded(1, (64, 64), &small);
        item.properties.remove(missing);
        assert_eq!(fails(&heic_file(&[item], &[])), RenderError::NoPreview);
    }
    let empty = Item { data: Vec::new(), ..Item::coded(1, (64, 64), &small) };
    assert!(matches!(fails(&heic_file(&[empty, Item::coded(2, (64, 64), &small)], &[])), RenderError::Undecodable(_)));
}

/// Each slice may claim the whole picture: many small ones would keep a decoder busy for hours.
#[test]
fn slices_are_counted_before_they_are_decoded() {
    let (config, data) = hevc_of(&RgbImage::new(512, 512));
    let slices = (picture_limits::HEIC_WORK_MAX_PX / (512 * 512)) as usize + 1;
    let item = Item::coded(1, (512, 512), &(config, data.repeat(slices)));
    assert_eq!(fails(&heic_file(&[item], &[])), RenderError::TooLarge);
}

/// Billions of pieces of no size, and pieces that overlap.
#[test]
fn places_that_lie_cost_nothing() {
    let item = Item::coded(1, (64, 64), &hevc_of(&scene(64, 64, 1)));
    let bytes = heic_file(&[item], &[]);
    let at = memchr::memmem::find(&bytes, b"iloc").unwrap();
    let mut endless = bytes.clone();
    endless[at + 8..at + 10].copy_from_slice(&[0, 0]);
    endless[at + 16..at + 18].copy_from_slice(&[0xFF, 0xFF]);
    assert!(matches!(fails(&endless), RenderError::Undecodable(_)));
    let mut behind = bytes;
    behind[at + 18..at + 22].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(matches!(fails(&behind), RenderError::Undecodable(_)));
}

#[test]
fn what_is_cut_off_in_its_picture() {
    let heic = heic_of(&scene(600, 300, 5));
    // The boxes say where the picture's bytes are, but those are not a picture.
    let data = memchr::memmem::find(&heic, b"mdat").unwrap() + 4;
    let mut hollow = heic.clone();
    let middle = data + (heic.len() - data) / 2;
    hollow[middle..].fill(0);
    assert!(matches!(fails(&hollow), RenderError::Undecodable(_)));
    let nothing =
        [bmff_box(b"ftyp", b"heic\0\0\0\0mif1heic"), bmff_box(b"meta", &[0; 4]), bmff_box(b"mdat", b"")].concat();
    assert_eq!(fails(&nothing), RenderError::NoPreview);
}
