//! A canvas in unit coordinates: x to the right and y down, each from 0 to 1.

/// Red, green, blue.
pub(super) type Color = [u8; 3];

/// Pixels to draw shapes on. What is outside is clipped.
pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<u8>,
    zoom: f32,
    focus: (f32, f32),
}

impl Canvas {
    /// `zoom` 1 shows everything; a larger one shows the surroundings of `focus`.
    pub(super) fn new((width, height): (u32, u32), zoom: f32, focus: (f32, f32)) -> Self {
        let bytes = usize::try_from(width * height * 3).unwrap_or(0);
        Canvas { width, height, pixels: vec![255; bytes], zoom, focus }
    }

    /// Colours every pixel for which `inside` holds, within the box from (x0, y0) to (x1, y1).
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "pixels of a small picture"
    )]
    fn shape(&mut self, (x0, y0, x1, y1): (f32, f32, f32, f32), color: impl Fn(f32, f32) -> Option<Color>) {
        let (wide, high) = (self.width as f32, self.height as f32);
        let (zoom, focus) = (self.zoom, self.focus);
        let pixel = |at: f32, focus: f32, size: f32| ((at - focus) * zoom + 0.5) * size;
        let range = |from: f32, to: f32, focus: f32, size: f32| {
            let (from, to) = (pixel(from, focus, size).floor(), pixel(to, focus, size).ceil());
            (from.clamp(0.0, size) as u32)..(to.clamp(0.0, size) as u32)
        };
        for row in range(y0, y1, focus.1, high) {
            let y = ((row as f32 + 0.5) / high - 0.5) / zoom + focus.1;
            for column in range(x0, x1, focus.0, wide) {
                let x = ((column as f32 + 0.5) / wide - 0.5) / zoom + focus.0;
                let at = ((row * self.width + column) * 3) as usize;
                if let (Some(color), Some(place)) = (color(x, y), self.pixels.get_mut(at..at + 3)) {
                    place.copy_from_slice(&color);
                }
            }
        }
    }

    /// A vertical gradient from one colour to another.
    pub(super) fn fade(&mut self, (x0, y0, x1, y1): (f32, f32, f32, f32), above: Color, below: Color) {
        self.shape((x0, y0, x1, y1), |_, y| Some(blend(above, below, (y - y0) / (y1 - y0).max(1e-6))));
    }

    pub(super) fn rect(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, color: Color) {
        self.shape((x0, y0, x1, y1), |x, y| (x >= x0 && x <= x1 && y >= y0 && y <= y1).then_some(color));
    }

    /// An ellipse around (x, y).
    pub(super) fn ellipse(&mut self, x: f32, y: f32, half_width: f32, half_height: f32, color: Color) {
        let inside = move |px: f32, py: f32| ((px - x) / half_width).powi(2) + ((py - y) / half_height).powi(2) <= 1.0;
        let around = (x - half_width, y - half_height, x + half_width, y + half_height);
        self.shape(around, |px, py| inside(px, py).then_some(color));
    }

    /// A disc, round whatever the picture's proportions; its radius is a fraction of the width.
    pub(super) fn disc(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        let stretch = self.stretch();
        self.ellipse(x, y, radius, radius * stretch, color);
    }

    /// A ring of this outer radius and thickness.
    pub(super) fn ring(&mut self, x: f32, y: f32, radius: f32, thick: f32, color: Color) {
        let stretch = self.stretch();
        let around = (x - radius, y - radius * stretch, x + radius, y + radius * stretch);
        self.shape(around, |px, py| {
            let distance = ((px - x).powi(2) + ((py - y) / stretch).powi(2)).sqrt();
            (distance <= radius && distance >= radius - thick).then_some(color)
        });
    }

    /// The inside of a polygon.
    pub(super) fn polygon(&mut self, corners: &[(f32, f32)], color: Color) {
        let bounds = corners.iter().fold((1e9_f32, 1e9_f32, -1e9_f32, -1e9_f32), |(x0, y0, x1, y1), (x, y)| {
            (x0.min(*x), y0.min(*y), x1.max(*x), y1.max(*y))
        });
        let inside = |x: f32, y: f32| {
            let next = corners.iter().cycle().skip(1);
            corners.iter().zip(next).fold(false, |inside, ((ax, ay), (bx, by))| {
                let crosses = (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax;
                inside != crosses
            })
        };
        self.shape(bounds, |x, y| inside(x, y).then_some(color));
    }

    /// A line; its thickness is a fraction of the width.
    pub(super) fn line(&mut self, (ax, ay): (f32, f32), (bx, by): (f32, f32), thick: f32, color: Color) {
        let stretch = self.stretch();
        let half = thick / 2.0;
        let around = (ax.min(bx) - half, ay.min(by) - half * stretch, ax.max(bx) + half, ay.max(by) + half * stretch);
        let (dx, dy) = (bx - ax, (by - ay) / stretch);
        let length = (dx * dx + dy * dy).max(1e-9);
        self.shape(around, |x, y| {
            let (px, py) = (x - ax, (y - ay) / stretch);
            let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
            let off = (px - along * dx).powi(2) + (py - along * dy).powi(2);
            (off <= half * half).then_some(color)
        });
    }

    /// Height of the picture divided by its width.
    #[allow(clippy::cast_precision_loss, reason = "pixels of a small picture")]
    fn stretch(&self) -> f32 {
        self.width as f32 / self.height as f32
    }

    /// Adds noise of at most `most` to every pixel, and a tint to all of them, as cameras do.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    pub(super) fn grain(&mut self, seed: u32, most: f32, tint: [f32; 3]) {
        let mut state = seed | 1;
        for pixel in self.pixels.chunks_exact_mut(3) {
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

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
fn blend(one: Color, other: Color, part: f32) -> Color {
    let part = part.clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * part) as u8;
    [mix(one[0], other[0]), mix(one[1], other[1]), mix(one[2], other[2])]
}
