//! PyTorch's tensors under shorter names: `w_ih`, `w_hh`, `b_ih`, `b_hh`, as programs in NumPy have them that run what PyTorch trained.
use super::spec::{Layout, Tensors};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "w_ih, w_hh", apply };

/// Short and long names.
const NAMES: [(&str, &str); 4] =
    [("w_hh", "weight_hh"), ("w_ih", "weight_ih"), ("b_ih", "bias_ih"), ("b_hh", "bias_hh")];

fn apply(all: &mut Tensors) {
    let names: Vec<String> = all.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let Some((prefix, layer)) = split(&name) else { continue };
        if all.get(&format!("{prefix}w_ih{layer}")).is_none() {
            continue;
        }
        let layer_of = if layer.is_empty() { "_l0" } else { layer };
        for (short, long) in NAMES {
            let from = format!("{prefix}{short}{layer}");
            let says = match short {
                "w_hh" => {
                    "w_ih and w_hh were given PyTorch’s names. That their rows and gates stand in PyTorch’s order is assumed."
                }
                _ => "",
            };
            if let Some(recipe) = all.recipe(&from) {
                all.replace(&[&from], format!("{prefix}{long}{layer_of}"), Ok(recipe), says);
            }
        }
    }
}

/// What stands before `w_hh` and what behind it: nothing, or `_l` and a number, and perhaps `_reverse`.
fn split(name: &str) -> Option<(&str, &str)> {
    let at = name.rfind("w_hh")?;
    let (prefix, layer) = (&name[..at], &name[at + "w_hh".len()..]);
    let number = layer.strip_prefix("_l").map(|rest| rest.strip_suffix("_reverse").unwrap_or(rest));
    let is_layer = layer.is_empty() || number.is_some_and(|number| number.parse::<u8>().is_ok());
    // `raw_hh` is another name.
    let stands_alone = prefix.is_empty() || prefix.ends_with(['.', '/', '_']);
    (is_layer && stands_alone).then_some((prefix, layer))
}
