//! The share of right answers on sequences that are never trained on.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Marker, Scene, Tone};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-accuracy", title: "Right answers on test sequences", aspect: 1.9, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let mut panel = over::panel(laboratory, Axis::linear("share of right answers", 0.0, 1.0));
    if over::has_begun(laboratory) {
        panel.y.range = Some((0.0, 1.06));
        panel.y.ticks = Some([0.0, 0.25, 0.5, 0.75, 1.0].map(|y| (y, format!("{:.0} %", y * 100.0))).into());
        let mut chances: Vec<f64> = laboratory.lanes.iter().map(|lane| lane.chance).collect();
        chances.dedup();
        for y in chances {
            let label = format!("chance: {:.0} %", 100.0 * y);
            panel.marks.push(Mark::Horizontal { y, label, tone: Tone::Muted, dash: Dash::Dashed });
        }
        for (i, lane) in laboratory.lanes.iter().enumerate() {
            let line = over::line(i, lane, &lane.history.test_accuracy);
            let line = if line.points.len() < 40 { line.with_marker(Marker::Dot, 2.5) } else { line };
            panel.marks.push(Mark::Series(line));
        }
    }
    let summary = over::summary(laboratory, "Share of right answers on test sequences", |lane| {
        let percent = |share: f64| format!("{} per cent", format::short((100.0 * share).round()));
        let now = lane.history.test_accuracy.last().map_or("not tested yet".to_owned(), percent);
        format!("{now}, where chance is {}", percent(lane.chance))
    });
    Scene { panels: vec![panel], summary, remark: String::new() }
}
