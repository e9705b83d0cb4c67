//! What a report advises, and what that does to this network, as sentences.
use super::remedy;
use super::sentences::{leaves_out, pace, plural};
use vanishing_charts::format;
use vanishing_core::studies::diagnosis::{Course, Diagnosis, Effect, Fate, Outcome, Proposal, RATE, Treatment, USUAL};

/// A proposal as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advice {
    /// Its slug.
    pub slug: &'static str,
    /// What to do, as a heading.
    pub title: String,
    /// Why.
    pub reason: String,
    /// What it does to this network.
    pub effect: String,
    /// Whether it has a curve.
    pub has_curve: bool,
    /// The link that trains the network with it, and without it beside that; empty where no remedy does it.
    pub query: String,
}

/// What can be done, in the order of the diagnosis.
pub fn advice(diagnosis: &Diagnosis) -> Vec<Advice> {
    diagnosis.treatments.iter().map(|treatment| of_treatment(diagnosis, treatment)).collect()
}

fn of_treatment(diagnosis: &Diagnosis, treatment: &Treatment) -> Advice {
    let gate = diagnosis.cell.carry_gate().map_or("gate", |gate| diagnosis.cell.blocks[gate].name);
    let (title, reason) = match treatment.proposal {
        Proposal::GateBias => (
            format!("Start with 1 added to the bias of the {gate}"),
            "A gate that is further open keeps more of the state from step to step, and of the gradient on its way back.".to_owned(),
        ),
        Proposal::Rescale(radius) => (
            format!("Start with Wₕₕ rescaled to a spectral radius of {}", format::short(radius)),
            "The spectral radius says by what Wₕₕ multiplies a gradient in the long run.".to_owned(),
        ),
        Proposal::Orthogonal => (
            match diagnosis.cell.gates {
                1 => "Start with an orthogonal Wₕₕ".to_owned(),
                _ => "Start with an orthogonal matrix in every block of Wₕₕ".to_owned(),
            },
            match diagnosis.cell.gates {
                1 => "An orthogonal matrix changes the length of no vector. Measured with the one nearest to what the file has.",
                _ => "An orthogonal matrix changes the length of no vector; the gates still do. Measured with the ones nearest to what the file has.",
            }.to_owned(),
        ),
        Proposal::Clip => (
            match &treatment.effect {
                Effect::Norms { threshold_log10, .. } => {
                    format!("Clip the gradient’s norm at {}", format::log10_value(*threshold_log10))
                }
                _ => "Clip the gradient’s norm".to_owned(),
            },
            match diagnosis.fate() {
                Fate::Exploding => match &treatment.effect {
                    Effect::Norms { sequences: 1, .. } => "Clipping bounds the length of an update and keeps its direction. 1 is the usual \
                         threshold: one sequence is not enough for another."
                        .to_owned(),
                    Effect::Norms { threshold_log10, .. } if *threshold_log10 < USUAL => "Clipping bounds the length of an update \
                         and keeps its direction. The threshold is the median of the norms below."
                        .to_owned(),
                    Effect::Norms { quartiles_log10: [_, median, _], .. } if *median > HUGE => "Clipping bounds the length of an update and \
                         keeps its direction. The norms of this network are huge themselves, and no measure for a threshold: 1 is the \
                         usual one."
                        .to_owned(),
                    _ => "Clipping bounds the length of an update and keeps its direction. 1 is the usual threshold.".to_owned(),
                },
                Fate::Preserved if matches!(treatment.effect, Effect::Norms { sequences: 1, .. }) => {
                    "It guards against single large updates. 1 is the usual threshold: one sequence is not enough for another.".to_owned()
                }
                Fate::Vanishing => "Clipping brings nothing back that has vanished; it guards against single large updates.".to_owned(),
                Fate::Preserved => "It guards against single large updates. At the median of the norms it also shortens every second \
                     ordinary update; a threshold of the largest norm leaves those alone."
                    .to_owned(),
            },
        ),
        Proposal::Window(window) => (
            format!("Cut backpropagation to windows of {window} step{}", plural(window)),
            match diagnosis.fate() {
                Fate::Exploding => "What is not followed further back cannot grow further.".to_owned(),
                _ => "If nothing else is changed, what lies beyond the gradient’s reach is not worth the time and the memory that it costs.".to_owned(),
            },
        ),
        Proposal::GatedCell => (
            "Use an LSTM or a GRU".to_owned(),
            "Their gates give the gradient a way back that no matrix multiplies at each step.".to_owned(),
        ),
    };
    let mut effect = match &treatment.effect {
        Effect::Curve(after) => of_curve(diagnosis, after, treatment.outcome(&diagnosis.course)),
        Effect::Norms { largest_log10, sequences: 1, .. } => {
            format!(
                "On these inputs the norm of the whole gradient of this loss is {}; other inputs may have other norms.",
                format::log10_value(*largest_log10)
            )
        }
        Effect::Norms { quartiles_log10: [low, median, high], largest_log10, sequences, .. } => format!(
            "Over {sequences} sequences of random inputs the norm of the whole gradient of this loss has the median {}; the middle half lies \
             between {} and {}, the largest is {}.",
            format::log10_value(*median),
            format::log10_value(*low),
            format::log10_value(*high),
            format::log10_value(*largest_log10)
        ),
        Effect::Cut(cut) if cut.is_most() => {
            format!("Here that {}: not to be recommended, most of the gradient is gone.", leaves_out(cut))
        }
        Effect::Cut(cut) => format!("Here that {}.", leaves_out(cut)),
        Effect::Unmeasured => "Not measured: it would be another network, to be trained anew.".to_owned(),
    };
    if let Effect::Norms { update: Some(update), .. } = &treatment.effect
        && diagnosis.fate() == Fate::Exploding
        && update.before.is_finite()
    {
        effect += &format!(
            " One update of plain gradient descent at a learning rate of {} takes the loss of this sequence from {} {}; \
             clipped, {}.{}",
            format::short(RATE),
            format::short(update.before),
            to(update.plain),
            to(update.clipped),
            match update.helps() {
                true => "",
                false if update.plain <= update.clipped && update.plain <= update.before =>
                    " At this rate it is better off without.",
                false => " Clipping alone does not help here: a smaller learning rate is needed too.",
            }
        );
    }
    Advice {
        slug: treatment.proposal.slug(),
        title,
        reason,
        effect,
        has_curve: matches!(treatment.effect, Effect::Curve(_)),
        query: remedy::query(diagnosis, treatment),
    }
}

fn of_curve(diagnosis: &Diagnosis, after: &Course, outcome: Option<Outcome>) -> String {
    let before = &diagnosis.course;
    let left = |course: &Course| match course.whole_log10 {
        whole if whole.is_nan() => "undefined: it is zero".to_owned(),
        whole if whole.abs() < 0.005 => "as long as".to_owned(),
        whole => format!("{} times as long as", format::log10_value(whole)),
    };
    let varied = format!(" On its way it varies by a factor of {}.", format::log10_value(after.range_log10()));
    let word: &str = match (outcome, before.fate) {
        (Some(Outcome::Cured), _) if after.range_log10() > WIDE => &varied,
        (Some(Outcome::Cured), _) => " It then keeps its size.",
        (Some(Outcome::Steadied), Fate::Exploding) => " It grows at first, and then keeps its size.",
        (Some(Outcome::Steadied), _) => " It shrinks at first, and then keeps its size.",
        (Some(Outcome::Better), Fate::Exploding) => " It still explodes, but less.",
        (Some(Outcome::Better), _) => " It still vanishes, but less.",
        (Some(Outcome::Same), _) => " Here that changes little.",
        (Some(Outcome::Worse), _) => " Here that makes it worse: not to be recommended.",
        (Some(Outcome::Turned), Fate::Exploding) => " It then vanishes instead.",
        (Some(Outcome::Turned), _) => " It then explodes instead.",
        (None, _) => "",
    };
    let pace = match outcome {
        Some(Outcome::Cured) => String::new(),
        _ => format!("; over the earlier half of the sequence {}", pace(after)),
    };
    let forwards = if diagnosis.directions > 1 { "Forwards in time, the" } else { "The" };
    format!(
        "{forwards} gradient at the first state is then {} at the last, where it was {}{pace}.{word}",
        left(after),
        left(before).trim_end_matches(" as")
    )
}

/// log10 of the median norm above which norms are huge.
const HUGE: f64 = 2.0;
/// log10 of the factor by which a gradient may vary and still keep its size.
const WIDE: f64 = 1.0;

/// Where a loss goes.
fn to(loss: f64) -> String {
    if loss.is_finite() { format!("to {}", format::short(loss)) } else { "out of all bounds".to_owned() }
}
