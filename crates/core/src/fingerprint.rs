//! One number over many results: equal bits natively and in every browser.
use crate::cells;
use crate::param::{Settings, Value};
use crate::random::fnv1a;
use crate::remedies;
use crate::studies::{MatrixConfig, alignment, gradients, powers};

/// A hash over every bit of a set of studies: all cells, all remedies, growing, shrinking and degenerate spectra.
pub fn studies_hash() -> u64 {
    let mut bytes = Vec::new();
    let mut put = |x: f64| bytes.extend_from_slice(&x.to_bits().to_le_bytes());
    let spectra: [&[f64]; 4] =
        [&[1.1, -0.9, 0.7, 0.4], &[0.5, 0.5], &[0.0, 0.0, 0.0], &[-1.5, 1.5, 1.2, 1.1, 1.0, 0.3, 0.2, 0.1]];
    for (seed, eigenvalues) in spectra.iter().enumerate() {
        let matrix = MatrixConfig { eigenvalues: eigenvalues.to_vec(), seed: seed as u64 };
        for point in powers::run(&powers::PowersConfig { matrix: matrix.clone(), steps: 40 }).points {
            point.measured.iter().for_each(|(_, log10)| put(*log10));
        }
        let config = alignment::AlignmentConfig { matrix: matrix.clone(), steps: 60, tangent: 0.1 };
        let study = alignment::run(&config);
        study.iterates.iter().for_each(|iterate| put(iterate.angle.unwrap_or(-1.0)));
        study.exact_log10_tan.iter().for_each(|x| put(if x.is_nan() { -1.0 } else { *x }));
        for cell in cells::ALL {
            let mut with = Settings::default();
            for spec in remedies::ALL {
                with.set(&spec.toggle.spec, Value::Flag(true));
            }
            let config =
                gradients::GradientConfig { matrix: matrix.clone(), sequence_length: 60, cell, remedies: with };
            let study = gradients::run(&config);
            for pass in std::iter::once(&study.plain).chain(&study.treated) {
                pass.state_gradient_log10.iter().for_each(|x| put(*x));
                put(pass.gradient_after_log10);
            }
        }
    }
    fnv1a(&bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fingerprint_repeats() {
        assert_eq!(super::studies_hash(), super::studies_hash());
    }
}
