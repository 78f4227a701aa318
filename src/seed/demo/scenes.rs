//! The scenes of the demo's pictures: for each kind of problem, a place with the problem and the same place after the
//! fix.

use super::canvas::{Canvas, Color};
use super::props::{
    GREEN, HAZE, INK, KERB, RED, SOIL, STEEL, TRUNK, WALL, WHITE, YELLOW, bag, bin, lawn, scooter, street, tree,
};

/// Kinds of problems that a picture can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scene {
    Rubbish,
    FireLane,
    Parking,
    Posters,
    Cables,
    Pavement,
    Lamp,
    Stalls,
    Toilet,
    BareSoil,
    DeadTree,
    Water,
    Fence,
    Smoking,
    Notice,
    Crossing,
    Pests,
}

impl Scene {
    pub(super) const ALL: [Scene; 17] = [
        Scene::Rubbish,
        Scene::FireLane,
        Scene::Parking,
        Scene::Posters,
        Scene::Cables,
        Scene::Pavement,
        Scene::Lamp,
        Scene::Stalls,
        Scene::Toilet,
        Scene::BareSoil,
        Scene::DeadTree,
        Scene::Water,
        Scene::Fence,
        Scene::Smoking,
        Scene::Notice,
        Scene::Crossing,
        Scene::Pests,
    ];

    /// The scene of an item, by its code.
    pub(super) fn of_item(code: &str) -> Scene {
        match code {
            "WM-01" | "WM-02" | "WM-08" | "WM-13" | "WS-14" | "SL-05" | "SL-12" | "SL-13" | "YL-10" => Scene::Notice,
            "WM-04" => Scene::Posters,
            "WM-05" | "WM-06" => Scene::Cables,
            "WM-07" => Scene::FireLane,
            "WM-09" | "YL-06" | "SL-08" => Scene::Parking,
            "WM-10" => Scene::Crossing,
            "WM-11" | "YL-07" | "YL-08" => Scene::Pavement,
            "WM-12" | "YL-14" => Scene::Lamp,
            "WM-14" | "WS-04" | "WS-05" | "YL-09" => Scene::Toilet,
            "WM-15" | "WS-13" => Scene::Smoking,
            "WS-06" | "WS-09" | "WS-10" => Scene::Stalls,
            "WS-07" | "WS-08" | "WS-11" | "WS-15" => Scene::Pests,
            "WS-12" | "YL-12" => Scene::Fence,
            "WS-16" | "SL-10" | "YL-11" => Scene::Water,
            "SL-02" | "SL-03" | "SL-09" | "SL-11" | "YL-03" | "YL-15" => Scene::DeadTree,
            _ if code.starts_with("SL") || code.starts_with("YL") => Scene::BareSoil,
            _ => Scene::Rubbish,
        }
    }

    /// Draws it; `fixed` shows it after the fix, `shift` moves objects a little, so that two pictures differ.
    pub(super) fn draw(self, canvas: &mut Canvas, fixed: bool, shift: f32) {
        match self {
            Scene::Rubbish => rubbish(canvas, fixed, shift),
            Scene::FireLane => fire_lane(canvas, fixed, shift),
            Scene::Parking => parking(canvas, fixed, shift),
            Scene::Posters => posters(canvas, fixed, shift),
            Scene::Cables => cables(canvas, fixed, shift),
            Scene::Pavement => pavement(canvas, fixed, shift),
            Scene::Lamp => lamp(canvas, fixed, shift),
            Scene::Stalls => stalls(canvas, fixed, shift),
            Scene::Toilet => toilet(canvas, fixed, shift),
            Scene::BareSoil => bare_soil(canvas, fixed, shift),
            Scene::DeadTree => dead_tree(canvas, fixed, shift),
            Scene::Water => water(canvas, fixed, shift),
            Scene::Fence => fence(canvas, fixed, shift),
            Scene::Smoking => smoking(canvas, fixed, shift),
            Scene::Notice => notice(canvas, fixed, shift),
            Scene::Crossing => crossing(canvas, fixed, shift),
            Scene::Pests => pests(canvas, fixed, shift),
        }
    }
}

fn rubbish(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    bin(canvas, 0.4 + shift, 0.74, GREEN, !fixed);
    bin(canvas, 0.58 + shift, 0.74, [60, 96, 150], false);
    if fixed {
        return;
    }
    for (x, y, size, color) in [
        (0.36, 0.5, 0.03, [236, 236, 230]),
        (0.42, 0.52, 0.028, INK),
        (0.3, 0.8, 0.045, INK),
        (0.38, 0.86, 0.05, [58, 60, 70]),
        (0.5, 0.84, 0.045, [228, 226, 216]),
        (0.6, 0.88, 0.04, INK),
        (0.67, 0.82, 0.035, [196, 60, 60]),
    ] {
        bag(canvas, x + shift, y, size, color);
    }
    for (x, y) in [(0.24, 0.9), (0.46, 0.92), (0.55, 0.94), (0.72, 0.9), (0.33, 0.94)] {
        canvas.rect(x + shift, y, x + shift + 0.03, y + 0.012, WHITE);
    }
}

fn fire_lane(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    canvas.polygon(&[(0.3, 0.64), (0.7, 0.64), (0.9, 1.0), (0.1, 1.0)], [150, 60, 54]);
    for index in 0..6_u8 {
        let y = 0.66 + f32::from(index) * 0.06;
        let half = 0.2 + (y - 0.64) * 0.55;
        canvas.line((0.5 - half, y + 0.03), (0.5 + half, y), 0.012, YELLOW);
    }
    canvas.rect(0.44, 0.36, 0.56, 0.5, RED);
    canvas.rect(0.455, 0.38, 0.545, 0.4, WHITE);
    canvas.rect(0.455, 0.43, 0.545, 0.45, WHITE);
    canvas.line((0.5, 0.5), (0.5, 0.64), 0.012, STEEL);
    if !fixed {
        for (x, y, size, color) in [
            (0.4, 0.78, 0.16, [44, 92, 160]),
            (0.58, 0.82, 0.18, RED),
            (0.44, 0.92, 0.2, [70, 70, 74]),
            (0.68, 0.95, 0.2, GREEN),
        ] {
            scooter(canvas, x + shift, y, size, color);
        }
    }
}

fn parking(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    for slot in 0..7_u8 {
        let x = 0.1 + f32::from(slot) * 0.13;
        canvas.line((x, 0.7), (x - 0.03, 0.92), 0.006, WHITE);
    }
    let colors: [Color; 5] = [[44, 92, 160], RED, [70, 70, 74], GREEN, [190, 140, 40]];
    for (index, color) in (0..5_u8).zip(colors) {
        let index = f32::from(index);
        if fixed {
            scooter(canvas, 0.16 + index * 0.13 + shift * 0.3, 0.88, 0.11, color);
        } else {
            let (x, y) = (0.14 + index * 0.17, 0.68 + (index * 1.7).sin().abs() * 0.26);
            scooter(canvas, x + shift, y, 0.15, color);
        }
    }
    if !fixed {
        canvas.rect(0.6 + shift, 0.52, 0.92 + shift, 0.62, [210, 214, 220]);
        canvas.polygon(
            &[(0.66 + shift, 0.52), (0.7 + shift, 0.45), (0.84 + shift, 0.45), (0.88 + shift, 0.52)],
            [120, 150, 176],
        );
        canvas.disc(0.67 + shift, 0.62, 0.028, INK);
        canvas.disc(0.86 + shift, 0.62, 0.028, INK);
    }
}

fn posters(canvas: &mut Canvas, fixed: bool, shift: f32) {
    canvas.fade((0.0, 0.0, 1.0, 0.8), WALL, [206, 194, 176]);
    for row in 0..8_u8 {
        let y = f32::from(row) * 0.1;
        canvas.line((0.0, y), (1.0, y), 0.002, [190, 178, 160]);
    }
    canvas.rect(0.0, 0.8, 1.0, 1.0, KERB);
    canvas.rect(0.06, 0.2, 0.22, 0.8, [128, 96, 70]);
    canvas.disc(0.2, 0.52, 0.01, YELLOW);
    if fixed {
        canvas.rect(0.3 + shift, 0.2, 0.9 + shift, 0.72, [228, 220, 206]);
        return;
    }
    for (x, y, wide, high, color) in [
        (0.3, 0.18, 0.12, 0.16, WHITE),
        (0.45, 0.22, 0.1, 0.12, [250, 226, 120]),
        (0.58, 0.16, 0.14, 0.18, [240, 196, 190]),
        (0.76, 0.24, 0.1, 0.14, WHITE),
        (0.34, 0.42, 0.14, 0.1, [196, 222, 240]),
        (0.52, 0.4, 0.1, 0.16, WHITE),
        (0.66, 0.44, 0.13, 0.12, [250, 226, 120]),
        (0.4, 0.6, 0.12, 0.12, WHITE),
        (0.58, 0.62, 0.16, 0.1, [240, 196, 190]),
    ] {
        let x = x + shift;
        canvas.rect(x, y, x + wide, y + high, color);
        for line in 1..4_u8 {
            let at = y + high * f32::from(line) / 4.0;
            canvas.line((x + 0.015, at), (x + wide - 0.02, at), 0.006, [90, 90, 96]);
        }
    }
    canvas.line((0.8 + shift, 0.5), (0.92 + shift, 0.66), 0.012, RED);
    canvas.line((0.92 + shift, 0.5), (0.8 + shift, 0.66), 0.012, RED);
}

fn cables(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    for x in [0.15, 0.8] {
        canvas.line((x, 0.1), (x, 0.7), 0.02, [150, 140, 128]);
        canvas.line((x - 0.08, 0.16), (x + 0.08, 0.16), 0.014, STEEL);
    }
    if fixed {
        for y in [0.16, 0.18, 0.2] {
            canvas.line((0.15, y), (0.8, y), 0.005, INK);
        }
        return;
    }
    for strand in 0..12_u8 {
        let strand = f32::from(strand);
        let sag = 0.26 + 0.25 * (strand * 2.3).sin().abs();
        let middle = (0.45 + shift + 0.08 * (strand * 1.3).sin(), sag);
        canvas.line((0.15, 0.14 + strand * 0.012), middle, 0.005, INK);
        canvas.line(middle, (0.8, 0.15 + strand * 0.01), 0.005, INK);
    }
    canvas.ring(0.45 + shift, 0.36, 0.05, 0.006, INK);
    canvas.ring(0.47 + shift, 0.4, 0.035, 0.006, INK);
    canvas.line((0.52 + shift, 0.4), (0.55 + shift, 0.84), 0.006, INK);
    scooter(canvas, 0.55 + shift, 0.92, 0.16, [44, 92, 160]);
}

fn pavement(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    canvas.rect(0.0, 0.62, 1.0, 1.0, [186, 178, 168]);
    for row in 0..6_u8 {
        let y = 0.62 + f32::from(row) * 0.065;
        canvas.line((0.0, y), (1.0, y), 0.003, [150, 144, 136]);
        for column in 0..9_u8 {
            let x = f32::from(column) * 0.12 + f32::from(row % 2) * 0.06;
            canvas.line((x, y), (x, y + 0.065), 0.003, [150, 144, 136]);
        }
    }
    canvas.rect(0.0, 0.75, 1.0, 0.83, YELLOW);
    for bar in 0..24_u8 {
        let x = f32::from(bar) * 0.042;
        canvas.line((x, 0.765), (x, 0.815), 0.006, [214, 168, 34]);
    }
    if fixed {
        return;
    }
    let x = 0.5 + shift;
    canvas.polygon(
        &[(x - 0.2, 0.74), (x - 0.06, 0.7), (x + 0.14, 0.72), (x + 0.2, 0.82), (x + 0.06, 0.9), (x - 0.14, 0.88)],
        SOIL,
    );
    canvas.ellipse(x, 0.81, 0.11, 0.05, [76, 62, 50]);
    for (dx, y) in [(-0.24, 0.72), (0.2, 0.7), (0.24, 0.88), (-0.2, 0.9), (0.05, 0.93)] {
        canvas.polygon(&[(x + dx, y), (x + dx + 0.06, y - 0.02), (x + dx + 0.07, y + 0.03)], [206, 198, 186]);
    }
}

fn lamp(canvas: &mut Canvas, fixed: bool, shift: f32) {
    canvas.fade((0.0, 0.0, 1.0, 0.6), [24, 32, 58], [58, 62, 88]);
    canvas.rect(0.0, 0.6, 1.0, 1.0, [44, 46, 54]);
    for (x, top) in [(0.0, 0.3), (0.62, 0.24)] {
        canvas.rect(x, top, x + 0.3, 0.6, [36, 40, 58]);
        canvas.rect(x + 0.06, top + 0.08, x + 0.1, top + 0.13, [236, 196, 110]);
    }
    for x in [0.2, 0.5, 0.82] {
        let x = x + shift * 0.5;
        let lit = fixed || x > 0.7;
        if lit {
            canvas.polygon(&[(x + 0.06, 0.2), (x + 0.2, 0.86), (x - 0.1, 0.86)], [96, 92, 84]);
            canvas.ellipse(x + 0.05, 0.86, 0.16, 0.05, [196, 176, 118]);
        }
        canvas.line((x, 0.86), (x, 0.18), 0.014, [120, 124, 132]);
        canvas.line((x, 0.18), (x + 0.08, 0.16), 0.012, [120, 124, 132]);
        canvas.ellipse(x + 0.08, 0.18, 0.04, 0.022, if lit { [255, 240, 180] } else { [52, 54, 60] });
    }
    if !fixed {
        canvas.line((0.5, 0.1), (0.62, 0.26), 0.014, RED);
        canvas.line((0.62, 0.1), (0.5, 0.26), 0.014, RED);
    }
}

fn stalls(canvas: &mut Canvas, fixed: bool, shift: f32) {
    canvas.rect(0.0, 0.0, 1.0, 0.62, [232, 222, 206]);
    canvas.fade((0.0, 0.62, 1.0, 1.0), [176, 174, 170], [150, 148, 146]);
    for (x, color) in [(0.03, RED), (0.36, GREEN), (0.69, [58, 98, 160])] {
        canvas.rect(x, 0.26, x + 0.28, 0.62, [92, 84, 78]);
        canvas.rect(x + 0.02, 0.3, x + 0.26, 0.5, [196, 190, 170]);
        canvas.polygon(&[(x - 0.02, 0.28), (x, 0.14), (x + 0.28, 0.14), (x + 0.3, 0.28)], color);
        for stripe in 0..4_u8 {
            let left = x + 0.02 + f32::from(stripe) * 0.07;
            canvas.polygon(&[(left, 0.14), (left + 0.03, 0.14), (left + 0.03, 0.28), (left - 0.005, 0.28)], WHITE);
        }
        for fruit in 0..6_u8 {
            canvas.disc(x + 0.05 + f32::from(fruit) * 0.035, 0.48, 0.016, [222, 130, 50]);
        }
    }
    canvas.line((0.0, 0.68), (1.0, 0.68), 0.01, YELLOW);
    if fixed {
        return;
    }
    for (x, y, color) in [(0.08, 0.84, GREEN), (0.3, 0.9, RED), (0.52, 0.82, YELLOW), (0.74, 0.92, [120, 80, 150])] {
        let x = x + shift;
        canvas.polygon(&[(x, y - 0.1), (x + 0.18, y - 0.1), (x + 0.16, y), (x + 0.02, y)], [168, 128, 84]);
        for piece in 0..5_u8 {
            canvas.disc(x + 0.03 + f32::from(piece) * 0.03, y - 0.11, 0.018, color);
        }
    }
    canvas.ellipse(0.5 + shift, 0.97, 0.2, 0.02, [96, 104, 112]);
}

fn toilet(canvas: &mut Canvas, fixed: bool, shift: f32) {
    let (tile, seam) = if fixed { ([232, 240, 242], [196, 212, 216]) } else { ([206, 204, 188], [160, 154, 134]) };
    canvas.rect(0.0, 0.0, 1.0, 1.0, tile);
    for index in 0..12_u8 {
        let at = f32::from(index) * 0.09;
        canvas.line((at, 0.0), (at, 1.0), 0.003, seam);
        canvas.line((0.0, at), (1.0, at), 0.003, seam);
    }
    canvas.rect(0.58, 0.12, 0.9, 0.36, [158, 186, 198]);
    canvas.rect(0.56, 0.5, 0.92, 0.56, WHITE);
    canvas.ellipse(0.74, 0.55, 0.13, 0.06, [240, 242, 244]);
    canvas.line((0.74, 0.5), (0.74, 0.42), 0.014, STEEL);
    canvas.ellipse(0.26, 0.78, 0.14, 0.1, WHITE);
    canvas.ellipse(0.26, 0.78, 0.09, 0.06, if fixed { [196, 220, 228] } else { [120, 104, 60] });
    canvas.rect(0.18, 0.44, 0.34, 0.68, WHITE);
    if fixed {
        canvas.disc(0.5, 0.82, 0.03, GREEN);
        return;
    }
    canvas.ellipse(0.55 + shift, 0.86, 0.2, 0.07, [150, 142, 108]);
    canvas.ellipse(0.68 + shift, 0.92, 0.12, 0.04, [134, 126, 92]);
    for (x, y) in [(0.44, 0.76), (0.5, 0.93), (0.62, 0.8), (0.84, 0.84)] {
        canvas.disc(x + shift, y, 0.018, WHITE);
    }
    canvas.line((0.08, 0.1), (0.3, 0.34), 0.008, [110, 100, 70]);
}

fn bare_soil(canvas: &mut Canvas, fixed: bool, shift: f32) {
    lawn(canvas);
    tree(canvas, 0.14, 0.6, 0.5, true);
    tree(canvas, 0.86, 0.58, 0.44, true);
    if fixed {
        for flower in 0..10_u8 {
            let at = f32::from(flower);
            canvas.disc(0.2 + at * 0.06 + shift, 0.78 + (at * 2.1).sin() * 0.06, 0.012, [232, 120, 150]);
        }
        return;
    }
    for (x, y, wide, high) in [(0.4, 0.72, 0.24, 0.1), (0.62, 0.86, 0.26, 0.09), (0.22, 0.9, 0.16, 0.06)] {
        canvas.ellipse(x + shift, y, wide, high, SOIL);
        canvas.ellipse(x + shift + 0.02, y, wide * 0.6, high * 0.5, [168, 130, 92]);
    }
    for row in 0..3_u8 {
        for plant in 0..4_u8 {
            let (x, y) = (0.32 + f32::from(plant) * 0.06 + shift, 0.68 + f32::from(row) * 0.045);
            canvas.disc(x, y, 0.014, [88, 140, 60]);
        }
    }
}

fn dead_tree(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    for (index, x) in (0..3_u8).zip([0.2, 0.5, 0.8]) {
        canvas.rect(x - 0.06, 0.82, x + 0.06, 0.88, SOIL);
        tree(canvas, x, 0.85, 0.8, fixed || index != 1);
    }
    if !fixed {
        canvas.line((0.42, 0.95), (0.66 + shift, 0.92), 0.014, TRUNK);
        canvas.line((0.5, 0.94), (0.58 + shift, 0.88), 0.01, TRUNK);
    }
}

fn water(canvas: &mut Canvas, fixed: bool, shift: f32) {
    lawn(canvas);
    let (shallow, deep) = if fixed { ([120, 176, 206], [74, 138, 180]) } else { ([70, 76, 62], [40, 44, 36]) };
    canvas.polygon(&[(0.0, 0.62), (1.0, 0.56), (1.0, 1.0), (0.0, 1.0)], shallow);
    canvas.polygon(&[(0.0, 0.78), (1.0, 0.74), (1.0, 1.0), (0.0, 1.0)], deep);
    canvas.line((0.0, 0.6), (1.0, 0.54), 0.03, KERB);
    for wave in 0..6_u8 {
        let y = 0.7 + f32::from(wave) * 0.05;
        canvas.line((0.1 + f32::from(wave % 3) * 0.2, y), (0.3 + f32::from(wave % 3) * 0.2, y), 0.004, HAZE);
    }
    if fixed {
        return;
    }
    for (x, y, color) in [
        (0.2, 0.74, WHITE),
        (0.34, 0.84, [196, 60, 60]),
        (0.5, 0.76, [230, 226, 200]),
        (0.62, 0.88, WHITE),
        (0.76, 0.78, [80, 140, 190]),
    ] {
        canvas.ellipse(x + shift, y, 0.035, 0.018, color);
    }
    canvas.ellipse(0.5 + shift, 0.92, 0.24, 0.04, [96, 120, 60]);
    canvas.rect(0.86, 0.54, 0.96, 0.62, STEEL);
    canvas.polygon(&[(0.86, 0.62), (0.96, 0.62), (0.9, 0.9), (0.78, 0.9)], [58, 56, 44]);
}

fn fence(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    canvas.line((0.72, 0.02), (0.72, 0.5), 0.02, YELLOW);
    canvas.line((0.5, 0.08), (0.96, 0.08), 0.018, YELLOW);
    for panel in 0..6_u8 {
        let x = f32::from(panel) * 0.17;
        if !fixed && (panel == 2 || panel == 3) {
            continue;
        }
        canvas.rect(x, 0.4, x + 0.165, 0.7, [66, 122, 176]);
        canvas.rect(x, 0.4, x + 0.165, 0.43, WHITE);
    }
    if fixed {
        return;
    }
    canvas.polygon(&[(0.3, 0.94), (0.42, 0.7), (0.56 + shift, 0.58), (0.7, 0.76), (0.82, 0.94)], SOIL);
    canvas.polygon(&[(0.44, 0.94), (0.54 + shift, 0.74), (0.7, 0.94)], [172, 134, 96]);
    canvas.polygon(&[(0.32, 0.86), (0.5, 0.92), (0.46, 0.96), (0.28, 0.9)], [66, 122, 176]);
    canvas.ellipse(0.5, 0.97, 0.34, 0.02, [124, 96, 70]);
}

fn smoking(canvas: &mut Canvas, fixed: bool, shift: f32) {
    canvas.rect(0.0, 0.0, 1.0, 0.74, [214, 222, 218]);
    canvas.rect(0.0, 0.74, 1.0, 1.0, [176, 166, 150]);
    canvas.rect(0.1, 0.5, 0.9, 0.56, [150, 116, 84]);
    canvas.disc(0.5, 0.26, 0.12, WHITE);
    canvas.rect(0.42, 0.24, 0.56, 0.28, INK);
    canvas.rect(0.56, 0.24, 0.59, 0.28, [222, 130, 50]);
    canvas.ring(0.5, 0.26, 0.13, 0.022, RED);
    canvas.line((0.42, 0.16), (0.58, 0.36), 0.02, RED);
    if fixed {
        return;
    }
    canvas.rect(0.24 + shift, 0.46, 0.4 + shift, 0.5, [120, 124, 130]);
    for (x, y) in [(0.28, 0.45), (0.33, 0.44), (0.37, 0.455)] {
        canvas.line((x + shift, y), (x + shift + 0.035, y - 0.03), 0.012, WHITE);
    }
    for (x, y, radius) in [(0.36, 0.36, 0.02), (0.39, 0.28, 0.028), (0.34, 0.2, 0.036), (0.4, 0.1, 0.045)] {
        canvas.disc(x + shift - 0.08, y, radius, [190, 196, 198]);
    }
    for (x, y) in [(0.3, 0.86), (0.42, 0.9), (0.56, 0.84), (0.66, 0.92), (0.76, 0.86)] {
        canvas.line((x + shift, y), (x + shift + 0.03, y + 0.015), 0.011, WHITE);
        canvas.line((x + shift, y), (x + shift + 0.008, y + 0.004), 0.011, [222, 130, 50]);
    }
}

fn notice(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    canvas.line((0.3, 0.86), (0.3, 0.3), 0.02, STEEL);
    canvas.line((0.7, 0.86), (0.7, 0.3), 0.02, STEEL);
    canvas.rect(0.24, 0.2, 0.76, 0.62, STEEL);
    if fixed {
        canvas.rect(0.26, 0.22, 0.74, 0.6, WHITE);
        canvas.rect(0.26, 0.22, 0.74, 0.31, RED);
        canvas.disc(0.35, 0.44, 0.05, GREEN);
        for line in 0..4_u8 {
            let y = 0.37 + f32::from(line) * 0.055;
            canvas.line((0.44, y), (0.7, y), 0.012, [110, 114, 120]);
        }
        return;
    }
    canvas.rect(0.26, 0.22, 0.74, 0.6, [176, 168, 150]);
    canvas.polygon(&[(0.3 + shift, 0.24), (0.52, 0.24), (0.48, 0.36), (0.42, 0.34), (0.36, 0.42)], [222, 214, 196]);
    canvas.polygon(&[(0.56, 0.6), (0.72, 0.6), (0.72, 0.44), (0.66, 0.5), (0.6 + shift, 0.47)], [210, 170, 160]);
    canvas.line((0.28, 0.58), (0.5, 0.26), 0.006, [130, 120, 100]);
    canvas.polygon(&[(0.4, 0.86), (0.56 + shift, 0.82), (0.6, 0.9), (0.42, 0.92)], [222, 214, 196]);
}

fn crossing(canvas: &mut Canvas, fixed: bool, shift: f32) {
    street(canvas, shift);
    for bar in 0..8_u8 {
        let x = 0.04 + f32::from(bar) * 0.12;
        canvas.polygon(&[(x + 0.02, 0.7), (x + 0.08, 0.7), (x + 0.07, 0.94), (x - 0.01, 0.94)], WHITE);
    }
    canvas.line((0.92, 0.66), (0.92, 0.24), 0.014, STEEL);
    canvas.rect(0.89, 0.12, 0.95, 0.3, INK);
    canvas.disc(0.92, 0.16, 0.018, if fixed { [70, 30, 28] } else { RED });
    canvas.disc(0.92, 0.25, 0.018, if fixed { [70, 200, 110] } else { [24, 52, 34] });
    let x = if fixed { -0.2 } else { 0.34 + shift };
    canvas.rect(x, 0.7, x + 0.42, 0.84, [58, 98, 160]);
    canvas.polygon(&[(x + 0.08, 0.7), (x + 0.14, 0.6), (x + 0.32, 0.6), (x + 0.38, 0.7)], [150, 180, 204]);
    canvas.disc(x + 0.09, 0.84, 0.035, INK);
    canvas.disc(x + 0.33, 0.84, 0.035, INK);
    let walker = if fixed { 0.5 } else { 0.2 };
    canvas.disc(walker, 0.6, 0.022, [236, 200, 170]);
    canvas.line((walker, 0.65), (walker, 0.76), 0.03, RED);
    canvas.line((walker, 0.76), (walker - 0.025, 0.86), 0.016, INK);
    canvas.line((walker, 0.76), (walker + 0.025, 0.86), 0.016, INK);
}

fn pests(canvas: &mut Canvas, fixed: bool, shift: f32) {
    canvas.rect(0.0, 0.0, 1.0, 0.5, [236, 234, 226]);
    canvas.rect(0.0, 0.5, 1.0, 1.0, [200, 204, 206]);
    canvas.rect(0.0, 0.48, 1.0, 0.54, STEEL);
    for (x, color) in [(0.14, [214, 180, 120]), (0.42, [206, 120, 90]), (0.7, [150, 180, 100])] {
        canvas.rect(x, 0.6, x + 0.2, 0.74, [178, 184, 190]);
        canvas.ellipse(x + 0.1, 0.61, 0.09, 0.05, color);
        if fixed {
            canvas.ellipse(x + 0.1, 0.57, 0.11, 0.08, [214, 232, 240]);
            canvas.disc(x + 0.1, 0.48, 0.012, STEEL);
        }
    }
    canvas.rect(0.08, 0.1, 0.34, 0.36, [196, 214, 224]);
    if fixed {
        canvas.disc(0.7, 0.24, 0.07, GREEN);
        canvas.line((0.66, 0.24), (0.69, 0.28), 0.016, WHITE);
        canvas.line((0.69, 0.28), (0.75, 0.19), 0.016, WHITE);
        return;
    }
    for (x, y) in [(0.2, 0.54), (0.32, 0.66), (0.5, 0.56), (0.56, 0.84), (0.36, 0.9), (0.74, 0.58), (0.84, 0.8)] {
        let x = x + shift;
        canvas.ellipse(x, y, 0.016, 0.013, INK);
        canvas.ellipse(x - 0.012, y - 0.014, 0.014, 0.008, [120, 124, 130]);
        canvas.ellipse(x + 0.012, y - 0.014, 0.014, 0.008, [120, 124, 130]);
    }
    canvas.ellipse(0.6 + shift, 0.9, 0.16, 0.05, [150, 132, 100]);
}
