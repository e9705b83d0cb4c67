//! AWD-LSTM's weight drop: `weight_hh_l0_raw` is the weight, of which training drops a part at every step.
//!
//! Merity, Keskar and Socher, "Regularizing and optimizing LSTM language models" (2017). The wrapper stands around the
//! LSTM or is the LSTM's parent, which calls it `module`; there a copy of the weight may stand that training left behind.
use super::spec::{Layout, Tensors};
use crate::state_dict::place;

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "weight drop", apply };

fn apply(all: &mut Tensors) {
    for name in all.before("_raw") {
        let Some(found) = place(&name) else { continue };
        let own = &name[found.prefix.len()..];
        let inner = format!("{}module.", found.prefix);
        let is_inside = |all: &Tensors| all.iter().any(|(name, _)| name.starts_with(&inner) && place(name).is_some());
        let beside = |all: &Tensors| {
            all.iter().any(|(other, _)| {
                place(other).is_some_and(|place| place.prefix == found.prefix && place.part == "weight_ih")
            })
        };
        let target = if !beside(all) && is_inside(all) { format!("{inner}{own}") } else { name.clone() };
        let raw = format!("{name}_raw");
        let Some(made) = all.recipe(&raw) else { continue };
        all.replace(&[&raw, &target], target.clone(), Ok(made), "Its weight without weight drop (_raw) was taken.");
    }
}
