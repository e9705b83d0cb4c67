//! What the recurrent matrix of a network says by itself; `studies::block_spectra` computes it.
use super::network::RecurrenceConfig;
use crate::cells::Block as GateBlock;

pub use super::block_spectra::{BlockStudy, LARGEST_WHOLE, LeadingSpace, RecurrenceRun, RecurrenceStudy};

/// Looks at the blocks of the top layer. Of a large opened network whose spectrum is not yet known, it says
/// nothing: NaN, and no eigenvalues.
pub fn run(config: &RecurrenceConfig) -> RecurrenceStudy {
    match config.opened.as_ref().map(|opened| (opened, opened.spectrum())) {
        Some((_, Some(known))) => known.clone(),
        Some((opened, None)) if !opened.has_spectrum() => {
            let unknown = |spec: &GateBlock| BlockStudy {
                symbol: spec.symbol,
                eigenvalues: Vec::new(),
                spectral_radius: f64::NAN,
                spectral_norm: f64::NAN,
                departure: f64::NAN,
            };
            RecurrenceStudy { blocks: config.cell.blocks.iter().map(unknown).collect(), leading: None }
        }
        _ => RecurrenceRun::new(config.blocks(config.layers.saturating_sub(1)), config.cell).finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::gradients;
    use super::super::network::tests::config;
    use super::*;
    use crate::cells;

    #[test]
    fn a_gradient_in_a_linear_cell_turns_to_the_leading_direction_or_into_the_leading_plane() {
        for (kind, eigenvalues) in [("symmetric", vec![1.05, 0.9, -0.7]), ("spectrum", Vec::new())] {
            for departure in [0.0, 1.0] {
                let mut config = config(kind, &cells::LINEAR, 5);
                config.recurrence.recipe.eigenvalues = eigenvalues.clone();
                config.recurrence.recipe.pairs = vec![(0.7, 0.7), (0.3, 0.2), (-0.4, 0.0)];
                config.recurrence.recipe.departure = departure;
                config.sequence_length = 200;
                let leading = run(&config.recurrence).leading.expect("one leads");
                assert_eq!(leading.basis.len(), if kind == "symmetric" { 1 } else { 2 });
                let backward_pass = gradients::run(&config).plain.backward_pass;
                let gradients = &backward_pass.top().hidden_gradients;
                assert!((leading.cosine(&gradients[0].values) - 1.0).abs() < 1e-9, "{kind} {departure}");
                assert!(leading.cosine(&gradients[200].values) < 0.999);
            }
        }
    }

    #[test]
    fn no_direction_leads_in_an_orthogonal_matrix_or_among_several_gates() {
        assert_eq!(run(&config("orthogonal", &cells::LINEAR, 5).recurrence).leading, None);
        assert_eq!(run(&config("identity", &cells::LINEAR, 5).recurrence).leading, None);
        let study = run(&config("gaussian", &cells::GRU, 5).recurrence);
        assert_eq!((study.blocks.len(), study.leading), (3, None));
    }
}
