//! "Show the code": a short script in NumPy or PyTorch that computes the numbers of a figure anew, from the state as it
//! stands, with every matrix and weight written out.
//!
//! A script prints CSV: a header and rows. Its first lines say which link it belongs to and how near its numbers come to
//! those of the page; tests hold it to that where an interpreter is installed. A figure without a script has none: what
//! could not be computed elsewhere is not pretended.
mod cliff;
mod matrix;
mod network;
mod spec;

use crate::address::Chosen;
use vanishing_core::studies::opened::SharedNetwork;

pub use spec::Script;

/// All scripts; of each figure at most one.
pub static ALL: &[Script] = &[
    matrix::POWERS,
    matrix::ENTRIES,
    matrix::ANGLE,
    matrix::PROBABILITY,
    network::SPECTRUM,
    network::OPENING,
    network::NORMS,
    cliff::DESCENTS,
];

fn find(slug: &str) -> Option<&'static Script> {
    ALL.iter().find(|script| script.figures.contains(&slug))
}

/// Whether a figure has a script.
pub fn has(slug: &str) -> bool {
    find(slug).is_some()
}

/// The script of a figure; `None` where there is none. `opened`: the opened network.
pub fn of(slug: &str, chosen: &Chosen, opened: Option<&SharedNetwork>) -> Option<String> {
    let script = find(slug)?;
    let query = chosen.query();
    let decode = "def f64(text):\n    return np.frombuffer(base64.b64decode(text), dtype=\"<f8\")\n\n";
    let body = (script.body)(&chosen.settings, opened);
    let whose = if opened.is_some() { ", on a network from a file" } else { "" };
    let (import, decode) = if body.contains("f64(\"") { ("import base64\n", decode) } else { ("", "") };
    Some(format!(
        "# Vanishing Point, figure {slug}, state ?{query}{whose}\n# {}\n{import}{}\n\n{decode}{body}",
        script.near, script.needs
    ))
}

#[cfg(test)]
mod tests {
    use super::spec::array;
    use super::*;
    use vanishing_charts::figures;

    #[test]
    fn each_script_belongs_to_figures_that_exist_and_no_figure_has_two() {
        for script in ALL {
            for slug in script.figures {
                assert!(figures::find(slug).is_some(), "{slug}");
                assert_eq!(ALL.iter().filter(|other| other.figures.contains(slug)).count(), 1, "{slug}");
            }
        }
    }

    #[test]
    fn a_script_names_its_link_and_has_all_its_numbers() {
        let chosen = |link: &str| Chosen { settings: crate::parse_link(link).0, ..Chosen::default() };
        let text = of("eigenvalue-powers", &chosen("eigenvalue-1=1.07&hidden-size=4&power=3"), None).unwrap();
        assert!(text.starts_with(
            "# Vanishing Point, figure eigenvalue-powers, state ?eigenvalue-1=1.07&power=3&hidden-size=4\n# "
        ));
        assert!(text.contains("import numpy as np\n") && !text.contains("base64"), "{text}");
        let text = of("eigenvalue-powers", &chosen("family=geometric&hidden-size=64"), None).unwrap();
        assert!(text.contains("f64(\"") && text.contains("import base64"), "{text}");
        assert_eq!(of("training-cost", &Chosen::default(), None), None);
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(array(&[0.1, -2.0, 1e-300]), "np.array([0.1, -2.0, 1e-300])");
        assert_eq!(array(&[1.0; 50]).len(), "f64(\"\")".len() + (50 * 8usize).div_ceil(3) * 4);
    }
}
