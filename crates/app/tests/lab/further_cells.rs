//! What chapter 3 says of the cells whose state passes by the matrix, or meets one that keeps its length.
use crate::claims::claim;
use crate::lesson::{SEEDS, always, presets};
use crate::support::follow;
use vanishing_app::{Lab, model};
use vanishing_charts::Model;
use vanishing_core::math;

/// A plain tanh cell with the matrix of that link loses more decades than this from the last state to the first.
fn vanishes_without(preset: &str, decades: f64) {
    for seed in SEEDS {
        let mut lab = Lab::new(&format!("seed={seed}")).0;
        follow(&mut lab, &presets()[preset]);
        follow(&mut lab, "cell=rnn&activation=tanh");
        let found = Model::new(model::configs(lab.settings())).gradients().in_force().log10_ratio();
        assert!(found < decades, "{preset}, seed {seed}: {found}");
    }
}

claim!(a_leaky_cell_keeps_at_least_what_does_not_leak, ["leaky"], || {
    always("leaky", |shown| {
        // (1 - α)^100 = 0.048.
        let kept = 100.0 * math::log10(0.97);
        assert!((kept..-0.7).contains(&shown.decades()), "{}", shown.decades());
        shown.says("slope-theory", "none where the state also passes by the matrix");
        shown.says("cell-equation", "(1 − α) hₜ₋₁");
        shown.says("cell-does", "leaky RNN keeps 1 − α");
    });
    vanishes_without("leaky", -15.0);
});

claim!(an_antisymmetric_cell_keeps_the_gradient, ["antisymmetric"], || {
    always("antisymmetric", |shown| {
        assert!((math::log10(1.02)..math::log10(1.045)).contains(&shown.decades()), "{}", shown.decades());
        shown.says("verdict", "preserved");
        // The matrix that is shown is U − Uᵀ: purely imaginary eigenvalues.
        let block = &shown.model.recurrence().blocks[0];
        assert!(block.eigenvalues.iter().all(|(re, _)| re.abs() < 1e-12) && block.spectral_radius > 0.5);
    });
    vanishes_without("antisymmetric", -19.0);
});

claim!(an_orthogonal_cell_loses_what_the_slope_of_tanh_takes, ["orthogonal-cell"], || {
    always("orthogonal-cell", |shown| {
        assert!((math::log10(0.27)..math::log10(0.35)).contains(&shown.decades()), "{}", shown.decades());
        let block = &shown.model.recurrence().blocks[0];
        assert!((block.spectral_norm - 1.0).abs() < 1e-12 && (block.spectral_radius - 1.0).abs() < 1e-12);
        shown.says("norm-condition", "σ₁γ = 1: the gradient cannot grow at any step");
    });
    vanishes_without("orthogonal-cell", -19.0);
});

claim!(a_min_gru_halves_the_gradient_at_every_step_whatever_its_weights, ["min-gru"], || {
    always("min-gru", |shown| {
        assert!((shown.pass().slope_per_step() + math::LN_2).abs() < 1e-3, "{}", shown.pass().slope_per_step());
        // All that comes back comes through the gate.
        let (path, norms) = (&shown.pass().gate_path_log10, shown.pass().state_gradient_log10());
        assert!(path.iter().zip(norms).all(|(path, norm)| (path - norm).abs() < 1e-9));
        shown.says("recurrent-radius", "none");
        shown.says("radius-condition", "no recurrent matrix");
    });
});
