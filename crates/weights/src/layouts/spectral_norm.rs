//! `torch.nn.utils.spectral_norm`: W = W₀ / σ with σ = uᵀ W₀ v, saved as `W_orig`, `W_u` and `W_v`.
//!
//! Miyato et al., "Spectral normalization for generative adversarial networks" (2018).
use super::spec::{Layout, Tensors, misfit};
use crate::recipe::{How, Recipe};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "torch.nn.utils.spectral_norm", apply };

/// What is said of a weight that is made so.
pub const SAYS: &str = "Its spectral normalisation was carried out as in evaluation: W = W₀ / σ, σ = uᵀ W₀ v.";

fn apply(all: &mut Tensors) {
    for name in all.before("_u") {
        let [orig, u, v] = ["_orig", "_u", "_v"].map(|end| format!("{name}{end}"));
        if let Some(made) = normalised(all, &name, [&orig, &u, &v]) {
            all.replace(&[&orig, &u, &v], name, made, SAYS);
        }
    }
}

/// W₀ / σ, or why it cannot be made; nothing, if not all are there.
pub fn normalised(all: &Tensors, name: &str, [orig, u, v]: [&str; 3]) -> Option<Result<Recipe, String>> {
    let parts = [all.recipe(orig)?, all.recipe(u)?, all.recipe(v)?];
    let [whole, rows, columns] = [0, 1, 2].map(|i| parts[i].shape());
    Some(match whole.len() == 2 && rows == [whole[0]] && columns == [whole[1]] {
        true => Ok(Recipe::Made(How::OverSigma, parts.to_vec())),
        false => Err(misfit(name, (orig, &whole), (u, &rows))),
    })
}
