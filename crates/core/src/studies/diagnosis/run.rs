//! The diagnosis of a network: everything that is found, within what it may cost.
use super::super::jacobians;
use super::super::network::{Inputs, NetworkConfig};
use super::course::{Course, Fate};
use super::cuts::{self, Cut, WINDOWS};
use super::fates::{self, Fates};
use super::subject::{Found, Subject};
use super::treatments::{self, Proposal, SEQUENCES, Treatment};
use super::units::{self, UnitDiagnosis};
use crate::bptt::Truncation;
use crate::cells::CellSpec;
use crate::param::Settings;
use crate::studies::gate_path;

/// How many multiplications a diagnosis may take, about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort(pub u64);

impl Effort {
    /// About a second: for a page that waits for it.
    pub const SHORT: Self = Self(1_500_000_000);
    /// About a minute.
    pub const LONG: Self = Self(100_000_000_000);
}

/// Something that a large network is too costly for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// ρ and σ_1 of the layers.
    Spectra,
    /// The Jacobians' products: the growth is the gradient's own.
    Jacobians,
    /// What truncation cuts.
    Cuts,
    /// What is measured of a proposal, by its slug.
    Effect(&'static str),
    /// What becomes of the gradient on other random inputs.
    Others,
}

/// Where a growth was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The largest singular value of the product of all Jacobians of the top layer: ln σ_1(P_T) / T.
    Jacobians,
    /// The slope of ln ‖dL/dh_t‖ ([`Course::slope`]).
    Gradient,
}

/// How much a small change of the state grows per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// The logarithm (nats) of the factor per step.
    pub per_step: f64,
    /// Where that was found.
    pub source: Source,
}

/// What was found of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// Its cell.
    pub cell: &'static CellSpec,
    /// Number of layers.
    pub layers: usize,
    /// 2 if it reads in both directions.
    pub directions: usize,
    /// Features of an input.
    pub input_size: usize,
    /// Units of a layer in one direction.
    pub hidden_size: usize,
    /// Numbers in h of a layer in one direction.
    pub state_size: usize,
    /// Numbers in all tensors that were given.
    pub numbers: usize,
    /// T.
    pub steps: usize,
    /// Whether the loss looks at every step, not only at the last.
    pub loss_at_every_step: bool,
    /// The layer that decides, from 0: the one whose gradient explodes most, forwards in time; if none does, the top one.
    pub layer: usize,
    /// ‖dL/dh_t‖ of that layer, forwards in time.
    pub course: Course,
    /// The same backwards in time, each layer by its own steps: of the layer that explodes most, or of the top one.
    pub reverse: Option<Course>,
    /// The layer that it is of, from 0.
    pub reverse_layer: usize,
    /// What comes back through the gates alone ([`gate_path::log10_norms`]).
    pub gate_path: Option<Course>,
    /// Every layer, each direction counted.
    pub units: Vec<UnitDiagnosis>,
    /// The growth per step.
    pub growth: Growth,
    /// What the usual windows that are shorter than T leave out of dL/dW_hh.
    pub cuts: Vec<Cut>,
    /// What can be done.
    pub treatments: Vec<Treatment>,
    /// Where the inputs are random: [`SEQUENCES`] sequences, the one that was looked at among them, by what becomes of ‖dL/dh_t‖ of
    /// the layer that decides, forwards in time. `None` where the inputs are given or zero, or it was too costly.
    pub fates: Option<Fates>,
    /// Whether the inputs are random.
    pub is_random: bool,
    /// What was too costly.
    pub left_out: Vec<LeftOut>,
}

impl Diagnosis {
    /// What becomes of the gradient: forwards in time, or, where it is preserved there, backwards.
    pub fn fate(&self) -> Fate {
        match (self.course.fate, &self.reverse) {
            (Fate::Preserved, Some(reverse)) => reverse.fate,
            (fate, _) => fate,
        }
    }

    /// Whether this becomes of the gradient in any direction.
    pub fn meets(&self, fate: Fate) -> bool {
        self.course.fate == fate || self.reverse.as_ref().is_some_and(|reverse| reverse.fate == fate)
    }
}

/// What is left of the effort.
struct Budget {
    left: u64,
    left_out: Vec<LeftOut>,
}

impl Budget {
    /// Whether there is enough of it, which then is spent; otherwise this is left out.
    fn spend(&mut self, work: u64, what: LeftOut) -> bool {
        let is_enough = work <= self.left;
        if is_enough {
            self.left -= work;
        } else {
            self.left_out.push(what);
        }
        is_enough
    }
}

/// Diagnoses a network as it is without remedies. One pass is made whatever it costs; all else within the effort, in the order in
/// which a reader would miss it.
pub fn run(config: &NetworkConfig, effort: Effort) -> Diagnosis {
    let config = &NetworkConfig { remedies: Settings::default(), ..config.clone() };
    let subject = Subject::new(config);
    let found = subject.run(Truncation::FULL, subject.has_gradient());
    let (steps, work) = (subject.sequences.steps, subject.work());
    let mut budget = Budget { left: effort.0.saturating_sub(work), left_out: Vec::new() };
    let finds_spectra = budget.spend(units::work(&subject), LeftOut::Spectra);
    let units = units::units(&subject, &found, finds_spectra);
    let top = subject.network.layers - 1;
    let (layer, reverse_layer) = (decisive(&units, top, false), decisive(&units, top, true));
    let course = Course::new(found.norms(layer));
    let growth = growth(config, &course, steps, &mut budget);
    let cuts = cuts_of(&subject, &found, &mut budget);
    let treatments = treatments_of(config, layer, &subject, &found, &units, &course, &mut budget);
    let is_random = matches!(config.inputs, Inputs::Noise { .. } | Inputs::Task(_));
    let counts = is_random && !course.is_zero() && budget.spend(fates::work(&subject), LeftOut::Others);
    let fates = counts.then(|| fates::fates(config, layer, &subject, &course));
    let path = found.layers.last().map_or_else(Vec::new, |top| gate_path::log10_norms(&subject.network, top, 0));
    Diagnosis {
        cell: subject.network.cell,
        layers: subject.network.layers,
        directions: subject.directions(),
        input_size: subject.network.input_size,
        hidden_size: subject.network.hidden_size,
        state_size: subject.state_size(),
        numbers: subject.numbers(),
        steps,
        loss_at_every_step: subject.looks_at_every_step(),
        reverse: units.iter().find(|unit| unit.reverse && unit.layer == reverse_layer).map(|unit| unit.course.clone()),
        reverse_layer,
        gate_path: (!path.is_empty()).then(|| Course::new(path)),
        layer,
        course,
        units,
        growth,
        cuts,
        treatments,
        fates,
        is_random,
        left_out: budget.left_out,
    }
}

/// The layer of a direction whose gradient explodes most, or the top one.
fn decisive(units: &[UnitDiagnosis], top: usize, reverse: bool) -> usize {
    let exploding = units.iter().filter(|unit| unit.reverse == reverse && unit.course.fate == Fate::Exploding);
    let most = exploding.max_by(|a, b| a.course.whole_log10.total_cmp(&b.course.whole_log10));
    most.map_or(top, |unit| unit.layer)
}

fn growth(config: &NetworkConfig, course: &Course, steps: usize, budget: &mut Budget) -> Growth {
    let size = jacobians::state_size(config);
    let of_gradient = Growth { per_step: course.slope, source: Source::Gradient };
    let work = 20 * (steps as u64) * (size as u64).pow(3);
    if size > jacobians::LARGEST_STATE || !budget.spend(work, LeftOut::Jacobians) {
        return of_gradient;
    }
    let exponent = jacobians::run(config).and_then(|study| study.exponents().first().copied());
    exponent.map_or(of_gradient, |per_step| Growth { per_step, source: Source::Jacobians })
}

fn cuts_of(subject: &Subject, found: &Found, budget: &mut Budget) -> Vec<Cut> {
    let windows: Vec<usize> = WINDOWS.into_iter().filter(|window| *window < subject.sequences.steps).collect();
    let work = windows.len() as u64 * subject.work();
    if windows.is_empty() || !subject.has_gradient() || !budget.spend(work, LeftOut::Cuts) {
        if !windows.is_empty() && !subject.has_gradient() {
            budget.left_out.push(LeftOut::Cuts);
        }
        return Vec::new();
    }
    windows.into_iter().map(|window| cuts::cut(subject, found, window)).collect()
}

fn treatments_of(
    config: &NetworkConfig,
    layer: usize,
    subject: &Subject,
    found: &Found,
    units: &[UnitDiagnosis],
    course: &Course,
    budget: &mut Budget,
) -> Vec<Treatment> {
    // Inputs that are given, or zero, are the same for every seed.
    let count = if matches!(config.inputs, Inputs::Noise { .. } | Inputs::Task(_)) { SEQUENCES } else { 1 };
    let mut all = Vec::new();
    for proposal in treatments::proposals(subject, course) {
        let needs_gradient = matches!(proposal, Proposal::Clip | Proposal::Window(_));
        let turning = match proposal {
            Proposal::Orthogonal => {
                60 * (subject.network.hidden_size as u64).pow(3)
                    * units.len() as u64
                    * subject.network.cell.gates as u64
            }
            _ => 0,
        };
        let work = treatments::passes(proposal, count) * subject.work() + turning;
        if needs_gradient && !subject.has_gradient() {
            budget.left_out.push(LeftOut::Effect(proposal.slug()));
            continue;
        }
        if !budget.spend(work, LeftOut::Effect(proposal.slug())) {
            continue;
        }
        let mut others = (0..count as u64).map(|i| match i {
            0 => subject.clone(),
            _ => subject.on(config.other_sequences(&subject.network, i)),
        });
        all.extend(treatments::measure(proposal, layer, subject, found, units, &mut others));
    }
    // Those that were found to help stand first.
    all.sort_by_key(|treatment: &Treatment| treatment.rank(course));
    all
}

#[cfg(test)]
mod tests {
    use super::super::super::gradients;
    use super::super::super::network::tests::config;
    use super::super::course::Pace;
    use super::super::treatments::{Effect, Outcome};
    use super::*;
    use crate::cells;
    use crate::math;

    fn linear(leading: f64, steps: usize) -> NetworkConfig {
        let mut config = config("symmetric", &cells::LINEAR, 4);
        config.recurrence.recipe.eigenvalues = vec![leading, 0.5, -0.3, 0.1];
        config.sequence_length = steps;
        config
    }

    fn curve<'a>(diagnosis: &'a Diagnosis, slug: &str) -> (&'a Course, Outcome) {
        let found = diagnosis.treatments.iter().find(|treatment| treatment.proposal.slug() == slug).expect(slug);
        let Effect::Curve(course) = &found.effect else { panic!("{found:?}") };
        (course, found.outcome(&diagnosis.course).expect("it changes the curve"))
    }

    fn slugs(diagnosis: &Diagnosis) -> Vec<&'static str> {
        diagnosis.treatments.iter().map(|treatment| treatment.proposal.slug()).collect()
    }

    #[test]
    fn a_linear_network_with_a_known_spectrum_is_diagnosed_by_its_leading_eigenvalue() {
        let found = run(&linear(0.95, 200), Effort::LONG);
        let Pace::Halves(half_life) = found.course.pace else { panic!("{:?}", found.course.pace) };
        assert!((half_life / (math::LN_2 / -math::ln(0.95)) - 1.0).abs() < 1e-9, "{half_life}");
        assert_eq!((found.fate(), found.units.len(), found.left_out.len()), (Fate::Vanishing, 1, 0));
        // Of a linear network the inputs change nothing of it.
        assert_eq!(found.fates.map(|fates| fates.vanishing), Some(SEQUENCES));
        let block = found.units[0].blocks[0];
        assert!((block.spectral_radius - 0.95).abs() < 1e-12 && (block.spectral_norm - 0.95).abs() < 1e-12);
        assert_eq!((found.growth.source, found.units[0].mean_slope), (Source::Jacobians, 1.0));
        assert!((found.growth.per_step - math::ln(0.95)).abs() < 1e-12);
        let reach = found.course.reach.expect("it falls below a thousandth");
        let (norms, at) = (&found.course.norms_log10, 200 - reach);
        let limit = norms.iter().copied().fold(f64::NEG_INFINITY, f64::max) - 3.0;
        assert!(norms[at] < limit && norms[at + 1] >= limit, "{reach}");
        assert_eq!(slugs(&found), ["rescale", "orthogonal", "gated-cell", "window", "clip"]);
        let (rescaled, outcome) = curve(&found, "rescale");
        assert!(rescaled.slope.abs() < 1e-12 && outcome == Outcome::Steadied, "{outcome:?} {}", rescaled.slope);
        // The nearest orthogonal matrix of a symmetric one has the signs of its eigenvalues: no length changes.
        let (orthogonal, outcome) = curve(&found, "orthogonal");
        assert!(orthogonal.whole_log10.abs() < 1e-10 && outcome == Outcome::Cured, "{}", orthogonal.whole_log10);
    }

    #[test]
    fn an_exploding_network_is_clipped_first_and_rescaled_below_one() {
        let found = run(&linear(1.1, 100), Effort::LONG);
        assert_eq!((found.fate(), slugs(&found)), (Fate::Exploding, vec!["clip", "rescale", "orthogonal", "window"]));
        let Pace::Doubles(time) = found.course.pace else { panic!("{:?}", found.course.pace) };
        assert!((time / (math::LN_2 / math::ln(1.1)) - 1.0).abs() < 1e-9);
        let (rescaled, outcome) = curve(&found, "rescale");
        assert!((rescaled.slope - math::ln(0.95)).abs() < 1e-9 && outcome == Outcome::Turned);
        let Effect::Norms { threshold_log10, update, quartiles_log10: [low, median, high], largest_log10, sequences } =
            &found.treatments[0].effect
        else {
            panic!("{:?}", found.treatments[0])
        };
        // The norms are huge, and so is an update of that length; one of length 1 is not.
        let update = update.expect("it was made");
        assert!(*threshold_log10 == 0.0 && *median > 1.0, "{threshold_log10} {median}");
        assert!(update.plain > 10.0 * update.before, "{update:?}");
        assert!(update.clipped < update.before, "{update:?}");
        assert!(low < median && median < high && high < largest_log10 && *sequences == SEQUENCES);
        // Without inputs there is one sequence, and its norm is that of the pass.
        let still = NetworkConfig { inputs: Inputs::Zero, ..linear(1.1, 100) };
        let found = run(&still, Effort::LONG);
        assert!(found.fates.is_none() && !found.is_random);
        let wanted = gradients::run(&still).plain.gradient_log10;
        let Effect::Norms { quartiles_log10, largest_log10, sequences: 1, .. } = found.treatments[0].effect else {
            panic!("{:?}", found.treatments[0])
        };
        assert_eq!((quartiles_log10, largest_log10), ([wanted; 3], wanted));
    }

    #[test]
    fn of_one_linear_unit_without_inputs_a_window_keeps_its_share_of_the_steps() {
        // h_t = w^t h_0: each of the T terms of dL/dw is w^(T-1) times the same.
        let mut config = config("identity", &cells::LINEAR, 1);
        config.recurrence.recipe.gain = 0.9;
        config.inputs = Inputs::Zero;
        for (steps, windows) in [(60, vec![35]), (150, vec![35, 100]), (30, vec![])] {
            config.sequence_length = steps;
            let found = run(&config, Effort::LONG);
            assert_eq!(found.cuts.iter().map(|cut| cut.window).collect::<Vec<_>>(), windows);
            for cut in &found.cuts {
                let lost = (steps - cut.window) as f64 / steps as f64;
                assert!((cut.lost_log10 - math::log10(lost)).abs() < 1e-12 && cut.angle.abs() < 1e-6, "{cut:?} {lost}");
            }
        }
    }

    #[test]
    fn of_gates_alone_the_half_life_is_that_of_the_forget_gate_and_its_bias_is_read_as_it_stands() {
        let mut config = config("gaussian", &cells::LSTM, 3);
        config.inputs = Inputs::Zero;
        config.recurrence.recipe.gain = 0.0;
        config.forget_bias = 2.0;
        let found = run(&config, Effort::LONG);
        let path = found.gate_path.as_ref().expect("an LSTM has one");
        let wanted = math::LN_2 / -math::ln(math::sigmoid(2.0));
        assert!(matches!(path.pace, Pace::Halves(time) if (time / wanted - 1.0).abs() < 1e-9), "{:?}", path.pace);
        let unit = &found.units[0];
        let bias = unit.bias.expect("a bias was given");
        assert_eq!((bias.gate, bias.mean, bias.least, bias.largest), ("forget gate", 2.0, 2.0, 2.0));
        let means: Vec<Option<f64>> = unit.blocks.iter().map(|block| block.mean).collect();
        assert!(means[2].is_none() && (means[1].expect("a gate") - math::sigmoid(2.0)).abs() < 1e-12, "{means:?}");
    }

    #[test]
    fn a_raised_bias_opens_the_way_back_of_both_cells_with_gates() {
        for cell in [&cells::LSTM, &cells::GRU] {
            let mut config = config("gaussian", cell, 16);
            config.recurrence.recipe.gain = 0.4;
            let found = run(&config, Effort::LONG);
            assert_eq!(slugs(&found)[..2], ["gate-bias", "orthogonal"], "{cell:?}");
            let (raised, _) = curve(&found, "gate-bias");
            assert!(raised.whole_log10 > found.course.whole_log10 + 1.0, "{cell:?}");
        }
    }

    #[test]
    fn what_is_too_costly_is_left_out_and_said() {
        let found = run(&linear(0.95, 200), Effort(0));
        assert_eq!(found.course, run(&linear(0.95, 200), Effort::LONG).course);
        assert!(found.units[0].blocks[0].spectral_radius.is_nan() && found.cuts.is_empty());
        assert_eq!((found.growth.source, slugs(&found)), (Source::Gradient, vec!["gated-cell"]));
        let effects = ["rescale", "orthogonal", "window", "clip"].map(LeftOut::Effect);
        let left_out =
            [&[LeftOut::Spectra, LeftOut::Jacobians, LeftOut::Cuts][..], &effects[..], &[LeftOut::Others]].concat();
        assert_eq!(found.left_out, left_out);
    }

    #[test]
    fn a_lower_layer_that_explodes_decides() {
        // Below, what comes down at every step is added to what comes back.
        let mut config = linear(0.5, 60);
        config.recurrence.layers = 2;
        let found = run(&config, Effort::LONG);
        assert_eq!((found.layer, found.units.len(), found.fate()), (1, 2, Fate::Vanishing));
        let mut config = linear(1.2, 60);
        config.recurrence.layers = 2;
        let found = run(&config, Effort::LONG);
        assert_eq!((found.layer, found.fate()), (0, Fate::Exploding));
        assert_eq!(found.course, found.units[0].course);
        assert!(found.units[0].course.whole_log10 > found.units[1].course.whole_log10);
    }

    #[test]
    fn with_a_loss_at_every_step_windows_are_chunks() {
        let mut config = linear(0.9, 80);
        config.loss_at = crate::studies::network::LossAt::Every;
        let found = run(&config, Effort::LONG);
        assert!(found.loss_at_every_step && found.cuts.len() == 1 && found.cuts[0].lost_log10 < -1.0);
    }
}
