//! The core for other people's pages: the functions of the package `vanishing-core`.
//!
//! Each function takes one object of options and returns one plain object. Here options become the core's types and
//! results become typed arrays; no formula stands here, and every check of a shape is [`vanishing_core::given`]'s.
//! `package` holds what a JavaScript program sees: `index.js` loads the module, `index.d.ts` has the types and the
//! documentation, `trainer-options.d.ts` those of the options of `Trainer`. `cargo xtask js` puts all of it into
//! one folder.

mod alignment;
mod answer;
mod gradient;
mod matrix;
mod options;
mod trainer;
#[cfg(test)]
mod trainer_options;

use js_sys::Object;
use wasm_bindgen::prelude::*;

/// What a function returns: an object, or what is thrown.
type Answer = Result<Object, JsValue>;

/// M^k.
///
/// # Errors
/// An `Error` with one sentence.
#[wasm_bindgen(js_name = matrixPower, skip_typescript)]
pub fn matrix_power(options: &JsValue) -> Answer {
    matrix::power(options)
}

/// The eigenvalues of M.
///
/// # Errors
/// An `Error` with one sentence.
#[wasm_bindgen(js_name = symmetricEigenvalues, skip_typescript)]
pub fn symmetric_eigenvalues(options: &JsValue) -> Answer {
    matrix::eigenvalues(options)
}

/// Where M^k x points.
///
/// # Errors
/// An `Error` with one sentence.
#[wasm_bindgen(js_name = alignment, skip_typescript)]
pub fn alignment(options: &JsValue) -> Answer {
    alignment::angles(options)
}

/// The probability that M^k x is aligned, over random x.
///
/// # Errors
/// An `Error` with one sentence.
#[wasm_bindgen(js_name = alignmentProbability, skip_typescript)]
pub fn alignment_probability(options: &JsValue) -> Answer {
    alignment::probability(options)
}

/// One forward and backward pass of a network, and the norms of its gradients.
///
/// # Errors
/// An `Error` with one sentence.
#[wasm_bindgen(js_name = gradientNorms, skip_typescript)]
pub fn gradient_norms(options: &JsValue) -> Answer {
    gradient::norms(options)
}

#[cfg(test)]
mod tests {
    const TYPES: &str = include_str!("../package/index.d.ts");
    const LOADER: &str = include_str!("../package/index.js");
    const PACKAGE: &str = include_str!("../package/package.json");

    /// Every interface of options, and the keys that its function takes.
    const OPTIONS: [(&str, &[&str]); 6] = [
        ("MatrixPowerOptions", crate::matrix::POWER),
        ("SymmetricEigenvaluesOptions", crate::matrix::EIGENVALUES),
        ("AlignmentOptions", crate::alignment::ANGLES),
        ("AlignmentProbabilityOptions", crate::alignment::PROBABILITY),
        ("GradientNormsOptions", crate::gradient::NORMS),
        ("Truncation", crate::gradient::TRUNCATION),
    ];

    /// The names of the properties of an interface of the types.
    fn properties(interface: &str) -> Vec<&str> {
        let head = format!("export interface {interface} {{\n");
        let start = TYPES.find(&head).unwrap_or_else(|| panic!("index.d.ts has no interface {interface}"));
        let body = &TYPES[start + head.len()..];
        let body = &body[..body.find("\n}").unwrap_or(body.len())];
        let name = |line: &'static str| {
            let (name, _) = line.strip_prefix("  ")?.split_once(':')?;
            let name = name.trim_end_matches('?');
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(name)
        };
        body.lines().filter_map(name).collect()
    }

    #[test]
    fn the_types_have_exactly_the_options_that_the_functions_take() {
        for (interface, options) in OPTIONS {
            let mut taken = options.to_vec();
            let mut declared = properties(interface);
            taken.sort_unstable();
            declared.sort_unstable();
            assert_eq!(declared, taken, "{interface}");
        }
    }

    #[test]
    fn every_function_is_exported_with_a_type_and_its_documentation() {
        let names = ["matrixPower", "symmetricEigenvalues", "alignment", "alignmentProbability", "gradientNorms"];
        for name in names {
            assert!(LOADER.contains(&format!("export function {name}(options) {{")), "index.js: {name}");
            let declaration = format!(" */\nexport function {name}(options: ");
            assert!(TYPES.contains(&declaration), "index.d.ts: {name} is missing or has no documentation");
        }
        assert_eq!(LOADER.matches("export function").count(), names.len());
        assert!(LOADER.contains("export class Trainer {") && TYPES.contains(" */\nexport class Trainer {"));
        for method in ["steps", "test", "weights", "updates", "free"] {
            assert!(LOADER.contains(&format!(" {method}(")), "index.js: {method}");
            assert!(
                TYPES.contains(&format!("  {method}(")) || TYPES.contains(&format!("readonly {method}:")),
                "index.d.ts: {method}"
            );
        }
    }

    #[test]
    fn the_package_has_the_version_of_the_workspace() {
        assert!(PACKAGE.contains(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"))), "package.json");
    }
}
