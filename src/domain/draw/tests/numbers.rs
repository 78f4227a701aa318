//! The byte stream and the numbers made from it.

use std::num::NonZeroU64;

use super::draw::{Seed, Stream};
use super::world;

/// The seed of the vectors in `docs/DRAW.md`: 00 01 02 … 1f.
fn counting() -> Seed {
    Seed::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap()))
}

fn below(stream: &mut Stream, end: u64) -> u64 {
    stream.below(NonZeroU64::new(end).unwrap())
}

#[test]
fn numbers_are_those_of_the_specification() {
    let mut stream = Stream::new(&counting(), "test");
    assert_eq!([0; 5].map(|_: u8| format!("{:016x}", stream.number())), WHOLE);
    let mut stream = Stream::new(&counting(), "test");
    assert_eq!([0; 12].map(|_: u8| below(&mut stream, 10)), BELOW_10);
    let mut stream = Stream::new(&counting(), "test");
    // Nearly half of all numbers are refused.
    assert_eq!([0; 6].map(|_: u8| below(&mut stream, (1 << 63) + 1)), BELOW_HALF);
    let mut order: Vec<u8> = (1..=10).collect();
    Stream::new(&counting(), "test").shuffle(&mut order);
    assert_eq!(order, SHUFFLED);
}

const WHOLE: [&str; 5] =
    ["341bb0df0e3d0471", "a29b8e7e99435206", "c85b3fcb2d3e1de1", "5c26b3c77afe07f0", "4fde08a099d6ca4c"];
const BELOW_10: [u64; 12] = [5, 8, 3, 6, 4, 5, 4, 8, 8, 4, 2, 3];
const BELOW_HALF: [u64; 6] = [
    3_754_789_186_406_515_825,
    6_640_192_369_947_707_376,
    5_755_046_859_694_852_684,
    5_714_459_409_916_306_754,
    5_380_737_316_203_427_408,
    6_604_537_292_744_817_188,
];
const SHUFFLED: [u8; 10] = [4, 10, 7, 3, 1, 5, 8, 2, 9, 6];

/// RFC 4231, test case 2 of HMAC-SHA-256 with its key filled up to 32 bytes, as every shorter key is.
#[test]
fn the_keyed_hash_is_that_of_the_rfc() {
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    let mac = super::super::stream::hmac_sha256(&key, &[b"what do ya want ", b"for nothing?"]);
    let mac = crate::domain::digest::Digest::from_bytes(mac).to_string();
    assert_eq!(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn what_would_favour_small_numbers_is_refused() {
    for end in [1, 2, 3, 10, 1 << 32, (1 << 62) + 1, (1 << 63) - 1, (1 << 63) + 1, u64::MAX - 1, u64::MAX] {
        let (mut stream, mut raw) = (Stream::new(&counting(), "test"), Stream::new(&counting(), "test"));
        // The definition, in numbers of 128 bits.
        let accepted = ((1_u128 << 64) / u128::from(end)) * u128::from(end);
        for _ in 0..200 {
            let x = std::iter::repeat_with(|| raw.number()).find(|x| u128::from(*x) < accepted).unwrap();
            assert_eq!(below(&mut stream, end), x % end, "{end}");
        }
    }
}

#[test]
fn labels_and_seeds_make_different_streams() {
    let first = |seed: &Seed, label: &str| below(&mut Stream::new(seed, label), 1 << 63);
    let mut seen = std::collections::HashSet::new();
    for seed in [world::seed(0), world::seed(1), counting()] {
        for label in ["a", "b", "ab", ""] {
            assert!(seen.insert(first(&seed, label)), "{label}");
        }
    }
    assert_eq!(first(&counting(), "a"), first(&counting(), "a"));
}

#[test]
fn nothing_is_used_up_where_there_is_nothing_to_choose_from() {
    let mut stream = Stream::new(&counting(), "test");
    assert_eq!(stream.pick(0), None);
    stream.shuffle(&mut [0; 0]);
    stream.shuffle(&mut [1]);
    assert_eq!(format!("{:016x}", stream.number()), WHOLE[0]);
    // One of one uses up a number.
    let mut stream = Stream::new(&counting(), "test");
    assert_eq!(stream.pick(1), Some(0));
    assert_eq!(format!("{:016x}", stream.number()), WHOLE[1]);
}
