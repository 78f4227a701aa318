//! Lists everything that is stored, page by page, so that a full pass needs little memory and can continue after a
//! restart.
//!
//! Keys are the same in a folder and in a bucket, and are listed in order: `originals/<2 hex>/<64 hex>`, then
//! `renditions/<variant>/<2 hex>/<64 hex>`.

use super::renditions::Variant;
use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;

/// One stored file or object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// The digest of the original that it is, or was made from.
    pub digest: Digest,
    /// When it was last written, by the clock of the store.
    pub since: Timestamp,
}

/// A page of the listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Stored files in the order of their keys. Files with a name of another form are left out.
    pub found: Vec<Listed>,
    /// The last key that was read, to continue after; `None` at the end.
    pub next: Option<String>,
}

/// The key prefixes of all kinds, in order.
fn kinds() -> impl Iterator<Item = String> {
    let mut kinds: Vec<String> =
        Variant::OF_ORIGINALS.iter().map(|variant| format!("renditions/{}", variant.as_str())).collect();
    kinds.push("originals".to_owned());
    kinds.sort();
    kinds.into_iter()
}

/// The folders that are still to be listed after the key `after`, each with the name in it to continue after.
///
/// For a key that is in none of the folders, as another version may have stored it, the listing starts again or with
/// the next folder.
pub(super) fn remaining(folders: impl Iterator<Item = String>, after: &str) -> impl Iterator<Item = (String, String)> {
    folders.filter_map(move |folder| {
        let inside = after.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/'));
        match inside {
            Some(name) => Some((folder, name.to_owned())),
            None if folder.as_str() > after => Some((folder, String::new())),
            None => None,
        }
    })
}

/// Each kind as one listing.
pub(super) fn areas() -> impl Iterator<Item = String> {
    kinds()
}

/// The folders of all kinds; each holds a 256th of its kind.
pub(super) fn shards() -> impl Iterator<Item = String> {
    kinds().flat_map(|kind| (0..=u8::MAX).map(move |first| format!("{kind}/{first:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listing_goes_on_after_any_key() {
        assert_eq!(areas().collect::<Vec<_>>(), ["originals", "renditions/thumb", "renditions/view"]);
        assert_eq!(shards().count(), 768);
        let left = |after: &str| remaining(shards(), after).collect::<Vec<_>>();
        assert_eq!(left("").len(), 768);
        let some = left("originals/fe/abc");
        assert_eq!(some[0], ("originals/fe".to_owned(), "abc".to_owned()));
        assert_eq!(some[1], ("originals/ff".to_owned(), String::new()));
        assert_eq!(some.len(), 514);
        assert_eq!(left("renditions/view/ff/abc"), [("renditions/view/ff".to_owned(), "abc".to_owned())]);
        assert_eq!(left("zzz"), []);
        let areas: Vec<_> = remaining(areas(), "originals/fe/abc").collect();
        assert_eq!(areas[0], ("originals".to_owned(), "fe/abc".to_owned()));
        assert_eq!(areas.len(), 3);
    }
}
