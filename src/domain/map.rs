//! The background of the map 底图: a picture that the county positioned, or tiles from its own network.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::ids::UserId;
use super::invalid::{FieldCode, Invalid};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// In what a map's degrees are counted. The service itself counts in WGS-84.
    pub enum Crs {
        Wgs84 = "wgs84", "WGS-84（GPS）", "WGS-84 (GPS)";
        /// Within a metre of WGS-84: drawn where it is.
        Cgcs2000 = "cgcs2000", "CGCS2000（天地图）", "CGCS2000 (Tianditu)";
        /// Hundreds of metres away from WGS-84, differently from place to place: moved before it is drawn.
        Gcj02 = "gcj02", "GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)";
    }
}

/// Most bytes of a map picture, 8 MiB. Source: our choice; a county at 5,000 pixels as JPEG.
pub const MAP_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most pixels of its longer side. Source: app plan §7, what a phone's browser still decodes (16,777,216 in all).
pub const MAP_SIDE_MAX_PX: u32 = 8_192;
/// Most pixels of it. Source: as above.
pub const MAP_PIXELS_MAX: u64 = 16_777_216;
/// How far the fourth corner may be from where the other three put it, as a share of the longer diagonal. Source: our
/// choice; more is a mistake, not imprecision.
const SKEW_MAX: f64 = 0.05;
/// Least distance between neighbouring corners, in degrees: about 100 m. Source: our choice.
const SIDE_MIN_DEG: f64 = 0.001;

/// Position of a picture: longitude and latitude of its corners, upper left first, then clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corners(pub [[f64; 2]; 4]);

impl Corners {
    /// Checks that they are valid positions and form a parallelogram that is not mirrored.
    ///
    /// # Errors
    /// Each corner that is out of range, or what is wrong with all of them.
    pub fn validate(&self, pointer: &str) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (at, [lon, lat]) in self.0.iter().enumerate() {
            if !(-180.0..=180.0).contains(lon) || !(-85.0..=85.0).contains(lat) {
                invalid.push(
                    format!("{pointer}/{at}"),
                    FieldCode::OutOfRange,
                    "longitude −180 to 180, latitude −85 to 85",
                );
            }
        }
        if invalid.0.is_empty()
            && let Some(fault) = self.fault()
        {
            invalid.push(pointer, FieldCode::Malformed, fault);
        }
        invalid.into_result()
    }

    fn fault(&self) -> Option<&'static str> {
        let middle = self.0.iter().map(|corner| corner[1]).sum::<f64>() / 4.0;
        let shrink = middle.to_radians().cos();
        // Degrees of latitude to the right and up, so that lengths can be compared.
        let [a, b, c, d] = self.0.map(|[lon, lat]| [lon * shrink, lat]);
        let minus = |p: [f64; 2], q: [f64; 2]| [p[0] - q[0], p[1] - q[1]];
        let length = |p: [f64; 2]| p[0].hypot(p[1]);
        let (right, down) = (minus(b, a), minus(d, a));
        if length(right) < SIDE_MIN_DEG || length(down) < SIDE_MIN_DEG {
            return Some("two corners are the same, or less than 100 m apart");
        }
        let turn = right[0] * down[1] - right[1] * down[0];
        if turn.abs() < 0.1 * length(right) * length(down) {
            return Some("the corners lie on a line");
        }
        if turn > 0.0 {
            return Some("the corners go round the wrong way: upper left, upper right, lower right, lower left");
        }
        let expected = [b[0] + down[0], b[1] + down[1]];
        let diagonal = length(minus(c, a)).max(length(minus(d, b)));
        (length(minus(c, expected)) > SKEW_MAX * diagonal)
            .then_some("opposite sides differ: the picture would have to be bent")
    }
}

/// Position of a picture, and the coordinate system of its degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Its corners.
    pub corners: Corners,
    /// The coordinate system.
    pub crs: Crs,
}

/// The county's map picture, without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct MapImage {
    /// Digest of the file.
    pub sha256: Digest,
    /// Its media type.
    pub media_type: String,
    /// Width and height in pixels.
    pub size: (i32, i32),
    /// Its position.
    pub placement: Placement,
    /// When it was uploaded or moved.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: UserId,
}

/// Tiles of the web Mercator scheme (XYZ), from the county's own network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLayer {
    /// Address of a tile with `{z}`, `{x}` and `{y}` in it: `https://…` or `http://…`, or a path of this service's own host.
    pub template: String,
    /// The coordinate system.
    pub crs: Crs,
    /// Smallest and largest `z`.
    pub zoom: (u8, u8),
    /// Copyright notice, shown below the map; may be empty.
    pub credit: String,
}

/// Largest zoom of a tile scheme. Source: common practice; a pixel is then some 15 cm.
pub const ZOOM_MAX: u8 = 20;

impl TileLayer {
    /// A tile layer, after checking its parts.
    ///
    /// # Errors
    /// A sentence saying what is wrong.
    pub fn new(template: &str, crs: Crs, zoom: (u8, u8), credit: &str) -> Result<Self, String> {
        for part in ["{z}", "{x}", "{y}"] {
            if template.matches(part).count() != 1 {
                return Err(format!("the address of a tile must have {part} in it, once"));
            }
        }
        // It goes into a header and into pages, so it must not contain a character that ends a value there.
        if !template.chars().all(|c| c.is_ascii_graphic() && !"\"'<>;,\\".contains(c)) {
            return Err("the address of a tile must be plain: no spaces, quotes, commas or semicolons".into());
        }
        if zoom.0 > zoom.1 || zoom.1 > ZOOM_MAX {
            return Err(format!("zoom goes from 0 to {ZOOM_MAX}, the smaller number first"));
        }
        let layer = TileLayer { template: template.to_owned(), crs, zoom, credit: credit.trim().to_owned() };
        let is_path = template.starts_with('/') && !template.starts_with("//");
        if !is_path && layer.origin().is_none() {
            return Err("the address of a tile must begin with https://, http:// or /".into());
        }
        Ok(layer)
    }

    /// The host from which pages may load pictures; `None` for the service's own.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        let after = ["https://", "http://"].iter().find_map(|scheme| self.template.strip_prefix(scheme))?;
        let host =
            after.split(['/', '?', '#']).next().filter(|host| !host.is_empty() && !host.contains(['{', '@', '*']))?;
        self.template.get(..self.template.len() - after.len() + host.len())
    }
}

#[cfg(test)]
mod tests;
