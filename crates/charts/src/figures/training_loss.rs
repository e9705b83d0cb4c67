//! The loss of every batch over training, of all lanes, beside what guessing without memory costs.
use super::spec::FigureSpec;
use crate::format;
use crate::laboratory::Yardstick;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Scene, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "training-loss", title: "The loss over training", aspect: 1.9, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let mut panel = over::panel(laboratory, Axis::log("loss of the batch"));
    if over::has_begun(laboratory) {
        let mut baselines: Vec<(f64, &str)> = Vec::new();
        for lane in &laboratory.lanes {
            let baseline = (lane.baseline(), lane.baseline_words());
            if baseline.0.is_finite() && !baselines.contains(&baseline) {
                baselines.push(baseline);
            }
        }
        let heights: Vec<f64> = baselines.iter().map(|(loss, _)| math::log10(*loss)).collect();
        panel.y.range =
            over::log_range(laboratory.lanes.iter().chain(&laboratory.ghost).map(|lane| &lane.history.loss), &heights);
        for ((loss, words), y) in baselines.into_iter().zip(heights) {
            let label = format!("{words}: {}", format::short(loss));
            panel.marks.push(Mark::Horizontal { y, label, tone: Tone::Muted, dash: Dash::Dashed });
        }
        let lanes = || laboratory.lanes.iter().enumerate();
        panel.marks.extend(lanes().filter_map(|(i, lane)| over::band(&lane.history.loss, over::tone(i))));
        panel.marks.extend(over::ghost(laboratory, |lane| &lane.history.loss));
        panel.marks.extend(lanes().map(|(i, lane)| Mark::Series(over::line(i, lane, &lane.history.loss))));
        panel.marks.extend(lanes().filter_map(|(i, lane)| over::end(i, lane, &lane.history.loss)));
    }
    let summary = over::summary(laboratory, "Loss of each batch", |lane| {
        let (loss, held_against) = (over::value(lane.history.loss.last()), format::short(lane.baseline()));
        match lane.yardstick {
            Yardstick::First(_) => format!("loss {loss}, where the first was {held_against}"),
            _ => format!("loss {loss}, where guessing without memory costs {held_against}"),
        }
    });
    Scene { panels: vec![panel], summary, remark: String::new() }
}
