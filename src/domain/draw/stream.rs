//! Numbers that anybody can calculate again from a seed.

use std::num::NonZeroU64;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::bytes::Seed;

/// Bytes of one number.
const NUMBER_BYTES: usize = 8;
/// Bytes of a block of SHA-256, to which HMAC fills up a shorter key with zeros. Source: RFC 2104, section 2.
const KEY_BLOCK_BYTES: usize = 64;

/// HMAC-SHA256 of the parts, one after the other. Source: RFC 2104.
#[must_use]
pub(super) fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; KEY_BLOCK_BYTES];
    block[..key.len()].copy_from_slice(key);
    Hmac::<Sha256>::new(&block.into())
}

/// A stream of bytes and the numbers made from them.
///
/// Block `i`, of 32 bytes, is HMAC-SHA256 with the seed as the key over the label, a zero byte, and `i` as eight bytes,
/// the highest first. The stream is block 0, block 1, and so on.
#[derive(Debug)]
pub struct Stream {
    /// The keyed hash after label and zero byte.
    start: Hmac<Sha256>,
    next_block: u64,
    block: [u8; 32],
    /// Bytes of `block` that are used up.
    used: usize,
}

impl Stream {
    /// The stream of `seed` under `label`; streams under different labels are independent.
    #[must_use]
    pub fn new(seed: &Seed, label: &str) -> Self {
        let mut start = keyed(seed.as_bytes());
        start.update(label.as_bytes());
        start.update(&[0]);
        Stream { start, next_block: 0, block: [0; 32], used: 32 }
    }

    /// The next eight bytes as a number, the highest byte first.
    pub(super) fn number(&mut self) -> u64 {
        if self.used == self.block.len() {
            let mut mac = self.start.clone();
            mac.update(&self.next_block.to_be_bytes());
            self.block = mac.finalize().into_bytes().into();
            self.next_block += 1;
            self.used = 0;
        }
        let mut bytes = [0; NUMBER_BYTES];
        bytes.copy_from_slice(&self.block[self.used..self.used + NUMBER_BYTES]);
        self.used += NUMBER_BYTES;
        u64::from_be_bytes(bytes)
    }

    /// A number from 0 to `end` − 1, each as probable as any other.
    ///
    /// It takes eight bytes as a number `x`. The highest 2⁶⁴ mod `end` values are refused, and eight further bytes are
    /// taken; otherwise the result is `x` mod `end`. So eight bytes are used up even where there is no choice.
    pub fn below(&mut self, end: NonZeroU64) -> u64 {
        let end = end.get();
        // 2⁶⁴ mod end, without a number that has 65 bits.
        let refused = (u64::MAX % end + 1) % end;
        loop {
            let x = self.number();
            if x <= u64::MAX - refused {
                return x % end;
            }
        }
    }

    /// One of so many, by its position; `None` if there are none, and then nothing is used up.
    pub fn pick(&mut self, count: usize) -> Option<usize> {
        let end = NonZeroU64::new(u64::try_from(count).ok()?)?;
        usize::try_from(self.below(end)).ok()
    }

    /// Puts the items into a random order (Fisher and Yates): from the last position down to the second, each is
    /// exchanged with one at or before it.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            if let Some(at) = self.pick(last + 1) {
                items.swap(last, at);
            }
        }
    }
}
