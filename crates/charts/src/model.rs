//! What the figures show: results of core's studies, each computed when first asked for and kept while its own
//! configuration stays the same.
use crate::laboratory::Laboratory;
use crate::text_runs::TextRuns;
use crate::workbench::Workbench;
use std::cell::OnceCell;
use vanishing_core::param::Settings;
use vanishing_core::spectral::SymmetricMatrix;
use vanishing_core::studies::network::{NetworkConfig, RecurrenceConfig};
use vanishing_core::studies::{
    MatrixConfig, alignment, cliff, directions, ensemble, gradients, iterated, jacobians, matrix_power, powers,
    probability, recurrence, weight_gradient,
};

/// The configuration of every study, and what is selected in the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Configs {
    /// M, which the studies share.
    pub matrix: MatrixConfig,
    /// Of [`Model::powers`].
    pub powers: powers::PowersConfig,
    /// Of [`Model::matrix_power`].
    pub matrix_power: matrix_power::MatrixPowerConfig,
    /// Of [`Model::alignment`].
    pub alignment: alignment::AlignmentConfig,
    /// Of [`Model::ensemble`].
    pub ensemble: ensemble::EnsembleConfig,
    /// Of [`Model::probability`].
    pub probability: probability::ProbabilityConfig,
    /// Of [`Model::gradients`], [`Model::recurrence`], [`Model::jacobians`] and [`Model::weight_gradient`].
    pub network: NetworkConfig,
    /// Of [`Model::iterated`].
    pub iterated: iterated::IteratedConfig,
    /// Of [`Model::cliff`].
    pub cliff: cliff::CliffConfig,
    /// Of [`Model::opening`].
    pub opening: NetworkConfig,
    /// What the figures need besides.
    pub view: View,
}

/// What is selected in the figures, and what can be grabbed in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// k, marked in every figure over k.
    pub power: u64,
    /// The parameters of the eigenvalues that are chosen by hand, in the order of the sliders: (key, value). Empty for
    /// a family.
    pub eigenvalue_keys: Vec<(&'static str, f64)>,
    /// s: what was added to every chosen eigenvalue.
    pub shift: f64,
    /// The largest |λ| that a hand can choose.
    pub largest_eigenvalue: f64,
    /// The keys of the start's coordinates: along v_1, across, depth.
    pub start_keys: [&'static str; 3],
    /// What "aligned" means, in words: `θ ≤ 0.1 rad`.
    pub aligned_when: String,
    /// t, marked in every figure over time; at most the number of time steps.
    pub time: usize,
    /// The parameters of the pairs of complex eigenvalues that are in force: (key of the real part, key of the imaginary
    /// part, value).
    pub pair_keys: Vec<(&'static str, &'static str, (f64, f64))>,
    /// How many steps of the descents on the cliff are shown.
    pub cliff_step: usize,
    /// The keys of their start: w, b.
    pub cliff_keys: [&'static str; 2],
    /// How many time steps the gradient of the opening has travelled back; `None`: all of them.
    pub opening_travelled: Option<f64>,
}

/// A configuration and, once asked for, its result.
struct Kept<C, R> {
    config: C,
    result: OnceCell<R>,
}

impl<C: PartialEq, R> Kept<C, R> {
    fn new(config: C) -> Self {
        Self { config, result: OnceCell::new() }
    }

    fn set(&mut self, config: C) {
        if self.config != config {
            *self = Self::new(config);
        }
    }

    fn get(&self, run: impl FnOnce(&C) -> R) -> &R {
        self.result.get_or_init(|| run(&self.config))
    }
}

fn directions_of(network: &NetworkConfig) -> directions::DirectionsConfig {
    directions::DirectionsConfig { recurrence: network.recurrence.clone(), steps: network.sequence_length }
}

/// How far the singular values of a large state's Jacobians are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Search {
    /// Nobody looks for them.
    #[default]
    Idle,
    /// That share is done.
    Going(f64),
    /// They were given up.
    GivenUp,
}

/// Rows and columns of [`Model::cliff_surface`].
pub const CLIFF_CELLS: (usize, usize) = (108, 144);

/// The studies of the page.
pub struct Model {
    matrix: Kept<MatrixConfig, SymmetricMatrix>,
    powers: Kept<powers::PowersConfig, powers::Powers>,
    matrix_power: Kept<matrix_power::MatrixPowerConfig, matrix_power::MatrixPowerStudy>,
    alignment: Kept<alignment::AlignmentConfig, alignment::AlignmentStudy>,
    ensemble: Kept<ensemble::EnsembleConfig, ensemble::EnsembleStudy>,
    probability: Kept<probability::ProbabilityConfig, probability::ProbabilityStudy>,
    gradients: Kept<NetworkConfig, gradients::GradientStudy>,
    recurrence: Kept<RecurrenceConfig, recurrence::RecurrenceStudy>,
    directions: Kept<directions::DirectionsConfig, directions::DirectionsStudy>,
    jacobians: Kept<NetworkConfig, Option<jacobians::JacobianStudy>>,
    search: Search,
    proposals: Vec<(String, Vec<f64>)>,
    weight_gradient: Kept<NetworkConfig, weight_gradient::WeightGradient>,
    laboratory: Laboratory,
    workbench: Workbench,
    text: Option<TextRuns>,
    iterated: Kept<iterated::IteratedConfig, iterated::IteratedStudy>,
    cliff: Kept<cliff::CliffConfig, cliff::CliffStudy>,
    cliff_steepest: Kept<f64, Option<cliff::Steepest>>,
    cliff_surface: OnceCell<Vec<f64>>,
    opening: Kept<NetworkConfig, gradients::GradientStudy>,
    view: View,
}

impl Model {
    /// Nothing is computed yet.
    pub fn new(configs: Configs) -> Self {
        Self {
            matrix: Kept::new(configs.matrix),
            powers: Kept::new(configs.powers),
            matrix_power: Kept::new(configs.matrix_power),
            alignment: Kept::new(configs.alignment),
            ensemble: Kept::new(configs.ensemble),
            probability: Kept::new(configs.probability),
            recurrence: Kept::new(configs.network.recurrence.clone()),
            directions: Kept::new(directions_of(&configs.network)),
            jacobians: Kept::new(jacobians::decisive(&configs.network)),
            search: Search::Idle,
            proposals: Vec::new(),
            weight_gradient: Kept::new(configs.network.clone()),
            gradients: Kept::new(configs.network),
            laboratory: Laboratory::default(),
            workbench: Workbench::default(),
            text: None,
            cliff_steepest: Kept::new(configs.cliff.start.0),
            cliff: Kept::new(configs.cliff),
            iterated: Kept::new(configs.iterated),
            cliff_surface: OnceCell::new(),
            opening: Kept::new(configs.opening),
            view: configs.view,
        }
    }

    /// Takes new configurations; results of unchanged ones are kept.
    pub fn configure(&mut self, configs: Configs) {
        self.matrix.set(configs.matrix);
        self.powers.set(configs.powers);
        self.matrix_power.set(configs.matrix_power);
        self.alignment.set(configs.alignment);
        self.ensemble.set(configs.ensemble);
        self.probability.set(configs.probability);
        self.recurrence.set(configs.network.recurrence.clone());
        self.directions.set(directions_of(&configs.network));
        self.jacobians.set(jacobians::decisive(&configs.network));
        self.weight_gradient.set(configs.network.clone());
        self.gradients.set(configs.network);
        self.cliff_steepest.set(configs.cliff.start.0);
        self.cliff.set(configs.cliff);
        self.iterated.set(configs.iterated);
        self.opening.set(configs.opening);
        self.view = configs.view;
    }

    /// M, built from spectrum and seed when it is first asked for.
    pub fn matrix(&self) -> &SymmetricMatrix {
        self.matrix.get(MatrixConfig::build)
    }

    /// The eigenvalues of M^k over k.
    pub fn powers(&self) -> &powers::Powers {
        self.powers.get(|config| powers::run_on(self.matrix(), config))
    }

    /// M beside M^k, for the k of the view.
    pub fn matrix_power(&self) -> &matrix_power::MatrixPowerStudy {
        self.matrix_power.get(|config| matrix_power::run_on(self.matrix(), config))
    }

    /// The angle between M^k x and v_1.
    pub fn alignment(&self) -> &alignment::AlignmentStudy {
        self.alignment.get(|config| alignment::run_on(self.matrix(), config))
    }

    /// What its alignment was asked for.
    pub fn alignment_config(&self) -> &alignment::AlignmentConfig {
        &self.alignment.config
    }

    /// Many random starts.
    pub fn ensemble(&self) -> &ensemble::EnsembleStudy {
        self.ensemble.get(ensemble::run)
    }

    /// The probability of alignment.
    pub fn probability(&self) -> &probability::ProbabilityStudy {
        self.probability.get(probability::run)
    }

    /// What the probability was asked for.
    pub fn probability_config(&self) -> &probability::ProbabilityConfig {
        &self.probability.config
    }

    /// The gradients of the network.
    pub fn gradients(&self) -> &gradients::GradientStudy {
        self.gradients.get(|config| gradients::run_on(self.recurrence(), config))
    }

    /// What the network of chapter 3 is set up as.
    pub fn network(&self) -> &NetworkConfig {
        &self.gradients.config
    }

    /// Its recurrent matrix.
    pub fn recurrence(&self) -> &recurrence::RecurrenceStudy {
        self.recurrence.get(recurrence::run)
    }

    /// The singular values of its Jacobians' products; `None` where the state is large and nobody has set them yet.
    pub fn jacobians(&self) -> Option<&jacobians::JacobianStudy> {
        self.jacobians.get(jacobians::run).as_ref()
    }

    /// What decides about them, where somebody has to look for them.
    pub fn jacobians_wanted(&self) -> Option<&NetworkConfig> {
        let config = &self.jacobians.config;
        let is_known = self.jacobians.result.get().is_some_and(Option::is_some);
        let is_large = jacobians::state_size(config) > jacobians::LARGEST_STATE;
        let is_sought = jacobians::has_factors(config) && !jacobians::is_too_large(config);
        (is_large && !is_known && is_sought).then_some(config)
    }

    /// Sets what was found for [`Model::jacobians_wanted`], which ends the search.
    pub fn set_jacobians(&mut self, study: jacobians::JacobianStudy) {
        self.search = Search::Idle;
        self.jacobians.result = OnceCell::from(Some(study));
    }

    /// How far that search is.
    pub fn search(&self) -> Search {
        self.search
    }

    /// Takes note of it.
    pub fn set_search(&mut self, search: Search) {
        self.search = search;
    }

    /// What the network was proposed to be changed to, by name: log10 ‖dL/dh_t‖ of its top layer then.
    pub fn proposals(&self) -> &[(String, Vec<f64>)] {
        &self.proposals
    }

    /// Shows these beside the network as it is.
    pub fn set_proposals(&mut self, proposals: Vec<(String, Vec<f64>)>) {
        self.proposals = proposals;
    }

    /// What each time step contributes to dL/dW_hh of the top layer, as it is in force.
    pub fn weight_gradient(&self) -> &weight_gradient::WeightGradient {
        self.weight_gradient.get(|_| {
            let pass = self.gradients().in_force();
            weight_gradient::of_layer(&pass.network, pass.backward_pass.top())
        })
    }

    /// Where powers of the recurrent matrix turn random vectors, as far back as the network looks.
    pub fn directions(&self) -> &directions::DirectionsStudy {
        self.directions.get(|config| directions::run(self.recurrence(), config))
    }

    /// The steepest place of the cliff at the w where the descents start; `None` where there is no cliff.
    pub fn cliff_steepest(&self) -> Option<cliff::Steepest> {
        *self.cliff_steepest.get(|w| cliff::steepest(*w))
    }

    /// One number, applied again and again.
    pub fn iterated(&self) -> &iterated::IteratedStudy {
        self.iterated.get(iterated::run)
    }

    /// What is iterated.
    pub fn iterated_config(&self) -> &iterated::IteratedConfig {
        &self.iterated.config
    }

    /// The two descents on the cliff.
    pub fn cliff(&self) -> &cliff::CliffStudy {
        self.cliff.get(cliff::run)
    }

    /// What the descents were asked for.
    pub fn cliff_config(&self) -> &cliff::CliffConfig {
        &self.cliff.config
    }

    /// The error over the part of the plane that is looked at, in [`CLIFF_CELLS`]: the same for all settings.
    pub fn cliff_surface(&self) -> &[f64] {
        let (rows, columns) = CLIFF_CELLS;
        self.cliff_surface.get_or_init(|| cliff::surface(cliff::SHOWN_W, cliff::SHOWN_B, rows, columns))
    }

    /// The gradient that travels through the opening.
    pub fn opening(&self) -> &gradients::GradientStudy {
        self.opening.get(gradients::run)
    }

    /// Takes another opening, whose gradient has travelled so many steps back; `None`: all of them.
    pub fn open(&mut self, config: NetworkConfig, travelled: Option<f64>) {
        self.opening.set(config);
        self.view.opening_travelled = travelled;
    }

    /// What each of its steps multiplies by.
    pub fn opening_gain(&self) -> f64 {
        self.opening.config.recurrence.recipe.gain
    }

    /// t, marked in every figure over time.
    pub fn time(&self) -> usize {
        self.view.time.min(self.gradients().steps)
    }

    /// The remedies that were asked for.
    pub fn remedies(&self) -> &Settings {
        &self.gradients.config.remedies
    }

    /// The short runs of the workbench, and what was reported of them.
    pub fn workbench(&self) -> &Workbench {
        &self.workbench
    }

    /// The same, to take note of a report.
    pub fn workbench_mut(&mut self) -> &mut Workbench {
        &mut self.workbench
    }

    /// The runs that are trained, and what was reported of them.
    pub fn laboratory(&self) -> &Laboratory {
        &self.laboratory
    }

    /// The same, to take note of a report.
    pub fn laboratory_mut(&mut self) -> &mut Laboratory {
        &mut self.laboratory
    }

    /// What is reported of all runs, to take note of it.
    pub fn reports_mut(&mut self) -> (&mut Laboratory, &mut Workbench) {
        (&mut self.laboratory, &mut self.workbench)
    }

    /// What was reported of the networks that learn a text; `None`: none is read.
    pub fn text(&self) -> Option<&TextRuns> {
        self.text.as_ref()
    }

    /// The same, to be reported to.
    pub fn text_mut(&mut self) -> &mut Option<TextRuns> {
        &mut self.text
    }

    /// What is selected in the figures.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// k: the power that every figure marks, from 0.
    pub fn power(&self) -> u64 {
        self.view.power
    }
}
