//! `torch.nn.utils.parametrize`: a tensor W that is made of `parametrizations.W.original`, by maps of which the file has
//! only the buffers.
//!
//! Weight normalisation (`original0`, `original1`) and spectral normalisation (`0._u`, `0._v`) are known by these. What an
//! orthogonal parametrization makes is not in the file: matrix_exp, cayley and householder leave the same tensors.
use super::spec::{Layout, Tensors};
use super::{spectral_norm, weight_norm};
use crate::tensors::Names;
use crate::words::{shortened, some_of};

/// Registry entry.
pub const LAYOUT: Layout = Layout { title: "torch.nn.utils.parametrize", apply };

const FOLDER: &str = "parametrizations.";

fn apply(all: &mut Tensors) {
    // What stands before, the tensor's own name, and what stands behind it.
    let (mut places, mut groups): (Names, Vec<(String, String, Vec<String>)>) = Default::default();
    for (name, _) in all.iter() {
        let Some(at) = name.rfind(FOLDER).filter(|at| *at == 0 || name[..*at].ends_with('.')) else { continue };
        if let Some((own, part)) = name[at + FOLDER.len()..].split_once('.') {
            let place = *places.entry(format!("{}{own}", &name[..at])).or_insert(groups.len());
            if place == groups.len() {
                groups.push((name[..at].to_owned(), own.to_owned(), Vec::new()));
            }
            groups[place].2.push(part.to_owned());
        }
    }
    for (before, own, parts) in groups {
        let full = |part: &str| format!("{before}{FOLDER}{own}.{part}");
        let names: Vec<String> = parts.iter().map(|part| full(part)).collect();
        let taken: Vec<&str> = names.iter().map(String::as_str).collect();
        let target = format!("{before}{own}");
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (made, says) = match parts[..] {
            ["original0", "original1"] => {
                (weight_norm::normalised(all, &target, &full("original0"), &full("original1")), weight_norm::SAYS)
            }
            ["0._u", "0._v", "original"] => {
                let names = [full("original"), full("0._u"), full("0._v")];
                (spectral_norm::normalised(all, &target, [&names[0], &names[1], &names[2]]), spectral_norm::SAYS)
            }
            _ => (None, ""),
        };
        let made = made.unwrap_or_else(|| {
            Err(format!(
                "{} is made by a parametrization (such as orthogonal) of {}, and the file does not say by which map: save \
                 the weight itself, torch.nn.utils.parametrize.remove_parametrizations(module, \"{}\")",
                shortened(&target),
                some_of(taken.iter().copied()),
                shortened(&own)
            ))
        });
        all.replace(&taken, target, made, says);
    }
}
