//! Decodes HEIC files. We read the boxes ourselves ([`super::heif`]), a library decodes each coded picture, and each is
//! scaled down right after that: memory is that of one coded picture and of the small result.
//!
//! What phones write is supported: one coded picture, or a grid of them. Other derivations (overlays, items made of
//! items) get no preview, so there is no depth to follow and no loop to fall into (ADR 0018); nor does a file without
//! the boxes that such a picture needs. Contradictions, and pictures that cannot be decoded, count as damage.

use std::ops::Range;

use heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer_hevc_dec::nal::{NalUnit, NalUnitType};
use heifer_hevc_dec::params::Sps;
use heifer_hevc_dec::recon::Frame;

use super::decode::Decoded;
use super::heif::{Heif, Location, Meta};
use super::inspect::check_size;
use super::picture_limits;
use super::raster::{Layout, Raster};
use super::render::{Decoder, RenderError};

/// Memory for decoding a pixel of a coded picture, by chroma format (none, quartered, halved, full): the planes with
/// two bytes a sample, again if they are cropped, a copy of one while it is filtered, and data about blocks. Source:
/// `heifer-hevc-dec` 0.3.22, read and measured.
const BYTES_PER_PIXEL: [u64; 4] = [7, 9, 11, 15];
/// Parameter sets of a coded picture. Source: our choice; phones write three.
const PARAMETER_SETS_MAX: usize = 16;
/// Largest factor by which a picture is scaled down while it is assembled.
const SCALE_MAX: u32 = 16;
/// Start code before each unit of a coded picture. Source: ITU-T H.265 annex B.
const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Decodes the primary picture; its longest edge may come out smaller than stored, but not below `edge_px`.
pub(super) fn decode(bytes: &[u8], heif: &Heif, edge_px: u32) -> Result<Decoded, RenderError> {
    let meta = &heif.meta;
    let primary = meta.primary().ok_or(RenderError::NoPreview)?;
    let (size, presentation) = meta.presented(primary).ok_or(RenderError::NoPreview)?;
    check_size(size.0, size.1)?;
    let file = File { bytes, meta };
    let grid = file.grid(primary, size)?;
    let coded = grid.tiles.iter().map(|id| file.coded(*id)).collect::<Result<Vec<_>, _>>()?;
    let scale = grid.scale(size, edge_px);
    let kept_bytes = u64::from(size.0.div_ceil(scale)) * u64::from(size.1.div_ceil(scale)) * 3;
    check_cost(bytes.len() as u64, kept_bytes, &coded)?;
    let mut canvas = Canvas::new(size, scale);
    let matrix = file.matrix(primary).or_else(|| file.matrix(*grid.tiles.first()?));
    for (index, picture) in coded.iter().enumerate() {
        canvas.place(&picture.decode()?, grid.tile, (index % grid.columns, index / grid.columns), matrix)?;
    }
    let (mut raster, mut full) = (canvas.raster, size);
    if let Some(crop) = presentation.crop {
        let scaled = |from: u32, length: u32, end: u32| from / scale..((from + length).div_ceil(scale)).min(end);
        let (width, height) = (raster.width, raster.height);
        raster = raster.cropped(scaled(crop.left, crop.width, width), scaled(crop.top, crop.height, height));
        full = (crop.width, crop.height);
    }
    Ok(Decoded { raster, decoder: Decoder::Hevc, full, orientation: Some(presentation.orientation) })
}

/// Bounds the memory and the time of decoding: by the slices, each of which may claim the whole of its picture, and by
/// the bytes, which the tiles of a normal file do not share.
fn check_cost(file_bytes: u64, kept_bytes: u64, coded: &[Coded<'_>]) -> Result<(), RenderError> {
    let sum = |of: fn(&Coded<'_>) -> u64| coded.iter().fold(0_u64, |sum, picture| sum.saturating_add(of(picture)));
    let largest = coded.iter().map(Coded::memory_bytes).max().unwrap_or(0);
    if kept_bytes.saturating_add(largest) > picture_limits::DECODE_BYTES_MAX
        || sum(|picture| picture.size.pixels().saturating_mul(picture.slices)) > picture_limits::HEIC_WORK_MAX_PX
    {
        return Err(RenderError::TooLarge);
    }
    if sum(|picture| picture.data_bytes) > file_bytes {
        return Err(damaged("its tiles are longer than the file"));
    }
    Ok(())
}

struct File<'a> {
    bytes: &'a [u8],
    meta: &'a Meta,
}

/// Coded pictures side by side, row by row; or a single one.
struct Grid {
    columns: usize,
    tiles: Vec<u32>,
    /// Width and height of each.
    tile: (u32, u32),
}

/// A coded picture that is ready to be decoded.
struct Coded<'a> {
    /// Parameter sets and slices.
    units: Vec<&'a [u8]>,
    slices: u64,
    /// Bytes of the item that holds the slices.
    data_bytes: u64,
    size: CodedSize,
}

impl<'a> File<'a> {
    fn grid(&self, primary: u32, size: (u32, u32)) -> Result<Grid, RenderError> {
        match self.meta.item_type(primary) {
            Some(b"hvc1") => Ok(Grid { columns: 1, tiles: vec![primary], tile: size }),
            Some(b"grid") => {
                let parts = self.meta.parts(primary, picture_limits::HEIC_TILES_MAX).ok_or(RenderError::TooLarge)?;
                let (rows, columns, output) = self.grid_header(primary).ok_or_else(|| damaged("grid"))?;
                if output != size || parts.is_empty() || parts.len() != rows * columns {
                    return Err(damaged("a grid that is not its size"));
                }
                let tile = parts
                    .first()
                    .and_then(|first| self.meta.presented(*first))
                    .ok_or_else(|| damaged("no tile size"))?
                    .0;
                let across = u64::from(tile.0) * columns as u64;
                let down = u64::from(tile.1) * rows as u64;
                // The last column and row may extend beyond the picture, but not lie entirely outside it.
                let fills = |tiles: u64, tile: u32, whole: u32| {
                    tile > 0 && tiles >= u64::from(whole) && tiles - u64::from(tile) < u64::from(whole)
                };
                if !fills(across, tile.0, size.0) || !fills(down, tile.1, size.1) {
                    return Err(damaged("tiles that do not fill their grid"));
                }
                Ok(Grid { columns, tiles: parts, tile })
            }
            _ => Err(RenderError::NoPreview),
        }
    }

    /// Rows, columns and size of a grid. Source: ISO/IEC 23008-12 §6.6.2.3.
    fn grid_header(&self, id: u32) -> Option<(usize, usize, (u32, u32))> {
        let header = self.item_bytes(id)?;
        let &[0, flags, rows, columns, ref sides @ ..] = header else { return None };
        let side = |index: usize| {
            let size = if flags & 1 == 0 { 2 } else { 4 };
            let bytes = sides.get(index * size..(index + 1) * size)?;
            Some(bytes.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte)))
        };
        Some((usize::from(rows) + 1, usize::from(columns) + 1, (side(0)?, side(1)?)))
    }

    /// The bytes of an item that is stored in one piece.
    fn item_bytes(&self, id: u32) -> Option<&'a [u8]> {
        let Location { is_inside, pieces } = self.meta.location(id)?;
        let &[(offset, length)] = pieces.as_slice() else { return None };
        let (offset, length) = (usize::try_from(offset).ok()?, usize::try_from(length).ok()?);
        let all = if is_inside { self.meta.inside()? } else { self.bytes };
        all.get(offset..offset.checked_add(length)?)
    }

    fn coded(&self, id: u32) -> Result<Coded<'a>, RenderError> {
        match self.meta.item_type(id) {
            Some(b"hvc1") => {}
            Some(_) => return Err(RenderError::NoPreview),
            None => return Err(damaged("an item that is not there")),
        }
        let config = self.meta.property(id, b"hvcC").ok_or(RenderError::NoPreview)?;
        let (mut units, length_size) = parameter_sets(config).ok_or_else(|| damaged("decoder configuration"))?;
        let size = CodedSize::of(&units)?;
        let data = self.item_bytes(id).ok_or_else(|| damaged("a picture's bytes are not in the file"))?;
        let mut slices = 0;
        for unit in lengthened(data, length_size) {
            let unit = unit.ok_or_else(|| damaged("a unit longer than its picture"))?;
            match UnitKind::of(unit) {
                UnitKind::Slice => {
                    slices += 1;
                    units.push(unit);
                }
                // They could change the size that was just checked; pictures of this type must not have any.
                UnitKind::ParameterSet => return Err(RenderError::NoPreview),
                UnitKind::Other => {}
            }
        }
        Ok(Coded { units, slices, data_bytes: data.len() as u64, size })
    }

    /// The colour matrix that the container names.
    fn matrix(&self, id: u32) -> Option<Matrix> {
        self.meta.properties(id).into_iter().find_map(|(name, body)| match (name, body) {
            (b"colr", &[b'n', b'c', b'l', b'x', _, _, _, _, m1, m0, flags, ..]) => {
                Some(Matrix { coefficients: u16::from_be_bytes([m1, m0]), full_range: flags & 0x80 != 0 })
            }
            _ => None,
        })
    }
}

impl Coded<'_> {
    /// Memory that decoding needs.
    fn memory_bytes(&self) -> u64 {
        // The slices are copied twice, into one stream and out of it.
        self.size.pixels().saturating_mul(self.size.bytes_per_pixel()).saturating_add(self.data_bytes * 2)
    }

    fn decode(&self) -> Result<Frame, RenderError> {
        let length = self.units.iter().map(|unit| unit.len() + START_CODE.len()).sum();
        let mut stream = Vec::with_capacity(length);
        for unit in &self.units {
            stream.extend_from_slice(&START_CODE);
            stream.extend_from_slice(unit);
        }
        let options = DecodeOptions { max_pixels: self.size.pixels(), ..DecodeOptions::default() };
        Ok(decode_picture(&stream, options)?)
    }
}

/// The kind of a unit. Source: ITU-T H.265 table 7-1.
enum UnitKind {
    /// A part of the picture.
    Slice,
    /// Parameters for decoding slices.
    ParameterSet,
    /// Not needed for the picture.
    Other,
}

impl UnitKind {
    fn of(unit: &[u8]) -> Self {
        match unit.first().map(|head| head >> 1 & 0x3F) {
            Some(0..=31) => UnitKind::Slice,
            Some(32..=34) => UnitKind::ParameterSet,
            Some(_) | None => UnitKind::Other,
        }
    }
}

/// The parameter sets in an `hvcC`, and the size of the length field before each unit. Source: ISO/IEC 14496-15
/// §8.3.3.1.
fn parameter_sets(config: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let length_size = usize::from(config.get(21)? & 3) + 1;
    let arrays = *config.get(22)?;
    let (mut rest, mut sets) = (config.get(23..)?, Vec::new());
    for _ in 0..arrays {
        let (&[_, c1, c0], mut units) = rest.split_first_chunk()?;
        for _ in 0..u16::from_be_bytes([c1, c0]) {
            let (length, behind) = units.split_first_chunk()?;
            let (unit, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            units = behind;
            match UnitKind::of(unit) {
                UnitKind::ParameterSet if sets.len() < PARAMETER_SETS_MAX => sets.push(unit),
                UnitKind::ParameterSet | UnitKind::Slice => return None,
                UnitKind::Other => {}
            }
        }
        rest = units;
    }
    Some((sets, length_size))
}

/// Units with a length field of `size` bytes before each; `None` if one is incomplete.
fn lengthened(mut data: &[u8], size: usize) -> impl Iterator<Item = Option<&[u8]>> {
    std::iter::from_fn(move || {
        if data.is_empty() {
            return None;
        }
        let unit = data.split_at_checked(size).and_then(|(length, behind)| {
            let length = length.iter().fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
            let (unit, rest) = behind.split_at_checked(length)?;
            data = rest;
            Some(unit)
        });
        if unit.is_none() {
            data = &[];
        }
        Some(unit)
    })
}

/// Size of a coded picture by its own parameter sets, before cropping.
#[derive(Clone, Copy)]
struct CodedSize {
    width: u32,
    height: u32,
    /// 0 grey, 1 quartered, 2 halved, 3 full. Source: ITU-T H.265 table 6-1.
    chroma_format: u8,
}

impl CodedSize {
    /// The largest size that the parameter sets allow.
    fn of(units: &[&[u8]]) -> Result<Self, RenderError> {
        let mut largest: Option<CodedSize> = None;
        for unit in units {
            let unit = NalUnit::parse(unit)?;
            if unit.header.unit_type != NalUnitType::Sps {
                continue;
            }
            let sps = Sps::parse(&unit.rbsp)?;
            let (width, height) = (sps.pic_width_in_luma_samples, sps.pic_height_in_luma_samples);
            check_size(width, height)?;
            let size = CodedSize { width, height, chroma_format: sps.chroma_format_idc };
            let weight = |size: CodedSize| size.pixels() * size.bytes_per_pixel();
            if largest.is_none_or(|largest| weight(largest) < weight(size)) {
                largest = Some(size);
            }
        }
        largest.ok_or_else(|| damaged("no sequence parameter set"))
    }

    fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    fn bytes_per_pixel(self) -> u64 {
        BYTES_PER_PIXEL.get(usize::from(self.chroma_format)).copied().unwrap_or(u64::MAX)
    }
}

/// How samples become colours. Source: ITU-T H.273 §8.3.
#[derive(Debug, Clone, Copy)]
struct Matrix {
    coefficients: u16,
    /// Whether black is 0, and not 16 of 255.
    full_range: bool,
}

impl Matrix {
    /// The weights of red and blue in the brightness.
    const fn weights(self) -> (f32, f32) {
        match self.coefficients {
            1 => (0.2126, 0.0722),
            4 => (0.30, 0.11),
            7 => (0.212, 0.087),
            9 | 10 => (0.2627, 0.0593),
            // ITU-T BT.601, also as the default.
            _ => (0.299, 0.114),
        }
    }
}

impl Grid {
    /// The largest power of two by which the picture can be scaled down to not less than `edge_px` without a cell that
    /// spans two tiles.
    fn scale(&self, (width, height): (u32, u32), edge_px: u32) -> u32 {
        let rows = self.tiles.len() / self.columns;
        let fits = |scale: u32| {
            width.max(height) / scale >= edge_px
                && (self.columns == 1 || self.tile.0.is_multiple_of(scale))
                && (rows == 1 || self.tile.1.is_multiple_of(scale))
        };
        std::iter::successors(Some(1), |scale| Some(scale * 2))
            .take_while(|scale| *scale == 1 || *scale <= SCALE_MAX && fits(*scale))
            .last()
            .unwrap_or(1)
    }
}

/// The whole picture, scaled down, while it is assembled.
struct Canvas {
    raster: Raster,
    scale: u32,
    /// Width and height at full scale.
    size: (u32, u32),
}

impl Canvas {
    fn new(size: (u32, u32), scale: u32) -> Self {
        let (width, height) = (size.0.div_ceil(scale), size.1.div_ceil(scale));
        let pixels = vec![0; width as usize * height as usize * 3];
        Canvas { raster: Raster { width, height, layout: Layout::Rgb, pixels }, scale, size }
    }

    /// Draws a coded picture at its position: each pixel is the mean of the pixels it stands for.
    fn place(
        &mut self,
        frame: &Frame,
        tile: (u32, u32),
        (column, row): (usize, usize),
        matrix: Option<Matrix>,
    ) -> Result<(), RenderError> {
        let [width, height] = [frame.widths, frame.heights].map(|sides| sides[0]);
        if width < tile.0 || height < tile.1 {
            return Err(damaged("a tile smaller than it says"));
        }
        let colours = Colours::of(frame, matrix)?;
        let (left, top) = (column * tile.0 as usize, row * tile.1 as usize);
        let scale = self.scale as usize;
        let columns = (tile.0 as usize).min((self.size.0 as usize).saturating_sub(left));
        let rows = (tile.1 as usize).min((self.size.1 as usize).saturating_sub(top));
        let stride = self.raster.width as usize * 3;
        for (index, from) in (0..rows).step_by(scale).enumerate() {
            let start = (top / scale + index) * stride + left / scale * 3;
            let length = columns.div_ceil(scale) * 3;
            let target = self.raster.pixels.get_mut(start..start + length).ok_or_else(|| damaged("a tile outside"))?;
            colours.fill(target, from..(from + scale).min(rows), columns, scale);
        }
        Ok(())
    }
}

/// Converts the samples of a coded picture into colours.
struct Colours<'a> {
    frame: &'a Frame,
    /// How many pixels across and down share a chroma sample; `None` for a grey picture.
    shared: Option<(usize, usize)>,
    matrix: Matrix,
    /// For brightness and colour: the offset to subtract, and the divisor.
    luma: (f32, f32),
    chroma: (f32, f32),
}

impl<'a> Colours<'a> {
    fn of(frame: &'a Frame, matrix: Option<Matrix>) -> Result<Self, RenderError> {
        let said = Matrix { coefficients: frame.matrix_coeffs.into(), full_range: frame.full_range };
        let matrix = matrix.unwrap_or(said);
        let shared = match frame.chroma_format {
            0 => None,
            1 => Some((2, 2)),
            2 => Some((2, 1)),
            3 => Some((1, 1)),
            _ => return Err(RenderError::NoPreview),
        };
        let [luma_bits, chroma_bits] = frame.bit_depth.map(i32::from);
        // With 8 bits, black is 16, white is 219 more, and chroma spans 224; with more bits the units are finer.
        let (luma_unit, chroma_unit) = (2_f32.powi(luma_bits - 8), 2_f32.powi(chroma_bits - 8));
        let middle = 128.0 * chroma_unit;
        let (luma, chroma) = if matrix.full_range {
            ((0.0, 256.0 * luma_unit - 1.0), (middle, 256.0 * chroma_unit - 1.0))
        } else {
            ((16.0 * luma_unit, 219.0 * luma_unit), (middle, 224.0 * chroma_unit))
        };
        Ok(Colours { frame, shared, matrix, luma, chroma })
    }

    /// Writes the means of `rows`, in cells of `scale` pixels, for the first `columns` pixels of each.
    fn fill(&self, target: &mut [u8], rows: Range<usize>, columns: usize, scale: usize) {
        let luma = means(self.plane(0), rows.clone(), columns, scale);
        let Some((across, down)) = self.shared else {
            for (pixel, luma) in target.chunks_exact_mut(3).zip(luma) {
                pixel.fill(byte((luma - self.luma.0) / self.luma.1));
            }
            return;
        };
        let chroma_rows = rows.start / down..rows.end.div_ceil(down);
        let cell = (scale / across).max(1);
        let chroma = |plane| means(self.plane(plane), chroma_rows.clone(), columns.div_ceil(across), cell);
        let (blue, red) = (chroma(1), chroma(2));
        for (index, (pixel, luma)) in target.chunks_exact_mut(3).zip(luma).enumerate() {
            // At full scale, neighbours share a chroma sample.
            let at = if scale < across { index / across } else { index };
            let sample = |of: &[f32]| of.get(at).or(of.last()).copied().unwrap_or(self.chroma.0);
            pixel.copy_from_slice(&self.colour(luma, sample(&blue), sample(&red)));
        }
    }

    fn colour(&self, luma: f32, blue: f32, red: f32) -> [u8; 3] {
        let bright = (luma - self.luma.0) / self.luma.1;
        if self.matrix.coefficients == 0 {
            let direct = |sample: f32| byte((sample - self.luma.0) / self.luma.1);
            return [direct(red), byte(bright), direct(blue)];
        }
        let (red_weight, blue_weight) = self.matrix.weights();
        let swing = |sample: f32| (sample - self.chroma.0) / self.chroma.1;
        let red = bright + 2.0 * (1.0 - red_weight) * swing(red);
        let blue = bright + 2.0 * (1.0 - blue_weight) * swing(blue);
        let green = (bright - red_weight * red - blue_weight * blue) / (1.0 - red_weight - blue_weight);
        [byte(red), byte(green), byte(blue)]
    }

    /// The samples of a plane, and the length of a row.
    fn plane(&self, index: usize) -> (&[u16], usize) {
        let samples = self.frame.planes.get(index).map(Vec::as_slice).unwrap_or_default();
        (samples, self.frame.widths.get(index).map_or(0, |width| *width as usize))
    }
}

/// The mean of each cell of `cell_width` samples across and as many rows as there are, for the first `columns` samples.
fn means((samples, stride): (&[u16], usize), rows: Range<usize>, columns: usize, cell_width: usize) -> Vec<f32> {
    let columns = columns.min(stride);
    let mut sums = vec![0_u32; columns.div_ceil(cell_width)];
    let mut count = 0_u32;
    for row in rows {
        let Some(row) = samples.get(row * stride..row * stride + columns) else { break };
        count += 1;
        for (sum, cell) in sums.iter_mut().zip(row.chunks(cell_width)) {
            *sum += cell.iter().map(|sample| u32::from(*sample)).sum::<u32>();
        }
    }
    let mean = |(index, sum): (usize, u32)| {
        let samples = cell_width.min(columns - index * cell_width) as u32 * count.max(1);
        sum as f32 / samples as f32
    };
    sums.into_iter().enumerate().map(mean).collect()
}

/// A fraction from 0 to 1 as a byte.
fn byte(share: f32) -> u8 {
    (share * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

impl From<heifer_hevc_dec::Error> for RenderError {
    fn from(error: heifer_hevc_dec::Error) -> Self {
        use heifer_hevc_dec::Error;
        match error {
            Error::Unimplemented(_) => RenderError::NoPreview,
            Error::UnexpectedEof | Error::Invalid(_) | Error::HashMismatch(_) => {
                RenderError::Undecodable(error.to_string())
            }
        }
    }
}

fn damaged(what: &str) -> RenderError {
    RenderError::Undecodable(what.to_owned())
}
