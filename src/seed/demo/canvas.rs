//! A canvas in unit coordinates: x to the right and y down, each from 0 to 1.

use tiny_skia::{
    Color as SkiaColor, FillRule, GradientStop, LineCap, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, Rect,
    Shader, SpreadMode, Stroke, Transform,
};

/// Red, green, blue.
pub(super) type Color = [u8; 3];

/// A picture to draw shapes on. What is outside is clipped.
pub(super) struct Canvas {
    picture: Pixmap,
    /// From widths of the picture to pixels: the same scale in both directions, so that lines keep their thickness.
    transform: Transform,
    /// Height of the picture divided by its width.
    proportion: f32,
}

impl Canvas {
    /// A white picture; `None` without a pixel. `zoom` 1 shows everything; a larger one shows the surroundings of
    /// `focus`.
    #[allow(clippy::cast_precision_loss, reason = "pixels of a small picture")]
    pub(super) fn new((width, height): (u32, u32), zoom: f32, focus: (f32, f32)) -> Option<Self> {
        let mut picture = Pixmap::new(width, height)?;
        picture.fill(SkiaColor::WHITE);
        let (wide, high) = (width as f32, height as f32);
        let scale = zoom * wide;
        let moved = ((0.5 - focus.0 * zoom) * wide, (0.5 - focus.1 * zoom) * high);
        let transform = Transform::from_row(scale, 0.0, 0.0, scale, moved.0, moved.1);
        Some(Canvas { picture, transform, proportion: high / wide })
    }

    /// The pixels, three bytes each.
    pub(super) fn into_rgb(self) -> Vec<u8> {
        self.picture.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect()
    }

    fn point(&self, (x, y): (f32, f32)) -> Point {
        Point::from_xy(x, y * self.proportion)
    }

    fn fill(&mut self, path: Option<Path>, shader: Shader<'_>) {
        let paint = Paint { shader, ..Paint::default() };
        if let Some(path) = path {
            self.picture.fill_path(&path, &paint, FillRule::EvenOdd, self.transform, None);
        }
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, color: Color) {
        let paint = Paint { shader: solid(color), ..Paint::default() };
        let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
        if let Some(path) = path {
            self.picture.stroke_path(&path, &paint, &stroke, self.transform, None);
        }
    }

    fn bounds(&self, x0: f32, y0: f32, x1: f32, y1: f32) -> Option<Rect> {
        Rect::from_ltrb(x0, y0 * self.proportion, x1, y1 * self.proportion)
    }

    /// A vertical gradient from one colour to another.
    pub(super) fn fade(&mut self, (x0, y0, x1, y1): (f32, f32, f32, f32), above: Color, below: Color) {
        let stops = vec![GradientStop::new(0.0, opaque(above)), GradientStop::new(1.0, opaque(below))];
        let (start, end) = (self.point((x0, y0)), self.point((x0, y1)));
        let gradient = LinearGradient::new(start, end, stops, SpreadMode::Pad, Transform::identity());
        let path = self.bounds(x0, y0, x1, y1).map(PathBuilder::from_rect);
        self.fill(path, gradient.unwrap_or_else(|| solid(below)));
    }

    pub(super) fn rect(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, color: Color) {
        self.fill(self.bounds(x0, y0, x1, y1).map(PathBuilder::from_rect), solid(color));
    }

    /// An ellipse around (x, y).
    pub(super) fn ellipse(&mut self, x: f32, y: f32, half_width: f32, half_height: f32, color: Color) {
        let bounds = self.bounds(x - half_width, y - half_height, x + half_width, y + half_height);
        self.fill(bounds.and_then(PathBuilder::from_oval), solid(color));
    }

    /// A disc; its radius is a fraction of the width.
    pub(super) fn disc(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        let center = self.point((x, y));
        self.fill(PathBuilder::from_circle(center.x, center.y, radius), solid(color));
    }

    /// A ring of this outer radius and thickness.
    pub(super) fn ring(&mut self, x: f32, y: f32, radius: f32, thick: f32, color: Color) {
        let center = self.point((x, y));
        self.stroke(PathBuilder::from_circle(center.x, center.y, radius - thick / 2.0), thick, color);
    }

    /// The inside of a polygon.
    pub(super) fn polygon(&mut self, corners: &[(f32, f32)], color: Color) {
        let mut path = PathBuilder::new();
        for (number, corner) in corners.iter().enumerate() {
            let Point { x, y } = self.point(*corner);
            if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
        self.fill(path.finish(), solid(color));
    }

    /// A line; its thickness is a fraction of the width.
    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), thick: f32, color: Color) {
        let (from, to) = (self.point(from), self.point(to));
        let mut path = PathBuilder::new();
        path.move_to(from.x, from.y);
        path.line_to(to.x, to.y);
        self.stroke(path.finish(), thick, color);
    }

    /// Adds noise of at most `most` to every pixel, and a tint to all of them, as cameras do.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    pub(super) fn grain(&mut self, seed: u32, most: f32, tint: [f32; 3]) {
        let mut state = seed | 1;
        for pixel in self.picture.data_mut().chunks_exact_mut(4) {
            // xorshift32 (Marsaglia 2003).
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = (f32::from((state & 0xff) as u8) / 127.5 - 1.0) * most;
            for (value, tint) in pixel.iter_mut().zip(tint) {
                *value = (f32::from(*value) * tint + noise).clamp(0.0, 255.0) as u8;
            }
        }
    }
}

fn opaque([red, green, blue]: Color) -> SkiaColor {
    SkiaColor::from_rgba8(red, green, blue, 255)
}

fn solid(color: Color) -> Shader<'static> {
    Shader::SolidColor(opaque(color))
}
