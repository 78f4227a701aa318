//! Curves of samples, as a picture.

use std::fmt::Write as _;

use serde_json::Value;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 70.0;

/// What is drawn, with its unit; each in a row of its own, from zero.
const ROWS: [(&str, &str, &str); 5] = [
    ("resident_mb", "memory", "MB"),
    ("report_p99", "report, p99", "ms"),
    ("step_p99", "step, p99", "ms"),
    ("read_p99", "read, p99", "ms"),
    ("cpu_percent", "CPU", "%"),
];

/// An SVG with a row for each figure.
pub fn drawn(title: &str, samples: &[Value]) -> String {
    let height = ROWS.len() as f64 * (HEIGHT + 40.0) + 40.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><text x=\"8\" y=\"20\" font-size=\"15\">{title}, by minute</text>\n",
        WIDTH + LEFT + 20.0
    );
    for (row, (field, name, unit)) in ROWS.iter().enumerate() {
        let top = 40.0 + row as f64 * (HEIGHT + 40.0);
        let values: Vec<f64> = samples.iter().map(|sample| sample[field].as_f64().unwrap_or(0.0)).collect();
        let most = values.iter().copied().fold(1.0, f64::max);
        let place = |(at, value): (usize, &f64)| {
            let x = LEFT + at as f64 / (values.len().max(2) - 1) as f64 * WIDTH;
            format!("{x:.1},{:.1}", top + HEIGHT - value / most * HEIGHT)
        };
        let points: Vec<String> = values.iter().enumerate().map(place).collect();
        let _ = writeln!(
            svg,
            "<text x=\"8\" y=\"{:.0}\">{name}</text><text x=\"8\" y=\"{:.0}\">{most:.0} {unit}</text>\n\
             <path d=\"M{LEFT} {top}V{}H{}\" fill=\"none\" stroke=\"#999\"/>\n\
             <polyline points=\"{}\" fill=\"none\" stroke=\"#1a5fb4\" stroke-width=\"1.5\"/>",
            top + HEIGHT,
            top + 10.0,
            top + HEIGHT,
            LEFT + WIDTH,
            points.join(" ")
        );
    }
    svg + "</svg>\n"
}
