//! Sheets of a month and of the day's work: the same values as in the other answers, under Chinese headings.

use std::collections::HashMap;

use super::follow_up::ChokeView;
use super::month::{CardView, FigureView, RankedUnitView};
use crate::app::sheets::{Column, Table};
use crate::domain::ids::UnitId;
use crate::domain::month::{Listed, Month};
use crate::domain::time::Date;

/// A unit of a ranking without a rank: its name and its peer group.
pub type Unranked = (String, String);

fn moved(by: Option<i64>) -> String {
    match by {
        None | Some(0) => String::new(),
        Some(up) if up > 0 => format!("升{up}"),
        Some(down) => format!("降{}", down.unsigned_abs()),
    }
}

fn list(listed: Listed) -> String {
    match listed {
        Listed::Neither => String::new(),
        Listed::Red | Listed::Black => listed.zh().to_owned(),
    }
}

/// The ranking of a month.
#[must_use]
pub fn ranking(month: Month, ranked: &[RankedUnitView], unranked: &[Unranked]) -> Table {
    let columns = vec![
        ("考评分组", Column::Text(16)),
        ("名次", Column::Number(6)),
        ("责任单位", Column::Text(28)),
        ("月评得分", Column::Decimal(10)),
        ("升降", Column::Text(8)),
        ("红黑榜", Column::Text(8)),
        ("备注", Column::Text(12)),
    ];
    let row = |unit: &RankedUnitView| {
        let RankedUnitView { unit_id: _, name, peer_group, rank, score, moved: by, listed } = unit;
        let cells = [peer_group.clone(), rank.to_string(), name.clone(), score.clone(), moved(*by), list(*listed)];
        cells.into_iter().chain([String::new()]).collect()
    };
    let bare = |(name, peer_group): &Unranked| {
        let cells = [peer_group.as_str(), "", name.as_str(), "", "", "", "样本不足"];
        cells.map(str::to_owned).to_vec()
    };
    let rows = ranked.iter().map(row).chain(unranked.iter().map(bare)).collect();
    Table { title: format!("月评排名{month}"), columns, rows }
}

/// The scorecard of a unit: a row for each number that goes into its score, and the rows behind it.
#[must_use]
pub fn card(card: &CardView) -> Table {
    let columns = vec![
        ("项目", Column::Text(14)),
        ("内容", Column::Text(40)),
        ("数值", Column::Text(12)),
        ("分子", Column::Decimal(10)),
        ("分母", Column::Decimal(10)),
        ("权重", Column::Decimal(8)),
        ("计分", Column::Decimal(10)),
    ];
    let said = |text: Option<&String>| text.cloned().unwrap_or_default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |cells: [String; 7]| rows.push(cells.to_vec());
    let none = String::new;
    row(["月评得分".into(), card.name.clone(), none(), none(), none(), none(), said(card.score.as_ref())]);
    if let Some(ranked) = &card.ranked {
        row(["名次".into(), ranked.peer_group.clone(), ranked.rank.to_string(), none(), none(), none(), none()]);
    }
    for term in &card.terms {
        let (value, points) = (said(term.value.as_ref()), said(term.points.as_ref()));
        row(["得分构成".into(), term.term.zh().into(), value, none(), none(), term.weight.clone(), points]);
    }
    for figure in &card.figures {
        let FigureView { metric, percent, part, whole } = figure;
        let (percent, whole) = (said(percent.as_ref()), said(whole.as_ref()));
        row(["指标".into(), metric.zh().into(), percent, part.clone(), whole, none(), none()]);
    }
    for point in &card.points {
        let (name, score) = (point.row.name.clone(), point.score.clone());
        row(["点位".into(), name, score, none(), none(), point.weight.clone(), none()]);
    }
    for line in &card.deductions {
        let (name, points) = (line.row.name.clone(), line.points.clone());
        row([format!("扣分：{}", line.head.zh()), name, points, none(), none(), none(), negative(&line.counted)]);
    }
    for line in &card.bonuses {
        let names: Vec<&str> = line.rows.iter().map(|row| row.name.as_str()).collect();
        let head = format!("加分：{}", line.head.zh());
        row([head, names.join("、"), none(), none(), none(), none(), line.points.clone()]);
    }
    for line in &card.adjustments {
        row(["更正".into(), line.name.clone(), none(), none(), none(), none(), none()]);
    }
    row(["扣分合计".into(), none(), none(), none(), none(), none(), negative(&card.deducted)]);
    row(["加分合计".into(), none(), none(), none(), none(), none(), card.added.clone()]);
    row(["更正合计".into(), none(), none(), none(), none(), none(), card.adjusted.clone()]);
    Table { title: format!("月评得分{}", card.month), columns, rows }
}

/// What is taken away, with its sign.
fn negative(points: &str) -> String {
    let is_zero = points.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if is_zero || points.starts_with('-') { points.to_owned() } else { format!("-{points}") }
}

/// An amount in yuan, without going through a float.
#[must_use]
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The daily dispatch list.
#[must_use]
pub fn dispatch(day: Date, items: &[ChokeView], day_of: impl Fn(&ChokeView) -> Date) -> Table {
    let columns = vec![
        ("序号", Column::Number(6)),
        ("编号", Column::Text(16)),
        ("责任单位", Column::Text(24)),
        ("点位", Column::Text(24)),
        ("测评项", Column::Text(9)),
        ("严重程度", Column::Text(9)),
        ("状态", Column::Text(10)),
        ("整改期限", Column::Day(12)),
        ("调度原因", Column::Text(40)),
    ];
    let row = |(at, choke): (usize, &ChokeView)| {
        let reasons: Vec<&str> = choke.chokes.iter().map(|choke| choke.zh()).collect();
        vec![
            at.to_string(),
            choke.number.clone(),
            choke.unit_name.clone(),
            choke.point_name.clone(),
            choke.item_code.clone(),
            choke.severity.zh().to_owned(),
            choke.state.zh().to_owned(),
            day_of(choke).to_string(),
            reasons.join("、"),
        ]
    };
    Table { title: format!("调度清单{day}"), columns, rows: (1..).zip(items).map(row).collect() }
}

/// The names of units.
pub type UnitNames = HashMap<UnitId, String>;
