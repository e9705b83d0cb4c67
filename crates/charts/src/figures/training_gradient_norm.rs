//! ‖dL/dθ‖ over training, as backpropagation gave it and as the optimiser got it.
use super::spec::FigureSpec;
use crate::model::Model;
use crate::over_training as over;
use crate::scene::{Axis, Dash, Mark, Scene};

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "training-gradient-norm", title: "The gradient’s norm over training", aspect: 1.9, scene };

fn scene(model: &Model) -> Scene {
    let laboratory = model.laboratory();
    let mut panel = over::panel(laboratory, Axis::log("‖∂L/∂θ‖"));
    let mut treated = false;
    if over::has_begun(laboratory) {
        let curves = laboratory.lanes.iter().flat_map(|lane| [&lane.history.gradient, &lane.history.gradient_after]);
        panel.y.range = over::log_range(curves, &[]);
        for (i, lane) in laboratory.lanes.iter().enumerate() {
            let history = &lane.history;
            if history.gradient != history.gradient_after {
                treated = true;
                let mut before = over::line(i, lane, &history.gradient).dashed(Dash::Dotted).faint(0.75);
                before.name = format!("{} before", lane.letter);
                before.line = Some((Dash::Dotted, 1.2));
                panel.marks.push(Mark::Series(before));
            } else {
                panel.marks.extend(over::band(&history.gradient, over::tone(i)));
            }
            panel.marks.push(Mark::Series(over::line(i, lane, &history.gradient_after)));
            panel.marks.extend(over::end(i, lane, &history.gradient_after));
        }
    }
    let summary = over::summary(laboratory, "Norm of the gradient of all weights", |lane| {
        let (before, after) = (lane.history.gradient.last(), lane.history.gradient_after.last());
        if before == after {
            format!("norm {}", over::value(before))
        } else {
            format!("norm {} before the remedies and {} after", over::value(before), over::value(after))
        }
    });
    let remark = if treated { "Dotted: as backpropagation gave it. Solid: as the optimiser got it." } else { "" };
    Scene { panels: vec![panel], summary, remark: remark.to_owned() }
}
