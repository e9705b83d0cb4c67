//! Lessons: what a lecturer walks through, beat by beat. A lesson is a text, one file for each entry of [`crate::chapters`];
//! a teacher's own stands in a link (`lesson=`) or in a file that is opened on the page.
//!
//! ```text
//! title  Why gradients explode
//! # every beat begins with its figure
//! figure gradient-norms
//! state  eigenvalue-1=1.1&activation=linear
//! move   eigenvalue-1 sequence-length
//! ask    What happens to the gradient on its way back?
//! say    It grows by 1.1 at each step.
//! ```
//!
//! `state` is the part of a link after `?`: what it names is set, all else stays. `move` names the parameters whose
//! controls stand beside the figure. With `ask`, the question is seen first, and `say` with the next press; with `guess` too, and
//! the picture is hidden until then, where it would show the answer. `vote` gives answers to choose from, with bars between
//! them, the right one behind a star: digits count the hands. `note` is for the lecturer alone, and `minutes`, before the first figure, is how long it takes.
//! Every number that a chapter's lesson says is held by a check in `tests/lab/lesson_numbers`.
use crate::chapters::{self, Chapter, WORKBENCH};
use crate::schema;
use std::sync::OnceLock;
use vanishing_charts::figures;
use vanishing_core::param::Notice;

pub use crate::schema::OWN_LESSON as OWN;

/// More beats than this are not taken.
const MOST_BEATS: usize = 99;
/// How long a lesson takes that does not say so, in minutes.
const MINUTES: u32 = 10;
/// A longer one is not planned.
const MOST_MINUTES: u32 = 600;
/// Answers to choose from: a digit for each.
const MOST_VOTES: usize = 9;
/// Longer texts than this are not read, in bytes.
const LONGEST: usize = 50_000;

/// What a lecturer walks through, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// What it is about.
    pub title: String,
    /// How long it is to take, in minutes.
    pub minutes: u32,
    /// What is walked through.
    pub beats: Vec<Beat>,
}

/// A state, and what is said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// The figure that is seen.
    pub figure: String,
    /// The part of a link after `?` that is followed; empty where nothing is set.
    pub state: String,
    /// The keys of the controls beside it.
    pub controls: Vec<String>,
    /// A question, before anything is said.
    pub ask: String,
    /// Whether the figure would show the answer, and is hidden until it is said.
    pub veiled: bool,
    /// Answers that a class may vote for.
    pub votes: Vec<String>,
    /// Which of them is right, from 0; it is marked once the question is answered.
    pub right: Option<usize>,
    /// What is said about it, in a sentence or two.
    pub say: String,
    /// What the lecturer alone reads.
    pub note: String,
}

/// The names of the chapters, each of which has a lesson.
pub fn chapters() -> impl Iterator<Item = &'static str> {
    chapters::ALL.iter().map(|chapter| chapter.slug)
}

/// A lesson's name as it stands in an address: a chapter's, or [`OWN`].
pub fn find(name: &str) -> Option<&'static str> {
    chapters().chain([OWN]).find(|known| *known == name)
}

/// What plays in a chapter: an action, or nothing.
pub fn plays(chapter: &str) -> &'static str {
    Chapter::find(chapter).map_or("", |chapter| chapter.spec().plays)
}

/// The chapter before or after another one, in the order of the page.
pub fn beside(chapter: &str, after: bool) -> Option<&'static str> {
    let place = Chapter::find(chapter)?.number();
    let other = if after { place.checked_add(1) } else { place.checked_sub(1) };
    chapters::ALL.get(other?).map(|spec| spec.slug)
}

/// The lesson of a chapter.
pub fn of_chapter(chapter: &str) -> Option<&'static Lesson> {
    static READ: OnceLock<Vec<Lesson>> = OnceLock::new();
    let chapter = Chapter::find(chapter)?;
    READ.get_or_init(|| chapters::ALL.iter().map(|spec| read(spec.lesson).0).collect()).get(chapter.number())
}

/// Reads a lesson. What cannot be read is left out, with a notice; a lesson without a beat is none.
pub fn read(text: &str) -> (Lesson, Vec<Notice>) {
    let (mut lesson, mut notices) = (Lesson { minutes: MINUTES, ..Lesson::default() }, Vec::new());
    let mut tell = |text: String| notices.push(Notice::new("lesson", text));
    if text.len() > LONGEST {
        tell(format!("lesson: the text has {} bytes; at most {LONGEST} are read.", text.len()));
        return (lesson, notices);
    }
    for (number, line) in text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        if word == "title" {
            lesson.title = rest.to_owned();
            continue;
        }
        if word == "minutes" {
            match rest.parse() {
                Ok(minutes) if (1..=MOST_MINUTES).contains(&minutes) => lesson.minutes = minutes,
                _ => tell(format!(
                    "lesson, line {number}: minutes “{rest}” is not a whole number from 1 to {MOST_MINUTES}."
                )),
            }
            continue;
        }
        if word == "figure" {
            if figures::find(rest).is_none() && rest != WORKBENCH {
                let known: Vec<&str> = figures::ALL.iter().map(|figure| figure.slug).collect();
                tell(format!("lesson, line {number}: “{rest}” is not a figure; there are {}.", known.join(", ")));
                continue;
            }
            if lesson.beats.len() == MOST_BEATS {
                tell(format!("lesson, line {number}: at most {MOST_BEATS} beats are taken."));
                break;
            }
            lesson.beats.push(Beat { figure: rest.to_owned(), ..Beat::default() });
            continue;
        }
        let Some(beat) = lesson.beats.last_mut() else {
            tell(format!("lesson, line {number}: “{word}” stands before the first figure."));
            continue;
        };
        match word {
            "state" => beat.state = rest.trim_start_matches('?').to_owned(),
            "ask" | "guess" => (beat.ask, beat.veiled) = (rest.to_owned(), word == "guess"),
            "say" => beat.say = rest.to_owned(),
            "vote" => {
                let answers: Vec<String> = rest.split('|').map(|answer| answer.trim().to_owned()).collect();
                if (2..=MOST_VOTES).contains(&answers.len()) && answers.iter().all(|answer| !answer.is_empty()) {
                    beat.right = answers.iter().position(|answer| answer.starts_with('*'));
                    beat.votes =
                        answers.iter().map(|answer| answer.trim_start_matches('*').trim().to_owned()).collect();
                } else {
                    tell(format!("lesson, line {number}: a vote has 2 to {MOST_VOTES} answers with | between them."));
                }
            }
            "note" if beat.note.is_empty() => beat.note = rest.to_owned(),
            "note" => beat.note = format!("{} {rest}", beat.note),
            "move" => {
                for key in rest.split_whitespace() {
                    if schema::all().iter().any(|spec| spec.key == key) || crate::lanes::find(key).is_some() {
                        beat.controls.push(key.to_owned());
                    } else {
                        tell(format!("lesson, line {number}: “{key}” is not a parameter."));
                    }
                }
            }
            _ => tell(format!(
                "lesson, line {number}: “{word}” is not title, minutes, figure, state, move, ask, guess, vote, say or note."
            )),
        }
    }
    if lesson.beats.is_empty() {
        tell("lesson: there is no beat in it; a beat begins with a line such as “figure gradient-norms”.".to_owned());
    }
    (lesson, notices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_lanes;

    #[test]
    fn the_lessons_of_the_chapters_are_read_without_a_complaint_and_each_beat_says_something() {
        for chapter in &chapters::ALL {
            let (chapter, (lesson, notices)) = (chapter.slug, read(chapter.lesson));
            assert_eq!(notices, [], "{chapter}");
            assert!((6..=10).contains(&lesson.beats.len()), "{chapter}: {} beats", lesson.beats.len());
            assert!(!lesson.title.is_empty() && lesson.beats.iter().filter(|beat| !beat.ask.is_empty()).count() >= 2);
            for beat in &lesson.beats {
                assert!(beat.say.len() > 20 && beat.say.len() < 220, "{chapter}: {}", beat.say);
                assert_eq!(parse_lanes(&beat.state).1, [], "{chapter}: {}", beat.state);
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line_and_the_rest_is_taken() {
        let (lesson, notices) =
            read("say too early\nfigure tea\nfigure spectrum\nmove gain tea\nsing la\nsay It is seen.");
        assert_eq!(lesson.beats.len(), 1);
        assert_eq!(
            (&lesson.beats[0].say[..], &lesson.beats[0].controls[..]),
            ("It is seen.", &["gain".to_owned()][..])
        );
        let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
        assert!(texts[0].starts_with("lesson, line 1: “say” stands before"), "{texts:?}");
        assert!(texts[1].starts_with("lesson, line 2: “tea” is not a figure; there are "), "{texts:?}");
        assert!(texts[2].starts_with("lesson, line 4: “tea” is not a parameter"), "{texts:?}");
        assert!(texts[3].starts_with("lesson, line 5: “sing” is not title"), "{texts:?}");
    }

    #[test]
    fn a_guess_hides_its_figure_and_a_question_does_not() {
        let (lesson, notices) =
            read("figure spectrum\nguess What now?\nsay This.\nfigure spectrum\nask What now?\nsay This.");
        assert_eq!(notices, []);
        let found: Vec<_> = lesson.beats.iter().map(|beat| (beat.ask.as_str(), beat.veiled)).collect();
        assert_eq!(found, [("What now?", true), ("What now?", false)]);
    }

    #[test]
    fn a_text_without_beats_and_one_that_is_too_long_are_told() {
        assert!(read("").1[0].text.contains("there is no beat in it"));
        assert!(read(&"x".repeat(60_000)).1[0].text.contains("the text has 60000 bytes; at most 50000"));
        let many = "figure spectrum\n".repeat(120);
        let (lesson, notices) = read(&many);
        assert_eq!((lesson.beats.len(), notices.len()), (99, 1));
    }
}
