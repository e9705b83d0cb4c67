//! ‖dL/dh_t‖ of a real forward and backward pass of an RNN whose recurrent matrix is M.
use super::MatrixConfig;
use crate::bptt::{self, Passage, Sequences, Targets};
use crate::cells::CellSpec;
use crate::math;
use crate::network::{Network, Weights, index};
use crate::param::Settings;
use crate::random::Stream;
use crate::remedies;
use crate::spectral::SymmetricMatrix;

/// Standard deviation of the input noise: small beside the state, so that W_hh decides.
const INPUT_NOISE: f64 = 0.1;

/// Which network, how long.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientConfig {
    /// M = W_hh, hidden_size = n; its seed also draws the other weights, the inputs and the target.
    pub matrix: MatrixConfig,
    /// T.
    pub sequence_length: usize,
    /// The cell.
    pub cell: &'static CellSpec,
    /// The settings of the remedies, and nothing else.
    pub remedies: Settings,
}

/// One pass without remedies, and one with, if any is on.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientStudy {
    /// λ_1 of M.
    pub leading_eigenvalue: f64,
    /// Without remedies.
    pub plain: PassSummary,
    /// With the remedies that are on; `None` if none is.
    pub treated: Option<PassSummary>,
}

/// What a figure needs of a pass. Logarithms to base 10; index t = 0..=T.
#[derive(Clone, Debug, PartialEq)]
pub struct PassSummary {
    /// log10 ‖dL/dh_t‖.
    pub state_gradient_log10: Vec<f64>,
    /// log10 of the global norm of dL/dθ as backpropagation gave it.
    pub gradient_log10: f64,
    /// The same after the remedies that act on it.
    pub gradient_after_log10: f64,
    /// The loss.
    pub loss: f64,
    /// The largest singular value of W_hh (of the treated matrix, where a remedy replaced it).
    pub spectral_norm: f64,
}

/// As [`run_on`], building the matrix.
pub fn run(config: &GradientConfig) -> GradientStudy {
    run_on(&config.matrix.build(), config)
}

/// Runs the network.
pub fn run_on(m: &SymmetricMatrix, config: &GradientConfig) -> GradientStudy {
    let (network, weights, sequences) = set_up(config, m);
    let leading_eigenvalue = m.eigenvalues.first().copied().unwrap_or(0.0);
    let plain = summarize(&network, &weights, &sequences, &[]);
    let active: Vec<_> = remedies::switched_on(&config.remedies).map(|spec| (spec.double)(&config.remedies)).collect();
    let treated = (!active.is_empty()).then(|| {
        let mut weights = weights.clone();
        let mut stream = Stream::new(config.matrix.seed, "initialisation");
        active.iter().for_each(|remedy| remedy.initialize(&mut weights, &mut stream));
        summarize(&network, &weights, &sequences, &active)
    });
    GradientStudy { leading_eigenvalue, plain, treated }
}

/// The network whose W_hh is M (every gate's block of it, for cells with gates), its inputs and its target.
///
/// W_ih and W_out are U(±1/√n), biases zero; x_t ~ N(0, 0.1²), one feature; h_0 uniform on the unit sphere; the loss is
/// ½ (y_T - target)² with a standard normal target.
fn set_up(config: &GradientConfig, m: &SymmetricMatrix) -> (Network, Weights<f64>, Sequences) {
    let (n, steps, seed) = (m.size(), config.sequence_length, config.matrix.seed);
    let network = Network { cell: config.cell, layers: 1, input_size: 1, hidden_size: n, output_size: 1 };
    let mut weights = network.zeros::<f64>();
    let bound = 1.0 / (n as f64).sqrt();
    let mut stream = Stream::new(seed, "weights");
    for tensor in [index::W_IH, network.w_out()] {
        weights.tensors[tensor].values.iter_mut().for_each(|w| *w = stream.uniform_between(-bound, bound));
    }
    for (i, w) in weights.tensors[index::W_HH].values.iter_mut().enumerate() {
        *w = m.matrix[(i / n % n, i % n)];
    }
    let inputs = Stream::new(seed, "inputs").normals(steps).iter().map(|x| INPUT_NOISE * x).collect();
    let sequences = Sequences {
        steps,
        batch_size: 1,
        inputs,
        hidden_start: Stream::new(seed, "state").unit_vector(n),
        cell_start: if config.cell.has_cell_state { vec![0.0; n] } else { Vec::new() },
        targets: Targets::SquaredErrorLast(Stream::new(seed, "target").normals(1)),
        loss_scale: 0.5,
    };
    (network, weights, sequences)
}

fn summarize(
    network: &Network,
    weights: &Weights<f64>,
    sequences: &Sequences,
    active: &[Box<dyn remedies::Remedy<f64>>],
) -> PassSummary {
    let passage: Passage = bptt::study(network, weights, sequences);
    let gradient_log10 = bptt::log10_global_norm(&passage.gradient);
    let mut gradient = passage.weights_gradient(network);
    active.iter().for_each(|remedy| remedy.on_gradient(&mut gradient));
    let recurrent = &weights.tensors[index::W_HH];
    let w = nalgebra::DMatrix::from_row_slice(recurrent.rows, recurrent.columns, &recurrent.values);
    PassSummary {
        state_gradient_log10: passage.top().hidden_gradient_log10.clone(),
        gradient_log10,
        gradient_after_log10: if active.is_empty() { gradient_log10 } else { gradient.log10_global_norm() },
        loss: passage.loss,
        spectral_norm: crate::spectral::eigenvalues(&(w.transpose() * &w)).first().map_or(0.0, |x| x.max(0.0).sqrt()),
    }
}

impl PassSummary {
    /// log10 (‖dL/dh_0‖ / ‖dL/dh_T‖): what is left of the gradient at the first state.
    pub fn log10_ratio(&self) -> f64 {
        match (self.state_gradient_log10.first(), self.state_gradient_log10.last()) {
            (Some(first), Some(last)) => first - last,
            _ => f64::NAN,
        }
    }

    /// log10 (‖dL/dh_0‖ / ‖dL/dh_{T/2}‖): what the half of the way that is travelled last leaves of the gradient.
    pub fn log10_ratio_of_late_half(&self) -> f64 {
        let middle = self.state_gradient_log10.len() / 2;
        match (self.state_gradient_log10.first(), self.state_gradient_log10.get(middle)) {
            (Some(first), Some(middle)) => first - middle,
            _ => f64::NAN,
        }
    }

    /// The mean change of ln ‖dL/dh_t‖ per step back, over the half of the way that is travelled last: there the
    /// smaller eigenvalues have had time to die out.
    pub fn slope_per_step(&self) -> f64 {
        let middle = self.state_gradient_log10.len() / 2;
        self.log10_ratio_of_late_half() * math::LN_10 / middle as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::param::Value;

    fn config(lambda: f64, cell: &'static CellSpec) -> GradientConfig {
        let matrix = MatrixConfig { eigenvalues: vec![lambda, 0.5, -0.3, 0.1], seed: 3 };
        GradientConfig { matrix, sequence_length: 200, cell, remedies: Settings::default() }
    }

    #[test]
    fn in_a_linear_cell_the_slope_is_the_logarithm_of_the_leading_eigenvalue() {
        for lambda in [0.9, 1.1, -1.05] {
            let study = run(&config(lambda, &cells::LINEAR));
            let g = &study.plain.state_gradient_log10;
            // Away from the end, where the other eigenvalues have died out.
            let slope = (g[0] - g[100]) / 100.0 * math::LN_10;
            assert!((slope - lambda.abs().ln()).abs() < 1e-12, "{lambda}: {slope}");
        }
    }

    #[test]
    fn a_tanh_cell_with_a_symmetric_matrix_above_one_saturates_and_its_gradient_dies() {
        let study = run(&config(1.5, &cells::TANH));
        assert!(study.plain.slope_per_step() < -0.2, "{}", study.plain.slope_per_step());
    }

    #[test]
    fn orthogonal_initialisation_keeps_the_norm_of_a_linear_cells_gradient() {
        let mut with = config(1.3, &cells::LINEAR);
        with.remedies.set(&remedies::ALL[0].toggle.spec, Value::Flag(true));
        let treated = run(&with).treated.unwrap();
        let first = treated.state_gradient_log10[0];
        assert!(treated.state_gradient_log10.iter().all(|x| (x - first).abs() < 1e-12));
        assert!((treated.spectral_norm - 1.0).abs() < 1e-14);
    }

    #[test]
    fn clipping_changes_the_parameter_gradient_and_not_the_state_gradients() {
        let mut with = config(1.3, &cells::LINEAR);
        with.remedies.set(&remedies::ALL[1].toggle.spec, Value::Flag(true));
        let study = run(&with);
        let treated = study.treated.unwrap();
        assert_eq!(treated.state_gradient_log10, study.plain.state_gradient_log10);
        assert!(treated.gradient_log10 > 5.0);
        assert!(treated.gradient_after_log10.abs() < 1e-12);
    }
}
