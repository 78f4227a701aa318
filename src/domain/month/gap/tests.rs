#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::score::tests::rows::uuid;

fn seen(item: &str, point_type: &str, point: u128, weight: i64, conformity: Option<&str>) -> Observed {
    Observed {
        item_code: item.into(),
        point_type: point_type.into(),
        point_id: PointId(uuid(point)),
        weight: Exact::from(weight),
        conformity: conformity.map(|text| Exact::parse(text).unwrap()),
    }
}

/// MKT floors: 4·(1 − 0) + 4·(1 − ½) = 6 points, effort 3, so 2 for each. ROAD signs: 1·(1 − 0) = 1, effort 1.
/// LANE lamps: 3·½ = 1½, effort 1, so 1½.
#[test]
fn gaps_are_sorted_by_what_an_effort_gains() {
    let observations = [
        seen("floor", "MKT", 1, 4, Some("0")),
        seen("floor", "MKT", 2, 4, Some("0.5")),
        seen("floor", "MKT", 3, 4, Some("1")),
        seen("floor", "MKT", 4, 4, None),
        seen("signs", "ROAD", 5, 1, Some("0")),
        seen("lamps", "LANE", 6, 3, Some("0.5")),
        seen("lamps", "ROAD", 5, 3, Some("1")),
    ];
    let efforts = Efforts::from([(("floor".into(), "MKT".into()), NonZeroU32::new(3).unwrap())]);
    let told = |gaps: Vec<Gap>| -> Vec<(String, String, String, usize, usize)> {
        gaps.into_iter()
            .map(|gap| (gap.item_code, gap.lost.to_string(), gap.gain.to_string(), gap.observed, gap.points.len()))
            .collect()
    };
    let row = |item: &str, lost: &str, gain: &str, observed, points| {
        (item.to_owned(), lost.to_owned(), gain.to_owned(), observed, points)
    };
    let sorted = told(gaps(&observations, &efforts));
    assert_eq!(sorted, [row("floor", "6", "2", 3, 2), row("lamps", "3/2", "3/2", 1, 1), row("signs", "1", "1", 1, 1)]);
    let mut turned = observations.to_vec();
    turned.reverse();
    assert_eq!(told(gaps(&turned, &efforts)), sorted);
    assert_eq!(gaps(&[], &efforts), []);
}

#[test]
fn where_two_gain_the_same_the_larger_loss_comes_first() {
    let observations = [seen("a", "MKT", 1, 2, Some("0")), seen("b", "MKT", 1, 6, Some("0"))];
    let efforts = Efforts::from([(("b".into(), "MKT".into()), NonZeroU32::new(3).unwrap())]);
    let items: Vec<String> = gaps(&observations, &efforts).into_iter().map(|gap| gap.item_code).collect();
    assert_eq!(items, ["b", "a"]);
}
