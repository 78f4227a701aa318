//! Draws marks into the pixels of a rendition.

use tiny_skia::{Color, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::raster::{Layout, Raster};
use super::render::RenderError;
use crate::domain::mark::{Mark, MarkKind};

/// Cells along the longer side of an area that is made unrecognisable, and the smallest cell as a fraction of the
/// picture's longer edge: so few do not show a face, nor a number plate that is hidden letter by letter. Source: our
/// choice.
const CELLS: u32 = 8;
const CELL_PART: u32 = 64;
/// Width of a line, as a fraction of the picture's longer edge, and of the white border on either side, which keeps it
/// visible on red walls. Source: our choice, checked on phones.
const LINE: f32 = 0.010;
const SEAM: f32 = 0.004;
/// Length of an arrow's head in line widths, and the angle of each of its sides, in radians.
const HEAD_LINES: f32 = 5.5;
const HEAD_OPENS: f32 = 0.5;
/// Red of arrows and circles, as the app draws them (`.mark-line`).
const RED: (u8, u8, u8) = (0xe0, 0x00, 0x18);

/// Draws these marks on an upright picture: blurs first, so that no line is hidden.
pub(super) fn burn(picture: Raster, marks: &[Mark]) -> Result<Raster, RenderError> {
    if marks.is_empty() {
        return Ok(picture);
    }
    let mut picture = picture.coloured();
    for mark in marks {
        match mark.kind {
            MarkKind::Blur => hide(&mut picture, mark),
            MarkKind::Arrow | MarkKind::Circle => {}
        }
    }
    let mut sheet = Pixmap::new(picture.width, picture.height).ok_or(RenderError::TooLarge)?;
    let long = picture.width.max(picture.height) as f32;
    let line = (long * LINE).max(2.0);
    let seam = (long * SEAM).max(1.0);
    let paths: Vec<Path> = marks.iter().filter_map(|mark| path(mark, &picture, line)).collect();
    let white = Color::from_rgba8(255, 255, 255, 255);
    let red = Color::from_rgba8(RED.0, RED.1, RED.2, 255);
    for (color, width) in [(white, line + 2.0 * seam), (red, line)] {
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(color);
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        for path in &paths {
            sheet.stroke_path(path, &paint, &stroke, Transform::identity(), None);
        }
    }
    lay(&mut picture, &sheet);
    Ok(picture)
}

/// The outline of a mark in pixels; `None` for a blur.
fn path(mark: &Mark, picture: &Raster, line: f32) -> Option<Path> {
    let (width, height) = (picture.width as f32, picture.height as f32);
    let (x1, y1) = (mark.x1 as f32 * width, mark.y1 as f32 * height);
    let (x2, y2) = (mark.x2 as f32 * width, mark.y2 as f32 * height);
    match mark.kind {
        MarkKind::Blur => None,
        MarkKind::Circle => PathBuilder::from_oval(Rect::from_ltrb(x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2))?),
        MarkKind::Arrow => {
            let length = (x2 - x1).hypot(y2 - y1);
            // A short arrow has a short head.
            let head = (line * HEAD_LINES).min(length * 0.6);
            let back = (y1 - y2).atan2(x1 - x2);
            let mut path = PathBuilder::new();
            path.move_to(x1, y1);
            path.line_to(x2, y2);
            for turn in [HEAD_OPENS, -HEAD_OPENS] {
                path.move_to(x2, y2);
                path.line_to(x2 + head * (back + turn).cos(), y2 + head * (back + turn).sin());
            }
            path.finish()
        }
    }
}

/// Replaces the pixels of each cell by their mean. Every pixel that the box touches is included.
fn hide(picture: &mut Raster, mark: &Mark) {
    let span = |from: f64, to: f64, size: u32| {
        let start = (from.min(to) * f64::from(size)).floor() as u32;
        let end = (from.max(to) * f64::from(size)).ceil() as u32;
        (start.min(size), end.min(size))
    };
    let (left, right) = span(mark.x1, mark.x2, picture.width);
    let (top, bottom) = span(mark.y1, mark.y2, picture.height);
    let least = picture.width.max(picture.height).div_ceil(CELL_PART);
    let cell = (right - left).max(bottom - top).div_ceil(CELLS).max(least);
    for y in (top..bottom).step_by(cell as usize) {
        for x in (left..right).step_by(cell as usize) {
            let (columns, rows) = (x..(x + cell).min(right), y..(y + cell).min(bottom));
            let mut sum = [0_u64; 3];
            picture.each_rgb(columns.clone(), rows.clone(), |pixel| {
                for (part, value) in sum.iter_mut().zip(pixel.iter()) {
                    *part += u64::from(*value);
                }
            });
            let count = (columns.len() * rows.len()).max(1) as u64;
            let mean = sum.map(|part| (part / count) as u8);
            picture.each_rgb(columns, rows, |pixel| pixel.copy_from_slice(&mean));
        }
    }
}

/// Blends the drawing over the picture.
fn lay(picture: &mut Raster, sheet: &Pixmap) {
    debug_assert_eq!(picture.layout, Layout::Rgb);
    for (under, over) in picture.pixels.chunks_exact_mut(3).zip(sheet.pixels()) {
        let rest = 255 - u32::from(over.alpha());
        if rest == 255 {
            continue;
        }
        // The drawing's colours are premultiplied by alpha.
        for (part, laid) in under.iter_mut().zip([over.red(), over.green(), over.blue()]) {
            *part = (u32::from(laid) + (u32::from(*part) * rest + 127) / 255).min(255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEN: [u8; 3] = [20, 200, 30];

    /// A chequered picture: alternating green and black pixels.
    fn chequered(width: u32, height: u32) -> Raster {
        let pixels =
            (0..height).flat_map(|y| (0..width).flat_map(move |x| if (x + y) % 2 == 0 { GREEN } else { [0; 3] }));
        Raster { width, height, layout: Layout::Rgb, pixels: pixels.collect() }
    }

    fn at(picture: &Raster, x: u32, y: u32) -> [u8; 3] {
        let from = ((y * picture.width + x) * 3) as usize;
        picture.pixels[from..from + 3].try_into().unwrap()
    }

    const fn mark(kind: MarkKind, x1: f64, y1: f64, x2: f64, y2: f64) -> Mark {
        Mark { kind, x1, y1, x2, y2 }
    }

    fn is_red(pixel: [u8; 3]) -> bool {
        pixel[0] > 180 && pixel[1] < 90 && pixel[2] < 90
    }

    #[test]
    fn what_is_hidden_has_a_few_even_cells_and_the_rest_stays() {
        let picture = burn(chequered(400, 300), &[mark(MarkKind::Blur, 0.75, 0.5, 0.25, 0.1)]).unwrap();
        let (mut cells, plain) = (std::collections::BTreeSet::new(), chequered(400, 300));
        for y in 0..300 {
            for x in 0..400 {
                if (100..300).contains(&x) && (30..150).contains(&y) {
                    cells.insert(at(&picture, x, y));
                } else {
                    assert_eq!(at(&picture, x, y), at(&plain, x, y), "{x} {y}");
                }
            }
        }
        // An odd cell has one pixel more of one colour.
        assert!(cells.len() <= 2 && cells.iter().all(|cell| cell[1].abs_diff(100) <= 1), "{cells:?}");
    }

    #[test]
    fn hiding_covers_every_pixel_it_touches_and_grey_pictures_too() {
        let grey = Raster { width: 10, height: 10, layout: Layout::Grey, pixels: (0..100).map(|at| at * 2).collect() };
        let picture = burn(grey, &[mark(MarkKind::Blur, 0.05, 0.05, 0.95, 0.95)]).unwrap();
        assert_eq!((picture.layout, picture.pixels.len()), (Layout::Rgb, 300));
        let colours: std::collections::BTreeSet<_> = (0..100).map(|spot| at(&picture, spot % 10, spot / 10)).collect();
        assert!(colours.len() <= 25, "cells of two pixels: {}", colours.len());
    }

    #[test]
    fn an_arrow_goes_from_its_tail_to_its_tip_and_a_circle_round_its_box() {
        let picture = burn(
            chequered(400, 300),
            &[mark(MarkKind::Arrow, 0.1, 0.1, 0.5, 0.1), mark(MarkKind::Circle, 0.6, 0.9, 0.9, 0.5)],
        )
        .unwrap();
        assert!(is_red(at(&picture, 120, 30)) && is_red(at(&picture, 199, 30)), "the shaft and the tip");
        assert!(!is_red(at(&picture, 60, 36)) && is_red(at(&picture, 193, 34)), "the head is at the tip");
        for (x, y) in [(240, 210), (360, 210), (300, 150), (300, 270)] {
            assert!(is_red(at(&picture, x.min(359), y.min(269))), "{x} {y}");
        }
        assert_eq!(at(&picture, 300, 210), at(&chequered(400, 300), 300, 210), "inside it stays");
    }

    #[test]
    fn nothing_drawn_changes_nothing_and_the_edges_hold() {
        assert_eq!(burn(chequered(30, 20), &[]).unwrap().pixels, chequered(30, 20).pixels);
        let all = [
            mark(MarkKind::Arrow, 0.0, 0.0, 1.0, 1.0),
            mark(MarkKind::Circle, 0.0, 0.0, 1.0, 1.0),
            mark(MarkKind::Blur, 0.0, 0.0, 1.0, 1.0),
        ];
        for (width, height) in [(1, 1), (1, 400), (400, 1), (3, 2)] {
            assert_eq!(burn(chequered(width, height), &all).unwrap().pixels.len(), (width * height * 3) as usize);
        }
    }
}
