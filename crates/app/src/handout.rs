//! A lesson on paper: its pictures, its questions with room to answer, and the answers at the end; and the exercises likewise.
use crate::chapters::{Chapter, WORKBENCH};
use crate::exercises;
use crate::lab::Lab;
use crate::lessons::{self, OWN};
use crate::msg::Msg;
use crate::page_figures::{self, Follows};

/// The picture that stands for the workbench.
const OF_WORKBENCH: &str = "workbench-gradient";
/// CSS pixels of a picture's width.
const WIDTH: u32 = 640;

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its picture as SVG, and what it shows in words; `None` where it is a run, which nobody waits for on paper.
    pub picture: Option<(String, String)>,
    /// Whether the picture would show the answer, and belongs to it.
    pub veiled: bool,
    /// The question; empty where none is asked.
    pub ask: String,
    /// What can be answered, where the class votes.
    pub votes: Vec<String>,
    /// The answer, or what is said where nothing is asked.
    pub say: String,
}

/// A lesson as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handout {
    /// The title of the lesson.
    pub title: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// The handout of a chapter's lesson, or of the one in `own`; `None` for a name that is no lesson's. The pictures are those of
/// each step before a hand moves anything.
pub fn of_lesson(name: &str, own: &str) -> Option<Handout> {
    let name = lessons::find(name)?;
    let lesson = if name == OWN { lessons::read(own).0 } else { lessons::of_chapter(name)?.clone() };
    let mut lab = Lab::new("theme=light").0;
    if name == OWN {
        lab.update(Msg::LessonFile { text: own.to_owned() });
    } else {
        lab.update(Msg::Action { name: format!("present:{name}") });
    }
    let mut steps = Vec::new();
    for (place, beat) in lesson.beats.iter().enumerate() {
        let is_a_run = page_figures::find(&beat.figure).is_some_and(|figure| figure.follows == Follows::Training);
        let slug = if beat.figure == WORKBENCH { OF_WORKBENCH } else { &beat.figure };
        let picture = match lab.svg(slug, WIDTH) {
            Ok(svg) if !is_a_run => Some((svg, lab.summary(slug).unwrap_or_default())),
            _ => None,
        };
        let (ask, votes, say) = (beat.ask.clone(), beat.votes.clone(), beat.say.clone());
        steps.push(Step { picture, veiled: beat.veiled, ask, votes, say });
        while lab.place().beat == place + 1 && place + 1 < lesson.beats.len() {
            lab.update(Msg::Action { name: "present-next".to_owned() });
        }
    }
    Some(Handout { title: lesson.title, steps })
}

/// The answers to a chapter's exercises, in their order, as they are told after a guess.
pub fn solutions(chapter: Chapter) -> Vec<String> {
    let of_chapter = exercises::ALL.iter().find(|(of, _)| *of == chapter);
    of_chapter.map(|(_, exercises)| exercises.iter().map(exercises::solution).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapters;

    #[test]
    fn every_lesson_has_a_handout_with_a_picture_for_each_step_but_runs() {
        for chapter in &chapters::ALL {
            let lesson = lessons::of_chapter(chapter.slug).unwrap();
            let handout = of_lesson(chapter.slug, "").unwrap();
            assert_eq!((&handout.title, handout.steps.len()), (&lesson.title, lesson.beats.len()));
            for (step, beat) in handout.steps.iter().zip(&lesson.beats) {
                let is_a_run = chapter.chapter == Chapter::Laboratory;
                assert_eq!(step.picture.is_none(), is_a_run, "{}: {}", chapter.slug, beat.figure);
                if let Some((svg, words)) = &step.picture {
                    assert!(svg.starts_with("<svg") && svg.len() > 1000 && words.len() > 20, "{}", beat.figure);
                }
            }
        }
        // Each picture is that of its own step.
        let steps = of_lesson("powers", "").unwrap().steps;
        let words = |step: usize| steps[step].picture.as_ref().unwrap().1.clone();
        assert!(words(2).contains("117") && !words(1).contains("117"), "{}", words(2));
    }

    #[test]
    fn a_lesson_of_ones_own_has_one_too_and_what_is_none_has_none() {
        let text = "title Mine\nfigure spectrum\nask Why?\nvote a | b\nsay Look.";
        let handout = of_lesson(OWN, text).unwrap();
        assert_eq!((&handout.title[..], &handout.steps[0].ask[..], handout.steps[0].votes.len()), ("Mine", "Why?", 2));
        assert_eq!(of_lesson("tea", ""), None);
        assert_eq!(of_lesson(OWN, "").map(|handout| handout.steps.len()), Some(0));
    }

    #[test]
    fn every_exercise_has_a_solution() {
        for (chapter, exercises) in &exercises::ALL {
            let found = solutions(*chapter);
            assert_eq!(found.len(), exercises.len());
            assert!(found.iter().all(|text| text.len() > 20 && text.ends_with('.')), "{found:?}");
        }
        assert!(solutions(Chapter::Workbench).is_empty());
    }
}
