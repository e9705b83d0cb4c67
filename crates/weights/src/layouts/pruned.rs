//! `torch.nn.utils.prune`: W = W₀ ⊙ mask, saved as `W_orig` and `W_mask`.
use super::spec::{Layout, Tensors, misfit};
use crate::recipe::{How, Recipe};
use crate::words::shortened;

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "torch.nn.utils.prune", apply };

fn apply(all: &mut Tensors) {
    for name in all.before("_orig") {
        let (orig, mask) = (format!("{name}_orig"), format!("{name}_mask"));
        let Some(of_orig) = all.recipe(&orig) else { continue };
        let made = match all.recipe(&mask) {
            Some(of_mask) if of_mask.shape() == of_orig.shape() => {
                Ok(Recipe::Made(How::Masked, vec![of_orig, of_mask]))
            }
            Some(of_mask) => Err(misfit(&name, (&orig, &of_orig.shape()), (&mask, &of_mask.shape()))),
            None => Err(format!(
                "{} is saved as {} alone, and what pruned or normalised it is missing: save the weight itself, \
                 torch.nn.utils.prune.remove(module, \"{}\")",
                shortened(&name),
                shortened(&orig),
                shortened(name.rsplit('.').next().unwrap_or_default())
            )),
        };
        all.replace(&[&orig, &mask], name, made, "Its pruned weights were set to zero: W = W_orig ⊙ W_mask.");
    }
}
