//! The size of every update of the weights.
use super::spec::FigureSpec;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Scene, Series};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-update", title: "The size of the updates", aspect: 1.9, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let mut panel = over::panel(laboratory, Axis::log("‖Δθ‖, the size of the update"));
    let mut rates = false;
    if over::has_begun(laboratory) {
        panel.y.range = over::log_range(laboratory.lanes.iter().map(|lane| &lane.history.update), &[]);
        for (i, lane) in laboratory.lanes.iter().enumerate() {
            panel.marks.extend(over::band(&lane.history.update, over::tone(i)));
            panel.marks.push(Mark::Series(over::line(i, lane, &lane.history.update)));
            panel.marks.extend(over::end(i, lane, &lane.history.update));
            // The rate is drawn where it changes.
            let rate = over::means(&lane.history.learning_rate);
            if rate.windows(2).any(|pair| pair[0].1 != pair[1].1) {
                rates = true;
                let mut line = Series::line(format!("{} η", lane.letter), over::tone(i), rate);
                line.line = Some((Dash::Dashed, 1.2));
                panel.marks.push(Mark::Series(line));
            }
        }
        if rates {
            let curves = laboratory.lanes.iter().flat_map(|lane| [&lane.history.update, &lane.history.learning_rate]);
            panel.y.range = over::log_range(curves, &[]);
        }
    }
    let summary = over::summary(laboratory, "Size of the updates", |lane| {
        format!("the weights move by {} per update", over::value(lane.history.update.last()))
    });
    Scene { panels: vec![panel], summary, remark: String::new() }
}
