//! What a diagnosis says, as sentences.
use vanishing_charts::figures::gradient_norms::verdict_of;
use vanishing_charts::format;
use vanishing_core::math;
use vanishing_core::studies::diagnosis::{
    BlockDiagnosis, Course, Cut, Diagnosis, Fate, Fates, LeftOut, Pace, Proposal, Source, UnitDiagnosis, WINDOWS,
};

/// A proposal's name beside its curve.
pub fn short_name(proposal: Proposal) -> String {
    match proposal {
        Proposal::GateBias => "gate bias + 1".to_owned(),
        Proposal::Rescale(radius) => format!("ρ = {}", format::short(radius)),
        Proposal::Orthogonal => "orthogonal".to_owned(),
        Proposal::Clip => "clipped".to_owned(),
        Proposal::Window(window) => format!("window {window}"),
        Proposal::GatedCell => "gated cell".to_owned(),
    }
}

/// What the curve of the verdict is called beside the picture's own, where that is of another layer or another loss.
pub fn followed_name(diagnosis: &Diagnosis) -> Option<String> {
    let lower = diagnosis.layer + 1 < diagnosis.layers;
    let layer = if lower { format!("layer {} ", diagnosis.layer + 1) } else { String::new() };
    match diagnosis.together.is_some() {
        true => Some(format!("{layer}as it is, last loss alone")),
        false => lower.then(|| format!("{layer}as it is")),
    }
}

/// `An LSTM with 2 layers of 256 hidden units, and 40 inputs; 1 234 numbers in all.`
pub fn what_it_is(diagnosis: &Diagnosis) -> String {
    let article = if matches!(diagnosis.cell.kind, "gru") { "A" } else { "An" };
    let layers = match diagnosis.layers {
        1 => "one layer".to_owned(),
        count => format!("{count} layers"),
    };
    let cell = match diagnosis.cell.activation {
        Some(_) => diagnosis.cell.title.to_owned(),
        None => diagnosis.cell.kind.to_uppercase(),
    };
    let article = if diagnosis.cell.activation.is_some() { "A" } else { article };
    let directions = if diagnosis.directions > 1 { ", in both directions" } else { "" };
    let projected = match diagnosis.state_size < diagnosis.hidden_size {
        true => format!(", projected to {} numbers", format::count(diagnosis.state_size as u64)),
        false => String::new(),
    };
    format!(
        "{article} {cell} with {layers} of {} hidden unit{}{projected}{directions}, and {} input{}; {} numbers in all.",
        format::count(diagnosis.hidden_size as u64),
        plural(diagnosis.hidden_size),
        format::count(diagnosis.input_size as u64),
        plural(diagnosis.input_size),
        format::count(diagnosis.numbers as u64)
    )
}

pub(super) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Steps as people say them: `14 steps`, `2.5 steps`.
fn steps(count: f64) -> String {
    match count {
        count if count >= 9.95 => format!("{} steps", format::count((count + 0.5) as u64)),
        count => match format!("{count:.1}").trim_end_matches(".0") {
            "1" => "step".to_owned(),
            text => format!("{text} steps"),
        },
    }
}

/// `half is gone every 14 steps`.
pub(super) fn pace(course: &Course) -> String {
    match course.pace {
        Pace::Halves(time) if time < 1.0 => "more than half is gone at each step".to_owned(),
        Pace::Halves(time) => format!("half is gone every {}", steps(time)),
        Pace::Doubles(time) if time < 1.0 => "it more than doubles at each step".to_owned(),
        Pace::Doubles(time) => format!("it doubles every {}", steps(time)),
        Pace::Steady => "it neither halves nor doubles".to_owned(),
    }
}

/// `reach about 90 steps`.
fn reach(course: &Course) -> String {
    match (course.reach, course.fate) {
        (Some(reach), _) => format!("reach about {reach} step{}", plural(reach)),
        (None, Fate::Exploding) => format!("{} over {}", times(course.whole_log10), whole_steps(course)),
        (None, _) => format!("reach beyond the {} that were run", whole_steps(course)),
    }
}

/// `1 step`, `20 steps`.
fn whole_steps(course: &Course) -> String {
    format!("{} step{}", format::count(course.steps() as u64), plural(course.steps()))
}

/// `4.3 times smaller`.
fn times(whole_log10: f64) -> String {
    let word = if whole_log10 < 0.0 { "smaller" } else { "larger" };
    format!("{} times {word}", format::log10_value(whole_log10.abs()))
}

/// What stands first: the verdict, the half-life and the reach.
pub fn headline(diagnosis: &Diagnosis) -> String {
    let course = &diagnosis.course;
    if course.is_zero() {
        return "No gradient at all flows back.".to_owned();
    }
    let word = match diagnosis.fate() {
        Fate::Vanishing => "Vanishing",
        Fate::Exploding => "Exploding",
        Fate::Preserved => "Preserved",
    };
    let lower = match diagnosis.layer + 1 < diagnosis.layers {
        true => format!(" in layer {}", diagnosis.layer + 1),
        false => String::new(),
    };
    let random = if diagnosis.is_random { ", on random inputs" } else { "" };
    let whole = format!("{} over {}", times(course.whole_log10), whole_steps(course));
    let course_in_words = match (course.fate, course.pace) {
        (Fate::Vanishing, Pace::Halves(_)) | (Fate::Exploding, Pace::Doubles(_)) => {
            format!("{}; {}", pace(course), reach(course))
        }
        (Fate::Preserved, Pace::Steady) => reach(course),
        // What the whole way and its second half say is not the same.
        (_, Pace::Steady) => format!("{whole}, and hardly changing on the second half of the way"),
        _ => format!("{whole}, but on the second half of the way {}", pace(course)),
    };
    format!("{word}{lower}{random}: {course_in_words}.")
}

/// What the gradient does.
pub fn gradient(diagnosis: &Diagnosis) -> Vec<String> {
    let lower = diagnosis.layer + 1 < diagnosis.layers;
    let mut sentences: Vec<String> = followed(diagnosis).into_iter().collect();
    sentences.extend(of_course(
        &if lower { format!("In layer {}, ", diagnosis.layer + 1) } else { String::new() },
        &diagnosis.course,
    ));
    for unit in diagnosis.units.iter().filter(|unit| !unit.reverse && unit.layer != diagnosis.layer) {
        let layer = match unit.layer + 1 {
            top if top == diagnosis.layers => "the top layer".to_owned(),
            below => format!("layer {below}"),
        };
        sentences.push(format!("In {layer}, {}.", verdict_of(&unit.course.norms_log10)));
    }
    sentences.extend(diagnosis.fates.as_ref().map(on_others));
    sentences.extend(
        diagnosis.other_scale.as_ref().map(|(deviation, course)| at_another_scale(diagnosis, *deviation, course)),
    );
    if diagnosis.is_random {
        sentences
            .push("What it does on its own inputs only they can tell: add a tensor “input” to the file.".to_owned());
    }
    if let Some(reverse) = &diagnosis.reverse {
        let lower = match diagnosis.reverse_layer + 1 {
            layer if layer < diagnosis.layers => format!(" of layer {layer}"),
            _ => String::new(),
        };
        sentences.extend(of_course(&format!("In the reverse direction{lower}, "), reverse));
    }
    if let Some(path) = &diagnosis.gate_path
        && !diagnosis.course.is_zero()
    {
        let gate = diagnosis.cell.carry_gate().map_or("gate", |gate| diagnosis.cell.blocks[gate].name);
        let of_top = if lower { " of the top layer" } else { "" };
        sentences.push(format!("Through the {gate}{of_top} alone, {}.", pace(path)));
    }
    let growth = diagnosis.growth;
    if growth.per_step.is_finite() {
        let factor = format::short(math::exp(growth.per_step));
        let is_one = growth.per_step.abs() < 0.005;
        sentences.push(match growth.source {
            Source::Jacobians if is_one => "The perturbation of the state that grows fastest keeps its length from step to step.".to_owned(),
            Source::Gradient if is_one => {
                "The gradient keeps its length from step to step over the second half of its way. The state is too large to multiply out \
                 its Jacobians here."
                    .to_owned()
            }
            Source::Jacobians => format!(
                "The perturbation of the state that grows fastest is multiplied by {factor} per step (largest Lyapunov exponent over \
                 these steps: {}).",
                format::short(growth.per_step)
            ),
            Source::Gradient => format!(
                "The gradient is multiplied by {factor} per step over the second half of its way. The state is too large to \
                 multiply out its Jacobians here."
            ),
        });
    }
    sentences
}

/// What other random inputs say.
fn on_others(fates: &Fates) -> String {
    let Fates { vanishing, preserved, exploding } = *fates;
    let counts = [(vanishing, "vanishes"), (preserved, "keeps its size"), (exploding, "explodes")];
    let all = vanishing + preserved + exploding;
    if let Some((_, word)) = counts.iter().find(|(count, _)| *count == all) {
        return format!("On each of {all} sequences of random inputs it {word}.");
    }
    let some: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("it {word} on {count}")).collect();
    format!("Of {all} sequences of random inputs {}.", some.join(", "))
}

/// What losses were followed, where there are more than one.
fn followed(diagnosis: &Diagnosis) -> Option<String> {
    let together = diagnosis.together.as_ref()?;
    let which = match (diagnosis.loss_at_every_step, diagnosis.directions > 1) {
        (true, false) => "the loss of the last step sends back alone",
        (true, true) => "the loss of the last step sends back alone, in each direction by itself",
        (false, _) => "the loss of one direction’s last state sends back alone, each direction by itself",
    };
    let sum = match together.whole_log10 {
        ratio if !ratio.is_finite() => String::new(),
        ratio => format!(
            " All of them together are a sum, which is {} at the first state than at the last and says little about the way.",
            times(ratio)
        ),
    };
    Some(format!("Followed is what {which}.{sum}"))
}

/// What inputs of another size do.
fn at_another_scale(diagnosis: &Diagnosis, deviation: f64, course: &Course) -> String {
    let word = match course.fate {
        Fate::Vanishing => "vanishes",
        Fate::Preserved => "keeps its size",
        Fate::Exploding => "explodes",
    };
    let but = if course.fate == diagnosis.course.fate { "too" } else { "instead" };
    let whole = match course.whole_log10 {
        ratio if ratio.is_finite() => format!(": {} over {}", times(ratio), whole_steps(course)),
        _ => String::new(),
    };
    let pace = if course.pace == Pace::Steady { String::new() } else { format!("; {}", pace(course)) };
    format!("On random inputs of a standard deviation of {} it {word} {but}{whole}{pace}.", format::short(deviation))
}

fn of_course(before: &str, course: &Course) -> Vec<String> {
    let verdict = verdict_of(&course.norms_log10);
    let mut sentences = vec![format!("{}.", begun(before, &verdict))];
    if course.is_zero() {
        sentences.push(
            "The last state itself is zero, or the loss does not depend on it: there is nothing to follow back."
                .to_owned(),
        );
        return sentences;
    }
    if course.pace != Pace::Steady {
        sentences.push(format!("Over the second half of its way {}.", pace(course)));
    }
    match (course.reach, course.fate) {
        (Some(reach), _) => sentences.push(format!(
            "From {reach} step{} back on it is less than a thousandth of its largest value: what happened before that is hardly learnt from.",
            plural(reach)
        )),
        (None, Fate::Exploding) => {}
        (None, _) => sentences.push(format!("Within {} it never falls below a thousandth of its largest value.", whole_steps(course))),
    }
    sentences
}

/// With a capital letter, whichever comes first.
fn begun(before: &str, text: &str) -> String {
    if !before.is_empty() {
        return format!("{before}{text}");
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is said of the gates, a layer each; nothing for a cell without.
pub fn gates(diagnosis: &Diagnosis) -> Vec<String> {
    let Some(carry) = diagnosis.cell.carry_gate() else { return Vec::new() };
    let name = diagnosis.cell.blocks[carry].name;
    let of_unit = |unit: &UnitDiagnosis| {
        let mean = unit.blocks[carry].mean.unwrap_or(f64::NAN);
        let layer = layer_name(diagnosis, unit.layer, unit.reverse);
        let high = unit.blocks[carry].high.unwrap_or(f64::NAN);
        let bias = match &unit.bias {
            Some(bias) => format!(
                "Its bias, b_ih + b_hh, is {} on average, from {} to {}.",
                format::short(bias.mean),
                format::short(bias.least),
                format::short(bias.largest)
            ),
            None => "The file has no bias for it, which counts as 0.".to_owned(),
        };
        format!(
            "{layer}: the {name} is {mean:.2} on average; at each step it is {} or more in the tenth of the units that are most open then. {bias}",
            format::short(high)
        )
    };
    diagnosis.units.iter().map(of_unit).collect()
}

/// `Layer 1`, `Layer 2, reverse`.
pub fn layer_name(diagnosis: &Diagnosis, layer: usize, reverse: bool) -> String {
    match (diagnosis.directions, reverse) {
        (1, _) => format!("Layer {}", layer + 1),
        (_, false) => format!("Layer {}, forward", layer + 1),
        (_, true) => format!("Layer {}, reverse", layer + 1),
    }
}

/// What truncation would cut.
pub fn truncation(diagnosis: &Diagnosis) -> Vec<String> {
    if diagnosis.left_out.contains(&LeftOut::Cuts) {
        return Vec::new();
    }
    if diagnosis.cuts.is_empty() {
        return vec![format!(
            "The network was run over {} step{}: windows of {} or more cut nothing.",
            diagnosis.steps,
            plural(diagnosis.steps),
            WINDOWS[0]
        )];
    }
    let windows = if diagnosis.loss_at_every_step { "Cut into blocks" } else { "With a window" };
    diagnosis
        .cuts
        .iter()
        .map(|cut| format!("{windows} of {} steps, backpropagation {}.", cut.window, leaves_out(cut)))
        .collect()
}

/// `leaves out 12 % of ∂L/∂Wₕₕ and turns it by 6.8°`.
pub(super) fn leaves_out(cut: &Cut) -> String {
    if cut.lost_log10.is_nan() {
        return "has nothing to leave out: ∂L/∂Wₕₕ is zero".to_owned();
    }
    // Below that it is nothing that a training would notice.
    if cut.lost_log10 < -4.0 {
        return "leaves out less than 0.01 % of ∂L/∂Wₕₕ".to_owned();
    }
    let lost = math::powf(10.0, cut.lost_log10 + 2.0);
    let share = match lost {
        lost if lost > 99.5 && lost < 100.5 => "practically all".to_owned(),
        lost if lost > 9.95 => format!("{lost:.0} %"),
        lost => format!("{} %", format::short((lost * 100.0).round() / 100.0)),
    };
    let degrees = cut.angle * 180.0 / math::PI;
    match degrees.is_nan() || degrees < 0.05 {
        true => format!("leaves out {share} of ∂L/∂Wₕₕ and hardly turns it"),
        false => format!("leaves out {share} of ∂L/∂Wₕₕ and turns it by {degrees:.1}°"),
    }
}

/// The verdict and what it means.
pub fn verdict(diagnosis: &Diagnosis) -> String {
    let course = &diagnosis.course;
    if course.is_zero() {
        return "No gradient flows back on these inputs. Give the network other inputs before anything is concluded."
            .to_owned();
    }
    let direction = match &diagnosis.reverse {
        Some(reverse) if reverse.fate != course.fate => {
            format!(
                " In the forward direction it is {}, in the reverse one {}.",
                course.fate.word(),
                reverse.fate.word()
            )
        }
        _ => String::new(),
    };
    let meaning = match (diagnosis.fate(), course.reach) {
        (Fate::Vanishing, Some(reach)) if diagnosis.reverse.is_some() => {
            let after = diagnosis.reverse.as_ref().and_then(|reverse| reverse.reach);
            format!(
                "The gradient vanishes. Forwards, the network learns about the last {} before a state; in reverse, about the {} after it.",
                steps(reach as f64),
                after.map_or_else(|| format!("{} steps or more", diagnosis.steps), |after| format!("next {}", steps(after as f64)))
            )
        }
        (Fate::Vanishing, Some(reach)) => format!(
            "The gradient vanishes. From an error the network learns about the last {} before it and next to nothing about \
             what was earlier.",
            steps(reach as f64)
        ),
        (Fate::Vanishing, None) if matches!(course.pace, Pace::Doubles(_)) => {
            "The gradient is smaller at the first state than at the last, but it grows on the second half of its way. Run the \
             network over more steps before anything is concluded."
                .to_owned()
        }
        (Fate::Vanishing, None) => format!(
            "The gradient vanishes, but slowly: over {} the earliest still count for more than a thousandth.",
            whole_steps(course)
        ),
        (Fate::Exploding, _) => "The gradient explodes. It grows on its way back, and one sequence can undo what many have taught."
            .to_owned(),
        (Fate::Preserved, _) => format!(
            "The gradient keeps its size over {}. Nothing has to be done for its sake.",
            whole_steps(course)
        ),
    };
    // Where the reverse reach is not said yet.
    let reverse = match (diagnosis.fate(), course.reach, &diagnosis.reverse) {
        (Fate::Vanishing, Some(_), _) | (_, _, None) => String::new(),
        (.., Some(reverse)) => reverse.reach.map_or_else(String::new, |reach| {
            format!(" In the reverse direction a state learns about the next {} after it.", steps(reach as f64))
        }),
    };
    format!("{meaning}{direction}{reverse}")
}

/// The report without its proposals, as it fits on a screen.
pub fn in_short(diagnosis: &Diagnosis) -> Vec<String> {
    let layer = |unit: &UnitDiagnosis| {
        let several = unit.blocks.len() > 1;
        let list = |of: &dyn Fn(&BlockDiagnosis) -> f64| {
            let known = unit.blocks.iter().filter(|block| !of(block).is_nan());
            let text = |block: &BlockDiagnosis| match several {
                true => format!("{} {}", block.symbol, format::short(of(block))),
                false => format::short(of(block)),
            };
            known.map(text).collect::<Vec<_>>().join(", ")
        };
        let (radii, norms) = (list(&|block| block.spectral_radius), list(&|block| block.spectral_norm));
        let name = layer_name(diagnosis, unit.layer, unit.reverse);
        (!radii.is_empty()).then(|| format!("{name}: spectral radius {radii}; largest singular value {norms}."))
    };
    let layers = diagnosis.units.iter().filter_map(layer).collect();
    let verdict = vec![verdict(diagnosis)];
    [verdict, gradient(diagnosis), layers, gates(diagnosis), truncation(diagnosis), left_out(diagnosis)].concat()
}

/// What was left out, as sentences.
pub fn left_out(diagnosis: &Diagnosis) -> Vec<String> {
    let sentence = |what: &LeftOut| match what {
        LeftOut::Spectra => "the spectral radius and the largest singular value of each layer".to_owned(),
        LeftOut::Jacobians => "the product of the Jacobians".to_owned(),
        LeftOut::Cuts => "what truncation cuts".to_owned(),
        LeftOut::Others => "what other random inputs say".to_owned(),
        LeftOut::Effect(slug) => match *slug {
            "clip" => "the threshold for clipping".to_owned(),
            "window" => "what a shorter window cuts".to_owned(),
            "orthogonal" => "an orthogonal Wₕₕ".to_owned(),
            "rescale" => "a rescaled Wₕₕ".to_owned(),
            _ => "another bias of its gate".to_owned(),
        },
    };
    let all: Vec<String> = diagnosis.left_out.iter().map(sentence).collect();
    match all.is_empty() {
        true => Vec::new(),
        false => vec![format!("Left out, because of so large a network it takes too long: {}.", all.join("; "))],
    }
}
