//! How the page is shown, which changes no number.
use super::group::Group;
use crate::chapters;
use vanishing_core::param::{Choice, Param};

/// In the order of addresses.
pub(super) const GROUP: Group = Group {
    slug: "page",
    title: "The page",
    params: &[&THEME.spec, &PRESENT.spec, &BEAT.spec, &SHORTCUTS.spec, &TIMING.spec, &WORKERS.spec],
};

static THEMES: [Choice; 4] = [
    Choice { slug: "auto", label: "system" },
    Choice { slug: "light", label: "light" },
    Choice { slug: "dark", label: "dark" },
    Choice { slug: "projector", label: "projector" },
];

/// The colours of the page.
pub static THEME: Param<&'static str> = Param::choice("theme", "theme", "auto", &THEMES)
    .help("Light or dark colours, or as the system is set; for a projector, black on white, larger and thicker.");

/// The choice of [`PRESENT`] with which nothing is presented.
pub const NOTHING: &str = "none";
/// The choice of [`PRESENT`] for a lesson that is no chapter's: of a link, or of a file.
pub const OWN_LESSON: &str = "own";

/// Nothing, the lesson of every chapter, a lesson of somebody's own.
static LESSONS: [Choice; 2 + chapters::ALL.len()] = {
    let lesson = Choice { slug: OWN_LESSON, label: "the lesson of the link or file" };
    let mut choices = [lesson; 2 + chapters::ALL.len()];
    choices[0] = Choice { slug: NOTHING, label: "nothing" };
    let mut i = 0;
    while i < chapters::ALL.len() {
        let slug = chapters::ALL[i].slug;
        choices[i + 1] = Choice { slug, label: slug };
        i += 1;
    }
    choices
};

/// The lesson that is presented: of a chapter, or [`OWN_LESSON`]; [`NOTHING`] shows the text.
pub static PRESENT: Param<&'static str> = Param::choice("present", "present", NOTHING, &LESSONS)
    .hotkey('p')
    .help("One figure fills the screen, and the arrow keys walk through a lesson.");

/// The beat of the lesson, from 1; beyond the last, the last is shown.
pub static BEAT: Param<usize> =
    Param::count("beat", "beat", 1, 1, 99).help("The step of the lesson that is presented, from 1.");

/// Whether single keys are shortcuts.
pub static SHORTCUTS: Param<bool> = Param::flag("shortcuts", "single keys are shortcuts", true)
    .help("Letters and digits do what the help says. Without, only keys that are pressed with Control, and those of a lesson.");

/// Whether redraws are marked with the User Timing API.
pub static TIMING: Param<bool> = Param::flag("timing", "timing", false)
    .help("Mark each update and each redraw with the User Timing API, for measuring.");

/// Whether training runs in workers.
pub static WORKERS: Param<bool> = Param::flag("workers", "workers", true)
    .help("Train in workers beside the page; without, in slices on the page’s own thread.");
