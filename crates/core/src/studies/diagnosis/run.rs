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
    /// ‖dL/dh_t‖ of that layer, forwards in time; of the loss of the last step of this direction alone.
    pub course: Course,
    /// Where there are other losses too, what all of them together send back through the top layer: a sum.
    pub together: Option<Course>,
    /// Where the inputs are random, another standard deviation of them, and the course of the same layer then.
    pub other_scale: Option<(f64, Course)>,
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
    let alone = |direction: usize| subject.alone(direction).run(Truncation::FULL, false);
    let followed = subject.has_many_losses().then(|| (alone(0), (subject.directions() > 1).then(|| alone(1))));
    let (forwards, backwards) = match &followed {
        Some((forwards, backwards)) => (forwards, backwards.as_ref().unwrap_or(forwards)),
        None => (&found, &found),
    };
    let units = units::units(&subject, &found, (forwards, backwards), finds_spectra);
    let top = subject.network.layers - 1;
    let (layer, reverse_layer) = (decisive(&units, top, false), decisive(&units, top, true));
    let course = Course::new(forwards.norms(layer));
    let together = followed.is_some().then(|| Course::new(found.norms(top)));
    let growth = growth(config, &course, steps, &mut budget);
    let cuts = cuts_of(&subject, &found, &mut budget);
    let treatments = treatments_of(config, layer, &subject, &found, &units, &course, &mut budget);
    let deviation = match config.inputs {
        Inputs::Noise { deviation } if deviation > 0.0 => Some(deviation),
        _ => None,
    };
    let is_random = deviation.is_some() || matches!(config.inputs, Inputs::Task(_));
    let counts = is_random && !course.is_zero() && budget.spend(fates::work(&subject), LeftOut::Others);
    let fates = counts.then(|| fates::fates(config, layer, &subject, &course));
    let other_scale = deviation.filter(|_| !course.is_zero()).map(|deviation| {
        let deviation = if deviation < 0.5 { 1.0 } else { 0.1 };
        let louder = NetworkConfig { inputs: Inputs::Noise { deviation }, ..config.clone() };
        (deviation, Course::new(Subject::new(&louder).alone(0).run(Truncation::FULL, false).norms(layer)))
    });
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
        together,
        other_scale,
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
    let is_random = match config.inputs {
        Inputs::Noise { deviation } => deviation > 0.0,
        Inputs::Task(_) => true,
        Inputs::Zero | Inputs::File => false,
    };
    let count = if is_random { SEQUENCES } else { 1 };
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
