//! What buttons do: one table, from the `data-action` of a button to an [`Action`].
//!
//! The name of an action stands in HTML and in messages; behind a colon it may have an argument: `lane:b`,
//! `csv:gradient-norms`. The help and the checks of the page are folds over the table.
use crate::evidence;
use crate::exercises::{self, Exercise};
use crate::lanes::LETTERS;
use crate::playing::{self, Playable, Playback};
use crate::takeaway::{self, Way};
use vanishing_charts::figures::FigureSpec;
use vanishing_core::studies::diagnosis::Proposal;

/// What a button asks for.
#[derive(Clone, Copy)]
pub enum Action {
    /// Draw another seed of everything random.
    NewSeed,
    /// Draw another seed of the start vectors.
    NewStart,
    /// Let the gradient of the opening travel, or stop it where it is.
    Opening(bool),
    /// Play, pause, step or reset something that plays.
    Play(&'static Playable, Playback),
    /// Begin a lesson by its name.
    Present(&'static str),
    /// The answer, or the next beat of the lesson.
    PresentNext,
    /// The beat before.
    PresentPrevious,
    /// Back to the text.
    PresentEnd,
    /// A black screen, or the stage again.
    Black,
    /// The lecturer's window.
    Lecturer,
    /// A hand for an answer, from 0.
    Vote(usize),
    /// Open or close the help.
    Help,
    /// Go back to the state before the last change.
    Undo,
    /// Make the undone change again.
    Redo,
    /// Copy a link to the state.
    CopyLink,
    /// Copies it with the guesses at the exercises.
    CopyAnswers,
    /// Hide the sentences that are shown.
    Dismiss,
    /// Let the lanes train, or pause them.
    Train(bool),
    /// One update of every lane.
    TrainStep,
    /// All lanes from their first update.
    TrainReset,
    /// Show the settings of a lane, by its letter.
    Lane(&'static str),
    /// Run the experiment.
    ExperimentStart,
    /// End the experiment.
    ExperimentCancel,
    /// Train what is missing of the map.
    MapStart,
    /// Stop training the map.
    MapStop {
        /// And forget what was trained.
        forgets: bool,
    },
    /// Let the networks learn the text, or pause them.
    Read(bool),
    /// They begin again.
    ReadAgain,
    /// The text that is shipped is read again.
    ReadShipped,
    /// Save the runs of the experiment.
    ExportEvidence,
    /// Sort the table of the experiment by a column, or turn its order round.
    Sort(&'static str),
    /// Compare the guess at an exercise with what is true, or hide that again.
    Compare(&'static Exercise),
    /// Take something of a figure away.
    TakeAway(Way, &'static FigureSpec),
    /// Show the opened network (`true`), or set it aside.
    OpenedShow(bool),
    /// Forget the opened network.
    OpenedClose,
    /// Open another network of the same file, by its place in the menu.
    OpenedNetwork(usize),
    /// Let another layer of the file read its output.
    OpenedReadout(usize),
    /// Give M the eigenvalues of the opened network's symmetric part.
    OpenedMatrix,
    /// Stop computing the opened network's eigenvalues, or singular values of Jacobians.
    OpenedCancel,
    /// Report on the opened network as it is run now.
    OpenedDiagnose,
    /// Draw the curve of a proposal, by its slug, beside the original.
    OpenedTry(&'static str),
    /// Let training start from the opened network, or from drawn weights again.
    OpenedTrain,
    /// Training starts from the opened network, now.
    OpenedLearn,
    /// Save the report.
    OpenedReport {
        /// As JSON, not as Markdown.
        is_json: bool,
    },
}

/// What an action does, in a sentence; empty for a name without a row, or whose row is the second meaning of another.
pub fn does(name: &str) -> &'static str {
    row_of(name).map_or("", |(row, _)| row.help)
}

/// A row of the table: a button, or a family of buttons.
pub struct ActionSpec {
    /// The name, or with a colon at its end the beginning of the names.
    pub name: &'static str,
    /// What stands on the button, for the help.
    pub button: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// The action of what stands behind the colon; without one, of the name itself.
    of: fn(&str) -> Option<Action>,
}

const fn row(
    name: &'static str,
    button: &'static str,
    help: &'static str,
    of: fn(&str) -> Option<Action>,
) -> ActionSpec {
    ActionSpec { name, button, help, of }
}

/// All actions, in the order of the help. Rows without words are the second meaning of the button before them.
pub static ALL: &[ActionSpec] = &[
    row("play", "Play, Pause", "k goes up by itself, one power at a time.", playing),
    row("pause", "Pause", "Stops what plays; the address keeps the place.", playing),
    row("step", "One step on", "k goes up by one.", playing),
    row("back", "One step back", "k goes down by one.", playing),
    row("reset", "Back to the start", "k is 0.", playing),
    row("sweep-play", "Play, Pause (radius)", "The spectral radius goes up to 2, down to 0.5, and up again.", playing),
    row("sweep-pause", "", "", playing),
    row("sweep-step", "A little larger", "The spectral radius grows by 0.01.", playing),
    row("sweep-back", "A little smaller", "The spectral radius shrinks by 0.01.", playing),
    row("sweep-reset", "As the matrix is made", "The spectral radius is that of the eigenvalues.", playing),
    row(
        "opening-play",
        "Play, Pause (opening)",
        "The gradient travels by itself: it vanishes, keeps its size, explodes.",
        |_| Some(Action::Opening(true)),
    ),
    row("opening-pause", "", "", |_| Some(Action::Opening(false))),
    row("cliff-play", "Play, Pause (cliff)", "Both descents go on by themselves.", playing),
    row("cliff-pause", "", "", playing),
    row("cliff-step", "One step on (cliff)", "One step of both descents.", playing),
    row("cliff-back", "One step back (cliff)", "One step less.", playing),
    row("cliff-reset", "Back to the start (cliff)", "No step yet.", playing),
    row("new-seed", "New seed", "Draws another seed: other eigenvectors, other weights.", |_| Some(Action::NewSeed)),
    row("new-start", "Another random start", "Draws another random start x.", |_| Some(Action::NewStart)),
    row("copy-link", "Copy link", "Copies a link to exactly what is seen now.", |_| Some(Action::CopyLink)),
    row(
        "copy-answers",
        "Copy link with my answers",
        "Copies the same link, with your guesses at the exercises.",
        |_| Some(Action::CopyAnswers),
    ),
    row("undo", "Undo", "Returns to what was before the last change.", |_| Some(Action::Undo)),
    row("redo", "Redo", "Makes the change again that was undone.", |_| Some(Action::Redo)),
    row("dismiss", "Dismiss", "Hides the sentences that were shown.", |_| Some(Action::Dismiss)),
    row("train-start", "Start, Pause", "All lanes train, or rest.", |_| Some(Action::Train(true))),
    row("train-pause", "", "", |_| Some(Action::Train(false))),
    row("train-step", "Step", "Every lane makes one update.", |_| Some(Action::TrainStep)),
    row("train-reset", "Restart", "All lanes begin again, from the same seed.", |_| Some(Action::TrainReset)),
    row("lane:", "A to D", "Shows the settings, the state and the pipeline of that lane.", |letter| {
        LETTERS.iter().find(|known| **known == letter).map(|known| Action::Lane(known))
    }),
    row(
        "experiment-start",
        "Run the experiment",
        "Every chosen remedy trains with every seed, in the background.",
        |_| Some(Action::ExperimentStart),
    ),
    row("experiment-cancel", "Cancel", "Ends the experiment; what was found stays.", |_| {
        Some(Action::ExperimentCancel)
    }),
    row("map-start", "Start (map)", "Trains what is missing of the map, in the background.", |_| {
        Some(Action::MapStart)
    }),
    row("map-pause", "Pause (map)", "Stops training the map; what was found stays.", |_| {
        Some(Action::MapStop { forgets: false })
    }),
    row("map-cancel", "Forget (map)", "Stops training the map, and forgets what was trained of it.", |_| {
        Some(Action::MapStop { forgets: true })
    }),
    row("read-start", "Start (text)", "Three networks learn the text, in the background.", |_| {
        Some(Action::Read(true))
    }),
    row("read-pause", "Pause (text)", "They rest; what was learned stays.", |_| Some(Action::Read(false))),
    row("read-again", "Again (text)", "They forget what they learned, and begin again.", |_| Some(Action::ReadAgain)),
    row("read-shipped", "The text of the page", "The networks read the page’s own text instead of yours.", |_| {
        Some(Action::ReadShipped)
    }),
    row("export-evidence", "Save as CSV", "Saves the runs of the experiment, a line for each.", |_| {
        Some(Action::ExportEvidence)
    }),
    row("sort:", "A column’s head", "Sorts the table by it; once more, the other way round.", |column| {
        evidence::COLUMNS.iter().map(|(key, _)| *key).find(|key| *key == column).map(Action::Sort)
    }),
    row("compare:", "Compare", "Compares your guess with what is true; pressed again, hides it.", |slug| {
        exercises::find(slug).map(Action::Compare)
    }),
    row("link:", "Copy link (under a figure)", "Copies a link that leads to this figure as it stands.", |slug| {
        take_away(Way::Link, slug)
    }),
    row("png:", "Save PNG", "Saves the picture, at twice its size.", |slug| take_away(Way::Png, slug)),
    row("svg:", "Save SVG", "Saves the picture as it can be scaled without end.", |slug| take_away(Way::Svg, slug)),
    row("csv:", "Save CSV", "Saves every number of the picture.", |slug| take_away(Way::Csv, slug)),
    row("table:", "Table", "Shows the numbers of the picture beneath it, or hides them.", |slug| {
        take_away(Way::Table, slug)
    }),
    row("code:", "Code", "Shows the NumPy or PyTorch code that computes these numbers, or hides it.", |slug| {
        take_away(Way::Code, slug)
    }),
    row("embed:", "Embed", "Shows how this figure is put into another page, with a preview, or hides it.", |slug| {
        take_away(Way::Embed, slug)
    }),
    row("copy-code:", "Copy code", "Copies the code.", |slug| take_away(Way::CopyCode, slug)),
    row("save-code:", "Save as .py", "Saves the code.", |slug| take_away(Way::SaveCode, slug)),
    row("present:", "Present", "Presents the chapter: one figure fills the screen.", |name| {
        crate::lessons::find(name).map(Action::Present)
    }),
    row("present-black", "Black", "The screen becomes black, or shows the step again.", |_| Some(Action::Black)),
    row("lecturer", "Lecturer’s window", "Opens a second window with notes, the next step and a clock.", |_| {
        Some(Action::Lecturer)
    }),
    row("vote:", "The answers to vote for", "A hand more for that answer.", |number| {
        number.parse().ok().filter(|number| (1..=9).contains(number)).map(|number: usize| Action::Vote(number - 1))
    }),
    row("present-next", "Next", "The answer, or the next step.", |_| Some(Action::PresentNext)),
    row("present-previous", "Back", "The step before.", |_| Some(Action::PresentPrevious)),
    row("present-end", "End", "Back to the same place in the text.", |_| Some(Action::PresentEnd)),
    row("own-show", "Show it", "Shows the network that you opened, instead of one of the page’s own.", |_| {
        Some(Action::OpenedShow(true))
    }),
    row("own-aside", "Back to the demo", "Shows a network of the page’s own, and keeps yours.", |_| {
        Some(Action::OpenedShow(false))
    }),
    row("own-close", "Remove", "Forgets the network that you opened.", |_| Some(Action::OpenedClose)),
    row("own-network:", "Network", "Opens another network of the same file.", |place| {
        place.parse().ok().map(Action::OpenedNetwork)
    }),
    row("own-readout:", "Readout", "Lets another layer of the file read the output.", |place| {
        place.parse().ok().map(Action::OpenedReadout)
    }),
    row(
        "own-matrix",
        "Give them the symmetric part",
        "Chapters 1 and 2 get the symmetric part of its first block.",
        |_| Some(Action::OpenedMatrix),
    ),
    row("own-diagnose", "Diagnose", "Reports how far its gradient reaches, and what to do about it.", |_| {
        Some(Action::OpenedDiagnose)
    }),
    row(
        "own-try:",
        "Show its curve",
        "Draws the curve of a proposal beside that of your network, or takes it away.",
        |slug| Proposal::SLUGS.into_iter().find(|known| *known == slug).map(Action::OpenedTry),
    ),
    row(
        "own-train",
        "Start training from the opened network",
        "All lanes and the short runs start from the weights of your network; pressed again, from drawn ones.",
        |_| Some(Action::OpenedTrain),
    ),
    row(
        "own-learn",
        "Train with it",
        "Trains your network with what is proposed (B), and without it beside that (A).",
        |_| Some(Action::OpenedLearn),
    ),
    row("own-report:", "Report", "Saves the report on your network, as Markdown or as JSON.", |kind| match kind {
        "md" => Some(Action::OpenedReport { is_json: false }),
        "json" => Some(Action::OpenedReport { is_json: true }),
        _ => None,
    }),
    row("own-cancel", "Give up", "Stops computing its eigenvalues or singular values.", |_| Some(Action::OpenedCancel)),
    row("help", "Help", "This help.", |_| Some(Action::Help)),
    row("help-end", "Close", "Closes the help.", |_| Some(Action::Help)),
];

fn playing(name: &str) -> Option<Action> {
    playing::find(name).map(|(what, how)| Action::Play(what, how))
}

fn take_away(way: Way, slug: &str) -> Option<Action> {
    takeaway::figure(slug).map(|spec| Action::TakeAway(way, spec))
}

/// The row of a name, and what stands behind its colon; without one, the name itself.
fn row_of(name: &str) -> Option<(&'static ActionSpec, &str)> {
    ALL.iter().find_map(|row| match row.name.strip_suffix(':') {
        Some(_) => name.strip_prefix(row.name).map(|argument| (row, argument)),
        None => (name == row.name).then_some((row, name)),
    })
}

/// The action of that name; `None` for a name that nobody knows.
pub fn parse(name: &str) -> Option<Action> {
    let (row, argument) = row_of(name)?;
    (row.of)(argument)
}

/// The rows that have words of their own: a button's words, and what it does.
pub fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().filter(|row| !row.button.is_empty()).map(|row| (row.button, row.help))
}

/// Whether a button of that action is explained in the help.
pub fn is_explained(name: &str) -> bool {
    row_of(name).is_some_and(|(row, _)| !row.button.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_stands_once_and_what_has_no_argument_is_an_action() {
        let mut seen = BTreeSet::new();
        for row in ALL {
            assert!(seen.insert(row.name), "{} twice", row.name);
            assert_eq!(row.button.is_empty(), row.help.is_empty(), "{}", row.name);
            assert!(row.help.is_empty() || row.help.ends_with('.'), "{}", row.name);
            if !row.name.ends_with(':') {
                assert!(parse(row.name).is_some(), "{}", row.name);
            }
        }
        assert!(parse("make-tea").is_none() && parse("csv:tea").is_none() && parse("lane:e").is_none());
    }

    #[test]
    fn everything_that_plays_and_every_way_to_take_a_figure_away_has_its_row() {
        for what in &playing::ALL {
            for (word, how) in Playback::WORDS {
                let name = format!("{}{word}", what.prefix);
                assert!(
                    matches!(parse(&name), Some(Action::Play(found, done)) if std::ptr::eq(found, what) && done == how),
                    "{name}"
                );
            }
            assert!(is_explained(what.button.0), "{}", what.button.0);
        }
        for (way, name, _) in takeaway::WAYS {
            let found = parse(&format!("{name}:spectrum"));
            assert!(matches!(found, Some(Action::TakeAway(of, _)) if of == way), "{name}");
            assert!(is_explained(&format!("{name}:spectrum")), "{name}");
        }
        assert!(!is_explained("make-tea"));
    }
}
