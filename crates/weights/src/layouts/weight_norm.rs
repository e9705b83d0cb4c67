//! `torch.nn.utils.weight_norm`: W = g v / ‖v‖, saved as `W_g` and `W_v`.
//!
//! Salimans and Kingma, "Weight normalization" (2016).
use super::spec::{Layout, Tensors, misfit};
use crate::recipe::{How, Recipe};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "torch.nn.utils.weight_norm", apply };

fn apply(all: &mut Tensors) {
    for name in all.before("_g") {
        let (g, v) = (format!("{name}_g"), format!("{name}_v"));
        if let Some(made) = normalised(all, &name, &g, &v) {
            all.replace(&[&v, &g], name, made, SAYS);
        }
    }
}

/// What is said of a weight that is made so.
pub const SAYS: &str = "Its weight normalisation was carried out: W = g v / ‖v‖.";

/// g v / ‖v‖, or why it cannot be made; nothing, if the two are not both there.
pub fn normalised(all: &Tensors, name: &str, g: &str, v: &str) -> Option<Result<Recipe, String>> {
    let (of_g, of_v) = (all.recipe(g)?, all.recipe(v)?);
    let (shape, whole) = (of_g.shape(), of_v.shape());
    let by_dimension = shape.len() == whole.len() && shape.iter().zip(&whole).all(|(g, v)| *g == 1 || g == v);
    let fits = whole.len() == 2 && (by_dimension || shape.is_empty() || shape == [1]);
    Some(match fits && !whole.contains(&0) {
        true => Ok(Recipe::Made(How::WeightNorm, vec![of_g, of_v])),
        false => Err(misfit(name, (g, &shape), (v, &whole))),
    })
}
