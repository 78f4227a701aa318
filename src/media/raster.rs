//! Decoded pixels, and the operations that lead to a rendition.

use std::ops::Range;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use super::render::RenderError;

/// The components of a pixel, a byte each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Grey,
    Rgb,
    Rgba,
}

/// Pixels row by row without gaps, as sRGB.
pub(super) struct Raster {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) layout: Layout,
    pub(super) pixels: Vec<u8>,
}

impl Layout {
    const fn bytes(self) -> usize {
        match self {
            Layout::Grey => 1,
            Layout::Rgb => 3,
            Layout::Rgba => 4,
        }
    }
}

impl Raster {
    /// The size that fits within `longest`; a smaller picture keeps its size.
    pub(super) fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
        let long = width.max(height);
        if long <= longest {
            return (width, height);
        }
        let scaled = |side: u32| {
            let exact = (u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long);
            u32::try_from(exact).unwrap_or(longest).max(1)
        };
        (scaled(width), scaled(height))
    }

    /// Resamples with Lanczos3.
    pub(super) fn resized(self, (width, height): (u32, u32), resizer: &mut Resizer) -> Result<Raster, RenderError> {
        if (width, height) == (self.width, self.height) {
            return Ok(self);
        }
        let layout = self.layout;
        let source = Image::from_vec_u8(self.width, self.height, self.pixels, pixel_type(layout)).map_err(damaged)?;
        Self::resample(&source, layout, width, height, resizer)
    }

    /// A smaller copy.
    pub(super) fn shrunk(&mut self, (width, height): (u32, u32), resizer: &mut Resizer) -> Result<Raster, RenderError> {
        let layout = self.layout;
        let source =
            Image::from_slice_u8(self.width, self.height, &mut self.pixels, pixel_type(layout)).map_err(damaged)?;
        Self::resample(&source, layout, width, height, resizer)
    }

    fn resample(
        source: &Image<'_>,
        layout: Layout,
        width: u32,
        height: u32,
        resizer: &mut Resizer,
    ) -> Result<Raster, RenderError> {
        let mut target = Image::new(width, height, pixel_type(layout));
        resizer.resize(source, &mut target, None).map_err(damaged)?;
        Ok(Raster { width, height, layout, pixels: target.into_vec() })
    }

    /// The part in these columns and rows, as far as it exists.
    pub(super) fn cropped(self, columns: Range<u32>, rows: Range<u32>) -> Raster {
        let (columns, rows) = (columns.start..columns.end.min(self.width), rows.start..rows.end.min(self.height));
        let size = self.layout.bytes();
        let (from, to) = (columns.start as usize * size, columns.end as usize * size);
        let kept = self.pixels.chunks_exact(self.width as usize * size).skip(rows.start as usize).take(rows.len());
        let pixels: Vec<u8> = kept.flat_map(|row| row.get(from..to).unwrap_or_default()).copied().collect();
        let (width, height) = (columns.len() as u32, rows.len() as u32);
        Raster { width, height, layout: self.layout, pixels }
    }

    /// Blends a translucent picture with white.
    pub(super) fn flattened(mut self) -> Raster {
        if self.layout == Layout::Rgba {
            self.pixels = self
                .pixels
                .chunks_exact(4)
                .flat_map(|pixel| {
                    let &[red, green, blue, alpha] = pixel else { return [u8::MAX; 3] };
                    let alpha = u16::from(alpha);
                    [red, green, blue].map(|part| ((u16::from(part) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
                })
                .collect();
            self.layout = Layout::Rgb;
        }
        self
    }

    /// The same picture with three components for each pixel.
    pub(super) fn coloured(self) -> Raster {
        let mut picture = self.flattened();
        if picture.layout == Layout::Grey {
            picture.pixels = picture.pixels.into_iter().flat_map(|grey| [grey; 3]).collect();
            picture.layout = Layout::Rgb;
        }
        picture
    }

    /// Passes each pixel of a [`Layout::Rgb`] picture in these columns and rows to a function.
    pub(super) fn each_rgb(&mut self, columns: Range<u32>, rows: Range<u32>, mut visit: impl FnMut(&mut [u8])) {
        let (from, to) = (columns.start as usize * 3, columns.end as usize * 3);
        let lines = self.pixels.chunks_exact_mut(self.width as usize * 3);
        for line in lines.skip(rows.start as usize).take(rows.len()) {
            line.get_mut(from..to).unwrap_or_default().chunks_exact_mut(3).for_each(&mut visit);
        }
    }

    /// Rotates a picture with an EXIF orientation of 1 to 8 upright.
    pub(super) fn upright(self, orientation: u8) -> Result<Raster, RenderError> {
        let Some(orientation) = Orientation::from_exif(orientation).filter(|o| *o != Orientation::NoTransforms) else {
            return Ok(self);
        };
        let (width, height) = (self.width, self.height);
        let picture = match self.layout {
            Layout::Grey => GrayImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageLuma8),
            Layout::Rgb => RgbImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgb8),
            Layout::Rgba => image::RgbaImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgba8),
        };
        let mut picture = picture.ok_or_else(|| damaged("pixels missing"))?;
        picture.apply_orientation(orientation);
        Ok(Raster::from(picture))
    }

    /// Encodes as JPEG: only tables and coded pixels after the plain JFIF header.
    pub(super) fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, RenderError> {
        let color = match self.layout {
            Layout::Grey => jpeg_encoder::ColorType::Luma,
            Layout::Rgb => jpeg_encoder::ColorType::Rgb,
            Layout::Rgba => jpeg_encoder::ColorType::Rgba,
        };
        let (Ok(width), Ok(height)) = (u16::try_from(self.width), u16::try_from(self.height)) else {
            return Err(RenderError::TooLarge);
        };
        let mut jpeg = Vec::with_capacity(self.pixels.len() / 16);
        jpeg_encoder::Encoder::new(&mut jpeg, quality).encode(&self.pixels, width, height, color).map_err(damaged)?;
        Ok(jpeg)
    }

    /// The brightness, 0 to 255, of the pixels `columns` of row `y`.
    pub(super) fn greys(&self, y: u32, columns: std::ops::Range<u32>, mut look: impl FnMut(u8)) {
        let size = self.layout.bytes();
        let at = |x: u32| (y as usize * self.width as usize + x as usize) * size;
        let row = self.pixels.get(at(columns.start)..at(columns.end)).unwrap_or_default();
        for pixel in row.chunks_exact(size) {
            match *pixel {
                // Source: ITU-R BT.601 luma.
                [red, green, blue, ..] => {
                    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
                    look((sum / 1000) as u8);
                }
                [grey] => look(grey),
                _ => {}
            }
        }
    }
}

impl From<DynamicImage> for Raster {
    fn from(picture: DynamicImage) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let color = picture.color();
        let (layout, pixels) = match (color.has_alpha(), color.has_color()) {
            (true, _) => (Layout::Rgba, picture.into_rgba8().into_raw()),
            (false, true) => (Layout::Rgb, picture.into_rgb8().into_raw()),
            (false, false) => (Layout::Grey, picture.into_luma8().into_raw()),
        };
        Raster { width, height, layout, pixels }
    }
}

const fn pixel_type(layout: Layout) -> PixelType {
    match layout {
        Layout::Grey => PixelType::U8,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    }
}

fn damaged(cause: impl ToString) -> RenderError {
    RenderError::Undecodable(cause.to_string())
}
