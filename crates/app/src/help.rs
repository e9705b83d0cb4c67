//! Everything on the screen, explained: a fold over the parameters, the keys and the buttons.
use crate::schema::{self, GROUPS};
use crate::symbols;
use vanishing_core::param::ParamSpec;
use vanishing_core::training::params;

/// A part of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpPart {
    /// Its heading.
    pub title: String,
    /// Terms and what they mean.
    pub rows: Vec<(String, String)>,
}

/// Keys, and what they do.
static KEYS: &[(&str, &str)] = &[
    ("p", "Present: the chapter that is read fills the screen, beat by beat. Again, or Esc: back to the same place."),
    ("→ or Page Down", "While presenting: the answer, or the next beat."),
    ("← or Page Up", "While presenting: the beat before. Home: the first."),
    ("Space", "While presenting: plays or pauses what plays in this chapter."),
    ("1 to 9", "The first nine things to try of the chapter."),
    ("?", "This help."),
    ("Ctrl Z, Ctrl Shift Z", "Undo, redo."),
    ("k, t, s", "To the power k, to the time step t, to the seed."),
    ("Tab", "From control to control, and to the pictures."),
    ("Enter, in a picture", "Takes hold of a handle, or marks the place that is pointed at. Esc lets go."),
    ("← →, in a picture", "From value to value; with a handle in the hand they move it, with Shift by larger steps."),
    ("← → ↑ ↓, on a slider", "Move it by a step; Page Up and Page Down by ten, Home and End to its ends."),
];

/// Buttons by their action, or by the beginning of it, and what they do.
pub static BUTTONS: &[(&str, &str, &str)] = &[
    ("play", "Play, Pause", "k goes up by itself, one power at a time."),
    ("pause", "Pause", "Stops what plays; the address keeps the place."),
    ("step", "One step on", "k goes up by one."),
    ("back", "One step back", "k goes down by one."),
    ("reset", "Back to the start", "k is 0."),
    ("opening-play", "Play, Pause (opening)", "The gradient travels by itself: it vanishes, keeps its size, explodes."),
    ("cliff-play", "Play, Pause (cliff)", "Both descents go on by themselves."),
    ("cliff-step", "One step on (cliff)", "One step of both descents."),
    ("cliff-back", "One step back (cliff)", "One step less."),
    ("cliff-reset", "Back to the start (cliff)", "No step yet."),
    ("new-seed", "New seed", "Draws another seed: other eigenvectors, other weights."),
    ("new-start", "Another random start", "Draws another random start x."),
    ("copy-link", "Copy link", "Copies a link to exactly what is seen now."),
    ("undo", "Undo", "Returns to what was before the last change."),
    ("redo", "Redo", "Makes the change again that was undone."),
    ("dismiss", "Dismiss", "Hides the sentences that were shown."),
    ("train-start", "Start, Pause", "All lanes train, or rest."),
    ("train-step", "One update", "Every lane makes one update."),
    ("train-reset", "Afresh", "All lanes begin again, from the same seed."),
    ("lane:", "A to D", "Shows the settings, the state and the pipeline of that lane."),
    ("experiment-start", "Run the experiment", "Every chosen remedy trains with every seed, in the background."),
    ("experiment-cancel", "Cancel", "Ends the experiment; what was found stays."),
    ("export-evidence", "Save as CSV", "Saves the runs of the experiment, a line for each."),
    ("sort:", "A column’s head", "Sorts the table by it; once more, the other way round."),
    ("compare:", "Compare", "Compares your guess with what is true; pressed again, hides it."),
    ("link:", "Copy link (under a figure)", "Copies a link that leads to this figure as it stands."),
    ("png:", "Save PNG", "Saves the picture, at twice its size."),
    ("svg:", "Save SVG", "Saves the picture as it can be scaled without end."),
    ("csv:", "Save CSV", "Saves every number of the picture."),
    ("table:", "Table", "Shows the numbers of the picture beneath it, or hides them."),
    ("code:", "Code", "Shows the NumPy or PyTorch code that computes these numbers, or hides it."),
    ("embed:", "Embed", "Shows how this figure is put into another page, with a preview, or hides it."),
    ("copy-code:", "Copy code", "Copies the code."),
    ("save-code:", "Save as .py", "Saves the code."),
    ("present:", "Present", "Presents the chapter: one figure fills the screen."),
    ("present-next", "Next", "The answer, or the next beat."),
    ("present-previous", "Back", "The beat before."),
    ("present-end", "End", "Back to the same place in the text."),
    ("own-show", "Show it", "Shows the network that you opened, instead of one of the page’s own."),
    ("own-aside", "Set it aside", "Shows a network of the page’s own, and keeps yours."),
    ("own-close", "Close it", "Forgets the network that you opened."),
    ("own-matrix", "Give them the symmetric part", "Chapters 1 and 2 get the symmetric part of its first block."),
    ("own-cancel", "Give up", "Stops computing its eigenvalues or singular values."),
    ("help", "Help", "This help."),
    ("help-end", "Close", "Closes the help."),
];

/// The whole help.
pub fn help() -> Vec<HelpPart> {
    let part = |title: &str, rows: Vec<(String, String)>| HelpPart { title: title.to_owned(), rows };
    let of = |specs: &mut dyn Iterator<Item = &'static ParamSpec>| specs.map(row).collect::<Vec<_>>();
    let mut parts =
        vec![part("Keys", KEYS.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect())];
    let buttons = BUTTONS.iter().map(|(_, name, text)| ((*name).to_owned(), (*text).to_owned()));
    parts.push(part("Buttons", buttons.collect()));
    let chapters = |own: &symbols::Symbol| match own.chapters {
        [] => String::new(),
        chapters => format!(" ({})", chapters.iter().map(|own| own.slug()).collect::<Vec<_>>().join(", ")),
    };
    let symbols = symbols::ALL.iter().map(|own| (own.letter.to_owned(), format!("{}{}", own.means, chapters(own))));
    parts.push(part("Symbols", symbols.collect()));
    parts.extend(GROUPS.iter().map(|group| part(group.title, of(&mut group.params.iter().copied()))));
    parts.push(part("Remedies of chapter 3", of(&mut schema::remedy_params())));
    parts.push(part("Every lane of the laboratory", of(&mut params::all().iter().copied())));
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
    let (allowed, first) = (spec.allowed(), spec.default.text());
    let text = format!("{symbol}{allowed}; at first {first}. In an address: {}.{key}", spec.key);
    let mut letters = text.chars();
    // A symbol keeps its case.
    match letters.next() {
        Some(letter) if symbol.is_empty() => letter.to_uppercase().chain(letters).collect(),
        _ => text,
    }
}

/// Whether a button of that action is explained.
pub fn explains(action: &str) -> bool {
    let known = |(own, ..): &(&str, &str, &str)| *own == action || own.ends_with(':') && action.starts_with(own);
    BUTTONS.iter().any(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::takeaway;

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

    #[test]
    fn every_way_to_take_a_figure_away_is_in_the_help() {
        for (way, _) in takeaway::WAYS {
            assert!(explains(&format!("{way}:spectrum")), "{way}");
        }
        assert!(!explains("make-tea"));
    }
}
