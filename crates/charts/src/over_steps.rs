//! What the panels of the workbench share: the axis of the steps back from the end, and the one that is marked.
use crate::model::Model;
use crate::scene::{Axis, Panel};

/// The parameter that a press on any of them sets.
const POWER: &str = "power";

/// T: the steps that the gradient of the network travels.
pub fn steps(model: &Model) -> usize {
    model.gradients().steps
}

/// An empty panel over k = 0..=T, with the marked k.
pub fn panel(model: &Model, y: Axis) -> Panel {
    let last = steps(model);
    let mut panel = Panel::new(Axis::linear("steps back k", 0.0, last as f64), y);
    panel.cursor = Some((model.power() as f64).min(last as f64));
    panel.scrubs = Some(POWER.to_owned());
    panel
}
