//! Parts of the demo's pictures: colours, backgrounds and objects.

use super::canvas::{Canvas, Color};

pub(super) const SKY: Color = [176, 208, 232];
pub(super) const HAZE: Color = [228, 236, 238];
pub(super) const ASPHALT: Color = [112, 114, 118];
pub(super) const KERB: Color = [196, 194, 188];
pub(super) const WALL: Color = [222, 212, 196];
pub(super) const GRASS: Color = [106, 156, 84];
pub(super) const SOIL: Color = [150, 112, 76];
pub(super) const TRUNK: Color = [104, 78, 58];
pub(super) const STEEL: Color = [86, 92, 100];
pub(super) const INK: Color = [40, 42, 46];
pub(super) const WHITE: Color = [246, 246, 242];
pub(super) const YELLOW: Color = [240, 196, 52];
pub(super) const RED: Color = [204, 60, 48];
pub(super) const GREEN: Color = [52, 128, 78];

/// Sky, a row of houses, a street.
pub(super) fn street(canvas: &mut Canvas, shift: f32) {
    canvas.fade((0.0, 0.0, 1.0, 0.45), SKY, HAZE);
    let houses: [(f32, f32, Color); 4] = [
        (0.0, 0.16, [214, 196, 170]),
        (0.27, 0.10, [198, 206, 206]),
        (0.52, 0.2, [224, 208, 190]),
        (0.78, 0.13, [202, 190, 178]),
    ];
    for (x, top, color) in houses {
        let x = x - shift * 0.3;
        canvas.rect(x, top, x + 0.26, 0.56, color);
        for (row, column) in (0..3_u8).flat_map(|row| (0..3_u8).map(move |column| (row, column))) {
            let (left, up) = (x + 0.03 + f32::from(column) * 0.075, top + 0.04 + f32::from(row) * 0.1);
            canvas.rect(left, up, left + 0.045, up + 0.055, [128, 152, 170]);
        }
    }
    canvas.rect(0.0, 0.56, 1.0, 0.64, KERB);
    canvas.fade((0.0, 0.64, 1.0, 1.0), [128, 130, 132], ASPHALT);
}

/// Grass under a sky.
pub(super) fn lawn(canvas: &mut Canvas) {
    canvas.fade((0.0, 0.0, 1.0, 0.4), SKY, HAZE);
    canvas.ellipse(0.2, 0.42, 0.4, 0.12, [128, 164, 124]);
    canvas.ellipse(0.8, 0.42, 0.4, 0.1, [120, 156, 116]);
    canvas.fade((0.0, 0.4, 1.0, 1.0), [128, 174, 98], GRASS);
}

pub(super) fn bin(canvas: &mut Canvas, x: f32, y: f32, color: Color, open: bool) {
    canvas.polygon(&[(x - 0.07, y - 0.22), (x + 0.07, y - 0.22), (x + 0.055, y), (x - 0.055, y)], color);
    canvas.disc(x - 0.04, y, 0.014, INK);
    canvas.disc(x + 0.04, y, 0.014, INK);
    if open {
        canvas
            .polygon(&[(x - 0.08, y - 0.23), (x - 0.06, y - 0.24), (x - 0.12, y - 0.36), (x - 0.14, y - 0.35)], color);
    } else {
        canvas.rect(x - 0.08, y - 0.25, x + 0.08, y - 0.22, color);
    }
    canvas.disc(x, y - 0.11, 0.022, WHITE);
}

pub(super) fn bag(canvas: &mut Canvas, x: f32, y: f32, size: f32, color: Color) {
    canvas.disc(x, y - size, size, color);
    canvas.rect(x - size * 0.9, y - size, x + size * 0.9, y, color);
    canvas.polygon(&[(x, y - size * 2.2), (x + size * 0.45, y - size * 2.9), (x - size * 0.45, y - size * 2.9)], color);
}

pub(super) fn scooter(canvas: &mut Canvas, x: f32, y: f32, size: f32, color: Color) {
    let at = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    for dx in [-0.5, 0.5] {
        let (wx, wy) = at(dx, -0.2);
        canvas.disc(wx, wy, 0.16 * size, INK);
        canvas.disc(wx, wy, 0.07 * size, KERB);
    }
    canvas.line(at(-0.5, -0.3), at(0.3, -0.3), 0.12 * size, color);
    canvas.line(at(0.5, -0.25), at(0.35, -1.0), 0.08 * size, color);
    canvas.line(at(0.2, -1.0), at(0.5, -1.0), 0.06 * size, INK);
    canvas.line(at(-0.55, -0.65), at(-0.1, -0.6), 0.12 * size, INK);
    canvas.line(at(-0.35, -0.6), at(-0.4, -0.3), 0.1 * size, color);
}

pub(super) fn tree(canvas: &mut Canvas, x: f32, y: f32, size: f32, alive: bool) {
    canvas.line((x, y), (x, y - 0.5 * size), 0.05 * size, TRUNK);
    if alive {
        for (dx, dy, radius) in [(0.0, -0.72, 0.22), (-0.16, -0.56, 0.17), (0.16, -0.56, 0.17)] {
            canvas.disc(x + dx * size, y + dy * size, radius * size, [70, 128, 66]);
        }
    } else {
        for (dx, dy) in [(-0.24, -0.8), (0.22, -0.84), (-0.1, -0.95), (0.3, -0.6), (-0.32, -0.6)] {
            canvas.line((x, y - 0.45 * size), (x + dx * size, y + dy * size), 0.022 * size, TRUNK);
        }
    }
}
