//! Everything on the screen, explained: a fold over the parameters, the keys and the buttons.
use crate::schema::{self, GROUPS};
use crate::{action, symbols};
use vanishing_core::param::ParamSpec;

/// A part of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpPart {
    /// Its heading, without a full stop.
    pub title: String,
    /// Terms and what they mean.
    pub rows: Vec<(String, String)>,
}

/// Keys, and what they do.
static KEYS: &[(&str, &str)] = &[
    (
        "p",
        "Present: the chapter that is read fills the screen, step by step. p again, or Esc: back, to what was before. F5 does \
         it too, once a lesson was given or the lecturer’s window opened; until then it loads the page again.",
    ),
    ("w", "The lecturer’s window: notes, the next step and a clock, beside what the class sees."),
    ("→ or Page Down", "While presenting: the answer, or the next step."),
    ("← or Page Up", "While presenting: the step before. Home or F5: the first."),
    (
        "l, held",
        "While presenting: a light around the pointer, all else is dimmed. z: the picture twice as large, or as it was.",
    ),
    ("b or .", "While presenting: a black screen, or the step again."),
    ("1 to 9, 0", "While a question with answers to vote for is asked: a hand more for that answer; 0 counts anew."),
    ("Space", "While presenting: plays or pauses what the step plays."),
    ("1 to 9", "The first nine things to try of the chapter."),
    ("?", "This help."),
    ("Ctrl Z, Ctrl Shift Z", "Undo, redo."),
    ("k, t, s", "To the power k, to the time step t, to the seed."),
    ("Tab", "From control to control, and to the pictures."),
    ("Enter, in a picture", "Takes hold of a handle, or marks the place that is pointed at. Esc lets go."),
    ("← →, in a picture", "From value to value; with a handle in the hand they move it, with Shift by larger steps."),
    ("← → ↑ ↓, on a slider", "Move it by a step; Page Up and Page Down by ten, Home and End to its ends."),
];

/// The whole help.
pub fn help() -> Vec<HelpPart> {
    let part = |title: &str, rows: Vec<(String, String)>| HelpPart { title: title.to_owned(), rows };
    let of = |specs: &mut dyn Iterator<Item = &'static ParamSpec>| specs.map(row).collect::<Vec<_>>();
    let mut parts =
        vec![part("Keys", KEYS.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect())];
    let buttons = action::explained().map(|(name, text)| (name.to_owned(), text.to_owned()));
    parts.push(part("Buttons", buttons.collect()));
    let chapters = |symbol: &symbols::Symbol| match symbol.chapters {
        [] => String::new(),
        chapters => format!(" ({})", chapters.iter().map(|chapter| chapter.slug()).collect::<Vec<_>>().join(", ")),
    };
    let symbols =
        symbols::ALL.iter().map(|symbol| (symbol.letter.to_owned(), format!("{}{}", symbol.means, chapters(symbol))));
    parts.push(part("Symbols", symbols.collect()));
    parts.extend(GROUPS.iter().map(|group| part(group.title, of(&mut group.params.iter().copied()))));
    parts.push(part("Remedies, optimisers and schedules", of(&mut schema::added())));
    let guess = "Your guess at an exercise, before you compare; it is sent nowhere.";
    let exercises = schema::guesses::params().map(|spec| spec.key).collect::<Vec<_>>().join(", ");
    parts.push(part("Exercises", vec![("your guess".to_owned(), format!("{guess} In an address: {exercises}."))]));
    parts
}

/// A parameter in words.
fn row(spec: &'static ParamSpec) -> (String, String) {
    let symbol = if spec.symbol.is_empty() { String::new() } else { format!(" {}", spec.symbol) };
    let term = format!("{}{symbol}", spec.label);
    (term, format!("{} {}", spec.help, range(spec)))
}

/// What a parameter can be, what it is at first, and what it is called in an address.
pub fn range(spec: &ParamSpec) -> String {
    let symbol = if spec.symbol.is_empty() { String::new() } else { format!("{} is ", spec.symbol) };
    let key = spec.hotkey.map_or(String::new(), |key| format!(" The key {key} leads to it."));
    let (allowed, first) = (spec.allowed(), first(spec));
    let text = format!("{symbol}{allowed}; at first {first}. In an address: {}.{key}", spec.key);
    let mut letters = text.chars();
    // A symbol keeps its case.
    match letters.next() {
        Some(letter) if symbol.is_empty() => letter.to_uppercase().chain(letters).collect(),
        _ => text,
    }
}

/// What a parameter is at first, in words.
fn first(spec: &ParamSpec) -> String {
    if schema::scales(spec.key) { "what the matrix has".to_owned() } else { spec.default.text() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_the_schema_is_in_the_help() {
        let text: String = help().iter().flat_map(|part| &part.rows).map(|(_, text)| format!("{text} ")).collect();
        for spec in schema::all() {
            let tried = spec.key.starts_with("try-");
            assert!(
                tried || text.contains(&format!("{}.", spec.key)) || text.contains(&format!("{},", spec.key)),
                "{}",
                spec.key
            );
        }
    }
}
