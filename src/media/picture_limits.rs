//! Limits of accepted pictures, and the sizes and qualities of the renditions.

/// Longest side of an original, in pixels. Source: decision D8, raised for panoramas, of which phones write 16,384.
pub const SIDE_MAX_PX: u32 = 20_000;
/// Pixels of an original. Source: decision D8, raised for phones of 200 megapixels, of which the largest write 16,384 ×
/// 12,288. A picture that exceeds [`DECODE_BYTES_MAX`] is stored without a preview.
pub const PIXELS_MAX: u64 = 202_000_000;
/// Bytes of an original, 40 MiB. Source: decision D8, raised: JPEG of 200 megapixels takes 20 to 40 MB.
pub const FILE_BYTES_MAX: u64 = 40 * 1024 * 1024;
/// Memory that a decoder may use for one picture, 256 MiB. Source: decision D8.
pub const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of EXIF that are read, 128 KiB; a longer block is ignored. Source: our choice; a JPEG cannot hold more than 64
/// KiB.
pub const EXIF_BYTES_MAX: u64 = 128 * 1024;
/// Scans of a progressive JPEG. Each costs a pass over the whole picture, so a small file with many scans would keep a
/// decoder busy for hours. Source: our choice; encoders write 10 to 20.
pub const JPEG_SCANS_MAX: u32 = 100;
/// Coded pictures that one HEIC picture may consist of. Source: our choice; 200 megapixels in tiles of 512 pixels are
/// 768.
pub const HEIC_TILES_MAX: usize = 1_024;
/// Pixels that the slices of a HEIC picture may cover together. A coded picture counts once for each of its slices,
/// since every slice may claim the whole of it, so this bounds the time of decoding. Source: our choice; phones write
/// one slice for each tile, and 400 megapixels take some 20 s of one core.
pub const HEIC_WORK_MAX_PX: u64 = 400_000_000;

/// Longest edge of the picture on an issue's page, in pixels. Source: decision D9.
pub const VIEW_EDGE_PX: u32 = 1600;
/// Longest edge of the picture in a list, in pixels. Source: decision D9.
pub const THUMB_EDGE_PX: u32 = 320;
/// JPEG quality of the view, 1 to 100. Source: our choice; about 250 kB a picture.
pub const VIEW_QUALITY: u8 = 82;
/// JPEG quality of the thumb, 1 to 100. Source: our choice; about 15 kB a picture.
pub const THUMB_QUALITY: u8 = 75;
